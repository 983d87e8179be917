#include <muster/domain/url.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace muster {
namespace {

struct Parsed {
    std::string_view text;
    Url url;
};

TEST(Url, IsSplitOnce) {
    Parsed const table[] = {
        {"http://127.0.0.1:3010/health", {"http", "127.0.0.1", 3010, "/health", ""}},
        {"http://host", {"http", "host", 80, "/", ""}},
        {"https://host", {"https", "host", 443, "/", ""}},
        {"HTTPS://Host.Example:8443/Path", {"https", "host.example", 8443, "/Path", ""}},
        {"http://host/", {"http", "host", 80, "/", ""}},
        {"http://host:/x", {"http", "host", 80, "/x", ""}},
        {"http://host?q=1", {"http", "host", 80, "/?q=1", ""}},
        {"http://host/a?b=c/d?e#f", {"http", "host", 80, "/a?b=c/d?e", ""}},
        {"http://host#f", {"http", "host", 80, "/", ""}},
        {"http://host/a//b/../c", {"http", "host", 80, "/a//b/../c", ""}},
        {"http://[::1]:3010/x", {"http", "::1", 3010, "/x", ""}},
        {"http://[2001:DB8::1]", {"http", "2001:db8::1", 80, "/", ""}},
        {"http://user:pw@host/x", {"http", "host", 80, "/x", "user:pw"}},
        {"http://a@b@host/x", {"http", "host", 80, "/x", "a@b"}},
        {"http://host/x@y", {"http", "host", 80, "/x@y", ""}},
        {"http://my_host-1.local./", {"http", "my_host-1.local.", 80, "/", ""}},
        {"http://host/k\xC3\xA4se", {"http", "host", 80, "/k%C3%A4se", ""}},
        {"http://1password.example", {"http", "1password.example", 80, "/", ""}},
        {"http://host:65535", {"http", "host", 65535, "/", ""}},
        {"http://host:00080", {"http", "host", 80, "/", ""}},
    };
    for (auto const& row : table) {
        auto const url = parse_url(row.text);
        ASSERT_TRUE(url) << row.text << ": " << url.error().message;
        EXPECT_EQ(*url, row.url) << row.text << " gave " << to_text(*url);
    }
}

struct Refused {
    std::string_view text;
    std::string_view why;
};

TEST(Url, SaysWhatIsWrong) {
    constexpr std::string_view kExample =
        ": write an absolute one, such as http://127.0.0.1:3010/health";
    Refused const table[] = {
        {"", "'' is no http or https URL"},
        {"/health", "'/health' is no http or https URL"},
        {"localhost:3010", "'localhost:3010' is no http or https URL"},
        {"ftp://host/", "'ftp://host/' is no http or https URL"},
        {"http:/host", "'http:/host' is no http or https URL"},
        {"http://", "'http://' has no host"},
        {"http:///path", "'http:///path' has no host"},
        {"http://:80/", "'http://:80/' has no host"},
        {"http://host:0", "'http://host:0' has a port that is no number from 1 to 65535"},
        {"http://host:65536", "'http://host:65536' has a port that is no number from 1 to 65535"},
        {"http://host:8o", "'http://host:8o' has a port that is no number from 1 to 65535"},
        {"http://host:80:80",
         "'http://host:80:80' has several colons (an IPv6 address goes into brackets)"},
        {"http://::1/", "'http://::1/' has several colons (an IPv6 address goes into brackets)"},
        {"http://[::1/", "'http://[::1/' lacks the ']' of its IPv6 address"},
        {"http://[::g]/", "'http://[::g]/' has no IPv6 address in its brackets"},
        {"http://[fe80::1%25eth0]/",
         "'http://[fe80::1%25eth0]/' has no IPv6 address in its brackets"},
        {"http://[::1]80/", "'http://[::1]80/' has something between host and port"},
        {"http://a..b/", "'http://a..b/' has a host that is no name and no address"},
        {"http://a%20b/", "'http://a%20b/' has a host that is no name and no address"},
        {"http://h\\ost/", "'http://h\\ost/' has a host that is no name and no address"},
        {"http://127.1/",
         "'http://127.1/' has a host that is no IPv4 address (four numbers up to 255)"},
        {"http://1.2.3.256/",
         "'http://1.2.3.256/' has a host that is no IPv4 address (four numbers up to 255)"},
        {"http://2130706433/",
         "'http://2130706433/' has a host that is no IPv4 address (four numbers up to 255)"},
        {"http://0x7f000001/",
         "'http://0x7f000001/' has a host that is no IPv4 address (four numbers up to 255)"},
    };
    for (auto const& row : table) {
        auto const url = parse_url(row.text);
        ASSERT_FALSE(url) << row.text;
        EXPECT_EQ(url.error().code, Errc::invalid);
        EXPECT_EQ(url.error().message, std::string(row.why) + std::string(kExample));
    }
}

TEST(Url, RefusesSpacesAndControlsWhereverTheyAre) {
    for (std::string_view const text :
         {" http://host/", "http://ho st/", "http://host/a b", "http://host/\r\nX: y",
          "http://host/\t", "http://host/\x7f"}) {
        auto const url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_NE(url.error().message.find("has a space or a control character"),
                  std::string::npos);
    }
    EXPECT_FALSE(parse_url(std::string_view("http://host/\0", 13)));
}

TEST(Url, HasALengthThatServersTake) {
    EXPECT_TRUE(parse_url("http://h/" + std::string(7991, 'a')));
    EXPECT_FALSE(parse_url("http://h/" + std::string(7992, 'a')));
    EXPECT_FALSE(parse_url("http://" + std::string(64, 'a') + "/"));
    std::string long_host;
    for (int label = 0; label < 64; ++label) {
        long_host += "abc.";
    }
    EXPECT_FALSE(parse_url("http://" + long_host + "de/"));
}

TEST(Url, ErrorsNeverShowAPassword) {
    for (std::string_view const text :
         {"ftp://user:secret@host/", "http://user:secret@host:0/", "user:secret@host",
          "http://user:sec/secret@host/", "http://user:secret@ho st", "http://user:secret@"}) {
        auto const url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().message.find("sec"), std::string::npos) << url.error().message;
        EXPECT_EQ(url.error().message.find("user"), std::string::npos) << url.error().message;
    }
}

