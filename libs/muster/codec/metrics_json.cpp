#include <muster/codec/metrics_json.hpp>

#include <string>
#include <utility>

#include <muster/base/utf8.hpp>
#include <nlohmann/json.hpp>

#include <muster/codec/json_sax.hpp>
#include <muster/domain/metrics_map.hpp>

namespace muster {
namespace {

constexpr std::size_t kMaxApis = 1000;
constexpr std::size_t kMaxApiName = 200;

constexpr std::string_view kApiUsage = "apiUsage";

/// Depth 0 is outside, 1 the document, 2 inside of `apiUsage` (or of something unknown).
class MetricsReader : public detail::SaxReader {
public:
    bool key(std::string const& name) {
        if (depth() == 1) {
            field_ = nullptr;
            at_usage_ = name == kApiUsage;
            name_ = {};
            for (auto const& [known, member] : kMetricsFields) {
                if (name == known) {
                    field_ = member;
                    name_ = known;
                }
            }
        } else if (depth() == 2 && at_usage_) {
            api_ = clean_text(name, kMaxApiName);
        }
        return true;
    }

    bool null() { return depth() > 0 || refuse_document("null"); }
    bool boolean(bool /*value*/) { return scalar_of_another_type("a boolean"); }
    bool string(std::string const& /*value*/) { return scalar_of_another_type("a string"); }
    bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
    bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
    bool number_float(double value, std::string const& /*text*/) { return number(value); }

    bool start_object(std::size_t size) {
        if (depth() == 1 && at_usage_) {
            sample_.api_usage.clear();
        } else if (!container_fits("an object")) {
            return false;
        }
        return SaxReader::start_object(size);
    }
    bool start_array(std::size_t size) {
        if (depth() == 0) {
            return refuse_document("an array");
        }
        if (depth() == 1 && at_usage_) {
            return refuse(std::string(kApiUsage) + " must be an object of numbers, not an array");
        }
        return container_fits("an array") && SaxReader::start_array(size);
    }

    [[nodiscard]] MetricsSample take() { return std::move(sample_); }
    [[nodiscard]] std::string const& problem() const noexcept { return problem_; }

private:
    bool number(double value) {
        if (depth() == 0) {
            return refuse_document("a number");
        }
        if (depth() == 1 && at_usage_) {
            return refuse(std::string(kApiUsage) + " must be an object of numbers, not a number");
        }
        if (depth() == 1 && field_ != nullptr) {
            sample_.*field_ = value;
        } else if (depth() == 2 && at_usage_) {
            if (sample_.api_usage.size() >= kMaxApis && !sample_.api_usage.contains(api_)) {
                return refuse(std::string(kApiUsage) + " has more than 1000 entries");
            }
            sample_.api_usage[api_] = value;
        }
        return true;
    }

    bool scalar_of_another_type(std::string_view what) {
        if (depth() == 0) {
            return refuse_document(what);
        }
        if (depth() == 1 && at_usage_) {
            return refuse(std::string(kApiUsage) + " must be an object of numbers, not " +
                          std::string(what));
        }
        return container_fits(what);
    }

    /// Whether something that is no number may stand here.
    bool container_fits(std::string_view what) {
        if (depth() == 1 && field_ != nullptr) {
            return refuse(std::string(name_) + " must be a number, not " + std::string(what));
        }
        if (depth() == 2 && at_usage_) {
            return refuse(std::string(kApiUsage) + "." + api_ + " must be a number, not " +
                          std::string(what));
        }
        return true;
    }

    bool refuse_document(std::string_view what) {
        return refuse("metrics must be a JSON object, not " + std::string(what));
    }
    bool refuse(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    MetricsSample sample_;
    double MetricsSample::*field_{nullptr};
    std::string_view name_;  ///< Of `field_`.
    bool at_usage_{false};
    std::string api_;
    std::string problem_;
};

}  // namespace

Result<MetricsSample> decode_metrics(std::string_view json) {
    MetricsReader reader;
    if (nlohmann::json::sax_parse(json.begin(), json.end(), &reader)) {
        return reader.take();
    }
    if (!reader.problem().empty()) {
        return failure(Errc::invalid, reader.problem());
    }
    return failure(Errc::invalid, reader.too_deep() ? "metrics are nested too deep to read"
                                                    : "metrics are not readable JSON");
}

}  // namespace muster
