#include <muster/redis/stream_ledger.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace muster {
namespace {

constexpr std::string_view kFormat = "1";
constexpr std::string_view kNone = "-";

std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

void StreamLedger::add_read(StreamId id) {
    last = std::max(last, id);
    ++read;
    ++accounted;
}

void StreamLedger::add_gone(StreamId id) {
    last = std::max(last, id);
    ++lost;
    ++accounted;
}

void StreamLedger::begin(StreamFacts const& facts) {
    last = {};
    base = facts.added - std::min(facts.added, facts.length);
    accounted = 0;
}

bool StreamLedger::is_another_stream(StreamFacts const& facts) const noexcept {
    auto const known = base.value_or(0) + accounted;
    auto const removed = facts.added - std::min(facts.added, facts.length);
    bool const older = facts.last_given && *facts.last_given < last;
    bool const behind = facts.oldest && *facts.oldest > last;
    return facts.added < known || older || (behind && removed < known);
}

std::optional<std::uint64_t> StreamLedger::settle(StreamFacts const& facts) {
    if (is_another_stream(facts)) {
        // Where a group is to be made again: behind what was read of either.
        last = std::min(last, facts.last_given.value_or(last));
        base = facts.added;
        accounted = 0;
        ++recreated;
        return std::nullopt;
    }
    if (!base) {
        // The group was there before this reader began to count.
        base = facts.added - accounted;
    }
    auto const missing = facts.added - *base - accounted;
    lost += missing;
    accounted += missing;
    return missing;
}

std::string to_text(StreamLedger const& ledger) {
    auto const base = ledger.base ? std::to_string(*ledger.base) : std::string(kNone);
    std::string text(kFormat);
    for (auto const& part :
         {to_text(ledger.last), std::to_string(ledger.read), std::to_string(ledger.lost),
          std::to_string(ledger.recreated), base, std::to_string(ledger.accounted)}) {
        text += ' ' + part;
    }
    return text;
}

std::optional<StreamLedger> parse_stream_ledger(std::string_view text) {
    constexpr std::size_t kParts = 7;
    std::array<std::string_view, kParts> parts;
    for (std::size_t at = 0; at < kParts; ++at) {
        auto const end = at + 1 < kParts ? text.find(' ') : text.size();
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        parts[at] = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    auto const last = parse_stream_id(parts[1]);
    auto const read = number_of(parts[2]);
    auto const lost = number_of(parts[3]);
    auto const recreated = number_of(parts[4]);
    auto const base = number_of(parts[5]);
    auto const accounted = number_of(parts[6]);
    bool const whole = parts[0] == kFormat && last && read && lost && recreated && accounted &&
                       (base || parts[5] == kNone);
    if (!whole) {
        return std::nullopt;
    }
    return StreamLedger{*last, *read, *lost, *recreated, base, *accounted};
}

}  // namespace muster
