#include <muster/tls/certificate.hpp>

#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/address.hpp>

#include <muster/base/utf8.hpp>
#include <muster/tls/openssl.hpp>

namespace muster {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxHosts = 3;

std::string_view bytes_of(ASN1_STRING const& string) {
    return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(&string)),
            static_cast<std::size_t>(ASN1_STRING_length(&string))};
}

std::optional<WallTime> wall_time_of(ASN1_TIME const* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return std::nullopt;
    }
    std::chrono::year_month_day const day(
        std::chrono::year(parts.tm_year + 1900),
        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
        std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
    return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(parts.tm_hour) +
           std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

std::string day_of(ASN1_TIME const* time) {
    constexpr std::size_t kDateLength = 10;
    auto const moment = wall_time_of(time);
    return moment ? to_rfc3339(*moment).substr(0, kDateLength) : "an unreadable date";
}

/// The first entry of a kind, as UTF-8; empty: there is none.
std::string entry_of(X509_NAME const* name, int kind) {
    auto const at = X509_NAME_get_index_by_NID(name, kind, -1);
    if (at < 0) {
        return {};
    }
    unsigned char* text = nullptr;
    auto const size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) {
        return {};
    }
    auto result =
        clean_text({reinterpret_cast<char const*>(text), static_cast<std::size_t>(size)}, kMaxName);
    OPENSSL_free(text);
    return result;
}

/// Of an authority: its common name, else its organisation.
std::string authority_text(X509_NAME const* name) {
    for (int const kind : {NID_commonName, NID_organizationName, NID_organizationalUnitName}) {
        if (auto text = entry_of(name, kind); !text.empty()) {
            return text;
        }
    }
    return "one without a name";
}

std::string address_text(std::string_view bytes) {
    if (bytes.size() == ip::address_v4::bytes_type().size()) {
        ip::address_v4::bytes_type address{};
        std::copy(bytes.begin(), bytes.end(), address.begin());
        return ip::address_v4(address).to_string();
    }
    if (bytes.size() == ip::address_v6::bytes_type().size()) {
        ip::address_v6::bytes_type address{};
        std::copy(bytes.begin(), bytes.end(), address.begin());
        return ip::address_v6(address).to_string();
    }
    return {};
}

std::vector<std::string> alternative_names(X509 const& certificate) {
    std::vector<std::string> names;
    GeneralNamesPtr const all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int index = 0; all && index < sk_GENERAL_NAME_num(all.get()); ++index) {
        auto const& name = *sk_GENERAL_NAME_value(all.get(), index);
        std::string text;
        if (name.type == GEN_DNS) {
            text = clean_text(bytes_of(*name.d.dNSName), kMaxName);
        } else if (name.type == GEN_IPADD) {
            text = address_text(bytes_of(*name.d.iPAddress));
        }
        if (!text.empty()) {
            names.push_back(std::move(text));
        }
    }
    return names;
}

/// The last certificate is not its own issuer, and its issuer is neither sent nor trusted. A
/// certificate that came alone and says where its issuer's can be fetched (RFC 5280 section
/// 4.2.2.1) lacks the one between; without that word it may as well come straight from an authority
/// that is not known here.
std::string unknown_issuer(X509_STORE_CTX const& chain, X509 const& last) {
    auto const issuer = authority_text(X509_get_issuer_name(&last));
    auto const* const sent = X509_STORE_CTX_get0_untrusted(&chain);
    if (sent != nullptr && sk_X509_num(sent) > 1) {
        return fmt::format("unknown authority: {}", issuer);
    }
    if (X509_get_ext_by_NID(&last, NID_info_access, -1) >= 0) {
        return fmt::format("certificate chain is incomplete: {} was not sent", issuer);
    }
    return fmt::format("certificate chain is incomplete, or unknown authority: {}", issuer);
}

std::string wrong_host(X509_STORE_CTX const& chain, std::string const& host) {
    auto const hosts = hosts_of(*X509_STORE_CTX_get0_cert(&chain));
    return fmt::format("certificate is for {}, not for {}", hosts.empty() ? "no host" : hosts,
                       clean_text(host, kMaxName));
}

}  // namespace

std::optional<WallTime> expiry_of(X509 const& certificate) {
    return wall_time_of(X509_get0_notAfter(&certificate));
}

std::string hosts_of(X509 const& certificate) {
    auto names = alternative_names(certificate);
    if (names.empty()) {
        return entry_of(X509_get_subject_name(&certificate), NID_commonName);
    }
    auto const more = names.size() > kMaxHosts ? names.size() - kMaxHosts : 0;
    names.resize(names.size() - more);
    auto text = fmt::format("{}", fmt::join(names, ", "));
    return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

std::string refusal_of(X509_STORE_CTX& chain, std::string const& host) {
    auto const error = X509_STORE_CTX_get_error(&chain);
    auto const depth = X509_STORE_CTX_get_error_depth(&chain);
    auto const* current = X509_STORE_CTX_get_current_cert(&chain);
    if (current == nullptr) {
        current = X509_STORE_CTX_get0_cert(&chain);
    }
    auto const subject = depth == 0 ? std::string("certificate")
                                    : fmt::format("certificate of the authority {}",
                                                  authority_text(X509_get_subject_name(current)));
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return fmt::format("{} expired on {}", subject, day_of(X509_get0_notAfter(current)));
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return fmt::format("{} is not valid before {}", subject,
                               day_of(X509_get0_notBefore(current)));
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return "certificate is self-signed";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return fmt::format("unknown authority: {}",
                               authority_text(X509_get_subject_name(current)));
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return unknown_issuer(chain, *current);
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return wrong_host(chain, host);
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
            return fmt::format("{} has too weak a key", subject);
        case X509_V_ERR_CA_MD_TOO_WEAK:
            return fmt::format("{} is signed by too weak an algorithm", subject);
        case X509_V_ERR_INVALID_PURPOSE:
            return fmt::format("{} is not one for servers", subject);
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return fmt::format("{} has a wrong signature", subject);
        default:
            return fmt::format("{} is not to be trusted: {}", subject,
                               X509_verify_cert_error_string(error));
    }
}

}  // namespace muster
