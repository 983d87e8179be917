#include <muster/sqlite/database.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <sqlite3.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxMessage = 300;
/// Of SQLite's virtual machine, between two calls of stop_when's function: some 20 microseconds.
constexpr int kOperationsPerQuestion = 2'000;

tl::unexpected<Error> sqlite_failure(sqlite3* database, int result_code) {
    auto const* const text =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(result_code);
    return failure(errc_of_sqlite(result_code), clean_text(text, kMaxMessage));
}

/// The path as a URI of SQLite (sqlite.org/uri.html): what is no letter or digit is escaped.
std::string immutable_uri(std::string const& path) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "/-._~";
    std::string uri = path.starts_with('/') ? "file://" : "file:";
    for (char const character : path) {
        auto const byte = static_cast<unsigned char>(character);
        bool const is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                              (byte >= '0' && byte <= '9') ||
                              kPlain.find(character) != std::string_view::npos;
        if (is_plain) {
            uri += character;
        } else {
            uri += '%';
            uri += kHex[byte >> 4U];
            uri += kHex[byte & 0x0FU];
        }
    }
    return uri + "?mode=ro&immutable=1";
}

/// A new file is for its owner only, whatever the umask; SQLite gives its companions the same mode.
/// What cannot be made is told by SQLite.
void make_for_owner_only(std::string const& path) {
    constexpr mode_t kOwnerOnly = 0600;
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
    if (file >= 0) {
        ::close(file);
    }
}

}  // namespace

Errc errc_of_sqlite(int result_code) noexcept {
    switch (result_code & 0xff) {
        case SQLITE_FULL:
            return Errc::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
            return Errc::unavailable;
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG:
            return Errc::invalid;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::corrupt;
        case SQLITE_INTERRUPT:
            return Errc::timed_out;
        default:
            return Errc::internal;
    }
}

