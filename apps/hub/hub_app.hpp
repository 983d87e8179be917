#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <muster/base/result.hpp>
#include <muster/config/mistake.hpp>
#include <muster/config/model.hpp>
#include <muster/domain/url.hpp>

namespace muster {

/// A whole hub in this process: the use cases of libs/muster with the embedded adapters (SQLite,
/// in-process bus) or the engines that are configured, wired in a straight line. `muster up` and
/// `muster-hub` are this object.
class HubApp {
public:
    /// Opens everything, listens and starts monitoring; the process may take signals from here on.
    /// Errors: conflict (port or data folder in use), invalid, unsupported, unavailable, full.
    /// `load` reads the configuration again, on SIGHUP and POST /api/reload; it blocks and runs on
    /// a thread of its own.
    [[nodiscard]] static Result<std::unique_ptr<HubApp>> start(
        config::Configuration configuration, std::string version,
        std::function<config::Checked<config::Configuration>()> load);
    ~HubApp();
    HubApp(HubApp const&) = delete;
    HubApp& operator=(HubApp const&) = delete;

    /// Where it listens, with the ports that were found.
    [[nodiscard]] std::vector<HostPort> const& endpoints() const noexcept;

    /// Runs until SIGINT or SIGTERM and the orderly stop after it. The exit code of the process.
    [[nodiscard]] int run();

private:
    struct Impl;
    explicit HubApp(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// The URL a person on this machine can open for an address that was bound.
[[nodiscard]] std::string local_url(HostPort const& endpoint);

}  // namespace muster
