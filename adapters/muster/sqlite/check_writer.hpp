#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/sqlite/database.hpp>

namespace muster {

/// Writes check results into slots (see migrations/sqlite/V001) and how their services stand after
/// them. All calls within a transaction; when that does not commit, call forget().
class CheckWriter {
public:
    /// Numbers given out in a slot, and the time from its first to its last check. Larger slots
    /// cost a batch more pages to write, smaller ones a reader more seeks; measured by bench/store.
    static constexpr std::int64_t kSlotSize = 8'192;
    static constexpr Millis kSlotSpan{3'600'000};
    /// What a check takes in the file, about, besides its error text; measured by bench/store.
    static constexpr std::int64_t kBytes = 26;

    explicit CheckWriter(SqliteDatabase& database) : database_(database) {}

    /// Takes a result, in the order of the journal. It must stay where it is until write().
    void add(std::int64_t service_key, CheckResult const& result) {
        pending_.push_back({service_key, 0, 0, 0, &result});
    }

    /// Writes what was added.
    [[nodiscard]] Result<void> write();

    /// Drops what was added and what is remembered of the tables.
    void forget();

private:
    struct Slot {
        std::int64_t id{0};
        std::int64_t start_at{0};
        std::int64_t min_at{0};
        std::int64_t max_at{0};
        std::int64_t size{0};
        std::int64_t passed_from{0};
    };
    struct Pending {
        std::int64_t service;
        std::int64_t slot;
        std::int64_t at;  ///< From the slot's start.
        std::int64_t n;
        CheckResult const* result;
    };

    [[nodiscard]] Result<void> give_slots();
    [[nodiscard]] Result<void> load_slot();
    [[nodiscard]] Result<void> open_slot(std::int64_t at);
    [[nodiscard]] Result<void> save_slot();
    [[nodiscard]] Result<void> write_rows();
    [[nodiscard]] Result<void> write_states();

    SqliteDatabase& database_;
    std::optional<Slot> slot_;  // nothing: not read yet; id 0: there is none
    std::vector<Pending> pending_;
};

}  // namespace muster
