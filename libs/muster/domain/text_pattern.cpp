#include <muster/domain/text_pattern.hpp>

#include <cstdint>
#include <utility>

#include <re2/re2.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

/// Programs of more than this are refused: what one expression may cost.
constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;

}  // namespace

TextPattern::TextPattern(std::shared_ptr<re2::RE2 const> compiled)
    : compiled_(std::move(compiled)) {}

Result<TextPattern> TextPattern::compile(std::string_view text) {
    if (text.size() > kMaxBytes) {
        return failure(Errc::invalid, "a regular expression has at most " +
                                          std::to_string(kMaxBytes) + " characters");
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    auto compiled = std::make_shared<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!compiled->ok()) {
        return failure(Errc::invalid, clean_text(compiled->error(), 200));
    }
    return TextPattern(std::move(compiled));
}

bool TextPattern::matches_whole(std::string_view text) const {
    return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::optional<std::string_view> TextPattern::find_in(std::string_view text) const {
    re2::StringPiece found;
    if (!compiled_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                          re2::RE2::UNANCHORED, &found, 1)) {
        return std::nullopt;
    }
    return std::string_view(found.data(), found.size());
}

std::string const& TextPattern::text() const noexcept {
    return compiled_->pattern();
}

}  // namespace muster
