// The reference and the example against the code: what is built is written down, and what is
// written down can be read.

#include <cctype>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <muster/config/known_keys.hpp>
#include <muster/config/load.hpp>

namespace muster::config {
namespace {

std::string text_of(std::string const& path) {
    std::ifstream file(std::string(MUSTER_SOURCE_DIR) + "/" + path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr Section kSections[] = {
    Section::file,  Section::hub,       Section::auth,     Section::logging,  Section::limits,
    Section::cors,  Section::retention, Section::defaults, Section::project,  Section::service,
    Section::probe, Section::expect,    Section::json,     Section::tls,      Section::maintenance,
    Section::match, Section::weekly,    Section::redis,    Section::database, Section::pool};

/// The word on its own, not as a part of another.
bool has_word(std::string_view text, std::string_view word) {
    auto const letter = [&](std::size_t at) {
        return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
    };
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) {
            return true;
        }
    }
    return false;
}

Checked<Configuration> loaded(std::string text) {
    LoadInput input;
    input.file_text = std::move(text);
    return load(input);
}

TEST(Documentation, NamesEveryKeyThatIsBuilt) {
    auto const reference = text_of("docs/configuration.md");
    auto const example = text_of("examples/muster.yaml");
    for (auto const section : kSections) {
        for (auto const key : built_keys(section)) {
            EXPECT_TRUE(has_word(reference, key)) << name_of(section) << ": " << key;
            EXPECT_TRUE(has_word(example, key)) << name_of(section) << ": " << key;
        }
    }
}

TEST(Documentation, TheExampleIsValidWithoutAWarning) {
    auto const configuration = loaded(text_of("examples/muster.yaml"));
    if (!configuration) {
        for (auto const& mistake : configuration.error()) {
            ADD_FAILURE() << to_text(mistake);
        }
        return;
    }
    EXPECT_EQ(configuration->projects.size(), 2U);
    for (auto const& warning : configuration->warnings) {
        ADD_FAILURE() << warning;
    }
    EXPECT_EQ(configuration->defaults, ServiceDefaults{}) << "the example says what is built in";
    EXPECT_EQ(configuration->retention, RetentionSettings{});
}

TEST(Documentation, TheReferencesOwnExampleIsValid) {
    auto const reference = text_of("docs/configuration.md");
    constexpr std::string_view kFence = "```yaml\n";
    auto const start = reference.find(kFence) + kFence.size();
    auto const configuration =
        loaded(reference.substr(start, reference.find("```", start) - start));
    ASSERT_TRUE(configuration);
    EXPECT_EQ(configuration->projects.size(), 1U);
}

}  // namespace
}  // namespace muster::config
