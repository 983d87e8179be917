#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <muster/ports/clock.hpp>
#include <muster/ports/lane.hpp>
#include <muster/ports/prober.hpp>
#include <muster/ports/timers.hpp>

/// A kind of check of our own: a file (what a backup leaves behind, say) must have been written not
/// too long ago. Loop thread only; the file system, which may block, is asked on a lane.
class FileAgeProber final : public muster::Prober {
public:
    static constexpr std::string_view kKind = "file-age";

    /// All must outlive the prober and its probes.
    FileAgeProber(muster::Clock const& clock, muster::Timers& timers, muster::Lane& lane)
        : clock_(clock), timers_(timers), lane_(lane) {}

    /// The spec that prepare() takes. `at_most`: older fails.
    [[nodiscard]] static muster::OwnProbeSpec spec(std::string path, muster::Millis at_most);

    [[nodiscard]] muster::Result<std::unique_ptr<muster::Probe>> prepare(
        muster::ProbeSpec const& spec, bool reuse) override;

private:
    muster::Clock const& clock_;
    muster::Timers& timers_;
    muster::Lane& lane_;
};
