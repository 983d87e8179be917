#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <muster/testing/child_process.hpp>
#include <muster/testing/temporary_folder.hpp>

namespace muster::testing {

/// Where a server of a test listens. The address, one of the loopback network's, is used by this
/// process alone, so a port that was free stays free until the server takes it.
struct Place {
    std::string address;
    std::uint16_t port{0};
};

[[nodiscard]] Place free_place();

/// A server program in a folder of its own. Accepts connections once constructed; is ended, and its
/// folder removed, with the object.
class TargetServer {
public:
    struct Launch {
        std::filesystem::path program;
        std::vector<std::string> arguments;
        ChildProcess::Options options{};
        int end_signal{15};  ///< What ends it in good order.
    };
    /// May write files into the folder, and run programs that make some.
    using Plan = std::function<Launch(std::filesystem::path const& folder, Place const& place)>;

    /// Throws std::runtime_error, with what the program said, where it does not accept in time.
    explicit TargetServer(Plan const& plan) : TargetServer(plan, free_place()) {}
    TargetServer(Plan const& plan, Place place);
    ~TargetServer();
    TargetServer(TargetServer const&) = delete;
    TargetServer& operator=(TargetServer const&) = delete;

    /// Ends it in good order, by force where that takes too long.
    void stop();

    [[nodiscard]] Place const& place() const noexcept { return place_; }
    [[nodiscard]] std::string host_and_port() const;  ///< `127.64.0.9:4711`.
    [[nodiscard]] std::string url(std::string_view path = "/",
                                  std::string_view scheme = "http") const;
    [[nodiscard]] ChildProcess& process() noexcept { return *process_; }

private:
    TemporaryFolder folder_;
    Place place_;
    int end_signal_{0};
    std::unique_ptr<ChildProcess> process_;
};

using TargetServerPtr = std::unique_ptr<TargetServer>;

struct NginxSite {
    std::string server_block;                    ///< What stands in it beside `listen`.
    std::map<std::string, std::string> files{};  ///< Under its root, and the folder of its paths.
    std::string listen_options{};                ///< `ssl` for TLS.
};

[[nodiscard]] TargetServerPtr start_nginx(NginxSite const& site);

/// Node with a script that listens on `place.port` of `place.address`.
[[nodiscard]] TargetServerPtr start_node(std::string const& script);

/// `python3 -m http.server`: HTTP/1.0, with the given files.
[[nodiscard]] TargetServerPtr start_python_http(std::map<std::string, std::string> const& files);

[[nodiscard]] TargetServerPtr start_redis();

/// With a database of its own; as `nobody` where we are root, which it refuses.
[[nodiscard]] TargetServerPtr start_postgres();

}  // namespace muster::testing
