#include <cli/ask/events.hpp>

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <cli/ask/event_view.hpp>
#include <cli/ask/events_since.hpp>
#include <cli/ask/hub_absence.hpp>
#include <cli/client/hub_client.hpp>

namespace muster {
namespace {

constexpr std::int64_t kPage = 100;

Result<AnsweredList<AnsweredEvent>> page_of(EventsCommand const& command, HubClient const& hub,
                                            std::int64_t limit, std::size_t offset) {
    auto const text = hub.get(call_path("/api/events", {{"project", command.project},
                                                        {"service", command.service},
                                                        {"severity", command.severity},
                                                        {"type", command.type},
                                                        {"limit", std::to_string(limit)},
                                                        {"offset", std::to_string(offset)}}));
    if (!text) {
        return tl::unexpected(text.error());
    }
    return read_events_answer(*text);
}

void print(AnsweredEvent const& event, EventsCommand const& command, Terminal const& terminal) {
    if (command.json) {
        terminal.out << event.json << '\n';
    } else {
        terminal.out << event_line(event, terminal.colour);
    }
}

std::string json_of(std::vector<AnsweredEvent> const& events) {
    std::string json = "[";
    for (auto const& event : events) {
        json += (json.size() > 1 ? "," : "") + event.json;
    }
    return json + "]";
}

int follow(EventsCommand const& command, HubAddress const& address, Terminal const& terminal) {
    Interrupt const interrupt;
    HubClient const hub(address, &interrupt);
    HubAbsence absence(terminal.err);
    std::optional<EventsSince> since;
    auto const begin = [&]() -> Result<EventsSince::News> {
        auto newest = page_of(command, hub, command.limit, 0);
        if (!newest) {
            return tl::unexpected(newest.error());
        }
        since.emplace(newest->items);
        EventsSince::News news;
        news.events = std::move(newest->items);
        std::reverse(news.events.begin(), news.events.end());
        return news;
    };
    do {
        auto const news = since ? since->look([&](std::size_t offset) {
            return page_of(command, hub, kPage, offset);
        })
                                : begin();
        if (interrupt.raised()) {
            break;
        }
        if (news) {
            absence.over();
            if (news->began_anew) {
                terminal.err << "muster: the hub's history begins anew" << std::endl;
            }
            for (auto const& event : news->events) {
                print(event, command, terminal);
            }
            terminal.out << std::flush;
        } else if (!absence.is_one(news.error())) {
            return tell(news.error(), terminal);
        }
    } while (!interrupt.wait(command.interval) && terminal.out.good());
    return 0;
}

}  // namespace

int run_events(EventsCommand const& command, HubAddress const& address, Terminal const& terminal) {
    if (command.follow) {
        return follow(command, address, terminal);
    }
    auto newest = page_of(command, HubClient(address), command.limit, 0);
    if (!newest) {
        return tell(newest.error(), terminal);
    }
    if (command.json) {
        terminal.out << json_of(newest->items) << '\n' << std::flush;
        return 0;
    }
    std::reverse(newest->items.begin(), newest->items.end());
    for (auto const& event : newest->items) {
        print(event, command, terminal);
    }
    terminal.out << std::flush;
    return 0;
}

}  // namespace muster
