#include "dns_server.hpp"

#include <array>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;

constexpr std::size_t kHeader = 12;  // RFC 1035 section 4.1.1
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeAaaa = 28;

struct Asked {
    std::string name;
    std::uint16_t type{0};
    std::string question;  ///< As it came.
    std::string id;
};

std::uint16_t number_at(std::string const& bytes, std::size_t at) {
    return static_cast<std::uint16_t>((static_cast<unsigned char>(bytes.at(at)) << 8U) |
                                      static_cast<unsigned char>(bytes.at(at + 1)));
}

void append(std::string& bytes, std::uint32_t number, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
    }
}

Asked read_question(std::string const& message) {
    Asked asked;
    asked.id = message.substr(0, 2);
    auto at = kHeader;
    while (message.at(at) != 0) {
        auto const size = static_cast<std::size_t>(message.at(at));
        asked.name += (asked.name.empty() ? "" : ".") + message.substr(at + 1, size);
        at += size + 1;
    }
    asked.type = number_at(message, at + 1);
    asked.question = message.substr(kHeader, at + 5 - kHeader);
    return asked;
}

std::string record(std::string const& address, std::uint32_t ttl) {
    auto const parsed = ip::make_address(address);
    std::string bytes("\xc0\x0c", 2);  // the name of the question
    append(bytes, parsed.is_v4() ? kTypeA : kTypeAaaa, 2);
    append(bytes, 1, 2);  // IN
    append(bytes, ttl, 4);
    if (parsed.is_v4()) {
        auto const raw = parsed.to_v4().to_bytes();
        append(bytes, raw.size(), 2);
        bytes.append(raw.begin(), raw.end());
    } else {
        auto const raw = parsed.to_v6().to_bytes();
        append(bytes, raw.size(), 2);
        bytes.append(raw.begin(), raw.end());
    }
    return bytes;
}

std::string message(Asked const& asked, unsigned code, bool truncated,
                    std::vector<std::string> const& records) {
    std::string bytes = asked.id;
    append(bytes, 0x8180U | (truncated ? 0x0200U : 0U) | code, 2);
    append(bytes, 1, 2);
    append(bytes, static_cast<std::uint32_t>(records.size()), 2);
    append(bytes, 0, 4);
    bytes += asked.question;
    for (auto const& one : records) {
        bytes += one;
    }
    return bytes;
}

std::string answer_to(Asked const& asked, DnsScript const& script, bool over_tcp) {
    constexpr unsigned kServFail = 2;
    constexpr unsigned kNxDomain = 3;
    constexpr unsigned kRefused = 5;
    using Way = DnsScript::Way;
    auto const way = asked.type == kTypeAaaa && script.way_of_v6 ? *script.way_of_v6 : script.way;
    std::vector<std::string> records;
    for (auto const& address : asked.type == kTypeA ? script.v4 : script.v6) {
        records.push_back(record(address, script.ttl));
    }
    switch (way) {
        case Way::answer:
            return message(asked, 0, false, records);
        case Way::no_name:
            return message(asked, kNxDomain, false, {});
        case Way::fail:
            return message(asked, kServFail, false, {});
        case Way::refuse:
            return message(asked, kRefused, false, {});
        case Way::silence:
            return {};
        case Way::garbage:
            return "no DNS message at all";
        case Way::broken: {
            auto const whole = message(asked, 0, false, {record("127.0.0.1", 60)});
            return whole.substr(0, whole.size() - 3);
        }
        case Way::other_name: {
            auto other = asked;
            other.question = std::string(
                                 "\x05other\x07"
                                 "example\0",
                                 15) +
                             asked.question.substr(asked.question.size() - 4);
            return message(other, 0, false, {record("127.0.0.66", 60)});
        }
        case Way::truncate:
            return over_tcp ? message(asked, 0, false, records) : message(asked, 0, true, {});
    }
    return {};
}

}  // namespace

