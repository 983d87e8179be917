#include <muster/testing/postgres_server.hpp>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <sys/types.h>

namespace muster::testing {
namespace {

constexpr char const* kReady = "database system is ready to accept connections";

std::string run(std::string const& program, std::vector<std::string> const& arguments,
                ChildProcess::Options const& options) {
    ChildProcess process(find_program(program), arguments, options);
    // Benches put in millions of rows by one statement.
    if (process.wait_for_end(30 * ChildProcess::kPatience) != 0) {
        throw std::runtime_error(program + " failed; it said: " + process.output());
    }
    auto said = process.output();
    while (!said.empty() && said.back() == '\n') {
        said.pop_back();
    }
    return said;
}

/// Sessions lead process groups of their own.
std::vector<pid_t> children_of(pid_t parent) {
    auto const id = std::to_string(parent);
    std::ifstream list("/proc/" + id + "/task/" + id + "/children");
    std::vector<pid_t> children;
    for (pid_t child = 0; list >> child;) {
        children.push_back(child);
    }
    return children;
}

ChildProcess::Options unprivileged(std::filesystem::path const& folder) {
    return {{{"TZ", "UTC"}, {"LC_ALL", "C.UTF-8"}}, folder, true};
}

}  // namespace

PostgresServer::PostgresServer(std::vector<std::string> settings)
    : settings_(std::move(settings)), place_(free_place()) {
    give_to_nobody(folder_.path());
    run("initdb", {"-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"},
        unprivileged(folder_.path()));
    start();
}

PostgresServer::~PostgresServer() {
    if (process_) {
        resume();  // what stands still does not end
        crash();
    }
}

void PostgresServer::start() {
    std::vector<std::string> arguments{"-D", "data",
                                       "-h", place_.address,
                                       "-p", std::to_string(place_.port),
                                       "-c", "unix_socket_directories="};
    for (auto const& setting : settings_) {
        arguments.insert(arguments.end(), {"-c", setting});
    }
    process_ = std::make_unique<ChildProcess>(find_program("postgres"), arguments,
                                              unprivileged(folder_.path()));
    if (!process_->wait_for_line(kReady)) {
        throw std::runtime_error("postgres does not start; it said: " + process_->output());
    }
}

void PostgresServer::end(int signal) {
    process_->signal(signal);
    if (process_->wait_for_end() < 0) {
        throw std::runtime_error("postgres does not end; it said: " + process_->output());
    }
    process_.reset();
}

/// Its first process before the others, which it would replace.
void PostgresServer::signal_all(int number) const {
    auto const children = children_of(process_->id());
    process_->signal(number);
    for (auto const child : children) {
        ::kill(child, number);
    }
}

void PostgresServer::kill() {
    signal_all(SIGKILL);
    if (process_->wait_for_end() < 0) {
        throw std::runtime_error("postgres cannot be killed");
    }
    process_.reset();
}

bool PostgresServer::kill_session(std::string const& application) {
    auto const pid = ask("postgres", "SELECT pid FROM pg_stat_activity WHERE application_name = '" +
                                         application + "' ORDER BY backend_start LIMIT 1");
    return !pid.empty() && ::kill(std::stoi(pid), SIGKILL) == 0 &&
           process_->wait_for_line(kReady).has_value();
}

std::string PostgresServer::url_by(Place const& place, std::string const& database) {
    return "postgresql://postgres@" + place.address + ":" + std::to_string(place.port) + "/" +
           database;
}

std::string PostgresServer::make_database() {
    auto name = "test_" + std::to_string(++databases_);
    (void)ask("postgres", "CREATE DATABASE " + name);
    return name;
}

std::string PostgresServer::ask(std::string const& database, std::string const& sql) const {
    return run("psql",
               {"-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", url(database), "-c", sql},
               unprivileged("/"));
}

}  // namespace muster::testing
