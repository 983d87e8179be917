#include <muster/edge/request_reader.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <muster/api/target.hpp>

namespace muster {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using ErrorCode = beast::error_code;

std::string_view view_of(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

Method method_of(http::verb verb) noexcept {
    switch (verb) {
        case http::verb::get:
            return Method::get;
        case http::verb::head:
            return Method::head;
        case http::verb::post:
            return Method::post;
        case http::verb::put:
            return Method::put;
        case http::verb::patch:
            return Method::patch;
        case http::verb::delete_:
            return Method::del;
        case http::verb::options:
            return Method::options;
        default:
            return Method::other;
    }
}

/// Takes what routes need out of the events of Beast's parser; keeps no other header.
class Parser final : public http::basic_parser<true> {
public:
    explicit Parser(RequestReader::Limits const& limits) : limits_(limits) {
        eager(true);
        header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        body_limit(limits.body_bytes);
    }

    Request request;
    RequestReader::Upgrade upgrade_request;
    RequestReader::Failure failure;  ///< An empty message: Beast's own error tells.
    bool http10{false};
    bool asks_for_websocket{false};
    bool expects_continue{false};

private:
    void on_request_impl(http::verb method, beast::string_view /*name*/, beast::string_view target,
                         int version, ErrorCode& error) override {
        http10 = version == 10;
        request.method = method_of(method);
        if (target.size() > limits_.url_bytes) {
            refuse(414, "the URL is longer than " + std::to_string(limits_.url_bytes) + " bytes",
                   error);
            return;
        }
        auto parsed = muster::parse_target(view_of(target));
        if (!parsed) {
            refuse(400, std::move(parsed.error().message), error);
            return;
        }
        request.target = std::move(*parsed);
    }

    void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                       ErrorCode& error) override {
        if (in_body_) {
            return;  // a trailer
        }
        switch (field) {
            case http::field::host:
                if (std::exchange(has_host_, true)) {
                    refuse(400, "the Host header must be given once", error);
                    return;
                }
                request.host = view_of(value);
                break;
            case http::field::origin:
                request.origin = view_of(value);
                break;
            case http::field::content_type:
                request.content_type = view_of(value);
                break;
            case http::field::authorization:
                request.authorization = view_of(value);
                break;
            case http::field::accept_encoding:
                request.accept_encoding += request.accept_encoding.empty() ? "" : ", ";
                request.accept_encoding += view_of(value);
                break;
            case http::field::cookie:
                request.cookie += request.cookie.empty() ? "" : "; ";
                request.cookie += view_of(value);
                break;
            case http::field::if_none_match:
                request.if_none_match += request.if_none_match.empty() ? "" : ", ";
                request.if_none_match += view_of(value);
                break;
            case http::field::transfer_encoding:
                has_coding_ = true;
                break;
            case http::field::expect:
                expects_continue = beast::iequals(value, "100-continue");
                if (!expects_continue) {
                    refuse(417, "the only Expect that is met is 100-continue", error);
                }
                break;
            case http::field::upgrade:
                asks_for_websocket = beast::iequals(value, "websocket");
                break;
            case http::field::sec_websocket_key:
                upgrade_request.key = view_of(value);
                break;
            case http::field::sec_websocket_version:
                upgrade_request.version = view_of(value);
                break;
            case http::field::forwarded:
                request.forwarded = true;
                break;
            default:
                if (beast::iequals(name, "Last-Event-ID")) {
                    request.last_event_id = view_of(value);
                }
                constexpr beast::string_view kForwarded = "X-Forwarded-";
                request.forwarded = request.forwarded ||
                                    beast::iequals(name.substr(0, kForwarded.size()), kForwarded);
                break;
        }
    }

    void on_header_impl(ErrorCode& error) override {
        in_body_ = true;
        asks_for_websocket = asks_for_websocket && upgrade();
        expects_continue = expects_continue && !http10;
        if (!has_host_ && !http10) {
            refuse(400, "the Host header is missing", error);
        } else if (has_coding_ && (!chunked() || http10)) {
            refuse(400, "the only Transfer-Encoding that is understood is chunked", error);
        }
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const& /*length*/,
                           ErrorCode& /*error*/) override {}
    std::size_t on_body_impl(beast::string_view body, ErrorCode& /*error*/) override {
        request.body += view_of(body);
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view /*extensions*/,
                              ErrorCode& /*error*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, beast::string_view body,
                                   ErrorCode& /*error*/) override {
        request.body += view_of(body);
        return body.size();
    }
    void on_finish_impl(ErrorCode& /*error*/) override {}
    void on_response_impl(int /*status*/, beast::string_view /*reason*/, int /*version*/,
                          ErrorCode& /*error*/) override {}

    void refuse(unsigned status, std::string message, ErrorCode& error) {
        failure = {status, std::move(message)};
        error = http::error::bad_value;  // ends the parsing; `failure` tells why
    }

    RequestReader::Limits const limits_;
    bool has_host_{false};
    bool has_coding_{false};
    bool in_body_{false};
};

RequestReader::Failure failure_of(ErrorCode const& error, RequestReader::Limits const& limits) {
    if (error == http::error::header_limit) {
        return {431,
                "the headers are longer than " + std::to_string(limits.header_bytes) + " bytes"};
    }
    if (error == http::error::body_limit) {
        return {413, "the body is longer than " + std::to_string(limits.body_bytes) + " bytes"};
    }
    return {400, "not a readable HTTP request: " + error.message()};
}

}  // namespace

