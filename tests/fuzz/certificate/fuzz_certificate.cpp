// Any bytes as a certificate, and as the first bytes of a peer: what is said of them is text that
// can be stored and shown.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <openssl/x509.h>

#include <muster/base/utf8.hpp>
#include <muster/tls/certificate.hpp>
#include <muster/tls/distinguished_name.hpp>
#include <muster/tls/handshake_words.hpp>
#include <muster/tls/openssl.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

bool can_be_shown(std::string_view text) {
    return muster::is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
}

void check_certificate(unsigned char const* bytes, std::size_t size) {
    using X509Ptr = std::unique_ptr<X509, muster::OpenSslFree<&X509_free>>;
    X509Ptr const certificate(d2i_X509(nullptr, &bytes, static_cast<long>(size)));
    if (!certificate) {
        return;
    }
    require(can_be_shown(muster::hosts_of(*certificate)));
    require(can_be_shown(muster::distinguished_name_of(*X509_get_subject_name(certificate.get()))));
    if (auto const expires = muster::expiry_of(*certificate)) {
        require(can_be_shown(muster::to_rfc3339(*expires)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    check_certificate(data, size);
    std::string_view const first(reinterpret_cast<char const*>(data), size);
    if (!muster::may_be_tls(first)) {
        require(can_be_shown(muster::not_tls_text(first)));
    }
    return 0;
}
