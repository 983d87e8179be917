#include <muster/redis/redis_event_bus.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/redis/bus_keys.hpp>
#include <muster/redis/cursor_text.hpp>
#include <muster/redis/redis_connection.hpp>
#include <muster/redis/redis_subscription.hpp>
#include <muster/redis/server_facts.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 100;
/// The commands that watch_again() adds.
constexpr std::size_t kWatching = 3;
constexpr std::uint64_t kFewestEntries = 1'000;

RedisConnection::Options connection_options(RedisEventBus::Options const& options,
                                            std::string name) {
    RedisConnection::Options result;
    result.address = options.address;
    result.name = std::move(name);
    result.connect_within = options.connect_within;
    result.answer_within = options.answer_within;
    return result;
}

/// The text of a key; nothing: it is not there.
std::optional<std::string> text_in(RedisReply const& reply) {
    return reply.is(RedisReply::Kind::text) ? std::optional(reply.text) : std::nullopt;
}

}  // namespace

struct RedisEventBus::Impl {
    Impl(Options bus_options, Clock const& bus_clock, Log& bus_log)
        : options(std::move(bus_options)), clock(bus_clock), log(bus_log) {}

    /// What goes to Redis in one transaction.
    struct Order {
        std::string const& hub_id;
        std::vector<BusMessage> const* messages{nullptr};
        std::vector<BusEntry> const* entries{nullptr};
        std::string cursor_before{};                ///< Empty: none.
        std::optional<std::string> cursor_after{};  ///< Empty: none; nothing: it stays.
    };

    [[nodiscard]] Result<void> prepare(std::string const& hub_id);
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> look(std::string const& hub_id);
    [[nodiscard]] Result<void> put_right(std::string const& hub_id);
    [[nodiscard]] Result<void> transact(Order const& order);
    [[nodiscard]] Result<void> judge(Order const& order, std::vector<RedisReply> const& replies);
    [[nodiscard]] Result<void> carry_out(Order const& order);
    void add(RedisCommands& commands, Order const& order);
    void watch_again(RedisCommands& commands, std::string const& hub_id) const;
    [[nodiscard]] Result<void> take_watched(std::string const& hub_id, RedisReply const& lease,
                                            RedisReply const& cursor);
    [[nodiscard]] std::uint64_t most_entries(BusEntry const& entry);
    void drop() noexcept {
        connection.reset();
        watching.reset();
    }

    Options const options;
    Clock const& clock;
    Log& log;
    std::vector<std::string> warned;
    std::atomic<std::uint64_t> answers{0};

    std::unique_ptr<RedisConnection> connection;

    /// As of a WATCH that still stands: a change by anybody makes the next EXEC do nothing.
    struct Watching {
        std::string hub_id;
        std::optional<std::string> lease;
        std::optional<std::string> cursor;
    };
    std::optional<Watching> watching;
    SteadyTime leased_at{};

    bool partly_done{false};  ///< Of the last transaction: some of its commands were refused.
    /// A cursor that was moved although an entry was refused: to be set back before all else.
    struct Misled {
        std::string hub_id;
        std::string wrong;
        std::string right;
    };
    std::optional<Misled> misled;

    std::map<std::string, double> entry_bytes;  ///< By stream, a running mean.
};

Result<void> RedisEventBus::Impl::connect() {
    auto opened = RedisConnection::open(connection_options(options, "muster-bus"), clock);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    connection = std::move(*opened);
    connection->count_answers(answers);
    RedisCommands commands;
    commands.add({"INFO"});
    auto const replies = connection->ask(commands);
    if (!replies) {
        drop();
        return tl::unexpected(replies.error());
    }
    // A server that does not let us look at it may be as it likes.
    for (auto& warning : warnings_about(replies->front().text)) {
        if (std::find(warned.begin(), warned.end(), warning) == warned.end()) {
            log.write(LogLevel::warn, "redis", warning);
            warned.push_back(std::move(warning));
        }
    }
    return {};
}

void RedisEventBus::Impl::watch_again(RedisCommands& commands, std::string const& hub_id) const {
    auto const lease = lease_key(hub_id);
    auto const cursor = cursor_key(hub_id);
    commands.add({"WATCH", lease, cursor}).add({"GET", lease}).add({"GET", cursor});
}

