// Jobs of Prometheus that probe through blackbox_exporter become projects, their static targets
// services. What a module has that a check of ours has not is told once, at the module.

#include <muster/importing/import_blackbox.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <muster/base/ascii.hpp>
#include <muster/base/utf8.hpp>
#include <muster/config/yaml_reader.hpp>
#include <muster/importing/assembly.hpp>
#include <muster/importing/blackbox_module.hpp>
#include <muster/importing/given_names.hpp>
#include <muster/importing/length_of_time.hpp>
#include <muster/importing/request_parts.hpp>
#include <muster/importing/source_map.hpp>

namespace muster::importing {
namespace {

constexpr Millis kBlackboxInterval{60'000};  ///< Prometheus's own defaults.
constexpr Millis kBlackboxTimeout{10'000};
/// What blackbox_exporter leaves of a scrape's time for the answer.
constexpr Millis kOffset{500};
constexpr std::size_t kBlackboxMaxText = 1000;

/// What a job's relabel_configs make of an address and its labels.
struct Relabeling {
    std::string target{"$1"};                 ///< `$1` stands for the address.
    std::optional<std::string> module;        ///< Always this one.
    std::optional<std::string> module_label;  ///< Else the one that the label names.
};

bool is_whole(std::string_view regex) {
    return regex.empty() || regex == "(.*)" || regex == ".*" || regex == "(.+)" || regex == ".+";
}

class BlackboxReader {
public:
    BlackboxReader(SourceFile const& blackbox, SourceFile const& prometheus,
                   SourceMap const& modules, SourceMap const& root)
        : blackbox_(blackbox),
          prometheus_(prometheus),
          modules_(modules),
          root_(root),
          assembly_({blackbox.name, "blackbox", {}}) {}

    /// Nothing: no job probes.
    std::optional<Result<Imported>> read(YamlNode jobs) {
        bool probes = false;
        for (auto const one : jobs) {
            SourceMap const job(one);
            if (job.text("metrics_path") == "/probe") {
                probes = true;
                read_job(job);
            }
        }
        if (!probes) {
            return std::nullopt;
        }
        return assembly_.finish();
    }

private:
    /// What is lost of a job.
    void note(SourceMap const& job, int line, std::string what, std::string why,
              std::string remedy) {
        assembly_.note(
            {Weight::partly,
             {prometheus_.name, line, clean_text(job.text("job_name"), kBlackboxMaxText)},
             std::move(what),
             std::move(why),
             std::move(remedy)});
    }

    void read_job(SourceMap const& job) {
        for (auto const& field : job.fields()) {
            if (field.key.ends_with("_sd_configs")) {
                note(job, field.line, std::string(field.key),
                     "is left out: only static targets are read",
                     "list the targets under static_configs and import again");
            }
        }
        auto const params = job.map("params");
        for (auto const& field : params.fields()) {
            if (field.key != "module" && field.key != "target" && field.key != "debug") {
                note(job, field.line, "params." + clean_text(field.key, 40),
                     "is left out: it is not known here", kCheckByHand);
            }
        }
        auto const relabeling = read_relabeling(job);
        if (auto const* target = params.find("target")) {
            for (auto const item : items_of(*target)) {
                add_target(job, item, {}, relabeling);
                return;  // the first one counts
            }
        }
        auto const* groups = job.find("static_configs");
        if (groups == nullptr) {
            return;
        }
        for (auto const group : *groups) {
            SourceMap const from(group);
            auto const* targets = from.find("targets");
            if (targets == nullptr) {
                continue;
            }
            for (auto const target : items_of(*targets)) {
                add_target(job, target, from.map("labels").fields(), relabeling);
            }
        }
    }

    Relabeling read_relabeling(SourceMap const& job) {
        Relabeling relabeling;
        auto const* rules = job.find("relabel_configs");
        if (rules == nullptr) {
            return relabeling;
        }
        for (auto const one : *rules) {
            SourceMap const rule(one);
            auto const action = rule.text("action");
            auto const to = rule.text("target_label");
            auto const* labels = rule.find("source_labels");
            auto const from = labels == nullptr ? std::vector<YamlNode>() : items_of(*labels);
            if (!action.empty() && action != "replace") {
                if (action == "keep" || action == "drop" || action == "keepequal" ||
                    action == "dropequal") {
                    note(job, one.line(), "relabel_configs: " + std::string(action),
                         "is not followed: every target is taken", "take out what is too much");
                }
                continue;
            }
            bool const is_plain = is_whole(rule.text("regex")) && from.size() <= 1;
            auto const* given = rule.find("replacement");
            auto const replacement =
                given == nullptr ? std::string("$1") : with_dollar(given->text());
            if (to == "__param_target") {
                bool const takes_address = from.empty() || from.front().text() == "__address__";
                if (is_plain && takes_address) {
                    relabeling.target = replacement;
                } else {
                    note(job, one.line(), "relabel_configs: __param_target",
                         "is not followed: the addresses are taken as they stand",
                         "look at the targets in the new file");
                }
            } else if (to == "__param_module") {
                if (is_plain && from.empty()) {
                    relabeling.module = replacement;
                } else if (is_plain && replacement == "$1") {
                    relabeling.module_label = std::string(from.front().text());
                } else {
                    note(job, one.line(), "relabel_configs: __param_module",
                         "is not followed: the module of params is taken",
                         "look at the services in the new file");
                }
            }
        }
        return relabeling;
    }

    /// `${1}` as `$1`.
    static std::string with_dollar(std::string_view text) {
        std::string out(text);
        for (auto at = out.find("${1}"); at != std::string::npos; at = out.find("${1}", at)) {
            out.replace(at, 4, "$1");
        }
        return out;
    }

    void add_target(SourceMap const& job, YamlNode target,
                    std::vector<SourceMap::Field> const& labels, Relabeling const& relabeling) {
        auto text = relabeling.target;
        if (auto const at = text.find("$1"); at != std::string::npos) {
            text.replace(at, 2, target.text());
        }
        auto const wanted = module_of(job, labels, relabeling);
        auto const& module = module_named(wanted);
        Draft draft;
        draft.probe = module.pattern.probe;
        draft.outcome = module.pattern.outcome;
        draft.project = clean_text(job.text("job_name"), kBlackboxMaxText);
        auto const scheme = text.find("://");
        draft.name = as_name(clean_text(
            scheme == std::string::npos ? text : std::string_view(text).substr(scheme + 3), 100));
        auto const shown = clean_text(shown_target(text), kBlackboxMaxText);
        draft.origin = {prometheus_.name, target.line(), draft.project + "/" + shown};
        if (draft.is_missing()) {
            draft.leave_out("module " + wanted, "is not carried over, see there", "");
        } else {
            set_target(draft, module, std::move(text));
            read_times(job, module, draft);
        }
        for (auto const& label : labels) {
            if (label.key.substr(0, 2) != "__") {
                draft.metadata.emplace(
                    clean_text(label.key, kBlackboxMaxText),
                    as_literal(clean_text(label.value.text(), kBlackboxMaxText)));
            }
        }
        assembly_.add(std::move(draft));
    }

    /// Without a login.
    static std::string shown_target(std::string const& text) {
        auto const scheme = text.find("://");
        auto const start = scheme == std::string::npos ? 0 : scheme + 3;
        auto const end = std::min(text.find_first_of("/?#", start), text.size());
        auto const at = text.substr(0, end).rfind('@');
        auto const query = std::min(text.find('?'), text.size());
        return at == std::string::npos || at < start
                   ? text.substr(0, query)
                   : text.substr(0, start) + text.substr(at + 1, query - at - 1);
    }

    static void set_target(Draft& draft, BlackboxModule const& module, std::string text) {
        if (auto* tcp = std::get_if<TcpDraft>(&draft.probe)) {
            tcp->endpoint = as_literal(text);
            return;
        }
        auto const lower = in_lower_case(text.substr(0, 8));
        if (lower.substr(0, 7) != "http://" && lower != "https://") {
            text.insert(0, "http://");
        }
        bool const has_tls = lower == "https://";
        auto& http = std::get<HttpDraft>(draft.probe);
        http.url = as_literal(text);
        if (module.fails_with_tls && has_tls) {
            draft.lose("fail_if_ssl", "is left out: this check would always fail",
                       "name an http:// target");
        }
        if (module.fails_without_tls && !has_tls) {
            draft.lose("fail_if_not_ssl",
                       "is left out: whether a redirect leads to TLS is not "
                       "checked",
                       "name the https:// URL");
        }
    }

    void read_times(SourceMap const& job, BlackboxModule const& module, Draft& draft) {
        auto const interval = time_of(job, "scrape_interval", kBlackboxInterval, draft);
        auto const scrape =
            std::min(time_of(job, "scrape_timeout", kBlackboxTimeout, draft), interval);
        auto const left = scrape > kOffset ? scrape - kOffset : scrape;
        set_interval(draft, interval);
        set_timeout(draft, module.timeout && *module.timeout > Millis(0)
                               ? std::min(*module.timeout, left)
                               : left);
        draft.retries = 0;
        draft.success_threshold = 1;
    }

    /// Of the job, of all jobs, or Prometheus's.
    Millis time_of(SourceMap const& job, std::string_view key, Millis otherwise,
                   Draft& draft) const {
        auto const global = root_.map("global");
        for (auto const* from : {&job, &global}) {
            auto const* value = from->find(key);
            if (value == nullptr) {
                continue;
            }
            auto const time = length_of_time(value->text());
            if (time && *time > Millis(0)) {
                return *time;
            }
            draft.lose(std::string(key) + " '" + clean_text(value->text(), 40) + "'",
                       "is no length of time: Prometheus's default stands here", "set it by hand");
            return otherwise;
        }
        return otherwise;
    }

    static std::string module_of(SourceMap const& job, std::vector<SourceMap::Field> const& labels,
                                 Relabeling const& relabeling) {
        auto const of_label = [&labels](std::string_view name) -> std::optional<std::string> {
            for (auto const& label : labels) {
                if (label.key == name && !label.value.text().empty()) {
                    return std::string(label.value.text());
                }
            }
            return std::nullopt;
        };
        std::optional<std::string> named;
        if (relabeling.module_label) {
            named = of_label(*relabeling.module_label);
        }
        if (!named) {
            named = relabeling.module;
        }
        if (!named) {
            named = of_label("__param_module");
        }
        auto const params = job.map("params");
        auto const* given = params.find("module");
        auto const items = given == nullptr ? std::vector<YamlNode>() : items_of(*given);
        if (!named && !items.empty()) {
            named = std::string(items.front().text());
        }
        return named.value_or("http_2xx");  // which blackbox_exporter takes where none is named
    }

    /// Read once; its notes are told then.
    BlackboxModule const& module_named(std::string const& name) {
        auto const known = read_.find(name);
        if (known != read_.end()) {
            return known->second;
        }
        BlackboxModule made;
        if (modules_.has(name)) {
            made = read_blackbox_module(modules_.map(name),
                                        {blackbox_.name, modules_.line_of(name),
                                         "module " + clean_text(name, kBlackboxMaxText)});
        } else {
            made.pattern.origin = {blackbox_.name, modules_.node().line(), ""};
            made.pattern.leave_out("module " + clean_text(name, kBlackboxMaxText), "is not there",
                                   "name one that is there");
        }
        for (auto& note : made.pattern.notes) {
            assembly_.note(std::move(note));
        }
        made.pattern.notes.clear();
        return read_.emplace(name, std::move(made)).first->second;
    }

    SourceFile const& blackbox_;
    SourceFile const& prometheus_;
    SourceMap const& modules_;
    SourceMap const& root_;
    Assembly assembly_;
    std::map<std::string, BlackboxModule> read_;
};

tl::unexpected<std::vector<config::Mistake>> mistake(std::string const& file, YamlNode at,
                                                     std::string message) {
    return tl::unexpected(
        std::vector<config::Mistake>{{file, at.line(), at.column(), std::move(message)}});
}

}  // namespace

config::Checked<Imported> import_blackbox(SourceFile const& blackbox,
                                          SourceFile const& prometheus) {
    auto const modules_tree = config::read_foreign_yaml(blackbox.text, blackbox.name);
    if (!modules_tree) {
        return tl::unexpected(modules_tree.error());
    }
    auto const jobs_tree = config::read_foreign_yaml(prometheus.text, prometheus.name);
    if (!jobs_tree) {
        return tl::unexpected(jobs_tree.error());
    }
    SourceMap const blackbox_root(modules_tree->root());
    auto const* modules = blackbox_root.find("modules");
    if (modules == nullptr || modules->kind() != NodeKind::map) {
        return mistake(blackbox.name, blackbox_root.node(),
                       "no configuration of blackbox_exporter: it has no 'modules'");
    }
    SourceMap const root(jobs_tree->root());
    auto const* jobs = root.find("scrape_configs");
    if (jobs == nullptr || jobs->kind() != NodeKind::list) {
        return mistake(prometheus.name, root.node(),
                       "no configuration of Prometheus: it has no list 'scrape_configs'");
    }
    SourceMap const all(*modules);
    auto imported = BlackboxReader(blackbox, prometheus, all, root).read(*jobs);
    if (!imported) {
        return mistake(prometheus.name, *jobs, "no job has 'metrics_path: /probe'");
    }
    if (!*imported) {
        return mistake(blackbox.name, blackbox_root.node(), imported->error().message);
    }
    return std::move(**imported);
}

}  // namespace muster::importing
