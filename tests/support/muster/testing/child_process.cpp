#include <muster/testing/child_process.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace muster::testing {
namespace {

SteadyTime after(Millis time) {
    return std::chrono::steady_clock::now() + time;
}

int millis_until(SteadyTime deadline) {
    auto const left = deadline - std::chrono::steady_clock::now();
    auto const millis = std::chrono::duration_cast<Millis>(left).count();
    return millis < 0 ? 0 : static_cast<int>(millis);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::string search_path() {
    auto const* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    return path == nullptr ? "/usr/bin:/bin" : path;
}

struct Account {
    uid_t user{0};
    gid_t group{0};
};

/// Nothing where we have no right to become somebody else, and no need to.
std::optional<Account> unprivileged_account() {
    if (::geteuid() != 0) {
        return std::nullopt;
    }
    auto const* const nobody = ::getpwnam("nobody");  // NOLINT(concurrency-mt-unsafe)
    if (nobody == nullptr) {
        throw std::runtime_error("this machine has no user nobody");
    }
    return Account{nobody->pw_uid, nobody->pw_gid};
}

bool become(Account const& account) {
    return ::setgroups(0, nullptr) == 0 && ::setgid(account.group) == 0 &&
           ::setuid(account.user) == 0;
}

}  // namespace

ChildProcess::ChildProcess(std::filesystem::path const& program,
                           std::vector<std::string> const& arguments, Options const& options) {
    std::vector<std::string> argument_texts{program.string()};
    argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables{"PATH=" + search_path()};
    for (auto const& [name, value] : options.environment) {
        variables.push_back(std::string(name).append("=").append(value));
    }
    auto argument_pointers = pointers_to(argument_texts);
    auto variable_pointers = pointers_to(variables);
    auto const account = options.unprivileged ? unprivileged_account() : std::nullopt;

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    auto const parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::setpgid(0, 0);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        if (account && !become(*account)) {
            ::_exit(126);
        }
        // After the change of user, which forgets it; and the parent may be gone already.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() == parent && ::chdir(options.folder.c_str()) == 0) {
            ::execve(program.c_str(), argument_pointers.data(), variable_pointers.data());
        }
        ::_exit(127);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
    if (pid_ < 0) {
        ::close(pipe_);
        throw std::runtime_error("no process");
    }
    ::setpgid(pid_, pid_);  // here too: whoever comes first
}

ChildProcess::~ChildProcess() {
    if (!code_) {
        ::kill(-pid_, SIGKILL);
        (void)wait_for_end();
    }
    if (pipe_ >= 0) {
        ::close(pipe_);
    }
}

/// False: nothing came in time, or nothing will come any more.
bool ChildProcess::read_some(int millis) {
    if (pipe_ < 0) {
        return false;
    }
    pollfd waiting{pipe_, POLLIN, 0};
    if (::poll(&waiting, 1, millis) <= 0) {
        return false;
    }
    std::array<char, 4096> buffer{};
    auto const got = ::read(pipe_, buffer.data(), buffer.size());
    if (got <= 0) {
        ::close(std::exchange(pipe_, -1));
        return false;
    }
    output_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<std::string> ChildProcess::wait_for_line(std::string const& text) {
    auto const deadline = after(kPatience);
    for (;;) {
        for (auto end = output_.find('\n', seen_); end != std::string::npos;
             end = output_.find('\n', seen_)) {
            auto line = output_.substr(seen_, end - seen_);
            seen_ = end + 1;
            if (line.find(text) != std::string::npos) {
                return line;
            }
        }
        if (!read_some(millis_until(deadline))) {
            return std::nullopt;
        }
    }
}

void ChildProcess::listen_for(int millis) {
    auto const deadline = after(Millis(millis));
    while (pipe_ >= 0 && millis_until(deadline) > 0) {
        (void)read_some(millis_until(deadline));
    }
}

void ChildProcess::signal(int number) const {
    ::kill(pid_, number);
}

int ChildProcess::wait_for_end(Millis patience) {
    if (code_) {
        return *code_;
    }
    auto const deadline = after(patience);
    while (read_some(millis_until(deadline))) {}
    auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd waiting{handle, POLLIN, 0};
    ::poll(&waiting, 1, millis_until(deadline));
    ::close(handle);
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) {
        return -1;
    }
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *code_;
}

std::filesystem::path find_program(std::string const& name) {
    std::vector<std::filesystem::path> folders{"/usr/sbin", "/usr/bin"};
    std::error_code no_such_folder;
    for (auto const& version :
         std::filesystem::directory_iterator("/usr/lib/postgresql", no_such_folder)) {
        folders.push_back(version.path() / "bin");
    }
    std::istringstream path(search_path());
    for (std::string folder; std::getline(path, folder, ':');) {
        folders.emplace_back(folder);
    }
    for (auto const& folder : folders) {
        if (::access((folder / name).c_str(), X_OK) == 0) {
            return folder / name;
        }
    }
    throw std::runtime_error(name + " is not installed: ./dev deps test browser");
}

void give_to_nobody(std::filesystem::path const& path) {
    auto const account = unprivileged_account();
    if (account && ::chown(path.c_str(), account->user, account->group) != 0) {
        throw std::runtime_error("cannot give away " + path.string());
    }
}

}  // namespace muster::testing