/// A connection on which cursor and lease are watched, and the lease is ours or nobody's.
Result<void> RedisEventBus::Impl::prepare(std::string const& hub_id) {
    if (connection && connection->is_stale()) {
        drop();
    }
    if (!connection) {
        if (auto connected = connect(); !connected) {
            return connected;
        }
    }
    if (!watching || watching->hub_id != hub_id) {
        if (auto looked = look(hub_id); !looked) {
            return looked;
        }
    }
    if (watching->lease && *watching->lease != options.owner) {
        watching.reset();
        return failure(Errc::unavailable, "another hub is live as '" + hub_id +
                                              "' on this Redis (" + lease_key(hub_id) +
                                              "): give each hub an id of its own (hub.id, HUB_ID)");
    }
    return put_right(hub_id);
}

Result<void> RedisEventBus::Impl::look(std::string const& hub_id) {
    RedisCommands commands;
    commands.add({"UNWATCH"});
    watch_again(commands, hub_id);
    auto const replies = connection->ask(commands);
    if (!replies) {
        drop();
        return tl::unexpected(replies.error());
    }
    return take_watched(hub_id, (*replies)[2], (*replies)[3]);
}

Result<void> RedisEventBus::Impl::take_watched(std::string const& hub_id, RedisReply const& lease,
                                               RedisReply const& cursor) {
    watching.reset();
    auto error = error_of(lease, "the key " + lease_key(hub_id));
    if (!error) {
        error = error_of(cursor, "the key " + cursor_key(hub_id));
    }
    if (error) {
        if (is_of_the_wrong_server(lease) || is_of_the_wrong_server(cursor)) {
            drop();
        }
        return tl::unexpected(*std::move(error));
    }
    watching = Watching{hub_id, text_in(lease), text_in(cursor)};
    return {};
}

Result<void> RedisEventBus::Impl::put_right(std::string const& hub_id) {
    if (!misled || misled->hub_id != hub_id) {
        return {};
    }
    if (watching->cursor == misled->wrong) {
        auto set_back = carry_out({hub_id, nullptr, nullptr, misled->wrong, misled->right});
        if (!set_back) {
            return set_back;
        }
    }
    misled.reset();
    return {};
}

/// The running mean forgets half of an entry's weight within some twenty.
std::uint64_t RedisEventBus::Impl::most_entries(BusEntry const& entry) {
    constexpr double kWeight = 1.0 / 32;
    constexpr double kOverhead = 64;  // of a node of the stream, per entry
    auto const bytes = static_cast<double>(entry.value.size()) + kOverhead;
    auto& mean = entry_bytes.try_emplace(entry.stream, bytes).first->second;
    mean += (bytes - mean) * kWeight;
    auto const fitting =
        static_cast<std::uint64_t>(static_cast<double>(options.stream_bytes) / mean);
    return std::clamp(fitting, std::min(kFewestEntries, options.stream_entries),
                      options.stream_entries);
}

void RedisEventBus::Impl::add(RedisCommands& commands, Order const& order) {
    commands.add({"MULTI"});
    if (order.entries != nullptr) {
        for (auto const& entry : *order.entries) {
            auto const most = std::to_string(most_entries(entry));
            commands.add(
                {"XADD", entry.stream, "MAXLEN", "~", most, "*", entry.field, entry.value});
        }
    }
    if (order.messages != nullptr) {
        for (auto const& message : *order.messages) {
            commands.add({"PUBLISH", message.channel, message.payload});
        }
    }
    if (order.cursor_after && order.cursor_after->empty()) {
        commands.add({"DEL", cursor_key(order.hub_id)});
    } else if (order.cursor_after) {
        commands.add({"SET", cursor_key(order.hub_id), *order.cursor_after});
    }
    auto const lease = std::to_string(options.lease.count());
    commands.add({"SET", lease_key(order.hub_id), options.owner, "PX", lease});
    commands.add({"EXEC"});
}

/// What EXEC came to, and what is watched behind it.
Result<void> RedisEventBus::Impl::judge(Order const& order,
                                        std::vector<RedisReply> const& replies) {
    auto const& exec = replies[replies.size() - kWatching - 1];
    auto const again =
        take_watched(order.hub_id, replies[replies.size() - 2], replies[replies.size() - 1]);
    auto const doing = "to publish at " + to_text(options.address);
    if (exec.is(RedisReply::Kind::nothing)) {
        return failure(Errc::conflict, "somebody else moved the cursor or the lease of '" +
                                           order.hub_id + "' in Redis");
    }
    if (auto error = error_of(exec, doing)) {
        // Why it was not queued tells more than that the whole was not done.
        for (auto const& reply : replies) {
            auto why = &reply == &exec ? std::nullopt : error_of(reply, doing);
            if (why) {
                error = std::move(why);
                break;
            }
        }
        bool const wrong = std::any_of(replies.begin(), replies.end(), is_of_the_wrong_server);
        if (wrong) {
            drop();
        }
        return tl::unexpected(*std::move(error));
    }
    for (auto const& item : exec.items) {
        if (auto error = error_of(item, doing)) {
            partly_done = true;
            return tl::unexpected(*std::move(error));
        }
    }
    leased_at = clock.now().steady;
    (void)again;  // what is wrong with a key is told when it is needed next
    return {};
}

