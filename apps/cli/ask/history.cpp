#include <cli/ask/history.hpp>

#include <ostream>

#include <cli/ask/history_view.hpp>
#include <cli/ask/service_pages.hpp>
#include <cli/client/hub_client.hpp>

namespace muster {
namespace {

constexpr std::int64_t kColumns = 60;

}  // namespace

int run_history(HistoryCommand const& command, HubAddress const& address,
                Terminal const& terminal) {
    HubClient const hub(address);
    // A column of so many minutes as there are hours: sixty of them.
    auto const step = std::chrono::minutes(command.hours);
    auto const path = call_path("/api/history/" + path_segment(command.project),
                                {{"hours", std::to_string(command.hours)},
                                 {"step", format_duration(step)},
                                 {"service", command.service}});
    auto const text = hub.get(path);
    if (!text) {
        return tell(text.error(), terminal);
    }
    auto const buckets = read_buckets_answer(*text);
    if (!buckets) {
        return tell(buckets.error(), terminal);
    }
    if (command.json) {
        terminal.out << read_answer_data(*text).value_or("[]") << '\n' << std::flush;
        return 0;
    }
    HistorySpan span;
    span.until = buckets->at.value_or(WallTime{});
    span.from = span.until - std::chrono::hours(command.hours);
    span.columns = kColumns;
    auto const histories = service_histories(buckets->items, span);
    terminal.out << command.project << ", the last " << command.hours << " h until "
                 << to_rfc3339(span.until) << ", " << format_duration(step) << " a column\n\n"
                 << (histories.empty()
                         ? std::string("no minute in which something was checked is over yet\n")
                         : history_text(histories, terminal.colour))
                 << std::flush;
    return 0;
}

}  // namespace muster
