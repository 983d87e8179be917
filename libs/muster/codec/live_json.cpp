#include <muster/codec/live_json.hpp>

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include <muster/base/utf8.hpp>
#include <muster/codec/envelope_json.hpp>
#include <muster/codec/json_sax.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownBytes = 100;

/// Keeps the `type` and the `channels` of the top-level object; of what is there twice the last.
class MessageReader : public detail::SaxReader {
public:
    bool key(std::string const& name) {
        if (depth() == 1) {
            field_ = name == "type"       ? Field::type
                     : name == "channels" ? Field::channels
                                          : Field::other;
        }
        return true;
    }
    bool null() { return scalar(); }
    bool boolean(bool /*value*/) { return scalar(); }
    bool number_integer(std::int64_t /*value*/) { return scalar(); }
    bool number_unsigned(std::uint64_t /*value*/) { return scalar(); }
    bool number_float(double /*value*/, std::string const& /*text*/) { return scalar(); }
    bool string(std::string& text) {
        if (depth() == 1 && object_ && field_ == Field::type) {
            type_ = std::move(text);
        } else if (in_channels()) {
            if (channels_.size() == ClientMessage::kMaxChannels) {
                too_many_ = true;
                return false;
            }
            channels_.push_back(std::move(text));
        } else {
            return scalar();
        }
        return true;
    }
    bool start_object(std::size_t size) {
        object_ = object_ || depth() == 0;
        return scalar() && SaxReader::start_object(size);
    }
    bool start_array(std::size_t size) {
        if (depth() == 1 && object_ && field_ == Field::channels) {
            channels_.clear();
            list_ = true;
            bad_channel_ = false;
        } else {
            scalar();
        }
        return SaxReader::start_array(size);
    }

    [[nodiscard]] bool object() const noexcept { return object_; }
    [[nodiscard]] bool too_many() const noexcept { return too_many_; }
    [[nodiscard]] std::optional<std::string> const& type() const noexcept { return type_; }
    [[nodiscard]] bool names_channels() const noexcept {
        return list_ && !bad_channel_ && !channels_.empty();
    }
    [[nodiscard]] std::vector<std::string> take_channels() { return std::move(channels_); }

private:
    enum class Field : std::uint8_t { other, type, channels };

    [[nodiscard]] bool in_channels() const noexcept {
        return depth() == 2 && object_ && field_ == Field::channels && list_;
    }

    /// Anything that is not the string or list that is wanted at its place.
    bool scalar() {
        if (depth() == 1 && field_ == Field::type) {
            type_.reset();
        } else if (depth() == 1 && field_ == Field::channels) {
            list_ = false;
        } else if (in_channels()) {
            bad_channel_ = true;
        }
        return true;
    }

    bool object_{false};
    Field field_{Field::other};
    std::optional<std::string> type_;
    bool list_{false};
    bool bad_channel_{false};
    bool too_many_{false};
    std::vector<std::string> channels_;
};

std::optional<ClientMessage::Kind> kind_of(std::string_view type) {
    if (type == "ping") {
        return ClientMessage::Kind::ping;
    }
    if (type == "subscribe") {
        return ClientMessage::Kind::subscribe;
    }
    if (type == "unsubscribe") {
        return ClientMessage::Kind::unsubscribe;
    }
    return std::nullopt;
}

}  // namespace

Result<ClientMessage> decode_client_message(std::string_view text) {
    MessageReader reader;
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &reader)) {
        return failure(Errc::invalid, reader.too_many()   ? "channels has more than 1000 entries"
                                      : reader.too_deep() ? "message is nested too deep to read"
                                                          : "message is not readable JSON");
    }
    if (!reader.object()) {
        return failure(Errc::invalid, "message must be a JSON object");
    }
    if (!reader.type()) {
        return failure(Errc::invalid, "type must be ping, subscribe or unsubscribe");
    }
    auto const kind = kind_of(*reader.type());
    if (!kind) {
        return failure(Errc::invalid, "type must be ping, subscribe or unsubscribe, not '" +
                                          clean_text(*reader.type(), kShownBytes) + "'");
    }
    ClientMessage message{*kind, {}};
    if (*kind != ClientMessage::Kind::ping) {
        if (!reader.names_channels()) {
            return failure(Errc::invalid, "channels must be a list of channel names");
        }
        message.channels = reader.take_channels();
    }
    return message;
}

std::string_view pong_frame() noexcept {
    return R"({"type":"pong"})";
}

std::string subscribed_frame(std::vector<std::string> const& channels) {
    std::string out = R"({"type":"subscribed","channels":[)";
    bool first = true;
    for (auto const& channel : channels) {
        if (!std::exchange(first, false)) {
            out += ',';
        }
        append_json_string(out, channel);
    }
    return out + "]}";
}

std::string error_frame(std::string_view message) {
    std::string out;
    JsonObject object(out);
    object.text("type", "error");
    object.text("error", message);
    object.close();
    return out;
}

std::string status_frame(std::string_view status_map, WallTime now) {
    std::string out;
    out.reserve(status_map.size() + 96);
    out += R"({"type":"status-update","data":)";
    out += status_map;
    return out += envelope_tail(now);
}

std::string health_frame(HealthFrame const& frame) {
    std::string out;
    out.reserve(frame.service.size() + frame.reason.size() + 160);
    JsonObject object(out);
    object.text("type", "health");
    append_json_number(object.key("seq"), frame.seq);
    object.raw("service", frame.service);
    object.text("previousStatus", to_string(frame.previous));
    object.raw("reason", frame.reason);
    if (frame.removed) {
        object.boolean("removed", true);
    }
    object.time("timestamp", frame.at);
    object.close();
    return out;
}

std::string snapshot_frame_begin(std::uint64_t epoch, std::uint64_t seq) {
    return R"({"type":"snapshot","epoch":)" + std::to_string(epoch) + R"(,"seq":)" +
           std::to_string(seq) + R"(,"services":[)";
}

std::string snapshot_frame_end(WallTime now) {
    return ']' + envelope_tail(now);
}

}  // namespace muster
