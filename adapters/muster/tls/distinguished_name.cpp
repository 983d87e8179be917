#include <muster/tls/distinguished_name.hpp>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <muster/base/utf8.hpp>
#include <muster/tls/openssl.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxValue = 1024;

struct ShortName {
    int kind;
    std::string_view text;
};

constexpr std::array<ShortName, 9> kShortNames{{{NID_serialNumber, "SERIALNUMBER"},
                                                {NID_commonName, "CN"},
                                                {NID_postalCode, "POSTALCODE"},
                                                {NID_streetAddress, "STREET"},
                                                {NID_stateOrProvinceName, "ST"},
                                                {NID_localityName, "L"},
                                                {NID_organizationalUnitName, "OU"},
                                                {NID_organizationName, "O"},
                                                {NID_countryName, "C"}}};

bool has_short_name(int kind) noexcept {
    for (auto const& known : kShortNames) {
        if (known.kind == kind) {
            return true;
        }
    }
    return false;
}

std::string text_of(ASN1_STRING const* string) {
    unsigned char* text = nullptr;
    auto const size = ASN1_STRING_to_UTF8(&text, string);
    if (size < 0) {
        return {};
    }
    auto result = clean_text({reinterpret_cast<char const*>(text), static_cast<std::size_t>(size)},
                             kMaxValue);
    OPENSSL_free(text);
    return result;
}

/// RFC 4514 section 2.4.
std::string escaped(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        constexpr std::string_view kSpecial = ",+\"\\<>;";
        auto const character = text[at];
        bool const at_edge = at == 0 || at + 1 == text.size();
        if (kSpecial.find(character) != std::string_view::npos || (character == ' ' && at_edge) ||
            (character == '#' && at == 0)) {
            result += '\\';
        }
        result += character;
    }
    return result;
}

std::string oid_of(ASN1_OBJECT const* object) {
    std::array<char, 128> text{};
    auto const size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
    return size > 0 ? std::string(text.data()) : "0";
}

/// As a printable string where all of it is one (X.680 section 41.4), else as UTF-8, in DER.
std::string hexadecimal(std::string_view text) {
    constexpr std::string_view kOthers = " '()+,-./:=?";
    bool printable = true;
    for (char const character : text) {
        printable = printable && ((character >= 'a' && character <= 'z') ||
                                  (character >= 'A' && character <= 'Z') ||
                                  (character >= '0' && character <= '9') ||
                                  kOthers.find(character) != std::string_view::npos);
    }
    auto const size = text.size();
    std::string result = printable ? "13" : "0c";
    result += size < 0x80    ? fmt::format("{:02x}", size)
              : size < 0x100 ? fmt::format("81{:02x}", size)
                             : fmt::format("82{:04x}", size);
    for (char const character : text) {
        result += fmt::format("{:02x}", static_cast<unsigned char>(character));
    }
    return result;
}

}  // namespace

std::string distinguished_name_of(X509_NAME const& name) {
    std::string result;
    std::string others;
    auto const add = [](std::string& text, char separator, std::string_view part) {
        if (!text.empty()) {
            text += separator;
        }
        text += part;
    };
    for (auto const& known : kShortNames) {
        std::string same;  // several values of one kind stand together
        for (auto at = X509_NAME_get_index_by_NID(&name, known.kind, -1); at >= 0;
             at = X509_NAME_get_index_by_NID(&name, known.kind, at)) {
            auto const* const entry = X509_NAME_get_entry(&name, at);
            add(same, '+',
                fmt::format("{}={}", known.text,
                            escaped(text_of(X509_NAME_ENTRY_get_data(entry)))));
        }
        if (!same.empty()) {
            add(result, ',', same);
        }
    }
    for (auto at = X509_NAME_entry_count(&name) - 1; at >= 0; --at) {
        auto const* const entry = X509_NAME_get_entry(&name, at);
        auto const* const object = X509_NAME_ENTRY_get_object(entry);
        if (!has_short_name(OBJ_obj2nid(object))) {
            add(others, ',',
                fmt::format("{}=#{}", oid_of(object),
                            hexadecimal(text_of(X509_NAME_ENTRY_get_data(entry)))));
        }
    }
    if (!others.empty()) {
        add(result, ',', others);
    }
    return result;
}

}  // namespace muster
