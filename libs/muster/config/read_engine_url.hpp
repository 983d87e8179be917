#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <muster/base/result.hpp>
#include <muster/config/mapping.hpp>
#include <muster/config/reading.hpp>
#include <muster/config/values.hpp>

namespace muster::config {

/// The key `url` of an engine's section. An empty one is none, as a variable that is not set leaves
/// it. `wanted` is what it is to be, `example` one that is right.
template <class Address>
void read_engine_url(Reading& reading, Mapping const& from, std::string_view wanted,
                     std::string_view example, Result<Address> (*parse)(std::string_view),
                     std::optional<Address>& out) {
    auto const* field = from.find("url");
    if (field == nullptr) {
        return;
    }
    auto const text = scalar_of(reading, field->value, "url", wanted);
    if (!text || text->empty()) {
        return;
    }
    auto address = parse(*text);
    if (address) {
        out = *std::move(address);
    } else if (*text != field->value.text()) {
        // What was filled in may be a secret anywhere in it.
        refuse_secret(
            reading, field->value, "url",
            "a URL such as " + std::string(example) + " once its variables are filled in");
    } else {
        reading.refuse(field->value, "'url': " + address.error().message);
    }
}

}  // namespace muster::config
