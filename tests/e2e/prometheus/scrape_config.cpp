#include "scrape_config.hpp"

namespace muster::e2e {
namespace {

std::string in_quotes(std::string const& text) {
    return '"' + text + '"';
}

std::string list_of(std::vector<std::string> const& texts) {
    std::string list;
    for (auto const& text : texts) {
        list += (list.empty() ? "" : ", ") + in_quotes(text);
    }
    return '[' + list + ']';
}

std::string job_text(ProbeJob const& job) {
    std::string text = "  - job_name: " + job.name + "\n";
    if (!job.token.empty()) {
        text += "    authorization: { credentials: " + job.token + " }\n";
    }
    return text + "    metrics_path: /probe\n    params: { module: [" + job.module +
           "] }\n    static_configs:\n      - targets: " + list_of(job.targets) +
           "\n        labels: { side: " + job.side + " }\n" + R"(    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: )" +
           in_quotes(job.prober) + "\n";
}

}  // namespace

std::string scrape_config(std::vector<ProbeJob> const& jobs) {
    std::string text = "global: { scrape_interval: 2s, scrape_timeout: 2s }\nscrape_configs:\n";
    for (auto const& job : jobs) {
        text += job_text(job);
    }
    return text;
}

}  // namespace muster::e2e
