// The client of the command line: one blocking call at a time. cpp-httplib bounds single reads and
// writes only, so a thread beside each call ends it when its time is over or the user wants to
// leave.

#include <cli/client/hub_client.hpp>

#include <csignal>
#include <thread>
#include <utility>

#include <httplib.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <muster/codec/hub_answers.hpp>

namespace muster {
namespace {

/// Between two attempts to end a call: one that is just connecting cannot be ended yet.
constexpr Millis kAgain{20};
constexpr Millis kLater{1'000};

/// Ends a client's call when `timeout` is over, unless destroyed before.
class CallWatch {
public:
    CallWatch(httplib::Client& client, Millis timeout, int interrupt)
        : done_(::eventfd(0, EFD_CLOEXEC)) {
        if (done_ >= 0) {
            thread_ = std::thread(
                [this, &client, timeout, interrupt] { watch(client, timeout, interrupt); });
        }
    }

    ~CallWatch() { end(); }

    /// False: the machine has no descriptor left, and nobody would end the call.
    [[nodiscard]] bool watches() const noexcept { return done_ >= 0; }
    CallWatch(CallWatch const&) = delete;
    CallWatch& operator=(CallWatch const&) = delete;

    /// Whether it ended the call.
    bool end() {
        if (thread_.joinable()) {
            std::uint64_t const one = 1;
            [[maybe_unused]] auto const told = ::write(done_, &one, sizeof one);
            thread_.join();
            ::close(done_);
        }
        return ended_;
    }

private:
    void watch(httplib::Client& client, Millis timeout, int interrupt) {
        auto wait = timeout;
        while (true) {
            pollfd entries[] = {{done_, POLLIN, 0}, {ended_ ? -1 : interrupt, POLLIN, 0}};
            static_cast<void>(::poll(entries, 2, poll_timeout(wait)));
            if (entries[0].revents != 0) {
                return;
            }
            ended_ = true;
            client.stop();
            wait = kAgain;
        }
    }

    int const done_;
    bool ended_{false};  // the watching thread's until it is joined
    std::thread thread_;
};

char const* word_of(CallMethod method) noexcept {
    switch (method) {
        case CallMethod::get:
            return "GET";
        case CallMethod::post:
            return "POST";
        case CallMethod::put:
            return "PUT";
        case CallMethod::del:
            return "DELETE";
    }
    return "GET";
}

httplib::Request request_of(HubAddress const& address, HubCall const& call) {
    httplib::Request request;
    request.method = word_of(call.method);
    request.path = with_path(address.url, call.path).target;
    request.headers.emplace("Host", host_header(address.url));
    request.headers.emplace("Accept", "application/json");
    if (!address.token.empty()) {
        request.headers.emplace("Authorization", "Bearer " + address.token);
    }
    if (call.method != CallMethod::get) {
        request.headers.emplace("Content-Type", "application/json");
        request.body = call.body;
    }
    if (call.upgrade) {
        request.headers.emplace("Connection", "Upgrade");
        request.headers.emplace("Upgrade", "websocket");
        request.headers.emplace("Sec-WebSocket-Version", "13");
        // The sample of RFC 6455 section 1.3: what comes back is not used.
        request.headers.emplace("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }
    return request;
}

std::string where_of(HubAddress const& address) {
    return to_text(address.url);
}

Error nobody(HubAddress const& address, httplib::Error why) {
    auto const connected = why != httplib::Error::Connection &&
                           why != httplib::Error::ConnectionTimeout &&
                           why != httplib::Error::BindIPAddress;
    if (connected) {
        return {Errc::unavailable, "what is at " + where_of(address) +
                                       " does not answer by HTTP: is that the hub's port? Name "
                                       "another with --hub or MUSTER_URL"};
    }
    return {Errc::unavailable, "no hub answers at " + where_of(address) +
                                   ": start one (muster up), or name another with --hub or "
                                   "MUSTER_URL"};
}

}  // namespace

HubClient::HubClient(HubAddress address, Interrupt const* interrupt)
    : address_(std::move(address)), interrupt_(interrupt) {
    // A hub that closes while we write must not end us; nor what reads our output, which every
    // loop that prints looks at.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

Result<HubReply> HubClient::call(HubCall const& question) const {
    httplib::Client client(address_.url.host, address_.url.port);
    client.set_connection_timeout(address_.timeout);
    // Longer than the watch's, which decides: whose time was over says what is told.
    client.set_read_timeout(address_.timeout + kLater);
    client.set_write_timeout(address_.timeout + kLater);
    auto request = request_of(address_, question);
    HubReply reply;
    bool too_long = false;
    bool upgraded = false;
    request.response_handler = [&](httplib::Response const& response) {
        upgraded = response.status == 101;
        reply.status = response.status;
        return !upgraded;
    };
    request.content_receiver = [&](char const* bytes, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
        too_long = reply.body.size() + size > kMaxBytes;
        if (!too_long) {
            reply.body.append(bytes, size);
        }
        return !too_long;
    };
    httplib::Response response;
    auto error = httplib::Error::Success;
    CallWatch watch(client, address_.timeout,
                    interrupt_ != nullptr ? interrupt_->descriptor() : -1);
    if (!watch.watches()) {
        return failure(Errc::unavailable, "cannot ask " + where_of(address_) +
                                              ": this process has too many files open (ulimit -n)");
    }
    bool const answered = client.send(request, response, error);
    bool const ended = watch.end();
    if (answered || upgraded) {
        return reply;
    }
    if (too_long) {
        return failure(Errc::full, "the answer of " + where_of(address_) + " is longer than " +
                                       std::to_string(kMaxBytes >> 20U) +
                                       " MB: ask for less, or is that a hub?");
    }
    bool const waited = ended || error == httplib::Error::ConnectionTimeout;
    if (waited) {
        return failure(Errc::timed_out, where_of(address_) + " did not answer within " +
                                            format_duration(address_.timeout) +
                                            ": wait longer with --timeout");
    }
    return tl::unexpected(nobody(address_, error));
}

Result<std::string> HubClient::ask(HubCall const& question) const {
    auto reply = call(question);
    if (!reply) {
        return tl::unexpected(std::move(reply.error()));
    }
    return accepted(*std::move(reply), where_of(address_));
}

Result<std::string> HubClient::get(std::string path) const {
    HubCall question;
    question.path = std::move(path);
    return ask(question);
}

Result<std::string> accepted(HubReply reply, std::string_view from) {
    if (reply.status >= 200 && reply.status < 300) {
        return std::move(reply.body);
    }
    auto const data = read_answer_data(reply.body);
    if (data || data.error().code == Errc::corrupt) {
        return failure(Errc::corrupt, std::string(from) + " answers with HTTP " +
                                          std::to_string(reply.status) +
                                          " and not as a hub does: name another with --hub or "
                                          "MUSTER_URL");
    }
    auto error = data.error();
    if (reply.status == 401 || reply.status == 403) {
        error.message += ": give the hub's token with --token-file, --token or MUSTER_TOKEN";
    }
    return tl::unexpected(std::move(error));
}

}  // namespace muster
