// Any bytes as what a Redis answers: replies, entries and facts of streams, places of readers; in
// two pieces as in one.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <muster/base/utf8.hpp>
#include <muster/redis/cursor_text.hpp>
#include <muster/redis/redis_reply.hpp>
#include <muster/redis/server_facts.hpp>
#include <muster/redis/stream_entry.hpp>
#include <muster/redis/stream_ledger.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void take(muster::RedisReply const& reply) {
    if (auto const error = muster::error_of(reply, "to answer")) {
        require(muster::is_valid_utf8(error->message));
        require(error->code != muster::Errc::invalid);
    }
    if (auto const entries = muster::read_entries(reply)) {
        for (auto const& entry : *entries) {
            require(muster::parse_stream_id(to_text(entry.id)) == entry.id);
        }
    }
    (void)muster::read_claimed(reply);
    (void)muster::read_stream_facts(reply);
    (void)muster::read_group_place(reply, "readers");
}

/// How many replies there were before the end, or what is none.
std::size_t read_all(muster::ReplyReader& reader) {
    std::size_t count = 0;
    for (;;) {
        auto const reply = reader.next();
        if (!reply || !*reply) {
            return count;
        }
        take(**reply);
        ++count;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    muster::ReplyReader whole;
    whole.feed(text);
    auto const count = read_all(whole);
    muster::ReplyReader pieces;
    pieces.feed(text.substr(0, size / 2));
    auto const first = read_all(pieces);
    pieces.feed(text.substr(size / 2));
    require(first + read_all(pieces) == count);

    if (auto const ledger = muster::parse_stream_ledger(text)) {
        require(muster::parse_stream_ledger(to_text(*ledger)) == ledger);
    }
    if (auto const cursor = muster::parse_cursor(text)) {
        require(muster::parse_cursor(cursor_text(*cursor)) == cursor);
    }
    for (auto const& warning : muster::warnings_about(text)) {
        require(muster::is_valid_utf8(warning));
    }
    return 0;
}
