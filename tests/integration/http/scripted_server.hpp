#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <muster/base/time.hpp>

namespace muster {

/// One thing a scripted server does with a connection.
struct ServerStep {
    enum class Kind : std::uint8_t {
        read_request,  ///< Up to an empty line, and a body by its Content-Length.
        send,
        drip,        ///< One byte at a time, with a pause before each.
        repeat,      ///< The same again and again, until the peer ends the connection.
        half_close,  ///< Says that nothing more will come, and goes on reading.
        close,       ///< In good order.
        reset,
        stay,  ///< Says nothing more, until the peer ends the connection.
    };

    Kind kind{Kind::stay};
    std::string text;
    Millis pause{0};
};

namespace step {

inline ServerStep read_request() {
    return {ServerStep::Kind::read_request, {}, {}};
}
inline ServerStep send(std::string text) {
    return {ServerStep::Kind::send, std::move(text), {}};
}
inline ServerStep drip(std::string text, Millis pause) {
    return {ServerStep::Kind::drip, std::move(text), pause};
}
inline ServerStep repeat(std::string text) {
    return {ServerStep::Kind::repeat, std::move(text), {}};
}
inline ServerStep half_close() {
    return {ServerStep::Kind::half_close, {}, {}};
}
inline ServerStep close() {
    return {ServerStep::Kind::close, {}, {}};
}
inline ServerStep reset() {
    return {ServerStep::Kind::reset, {}, {}};
}
inline ServerStep stay() {
    return {ServerStep::Kind::stay, {}, {}};
}

}  // namespace step

using ServerScript = std::vector<ServerStep>;

/// A server on the test's own loop that does with its n-th connection what the n-th script says,
/// and with those after the last script what the last one says. No threads, no sleeping.
class ScriptedServer {
public:
    explicit ScriptedServer(
        boost::asio::io_context& context,
        boost::asio::ip::address const& address = boost::asio::ip::address_v4::loopback())
        : state_(std::make_shared<State>(context, Tcp::endpoint(address, 0))) {
        accept(state_);
    }
    ~ScriptedServer() {
        boost::system::error_code ignored;
        state_->acceptor.close(ignored);
    }
    ScriptedServer(ScriptedServer const&) = delete;
    ScriptedServer& operator=(ScriptedServer const&) = delete;

    void then(ServerScript script) { state_->scripts.push_back(std::move(script)); }

    [[nodiscard]] std::uint16_t port() const { return state_->port; }
    [[nodiscard]] std::string url(std::string_view path = "/health") const {
        return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
    }

    [[nodiscard]] std::size_t accepted() const { return state_->accepted; }
    [[nodiscard]] std::size_t ended() const { return state_->ended; }
    [[nodiscard]] std::vector<std::string> const& requests() const { return state_->requests; }

private:
    using Tcp = boost::asio::ip::tcp;

    struct State {
        State(boost::asio::io_context& context, Tcp::endpoint const& endpoint)
            : acceptor(context, endpoint), port(acceptor.local_endpoint().port()) {}

        Tcp::acceptor acceptor;
        std::uint16_t port;
        std::deque<ServerScript> scripts;
        std::size_t accepted{0};
        std::size_t ended{0};
        std::vector<std::string> requests;
    };

    class Session : public std::enable_shared_from_this<Session> {
    public:
        Session(Tcp::socket socket, std::shared_ptr<State> state, ServerScript script)
            : socket_(std::move(socket)),
              timer_(socket_.get_executor()),
              state_(std::move(state)),
              script_(std::move(script)) {}
        ~Session() { ++state_->ended; }
        Session(Session const&) = delete;
        Session& operator=(Session const&) = delete;

        void next() {
            if (at_ == script_.size()) {
                return;  // the session goes, and its socket with it
            }
            auto& current = script_[at_++];
            switch (current.kind) {
                case ServerStep::Kind::read_request:
                    read();
                    break;
                case ServerStep::Kind::send:
                    write(current.text);
                    break;
                case ServerStep::Kind::drip:
                    drip(current, 0);
                    break;
                case ServerStep::Kind::repeat:
                    repeat(current);
                    break;
                case ServerStep::Kind::half_close: {
                    boost::system::error_code ignored;
                    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
                    next();
                    break;
                }
                case ServerStep::Kind::close:
                    close();
                    break;
                case ServerStep::Kind::reset:
                    socket_.set_option(boost::asio::socket_base::linger(true, 0));
                    close();
                    break;
                case ServerStep::Kind::stay:
                    stay();
                    break;
            }
        }

    private:
        void read() {
            if (auto const size = request_size(); size > 0 && size <= received_.size()) {
                state_->requests.push_back(received_.substr(0, size));
                received_.erase(0, size);
                next();
                return;
            }
            socket_.async_receive(boost::asio::buffer(room_),
                                  [self = shared_from_this()](auto const& error, std::size_t size) {
                                      if (!error) {
                                          self->received_.append(self->room_.data(), size);
                                          self->read();
                                      }
                                  });
        }

        /// 0: its headers have not come yet.
        [[nodiscard]] std::size_t request_size() const {
            constexpr std::string_view kLength = "\r\nContent-Length: ";
            auto const end = received_.find("\r\n\r\n");
            if (end == std::string::npos) {
                return 0;
            }
            auto const length = received_.find(kLength);
            return end + 4 +
                   (length < end ? std::stoul(received_.substr(length + kLength.size())) : 0);
        }

        void write(std::string const& text) {
            boost::asio::async_write(socket_, boost::asio::buffer(text),
                                     [self = shared_from_this()](auto const& error, std::size_t) {
                                         if (!error) {
                                             self->next();
                                         }
                                     });
        }

        void repeat(ServerStep const& current) {
            boost::asio::async_write(
                socket_, boost::asio::buffer(current.text),
                [self = shared_from_this(), &current](auto const& error, std::size_t) {
                    if (!error) {
                        self->repeat(current);
                    }
                });
        }

        void drip(ServerStep const& current, std::size_t at) {
            if (at == current.text.size()) {
                next();
                return;
            }
            timer_.expires_after(current.pause);
            timer_.async_wait([self = shared_from_this(), &current, at](auto const&) {
                boost::asio::async_write(self->socket_,
                                         boost::asio::buffer(current.text.data() + at, 1),
                                         [self, &current, at](auto const& error, std::size_t) {
                                             if (!error) {
                                                 self->drip(current, at + 1);
                                             }
                                         });
            });
        }

        void close() {
            boost::system::error_code ignored;
            socket_.close(ignored);
        }

        void stay() {
            socket_.async_receive(boost::asio::buffer(room_),
                                  [self = shared_from_this()](auto const& error, std::size_t) {
                                      if (!error) {
                                          self->stay();
                                      }
                                  });
        }

        Tcp::socket socket_;
        boost::asio::steady_timer timer_;
        std::shared_ptr<State> state_;
        ServerScript script_;
        std::size_t at_{0};
        std::array<char, 4096> room_{};
        std::string received_;
    };

    static void accept(std::shared_ptr<State> const& state) {
        state->acceptor.async_accept([state](auto const& error, Tcp::socket socket) {
            if (!state->acceptor.is_open()) {
                return;
            }
            if (error) {
                accept(state);
                return;
            }
            ++state->accepted;
            auto script = state->scripts.empty() ? ServerScript{} : state->scripts.front();
            if (state->scripts.size() > 1) {
                state->scripts.pop_front();
            }
            std::make_shared<Session>(std::move(socket), state, std::move(script))->next();
            accept(state);
        });
    }

    std::shared_ptr<State> state_;
};

}  // namespace muster
