#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/redis/redis_reply.hpp>

namespace muster {

/// `MILLISECONDS-NUMBER`. Redis gives them in ascending order for the life of a stream.
struct StreamId {
    std::uint64_t millis{0};
    std::uint64_t number{0};

    auto operator<=>(StreamId const&) const = default;
};

[[nodiscard]] std::string to_text(StreamId id);
/// Nothing for what is none.
[[nodiscard]] std::optional<StreamId> parse_stream_id(std::string_view text);

struct StreamEntry {
    StreamId id;
    std::vector<std::pair<std::string, std::string>> fields;

    /// Null: there is no such field; of several the first.
    [[nodiscard]] std::string const* field(std::string_view name) const noexcept;
};

/// What XREADGROUP of one stream answered; nothing new: no entries. Errors: those of the server
/// (see error_of()), corrupt.
[[nodiscard]] Result<std::vector<StreamEntry>> read_entries(RedisReply const& reply);

/// What XCLAIM answered: the claimed entries, those that are gone left out. Errors: those of the
/// server, corrupt.
[[nodiscard]] Result<std::vector<StreamEntry>> read_claimed(RedisReply const& reply);

/// What XINFO STREAM says.
struct StreamFacts {
    std::uint64_t length{0};
    std::uint64_t added{0};          ///< Entries ever added, those that are gone included.
    std::optional<StreamId> oldest;  ///< Of the entries that are there.
    std::optional<StreamId> newest;
    std::optional<StreamId> last_given;  ///< Of all that were ever added.
};

/// Errors: those of the server (not_found: there is no such key), corrupt, unsupported (before
/// Redis 7 nothing counts them).
[[nodiscard]] Result<StreamFacts> read_stream_facts(RedisReply const& reply);

/// The newest entry that was given to a group, as XINFO GROUPS says; 0-0: none was. Errors: those
/// of the server, not_found (there is no such group), corrupt.
[[nodiscard]] Result<StreamId> read_group_place(RedisReply const& reply, std::string_view group);

}  // namespace muster
