#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <sys/types.h>

namespace muster::bench {

/// A name server in a process of its own that answers every question after the same time (RFC 1035
/// over UDP): A with the address that stands in the name (`n-1-2-3-4.bench` is 1.2.3.4), AAAA with
/// nothing.
class SlowDns {
public:
    /// Binds 127.0.0.1:53: the program has a network of its own.
    explicit SlowDns(double seconds);
    ~SlowDns();
    SlowDns(SlowDns const&) = delete;
    SlowDns& operator=(SlowDns const&) = delete;

    /// The name that stands for an IPv4 address.
    [[nodiscard]] static std::string name_of(std::string address);

private:
    pid_t process_;
};

}  // namespace muster::bench
