#include <cli/doctor/data_checks.hpp>

#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <muster/journal/data_folder.hpp>
#include <muster/journal/file_journal.hpp>
#include <muster/sqlite/database.hpp>
#include <muster/sqlite/schema.hpp>

namespace muster {
namespace {

namespace fs = std::filesystem;

constexpr char const* kFolder = "data folder";
constexpr char const* kSpace = "disk space";
constexpr char const* kJournal = "journal";
constexpr char const* kStore = "store";
/// Below this the store keeps no single checks.
constexpr double kLowPercent = 5;

bool may_write(fs::path const& path) {
    return ::access(path.c_str(), W_OK | X_OK) == 0;
}

/// The nearest folder above that exists.
fs::path existing_above(fs::path path) {
    std::error_code ignored;
    while (!path.empty() && !fs::exists(path, ignored)) {
        auto const parent = path.parent_path();
        if (parent == path) {
            break;
        }
        path = parent;
    }
    return path.empty() ? fs::path(".") : path;
}

void check_space(fs::path const& path, Report const& report) {
    std::error_code error;
    auto const space = fs::space(path, error);
    if (error || space.capacity == 0) {
        report({kSpace, Finding::warning, "cannot tell: " + error.message(), {}});
        return;
    }
    auto const free =
        100.0 * static_cast<double>(space.available) / static_cast<double>(space.capacity);
    auto const what = fmt::format("{:.1f} % free, {} MB", free,
                                  static_cast<std::uint64_t>(space.available >> 20U));
    if (space.available < (std::uint64_t{64} << 20U)) {
        report({kSpace, Finding::failure, what, "make room: the journal will soon not be written"});
    } else if (free < kLowPercent) {
        report({kSpace, Finding::warning, what,
                "make room: below 5 % single checks are no longer kept"});
    } else {
        report({kSpace, Finding::ok, what, {}});
    }
}

void check_journal(DataFolder const& folder, WallTime now, Report const& report) {
    std::error_code ignored;
    if (!fs::exists(folder.journal(), ignored)) {
        report({kJournal, Finding::ok, "none yet: the first start makes one", {}});
        return;
    }
    FileJournal::Options options;
    options.folder = folder.journal();
    auto const journal = FileJournal::open(options, now);
    if (!journal) {
        report({kJournal, Finding::failure, journal.error().message,
                "put a copy of the data folder aside, then move the journal out of it: the hub "
                "starts with an empty one"});
        return;
    }
    for (auto const& problem : (*journal)->problems()) {
        report({kJournal, Finding::warning, problem,
                "what is readable is used, the rest is told as a gap; look after the disk"});
    }
    if ((*journal)->problems().empty()) {
        report({kJournal,
                Finding::ok,
                "opens, " + std::to_string((*journal)->state().last_seq) + " records so far",
                {}});
    }
}

void check_store(fs::path const& file, Report const& report) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        report({kStore, Finding::ok, "none yet: the first start makes one", {}});
        return;
    }
    SqliteDatabase::Options options;
    options.read_only = true;
    auto database = SqliteDatabase::open(file.string(), options);
    if (!database) {
        report({kStore, Finding::failure, database.error().message,
                "put " + file.string() + " aside: the hub starts a new history"});
        return;
    }
    auto const fits = check_schema(*database);
    if (!fits && fits.error().code == Errc::unavailable) {
        report({kStore, Finding::warning, fits.error().message,
                "start the hub: it brings the schema up to date"});
    } else if (!fits) {
        report({kStore, Finding::failure, fits.error().message,
                "use the Muster that wrote it, or a newer one"});
    } else {
        report({kStore,
                Finding::ok,
                "schema version " + std::to_string(sqlite_schema_version()) + ", as this program",
                {}});
    }
}

}  // namespace

void check_data_folder(std::string const& path, WallTime now, Report const& report) {
    std::error_code error;
    auto const there = fs::status(path, error);
    if (there.type() == fs::file_type::not_found) {
        auto const above = existing_above(fs::absolute(path));
        bool const can = may_write(above);
        report({kFolder, can ? Finding::ok : Finding::failure,
                path + (can ? " is not there yet: the first start makes it"
                            : " is not there and cannot be made in " + above.string()),
                can ? "" : "make it, owned by the user that runs the hub, or set MUSTER_DATA_DIR"});
        check_space(above, report);
        return;
    }
    if (!fs::is_directory(there)) {
        report({kFolder, Finding::failure, path + " is not a folder that can be looked at",
                "move it away, or set MUSTER_DATA_DIR to another place"});
        return;
    }
    if (!may_write(path)) {
        report({kFolder, Finding::failure, path + " cannot be written by this user",
                "run as the user that runs the hub, or give it the folder"});
        return;
    }
    struct stat owner {};
    bool const ours = ::stat(path.c_str(), &owner) == 0 && owner.st_uid == ::geteuid();
    if (!ours) {
        report({kFolder, Finding::warning, path + " is another user's: what is in it is not tested",
                "run this as its owner (sudo -u)"});
        check_space(path, report);
        return;
    }
    auto const folder = DataFolder::open(path);
    if (!folder && folder.error().code == Errc::conflict) {
        report(
            {kFolder, Finding::ok, path + " is used by a running hub, which is asked below", {}});
        check_space(path, report);
        return;
    }
    if (!folder) {
        report({kFolder, Finding::failure, folder.error().message,
                "mend that, or set MUSTER_DATA_DIR to another place"});
        return;
    }
    report({kFolder, Finding::ok, path + " is writable and free", {}});
    check_space(path, report);
    check_journal(*folder, now, report);
    check_store(folder->path() / "muster.db", report);
}

}  // namespace muster
