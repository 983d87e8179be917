#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace muster::bench {

/// The body of an answer of 127.0.0.1 with 200, on a connection of its own; empty: another answer,
/// or none.
[[nodiscard]] std::string get_body(std::uint16_t port, std::string const& path);

/// Asks a server of 127.0.0.1 over kept connections, one request at a time on each. Answers other
/// than 200 and 503 throw std::runtime_error.
class HttpLoad {
public:
    /// `paths` are asked for in turn.
    HttpLoad(std::uint16_t port, std::vector<std::string> const& paths, std::size_t connections);
    ~HttpLoad();
    HttpLoad(HttpLoad const&) = delete;
    HttpLoad& operator=(HttpLoad const&) = delete;

    /// Closed loop: `count` requests, on every connection the next as soon as one is answered.
    void ask(std::size_t count);

    struct Latencies {
        double half{0};  ///< Milliseconds.
        double most{0};  ///< 99 of 100.
        double asked{0};
        double refused{0};  ///< Of them, with 503; their time counts too.
    };
    /// Open loop: requests are due at even times, whatever became of those before, and wait where
    /// every connection is busy. Latency counts from the due time to the last byte of the answer;
    /// of a server that cannot follow to the end of its patience, the same time again.
    [[nodiscard]] Latencies ask_at_rate(double per_second, double seconds);

private:
    struct Connection {
        int descriptor{-1};
        bool in_body{false};
        bool chunked{false};
        std::size_t left{0};  ///< Of the body, where it is not chunked.
        std::string kept{};   ///< The head so far, or the end of a chunked body.
        double due{0};
    };

    void begin(std::size_t index, double due);
    void poll(double until);
    void read(std::size_t index);
    /// Whether the answer ended with these bytes.
    [[nodiscard]] bool take(Connection& connection, char const* bytes, std::size_t size);

    std::vector<std::string> requests_;
    std::vector<Connection> connections_;
    std::deque<std::size_t> idle_;
    std::vector<double> latencies_;
    std::vector<char> buffer_;
    int poll_;
    std::size_t asked_{0};
    std::size_t answered_{0};
    std::size_t refused_{0};
};

}  // namespace muster::bench
