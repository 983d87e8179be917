#include <muster/edge/response_head.hpp>

#include <string>

#include <gtest/gtest.h>

namespace muster {
namespace {

std::string head_of(Response const& response) {
    std::string head;
    append_response_head(head, response, {.now = WallTime(Millis(784'111'777'000))});
    return head;
}

TEST(ResponseHead, SaysWhatTheBodyIs) {
    Response response;
    response.content_type = "text/css";
    response.body.head = "body{}";
    response.add_header("ETag", R"("1")");
    EXPECT_EQ(head_of(response),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/css\r\n"
              "Content-Length: 6\r\nETag: \"1\"\r\nX-Content-Type-Options: nosniff\r\n\r\n");
}

TEST(ResponseHead, OfA304SaysNothingOfABody) {
    Response response;
    response.status = 304;
    response.content_type = "text/css";
    response.add_header("ETag", R"("1")");
    EXPECT_EQ(head_of(response),
              "HTTP/1.1 304 Not Modified\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"1\"\r\n"
              "X-Content-Type-Options: nosniff\r\n\r\n");
}

}  // namespace
}  // namespace muster
