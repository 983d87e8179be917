#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include <muster/api/message.hpp>
#include <muster/base/id.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/url.hpp>
#include <muster/ports/clock.hpp>
#include <muster/ports/page_source.hpp>

namespace muster {

/// Pages that projects serve about themselves, fetched when somebody asks. All who ask for the same
/// page while it is on its way, or shortly after it came, share it, and a failure alike: a page
/// that many look at costs its project one request a second. Edge's loop only.
class ProjectPages {
public:
    struct Options {
        Millis timeout{5'000};    ///< Of the whole fetch.
        Millis fresh_for{1'000};  ///< From its end.
        std::size_t at_once{32};  ///< Fetches under way; more are refused.
        /// Of them for one project: one that hangs leaves the rest to the others.
        std::size_t of_one_project{4};
        std::size_t kept{64};  ///< Pages in memory, those under way included.
    };

    /// Both must outlive it.
    ProjectPages(PageSource& source, Clock const& clock) : ProjectPages(source, clock, {}) {}
    ProjectPages(PageSource& source, Clock const& clock, Options options)
        : source_(source), clock_(clock), options_(options) {}
    ~ProjectPages() = default;
    ProjectPages(ProjectPages const&) = delete;
    ProjectPages& operator=(ProjectPages const&) = delete;

    /// Errors: as PageSource::fetch(), and full (too many fetches under way, in all or for this
    /// project).
    using Done = UniqueFunction<void(Result<SharedText>)>;

    /// `done` runs inside the call where the page is there already, or is refused.
    void ask(ProjectId project, Url const& url, Done done);

private:
    struct Entry {
        std::vector<Done> waiting;
        Result<SharedText> page;
        SteadyTime got_at{};
        ProjectId project;                 ///< Which asked first.
        std::unique_ptr<PageFetch> fetch;  ///< Null: `page` is there.
    };

    [[nodiscard]] std::size_t under_way(ProjectId project) const;
    void forget_old();
    void make_room();
    void came(Url const& url, Result<std::string> page);

    PageSource& source_;
    Clock const& clock_;
    Options const options_;
    std::size_t under_way_{0};
    std::map<Url, Entry> entries_;  // last: its fetches call back
};

}  // namespace muster
