#include <muster/redis/redis_connection.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <muster/redis/redis_socket.hpp>
#include <muster/redis/wake_up.hpp>

namespace muster {
namespace {

bool would_block(int error) noexcept {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Result<std::unique_ptr<RedisConnection>> RedisConnection::open(Options options,
                                                               Clock const& clock) {
    auto const deadline = clock.now().steady + options.connect_within;
    auto const socket = connect_redis_socket(options.address, deadline, clock, options.wake);
    if (!socket) {
        return tl::unexpected(socket.error());
    }
    std::unique_ptr<RedisConnection> connection(
        new RedisConnection(*socket, std::move(options), clock));
    auto greeted = connection->greet(deadline);
    if (!greeted) {
        return tl::unexpected(std::move(greeted.error()));
    }
    return connection;
}

RedisConnection::RedisConnection(int socket, Options options, Clock const& clock)
    : socket_(socket), options_(std::move(options)), clock_(clock) {}

RedisConnection::~RedisConnection() {
    ::close(socket_);
}

Result<void> RedisConnection::greet(SteadyTime deadline) {
    auto const& address = options_.address;
    RedisCommands commands;
    if (!address.user.empty()) {
        commands.add({"AUTH", address.user, address.password});
    } else if (!address.password.empty()) {
        commands.add({"AUTH", address.password});
    }
    auto const database = std::to_string(address.database);
    if (address.database != 0) {
        commands.add({"SELECT", database});
    }
    commands.add({"PING"});
    commands.add({"CLIENT", "SETNAME", options_.name});
    auto const replies = exchange(commands, deadline);
    if (!replies) {
        return tl::unexpected(replies.error());
    }
    // That a server does not let us give a name is no reason to leave it.
    for (std::size_t at = 0; at + 1 < replies->size(); ++at) {
        if (auto error = error_of((*replies)[at], "us at " + to_text(address))) {
            error->code = Errc::unavailable;
            return tl::unexpected(*std::move(error));
        }
    }
    return {};
}

bool RedisConnection::is_ended() const noexcept {
    return options_.wake != nullptr && options_.wake->told();
}

Error RedisConnection::lost(std::string_view how) const {
    return {Errc::unavailable,
            "connection to " + to_text(options_.address) + " lost: " + std::string(how)};
}

Result<std::vector<RedisReply>> RedisConnection::ask(RedisCommands const& commands, Millis extra) {
    return exchange(commands, clock_.now().steady + options_.answer_within + extra);
}

/// Reads while it writes: a server that answers the first of many commands must not be held up.
Result<std::vector<RedisReply>> RedisConnection::exchange(RedisCommands const& commands,
                                                          SteadyTime deadline) {
    auto const& bytes = commands.bytes();
    std::vector<RedisReply> replies;
    replies.reserve(commands.count());
    sent_ = 0;
    while (replies.size() < commands.count()) {
        if (sent_ < bytes.size()) {
            auto const taken =
                ::send(socket_, bytes.data() + sent_, bytes.size() - sent_, MSG_NOSIGNAL);
            if (taken < 0 && !would_block(errno)) {
                return tl::unexpected(lost(std::generic_category().message(errno)));
            }
            sent_ += taken > 0 ? static_cast<std::size_t>(taken) : 0;
        }
        int const left = millis_left(deadline, clock_);
        if (left == 0 || is_ended()) {
            return tl::unexpected(lost("it did not answer in time"));
        }
        short const wanted = sent_ < bytes.size() ? POLLIN | POLLOUT : POLLIN;
        if ((poll_one(socket_, wanted, left, options_.wake) & ~POLLOUT) == 0) {
            continue;
        }
        if (auto read = read_some(); !read) {
            return tl::unexpected(std::move(read.error()));
        }
        while (replies.size() < commands.count()) {
            auto reply = reader_.next();
            if (!reply) {
                return tl::unexpected(lost(reply.error().message));
            }
            if (!*reply) {
                break;
            }
            replies.push_back(std::move(**reply));
        }
    }
    return replies;
}

Result<void> RedisConnection::read_some() {
    std::array<char, 65'536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read into
    auto const got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got == 0) {
        return tl::unexpected(lost("the other side closed it"));
    }
    if (got < 0 && !would_block(errno)) {
        return tl::unexpected(lost(std::generic_category().message(errno)));
    }
    if (got > 0) {
        reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
        if (answers_ != nullptr) {
            ++*answers_;
        }
    }
    return {};
}

Result<std::optional<RedisReply>> RedisConnection::hear(SteadyTime until) {
    for (;;) {
        auto reply = reader_.next();
        if (!reply) {
            return tl::unexpected(lost(reply.error().message));
        }
        if (*reply) {
            return reply;
        }
        int const left = millis_left(until, clock_);
        if (poll_one(socket_, POLLIN, left, options_.wake) != 0) {
            if (auto read = read_some(); !read) {
                return tl::unexpected(std::move(read.error()));
            }
        } else if (left == 0 || is_ended()) {
            return std::optional<RedisReply>();
        }
    }
}

Result<void> RedisConnection::say(RedisCommands const& commands) {
    auto const deadline = clock_.now().steady + options_.answer_within;
    auto const& bytes = commands.bytes();
    std::size_t said = 0;
    while (said < bytes.size()) {
        auto const taken = ::send(socket_, bytes.data() + said, bytes.size() - said, MSG_NOSIGNAL);
        if (taken < 0 && !would_block(errno)) {
            return tl::unexpected(lost(std::generic_category().message(errno)));
        }
        said += taken > 0 ? static_cast<std::size_t>(taken) : 0;
        int const left = millis_left(deadline, clock_);
        if (said < bytes.size() && (left == 0 || is_ended())) {
            return tl::unexpected(lost("it takes nothing"));
        }
        if (said < bytes.size()) {
            (void)poll_one(socket_, POLLOUT, left, options_.wake);
        }
    }
    return {};
}

bool RedisConnection::is_stale() const noexcept {
    char byte = 0;
    auto const got = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || !would_block(errno);
}

}  // namespace muster
