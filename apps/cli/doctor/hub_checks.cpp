#include <cli/doctor/hub_checks.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <cli/client/hub_client.hpp>
#include <muster/codec/hub_answers.hpp>

namespace muster {
namespace {

constexpr Millis kClocksMayDiffer{2'000};
constexpr std::string_view kGiveToken =
    "give the hub's own token with --token-file, --token or MUSTER_TOKEN";

/// Whether a hub answers; the time by its clock.
std::optional<WallTime> check_life(HubClient const& hub, Report const& report) {
    auto const where = to_text(hub.address().url);
    auto const body = hub.get("/health");
    if (!body) {
        report({"hub", Finding::warning, body.error().message, {}});
        return std::nullopt;
    }
    auto const life = read_health_answer(*body);
    if (!life) {
        report({"hub", Finding::failure, "what answers at " + where + " is no hub",
                "name the hub with --hub or MUSTER_URL"});
        return std::nullopt;
    }
    auto const uptime = std::chrono::seconds(static_cast<std::int64_t>(life->uptime_s));
    report({"hub", Finding::ok, "answers at " + where + ", up for " + format_duration(uptime), {}});
    return life->at;
}

void check_ready(HubClient const& hub, Report const& report) {
    HubCall call;
    call.path = "/ready";
    auto const reply = hub.call(call);
    auto const life = reply ? read_ready_answer(reply->body)
                            : Result<AnsweredLife>(tl::unexpected(reply.error()));
    if (!life) {
        report({"ready", Finding::failure, life.error().message, "look at the hub's log"});
    } else if (!life->ready) {
        report({"ready", Finding::failure, "the hub is not ready: " + life->problem,
                "look at its log; a full or read-only disk is the usual reason"});
    } else {
        report({"ready", Finding::ok, "journal and store work", {}});
    }
}

void check_websocket(HubClient const& hub, Report const& report) {
    HubCall call;
    call.path = "/ws/status";
    call.upgrade = true;
    auto const reply = hub.call(call);
    if (!reply) {
        report({"websocket", Finding::failure, reply.error().message, {}});
    } else if (reply->status == 401) {
        report({"websocket", Finding::failure, "reads need the hub's token (auth.reads)",
                std::string(kGiveToken)});
    } else if (reply->status != 101) {
        report({"websocket", Finding::failure,
                "the upgrade is answered with HTTP " + std::to_string(reply->status),
                "have the proxy before the hub pass Upgrade and Connection on"});
    } else {
        report({"websocket", Finding::ok, "live views work", {}});
    }
}

/// A registration that cannot be one: whoever may change something is told what is wrong with it.
void check_token(HubClient const& hub, Report const& report) {
    bool const has_token = !hub.address().token.empty();
    HubCall call;
    call.method = CallMethod::post;
    call.path = "/api/services";
    call.body = "{}";
    auto const reply = hub.call(call);
    if (!reply) {
        report({"token", Finding::failure, reply.error().message, {}});
        return;
    }
    if (reply->status == 400) {
        report({"token",
                Finding::ok,
                has_token ? "the token is accepted" : "changes are taken from here without a token",
                {}});
        return;
    }
    auto const told = read_answer_data(reply->body);
    auto const words = told ? "HTTP " + std::to_string(reply->status) : told.error().message;
    bool const refused = reply->status == 401 || reply->status == 403;
    report({"token", has_token || !refused ? Finding::failure : Finding::warning,
            "changes are refused: " + words, std::string(refused ? kGiveToken : "")});
}

}  // namespace

Diagnosis clock_diagnosis(WallTime now) {
    using std::chrono::year;
    WallTime const first{std::chrono::sys_days{year{2024} / 1 / 1}};
    WallTime const last{std::chrono::sys_days{year{2100} / 1 / 1}};
    if (now < first || now > last) {
        return {"clock", Finding::failure, "this machine says that it is " + to_rfc3339(now),
                "set the clock: certificates and history go by it"};
    }
    return {"clock", Finding::ok, to_rfc3339(now), {}};
}

Diagnosis clocks_diagnosis(WallTime ours, WallTime hubs) {
    auto const apart = ours > hubs ? ours - hubs : hubs - ours;
    if (apart > kClocksMayDiffer) {
        return {"hub's clock", Finding::warning,
                "it is " + format_duration(apart) + (hubs > ours ? " ahead of" : " behind") +
                    " this machine's",
                "let both machines keep their time by NTP"};
    }
    return {"hub's clock", Finding::ok, "agrees with this machine's", {}};
}

void check_hub(HubAddress const& address, WallTime now, Report const& report) {
    HubClient const hub(address);
    auto const at = check_life(hub, report);
    if (!at) {
        return;
    }
    report(clocks_diagnosis(now, *at));
    check_ready(hub, report);
    check_websocket(hub, report);
    check_token(hub, report);
}

}  // namespace muster
