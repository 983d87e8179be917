#include <cli/ask/events_since.hpp>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

/// More than this between two looks is no hub's doing.
constexpr std::size_t kMost = 1'000'000;

}  // namespace

EventsSince::EventsSince(std::vector<AnsweredEvent> const& newest) {
    for (auto const& event : newest) {
        last_id_ = std::max(last_id_, event.id);
    }
}

Result<EventsSince::News> EventsSince::look(Page const& page) {
    News news;
    auto since = last_id_;
    std::size_t offset = 0;
    while (true) {
        auto answer = page(offset);
        if (!answer) {
            return tl::unexpected(std::move(answer.error()));
        }
        auto& events = answer->items;
        if (offset == 0 && !events.empty() && events.front().id < since) {
            news.began_anew = true;
            since = 0;
        }
        offset += events.size();
        if (offset > kMost) {
            return failure(Errc::corrupt, "that is no answer of a hub: its events have no end");
        }
        bool more = !events.empty();
        for (auto& event : events) {
            more = more && event.id > since;
            // What came while we turned the page moves what was seen to the next one.
            bool const seen = !news.events.empty() && event.id >= news.events.back().id;
            if (event.id > since && !seen) {
                news.events.push_back(std::move(event));
            }
        }
        if (!more) {
            break;
        }
    }
    std::reverse(news.events.begin(), news.events.end());
    if (!news.events.empty()) {
        last_id_ = news.events.back().id;
    } else if (news.began_anew) {
        last_id_ = 0;
    }
    return news;
}

}  // namespace muster
