#include "file_age_prober.hpp"

#include <cerrno>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include <sys/stat.h>

namespace {

using muster::Outcome;
using muster::OwnFault;
using muster::Verdict;

/// When a file was last written. Blocks.
muster::Result<muster::WallTime> last_written(std::string const& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        return muster::failure(muster::Errc::not_found, std::generic_category().message(errno));
    }
    return muster::WallTime(std::chrono::seconds(found.st_mtim.tv_sec) +
                            muster::Millis(found.st_mtim.tv_nsec / 1'000'000));
}

/// In whole seconds: nobody reads the rest.
std::string age_text(muster::Millis age) {
    return muster::format_duration(std::chrono::floor<std::chrono::seconds>(age));
}

class FileAgeProbe final : public muster::Probe {
public:
    FileAgeProbe(muster::Clock const& clock, muster::Timers& timers, muster::Lane& lane,
                 std::string path, muster::Millis at_most)
        : clock_(clock),
          lane_(lane),
          path_(std::move(path)),
          at_most_(at_most),
          timer_(timers.make([this] { end(*std::move(if_nothing_comes_)); })) {}

    void start(muster::ProbeRun const& run, muster::ProbeObserver& observer,
               std::uint64_t token) override {
        observer_ = &observer;
        token_ = token;
        started_ = clock_.now();
        run_ = std::make_shared<Run>();
        if_nothing_comes_ =
            failed("no answer from the file system within " + muster::format_duration(run.timeout));
        // The job owns what it needs, and its answer looks whether its run still goes on: the probe
        // may be cancelled, or gone, before the file system answers.
        bool const taken = muster::submit_to(
            lane_, [path = path_] { return last_written(path); },
            [this, run = std::weak_ptr<Run>(run_)](auto const& written) {
                if (!run.expired()) {
                    end(judge(written));
                }
            });
        if (!taken) {
            if_nothing_comes_ = not_counted("too many files are waited for");
        }
        timer_->arm(taken ? started_.steady + run.timeout : started_.steady);
    }

    void cancel() override {
        run_.reset();
        timer_->disarm();
    }

private:
    struct Run {};

    static Outcome failed(std::string why) {
        Outcome outcome;
        outcome.verdict = Verdict::failed;
        outcome.error = std::move(why);
        return outcome;
    }

    /// Our own failure: it says nothing about the file.
    static Outcome not_counted(std::string why) {
        Outcome outcome;
        outcome.own_fault = OwnFault::other;
        outcome.error = std::move(why);
        return outcome;
    }

    [[nodiscard]] Outcome judge(muster::Result<muster::WallTime> const& written) const {
        if (!written) {
            return failed(written.error().message);
        }
        auto const age = clock_.now().wall - *written;
        if (age > at_most_) {
            return failed("written " + age_text(age) + " ago, more than " +
                          muster::format_duration(at_most_));
        }
        Outcome outcome;
        outcome.verdict = Verdict::passed;
        return outcome;
    }

    void end(Outcome outcome) {
        cancel();
        outcome.response_time =
            std::chrono::duration_cast<muster::Micros>(clock_.now().steady - started_.steady);
        observer_->probed(token_, std::move(outcome));  // last: it may destroy the probe
    }

    muster::Clock const& clock_;
    muster::Lane& lane_;
    std::string const path_;
    muster::Millis const at_most_;
    muster::ProbeObserver* observer_{nullptr};
    std::uint64_t token_{0};
    muster::Instant started_{};
    std::optional<Outcome> if_nothing_comes_;
    std::shared_ptr<Run> run_;              // nothing: no run is under way
    std::unique_ptr<muster::Timer> timer_;  // last: it calls back
};

}  // namespace

muster::OwnProbeSpec FileAgeProber::spec(std::string path, muster::Millis at_most) {
    muster::OwnProbeSpec result;
    result.kind = kKind;
    result.target = std::move(path);
    result.settings["at_most"] = muster::format_duration(at_most);
    return result;
}

muster::Result<std::unique_ptr<muster::Probe>> FileAgeProber::prepare(muster::ProbeSpec const& spec,
                                                                      bool /*reuse*/) {
    auto const* const own = std::get_if<muster::OwnProbeSpec>(&spec);
    if (own == nullptr || own->kind != kKind) {
        return muster::failure(muster::Errc::unsupported,
                               "no check of a file's age: " + std::string(kind_of(spec)));
    }
    auto const at_most = own->settings.find("at_most");
    if (at_most == own->settings.end()) {
        return muster::failure(muster::Errc::invalid, own->target + ": at_most is not set");
    }
    auto const limit = muster::parse_duration(at_most->second);
    if (!limit) {
        return muster::prefixed(own->target + ": at_most", limit.error());
    }
    return std::make_unique<FileAgeProbe>(clock_, timers_, lane_, own->target, *limit);
}
