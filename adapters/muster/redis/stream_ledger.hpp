#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <muster/redis/stream_entry.hpp>

namespace muster {

/// How far a reader has come in a stream, and what became of every entry before: read, or lost.
/// Whoever reads keeps it with what it made of the entries, in the same transaction.
struct StreamLedger {
    StreamId last;               ///< Newest entry that was read; 0-0: none.
    std::uint64_t read{0};       ///< Entries, over all lives of the stream.
    std::uint64_t lost{0};       ///< Entries that were trimmed before they were read.
    std::uint64_t recreated{0};  ///< Times that the stream was gone and began anew.

    // Of this life of the stream, for the count of what is lost.
    std::optional<std::uint64_t> base;  ///< Entries added before the first that is ours.
    std::uint64_t accounted{0};         ///< Of those behind it: read or lost.

    bool operator==(StreamLedger const&) const = default;

    /// An entry was read.
    void add_read(StreamId id);
    /// An entry had been delivered and was gone before it could be read.
    void add_gone(StreamId id);
    /// The stream begins anew for this reader, who reads it from its start; `facts`: as it is now.
    void begin(StreamFacts const& facts);
    /// Whether the stream cannot be the one that was read: fewer were added than are accounted
    /// for, its newest entry is older than the last that was read, or it begins behind that one
    /// although it never lost so many. (Unknown remains one that grew past the old one and was
    /// trimmed past it, all unread.)
    [[nodiscard]] bool is_another_stream(StreamFacts const& facts) const noexcept;
    /// All that is in the stream was read: what else was added is lost. Gives how many; nothing: it
    /// is another stream, and from here on it is the one that counts.
    [[nodiscard]] std::optional<std::uint64_t> settle(StreamFacts const& facts);
};

/// One line of text without spaces at its ends, for a snapshot.
[[nodiscard]] std::string to_text(StreamLedger const& ledger);
/// Nothing for what to_text() did not write.
[[nodiscard]] std::optional<StreamLedger> parse_stream_ledger(std::string_view text);

}  // namespace muster
