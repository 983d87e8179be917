#include <muster/codec/reload_json.hpp>

#include <nlohmann/json.hpp>

#include <muster/base/utf8.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

using Json = nlohmann::json;

void append_changes(std::string& out, ReloadReport const& report, ChangeAction action) {
    out += '[';
    for (auto const& change : report.changes) {
        if (change.action != action) {
            continue;
        }
        if (out.back() != '[') {
            out += ',';
        }
        JsonObject object(out);
        object.text("kind", to_string(change.kind));
        object.text("name", change.name);
        if (!change.formerly.empty()) {
            object.text("formerly", change.formerly);
        }
        if (!change.fields.empty()) {
            object.texts("fields", change.fields);
        }
        object.close();
    }
    out += ']';
}

std::string text_of(Json const& object, char const* key) {
    if (!object.is_object()) {
        return {};
    }
    auto const found = object.find(key);
    return found != object.end() && found->is_string() ? clean_text(found->get<std::string>())
                                                       : std::string();
}

std::vector<std::string> texts_of(Json const& object, char const* key) {
    std::vector<std::string> texts;
    auto const found = object.find(key);
    if (found != object.end() && found->is_array()) {
        for (auto const& text : *found) {
            if (text.is_string()) {
                texts.push_back(clean_text(text.get<std::string>()));
            }
        }
    }
    return texts;
}

void read_changes(Json const& data, ChangeAction action, std::vector<PlannedChange>& changes) {
    auto const list = data.find(to_string(action));
    if (list == data.end() || !list->is_array()) {
        return;
    }
    for (auto const& item : *list) {
        auto const kind = parse_enum<ObjectKind>(text_of(item, "kind"));
        if (kind) {
            changes.push_back({*kind, action, text_of(item, "name"), text_of(item, "formerly"),
                               texts_of(item, "fields")});
        }
    }
}

}  // namespace

void append_reload_report(std::string& out, ReloadReport const& report) {
    JsonObject object(out);
    for (auto const& [action, word] : enum_names(ChangeAction{})) {
        append_changes(object.key(word), report, action);
    }
    object.texts("warnings", report.warnings);
    object.texts("settings", report.settings);
    object.texts("needsRestart", report.needs_restart);
    object.close();
}

Result<ReloadReport> read_reload_answer(std::string_view text) {
    auto const answer = Json::parse(text, nullptr, false);
    if (!answer.is_object() || !answer.contains("success")) {
        return failure(Errc::corrupt, "that is no answer of a hub");
    }
    auto const data = answer.find("data");
    if (data == answer.end() || !data->is_object()) {
        return failure(Errc::invalid, text_of(answer, "error"));
    }
    ReloadReport report;
    for (auto const& [action, word] : enum_names(ChangeAction{})) {
        read_changes(*data, action, report.changes);
    }
    report.warnings = texts_of(*data, "warnings");
    report.settings = texts_of(*data, "settings");
    report.needs_restart = texts_of(*data, "needsRestart");
    return report;
}

}  // namespace muster
