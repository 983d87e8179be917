#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include <muster/testing/child_process.hpp>

namespace muster::e2e {

using testing::ChildProcess;

/// `muster up` on a free port, with its data in `folder`.
class HubProcess {
public:
    /// Waits until it listens. `projects` is the value of PROJECTS; empty: ./muster.yaml decides.
    /// `environment` holds what is set besides.
    HubProcess(std::filesystem::path const& folder, std::string const& projects,
               std::map<std::string, std::string> environment = {});

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] ChildProcess& process() noexcept { return process_; }

    /// Sent with what get() and shows() ask from now on.
    void use_token(std::string token) { token_ = std::move(token); }

    /// The body of a GET; empty when it was not answered with 200.
    [[nodiscard]] std::string get(std::string const& path) const;

    /// Asks again and again until the answer holds `text`; false after 20 s.
    [[nodiscard]] bool shows(std::string const& path, std::string const& text);

    /// Asks again and again until /metrics holds that series with a value other than 0; false after
    /// 20 s. For a counter that goes on while it is asked for: no value of it need ever be seen.
    [[nodiscard]] bool counts(std::string const& series);

private:
    [[nodiscard]] bool comes_to_pass(std::function<bool()> const& is_so);

    ChildProcess process_;
    int port_{0};
    std::string token_;
};

/// A demo project on a free port.
class DemoProcess {
public:
    explicit DemoProcess(std::string const& name);

    [[nodiscard]] std::string const& url() const noexcept { return url_; }
    [[nodiscard]] ChildProcess& process() noexcept { return process_; }

private:
    ChildProcess process_;
    std::string url_;
};

[[nodiscard]] std::filesystem::path program(std::string const& name);

/// The number behind the last colon.
[[nodiscard]] int port_of(std::string const& url);

}  // namespace muster::e2e
