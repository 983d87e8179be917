#include <muster/codec/envelope_json.hpp>

#include <muster/codec/json_text.hpp>

namespace muster {

std::string_view envelope_head() noexcept {
    return R"({"success":true,"data":)";
}

std::string envelope_tail(WallTime now) {
    std::string out = R"(,"timestamp":)";
    append_json_time(out, now);
    out += '}';
    return out;
}

std::string envelope_tail(std::uint64_t total, WallTime now) {
    std::string out = R"(,"total":)";
    append_json_number(out, total);
    return out + envelope_tail(now);
}

std::string error_envelope(std::string_view message, std::string_view code, WallTime now) {
    std::string out;
    JsonObject object(out);
    object.boolean("success", false);
    object.text("error", message);
    object.text("code", code);
    object.time("timestamp", now);
    object.close();
    return out;
}

std::string health_json(Millis uptime, WallTime now) {
    std::string out;
    JsonObject object(out);
    object.text("status", "healthy");
    object.number("uptime", static_cast<double>(uptime.count()) / 1000);
    object.time("timestamp", now);
    object.close();
    return out;
}

std::string ready_json(std::string_view error) {
    std::string out;
    JsonObject object(out);
    object.boolean("ready", error.empty());
    if (!error.empty()) {
        object.text("error", error);
    }
    object.close();
    return out;
}

}  // namespace muster
