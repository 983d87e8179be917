#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/ports/hub_commands.hpp>

namespace muster {

/// Those who wait for the next result of a service. They are told after the result was written, so
/// that nobody hears of what a crash could take back. Hub's loop only.
class AwaitedChecks {
public:
    void wait_for(ServiceId id, HubCommands::CheckDone done);

    void heard(CheckResult const& result);
    void gone(ServiceId id);
    /// Nobody will be checked any more.
    void end(Error const& error);

    /// Questions that are not answered.
    [[nodiscard]] std::size_t size() const;

    /// Tells those whose answer is known. One of them may ask again meanwhile.
    void answer();

private:
    using Answer = Result<std::optional<CheckResult>>;

    void settle(ServiceId id, Answer const& answer);

    std::map<ServiceId, std::vector<HubCommands::CheckDone>> waiting_;
    std::vector<std::pair<HubCommands::CheckDone, Answer>> settled_;
};

}  // namespace muster
