#include "nginx.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include <support/cpu_time.hpp>

namespace muster::bench {
namespace {

/// What makes static files fast, and nothing written. Without a master its one worker is the
/// process that is started.
constexpr std::string_view kConfiguration = R"(
daemon off;
master_process off;
pid {0}/pid;
error_log {0}/errors;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    default_type application/json;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 600s;
    keepalive_requests 1000000000;
    open_file_cache max=100 inactive=600s;
    open_file_cache_valid 600s;
    client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3;
    uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;
    server {{ listen 127.0.0.1:{1} backlog=4096; root {0}/files; }}
}}
)";

std::string make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "bench-nginx-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    std::filesystem::create_directory(pattern + "/files");
    return pattern;
}

}  // namespace

Nginx::Nginx() : folder_(make_folder()), port_(free_port()) {
    auto const file = folder_ + "/nginx.conf";
    std::ofstream(file) << fmt::format(kConfiguration, folder_, port_);
    std::string const program =
        std::filesystem::exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
    child_.emplace(
        std::vector<std::string>{program, "-p", folder_, "-c", file, "-e", folder_ + "/errors"});
    wait_for_port(port_);
}

Nginx::~Nginx() {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Nginx::serve(std::string const& body) {
    auto name = fmt::format("/{}.json", ++files_);
    std::ofstream(folder_ + "/files" + name) << body;
    return name;
}

double Nginx::cpu_seconds() const {
    return cpu_seconds_of(child_->process());
}

}  // namespace muster::bench
