#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <muster/base/result.hpp>
#include <muster/base/time.hpp>
#include <muster/tls/openssl.hpp>

namespace muster {

/// The certificate authorities of a file, or of the system, as a context for connections. A file
/// that is replaced is noticed: whoever rotates authorities need not restart anything. Loop thread
/// only; a look at a file costs a system call, reading it blocks for as long as a disk takes.
class TrustedAuthorities {
public:
    /// So often the file is looked at, at most.
    static constexpr Millis kLookEvery{10'000};

    /// `ca_file` empty: the system's. Errors: invalid (no certificates of authorities in it),
    /// unavailable (OpenSSL cannot be set up).
    [[nodiscard]] static Result<std::shared_ptr<TrustedAuthorities>> read(std::string ca_file,
                                                                          SteadyTime now);

    /// As the file is. One that cannot be read now, or holds nothing, changes nothing.
    [[nodiscard]] std::shared_ptr<SSL_CTX> const& context(SteadyTime now);

private:
    /// What tells one state of a file from another.
    struct Stamp {
        std::filesystem::file_time_type written{};
        std::uintmax_t bytes{0};

        bool operator==(Stamp const&) const = default;
    };

    TrustedAuthorities(std::string ca_file, SteadyTime now);
    [[nodiscard]] Stamp look() const;

    std::string const ca_file_;
    Stamp stamp_;  // of what was read, or tried, last
    SteadyTime looked_at_;
    std::shared_ptr<SSL_CTX> context_;
};

}  // namespace muster
