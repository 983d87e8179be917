#include <muster/testing/target_server.hpp>

#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster::testing {
namespace {

/// 127.64.0.0/10 has room for every process id of Linux (22 bits).
in_addr own_address() {
    auto const id = static_cast<std::uint32_t>(::getpid());
    return {htonl(0x7F400000U | (id & 0x3FFFFFU))};
}

/// A socket for the place, closed at the end of its scope.
class PlaceSocket {
public:
    explicit PlaceSocket(Place const& place)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_port = htons(place.port);
        ::inet_pton(AF_INET, place.address.c_str(), &address_.sin_addr);
    }
    ~PlaceSocket() { ::close(descriptor_); }
    PlaceSocket(PlaceSocket const&) = delete;
    PlaceSocket& operator=(PlaceSocket const&) = delete;

    [[nodiscard]] bool connect() { return ::connect(descriptor_, generic(), sizeof address_) == 0; }

    /// The port that the kernel chose; 0: none.
    [[nodiscard]] std::uint16_t bind() {
        socklen_t size = sizeof address_;
        if (::bind(descriptor_, generic(), size) != 0 ||
            ::getsockname(descriptor_, generic(), &size) != 0) {
            return 0;
        }
        return ntohs(address_.sin_port);
    }

private:
    [[nodiscard]] sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

    int descriptor_;
    sockaddr_in address_{};
};

void write_file(std::filesystem::path const& path, std::string const& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

void write_files(std::filesystem::path const& folder,
                 std::map<std::string, std::string> const& files) {
    for (auto const& [name, content] : files) {
        write_file(folder / name, content);
    }
}

void run_to_end(std::filesystem::path const& program, std::vector<std::string> const& arguments,
                ChildProcess::Options const& options) {
    ChildProcess process(program, arguments, options);
    if (process.wait_for_end(3 * ChildProcess::kPatience) != 0) {
        throw std::runtime_error(program.string() + " failed; it said: " + process.output());
    }
}

/// One process without workers, so that nothing outlives it.
std::string nginx_configuration(std::filesystem::path const& folder, std::string const& listen,
                                std::string const& server_block) {
    std::string text =
        "daemon off;\nmaster_process off;\npid nginx.pid;\n"
        "error_log stderr warn;\nevents { worker_connections 512; }\n"
        "http {\naccess_log off;\nroot " +
        folder.string() + ";\n";
    for (auto const* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        text.append(kind).append("_temp_path ").append(kind).append(";\n");
    }
    return text + "server {\nlisten " + listen + ";\n" + server_block + "\n}\n}\n";
}

}  // namespace

Place free_place() {
    std::array<char, INET_ADDRSTRLEN> text{};
    auto const address = own_address();
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    Place place{text.data(), 0};
    place.port = PlaceSocket(place).bind();
    if (place.port == 0) {
        throw std::runtime_error("no free port on " + place.address);
    }
    return place;
}

TargetServer::TargetServer(Plan const& plan, Place place) : place_(std::move(place)) {
    auto launch = plan(folder_.path(), place_);
    end_signal_ = launch.end_signal;
    launch.options.folder = folder_.path();
    process_ = std::make_unique<ChildProcess>(launch.program, launch.arguments, launch.options);
    auto const deadline = std::chrono::steady_clock::now() + ChildProcess::kPatience;
    while (!PlaceSocket(place_).connect()) {
        if (process_->has_ended() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error(launch.program.string() +
                                     " does not accept; it said: " + process_->output());
        }
        process_->listen_for(5);
    }
}

TargetServer::~TargetServer() {
    if (process_ != nullptr) {
        stop();
    }
}

void TargetServer::stop() {
    if (process_->has_ended()) {
        return;
    }
    process_->signal(end_signal_);
    (void)process_->wait_for_end(Millis(5'000));
}

std::string TargetServer::host_and_port() const {
    return place_.address + ":" + std::to_string(place_.port);
}

std::string TargetServer::url(std::string_view path, std::string_view scheme) const {
    return std::string(scheme).append("://").append(host_and_port()).append(path);
}

TargetServerPtr start_nginx(NginxSite const& site) {
    return std::make_unique<TargetServer>([&](auto const& folder, Place const& place) {
        auto const listen =
            place.address + ":" + std::to_string(place.port) + " " + site.listen_options;
        write_files(folder, site.files);
        write_file(folder / "nginx.conf", nginx_configuration(folder, listen, site.server_block));
        return TargetServer::Launch{find_program("nginx"),
                                    {"-p", folder.string(), "-c", "nginx.conf", "-e", "stderr"},
                                    {},
                                    SIGTERM};
    });
}

TargetServerPtr start_node(std::string const& script) {
    return std::make_unique<TargetServer>([&](auto const& folder, Place const& place) {
        write_file(folder / "server.js", "const place = { address: '" + place.address +
                                             "', port: " + std::to_string(place.port) + " };\n" +
                                             script);
        return TargetServer::Launch{find_program("node"), {"server.js"}, {}, SIGTERM};
    });
}

TargetServerPtr start_python_http(std::map<std::string, std::string> const& files) {
    return std::make_unique<TargetServer>([&](auto const& folder, Place const& place) {
        write_files(folder / "files", files);
        return TargetServer::Launch{find_program("python3"),
                                    {"-u", "-m", "http.server", "--bind", place.address,
                                     "--directory", "files", std::to_string(place.port)},
                                    {},
                                    SIGTERM};
    });
}

TargetServerPtr start_redis() {
    return std::make_unique<TargetServer>([&](auto const& folder, Place const& place) {
        return TargetServer::Launch{
            find_program("redis-server"),
            {"--bind", place.address, "--port", std::to_string(place.port), "--dir",
             folder.string(), "--save", "", "--appendonly", "no", "--daemonize", "no"},
            {},
            SIGTERM};
    });
}

TargetServerPtr start_postgres() {
    return std::make_unique<TargetServer>([&](auto const& folder, Place const& place) {
        give_to_nobody(folder);
        ChildProcess::Options const options{{{"TZ", "UTC"}, {"LC_ALL", "C"}}, folder, true};
        run_to_end(find_program("initdb"),
                   {"-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"},
                   options);
        return TargetServer::Launch{
            find_program("postgres"),
            {"-D", "data", "-F", "-h", place.address, "-p", std::to_string(place.port), "-c",
             "unix_socket_directories=", "-c", "shared_buffers=16MB"},
            options,
            SIGINT};
    });
}

}  // namespace muster::testing
