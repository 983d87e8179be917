#include <muster/tls/handshake_words.hpp>

#include <string>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace muster {
namespace {

TEST(HandshakeWords, KnowATlsRecordByItsStart) {
    EXPECT_TRUE(may_be_tls(""));
    EXPECT_TRUE(may_be_tls("\x16"));
    EXPECT_TRUE(may_be_tls("\x16\x03\x01"));
    EXPECT_TRUE(may_be_tls("\x15\x03\x03"));
    EXPECT_FALSE(may_be_tls("\x16\x04"));
    EXPECT_FALSE(may_be_tls("HTTP/1.1 400"));
    EXPECT_FALSE(may_be_tls("\x13\x03"));
    EXPECT_FALSE(may_be_tls("\xff\x03"));
}

TEST(HandshakeWords, ShowTheFirstLineOfSomethingElse) {
    EXPECT_EQ(not_tls_text("HTTP/1.1 400 Bad Request\r\nServer: x"),
              "not TLS: HTTP/1.1 400 Bad Request");
    EXPECT_EQ(not_tls_text("220 mail.example ESMTP"), "not TLS: 220 mail.example ESMTP");
    EXPECT_EQ(not_tls_text(std::string(100, 'x')), "not TLS: " + std::string(60, 'x'));
    EXPECT_EQ(not_tls_text(std::string("J\0\0", 3)), "not TLS: bytes that are no text");
    EXPECT_EQ(not_tls_text("\r\nx"), "not TLS: bytes that are no text");
    EXPECT_EQ(not_tls_text("\xff\xfe"), "not TLS: bytes that are no text");
}

TEST(HandshakeWords, TellAnAlertFromOurOwnRefusal) {
    EXPECT_EQ(openssl_error_text(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)),
              "the server answered with the alert handshake failure");
    EXPECT_EQ(openssl_error_text(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)),
              "the server answered with the alert protocol version");
    EXPECT_EQ(openssl_error_text(ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNSUPPORTED_PROTOCOL)),
              "unsupported protocol");
    EXPECT_EQ(openssl_error_text(0), "for no reason that OpenSSL tells");
}

}  // namespace
}  // namespace muster
