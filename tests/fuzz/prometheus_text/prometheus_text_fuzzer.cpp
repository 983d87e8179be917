// Whatever a project serves as Prometheus text: it is read within its limits or refused with the
// line, and what was read is the same when we write it again.

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <muster/codec/prometheus_text.hpp>
#include <muster/codec/series_readings.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

bool same(double left, double right) {
    return left == right || (std::isnan(left) && std::isnan(right));
}

struct Line {
    std::string name;
    std::vector<std::pair<std::string, std::string>> labels;
    double value;
};

class Lines final : public muster::ExpositionVisitor {
public:
    bool value(muster::SeriesValue const& value) override {
        require(!value.name.empty() && value.labels.size() <= muster::kMaxSeriesLabels);
        Line line{std::string(value.name), {}, value.value};
        for (auto const& label : value.labels) {
            require(!label.name.empty());
            line.labels.emplace_back(label.name, label.value);
        }
        lines.push_back(std::move(line));
        return lines.size() < 10'000;
    }
    void help(std::string_view name, std::string_view) override { require(!name.empty()); }
    void type(std::string_view name, std::string_view type) override {
        require(!name.empty() && !type.empty());
    }

    std::vector<Line> lines;
};

std::string written(Line const& line) {
    std::string text = line.name + "{";
    for (auto const& [name, value] : line.labels) {
        text += name + "=\"";
        for (char const character : value) {
            if (character == '\n') {
                text += "\\n";
            } else {
                text += character == '\\' || character == '"' ? "\\" : "";
                text += character;
            }
        }
        text += "\",";
    }
    return text + "} 1\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    static auto const map = muster::MetricsMap::compile({{"requestsPerSecond", "rate(a)"},
                                                         {"errorRate", "ratio(a{b=~\"5..\"} , a)"},
                                                         {"memoryUsagePercent", "max(a{b!=\"\"})"}})
                                .value();
    for (auto const format :
         {muster::ExpositionFormat::prometheus, muster::ExpositionFormat::openmetrics}) {
        Lines lines;
        auto const read = muster::read_exposition(text, format, lines);
        if (!read) {
            require(read.error().code == muster::Errc::invalid);
            require(!read.error().message.empty());
        }
        for (auto const& line : lines.lines) {
            Lines again;
            auto const one = written(line);
            if (one.size() > 60'000) {
                continue;  // escapes made it longer than a line may be
            }
            require(muster::read_exposition(one, format, again).has_value());
            require(again.lines.size() == 1 && again.lines[0].name == line.name);
            require(again.lines[0].labels == line.labels && same(again.lines[0].value, 1));
        }
        auto readings = muster::read_series(text, format, map);
        require(read || !readings);
        if (readings) {
            muster::CounterMemory memory;
            auto const seconds = memory.take(*readings, muster::SteadyTime{});
            require(std::isfinite(map.sample(readings->values, seconds).error_rate));
        }
    }
    return 0;
}
