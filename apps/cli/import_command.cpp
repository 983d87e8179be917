#include <cli/import_command.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <cli/kuma_database.hpp>
#include <cli/new_file.hpp>
#include <hub/settings.hpp>
#include <muster/config/document.hpp>
#include <muster/config/yaml_reader.hpp>
#include <muster/importing/import_blackbox.hpp>
#include <muster/importing/import_gatus.hpp>
#include <muster/importing/import_kuma.hpp>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace muster {
namespace {

using config::Document;
using importing::Imported;
using importing::Weight;

constexpr char const* kTo = "muster config check --config FILE reads it again";

tl::unexpected<std::vector<config::Mistake>> unreadable(std::string message) {
    return tl::unexpected(std::vector<config::Mistake>{{"", 0, 0, std::move(message)}});
}

/// The text of a file; at most one byte more than a configuration may have.
Result<std::string> text_of(std::string const& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        return failure(Errc::invalid, path + ": is a folder: name the file");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return failure(Errc::not_found, path + ": cannot be read");
    }
    std::string text;
    std::vector<char> piece(64U * 1024U);
    while (file && text.size() <= config::kMaxFileBytes) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) {
        return failure(Errc::unavailable, path + ": cannot be read");
    }
    return text;
}

/// A database that was copied while it was in use has its newest rows in a file beside it.
void note_of_log(std::string const& path, Imported& imported) {
    std::error_code error;
    auto const size = std::filesystem::file_size(path + "-wal", error);
    if (!error && size > 0) {
        imported.notes.insert(imported.notes.begin(),
                              {Weight::partly,
                               {path, 0, ""},
                               path + "-wal",
                               "is not read: it holds what Uptime Kuma changed last",
                               "stop Uptime Kuma, which merges it, and import again"});
    }
}

config::Checked<Imported> read_kuma(std::string const& path) {
    auto const text = text_of(path);
    if (!text) {
        return unreadable(text.error().message);
    }
    if (!is_sqlite(*text)) {
        return importing::import_kuma(*text, path);
    }
    auto const tree = read_kuma_database(path);
    if (!tree) {
        return unreadable(tree.error().message);
    }
    auto imported = importing::import_kuma_tree(*tree, path);
    if (imported) {
        note_of_log(path, *imported);
    }
    return imported;
}

config::Checked<Imported> read_blackbox(ImportCommand const& command) {
    if (!command.prometheus) {
        return unreadable(command.file +
                          ": has modules, but no targets: name the configuration of Prometheus "
                          "that has them with --prometheus FILE");
    }
    auto const modules = text_of(command.file);
    auto const jobs = text_of(*command.prometheus);
    if (!modules || !jobs) {
        return unreadable(modules ? jobs.error().message : modules.error().message);
    }
    return importing::import_blackbox({*modules, command.file}, {*jobs, *command.prometheus});
}

Document number(std::size_t value) {
    return Document::Bare{std::to_string(value)};
}

/// What was found as one JSON object. The values of variables are secret and stay out.
Document finding(Imported const& imported, bool with_yaml) {
    Document::List notes;
    for (auto const& note : imported.notes) {
        notes.push_back(
            Document::Map{{"weight", to_string(note.weight)},
                          {"entry", note.origin.entry},
                          {"file", note.origin.file},
                          {"line", number(static_cast<std::size_t>(std::max(note.origin.line, 0)))},
                          {"what", note.what},
                          {"why", note.why},
                          {"remedy", note.remedy},
                          {"text", importing::to_text(note)}});
    }
    Document::List variables;
    for (auto const& variable : imported.variables) {
        variables.push_back(Document::Map{{"name", variable.name},
                                          {"what", variable.what},
                                          {"fromSource", variable.from_source}});
    }
    Document::Map map{
        {"carried", number(imported.carried)}, {"partly", number(imported.partly)},
        {"missing", number(imported.missing)}, {"projects", number(imported.projects)},
        {"notes", std::move(notes)},           {"variables", std::move(variables)}};
    if (with_yaml) {
        map.emplace_back("yaml", imported.yaml);
    }
    return map;
}

Document refusal(std::vector<config::Mistake> const& mistakes) {
    Document::List list;
    for (auto const& mistake : mistakes) {
        list.push_back(
            Document::Map{{"file", mistake.file},
                          {"line", number(static_cast<std::size_t>(std::max(mistake.line, 0)))},
                          {"column", number(static_cast<std::size_t>(std::max(mistake.column, 0)))},
                          {"message", mistake.message}});
    }
    return Document::Map{{"mistakes", std::move(list)}};
}