struct RequestReader::Impl {
    explicit Impl(Limits given) : limits(given) { parser.emplace(limits); }

    void fail(Failure why) {
        state = State::failed;
        failure = std::move(why);
    }
    std::size_t feed(std::string_view input);
    void judge(ErrorCode const& error);

    Limits const limits;
    std::optional<Parser> parser;
    State state{State::between};
    Failure failure;
    std::size_t head_bytes{0};  ///< Used of this request before its body.
};

std::size_t RequestReader::Impl::feed(std::string_view input) {
    // No chunked body ends in less than "0 CRLF CRLF", and the parser, asked again behind a last
    // chunk of which that is not yet there, counts on it.
    constexpr std::size_t kShortestEnd = 5;
    if (state == State::body && parser->chunked() && input.size() < kShortestEnd) {
        return 0;
    }
    ErrorCode error;
    auto const used = parser->put(boost::asio::const_buffer(input.data(), input.size()), error);
    if (state == State::head) {
        head_bytes += used;
    }
    judge(error);
    bool const stuck = used == 0 && input.size() >= limits.header_bytes;
    if (state == State::head && (head_bytes > limits.header_bytes || stuck)) {
        fail(failure_of(http::error::header_limit, limits));
    } else if (state == State::body && stuck) {
        fail({400, "the body's chunks cannot be read"});
    }
    return used;
}

void RequestReader::Impl::judge(ErrorCode const& error) {
    if (error && error != http::error::need_more) {
        fail(parser->failure.message.empty() ? failure_of(error, limits)
                                             : std::move(parser->failure));
    } else if (parser->is_done()) {
        state = State::complete;
    } else if (parser->is_header_done()) {
        state = State::body;
    }
}

RequestReader::RequestReader(Limits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view input) {
    auto& impl = *impl_;
    std::size_t used = 0;
    if (impl.state == State::between) {
        // RFC 9112 section 2.2: empty lines before a request are skipped.
        used = std::min(input.find_first_not_of("\r\n"), input.size());
        if (used < input.size()) {
            impl.state = State::head;
        }
    }
    while ((impl.state == State::head || impl.state == State::body) && used < input.size()) {
        auto const now_used = impl.feed(input.substr(used));
        used += now_used;
        if (now_used == 0) {
            break;
        }
    }
    return used;
}

RequestReader::State RequestReader::state() const noexcept {
    return impl_->state;
}

RequestReader::Failure const& RequestReader::failure() const noexcept {
    return impl_->failure;
}

bool RequestReader::wants_continue() noexcept {
    return impl_->state == State::body && std::exchange(impl_->parser->expects_continue, false);
}

bool RequestReader::keep_alive() const noexcept {
    return impl_->parser->keep_alive();
}

bool RequestReader::http10() const noexcept {
    return impl_->parser->http10;
}

RequestReader::Upgrade const* RequestReader::upgrade() const noexcept {
    auto const& parser = *impl_->parser;
    return parser.asks_for_websocket ? &parser.upgrade_request : nullptr;
}

Request RequestReader::take() {
    auto request = std::move(impl_->parser->request);
    impl_->parser.emplace(impl_->limits);
    impl_->state = State::between;
    impl_->head_bytes = 0;
    return request;
}

}  // namespace muster
