// Any bytes as the body of a registration, of a maintenance window, and as a hub's answer to a
// reload: read or refused in words that can be shown; a service that was read is shown and taken
// back as it was.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_text.hpp>
#include <muster/codec/reload_json.hpp>
#include <muster/codec/service_json.hpp>
#include <muster/config/api_entries.hpp>
#include <muster/domain/names.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

muster::ProjectSpec project_named(std::string_view name) {
    muster::ProjectSpec project;
    project.name = std::string(name);
    return project;
}

void check_refusal(muster::EntryReader::Refusal const& refusal) {
    require(!refusal.message.empty());
    require(muster::is_valid_utf8(refusal.message));
}

void check_service(muster::config::ApiEntries const& entries, std::string_view text) {
    auto const spec = entries.service(text, nullptr);
    if (!spec) {
        check_refusal(spec.error());
        return;
    }
    require(muster::is_valid_project_name(spec->project) && muster::is_valid_name(spec->name));
    muster::Service service;
    service.spec = *spec;
    std::string json;
    append_service(json, service, nullptr);
    require(muster::is_json_object(json));
    // What is shown is taken back.
    auto const again = entries.service(json, &*spec);
    require(again.has_value() && *again == *spec);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    muster::config::ApiEntries const entries({}, project_named);
    check_service(entries, text);
    auto const window = entries.window(text);
    if (!window) {
        check_refusal(window.error());
    }
    auto const report = muster::read_reload_answer(text);
    if (report) {
        std::string json;
        append_reload_report(json, *report);
        require(muster::is_json_object(json));
    }
    return 0;
}
