#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/domain/check_result.hpp>
#include <muster/postgres/connection.hpp>
#include <muster/postgres/partitions.hpp>

namespace muster::postgres {

/// Writes check results into their partitions, which must be there, and how their services stand
/// after them.
class CheckWriter {
public:
    explicit CheckWriter(CheckLayout layout) : layout_(std::move(layout)) {}

    /// What a check takes with its part of the index, about, besides its error text; measured:
    /// decision 0221.
    static constexpr std::int64_t kBytes = 103;
    /// What a failed one takes more: the head of its text.
    static constexpr std::int64_t kErrorBytes = 4;

    [[nodiscard]] static Partitions::Place place_of(CheckResult const& result) noexcept;

    /// Takes a result, in the order of the journal. It must stay where it is until write().
    void add(std::int64_t service_key, CheckResult const& result) {
        pending_.push_back({service_key, 0, &result});
    }

    /// Writes what was added.
    [[nodiscard]] Result<void> write(PostgresTransaction& transaction, PartAccount& account);

    /// Drops what was added and what is remembered of the tables.
    void forget() {
        pending_.clear();
        told_.clear();
    }

private:
    struct Pending {
        std::int64_t service;
        std::int64_t id;
        CheckResult const* result;
    };
    using ByPlace = std::map<Partitions::Place, std::vector<Pending>>;

    /// What service_state holds of a service, but for when.
    struct State {
        HealthStatus status{HealthStatus::unknown};
        std::uint32_t failures{0};
        std::uint16_t http_status{0};
        std::uint16_t endpoints_healthy{0};
        std::uint16_t endpoints_total{0};
        std::optional<WallTime> certificate_expires;
        std::size_t texts{0};  ///< Hash of error and note.

        bool operator==(State const&) const = default;
    };
    struct Told {
        State state;
        WallTime at{};  ///< Start of the check.
    };

    [[nodiscard]] Result<void> give_ids(PostgresTransaction& transaction);
    [[nodiscard]] Result<void> write_rows(PostgresTransaction& transaction, Partitions::Place place,
                                          std::vector<Pending> const& rows) const;
    [[nodiscard]] static State state_of(CheckResult const& result);
    [[nodiscard]] Result<void> write_states(PostgresTransaction& transaction);

    CheckLayout const layout_;
    std::vector<Pending> pending_;
    /// By service: what was written last, which may not be committed yet.
    std::unordered_map<std::int64_t, Told> told_;
};

}  // namespace muster::postgres
