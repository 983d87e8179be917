#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <muster/ports/journal.hpp>

namespace muster::testing {

struct JournalSettings {
    std::uint64_t segment_bytes = 1000;  ///< Where the adapter has segments: a dozen results.
    std::uint64_t keep_bytes = 0;
    Millis keep_age{0};
    std::uint64_t limit_bytes = std::uint64_t{1} << 30;
};

/// One adapter of Journal, with what the suite needs to make it fail.
class JournalUnderTest {
public:
    virtual ~JournalUnderTest() = default;

    /// Opens the journal, again as the next process would: the one given before is gone by then.
    virtual std::unique_ptr<Journal> open(JournalSettings settings) = 0;

    /// Makes the record unreadable for readers made from now on.
    virtual void damage(std::uint64_t seq) = 0;

    /// From now on writes run out of room part of the way.
    virtual void fill_disk() = 0;
    virtual void clear_disk() = 0;
};

using MakeJournal = std::unique_ptr<JournalUnderTest> (*)();

std::unique_ptr<JournalUnderTest> make_memory_journal();
std::unique_ptr<JournalUnderTest> make_file_journal();

/// Every suite runs over every journal.
inline auto name_of_journal(::testing::TestParamInfo<MakeJournal> const& info) {
    return std::string(info.param == &make_memory_journal ? "Memory" : "File");
}

class JournalContract : public ::testing::TestWithParam<MakeJournal> {
public:
    void SetUp() override { open(); }

    void open(JournalSettings settings = {}) {
        journal.reset();
        journal = under_test->open(settings);
        ASSERT_NE(journal, nullptr);
        reader = journal->reader();
    }

    /// The seqs of the next chunk.
    [[nodiscard]] std::vector<std::uint64_t> read(std::uint64_t after, std::uint64_t through,
                                                  std::size_t max_bytes = std::size_t{1} << 20);
    /// All that can be read, chunk by chunk; damage ends it.
    [[nodiscard]] std::vector<std::uint64_t> read_all();

    std::unique_ptr<JournalUnderTest> under_test = GetParam()();
    std::unique_ptr<Journal> journal;
    std::unique_ptr<JournalReader> reader;
};

/// first, first + 1, ... last.
[[nodiscard]] std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last);

}  // namespace muster::testing
