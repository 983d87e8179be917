#include <cli/ask/window_request.hpp>

#include <utility>

#include <muster/config/document.hpp>

namespace muster {
namespace {

using config::Document;

void add_texts(Document::Map& map, char const* key, std::vector<std::string> const& texts) {
    if (!texts.empty()) {
        map.emplace_back(key, Document::List(texts.begin(), texts.end()));
    }
}

Result<Document::Map> match_of(MaintenanceAddCommand const& command) {
    Document::Map match;
    add_texts(match, "projects", command.projects);
    add_texts(match, "services", command.services);
    add_texts(match, "types", command.types);
    add_texts(match, "tags", command.tags);
    add_texts(match, "groups", command.groups);
    if (match.empty() && !command.everything) {
        return failure(Errc::invalid,
                       "say what the window covers with --project, --service, --type, --tag or "
                       "--group, or that it is --everything");
    }
    if (!match.empty() && command.everything) {
        return failure(Errc::invalid, "--everything leaves nothing for the other matchers to say");
    }
    return match;
}

Result<void> add_weekly(MaintenanceAddCommand const& command, Document::Map& window) {
    if (!command.from.empty() || !command.until.empty() || command.length) {
        return failure(Errc::invalid,
                       "a window is --weekly, with --at and --to, or once, with --from, --until "
                       "and --for: not both");
    }
    if (command.at.empty() || command.to.empty()) {
        return failure(Errc::invalid,
                       "--weekly wants --at and --to, such as --at 02:00 --to 04:00");
    }
    Document::Map weekly{{"day", command.weekly}, {"from", command.at}, {"to", command.to}};
    if (!command.zone.empty()) {
        weekly.emplace_back("zone", command.zone);
    }
    window.emplace_back("weekly", std::move(weekly));
    return {};
}

Result<void> add_once(MaintenanceAddCommand const& command, WallTime now, Document::Map& window) {
    if (!command.at.empty() || !command.to.empty() || !command.zone.empty()) {
        return failure(Errc::invalid, "--at, --to and --zone belong to --weekly");
    }
    if (command.until.empty() == !command.length.has_value()) {
        return failure(Errc::invalid, "say when the window ends with one of --for and --until");
    }
    auto from = now;
    if (!command.from.empty()) {
        auto const given = parse_rfc3339(command.from);
        if (!given) {
            return prefixed("--from", given.error());
        }
        from = *given;
    }
    auto until = from + command.length.value_or(Millis(0));
    if (!command.until.empty()) {
        auto const given = parse_rfc3339(command.until);
        if (!given) {
            return prefixed("--until", given.error());
        }
        until = *given;
    }
    if (until <= from) {
        return failure(Errc::invalid, "the window ends at " + to_rfc3339(until) +
                                          ", before it begins at " + to_rfc3339(from));
    }
    window.emplace_back("from", to_rfc3339(from));
    window.emplace_back("until", to_rfc3339(until));
    return {};
}

}  // namespace

Result<std::string> window_request(MaintenanceAddCommand const& command, WallTime now) {
    auto match = match_of(command);
    if (!match) {
        return tl::unexpected(std::move(match.error()));
    }
    Document::Map window{{"match", *std::move(match)}};
    auto const added =
        command.weekly.empty() ? add_once(command, now, window) : add_weekly(command, window);
    if (!added) {
        return tl::unexpected(added.error());
    }
    if (!command.why.empty()) {
        window.emplace_back("why", command.why);
    }
    return config::to_json(Document(std::move(window)));
}

}  // namespace muster
