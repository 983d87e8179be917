#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <muster/base/time.hpp>

namespace muster {

/// What a DNS server does with the questions for one name.
struct DnsScript {
    enum class Way : std::uint8_t {
        answer,
        no_name,
        fail,  ///< SERVFAIL.
        refuse,
        silence,
        garbage,     ///< Bytes that are no message, and then nothing.
        broken,      ///< A message of the right name whose records are cut.
        other_name,  ///< Answers another question.
        truncate,    ///< Over UDP; over TCP it answers.
    };

    Way way{Way::answer};
    std::vector<std::string> v4{};
    std::vector<std::string> v6{};
    std::uint32_t ttl{60};
    Millis delay{0};
    std::optional<Way> way_of_v6{};  ///< Where AAAA is treated otherwise.
};

/// A real DNS server on loopback, over UDP and TCP, on the test's own loop. Names that it was not
/// told of do not exist.
class DnsServer {
public:
    explicit DnsServer(boost::asio::io_context& context, std::string const& host = "127.0.0.1",
                       std::uint16_t port = 0);
    ~DnsServer();
    DnsServer(DnsServer const&) = delete;
    DnsServer& operator=(DnsServer const&) = delete;

    void set(std::string const& name, DnsScript script);
    /// For names that were not set.
    void otherwise(std::function<DnsScript(std::string const&)> script);

    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::uint16_t port() const;

    /// Questions of one type (A or AAAA) for a name.
    [[nodiscard]] std::size_t asked(std::string const& name) const;
    [[nodiscard]] std::size_t asked_over_tcp() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace muster
