#include <muster/redis/stream_reader.hpp>

#include <utility>

#include <muster/redis/stream_reader_impl.hpp>

namespace muster {

Result<std::vector<RedisReply>> RedisStreamReader::Impl::ask_all(RedisCommands const& commands,
                                                                 Millis extra) {
    auto replies = connection->ask(commands, extra);
    if (!replies) {
        drop();
    }
    return replies;
}

Result<RedisReply> RedisStreamReader::Impl::ask(RedisCommands const& commands, Millis extra) {
    auto replies = ask_all(commands, extra);
    return replies ? Result<RedisReply>(std::move(replies->back()))
                   : tl::unexpected(std::move(replies.error()));
}

/// What the server refuses, and what that means for the next read.
Error RedisStreamReader::Impl::refused(RedisReply const& reply, Error error) {
    if (error.code == Errc::not_found) {
        lost_group();
        error.code = Errc::unavailable;  // the next read makes it again
    } else if (is_of_the_wrong_server(reply)) {
        drop();
    }
    return error;
}

Result<void> RedisStreamReader::Impl::connect() {
    if (connection && connection->is_stale()) {
        drop();
    }
    if (connection) {
        return {};
    }
    RedisConnection::Options wanted;
    wanted.address = options.address;
    wanted.name = "muster-" + options.group;
    wanted.connect_within = options.connect_within;
    wanted.answer_within = options.answer_within;
    auto opened = RedisConnection::open(std::move(wanted), clock);
    if (!opened) {
        return tl::unexpected(std::move(opened.error()));
    }
    connection = std::move(*opened);
    lost_group();
    return {};
}

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