TEST(Url, TextLeavesOutUserInfoAndTheSchemesOwnPort) {
    EXPECT_EQ(to_text(parse_url("http://user:pw@host:80/x").value()), "http://host/x");
    EXPECT_EQ(to_text(parse_url("https://host:80/x").value()), "https://host:80/x");
    EXPECT_EQ(to_text(parse_url("http://host/x?deep=1&api_key=abc").value()),
              "http://host/x?deep=1&api_key=***");
    EXPECT_EQ(to_text(parse_url("http://[::1]:8080").value()), "http://[::1]:8080/");
}

TEST(Url, HostHeaderHasBracketsAndPortWhereNeeded) {
    EXPECT_EQ(host_header(parse_url("http://host").value()), "host");
    EXPECT_EQ(host_header(parse_url("http://host:443").value()), "host:443");
    EXPECT_EQ(host_header(parse_url("https://[::1]").value()), "[::1]");
    EXPECT_EQ(host_header(parse_url("https://[::1]:80").value()), "[::1]:80");
}

TEST(Url, APathGoesBehindTheBasesOwn) {
    auto const joined = [](std::string_view base) {
        return to_text(with_path(parse_url(base).value(), "/health"));
    };
    EXPECT_EQ(joined("http://host"), "http://host/health");
    EXPECT_EQ(joined("http://host/"), "http://host/health");
    EXPECT_EQ(joined("http://host/shop"), "http://host/shop/health");
    EXPECT_EQ(joined("http://host/shop/"), "http://host/shop/health");
    EXPECT_EQ(joined("http://host/shop/?q=1"), "http://host/shop/health");
    EXPECT_EQ(joined("http://host?q=/"), "http://host/health");
    EXPECT_EQ(with_path(parse_url("http://u:p@host").value(), "/x").user_info, "u:p");
}

TEST(HostPort, IsReadWithAndWithoutBrackets) {
    EXPECT_EQ(parse_host_port("127.0.0.1:25").value(), (HostPort{"127.0.0.1", 25}));
    EXPECT_EQ(parse_host_port("Mail.Example:25").value(), (HostPort{"mail.example", 25}));
    EXPECT_EQ(parse_host_port("[::1]:25").value(), (HostPort{"::1", 25}));
    EXPECT_EQ(to_text(HostPort{"::1", 25}), "[::1]:25");
    EXPECT_EQ(to_text(HostPort{"host", 25}), "host:25");
}

TEST(HostPort, SaysWhatIsWrong) {
    Refused const table[] = {
        {"", "'' has no host"},
        {"host", "'host' has no port"},
        {"[::1]", "'[::1]' has no port"},
        {"host:", "'host:' has a port that is no number from 1 to 65535"},
        {"host:99999", "'host:99999' has a port that is no number from 1 to 65535"},
        {":25", "':25' has no host"},
        {"::1:25", "'::1:25' has several colons (an IPv6 address goes into brackets)"},
        {"[::1]25", "'[::1]25' has something between host and port"},
        {"http://host:25",
         "'http://host:25' has several colons (an IPv6 address goes into brackets)"},
        {"ho st:25", "'ho st:25' has a host that is no name and no address"},
        {"[]:25", "'[]:25' has no IPv6 address in its brackets"},
    };
    for (auto const& row : table) {
        auto const endpoint = parse_host_port(row.text);
        ASSERT_FALSE(endpoint) << row.text;
        EXPECT_EQ(endpoint.error().message,
                  std::string(row.why) + ": write host:port, such as 127.0.0.1:25 or [::1]:25");
    }
}

TEST(Loopback, IsKnownByItsSpelling) {
    for (std::string_view const host :
         {"localhost", "LocalHost", "127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (std::string_view const host : {"", "localhost.example", "128.0.0.1", "127.1",
                                        "127.0.0.1.x", "::", "::2", "0.0.0.0", "[::1]"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
}

RC_GTEST_PROP(UrlProperty, TextReadsBackAsTheSameUrl, ()) {
    auto const piece = rc::gen::element<std::string>(
        "http://", "https://", "host", "127.0.0.1", "[::1]", ":80", ":443", ":1", "/", "a", "?",
        "#", "@", "%20", "\xC3\xA4", ".", "-", "[", "]", ":", " ", "X");
    std::string text = *rc::gen::element<std::string>("http://", "https://", "HTTP://", "");
    for (auto const& part : *rc::gen::container<std::vector<std::string>>(piece)) {
        text += part;
    }
    auto url = parse_url(text);
    if (!url) {
        RC_ASSERT(url.error().code == Errc::invalid);
        return;
    }
    url->user_info.clear();
    auto const again = parse_url(to_text(*url));
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == *url);
}

RC_GTEST_PROP(UrlProperty, AnyBytesAreReadOrRefused, (std::string const& bytes)) {
    (void)parse_url(bytes);
    (void)parse_url("http://" + bytes);
    (void)parse_host_port(bytes);
    (void)is_loopback(bytes);
}

}  // namespace
}  // namespace muster
