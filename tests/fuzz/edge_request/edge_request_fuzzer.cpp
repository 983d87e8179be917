// Whatever a client sends: the reader ends, refuses or waits for more, reads the same in pieces as
// in one, and every request that it gives is answered by the routes with a well-formed answer, by
// the guard of reads too.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <muster/api/assets.hpp>
#include <muster/api/read_routes.hpp>
#include <muster/edge/request_reader.hpp>
#include <muster/edge/response_head.hpp>
#include <muster/memory/simulated_loop.hpp>

namespace {

using muster::Request;
using muster::RequestReader;
using muster::Response;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

struct Seen {
    muster::Method method{muster::Method::get};
    muster::Target target;
    std::string host;
    std::string body;
    bool keep_alive{false};
    bool upgrade{false};

    bool operator==(Seen const&) const = default;
};

struct Read {
    std::vector<Seen> requests;
    unsigned failure{0};

    bool operator==(Read const&) const = default;
};

/// As a connection does: what was not used is fed again with more behind it.
Read read(std::string_view text, std::size_t piece, std::vector<Request>* kept) {
    RequestReader reader({});
    Read read;
    std::string input;
    while (!text.empty() && read.failure == 0) {
        input += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        while (true) {
            auto const used = reader.feed(input);
            require(used <= input.size());
            input.erase(0, used);
            (void)reader.wants_continue();
            if (reader.state() != RequestReader::State::complete) {
                break;
            }
            bool const keep_alive = reader.keep_alive();
            bool const upgrade = reader.upgrade() != nullptr;
            auto request = reader.take();
            read.requests.push_back(
                {request.method, request.target, request.host, request.body, keep_alive, upgrade});
            if (kept != nullptr) {
                kept->push_back(std::move(request));
            }
        }
        if (reader.state() == RequestReader::State::failed) {
            read.failure = reader.failure().status;
            require(read.failure >= 400 && !reader.failure().message.empty());
        }
    }
    return read;
}

/// The routes over an empty hub.
struct Routes {
    Routes() {
        muster::add_read_routes(router, {model, history, loop, loop.now().steady});
        muster::add_assets(router, {});
    }

    muster::SimulatedLoop loop;
    muster::ReadModel model;
    muster::HistoryQueries history{{}, loop};
    muster::Router router{loop, muster::Origins({"https://ops.example"})};
    muster::ReadGuard guard{{"s3cret", sign, {"*"}}};

    static std::string sign(std::string_view key, std::string_view text) {
        return std::string(key) + std::string(text);
    }
};

void require_lines(std::string const& head) {
    require(head.find("\r\n\r\n") == head.size() - 4);
    for (std::size_t at = head.find_first_of("\r\n"); at != std::string::npos;
         at = head.find_first_of("\r\n", at + 2)) {
        require(head.compare(at, 2, "\r\n") == 0);
    }
}

void judge(Routes const& routes, Request const& request) {
    if (auto const refused = routes.guard.refuse(request, routes.loop.now().wall)) {
        require(refused->status == 401 && refused->body.size() > 0);
        std::string head;
        muster::append_response_head(head, *refused, {});
        require_lines(head);
    }
}

void answer(Routes& routes, Request request) {
    std::optional<Response> response;
    routes.router.handle(std::move(request), [&](Response got) {
        require(!response.has_value());
        response = std::move(got);
    });
    require(response.has_value());
    auto const text = response->body.text();
    if (!text.empty()) {
        require(nlohmann::json::accept(text));
    }
    std::string head;
    muster::append_response_head(head, *response, {});
    require_lines(head);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Routes routes;
    if (size == 0) {
        return 0;
    }
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    std::vector<Request> requests;
    auto const whole = read(text, std::max<std::size_t>(text.size(), 1), &requests);
    for (std::size_t const piece : {std::size_t{1}, std::size_t{1} + data[0] % 61U}) {
        auto const in_pieces = read(text, piece, nullptr);
        require(in_pieces.requests == whole.requests);
        // Headers that came in pieces are judged at their end: what is wrong may still be waited
        // for.
        require(in_pieces.failure == whole.failure || in_pieces.failure == 0);
    }
    for (auto& request : requests) {
        judge(routes, request);
        answer(routes, std::move(request));
    }
    return 0;
}
