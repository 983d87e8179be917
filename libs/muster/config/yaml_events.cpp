#include <muster/config/yaml_events.hpp>

#include <algorithm>
#include <new>

#include <yaml.h>

namespace muster::config {
namespace {

std::string_view view_of(yaml_char_t const* text) noexcept {
    return text == nullptr ? std::string_view() : reinterpret_cast<char const*>(text);
}

bool continues_character(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The parser counts characters; our columns are bytes. Goes on from the place before, so that a
/// long line is walked once.
class ByteColumns {
public:
    explicit ByteColumns(SourceLines const& source) : source_(source) {}

    [[nodiscard]] Place place_of(yaml_mark_t const& mark) {
        if (mark.line != line_ || mark.column < characters_) {
            line_ = mark.line;
            characters_ = 0;
            byte_ = 0;
        }
        auto const row =
            line_ < source_.lines().size() ? source_.lines()[line_] : std::string_view();
        while (byte_ < row.size() &&
               (characters_ < mark.column || continues_character(row[byte_]))) {
            characters_ += continues_character(row[byte_]) ? 0 : 1;
            ++byte_;
        }
        auto const beyond = mark.column - std::min(characters_, mark.column);
        return {static_cast<int>(line_) + 1, static_cast<int>(byte_ + beyond) + 1};
    }

private:
    SourceLines const& source_;
    std::size_t line_{0};
    std::size_t characters_{0};  ///< Before `byte_`, in its line.
    std::size_t byte_{0};
};

}  // namespace

struct YamlEvents::Parser {
    Parser(std::string_view text, SourceLines const& source) : columns(source) {
        if (yaml_parser_initialize(&parser) == 0) {
            throw std::bad_alloc();
        }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, reinterpret_cast<unsigned char const*>(text.data()),
                                     text.size());
    }
    ~Parser() {
        yaml_event_delete(&event);
        yaml_parser_delete(&parser);
    }
    Parser(Parser const&) = delete;
    Parser& operator=(Parser const&) = delete;

    [[nodiscard]] bool advance() {
        yaml_event_delete(&event);
        return yaml_parser_parse(&parser, &event) != 0;
    }

    [[nodiscard]] YamlProblem problem() {
        if (parser.error == YAML_MEMORY_ERROR) {
            return {{1, 1}, "too little memory"};
        }
        std::string why = parser.problem == nullptr ? "cannot be read" : parser.problem;
        if (parser.context != nullptr) {
            why += std::string(" (") + parser.context + ", which began in line " +
                   std::to_string(parser.context_mark.line + 1) + ")";
        }
        return {columns.place_of(parser.problem_mark), std::move(why)};
    }

    /// Nothing: it is of no interest.
    [[nodiscard]] std::optional<YamlEvent> shown() {
        YamlEvent result;
        result.place = columns.place_of(event.start_mark);
        switch (event.type) {
            case YAML_DOCUMENT_START_EVENT:
                result.kind = YamlEvent::Kind::document;
                return result;
            case YAML_ALIAS_EVENT:
                result.kind = YamlEvent::Kind::alias;
                result.anchor = view_of(event.data.alias.anchor);
                return result;
            case YAML_SCALAR_EVENT: {
                auto const& scalar = event.data.scalar;
                result.kind = YamlEvent::Kind::scalar;
                result.anchor = view_of(scalar.anchor);
                result.tag = view_of(scalar.tag);
                result.text = {reinterpret_cast<char const*>(scalar.value), scalar.length};
                result.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
                return result;
            }
            case YAML_SEQUENCE_START_EVENT:
                result.kind = YamlEvent::Kind::list_begin;
                result.anchor = view_of(event.data.sequence_start.anchor);
                result.tag = view_of(event.data.sequence_start.tag);
                return result;
            case YAML_MAPPING_START_EVENT:
                result.kind = YamlEvent::Kind::map_begin;
                result.anchor = view_of(event.data.mapping_start.anchor);
                result.tag = view_of(event.data.mapping_start.tag);
                return result;
            case YAML_SEQUENCE_END_EVENT:
                result.kind = YamlEvent::Kind::list_end;
                return result;
            case YAML_MAPPING_END_EVENT:
                result.kind = YamlEvent::Kind::map_end;
                return result;
            case YAML_NO_EVENT:
            case YAML_STREAM_START_EVENT:
            case YAML_STREAM_END_EVENT:
            case YAML_DOCUMENT_END_EVENT:
                break;
        }
        return std::nullopt;
    }

    ByteColumns columns;
    yaml_parser_t parser{};
    yaml_event_t event{};
};

YamlEvents::YamlEvents(std::string_view text, SourceLines const& source)
    : parser_(std::make_unique<Parser>(text, source)) {}

YamlEvents::~YamlEvents() = default;

std::optional<YamlEvent> YamlEvents::next() {
    while (!problem_ && parser_->event.type != YAML_STREAM_END_EVENT) {
        if (!parser_->advance()) {
            problem_ = parser_->problem();
            return std::nullopt;
        }
        if (auto event = parser_->shown()) {
            return event;
        }
    }
    return std::nullopt;
}

}  // namespace muster::config
