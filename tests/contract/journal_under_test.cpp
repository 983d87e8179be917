#include <contract/journal_under_test.hpp>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <vector>

#include <sys/resource.h>

#include <muster/journal/file_journal.hpp>
#include <muster/memory/memory_journal.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {
namespace {

class MemoryJournalUnderTest final : public JournalUnderTest {
public:
    std::unique_ptr<Journal> open(JournalSettings settings) override {
        disk_.crash_process();
        MemoryJournal::Options options;
        options.keep_bytes = settings.keep_bytes;
        options.keep_age = settings.keep_age;
        options.limit_bytes = settings.limit_bytes;
        return std::make_unique<MemoryJournal>(disk_, options);
    }
    void damage(std::uint64_t seq) override { disk_.damage(seq); }
    void fill_disk() override { disk_.fail_writes(Error{Errc::full, "no space left on device"}); }
    void clear_disk() override { disk_.fail_writes(std::nullopt); }

private:
    MemoryDisk disk_;
};

class FileJournalUnderTest final : public JournalUnderTest {
public:
    FileJournalUnderTest() { std::signal(SIGXFSZ, SIG_IGN); }
    ~FileJournalUnderTest() override { FileJournalUnderTest::clear_disk(); }

    std::unique_ptr<Journal> open(JournalSettings settings) override {
        FileJournal::Options options;
        options.folder = folder_.path() / "journal";
        options.segment_bytes = settings.segment_bytes;
        options.keep_bytes = settings.keep_bytes;
        options.keep_age = settings.keep_age;
        options.limit_bytes = settings.limit_bytes;
        auto opened = FileJournal::open(options, kSampleTime);
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? std::move(*opened) : nullptr;
    }

    /// Flips a byte of the record's payload, wherever it lies.
    void damage(std::uint64_t seq) override {
        for (auto const& entry : std::filesystem::directory_iterator(folder_.path() / "journal")) {
            auto const path = entry.path();
            Bytes bytes(std::filesystem::file_size(path));
            auto* const file = std::fopen(path.c_str(), "r+b");
            ASSERT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
            for (std::size_t at = 0; at + kFrameHeaderBytes < bytes.size(); ++at) {
                FrameScanner scanner(bytes, at);
                if (scanner.next() == FrameScanner::Found::frame &&
                    scanner.frame().position.seq == seq) {
                    auto const hit = at + kFrameHeaderBytes + 1;
                    std::fseek(file, static_cast<long>(hit), SEEK_SET);
                    std::fputc(std::to_integer<int>(~bytes[hit]), file);
                }
            }
            std::fclose(file);
        }
    }

    /// No file may grow beyond some bytes more than the largest has: a write ends in its middle.
    void fill_disk() override {
        std::uintmax_t largest = 0;
        for (auto const& entry : std::filesystem::directory_iterator(folder_.path() / "journal")) {
            largest = std::max(largest, entry.file_size());
        }
        set_limit(largest + 10);
    }
    void clear_disk() override { set_limit(RLIM_INFINITY); }

private:
    static void set_limit(rlim_t bytes) {
        struct rlimit limit {};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = std::min(bytes, limit.rlim_max);
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }

    TemporaryFolder folder_;
};

}  // namespace

std::unique_ptr<JournalUnderTest> make_memory_journal() {
    return std::make_unique<MemoryJournalUnderTest>();
}

std::unique_ptr<JournalUnderTest> make_file_journal() {
    return std::make_unique<FileJournalUnderTest>();
}

std::vector<std::uint64_t> JournalContract::read(std::uint64_t after, std::uint64_t through,
                                                 std::size_t max_bytes) {
    auto const chunk = reader->read(after, through, max_bytes);
    EXPECT_TRUE(chunk) << chunk.error().message;
    if (!chunk) {
        return {};
    }
    auto seqs = seqs_of(chunk->frames);
    EXPECT_EQ(seqs.empty() ? 0 : seqs.front(), chunk->first_seq);
    EXPECT_EQ(seqs.empty() ? 0 : seqs.back(), chunk->last_seq);
    return seqs;
}

std::vector<std::uint64_t> JournalContract::read_all() {
    std::vector<std::uint64_t> all;
    auto const last = journal->state().last_seq;
    std::uint64_t after = 0;
    while (after < last) {
        auto const chunk = reader->read(after, last, 500);
        if (!chunk || chunk->first_seq == 0) {
            break;
        }
        auto const seqs = seqs_of(chunk->frames);
        all.insert(all.end(), seqs.begin(), seqs.end());
        after = chunk->last_seq;
    }
    return all;
}

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> seqs(last + 1 - first);
    std::iota(seqs.begin(), seqs.end(), first);
    return seqs;
}

}  // namespace muster::testing