Result<void> RedisEventBus::Impl::carry_out(Order const& order) {
    partly_done = false;
    RedisCommands commands;
    add(commands, order);
    auto const done_behind = commands.bytes().size();
    watch_again(commands, order.hub_id);
    auto const replies = connection->ask(commands);
    if (!replies) {
        bool const may_have_happened = connection->sent() >= done_behind;
        drop();
        return failure(may_have_happened ? Errc::in_doubt : Errc::unavailable,
                       replies.error().message);
    }
    return judge(order, *replies);
}

Result<void> RedisEventBus::Impl::transact(Order const& order) {
    if (auto prepared = prepare(order.hub_id); !prepared) {
        return prepared;
    }
    bool const moves = order.cursor_after.has_value();
    // A Redis that lost everything has no cursor to hold against ours: what it forgot is gone.
    if (moves && watching->cursor && *watching->cursor != order.cursor_before) {
        return failure(Errc::conflict, "the cursor in Redis stands elsewhere");
    }
    auto done = carry_out(order);
    // Redis carries out what it can of a transaction: of a key of the wrong type it learns too
    // late.
    if (moves && partly_done) {
        misled = Misled{order.hub_id, *order.cursor_after, order.cursor_before};
        (void)prepare(order.hub_id);  // if it fails now, it comes first next time
    }
    return done;
}

RedisEventBus::RedisEventBus(Options options, Clock const& clock, Log& log)
    : impl_(std::make_unique<Impl>(std::move(options), clock, log)) {}

RedisEventBus::~RedisEventBus() = default;

Result<std::optional<Cursor>> RedisEventBus::cursor(std::string const& hub_id) {
    impl_->watching.reset();  // as it is now, not as it was when the watch began
    if (auto prepared = impl_->prepare(hub_id); !prepared) {
        return tl::unexpected(std::move(prepared.error()));
    }
    if (!impl_->watching->cursor) {
        return std::optional<Cursor>();
    }
    auto cursor = parse_cursor(*impl_->watching->cursor);
    if (!cursor) {
        return failure(Errc::unavailable,
                       "Redis holds '" + clean_text(*impl_->watching->cursor, kShownBytes) +
                           "' as " + cursor_key(hub_id) + ", which is no cursor: delete the key");
    }
    return cursor;
}

Result<void> RedisEventBus::publish(BusBatch const& batch) {
    return impl_->transact({batch.hub_id, &batch.messages, &batch.entries,
                            cursor_text(batch.expected), cursor_text(batch.next)});
}

Result<void> RedisEventBus::announce(std::string const& hub_id,
                                     std::vector<BusMessage> const& messages) {
    auto prepared = impl_->prepare(hub_id);
    if (!prepared) {
        return prepared;
    }
    bool const fresh = impl_->watching->lease &&
                       impl_->clock.now().steady < impl_->leased_at + impl_->options.lease / 3;
    if (!messages.empty() || !fresh) {
        auto done = impl_->carry_out({hub_id, &messages});
        bool const doubt = !done && done.error().code == Errc::in_doubt;
        return doubt ? Result<void>(failure(Errc::unavailable, done.error().message)) : done;
    }
    RedisCommands commands;
    commands.add({"PING"});
    auto const replies = impl_->connection->ask(commands);
    if (!replies) {
        impl_->drop();
        return tl::unexpected(replies.error());
    }
    if (auto error = error_of(replies->front(), "to answer")) {
        return tl::unexpected(*std::move(error));
    }
    return {};
}

std::uint64_t RedisEventBus::answers() const {
    return impl_->answers;
}

std::unique_ptr<EventBus::Subscription> RedisEventBus::subscribe(
    std::string pattern, UniqueFunction<void(BusMessage const&)> receive) {
    return std::make_unique<RedisSubscription>(
        connection_options(impl_->options, "muster-subscriber"), std::move(pattern),
        std::move(receive), impl_->clock, impl_->log);
}

}  // namespace muster
