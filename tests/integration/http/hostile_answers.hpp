#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scripted_server.hpp"

namespace muster {

/// A server that means harm, or is broken in a way that looks like it, and never ends by itself.
struct HostileServer {
    std::string name;
    ServerScript script;
};

inline std::string const kOkLine = "HTTP/1.1 200 OK\r\n";
inline std::string const kChunkedHead = kOkLine + "Transfer-Encoding: chunked\r\n\r\n";
inline std::string const kJsonHead =
    kOkLine + "Content-Type: application/json\r\nContent-Length: 9000000000000000000\r\n\r\n";

/// A text said many times over: one write of it fills the prober's buffer more than once.
inline std::string many(std::string const& text, std::size_t bytes = 256U * 1024U) {
    std::string all;
    all.reserve(bytes + text.size());
    while (all.size() < bytes) {
        all += text;
    }
    return all;
}

/// Those that send without end.
inline std::vector<HostileServer> floods() {
    using step::read_request;
    using step::repeat;
    using step::send;
    return {
        {"garbage", {repeat(many("\x80garbage\xff"))}},
        {"zeros", {repeat(std::string(256U * 1024U, '\0'))}},
        {"empty lines", {read_request(), repeat(many("\r\n"))}},
        {"a status line", {read_request(), send("HTTP/1.1 200 "), repeat(many("OK"))}},
        {"one header", {read_request(), send(kOkLine + "X: "), repeat(many("y"))}},
        {"headers", {read_request(), send(kOkLine), repeat(many("X-Flood: yes\r\n"))}},
        {"interim answers", {read_request(), repeat(many("HTTP/1.1 102 Processing\r\n\r\n"))}},
        {"a body", {read_request(), send(kOkLine + "\r\n"), repeat(many("body"))}},
        {"a body of huge length", {read_request(), send(kJsonHead), repeat(many("[[{\"a\":"))}},
        {"small chunks", {read_request(), send(kChunkedHead), repeat(many("1\r\nx\r\n"))}},
        {"one chunk",
         {read_request(), send(kChunkedHead + "ffffffffffffffff\r\n"), repeat(many("x"))}},
        {"a chunk extension", {read_request(), send(kChunkedHead + "1;"), repeat(many("x"))}},
        {"trailers", {read_request(), send(kChunkedHead + "0\r\n"), repeat(many("X: y\r\n"))}},
    };
}

/// Those that hold a probe up.
inline std::vector<HostileServer> stalls() {
    using step::drip;
    using step::read_request;
    using step::send;
    using step::stay;
    std::string const slow(100'000, 'x');
    return {
        {"silence", {stay()}},
        {"a silent answer", {read_request(), stay()}},
        {"half a status line", {read_request(), send("HTTP/1."), stay()}},
        {"a long half of a header",
         {read_request(), send(kOkLine + "X: " + slow.substr(0, 60'000)), stay()}},
        {"dripping headers", {read_request(), drip(kOkLine + "X: " + slow, 5ms)}},
        {"dripping interim answers",
         {read_request(), drip(many("HTTP/1.1 102 Processing\r\n\r\n", 100'000), 5ms)}},
        {"a dripping body", {read_request(), send(kJsonHead), drip(slow, 5ms)}},
        {"dripping chunks", {read_request(), send(kChunkedHead), drip(many("1\r\nx\r\n"), 5ms)}},
        {"dripping trailers",
         {read_request(), send(kChunkedHead + "0\r\n"), drip(many("X: y\r\n"), 5ms)}},
        {"a body that stops", {read_request(), send(kJsonHead + slow), stay()}},
    };
}

}  // namespace muster
