// What recording costs: batches of check results, encoded and in the file journal, beside a bare
// write() of the same bytes. What encoding costs alone is in bench_micro.
//
//   bench_journal [--rounds N] [--records N] [--only TEXT] [--json FILE]

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <muster/journal/file_journal.hpp>
#include <muster/recording/journal_record.hpp>
#include <muster/testing/journal_samples.hpp>
#include <muster/testing/temporary_folder.hpp>

#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>

namespace muster::bench {
namespace {

constexpr std::uint64_t kEpoch = 1'700'000'000;

class Journalling {
public:
    explicit Journalling(std::uint64_t batch) : batch_(batch) {
        FileJournal::Options options;
        options.folder = folder_.path() / "journal";
        options.keep_bytes = 0;
        options.keep_age = Millis(0);
        auto opened = FileJournal::open(options, testing::kSampleTime);
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        journal_ = std::move(*opened);
    }

    void write(std::uint64_t records) {
        for (auto const end = seq_ + records; seq_ < end;) {
            buffer_.clear();
            for (auto const last = seq_ + batch_; seq_ < last;) {
                append_frame(buffer_, {kEpoch, ++seq_}, result_);
            }
            if (auto const written = journal_->write(buffer_, {kEpoch, seq_}, testing::kSampleTime);
                !written) {
                throw std::runtime_error(written.error().message);
            }
        }
    }

    /// What the disk does on the hub's lane, and does not belong to a write.
    void sync() {
        if (!testing::sync_now(*journal_)) {
            throw std::runtime_error("the journal cannot be synced");
        }
        static_cast<void>(journal_->trim(seq_, testing::kSampleTime));
    }

private:
    testing::TemporaryFolder const folder_;
    std::uint64_t const batch_;
    CheckResult const result_{testing::passing_result(54'321)};
    std::unique_ptr<FileJournal> journal_;
    std::uint64_t seq_{0};
    Bytes buffer_;
};

/// The same bytes into one file.
class BareWriting {
public:
    explicit BareWriting(std::uint64_t batch)
        : batch_(batch),
          frames_(testing::frames_of(0, batch)),
          file_(::open((folder_ / "file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) {}
    ~BareWriting() { ::close(file_); }
    BareWriting(BareWriting const&) = delete;
    BareWriting& operator=(BareWriting const&) = delete;

    void write(std::uint64_t records) {
        for (std::uint64_t left = records; left >= batch_; left -= batch_) {
            if (::pwrite(file_, frames_.data(), frames_.size(), at_) < 0) {
                throw std::runtime_error("cannot write");
            }
            at_ = (at_ + static_cast<off_t>(frames_.size())) % (64 << 20);
        }
    }

private:
    testing::TemporaryFolder const folder_;
    std::uint64_t const batch_;
    Bytes const frames_;
    int const file_;
    off_t at_{0};
};

void run(Request const& request, Report& report) {
    auto const records = request.count("records");
    for (std::uint64_t const batch : {100U, 1'000U}) {
        auto const name = fmt::format("journal append, batches of {}", batch);
        if (!request.wants(name)) {
            continue;
        }
        Journalling journal(batch);
        BareWriting bare(batch);
        auto const operations = static_cast<double>(records);
        std::vector<Contender> contenders{
            {"journal", [&] { journal.write(records); }, cpu_seconds_of_process, operations},
            {"bare write()", [&] { bare.write(records); }, cpu_seconds_of_process, operations}};
        race(contenders, request.count("rounds"), [&] { journal.sync(); });
        report.add(cpu_row(name, contenders[0], contenders[1], {}));
    }
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    return muster::bench::run_program(count, arguments, {{"rounds", 7}, {"records", 1'000'000}},
                                      &muster::bench::run);
}
