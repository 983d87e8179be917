#include <muster/codec/history_text.hpp>

#include <optional>
#include <utility>

#include <muster/codec/history_json.hpp>
#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

constexpr std::string_view kCheckColumns =
    "projectName,serviceName,status,lastCheck,uptimePercentage,responseTimeMs,errorMessage,"
    "recordedAt\r\n";
constexpr std::string_view kBucketColumns =
    "from,to,serviceName,checks,up,degraded,down,unobservedMs,avgMs,p50Ms,p95Ms,p99Ms,maxMs\r\n";

/// One line of a table, field by field.
class CsvLine {
public:
    explicit CsvLine(std::string& out) : out_(out) {}

    void text(std::string_view value) {
        begin();
        if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
            out_ += value;
            return;
        }
        out_ += '"';
        for (char const character : value) {
            out_ += character == '"' ? "\"" : "";
            out_ += character;
        }
        out_ += '"';
    }
    void time(WallTime value) { text(to_rfc3339(value)); }
    void number(std::int64_t value) {
        begin();
        append_json_number(out_, value);
    }
    void percent(double value) {
        begin();
        append_json_percent(out_, value);
    }
    /// Milliseconds; nothing where there is none.
    void millis(std::optional<Micros> value) {
        begin();
        if (value) {
            append_json_number(out_, static_cast<double>(value->count()) / 1'000.0);
        }
    }
    void end() { out_ += "\r\n"; }

private:
    void begin() { out_ += std::exchange(first_, false) ? "" : ","; }

    std::string& out_;
    bool first_{true};
};

void append_csv(std::string& out, CheckRow const& row) {
    CsvLine line(out);
    line.text(row.project);
    line.text(row.service);
    line.text(project_word(row.status));
    line.time(row.last_check);
    line.percent(row.uptime_percent);
    line.number(row.response_time.count());
    line.text(row.error);
    line.time(row.recorded_at);
    line.end();
}

void append_csv(std::string& out, BucketRow const& row) {
    auto const& seen = row.bucket.seen;
    auto const known = [](bool is, Micros time) {
        return is ? std::optional<Micros>(time) : std::nullopt;
    };
    bool const any = seen.checks > 0;
    bool const spread = !seen.response_times.empty();
    CsvLine line(out);
    line.time(row.bucket.from);
    line.time(row.bucket.to);
    line.text(row.service);
    for (auto const count : {seen.checks, seen.up, seen.degraded, seen.down}) {
        line.number(static_cast<std::int64_t>(count));
    }
    line.number(row.bucket.unobserved.count());
    line.millis(known(any, mean_of(seen)));
    line.millis(known(spread, quantile_of(seen, 0.50)));
    line.millis(known(spread, quantile_of(seen, 0.95)));
    line.millis(known(spread, quantile_of(seen, 0.99)));
    line.millis(known(any, seen.longest));
    line.end();
}

}  // namespace

std::string_view media_type(HistoryFormat format) noexcept {
    switch (format) {
        case HistoryFormat::json:
            return "application/json; charset=utf-8";
        case HistoryFormat::ndjson:
            return "application/x-ndjson; charset=utf-8";
        case HistoryFormat::csv:
            return "text/csv; charset=utf-8; header=present";
    }
    return {};
}

HistoryText::HistoryText(HistoryFormat format, Rows rows) : format_(format) {
    if (format == HistoryFormat::json) {
        text_ = "[";
    } else if (format == HistoryFormat::csv) {
        text_ = rows == Rows::checks ? kCheckColumns : kBucketColumns;
    }
}

void HistoryText::begin_row() {
    if (format_ == HistoryFormat::json && rows_ > 0) {
        text_ += ',';
    }
    ++rows_;
}

void HistoryText::end_row() {
    if (format_ == HistoryFormat::ndjson) {
        text_ += '\n';
    }
}

void HistoryText::add(CheckRow const& row) {
    begin_row();
    if (format_ == HistoryFormat::csv) {
        append_csv(text_, row);
    } else {
        append_check_row(text_, row);
    }
    end_row();
}

void HistoryText::add(BucketRow const& row) {
    begin_row();
    if (format_ == HistoryFormat::csv) {
        append_csv(text_, row);
    } else {
        append_bucket_row(text_, row);
    }
    end_row();
}

std::string HistoryText::take() {
    if (format_ == HistoryFormat::json) {
        text_ += ']';
    }
    return std::move(text_);
}

}  // namespace muster
