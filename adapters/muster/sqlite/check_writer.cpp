#include <muster/sqlite/check_writer.hpp>

#include <algorithm>
#include <string_view>
#include <tuple>

#include <muster/sqlite/history_level.hpp>
#include <muster/storage/check_values.hpp>

namespace muster {
namespace {

std::int64_t millis_of(WallTime time) {
    return time.time_since_epoch().count();
}

std::optional<std::string_view> text_or_null(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

Result<void> CheckWriter::write() {
    if (pending_.empty()) {
        return {};
    }
    auto done = give_slots();
    if (done) {
        // Neighbours in the table one after another: each page is found and written once.
        std::sort(pending_.begin(), pending_.end(), [](Pending const& a, Pending const& b) {
            return std::tie(a.slot, a.service, a.at, a.n) < std::tie(b.slot, b.service, b.at, b.n);
        });
        done = write_rows();
    }
    if (done) {
        done = write_states();
    }
    pending_.clear();
    return done;
}

Result<void> CheckWriter::give_slots() {
    if (!slot_) {
        auto loaded = load_slot();
        if (!loaded) {
            return loaded;
        }
    }
    for (auto& row : pending_) {
        auto const at = millis_of(row.result->accepted_at);
        bool const fits = slot_->id != 0 && slot_->size < kSlotSize &&
                          at <= slot_->min_at + kSlotSpan.count() &&
                          at >= slot_->max_at - kSlotSpan.count();
        if (!fits) {
            auto opened = save_slot();
            if (opened) {
                opened = open_slot(at);
            }
            if (!opened) {
                return opened;
            }
        }
        slot_->min_at = std::min(slot_->min_at, at);
        slot_->max_at = std::max(slot_->max_at, at);
        if (row.result->outcome.error.empty()) {
            slot_->passed_from = std::min(slot_->passed_from, at);
        }
        row.slot = slot_->id;
        row.at = at - slot_->start_at;
        row.n = slot_->size++;
    }
    return save_slot();
}

Result<void> CheckWriter::load_slot() {
    Slot slot;
    auto done = database_
                    .statement(
                        "SELECT id, start_at, min_at, max_at, size, passed_from FROM check_slot"
                        " ORDER BY id DESC LIMIT 1")
                    .bind()
                    .each([&slot](SqliteStatement const& row) {
                        slot = {row.integer(0), row.integer(1), row.integer(2),
                                row.integer(3), row.integer(4), row.integer(5)};
                    });
    if (done) {
        slot_ = slot;
    }
    return done;
}

Result<void> CheckWriter::open_slot(std::int64_t at) {
    auto done = database_
                    .statement(
                        "INSERT INTO check_slot (start_at, min_at, max_at, size, passed_from)"
                        " VALUES (?1, ?1, ?1, 0, ?2)")
                    .bind(at, kNonePassed)
                    .run();
    if (done) {
        slot_ = Slot{database_.last_insert_id(), at, at, at, 0, kNonePassed};
    }
    return done;
}

Result<void> CheckWriter::save_slot() {
    if (slot_->id == 0) {
        return {};
    }
    return database_
        .statement(
            "UPDATE check_slot SET min_at = ?2, max_at = ?3, size = ?4, passed_from = ?5"
            " WHERE id = ?1")
        .bind(slot_->id, slot_->min_at, slot_->max_at, slot_->size, slot_->passed_from)
        .run();
}

Result<void> CheckWriter::write_rows() {
    auto& insert =
        database_.statement("INSERT INTO check_result VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    std::int64_t bytes = 0;
    for (auto const& row : pending_) {
        auto const& result = *row.result;
        auto done =
            insert
                .bind(row.slot, row.service, row.at, row.n,
                      (result.accepted_at - result.started_at).count(), result.after.status,
                      downtime_ppm(result.uptime_percent), result.outcome.response_time.count(),
                      text_or_null(result.outcome.error))
                .run();
        if (!done) {
            return done;
        }
        bytes += kBytes + static_cast<std::int64_t>(result.outcome.error.size());
    }
    return add_level_bytes(database_, "check", bytes);
}

/// The newest of each service in each slot; slots come in the order of the journal.
Result<void> CheckWriter::write_states() {
    auto& upsert = database_.statement(
        "INSERT INTO service_state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT (service) DO UPDATE SET status = ?2, last_check = ?3, failures = ?4,"
        " http_status = ?5, error = ?6, note = ?7, certificate_expires = ?8,"
        " endpoints_healthy = ?9, endpoints_total = ?10");
    for (auto first = pending_.begin(); first != pending_.end();) {
        auto newest = first;
        auto next = first;
        for (;
             next != pending_.end() && next->slot == first->slot && next->service == first->service;
             ++next) {
            newest = next->n > newest->n ? next : newest;
        }
        auto const& result = *newest->result;
        auto done = upsert
                        .bind(newest->service, result.after.status, result.started_at,
                              result.after.failures, result.outcome.http_status,
                              text_or_null(result.outcome.error), text_or_null(result.outcome.note),
                              result.outcome.certificate_expires, result.outcome.endpoints_healthy,
                              result.outcome.endpoints_total)
                        .run();
        if (!done) {
            return done;
        }
        first = next;
    }
    return {};
}

void CheckWriter::forget() {
    pending_.clear();
    slot_.reset();
}

}  // namespace muster
