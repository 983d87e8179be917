#include <muster/http/http_inspection.hpp>

#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <muster/http/http_client.hpp>
#include <muster/http/phase_sum.hpp>
#include <muster/http/request_text.hpp>

namespace muster {
namespace {

bool has_scheme(std::string_view target) noexcept {
    return target.starts_with("http://") || target.starts_with("https://");
}

std::string_view without_port(std::string_view host_and_port) noexcept {
    auto const end = host_and_port.rfind(':');
    return host_and_port.find(':') == end ? host_and_port.substr(0, end) : host_and_port;
}

/// An answer that never has a body says by its status how long that is (RFC 9110 sections 15.3.5,
/// 15.4.5).
std::optional<std::uint64_t> length_of(AnswerHead const& head) noexcept {
    if (head.status == 204 || head.status == 304) {
        return 0;
    }
    return head.chunked ? std::nullopt : head.length;
}

}  // namespace

HttpInspection::~HttpInspection() {
    if (exchange_ != nullptr) {
        exchange_->cancel();
    }
}

void HttpInspection::start(InspectionSpec const& spec) {
    findings_.http.emplace();
    auto url = parse_url(has_scheme(spec.target) ? spec.target : "http://" + spec.target);
    if (!url) {
        end_soon(std::move(url.error().message));
        return;
    }
    spec_.url = *std::move(url);
    secrets_.emplace(spec_.url);
    spec_.tls.server_name = spec_.url.host;
    if (!spec.hostname.empty()) {
        spec_.headers.push_back({"Host", spec.hostname});
        spec_.tls.server_name = without_port(spec.hostname);
    }
    look_up(spec_.url.host);
}

/// The address takes the name's place, and the name goes where it is looked for.
void HttpInspection::go_to(boost::asio::ip::address const& address) {
    auto request = spec_;
    request.url.host = address.to_string();
    if (find_header(request.headers, "Host") == nullptr) {
        request.headers.push_back({"Host", host_header(spec_.url)});
    }
    send(request);
}

void HttpInspection::send(RequestSpec const& request) {
    tls_.reset();
    auto prepared = parts_.http.prepare(request.url, {.max_body_kept = 0,
                                                      .tls = request.tls,
                                                      .headers = request.headers,
                                                      .max_body_read = kMostBody,
                                                      .alone = true});
    if (!prepared) {
        findings_.error = std::move(prepared.error().message);
        finish();
        return;
    }
    request_ = *std::move(prepared);
    if (request.url.scheme == "https") {
        parts_.last_secure = request_.authority;
    }
    exchange_ = parts_.http.start(request_, time_left(), true, *this);
}

void HttpInspection::handshaken(TlsStream const& stream) {
    tls_ = stream.findings();
}

void HttpInspection::exchanged(HttpAnswer const& answer) {
    exchange_ = nullptr;
    add_up(answer);
    if (!answer.failure && follow(answer)) {
        return;
    }
    tell(answer);
    finish();
}

void HttpInspection::add_up(HttpAnswer const& answer) {
    auto& phases = findings_.http->phases;
    add_phase(phases.dns, answer.phases.dns);
    add_phase(phases.connect, answer.phases.connect);
    add_phase(phases.tls, answer.phases.tls);
    add_phase(phases.first_byte, answer.phases.first_byte);
}

/// True: the answer is a redirect, and is being followed; the object may be gone. One that leads
/// nowhere is the last answer.
bool HttpInspection::follow(HttpAnswer const& answer) {
    auto const& head = answer.head;
    if (!is_redirect(head.status) || head.location.empty()) {
        return false;
    }
    if (++findings_.http->redirects > kMostRedirects) {
        findings_.error = fmt::format("too many redirects: more than {}", kMostRedirects);
        return false;
    }
    auto next = redirected(spec_, head.status, head.location);
    if (!next) {
        findings_.error = std::move(next.error().message);
        return false;
    }
    spec_ = *std::move(next);
    send(spec_);
    return true;
}

void HttpInspection::tell(HttpAnswer const& answer) {
    auto& http = *findings_.http;
    auto const& head = answer.head;
    http.phases.transfer = answer.phases.transfer;
    if (head.status != 0) {
        http.status = head.status;
        http.minor_version = head.minor_version;
        http.content_length = length_of(head);
        // The body of the redirect that is one too many counts for nobody.
        http.body_length = http.redirects > kMostRedirects ? 0 : answer.body_size;
        http.last_modified = head.last_modified;
        findings_.tls = std::move(tls_);
    }
    findings_.passed = !answer.failure && head.status >= 200 && head.status <= 299;
    if (answer.failure) {
        findings_.error = answer.failure->text;
    } else if (!findings_.passed && findings_.error.empty()) {
        findings_.error = fmt::format("HTTP error: {}", head.status);
    }
    secrets_->hide_in(findings_.error);
    Secrets(spec_.url).hide_in(findings_.error);  // of where a redirect led
}

}  // namespace muster