// --- statement

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
    note(sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                            SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

SqliteStatement::~SqliteStatement() {
    sqlite3_finalize(statement_);
}

Result<void> SqliteStatement::run() {
    return each([](SqliteStatement const&) {});
}

Result<std::optional<std::int64_t>> SqliteStatement::number() {
    std::optional<std::int64_t> value;
    auto const done = each([&value](SqliteStatement const& row) {
        if (sqlite3_column_type(row.statement_, 0) != SQLITE_NULL) {
            value = row.integer(0);
        }
        return false;
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return value;
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double SqliteStatement::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view SqliteStatement::text(int column) const {
    auto const* const bytes = sqlite3_column_text(statement_, column);
    if (bytes == nullptr) {
        return {};
    }
    auto const size = sqlite3_column_bytes(statement_, column);
    return {reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)};
}

ByteView SqliteStatement::blob(int column) const {
    auto const* const bytes =
        static_cast<std::byte const*>(sqlite3_column_blob(statement_, column));
    auto const size = sqlite3_column_bytes(statement_, column);
    return {bytes, bytes == nullptr ? 0U : static_cast<std::size_t>(size)};
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void SqliteStatement::put(int index, std::int64_t value) {
    note(sqlite3_bind_int64(statement_, index, value));
}

void SqliteStatement::put(int index, double value) {
    note(sqlite3_bind_double(statement_, index, value));
}

void SqliteStatement::put(int index, std::string_view value) {
    // A null pointer would be null, not an empty text.
    auto const* const bytes = value.data() != nullptr ? value.data() : "";
    note(sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::put(int index, ByteView value) {
    static constexpr std::byte kNothing{};
    auto const* const bytes = value.data() != nullptr ? value.data() : &kNothing;
    note(sqlite3_bind_blob64(statement_, index, bytes, value.size(), SQLITE_STATIC));
}

void SqliteStatement::put(int index, std::nullptr_t) {
    note(sqlite3_bind_null(statement_, index));
}

Result<bool> SqliteStatement::step() {
    if (problem_) {
        return tl::unexpected(*problem_);
    }
    auto const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return sqlite_failure(database_, code);
}

void SqliteStatement::reset() {
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);  // repeats the error of the last step, which was told
        problem_.reset();
    }
}

void SqliteStatement::note(int result_code) {
    if (result_code != SQLITE_OK && !problem_) {
        problem_ = sqlite_failure(database_, result_code).value();
    }
}

// --- database

void SqliteDatabase::Closer::operator()(sqlite3* database) const noexcept {
    sqlite3_close_v2(database);
}

Result<SqliteDatabase> SqliteDatabase::open(std::string const& path, Options options) {
    // No mutex: one thread at a time is the rule of this class.
    int const flags =
        (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
        (options.immutable ? SQLITE_OPEN_URI : 0) | SQLITE_OPEN_NOMUTEX;
    if (!options.read_only) {
        make_for_owner_only(path);
    }
    sqlite3* raw = nullptr;
    auto const name = options.immutable ? immutable_uri(path) : path;
    auto const code = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
    SqliteDatabase database(raw);
    if (code != SQLITE_OK) {
        return prefixed(path, sqlite_failure(raw, code).value());
    }
    auto configured = database.configure(options);
    if (!configured) {
        return prefixed(path, std::move(configured.error()));
    }
    return database;
}

Result<void> SqliteDatabase::configure(Options const& options) {
    sqlite3_extended_result_codes(database_.get(), 1);
    sqlite3_busy_timeout(database_.get(), static_cast<int>(options.busy_timeout.count()));
    if (options.read_only) {
        return execute("PRAGMA query_only=ON; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
    }
    // synchronous=NORMAL: a commit is not synced, only checkpoints of the WAL are. A power loss may
    // take the last commits, rows and cursor together; the journal, which is synced, feeds them
    // again. Debian's SQLite overwrites what is deleted with zeros unless told not to.
    auto result = execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864");
    if (result && options.max_bytes != 0) {
        auto const page_size = statement("PRAGMA page_size").number();
        if (!page_size) {
            return tl::unexpected(page_size.error());
        }
        auto const pages =
            options.max_bytes / static_cast<std::uint64_t>(page_size->value_or(4096));
        result =
            execute("PRAGMA max_page_count=" + std::to_string(std::max<std::uint64_t>(pages, 1)));
    }
    return result;
}

SqliteStatement& SqliteDatabase::statement(char const* sql) {
    auto& known = statements_[sql];
    if (!known || !known->compiled()) {
        known = compile(sql);
    }
    return *known;
}

std::unique_ptr<SqliteStatement> SqliteDatabase::compile(std::string_view sql) {
    return std::make_unique<SqliteStatement>(database_.get(), sql);
}

Result<void> SqliteDatabase::execute(std::string const& sql) {
    auto const code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return sqlite_failure(database_.get(), code);
    }
    return {};
}

std::int64_t SqliteDatabase::last_insert_id() const {
    return sqlite3_last_insert_rowid(database_.get());
}

std::int64_t SqliteDatabase::changes() const {
    return sqlite3_changes64(database_.get());
}

bool SqliteDatabase::io_failed() const {
    return (sqlite3_extended_errcode(database_.get()) & 0xff) == SQLITE_IOERR;
}

bool SqliteDatabase::has_moved() const {
    int moved = 0;
    auto const code = sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved != 0;
}

void SqliteDatabase::stop_when(std::function<bool()> stop) {
    stop_ = std::make_unique<std::function<bool()>>(std::move(stop));
    sqlite3_progress_handler(
        database_.get(), kOperationsPerQuestion,
        [](void* question) { return (*static_cast<std::function<bool()>*>(question))() ? 1 : 0; },
        stop_.get());
}

// --- transaction

Result<SqliteTransaction> SqliteTransaction::begin(SqliteDatabase& database, bool write) {
    auto const begun = database.statement(write ? "BEGIN IMMEDIATE" : "BEGIN").bind().run();
    if (!begun) {
        return tl::unexpected(begun.error());
    }
    return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
    if (database_ != nullptr) {
        // SQLite may have rolled back by itself already; then there is nothing to undo.
        static_cast<void>(database_->execute("ROLLBACK"));
    }
}

Result<void> SqliteTransaction::commit() {
    auto const committed = database_->statement("COMMIT").bind().run();
    if (committed) {
        database_ = nullptr;
        return {};
    }
    auto error = committed.error();
    if (error.code == Errc::unavailable && database_->io_failed()) {
        // The commit's last frame may have reached the file; only the next reader will know.
        error.code = Errc::in_doubt;
    }
    return tl::unexpected(std::move(error));
}

}  // namespace muster
