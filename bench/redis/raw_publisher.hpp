#pragma once

#include <memory>
#include <string>

#include <muster/ports/event_bus.hpp>

namespace muster::bench {

/// The same batches put into Redis by hand: hiredis, the same commands in one pipeline, nothing
/// looked at but that no answer is missing.
class RawPublisher {
public:
    enum class Kind : unsigned char {
        plain,        ///< XADD and PUBLISH alone: what a pipeline can do at most.
        transaction,  ///< In a MULTI, with the cursor and a lease: what the bus writes.
    };

    RawPublisher(std::string const& socket, Kind kind);
    ~RawPublisher();
    RawPublisher(RawPublisher const&) = delete;
    RawPublisher& operator=(RawPublisher const&) = delete;

    void publish(BusBatch const& batch);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace muster::bench
