#include <muster/http/redirect.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

Url parsed_url(std::string_view text) {
    return parse_url(text).value();
}

std::string whole(Url const& url) {
    return url.scheme + "://" + host_header(url) + url.target;
}

/// The examples of RFC 3986 section 5.4 that an http URL without parameters can have.
TEST(Location, IsResolvedAsRfc3986Does) {
    auto const base = parsed_url("http://a/b/c/d;p?q");
    struct Row {
        std::string_view location;
        std::string_view leads_to;
    };
    for (auto const& row : {Row{"http://g", "http://g/"},
                            {"g", "http://a/b/c/g"},
                            {"./g", "http://a/b/c/g"},
                            {"g/", "http://a/b/c/g/"},
                            {"/g", "http://a/g"},
                            {"//g", "http://g/"},
                            {"?y", "http://a/b/c/d;p?y"},
                            {"g?y", "http://a/b/c/g?y"},
                            {"#s", "http://a/b/c/d;p?q"},
                            {"g#s", "http://a/b/c/g"},
                            {"g?y#s", "http://a/b/c/g?y"},
                            {";x", "http://a/b/c/;x"},
                            {"", "http://a/b/c/d;p?q"},
                            {".", "http://a/b/c/"},
                            {"./", "http://a/b/c/"},
                            {"..", "http://a/b/"},
                            {"../", "http://a/b/"},
                            {"../g", "http://a/b/g"},
                            {"../..", "http://a/"},
                            {"../../g", "http://a/g"},
                            {"../../../g", "http://a/g"},
                            {"/./g", "http://a/g"},
                            {"/../g", "http://a/g"},
                            {"g.", "http://a/b/c/g."},
                            {"..g", "http://a/b/c/..g"},
                            {"./g/.", "http://a/b/c/g/"},
                            {"g/./h", "http://a/b/c/g/h"},
                            {"g/../h", "http://a/b/c/h"},
                            {"g;x=1/../y", "http://a/b/c/y"},
                            {"g?y/../x", "http://a/b/c/g?y/../x"},
                            {"HTTPS://H.example:443/x", "https://h.example/x"},
                            {"//h:81/x", "http://h:81/x"},
                            {"http://h/a/../b/./c", "http://h/b/c"},
                            {"/a b/\xC3\xA4", "http://a/a%20b/%C3%A4"},
                            {"/x:y", "http://a/x:y"},
                            {"a/b:c", "http://a/b/c/a/b:c"},
                            {"http://user:pw@h/x", "http://h/x"}}) {
        auto const url = resolve_location(base, row.location);
        ASSERT_TRUE(url) << row.location << ": " << url.error().message;
        EXPECT_EQ(whole(*url), row.leads_to) << row.location;
        EXPECT_EQ(url->user_info, "");
    }
}

TEST(Location, IsRefusedInPlainWords) {
    auto const base = parsed_url("https://a/b?token=hush");
    for (auto const* location : {"ftp://h/", "javascript:alert(1)", "mailto:x@y", "data:,x"}) {
        EXPECT_EQ(resolve_location(base, location).error().message,
                  "its Location is no http or https address");
    }
    for (auto const* location :
         {"http://", "//", "http://h:99999/", "http:relative", "/a\x01z", "http://[::1/"}) {
        EXPECT_EQ(resolve_location(base, location).error().message,
                  "its Location is no usable address")
            << location;
    }
}

RequestSpec request(HttpMethod method) {
    RequestSpec made;
    made.url = parsed_url("https://user:pw@shop.example/a/b?token=hush");
    made.method = method;
    made.headers = {{"Accept", "text/html"},     {"Authorization", "Bearer x"}, {"Cookie", "id=1"},
                    {"X-Api-Key", "hush"},       {"Host", "virtual.example"},   {"user-agent", "u"},
                    {"content-type", "text/css"}};
    made.body = method == HttpMethod::post ? "body" : "";
    made.tls = {.verify = false, .server_name = "sni.example", .ca_file = "/ca.pem"};
    return made;
}

std::string names_of(RequestSpec const& spec) {
    std::string names;
    for (auto const& header : spec.headers) {
        names += header.name + " ";
    }
    return names;
}

