#include <muster/postgres/check_writer.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include <muster/storage/check_values.hpp>

namespace muster::postgres {
namespace {

constexpr std::int64_t kBlock = 65'536;  // of check_block
/// A state that stays is written this often: who asks for the newest check looks no further back.
constexpr Millis kStateAge{3'600'000};

/// Into a column of four bytes: what is longer than three weeks, or an hour of answer, says no more
/// than that.
std::int64_t bounded(std::int64_t value) {
    constexpr std::int64_t kMost = 2'147'000'000;
    return std::clamp(value, -kMost, kMost);
}

std::int64_t stored_state(CheckResult const& result) {
    return 4 * downtime_ppm(result.uptime_percent) + static_cast<std::int64_t>(result.after.status);
}

std::optional<std::string_view> text_or_null(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

bool has_failed(CheckResult const& result) noexcept {
    return !result.outcome.error.empty();
}

}  // namespace

Partitions::Place CheckWriter::place_of(CheckResult const& result) noexcept {
    return Partitions::place_of(has_failed(result) ? Facts::failed : Facts::passed,
                                result.accepted_at);
}

Result<void> CheckWriter::write(PostgresTransaction& transaction, PartAccount& account) {
    if (pending_.empty()) {
        return {};
    }
    auto done = give_ids(transaction);
    ByPlace places;
    for (auto const& row : pending_) {
        places[place_of(*row.result)].push_back(row);
    }
    std::map<Partitions::Place, std::int64_t> bytes;
    for (auto& [place, rows] : places) {
        // Neighbours in the index one after another: each of its pages is found once.
        std::sort(rows.begin(), rows.end(), [](Pending const& a, Pending const& b) {
            return std::tie(a.service, a.id) < std::tie(b.service, b.id);
        });
        if (done) {
            done = write_rows(transaction, place, rows);
        }
        for (auto const& row : rows) {
            auto const error = static_cast<std::int64_t>(row.result->outcome.error.size());
            bytes[place] += kBytes + (error == 0 ? 0 : kErrorBytes + error);
        }
    }
    if (done) {
        done = write_states(transaction);
    }
    if (done) {
        done = account.add(transaction, bytes);
    }
    pending_.clear();
    return done;
}

Result<void> CheckWriter::give_ids(PostgresTransaction& transaction) {
    std::int64_t first = 0;
    std::int64_t number = kBlock;
    for (auto& row : pending_) {
        if (number == kBlock) {
            auto const block = transaction.prepared("SELECT nextval('check_block')");
            if (!block) {
                return tl::unexpected(block.error());
            }
            first = block->number().value_or(0) * kBlock;
            number = 0;
        }
        row.id = first + number++;
    }
    return {};
}

Result<void> CheckWriter::write_rows(PostgresTransaction& transaction, Partitions::Place place,
                                     std::vector<Pending> const& rows) const {
    bool const failed = place.facts == Facts::failed;
    std::vector<std::string> columns{"id", "at", "service", "took", "response_us", "state"};
    if (failed) {
        columns.emplace_back("error");
    }
    auto const table = is_hypertable(layout_, place.facts) ? std::string(table_of(place.facts))
                                                           : Partitions::name_of(place);
    return transaction.copy(table, columns, rows.size(),
                            [&rows, failed](std::size_t index, PostgresLine& line) {
                                auto const& row = rows[index];
                                auto const& result = *row.result;
                                line.add(row.id);
                                line.add(result.accepted_at);
                                line.add(row.service);
                                line.add(bounded((result.accepted_at - result.started_at).count()));
                                line.add(bounded(result.outcome.response_time.count()));
                                line.add(stored_state(result));
                                if (failed) {
                                    line.add(std::string_view(result.outcome.error));
                                }
                            });
}

CheckWriter::State CheckWriter::state_of(CheckResult const& result) {
    auto const& outcome = result.outcome;
    std::hash<std::string_view> const hash;
    State state;
    state.status = result.after.status;
    state.failures = result.after.failures;
    state.http_status = outcome.http_status;
    state.endpoints_healthy = outcome.endpoints_healthy;
    state.endpoints_total = outcome.endpoints_total;
    state.certificate_expires = outcome.certificate_expires;
    state.texts = 31 * hash(outcome.error) + hash(outcome.note);
    return state;
}

/// The newest of each service, where it says anything new.
Result<void> CheckWriter::write_states(PostgresTransaction& transaction) {
    std::unordered_map<std::int64_t, CheckResult const*> newest;
    for (auto const& row : pending_) {
        newest[row.service] = row.result;
    }
    std::size_t changed = 0;
    PostgresArray services;
    PostgresArray statuses;
    PostgresArray last_checks;
    PostgresArray failures;
    PostgresArray http_statuses;
    PostgresArray errors;
    PostgresArray notes;
    PostgresArray certificates;
    PostgresArray healthy;
    PostgresArray totals;
    for (auto const& [service, result] : newest) {
        auto& told = told_[service];
        auto const state = state_of(*result);
        auto const age = result->started_at - told.at;
        if (state == told.state && age >= Millis(0) && age < kStateAge) {
            continue;
        }
        told = {state, result->started_at};
        ++changed;
        auto const& outcome = result->outcome;
        services.add(service);
        statuses.add(static_cast<std::int64_t>(result->after.status));
        last_checks.add(time_text(result->started_at));
        failures.add(std::int64_t{result->after.failures});
        http_statuses.add(std::int64_t{outcome.http_status});
        errors.add(text_or_null(outcome.error));
        notes.add(text_or_null(outcome.note));
        certificates.add(outcome.certificate_expires
                             ? std::optional(time_text(*outcome.certificate_expires))
                             : std::nullopt);
        healthy.add(std::int64_t{outcome.endpoints_healthy});
        totals.add(std::int64_t{outcome.endpoints_total});
    }
    if (changed == 0) {
        return {};
    }
    auto const write = [&](char const* sql) {
        return transaction.prepared(sql, services.text(), statuses.text(), last_checks.text(),
                                    failures.text(), http_statuses.text(), errors.text(),
                                    notes.text(), certificates.text(), healthy.text(),
                                    totals.text());
    };
    // What is there is rewritten without being locked first, as an upsert would; most often that
    // is all.
    auto const updated = write(
        "UPDATE service_state t SET status = n.status, last_check = n.last_check,"
        " failures = n.failures, http_status = n.http_status, error = n.error, note = n.note,"
        " certificate_expires = n.certificate_expires, endpoints_healthy = n.endpoints_healthy,"
        " endpoints_total = n.endpoints_total FROM unnest($1::int[], $2::smallint[],"
        " $3::timestamptz[], $4::bigint[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],"
        " $9::int[], $10::int[]) AS n (service, status, last_check, failures, http_status, error,"
        " note, certificate_expires, endpoints_healthy, endpoints_total)"
        " WHERE t.service = n.service");
    if (!updated || updated->affected() == static_cast<std::int64_t>(changed)) {
        return updated ? Result<void>{} : tl::unexpected(updated.error());
    }
    auto const added = write(
        "INSERT INTO service_state (service, status, last_check, failures, http_status, error,"
        " note, certificate_expires, endpoints_healthy, endpoints_total) SELECT * FROM "
        "unnest($1::int[], $2::smallint[],"
        " $3::timestamptz[], $4::bigint[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],"
        " $9::int[], $10::int[]) ON CONFLICT (service) DO NOTHING");
    return added ? Result<void>{} : tl::unexpected(added.error());
}

}  // namespace muster::postgres
