#include <muster/codec/health_body.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include <muster/base/ascii.hpp>
#include <muster/codec/json_sax.hpp>

namespace muster {
namespace {

constexpr std::array<std::pair<std::string_view, BodyWord>, 10> kWords{{
    {"warn", BodyWord::degraded},
    {"warning", BodyWord::degraded},
    {"degraded", BodyWord::degraded},
    {"down", BodyWord::down},
    {"fail", BodyWord::down},
    {"failed", BodyWord::down},
    {"error", BodyWord::down},
    {"critical", BodyWord::down},
    {"unhealthy", BodyWord::down},
    {"out_of_service", BodyWord::down},
}};

BodyWord word_of(std::string_view text) noexcept {
    for (auto const& [word, meaning] : kWords) {
        if (equal_ignoring_case(text, word)) {
            return meaning;
        }
    }
    return BodyWord::none;
}

class HealthReader : public detail::SaxReader {
public:
    bool start_object(std::size_t size) {
        forget_key();
        top_is_object_ = top_is_object_ || depth() == 0;
        return SaxReader::start_object(size);
    }
    bool start_array(std::size_t size) {
        forget_key();
        return SaxReader::start_array(size);
    }
    bool key(std::string const& name) {
        forget_key();
        if (depth() == 1 && top_is_object_) {
            at_status_ = name == "status";
            at_running_ = name == "isRunning";
        }
        return true;
    }
    bool string(std::string const& text) {
        if (at_status_) {
            worsen(word_of(text));
        }
        forget_key();
        return true;
    }
    bool boolean(bool value) {
        if (at_running_ && !value) {
            worsen(BodyWord::down);
        }
        forget_key();
        return true;
    }

    [[nodiscard]] BodyWord word() const noexcept { return word_; }

private:
    void forget_key() noexcept {
        at_status_ = false;
        at_running_ = false;
    }
    void worsen(BodyWord word) noexcept { word_ = std::max(word_, word); }

    bool top_is_object_{false};
    bool at_status_{false};
    bool at_running_{false};
    BodyWord word_{BodyWord::none};
};

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

BodyOpinion judge_health_body(std::string_view body) {
    if (is_blank(body)) {
        return {};
    }
    HealthReader reader;
    if (nlohmann::json::sax_parse(body.begin(), body.end(), &reader)) {
        return {reader.word(), {}};
    }
    return {BodyWord::none,
            reader.too_deep() ? "body is nested too deep to read" : "body is not readable JSON"};
}

}  // namespace muster