void tell_notes(Imported const& imported, std::ostream& err) {
    for (auto const& note : imported.notes) {
        err << (note.weight == Weight::told ? "note: " : "") << importing::to_text(note) << '\n';
    }
}

void tell_counts(Imported const& imported, std::ostream& to) {
    to << imported.carried << " carried over, " << imported.partly << " partly, "
       << imported.missing << " not\n";
}

void tell_variables(Imported const& imported, bool with_env_file, std::ostream& err) {
    bool const asks_for_secrets =
        std::any_of(imported.variables.begin(), imported.variables.end(),
                    [](importing::Variable const& variable) { return !variable.from_source; });
    if (asks_for_secrets && !with_env_file) {
        err << "The file asks for variables instead of the secrets of the source; set them, or "
               "write them with --env-file FILE:\n";
    } else if (!imported.variables.empty()) {
        err << "The file asks for variables:\n";
    }
    for (auto const& variable : imported.variables) {
        err << "  " << variable.name << ": " << variable.what << '\n';
    }
}

/// The table of a dry run.
void tell_plan(Imported const& imported, std::ostream& out) {
    auto const row = [&out](char const* what, std::size_t count) {
        auto const text = std::to_string(count);
        constexpr std::size_t kWidth = 6;
        out << what << std::string(kWidth - std::min(text.size(), kWidth), ' ') << text << '\n';
    };
    row("carried over      ", imported.carried);
    row("partly            ", imported.partly);
    row("not               ", imported.missing);
    row("projects          ", imported.projects);
    row("variables to set  ", imported.variables.size());
}

/// False: told why not.
bool write_files(ImportCommand const& command, Imported const& imported, std::ostream& err) {
    auto const write = [&](std::string const& path, std::string const& text, ReadableBy readers) {
        auto const written = write_new_file(path, text, command.force, readers);
        if (!written) {
            err << written.error().message << '\n';
        }
        return written.has_value();
    };
    auto const secrets = importing::dotenv_of(imported);
    if (command.env_file && secrets.empty()) {
        err << "the source has no secrets: " << *command.env_file << " is not written\n";
    }
    return (!command.env_file || secrets.empty() ||
            write(*command.env_file, secrets, ReadableBy::owner)) &&
           (!command.output || write(*command.output, imported.yaml, ReadableBy::everybody));
}

}  // namespace

config::Checked<Imported> read_import(ImportCommand const& command,
                                      config::Environment const& environment) {
    if (command.prometheus && command.source != ImportSource::blackbox) {
        return unreadable("--prometheus goes with blackbox only");
    }
    switch (command.source) {
        case ImportSource::kuma:
            return read_kuma(command.file);
        case ImportSource::blackbox:
            return read_blackbox(command);
        case ImportSource::gatus:
            break;
    }
    auto const text = text_of(command.file);
    if (!text) {
        return unreadable(text.error().message);
    }
    return importing::import_gatus(*text, command.file, environment);
}

int tell_import(ImportCommand const& command, config::Checked<Imported> const& imported,
                std::ostream& out, std::ostream& err) {
    if (!imported) {
        if (command.json) {
            out << config::to_json(refusal(imported.error())) << '\n';
        }
        for (auto const& mistake : imported.error()) {
            err << config::to_text(mistake) << '\n';
        }
        return kExitUsage;
    }
    if (!command.dry_run && !write_files(command, *imported, err)) {
        return kExitUsage;
    }
    if (command.json) {
        bool const with_yaml = !command.dry_run && !command.output;
        out << config::to_json(finding(*imported, with_yaml)) << '\n';
    } else {
        if (command.dry_run) {
            tell_plan(*imported, out);
        } else if (!command.output) {
            out << imported->yaml;
        }
        tell_notes(*imported, err);
        tell_variables(*imported, command.env_file.has_value(), err);
        tell_counts(*imported, err);
        if (command.output && !command.dry_run) {
            err << *command.output << " is written; " << kTo << '\n';
        }
    }
    return importing::has_losses(*imported) ? kExitFailed : 0;
}

int run_import(ImportCommand const& command) {
    config::Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        auto const equals = text.find('=');
        if (equals != std::string_view::npos) {
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return tell_import(command, read_import(command, environment), std::cout, std::cerr);
}

}  // namespace muster
