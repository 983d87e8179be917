#pragma once

#include <memory>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>

namespace muster {

/// Ends what waits for a server that says nothing: libpq waits for as long as the kernel of the
/// other side acknowledges, also where no process there runs. When the time of a call is up the
/// session's socket is shut down, and the call finds its connection broken. One thread for all
/// sessions; it sleeps while all is well.
class SessionWatch {
public:
    /// Errors: unavailable (no descriptors, no thread).
    [[nodiscard]] static Result<std::shared_ptr<SessionWatch>> start();
    ~SessionWatch();
    SessionWatch(SessionWatch const&) = delete;
    SessionWatch& operator=(SessionWatch const&) = delete;

    /// Cuts every session, and each that is made from now on: the program ends. Any thread.
    void interrupt();
    [[nodiscard]] bool interrupted() const;

private:
    friend class WatchedSession;
    struct Impl;
    explicit SessionWatch(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// A session's place with the watch. One thread at a time.
class WatchedSession {
public:
    /// `socket`: stays the caller's; the watch keeps a descriptor of its own to it, so that it
    /// never meets another's that was given the same number. Errors: unavailable (no descriptors).
    [[nodiscard]] static Result<std::unique_ptr<WatchedSession>> of(
        std::shared_ptr<SessionWatch> watch, int socket);
    ~WatchedSession();
    WatchedSession(WatchedSession const&) = delete;
    WatchedSession& operator=(WatchedSession const&) = delete;

    /// From now on the session has so long, above 0, until rest().
    void hurry(Millis within);
    void rest();
    [[nodiscard]] bool hurried() const noexcept { return hurried_; }

    /// The session was shut down.
    [[nodiscard]] bool cut() const;

private:
    struct Entry;
    friend struct SessionWatch::Impl;
    WatchedSession(std::shared_ptr<SessionWatch> watch, std::shared_ptr<Entry> entry);

    std::shared_ptr<SessionWatch> watch_;
    std::shared_ptr<Entry> entry_;
    bool hurried_{false};
};

}  // namespace muster
