#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/base/enum_names.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Reads the parameters of a query. The first mistake is kept: read all, then ask `problem()`. One
/// that is given twice is a mistake, and so is one that was not asked for until then.
class QueryReader {
public:
    explicit QueryReader(Target const& target) noexcept : query_(target.query) {}

    /// Nothing where the parameter is missing or empty.
    [[nodiscard]] std::optional<std::string_view> text(std::string_view name);

    /// `fallback` where it is missing; an empty one is a mistake: `hours must be a whole number
    /// from 1 to 8760, not 'abc'`.
    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t fallback,
                                      std::int64_t lowest, std::int64_t highest);

    struct Page {
        std::int64_t limit;   ///< From 1.
        std::int64_t offset;  ///< From 0.
    };
    /// Which part of a list is asked for, by `limit` and `offset`.
    [[nodiscard]] Page page(std::int64_t usual_limit = 100, std::int64_t highest_limit = 1'000);

    /// A length of time as a person writes it, in whole seconds: `step must be a time from 1s to
    /// 365d, such as 60s, not 'abc'`. Nothing where it is missing.
    [[nodiscard]] std::optional<Millis> duration(std::string_view name, Millis lowest,
                                                 Millis highest);

    /// A value of an enum by its name: `severity must be one of info, warning, critical, not 'x'`.
    template <class E>
    [[nodiscard]] std::optional<E> choice(std::string_view name) {
        auto const given = text(name);
        if (!given) {
            return std::nullopt;
        }
        auto const value = parse_enum<E>(*given);
        if (!value) {
            std::vector<std::string_view> words;
            for (auto const& entry : enum_names(E{})) {
                words.push_back(entry.second);
            }
            not_one_of(name, words, *given);
        }
        return value;
    }

    /// Notes that `given` is none of the words that are right.
    void not_one_of(std::string_view name, std::vector<std::string_view> const& words,
                    std::string_view given);

    /// Nothing: all is well. `unknown parameter 'stat': this call takes project, status`.
    [[nodiscard]] std::optional<std::string> const& problem();

private:
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name);
    void note(std::string problem);

    std::vector<QueryParameter> const& query_;
    std::vector<std::string_view> known_;  ///< In the order in which they were asked for.
    std::optional<std::string> problem_;
};

/// Text of a request as messages show it: in quotes, cleaned, cut.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace muster
