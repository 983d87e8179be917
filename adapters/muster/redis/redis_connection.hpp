#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/domain/redis_address.hpp>
#include <muster/ports/clock.hpp>
#include <muster/redis/redis_commands.hpp>
#include <muster/redis/redis_reply.hpp>

namespace muster {

class WakeUp;

/// One connection to a Redis, for one thread at a time. After an error other than a server's own
/// answer it is of no more use: make another.
class RedisConnection {
public:
    struct Options {
        RedisAddress address;
        std::string name{"muster"};  ///< As CLIENT LIST shows it.
        /// For the name, the connection and the greeting (AUTH, SELECT) together.
        Millis connect_within{1'500};
        Millis answer_within{5'000};  ///< For all answers of one ask(), and the writing before.
        /// Once told, whatever is waited for ends at once, as unavailable. Outlives the connection.
        WakeUp const* wake{nullptr};
    };

    /// Connects, says who we are and chooses the database. Blocks. Errors: unavailable.
    [[nodiscard]] static Result<std::unique_ptr<RedisConnection>> open(Options options,
                                                                       Clock const& clock);
    ~RedisConnection();
    RedisConnection(RedisConnection const&) = delete;
    RedisConnection& operator=(RedisConnection const&) = delete;

    /// Sends the commands in one go and gives as many replies, errors of the server among them.
    /// `extra`: a command that waits on the server (BLOCK) may take so much longer. Errors:
    /// unavailable. How many bytes the system had taken by then, sent() tells.
    [[nodiscard]] Result<std::vector<RedisReply>> ask(RedisCommands const& commands,
                                                      Millis extra = Millis(0));

    /// From now on whatever the server says adds to `answers`, which must outlive this.
    void count_answers(std::atomic<std::uint64_t>& answers) noexcept { answers_ = &answers; }

    /// Of the last ask(). What the system has taken may have reached the server.
    [[nodiscard]] std::size_t sent() const noexcept { return sent_; }

    /// Waits for what the server says unasked, at most until `until`; nothing: it did not come.
    /// Errors: unavailable.
    [[nodiscard]] Result<std::optional<RedisReply>> hear(SteadyTime until);

    /// Writes the commands and waits for no answer. Errors: unavailable.
    [[nodiscard]] Result<void> say(RedisCommands const& commands);

    /// Whether the other side has closed it, or said something unasked, which it never does on a
    /// connection without subscriptions.
    [[nodiscard]] bool is_stale() const noexcept;

private:
    RedisConnection(int socket, Options options, Clock const& clock);

    [[nodiscard]] Result<void> greet(SteadyTime deadline);
    [[nodiscard]] Result<std::vector<RedisReply>> exchange(RedisCommands const& commands,
                                                           SteadyTime deadline);
    [[nodiscard]] Result<void> read_some();
    [[nodiscard]] bool is_ended() const noexcept;
    [[nodiscard]] Error lost(std::string_view how) const;

    int const socket_;
    Options const options_;
    Clock const& clock_;
    ReplyReader reader_;
    std::size_t sent_{0};
    std::atomic<std::uint64_t>* answers_{nullptr};
};

}  // namespace muster
