// Reads every batch of health records of a hub's stream exactly once and writes it, a line each:
//
//     bus-consumer redis://127.0.0.1:6379 [--once]
//
// Kill it at any time: it goes on where it stood, since the place lies in Redis and moves in the
// same transaction that acknowledges. What is made of the entries belongs there too, or into a
// database with `batch->after` beside it; a line on standard output, as here, may come twice.

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <muster/redis/redis_connection.hpp>
#include <muster/redis/stream_reader.hpp>
#include <muster/runtime/system_clock.hpp>

namespace {

using namespace muster;

constexpr char const* kPlace = "muster:example:bus-consumer";

class ErrorLog final : public Log {
public:
    void write(LogLevel, std::string_view part, std::string_view message) override {
        std::cerr << part << ": " << message << '\n';
    }
};

/// Where it stands, by this life or an earlier one; at the start where there was none.
Result<StreamLedger> place_of(RedisAddress const& address, Clock const& clock) {
    RedisConnection::Options options;
    options.address = address;
    auto connection = RedisConnection::open(options, clock);
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    RedisCommands commands;
    commands.add({"GET", kPlace});
    auto const replies = (*connection)->ask(commands);
    if (!replies) {
        return tl::unexpected(replies.error());
    }
    if (auto error = error_of(replies->front(), "the place")) {
        return tl::unexpected(*error);
    }
    return parse_stream_ledger(replies->front().text).value_or(StreamLedger{});
}

int fail(Error const& error) {
    std::cerr << "bus-consumer: " << error.message << '\n';
    return 1;
}

/// An outage is waited for; a second is long enough for a Redis that comes back.
void wait_a_second() {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable().wait_for(lock, std::chrono::seconds(1));
}

/// Whether there was something.
Result<bool> read_once(RedisStreamReader& reader, std::uint64_t& lost) {
    auto const batch = reader.read();
    if (!batch) {
        return tl::unexpected(batch.error());
    }
    for (auto const& entry : batch->entries) {
        auto const* const document = entry.field("batch");
        std::cout << to_text(entry.id) << ' ' << (document != nullptr ? *document : "{}")
                  << std::endl;
    }
    if (batch->after.lost > lost) {
        std::cerr << batch->after.lost - lost << " batches were trimmed unread: ask the hub's "
                  << "GET /api/feed for what they held\n";
        lost = batch->after.lost;
    }
    if (batch->changed) {
        RedisCommands effects;
        effects.add({"SET", kPlace, to_text(batch->after)});
        if (auto const committed = reader.commit({effects}); !committed) {
            return tl::unexpected(committed.error());
        }
    }
    return batch->changed;
}

}  // namespace

int main(int argc, char** argv) {
    bool const once = argc == 3 && argv[2] == std::string_view("--once");
    if (argc != 2 && !once) {
        std::cerr << "usage: bus-consumer redis://HOST:PORT [--once]\n";
        return 3;
    }
    auto const address = parse_redis_url(argv[1]);
    if (!address) {
        std::cerr << "bus-consumer: " << address.error().message << '\n';
        return 3;
    }
    SystemClock const clock;
    ErrorLog log;
    RedisStreamReader::Options options;
    options.address = *address;
    options.stream = "muster:health";
    options.group = "bus-consumer";
    options.consumer = "bus-consumer";  // of the role: the same in every life
    options.wait = once ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1'000);

    // One for the whole life of the process: a new one would count as a new life, and what outlives
    // none of them is put aside.
    std::optional<RedisStreamReader> reader;
    std::uint64_t lost = 0;
    bool stands = false;  // The reader stands where its place is.
    for (;;) {
        if (!stands) {
            auto const place = place_of(*address, clock);
            if (!place && once) {
                return fail(place.error());
            }
            if (!place) {
                std::cerr << "bus-consumer: " << place.error().message << '\n';
                wait_a_second();
                continue;
            }
            lost = place->lost;
            if (reader) {
                reader->resume(*place);
            } else {
                reader.emplace(options, *place, clock, log);
            }
            stands = true;
        }
        auto const read = read_once(*reader, lost);
        if (read && once && !*read) {
            return 0;
        }
        if (!read) {
            if (once) {
                return fail(read.error());
            }
            std::cerr << "bus-consumer: " << read.error().message << '\n';
            stands = false;  // the place says what became of it
            wait_a_second();
        }
    }
}
