#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <muster/redis/redis_connection.hpp>
#include <muster/redis/stream_reader.hpp>

namespace muster {

struct RedisStreamReader::Impl {
    Impl(Options reader_options, StreamLedger const& durable, Clock const& reader_clock,
         Log& reader_log)
        : options(std::move(reader_options)),
          clock(reader_clock),
          log(reader_log),
          ledger(durable) {}

    [[nodiscard]] Result<Batch> read();
    [[nodiscard]] Result<void> commit(Commit const& commit);
    void resume(StreamLedger const& durable);

    /// An entry that was delivered, and to how many lives, once it is given to this one too.
    struct Pending {
        StreamId id;
        std::int64_t lives{0};
    };

    [[nodiscard]] Result<std::vector<RedisReply>> ask_all(RedisCommands const& commands,
                                                          Millis extra = Millis(0));
    [[nodiscard]] Result<RedisReply> ask(RedisCommands const& commands, Millis extra = Millis(0));
    [[nodiscard]] Error refused(RedisReply const& reply, Error error);
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<StreamFacts> facts();
    [[nodiscard]] Result<void> join_group();
    [[nodiscard]] Result<bool> stands_at_the_start();
    void begin(StreamFacts const& facts, bool anew);
    [[nodiscard]] Result<std::vector<Pending>> list_pending();
    [[nodiscard]] std::vector<Pending> next_of(std::vector<Pending> const& listed) const;
    [[nodiscard]] Result<Batch> read_pending();
    [[nodiscard]] Result<Batch> claim(std::vector<Pending> const& wanted);
    [[nodiscard]] Result<Batch> read_new();
    [[nodiscard]] Result<Batch> settle();
    [[nodiscard]] Batch hold(Batch batch, std::vector<StreamId> acknowledged);
    [[nodiscard]] Result<void> may_commit(Commit const& commit);
    [[nodiscard]] RedisCommands transaction(Commit const& commit) const;
    [[nodiscard]] Result<void> judge(std::vector<RedisReply> const& replies);
    void add_dead(RedisCommands& commands, Dead const& dead) const;
    [[nodiscard]] bool is_suspect(Pending const& entry) const noexcept {
        return entry.id > ledger.last && entry.lives > options.most_deliveries;
    }
    [[nodiscard]] bool is_doomed(Pending const& entry) const noexcept {
        return is_suspect(entry) && entry.lives > 2 * std::int64_t{options.most_deliveries};
    }
    [[nodiscard]] std::string dead_stream() const { return options.stream + ":dead"; }

    /// The group is gone, with the stream or by somebody's hand.
    void lost_group() noexcept {
        joined = false;
        pending = true;
        pending_after = {};
    }
    void drop() noexcept {
        connection.reset();
        lost_group();
    }

    Options const options;
    Clock const& clock;
    Log& log;
    StreamLedger ledger;                ///< As committed.
    std::optional<StreamLedger> begun;  ///< Where it began a stream, which is not committed.
    StreamId given{};                   ///< Up to here this life was given what is delivered.

    std::unique_ptr<RedisConnection> connection;
    bool joined{false};
    bool pending{true};  ///< What was delivered before is still to be read.
    StreamId pending_after{};

    struct Held {
        std::vector<StreamId> ids;
        std::vector<Dead> dead;
        StreamLedger after;
    };
    std::optional<Held> held;  ///< The batch that is to be committed.
};

}  // namespace muster
