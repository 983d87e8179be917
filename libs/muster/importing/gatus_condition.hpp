#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <muster/importing/draft.hpp>
#include <muster/importing/status_codes.hpp>

namespace muster::importing {

/// What the conditions of a Gatus endpoint ask for together.
class GatusConditions {
public:
    explicit GatusConditions(Draft& draft) : draft_(draft) {}

    /// Takes one: `[STATUS] == 200`. What a check cannot ask for is lost and told.
    void take(std::string_view text);

    /// To be called after all: Gatus takes any status where no condition names one.
    void finish();

    /// No answer may take longer.
    [[nodiscard]] std::optional<Millis> slowest() const noexcept { return slowest_; }

private:
    struct Parts {
        std::string left;
        std::string comparison;
        std::string right;
    };

    [[nodiscard]] static std::optional<Parts> split(std::string_view text);

    [[nodiscard]] bool take_status(Parts const& parts);
    [[nodiscard]] bool take_time(Parts const& parts);
    [[nodiscard]] bool take_body(Parts const& parts);
    [[nodiscard]] bool take_field(std::string_view path, Parts const& parts);
    [[nodiscard]] bool take_presence(std::string_view argument, Parts const& parts);
    void lose(std::string why, std::string remedy);

    [[nodiscard]] HttpDraft* http() noexcept { return std::get_if<HttpDraft>(&draft_.probe); }

    Draft& draft_;
    std::string text_;  ///< The one that is being taken.
    StatusCodes status_{StatusCodes::all()};
    std::optional<Millis> slowest_;
};

}  // namespace muster::importing
