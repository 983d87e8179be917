#pragma once

#include <string>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/load.hpp>
#include <muster/importing/draft.hpp>
#include <muster/importing/imported.hpp>

namespace muster::importing {

/// Puts drafts together to a file of ours: gives names, hides secrets, and has the configuration's
/// own reader take every service before it takes the whole.
class Assembly {
public:
    struct Options {
        std::string file;                 ///< The source, as people call it.
        std::string nameless_project;     ///< Of entries that belong to no group.
        config::Environment environment;  ///< What the source's own variables are, if known.
    };

    explicit Assembly(Options options) : options_(std::move(options)) {}

    void add(Draft draft) { drafts_.push_back(std::move(draft)); }
    /// A window in which all services are under maintenance.
    void add_window(WeeklyWindow window) { windows_.push_back(std::move(window)); }
    /// About the source as a whole.
    void note(Note note) { notes_.push_back(std::move(note)); }

    [[nodiscard]] Options const& options() const noexcept { return options_; }

    /// What became of it all. Errors: internal: our own reader does not take what was written,
    /// which is a bug of ours.
    [[nodiscard]] Result<Imported> finish();

private:
    Options options_;
    std::vector<Draft> drafts_;
    std::vector<WeeklyWindow> windows_;
    std::vector<Note> notes_;
};

}  // namespace muster::importing
