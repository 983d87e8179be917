#include <muster/config/yaml_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <istream>
#include <optional>
#include <streambuf>
#include <utility>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <muster/base/utf8.hpp>
#include <muster/config/source_lines.hpp>

namespace muster::config {
namespace {

/// Lets a stream read text where it lies, and then the end of the document. Without that mark the
/// parser takes a quote that is never closed for one that reaches to the end of the file.
class TextBuffer final : public std::streambuf {
public:
    explicit TextBuffer(std::string_view text) : ends_line_(text.empty() || text.back() == '\n') {
        show(text);
    }

protected:
    int_type underflow() override {
        if (gptr() == egptr() && !std::exchange(at_end_, true)) {
            constexpr std::string_view kEnd = "\n...\n";
            show(ends_line_ ? kEnd.substr(1) : kEnd);
        }
        return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
    }

private:
    void show(std::string_view text) {
        auto* const start = const_cast<char*>(text.data());  // never written: only a get area
        setg(start, start, start + text.size());
    }

    bool ends_line_;
    bool at_end_{false};
};

/// Thrown through the parser to end it early.
struct Stop final : std::exception {};

/// Whose file it is: ours has no anchors, aliases and tags.
enum class Origin : std::uint8_t { ours, foreign };

/// Turns the parser's events into a tree, or into mistakes.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(YamlTree& tree, SourceLines const& source, std::string const& file, Origin origin,
                std::vector<Mistake>& mistakes)
        : tree_(tree), source_(source), file_(file), origin_(origin), mistakes_(mistakes) {}

    void OnDocumentStart(YAML::Mark const& mark) override {
        if (std::exchange(seen_document_, true)) {
            refuse(mark, "a second document starts here: the configuration is one");
            throw Stop();
        }
    }

    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        check(mark, "", anchor);
        auto const place = source_.place_of_nothing({mark.line + 1, mark.column + 1});
        tree_.add_nothing(place.line, place.column);
    }

    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        if (origin_ == Origin::foreign) {
            write_out(mark, anchor);
            return;
        }
        refuse(mark, "aliases (*name) are not supported: write the value out");
        tree_.add_nothing(mark.line + 1, mark.column + 1);
    }

    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& value) override {
        check(mark, tag, anchor);
        tree_.add_scalar(mark.line + 1, mark.column + 1, value, tag == "?");
    }

    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(NodeKind::list, mark, tag, anchor);
    }

    void OnSequenceEnd() override { tree_.close(); }

    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(NodeKind::map, mark, tag, anchor);
    }

    void OnMapEnd() override { tree_.close(); }

private:
    void open(NodeKind kind, YAML::Mark const& mark, std::string const& tag,
              YAML::anchor_t anchor) {
        check(mark, tag, anchor);
        if (tree_.depth() == kMaxDepth) {
            refuse(mark, "nested more than " + std::to_string(kMaxDepth) + " levels deep");
            throw Stop();
        }
        tree_.open(kind, mark.line + 1, mark.column + 1);
    }

    /// Before the node is added.
    void check(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor) {
        if (origin_ == Origin::foreign) {
            refuse_endless(mark, 1);
            if (anchor != 0) {
                anchored_.resize(std::max<std::size_t>(anchored_.size(), anchor + 1), kNowhere);
                anchored_[anchor] = tree_.size();
            }
            return;
        }
        if (anchor != 0) {
            refuse(mark, "anchors (&name) are not supported: write the value out where it is used");
        }
        if (!tag.empty() && tag != "?" && tag != "!") {
            refuse(mark, "tags (!name) are not supported: write the value alone");
        }
    }

    void write_out(YAML::Mark const& mark, YAML::anchor_t anchor) {
        auto const index = anchor < anchored_.size() ? anchored_[anchor] : kNowhere;
        if (index == kNowhere || tree_.is_open(index)) {
            refuse(mark, "this alias stands inside of what it names: it has no end");
            throw Stop();
        }
        if (tree_.depth() + tree_.height_of(index) > kMaxDepth) {
            refuse(mark, "nested more than " + std::to_string(kMaxDepth) + " levels deep");
            throw Stop();
        }
        refuse_endless(mark, tree_.size_of(index));
        tree_.add_copy(index);
    }

    void refuse_endless(YAML::Mark const& mark, std::size_t more) {
        if (tree_.size() + more > kMaxForeignNodes) {
            refuse(mark, "more than " + std::to_string(kMaxForeignNodes) +
                             " values with its aliases written out");
            throw Stop();
        }
    }

    void refuse(YAML::Mark const& mark, std::string message) {
        mistakes_.push_back({file_, mark.line + 1, mark.column + 1, std::move(message)});
    }

    static constexpr auto kNowhere = static_cast<std::size_t>(-1);

    YamlTree& tree_;
    SourceLines const& source_;
    std::string const& file_;
    Origin origin_;
    std::vector<Mistake>& mistakes_;
    std::vector<std::size_t> anchored_;  ///< By the parser's number of an anchor: a node's index.
    bool seen_document_{false};
};

bool is_forbidden(char character) noexcept {
    auto const byte = static_cast<unsigned char>(character);
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

/// Line by line, so that a mistake knows its place; the parser itself would take some of this for
/// the end of the file.
std::optional<Mistake> unfit_bytes(SourceLines const& source, std::string const& file) {
    int line = 0;
    for (auto const row : source.lines()) {
        ++line;
        auto const bad = std::find_if(row.begin(), row.end(), is_forbidden);
        if (bad != row.end()) {
            return Mistake{file, line, static_cast<int>(bad - row.begin()) + 1,
                           "a control character stands here: take it out"};
        }
        if (!is_valid_utf8(row)) {
            return Mistake{file, line, 0, "this line is not UTF-8: save the file as UTF-8"};
        }
    }
    return std::nullopt;
}

void parse(std::string_view text, std::string const& file, TreeBuilder& builder,
           std::vector<Mistake>& mistakes) {
    constexpr std::size_t kShownOfProblem = 200;
    try {
        TextBuffer buffer(text);
        std::istream in(&buffer);
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {}
    } catch (Stop const&) {
        // The builder has told why.
    } catch (YAML::Exception const& error) {
        mistakes.push_back({file, error.mark.line + 1, error.mark.column + 1,
                            "no YAML: " + clean_text(error.msg, kShownOfProblem)});
    } catch (std::exception const& error) {
        mistakes.push_back({file, 0, 0, "no YAML: " + clean_text(error.what(), kShownOfProblem)});
    }
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
    parse(text, file, builder, mistakes);
    if (!mistakes.empty()) {
        return tl::unexpected(std::move(mistakes));
    }
    return tree;
}

}  // namespace

Checked<YamlTree> read_yaml(std::string_view text, std::string const& file) {
    return read(text, file, Origin::ours);
}

Checked<YamlTree> read_foreign_yaml(std::string_view text, std::string const& file) {
    return read(text, file, Origin::foreign);
}

}  // namespace muster::config