TEST(Redirect, ChangesTheMethodAsRfc9110Says) {
    struct Row {
        std::uint16_t status;
        HttpMethod from;
        HttpMethod to;
    };
    using enum HttpMethod;
    for (auto const& row :
         {Row{301, get, get}, Row{301, head, head}, Row{301, post, get}, Row{302, get, get},
          Row{302, head, head}, Row{302, post, get}, Row{303, get, get}, Row{303, head, head},
          Row{303, post, get}, Row{307, get, get}, Row{307, head, head}, Row{307, post, post},
          Row{308, get, get}, Row{308, head, head}, Row{308, post, post}}) {
        auto const to = redirected(request(row.from), row.status, "/c").value();
        EXPECT_EQ(to.method, row.to) << row.status;
        bool const keeps_body = row.from == post && row.to == post;
        EXPECT_EQ(to.body, keeps_body ? "body" : "") << row.status;
        EXPECT_EQ(names_of(to).find("content-type") == std::string::npos,
                  row.from == post && row.to == get);
    }
}

TEST(Redirect, KeepsCredentialsWithinTheOrigin) {
    auto const to = redirected(request(HttpMethod::get), 302, "https://SHOP.example:443/c").value();
    EXPECT_EQ(whole(to.url), "https://shop.example/c");
    EXPECT_EQ(to.url.user_info, "user:pw");
    EXPECT_EQ(to.headers, request(HttpMethod::get).headers);
    EXPECT_EQ(to.tls, request(HttpMethod::get).tls);
}

TEST(Redirect, LeavesCredentialsBehindForAnotherOrigin) {
    for (auto const* location :
         {"https://evil.example/", "//evil.example/", "https://shop.example:8443/",
          "http://shop.example/", "http://shop.example:443/", "https://a.shop.example/"}) {
        auto const to = redirected(request(HttpMethod::get), 307, location).value();
        EXPECT_EQ(to.url.user_info, "") << location;
        EXPECT_EQ(names_of(to), "Accept user-agent content-type ") << location;
        EXPECT_EQ(to.tls.verify, false);
        EXPECT_EQ(to.tls.ca_file, "/ca.pem");
        EXPECT_EQ(to.tls.server_name, to.url.host == "shop.example" ? "sni.example" : "");
    }
}

TEST(Redirect, TakesNoBodyToAnotherOrigin) {
    auto get_with_body = request(HttpMethod::get);
    get_with_body.body = "body";
    for (std::uint16_t const status : {307, 308}) {
        for (auto const& from : {request(HttpMethod::post), get_with_body}) {
            EXPECT_EQ(redirected(from, status, "/c").value().body, "body");
            for (auto const* location : {"https://evil.example/", "http://shop.example/"}) {
                auto const to = redirected(from, status, location);
                ASSERT_FALSE(to);
                EXPECT_EQ(to.error().message,
                          "its Location is another origin, where no body is sent");
            }
        }
    }
    auto const see_other = redirected(request(HttpMethod::post), 303, "https://evil.example/");
    EXPECT_EQ(see_other.value().method, HttpMethod::get);
    auto bare = request(HttpMethod::post);
    bare.body.clear();
    EXPECT_EQ(redirected(bare, 307, "https://evil.example/").value().method, HttpMethod::post);
}

TEST(Redirect, IsOneOfFive) {
    for (std::uint16_t status = 100; status < 600; ++status) {
        bool const is_one =
            status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        EXPECT_EQ(is_redirect(status), is_one) << status;
    }
}

TEST(Redirect, TellsItsPlaceWithoutSecrets) {
    EXPECT_EQ(place_of(parsed_url("https://u:p@h:8443/a/b?code=1#f")), "https://h:8443/a/b");
}

RC_GTEST_PROP(LocationProperty, LeadsToWhatCanBeAsked, ()) {
    auto const piece =
        rc::gen::element<std::string>("http:", "https:", "//", "/", "h", "..", ".", "?", "#", "%20",
                                      " ", "\xC3\xA4", ":80", "@", "\\", "[", "]");
    std::string location;
    for (auto const& part : *rc::gen::container<std::vector<std::string>>(piece)) {
        location += part;
    }
    auto const url = resolve_location(parsed_url("http://a/b/../c/d?e=/f"), location);
    if (!url) {
        return;
    }
    RC_ASSERT(parse_url(whole(*url)).value() == *url);
    auto const path = url->target.substr(0, url->target.find('?')) + "/";
    RC_ASSERT(path.find("/../") == std::string::npos);
    RC_ASSERT(path.find("/./") == std::string::npos);
}

}  // namespace
}  // namespace muster
