#include <muster/api/content_coding.hpp>

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <muster/api/live.hpp>

namespace muster {
namespace {

TEST(ContentCoding, GzipIsWantedByNameOrByTheStar) {
    for (auto const* header :
         {"gzip", "GZIP", "x-gzip", "gzip, deflate, br", "deflate;q=1,gzip;q=0.5", "*",
          "br, *;q=0.1", "identity;q=0, *", "gzip;q=1.000", " gzip ; q=0.001 ",
          "gzip;q=0.5, identity;q=0.5", ",,gzip"}) {
        EXPECT_TRUE(wants_gzip(header)) << header;
    }
}

TEST(ContentCoding, GzipIsNotWantedWhereItIsNotNamedOrRuledOut) {
    for (auto const* header : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0",
                               "gzip;q=0, *", "identity;q=1, gzip;q=0.5", "gzipped", "gzip;q=2",
                               "gzip;q=x", "gzip;q=", "gzip;level=9", "gzip;q=0.1234"}) {
        EXPECT_FALSE(wants_gzip(header)) << header;
    }
}

TEST(ContentCoding, IsForTextsThatAreNotEncodedYet) {
    Response response;
    for (auto const* text : {"application/json; charset=utf-8", "text/css", "image/svg+xml",
                             "application/x-ndjson", "text/csv; charset=utf-8; header=present"}) {
        response.content_type = text;
        EXPECT_TRUE(may_be_gzip(response)) << text;
    }
    for (auto const* other : {"", "image/png", "application/octet-stream"}) {
        response.content_type = other;
        EXPECT_FALSE(may_be_gzip(response)) << other;
    }
    response.content_type = "text/css";
    response.status = 404;
    EXPECT_FALSE(may_be_gzip(response));
    response.status = 200;
    response.stream = [](LiveClient&) { return std::unique_ptr<LiveSession>(); };
    EXPECT_FALSE(may_be_gzip(response)) << "of an event stream nothing may be held back";
    response.stream = nullptr;
    response.add_header("Content-Encoding", "gzip");
    EXPECT_FALSE(may_be_gzip(response));
}

TEST(ContentCoding, OfA304IsWhatItStandsForOrNotSaid) {
    Response response;
    response.status = 304;
    EXPECT_TRUE(may_be_gzip(response));
    response.content_type = "text/css";
    EXPECT_TRUE(may_be_gzip(response));
    response.content_type = "image/png";
    EXPECT_FALSE(may_be_gzip(response));
}

TEST(ContentCoding, VariesInOneHeaderAndUnderAWeakTag) {
    Response response;
    response.add_header("X-ETag", R"("not this")");
    response.add_header("ETag", R"("3f2a")");
    response.add_header("Vary", "Origin");
    mark_as_varying(response);
    EXPECT_EQ(response.headers,
              "X-ETag: \"not this\"\r\nETag: W/\"3f2a\"\r\nVary: Accept-Encoding, Origin\r\n");
    Response other;
    other.add_header("ETag", R"(W/"1-2")");
    mark_as_varying(other);
    EXPECT_EQ(other.headers, "ETag: W/\"1-2\"\r\nVary: Accept-Encoding\r\n");
    Response bare;
    bare.headers = "Not a line that ends";
    mark_as_varying(bare);
    EXPECT_NE(bare.headers.find("Vary: Accept-Encoding\r\n"), std::string::npos);
}

}  // namespace
}  // namespace muster
