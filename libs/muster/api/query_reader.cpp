#include <muster/api/query_reader.hpp>

#include <algorithm>
#include <charconv>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kQuotedBytes = 100;
constexpr std::int64_t kMaxOffset = 1'000'000'000;

}  // namespace

std::string in_quotes(std::string_view text) {
    return "'" + clean_text(text, kQuotedBytes) + "'";
}

std::optional<std::string_view> QueryReader::find(std::string_view name) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        known_.push_back(name);
    }
    QueryParameter const* found = nullptr;
    for (auto const& parameter : query_) {
        if (parameter.name != name) {
            continue;
        }
        if (found != nullptr) {
            note(std::string(name) + " must be given once");
        }
        found = &parameter;
    }
    if (found == nullptr) {
        return std::nullopt;
    }
    return found->value;
}

std::optional<std::string_view> QueryReader::text(std::string_view name) {
    auto const found = find(name);
    return found && !found->empty() ? found : std::nullopt;
}

std::int64_t QueryReader::number(std::string_view name, std::int64_t fallback, std::int64_t lowest,
                                 std::int64_t highest) {
    auto const given = find(name);
    if (!given) {
        return fallback;
    }
    std::int64_t value = 0;
    auto const* const end = given->data() + given->size();
    auto const [stopped, error] = std::from_chars(given->data(), end, value);
    if (error != std::errc() || stopped != end || value < lowest || value > highest) {
        note(std::string(name) + " must be a whole number from " + std::to_string(lowest) + " to " +
             std::to_string(highest) + ", not " + in_quotes(*given));
        return fallback;
    }
    return value;
}

QueryReader::Page QueryReader::page(std::int64_t usual_limit, std::int64_t highest_limit) {
    auto const limit = number("limit", usual_limit, 1, highest_limit);
    return {limit, number("offset", 0, 0, kMaxOffset)};
}

std::optional<Millis> QueryReader::duration(std::string_view name, Millis lowest, Millis highest) {
    auto const given = find(name);
    if (!given) {
        return std::nullopt;
    }
    auto const value = parse_duration(*given);
    if (!value || *value < lowest || *value > highest || *value % 1s != Millis(0)) {
        note(std::string(name) + " must be a time in whole seconds from " +
             format_duration(lowest) + " to " + format_duration(highest) +
             ", such as 60s or 1h, not " + in_quotes(*given));
        return std::nullopt;
    }
    return *value;
}

void QueryReader::not_one_of(std::string_view name, std::vector<std::string_view> const& words,
                             std::string_view given) {
    std::string problem(name);
    problem += " must be one of ";
    for (auto const& word : words) {
        problem += word;
        problem += ", ";
    }
    note(problem + "not " + in_quotes(given));
}

std::optional<std::string> const& QueryReader::problem() {
    auto const unknown =
        std::find_if(query_.begin(), query_.end(), [this](QueryParameter const& parameter) {
            return std::find(known_.begin(), known_.end(), parameter.name) == known_.end();
        });
    if (unknown != query_.end()) {
        std::string takes;
        for (auto const name : known_) {
            takes += (takes.empty() ? "" : ", ") + std::string(name);
        }
        note("unknown parameter " + in_quotes(unknown->name) + ": this call takes " +
             (takes.empty() ? "none" : takes));
    }
    return problem_;
}

void QueryReader::note(std::string problem) {
    if (!problem_) {
        problem_ = std::move(problem);
    }
}

}  // namespace muster
