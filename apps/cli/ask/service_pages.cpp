#include <cli/ask/service_pages.hpp>

#include <cli/text/words.hpp>

namespace muster {
namespace {

constexpr std::size_t kPage = 1'000;
/// What claims to have more services than this is no hub.
constexpr std::size_t kMost = 1'000'000;

/// Pages until there is none left; `read` reads one.
template <class Item, class Read>
Result<AnsweredList<Item>> all_pages(HubClient const& hub, CallQuery const& filter, Read read) {
    AnsweredList<Item> all;
    while (true) {
        auto query = filter;
        query.emplace_back("limit", std::to_string(kPage));
        query.emplace_back("offset", std::to_string(all.items.size()));
        auto const text = hub.get(call_path("/api/services", query));
        if (!text) {
            return tl::unexpected(text.error());
        }
        Result<AnsweredList<Item>> page = read(*text);
        if (!page) {
            return page;
        }
        all.total = page->total;
        if (all.total > kMost) {
            return failure(Errc::corrupt, "that is no answer of a hub: it tells of " +
                                              counted(all.total, "service"));
        }
        all.at = page->at;
        bool const last = page->items.empty() || all.items.size() + page->items.size() >= all.total;
        for (auto& item : page->items) {
            all.items.push_back(std::move(item));
        }
        if (last) {
            return all;
        }
    }
}

}  // namespace

Result<AnsweredList<AnsweredService>> all_services(HubClient const& hub, CallQuery const& filter) {
    return all_pages<AnsweredService>(hub, filter, read_services_answer);
}

Result<std::string> all_services_json(HubClient const& hub, CallQuery const& filter) {
    auto const pages = all_pages<std::string>(hub, filter, read_answer_items);
    if (!pages) {
        return tl::unexpected(pages.error());
    }
    std::string json = "[";
    for (auto const& item : pages->items) {
        json += (json.size() > 1 ? "," : "") + item;
    }
    return json + "]";
}

}  // namespace muster
