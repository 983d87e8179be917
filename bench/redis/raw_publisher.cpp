#include "raw_publisher.hpp"

#include <stdexcept>

#include <hiredis/hiredis.h>

namespace muster::bench {

struct RawPublisher::Impl {
    Kind kind;
    redisContext* context;
};

RawPublisher::RawPublisher(std::string const& socket, Kind kind)
    : impl_(std::make_unique<Impl>(Impl{kind, redisConnectUnix(socket.c_str())})) {
    if (impl_->context == nullptr || impl_->context->err != 0) {
        throw std::runtime_error("hiredis cannot connect");
    }
}

RawPublisher::~RawPublisher() {
    redisFree(impl_->context);
}

void RawPublisher::publish(BusBatch const& batch) {
    auto* const context = impl_->context;
    bool const transaction = impl_->kind == Kind::transaction;
    std::size_t count = 0;
    if (transaction) {
        redisAppendCommand(context, "MULTI");
        ++count;
    }
    for (auto const& entry : batch.entries) {
        redisAppendCommand(context, "XADD raw:%s MAXLEN ~ 100000 * %s %b", entry.stream.c_str(),
                           entry.field.c_str(), entry.value.data(), entry.value.size());
        ++count;
    }
    for (auto const& message : batch.messages) {
        redisAppendCommand(context, "PUBLISH %s %b", message.channel.c_str(),
                           message.payload.data(), message.payload.size());
        ++count;
    }
    if (transaction) {
        redisAppendCommand(context, "SET raw:cursor %llu",
                           static_cast<unsigned long long>(batch.next.seq));
        redisAppendCommand(context, "SET raw:lease bench PX 15000");
        redisAppendCommand(context, "EXEC");
        count += 3;
    }
    for (; count > 0; --count) {
        void* reply = nullptr;
        if (redisGetReply(context, &reply) != REDIS_OK) {
            throw std::runtime_error(std::string("hiredis: ") + context->errstr);
        }
        freeReplyObject(reply);
    }
}

}  // namespace muster::bench
