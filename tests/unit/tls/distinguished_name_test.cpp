#include <muster/tls/distinguished_name.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/tls/openssl.hpp>

namespace muster {
namespace {

using NamePtr = std::unique_ptr<X509_NAME, OpenSslFree<&X509_NAME_free>>;

std::string written(std::vector<std::pair<char const*, std::string>> const& entries) {
    NamePtr const name(X509_NAME_new());
    for (auto const& [kind, value] : entries) {
        EXPECT_EQ(X509_NAME_add_entry_by_txt(name.get(), kind, MBSTRING_UTF8,
                                             reinterpret_cast<unsigned char const*>(value.data()),
                                             static_cast<int>(value.size()), -1, 0),
                  1)
            << kind;
    }
    return distinguished_name_of(*name);
}

TEST(DistinguishedName, HasTheOrderOfBlackboxExporter) {
    EXPECT_EQ(written({{"C", "NL"},
                       {"ST", "Utrecht"},
                       {"L", "Zeist"},
                       {"O", "Example Ltd"},
                       {"OU", "Web"},
                       {"OU", "Edge"},
                       {"CN", "a.example"},
                       {"serialNumber", "7"}}),
              "SERIALNUMBER=7,CN=a.example,ST=Utrecht,L=Zeist,OU=Web+OU=Edge,O=Example Ltd,C=NL");
    EXPECT_EQ(written({}), "");
}

TEST(DistinguishedName, EscapesWhatSeparates) {
    EXPECT_EQ(written({{"O", R"( a,b+c"d\e<f>g;h )"}}), R"(O=\ a\,b\+c\"d\\e\<f\>g\;h\ )");
    EXPECT_EQ(written({{"CN", "#1 #2"}}), R"(CN=\#1 #2)");
}

TEST(DistinguishedName, WritesOtherKindsAsTheirBytes) {
    // What openssl(1) and Go's crypto/x509 make of the same: UTF8String, and PrintableString.
    EXPECT_EQ(written({{"CN", "x"}, {"emailAddress", "a@b"}}),
              "CN=x,1.2.840.113549.1.9.1=#0c03614062");
    EXPECT_EQ(written({{"DC", "org"}, {"CN", "x"}}), "CN=x,0.9.2342.19200300.100.1.25=#13036f7267");
}

TEST(DistinguishedName, HoldsNoControlCharacters) {
    EXPECT_EQ(written({{"CN", "a\nb"}}).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace muster