struct DnsServer::State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, ip::address const& host, std::uint16_t port)
        : udp(context), acceptor(context) {
        take_port(context, host, port);
        udp.set_option(asio::socket_base::receive_buffer_size(4 * 1024 * 1024));
    }

    /// Both protocols on one port: one that is free for the first may be taken for the second.
    void take_port(asio::io_context& context, ip::address const& host, std::uint16_t port) {
        constexpr int kAttempts = 50;
        for (int attempt = 1;; ++attempt) {
            udp = ip::udp::socket(context, {host, port});
            try {
                acceptor = ip::tcp::acceptor(context, {host, udp.local_endpoint().port()});
                return;
            } catch (boost::system::system_error const&) {
                if (port != 0 || attempt == kAttempts) {
                    throw;
                }
            }
        }
    }

    [[nodiscard]] DnsScript script_for(std::string const& name) const {
        auto const known = scripts.find(name);
        return known == scripts.end() ? unknown(name) : known->second;
    }

    void receive() {
        udp.async_receive_from(asio::buffer(room), from,
                               [self = shared_from_this()](auto const& error, std::size_t size) {
                                   if (error) {
                                       return;
                                   }
                                   self->take(std::string(self->room.data(), size));
                                   self->receive();
                               });
    }

    void take(std::string const& bytes) {
        auto const asked = read_question(bytes);
        ++counts[asked.name];
        auto const script = script_for(asked.name);
        auto answer = answer_to(asked, script, false);
        if (answer.empty()) {
            return;
        }
        if (script.delay == Millis(0)) {
            send(answer, from);
            return;
        }
        auto timer = std::make_shared<asio::steady_timer>(udp.get_executor(), script.delay);
        timer->async_wait([self = shared_from_this(), timer, answer = std::move(answer),
                           to = from](auto const&) { self->send(answer, to); });
    }

    void send(std::string const& answer, ip::udp::endpoint const& to) {
        boost::system::error_code ignored;
        udp.send_to(asio::buffer(answer), to, 0, ignored);
    }

    void accept() {
        acceptor.async_accept([self = shared_from_this()](auto const& error, ip::tcp::socket peer) {
            if (!error) {
                self->serve(std::make_shared<ip::tcp::socket>(std::move(peer)));
                self->accept();
            }
        });
    }

    /// Messages with their length before them (RFC 1035 section 4.2.2).
    void serve(std::shared_ptr<ip::tcp::socket> const& peer) {
        auto bytes = std::make_shared<std::string>(2, '\0');
        asio::async_read(*peer, asio::buffer(*bytes),
                         [self = shared_from_this(), peer, bytes](auto const& error, std::size_t) {
                             if (!error) {
                                 bytes->resize(number_at(*bytes, 0));
                                 self->serve_body(peer, bytes);
                             }
                         });
    }

    void serve_body(std::shared_ptr<ip::tcp::socket> const& peer,
                    std::shared_ptr<std::string> const& bytes) {
        asio::async_read(*peer, asio::buffer(*bytes),
                         [self = shared_from_this(), peer, bytes](auto const& error, std::size_t) {
                             if (error) {
                                 return;
                             }
                             auto const asked = read_question(*bytes);
                             ++self->over_tcp;
                             auto const answer =
                                 answer_to(asked, self->script_for(asked.name), true);
                             std::string framed;
                             append(framed, static_cast<std::uint32_t>(answer.size()), 2);
                             boost::system::error_code ignored;
                             asio::write(*peer, asio::buffer(framed + answer), ignored);
                             self->serve(peer);
                         });
    }

    ip::udp::socket udp;
    ip::tcp::acceptor acceptor;
    std::map<std::string, DnsScript> scripts;
    std::function<DnsScript(std::string const&)> unknown{[](std::string const& /*name*/) {
        DnsScript script;
        script.way = DnsScript::Way::no_name;
        return script;
    }};
    std::map<std::string, std::size_t> counts;
    std::size_t over_tcp{0};
    std::array<char, 2048> room{};
    ip::udp::endpoint from;
};

DnsServer::DnsServer(asio::io_context& context, std::string const& host, std::uint16_t port)
    : state_(std::make_shared<State>(context, ip::make_address(host), port)) {
    state_->receive();
    state_->accept();
}

DnsServer::~DnsServer() {
    boost::system::error_code ignored;
    state_->udp.close(ignored);
    state_->acceptor.close(ignored);
}

void DnsServer::set(std::string const& name, DnsScript script) {
    state_->scripts.insert_or_assign(name, std::move(script));
}

void DnsServer::otherwise(std::function<DnsScript(std::string const&)> script) {
    state_->unknown = std::move(script);
}

std::string DnsServer::address() const {
    return state_->udp.local_endpoint().address().to_string() + ":" + std::to_string(port());
}

std::uint16_t DnsServer::port() const {
    return state_->udp.local_endpoint().port();
}

std::size_t DnsServer::asked(std::string const& name) const {
    auto const known = state_->counts.find(name);
    return known == state_->counts.end() ? 0 : known->second;
}

std::size_t DnsServer::asked_over_tcp() const {
    return state_->over_tcp;
}

}  // namespace muster
