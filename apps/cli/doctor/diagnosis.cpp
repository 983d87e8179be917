#include <cli/doctor/diagnosis.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <cli/text/tone.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

Tone tone_of(Finding finding) noexcept {
    switch (finding) {
        case Finding::ok:
            return Tone::good;
        case Finding::warning:
            return Tone::warning;
        case Finding::failure:
            return Tone::bad;
    }
    return Tone::plain;
}

}  // namespace

std::string diagnosis_line(Diagnosis const& diagnosis, bool colour) {
    auto const word = fmt::format("{:<4}", to_string(diagnosis.finding));
    auto line = fmt::format("{}  {:<14}{}\n", toned(word, tone_of(diagnosis.finding), colour),
                            diagnosis.part, diagnosis.what);
    if (!diagnosis.advice.empty()) {
        line += fmt::format("{:<20}-> {}\n", "", diagnosis.advice);
    }
    return line;
}

std::string summary_line(std::vector<Diagnosis> const& diagnoses) {
    auto text = std::to_string(diagnoses.size()) + " tests";
    std::string separator = ": ";
    for (auto const& [finding, name] : enum_names(Finding{})) {
        auto const wanted = finding;
        auto const count =
            std::count_if(diagnoses.begin(), diagnoses.end(),
                          [wanted](auto const& one) { return one.finding == wanted; });
        if (count > 0) {
            text += separator + std::to_string(count) + " " + std::string(name);
            separator = ", ";
        }
    }
    return text + '\n';
}

std::string diagnoses_json(std::vector<Diagnosis> const& diagnoses) {
    std::string json;
    JsonObject object(json);
    object.boolean("healthy", diagnosis_exit_code(diagnoses) == 0);
    auto& list = object.key("findings");
    list += '[';
    for (auto const& diagnosis : diagnoses) {
        list += list.back() == '[' ? "" : ",";
        JsonObject entry(list);
        entry.text("part", diagnosis.part);
        entry.text("finding", to_string(diagnosis.finding));
        entry.text("what", diagnosis.what);
        if (!diagnosis.advice.empty()) {
            entry.text("advice", diagnosis.advice);
        }
        entry.close();
    }
    list += ']';
    object.close();
    return json;
}

int diagnosis_exit_code(std::vector<Diagnosis> const& diagnoses) noexcept {
    auto worst = Finding::ok;
    for (auto const& diagnosis : diagnoses) {
        worst = std::max(worst, diagnosis.finding);
    }
    return static_cast<int>(worst);
}

}  // namespace muster
