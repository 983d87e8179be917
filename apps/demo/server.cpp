#include <demo/server.hpp>

#include <atomic>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/socket.h>

#include <httplib.h>

#include <demo/chaos.hpp>
#include <demo/json.hpp>

namespace muster::demo {
namespace {

constexpr std::size_t kThreads = 48;
constexpr std::size_t kMostHeld = 20;
constexpr int kBacklog = 128;
constexpr std::size_t kMaxBody = 16 * 1024;
constexpr std::size_t kDefaultLogLimit = 100;
constexpr std::size_t kMaxLogLimit = 1'000;
constexpr auto kMaxLogOffset = static_cast<std::size_t>(1'000'000'000);

void answer(httplib::Response& response, int status, std::string const& body) {
    response.status = status;
    response.set_content(body, "application/json");
}

/// A whole number of a query; nothing where it is missing.
Result<std::size_t> query_number(httplib::Request const& request, char const* name,
                                 std::size_t fallback, std::size_t least, std::size_t most) {
    if (!request.has_param(name)) {
        return fallback;
    }
    auto const text = request.get_param_value(name);
    auto value = std::size_t{};
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value < least || value > most) {
        return failure(Errc::invalid, std::string{name} + ": must be a whole number from " +
                                          std::to_string(least) + " to " + std::to_string(most) +
                                          ", not \"" + text + "\"");
    }
    return value;
}

/// cpp-httplib sets SO_REUSEPORT, with which two programs share a port without a word.
void socket_options(socket_t socket) {
    auto const yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/// cpp-httplib listens with a backlog of five: of a burst of connections most would wait a second
/// or three for their next SYN.
class Http : public httplib::Server {
public:
    void widen_backlog() { ::listen(svr_sock_, kBacklog); }
};

}  // namespace

struct Server::Impl {
    Impl(Project& the_project, std::function<void()> on_die)
        : project{the_project}, die{std::move(on_die)} {
        http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
        http.set_socket_options(socket_options);
        http.set_payload_max_length(kMaxBody);
        http.set_tcp_nodelay(true);
        add_routes();
    }

    /// A route of the project itself, which chaos gets hold of; those of /chaos stay reachable.
    template <class Answer>
    void get(char const* path, Answer give) {
        http.Get(path, [this, give](httplib::Request const& request, httplib::Response& response) {
            auto const chaos = suffer(response);
            if (chaos) {
                give(request, response, *chaos);
            }
        });
    }

    void add_routes() {
        get("/health", [this](auto const&, auto& response, ChaosMode chaos) {
            auto const running = chaos != ChaosMode::unhealthy;
            answer(response, 200, health_json(project.figures(), project.now().wall, running));
        });
        get("/metrics", [this](auto const&, auto& response, ChaosMode) {
            answer(response, 200, metrics_json(project.figures()));
        });
        get("/status", [this](auto const&, auto& response, ChaosMode chaos) {
            auto const running = chaos != ChaosMode::unhealthy;
            answer(response, 200, status_json(project.figures(), project.now().wall, running));
        });
        get("/logs",
            [this](auto const& request, auto& response, ChaosMode) { logs(request, response); });
        http.Get("/chaos", [this](auto const&, auto& response) {
            answer(response, 200, chaos_json(project.chaos()));
        });
        http.Post("/chaos",
                  [this](auto const& request, auto& response) { order(request, response); });
        http.Get("/", [this](auto const&, auto& response) {
            answer(response, 200, about_json(project.who()));
        });
        http.set_error_handler([](auto const& request, auto& response) {
            if (response.body.empty()) {
                auto const what = response.status == 404 ? "nothing at " + request.path
                                                         : std::string{"request refused"};
                answer(response, response.status, error_json(what));
            }
        });
    }

    /// Waits as the chaos wants. Nothing: the answer is given already.
    std::optional<ChaosMode> suffer(httplib::Response& response) {
        auto const round = held.round();
        auto const chaos = project.chaos();
        if (chaos.mode == ChaosMode::slow || chaos.mode == ChaosMode::hang) {
            auto const wait =
                chaos.mode == ChaosMode::slow ? std::optional{chaos.delay} : chaos.lasts;
            if (held.hold(round, wait) != HeldRequests::Ended::in_time) {
                answer(response, 503, error_json("let go while waiting"));
                return std::nullopt;
            }
        }
        auto const after = project.chaos().mode;
        if (after == ChaosMode::fail) {
            answer(response, 500, error_json("failing because chaos was ordered"));
            return std::nullopt;
        }
        return after;
    }

    void logs(httplib::Request const& request, httplib::Response& response) {
        auto const limit = query_number(request, "limit", kDefaultLogLimit, 1, kMaxLogLimit);
        auto const offset = query_number(request, "offset", 0, 0, kMaxLogOffset);
        if (!limit || !offset) {
            auto const& error = limit ? offset.error() : limit.error();
            answer(response, 400, error_json(error.message));
            return;
        }
        answer(response, 200, logs_json(project.log(*limit, *offset)));
    }

    void order(httplib::Request const& request, httplib::Response& response) {
        auto const chaos = parse_chaos(request.body);
        if (!chaos) {
            answer(response, 400, error_json(chaos.error().message));
            return;
        }
        if (chaos->mode == ChaosMode::die) {
            die();  // in a program this does not come back, and the client sees the connection end
            answer(response, 202, chaos_json(*chaos));
            return;
        }
        project.set_chaos(*chaos);
        held.release();
        answer(response, 200, chaos_json(project.chaos()));
    }

    Project& project;
    std::function<void()> die;
    HeldRequests held{kMostHeld};
    Http http;
    std::atomic<bool> ended{false};
    std::thread listener;  // last: joined before anything it uses goes
};

Server::Server(Project& project, std::function<void()> die)
    : impl_{std::make_unique<Impl>(project, std::move(die))} {}

Server::~Server() {
    stop();
}

Result<std::uint16_t> Server::start(ListenOn const& where) {
    auto port = static_cast<int>(where.port);
    if (port == 0) {
        port = impl_->http.bind_to_any_port(where.host);
    } else if (!impl_->http.bind_to_port(where.host, port)) {
        port = -1;
    }
    if (port <= 0) {
        return failure(Errc::unavailable, "cannot listen on " + where.host + ":" +
                                              std::to_string(where.port) +
                                              ": address in use or not of this machine");
    }
    impl_->http.widen_backlog();
    impl_->listener = std::thread{[this] {
        impl_->http.listen_after_bind();
        impl_->ended = true;
    }};
    // A stop() before the listener runs would be lost.
    while (!impl_->http.is_running() && !impl_->ended) {
        std::this_thread::yield();
    }
    return static_cast<std::uint16_t>(port);
}

void Server::stop() {
    impl_->held.close();
    impl_->http.stop();
    if (impl_->listener.joinable()) {
        impl_->listener.join();
    }
}

}  // namespace muster::demo
