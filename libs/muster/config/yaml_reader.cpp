#include <muster/config/yaml_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include <muster/base/utf8.hpp>
#include <muster/config/source_lines.hpp>
#include <muster/config/unseen_character.hpp>
#include <muster/config/yaml_events.hpp>

namespace muster::config {
namespace {

/// Whose file it is: ours has no anchors, aliases and tags.
enum class Origin : std::uint8_t { ours, foreign };

/// What stands for nothing (YAML 1.2 section 10.2.1.1).
bool is_null(YamlEvent const& scalar) noexcept {
    auto const text = scalar.text;
    return scalar.plain && scalar.tag.empty() &&
           (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

/// Turns events into a tree, or into mistakes.
class TreeBuilder {
public:
    TreeBuilder(YamlTree& tree, SourceLines const& source, std::string const& file, Origin origin,
                std::vector<Mistake>& mistakes)
        : tree_(tree), source_(source), file_(file), origin_(origin), mistakes_(mistakes) {}

    /// False: there is no use in going on, and why has been told.
    [[nodiscard]] bool take(YamlEvent const& event) {
        switch (event.kind) {
            case YamlEvent::Kind::document:
                return begin_document(event);
            case YamlEvent::Kind::alias:
                return take_alias(event);
            case YamlEvent::Kind::scalar:
                return take_scalar(event);
            case YamlEvent::Kind::list_begin:
                return open(NodeKind::list, event);
            case YamlEvent::Kind::map_begin:
                return open(NodeKind::map, event);
            case YamlEvent::Kind::list_end:
            case YamlEvent::Kind::map_end:
                tree_.close();
                return true;
        }
        return false;
    }

    void refuse(Place place, std::string message) {
        mistakes_.push_back({file_, place.line, place.column, std::move(message)});
    }

private:
    [[nodiscard]] bool begin_document(YamlEvent const& event) {
        if (std::exchange(seen_document_, true)) {
            refuse(event.place, "a second document starts here: the configuration is one");
            return false;
        }
        return true;
    }

    [[nodiscard]] bool take_scalar(YamlEvent const& event) {
        if (!check(event)) {
            return false;
        }
        if (is_null(event)) {
            auto const place = source_.place_of_nothing(event.place);
            tree_.add_nothing(place.line, place.column);
        } else {
            tree_.add_scalar(event.place.line, event.place.column, event.text,
                             event.plain && event.tag.empty());
        }
        return true;
    }

    [[nodiscard]] bool take_alias(YamlEvent const& event) {
        if (origin_ == Origin::foreign) {
            return write_out(event);
        }
        refuse(event.place, "aliases (*name) are not supported: write the value out");
        tree_.add_nothing(event.place.line, event.place.column);
        return true;
    }

    [[nodiscard]] bool open(NodeKind kind, YamlEvent const& event) {
        if (!check(event)) {
            return false;
        }
        if (tree_.depth() == kMaxDepth) {
            return refuse_deep(event.place);
        }
        tree_.open(kind, event.place.line, event.place.column);
        return true;
    }

    /// Before the node is added.
    [[nodiscard]] bool check(YamlEvent const& event) {
        if (origin_ == Origin::foreign) {
            if (!event.anchor.empty()) {
                anchored_.insert_or_assign(std::string(event.anchor), tree_.size());
            }
            return fits(event.place, 1);
        }
        if (!event.anchor.empty()) {
            refuse(event.place,
                   "anchors (&name) are not supported: write the value out where it is used");
        }
        if (!event.tag.empty() && event.tag != "!") {
            refuse(event.place, "tags (!name) are not supported: write the value alone");
        }
        return true;
    }

    [[nodiscard]] bool write_out(YamlEvent const& event) {
        auto const named = anchored_.find(event.anchor);
        if (named == anchored_.end()) {
            refuse(event.place, "no YAML: this alias names nothing that stands before it");
            return false;
        }
        auto const index = named->second;
        if (tree_.is_open(index)) {
            refuse(event.place, "this alias stands inside of what it names: it has no end");
            return false;
        }
        if (tree_.depth() + tree_.height_of(index) > kMaxDepth) {
            return refuse_deep(event.place);
        }
        if (!fits(event.place, tree_.size_of(index))) {
            return false;
        }
        tree_.add_copy(index);
        return true;
    }

    [[nodiscard]] bool fits(Place place, std::size_t more) {
        if (tree_.size() + more > kMaxForeignNodes) {
            refuse(place, "more than " + std::to_string(kMaxForeignNodes) +
                              " values with its aliases written out");
            return false;
        }
        return true;
    }

    [[nodiscard]] bool refuse_deep(Place place) {
        refuse(place, "nested more than " + std::to_string(kMaxDepth) + " levels deep");
        return false;
    }

    YamlTree& tree_;
    SourceLines const& source_;
    std::string const& file_;
    Origin origin_;
    std::vector<Mistake>& mistakes_;
    std::map<std::string, std::size_t, std::less<>> anchored_;  ///< A node's index.
    bool seen_document_{false};
};

bool is_forbidden(char character) noexcept {
    auto const byte = static_cast<unsigned char>(character);
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

/// Line by line, so that a mistake knows its place.
std::optional<Mistake> unfit_bytes(SourceLines const& source, std::string const& file) {
    int line = 0;
    for (auto const row : source.lines()) {
        ++line;
        auto const at = [&](std::size_t byte, std::string message) {
            return Mistake{file, line, static_cast<int>(byte) + 1, std::move(message)};
        };
        auto const bad = std::find_if(row.begin(), row.end(), is_forbidden);
        if (bad != row.end()) {
            return at(static_cast<std::size_t>(bad - row.begin()),
                      "a control character stands here: take it out");
        }
        auto const carriage_return = row.find('\r');
        if (carriage_return != std::string_view::npos && carriage_return + 1 < row.size()) {
            return at(carriage_return,
                      "a carriage return stands inside of a line: end lines by LF or CR LF");
        }
        if (!is_valid_utf8(row)) {
            return Mistake{file, line, 0, "this line is not UTF-8: save the file as UTF-8"};
        }
        if (auto const unseen = find_unseen_character(row)) {
            return at(unseen->at,
                      "a character that cannot be seen stands here: take it out, or write it as "
                      "\\uXXXX in double quotes");
        }
    }
    return std::nullopt;
}

/// With blanks instead, so that nothing else moves.
std::string without_unseen_characters(std::string_view text) {
    std::string result(text);
    for (auto unseen = find_unseen_character(text); unseen;
         unseen = find_unseen_character(text, unseen->at + unseen->size)) {
        result.replace(unseen->at, unseen->size, unseen->size, ' ');
    }
    return result;
}

void parse(std::string_view text, SourceLines const& source, TreeBuilder& builder) {
    constexpr std::size_t kShownOfProblem = 200;
    YamlEvents events(text, source);
    while (auto const event = events.next()) {
        if (!builder.take(*event)) {
            return;
        }
    }
    if (auto const& problem = events.problem()) {
        builder.refuse(problem->place, "no YAML: " + clean_text(problem->why, kShownOfProblem));
    }
}

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.substr(text.starts_with(kMark) ? kMark.size() : 0);
}

Checked<YamlTree> read(std::string_view text, std::string const& file, Origin origin) {
    std::vector<Mistake> mistakes;
    if (text.size() > kMaxFileBytes) {
        mistakes.push_back({file, 0, 0, "larger than 64 MiB"});
        return tl::unexpected(std::move(mistakes));
    }
    SourceLines const source(text);
    if (auto unfit = unfit_bytes(source, file)) {
        mistakes.push_back(*std::move(unfit));
        return tl::unexpected(std::move(mistakes));
    }
    YamlTree tree;
    TreeBuilder builder(tree, source, file, origin, mistakes);
    parse(text, source, builder);
    if (!mistakes.empty()) {
        return tl::unexpected(std::move(mistakes));
    }
    return tree;
}

}  // namespace

Checked<YamlTree> read_yaml(std::string_view text, std::string const& file) {
    return read(without_byte_order_mark(text), file, Origin::ours);
}

Checked<YamlTree> read_foreign_yaml(std::string_view text, std::string const& file) {
    return read(without_unseen_characters(without_byte_order_mark(text)), file, Origin::foreign);
}

}  // namespace muster::config
