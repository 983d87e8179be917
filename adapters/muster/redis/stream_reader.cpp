#include <muster/redis/stream_reader.hpp>

#include <utility>

#include <muster/redis/stream_reader_impl.hpp>

namespace muster {

void RedisStreamReader::Impl::resume(StreamLedger const& durable) {
    held.reset();
    if (durable != ledger) {
        begun.reset();
    }
    ledger = durable;
    pending = true;
    pending_after = {};
}

RedisStreamReader::RedisStreamReader(Options options, StreamLedger const& durable,
                                     Clock const& clock, Log& log)
    : impl_(std::make_unique<Impl>(std::move(options), durable, clock, log)) {}

RedisStreamReader::~RedisStreamReader() = default;

Result<RedisStreamReader::Batch> RedisStreamReader::read() {
    return impl_->read();
}

Result<void> RedisStreamReader::commit(Commit const& commit) {
    return impl_->commit(commit);
}

void RedisStreamReader::resume(StreamLedger const& durable) {
    impl_->resume(durable);
}

StreamLedger const& RedisStreamReader::ledger() const noexcept {
    return impl_->ledger;
}

}  // namespace muster
