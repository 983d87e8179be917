#include <muster/api/live_channels.hpp>

#include <algorithm>

#include <muster/domain/names.hpp>

namespace muster {
namespace {

constexpr std::string_view kProject = "project:";

Error too_many() {
    return {Errc::invalid, "more than " + std::to_string(LiveChannels::kMost) + " channels"};
}

}  // namespace

Result<LiveChannels::Named> LiveChannels::read(std::vector<std::string> const& channels) const {
    Named named;
    for (std::string_view const channel : channels) {
        auto const name = channel.substr(std::min(kProject.size(), channel.size()));
        auto const type = std::find(known_.begin(), known_.end(), channel);
        if (type != known_.end()) {
            named.types.insert(*type);
        } else if (channel.starts_with(kProject) && is_valid_name(name)) {
            named.projects.emplace(name);
        } else {
            std::string known;
            for (auto const word : known_) {
                known += known.empty() ? "" : ", ";
                known += word;
            }
            return failure(Errc::invalid, "unknown channel " + in_quotes(channel) +
                                              ": channels here are " + known +
                                              " and project:<name>");
        }
    }
    return named;
}

Result<void> LiveChannels::add(std::vector<std::string> const& channels) {
    auto named = read(channels);
    if (!named) {
        return tl::unexpected(std::move(named.error()));
    }
    if (narrowed_) {
        named->types.insert(types_.begin(), types_.end());
    }
    named->projects.insert(projects_.begin(), projects_.end());
    if (named->projects.size() > kMost) {
        return tl::unexpected(too_many());
    }
    narrowed_ = true;
    types_ = std::move(named->types);
    projects_ = std::move(named->projects);
    return {};
}

Result<void> LiveChannels::remove(std::vector<std::string> const& channels) {
    auto const named = read(channels);
    if (!named) {
        return tl::unexpected(named.error());
    }
    narrowed_ = true;
    for (auto const type : named->types) {
        types_.erase(type);
    }
    for (auto const& project : named->projects) {
        projects_.erase(project);
    }
    return {};
}

std::vector<std::string> LiveChannels::names() const {
    std::vector<std::string> names;
    for (auto const type : known_) {
        if (has(type)) {
            names.emplace_back(type);
        }
    }
    for (auto const& project : projects_) {
        names.push_back(std::string(kProject) + project);
    }
    return names;
}

Result<LiveChannels> asked_channels(std::vector<std::string_view> types, QueryReader& reader) {
    LiveChannels channels(std::move(types));
    auto rest = reader.text("channels").value_or(std::string_view());
    std::vector<std::string> named;
    while (!rest.empty()) {
        auto const comma = std::min(rest.find(','), rest.size());
        named.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    if (!named.empty()) {
        if (auto const added = channels.add(named); !added) {
            return failure(Errc::invalid, "channels: " + added.error().message);
        }
    }
    return channels;
}

}  // namespace muster
