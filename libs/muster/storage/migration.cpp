#include <muster/storage/migration.hpp>

#include <fmt/format.h>

#include <muster/base/hash.hpp>

namespace muster {
namespace {

int newest_of(std::span<Migration const> known) {
    return known.empty() ? 0 : known.back().version;
}

tl::unexpected<Error> newer_than(std::int64_t found, int known) {
    return failure(Errc::unsupported,
                   fmt::format("the database's schema is version {}, this program knows versions "
                               "up to {}: use the newer program that wrote it",
                               found, known));
}

}  // namespace

std::string file_name_of(Migration const& migration) {
    return fmt::format("V{:03}__{}", migration.version, migration.name);
}

std::string checksum_of(Migration const& migration) {
    return fmt::format("{:016x}", stable_hash(migration.sql));
}

Result<std::vector<Migration>> missing_migrations(std::span<Migration const> known,
                                                  AppliedMigrations const& applied) {
    if (!applied.empty() && applied.rbegin()->first > newest_of(known)) {
        return newer_than(applied.rbegin()->first, newest_of(known));
    }
    std::vector<Migration> missing;
    for (auto const& migration : known) {
        auto const there = applied.find(migration.version);
        if (there == applied.end()) {
            missing.push_back(migration);
        } else if (there->second != checksum_of(migration)) {
            return failure(Errc::unsupported, "migration " + file_name_of(migration) +
                                                  " was changed after this database had applied "
                                                  "it");
        }
    }
    return missing;
}

Result<void> check_version(std::int64_t found, std::span<Migration const> known) {
    if (found > newest_of(known)) {
        return newer_than(found, newest_of(known));
    }
    if (found < newest_of(known)) {
        return failure(Errc::unavailable, "the database has not been prepared yet");
    }
    return {};
}

}  // namespace muster
