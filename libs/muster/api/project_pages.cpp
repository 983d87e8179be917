#include <muster/api/project_pages.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace muster {

void ProjectPages::ask(ProjectId project, Url const& url, Done done) {
    forget_old();
    if (auto const known = entries_.find(url); known != entries_.end()) {
        if (known->second.fetch) {
            known->second.waiting.push_back(std::move(done));
        } else {
            done(known->second.page);
        }
        return;
    }
    if (under_way_ >= options_.at_once) {
        done(failure(Errc::full, "too many pages of projects are being fetched, try again"));
        return;
    }
    if (under_way(project) >= options_.of_one_project) {
        done(failure(Errc::full, "too many pages of this project are being fetched, try again"));
        return;
    }
    make_room();
    auto& entry = entries_[url];
    entry.project = project;
    entry.waiting.push_back(std::move(done));
    ++under_way_;
    entry.fetch = source_.fetch(url, options_.timeout, [this, url](Result<std::string> page) {
        came(url, std::move(page));
    });
}

std::size_t ProjectPages::under_way(ProjectId project) const {
    auto const fetched = [project](auto const& entry) {
        return entry.second.fetch && entry.second.project == project;
    };
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), fetched));
}

void ProjectPages::forget_old() {
    auto const now = clock_.now().steady;
    std::erase_if(entries_, [&](auto const& entry) {
        return !entry.second.fetch && now - entry.second.got_at >= options_.fresh_for;
    });
}

/// For one more: the oldest go, but those that are awaited.
void ProjectPages::make_room() {
    while (entries_.size() >= options_.kept) {
        auto const older = [](auto const& left, auto const& right) {
            bool const left_waits = left.second.fetch != nullptr;
            bool const right_waits = right.second.fetch != nullptr;
            return left_waits != right_waits ? right_waits
                                             : left.second.got_at < right.second.got_at;
        };
        auto const oldest = std::min_element(entries_.begin(), entries_.end(), older);
        if (oldest == entries_.end() || oldest->second.fetch) {
            return;
        }
        entries_.erase(oldest);
    }
}

void ProjectPages::came(Url const& url, Result<std::string> page) {
    auto& entry = entries_.at(url);
    if (page) {
        entry.page = std::make_shared<std::string const>(std::move(*page));
    } else {
        entry.page = tl::unexpected(std::move(page.error()));
    }
    entry.got_at = clock_.now().steady;
    entry.fetch.reset();
    --under_way_;
    // Those that are told may ask again: nothing of the entry is touched any more.
    auto const result = entry.page;
    for (auto& done : std::exchange(entry.waiting, {})) {
        done(result);
    }
}

}  // namespace muster
