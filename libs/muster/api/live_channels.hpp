#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <muster/api/query_reader.hpp>
#include <muster/base/result.hpp>
#include <muster/codec/live_json.hpp>

namespace muster {

/// Which frames one client of a feed wants: by their types, or by projects (`project:<name>`, or
/// its id). At first everything; what is named first takes the place of that.
class LiveChannels {
public:
    static constexpr std::size_t kMost = ClientMessage::kMaxChannels;

    /// `types`: of the feed's frames, in the order in which they are told; literals.
    explicit LiveChannels(std::vector<std::string_view> types)
        : known_(std::move(types)), types_(known_.begin(), known_.end()) {}

    /// All of them or, with an error that is fit to be sent back, none.
    [[nodiscard]] Result<void> add(std::vector<std::string> const& channels);
    [[nodiscard]] Result<void> remove(std::vector<std::string> const& channels);

    [[nodiscard]] bool has(std::string_view type) const { return types_.contains(type); }
    /// Names or ids, as they were given.
    [[nodiscard]] std::set<std::string, std::less<>> const& projects() const noexcept {
        return projects_;
    }

    /// All that is chosen, as channels: types first.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    struct Named {
        std::set<std::string_view> types;
        std::set<std::string, std::less<>> projects;
    };
    [[nodiscard]] Result<Named> read(std::vector<std::string> const& channels) const;

    std::vector<std::string_view> known_;
    bool narrowed_{false};  ///< The client said what it wants.
    std::set<std::string_view> types_;
    std::set<std::string, std::less<>> projects_;
};

/// What a query asks for: everything, or what its parameter `channels` names
/// (`?channels=health,project:shop`). `types`: see LiveChannels. Once all parameters are read, the
/// reader is to be asked whether something is wrong with them.
[[nodiscard]] Result<LiveChannels> asked_channels(std::vector<std::string_view> types,
                                                  QueryReader& reader);

}  // namespace muster
