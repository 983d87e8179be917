#include <muster/redis/redis_reply.hpp>

#include <array>
#include <utility>

#include <hiredis/hiredis.h>

#include <muster/base/utf8.hpp>

namespace muster {
namespace {

constexpr std::size_t kShownReplyBytes = 300;

struct Meaning {
    std::string_view word;  ///< The first of the error's text.
    Errc code;
    std::string_view advice;  ///< Behind Redis's own words; may be empty.
};

constexpr std::array kMeanings = {
    Meaning{"NOAUTH", Errc::unavailable, "give the password in redis.url or REDIS_PASSWORD"},
    Meaning{"WRONGPASS", Errc::unavailable, "correct user or password in redis.url"},
    Meaning{"NOPERM", Errc::unavailable, "docs/events.md says what the user must be allowed"},
    Meaning{"READONLY", Errc::unavailable, "it is a replica: redis.url must lead to the primary"},
    Meaning{"LOADING", Errc::unavailable, "it reads its data after a start"},
    Meaning{"MASTERDOWN", Errc::unavailable, "it is a replica that has lost its primary"},
    Meaning{"BUSY", Errc::unavailable, "a script holds it up"},
    Meaning{"OOM", Errc::full, "raise its maxmemory, or make room"},
    Meaning{"MISCONF", Errc::full, "it cannot save its data: its own log says why"},
    Meaning{"WRONGTYPE", Errc::unavailable,
            "rename or delete the key that somebody made of another type"},
    Meaning{"NOGROUP", Errc::not_found, ""},
};

constexpr Errc kOther = Errc::unavailable;

std::string_view first_word(std::string_view text) noexcept {
    return text.substr(0, text.find(' '));
}

RedisReply::Kind kind_of(int type) noexcept {
    switch (type) {
        case REDIS_REPLY_INTEGER:
            return RedisReply::Kind::integer;
        case REDIS_REPLY_STRING:
            return RedisReply::Kind::text;
        case REDIS_REPLY_STATUS:
            return RedisReply::Kind::status;
        case REDIS_REPLY_ERROR:
            return RedisReply::Kind::error;
        case REDIS_REPLY_ARRAY:
            return RedisReply::Kind::list;
        default:
            return RedisReply::Kind::nothing;
    }
}

/// hiredis nests at most seven deep.
RedisReply taken_over(redisReply const& from) {  // NOLINT(misc-no-recursion)
    RedisReply reply;
    reply.kind = kind_of(from.type);
    reply.integer = from.integer;
    if (from.str != nullptr) {
        reply.text.assign(from.str, static_cast<std::size_t>(from.len));
    }
    if (reply.kind == RedisReply::Kind::list) {
        reply.items.reserve(from.elements);
        for (std::size_t at = 0; at < from.elements; ++at) {
            reply.items.push_back(taken_over(*from.element[at]));
        }
    }
    return reply;
}

}  // namespace

std::optional<Error> error_of(RedisReply const& reply, std::string_view context) {
    if (!reply.is(RedisReply::Kind::error)) {
        return std::nullopt;
    }
    auto const word = first_word(reply.text);
    auto message =
        "Redis refuses " + std::string(context) + ": " + clean_text(reply.text, kShownReplyBytes);
    for (auto const& meaning : kMeanings) {
        if (meaning.word == word) {
            message += meaning.advice.empty() ? "" : " (" + std::string(meaning.advice) + ")";
            return Error{meaning.code, std::move(message)};
        }
    }
    return Error{kOther, std::move(message)};
}

bool is_of_the_wrong_server(RedisReply const& reply) noexcept {
    auto const word = first_word(reply.text);
    return reply.is(RedisReply::Kind::error) &&
           (word == "READONLY" || word == "MASTERDOWN" || word == "LOADING");
}

struct ReplyReader::Impl {
    struct Free {
        void operator()(redisReader* made) const { redisReaderFree(made); }
    };

    std::unique_ptr<redisReader, Free> reader{redisReaderCreate()};
};

ReplyReader::ReplyReader() : impl_(std::make_unique<Impl>()) {}

ReplyReader::~ReplyReader() = default;
ReplyReader::ReplyReader(ReplyReader&&) noexcept = default;
ReplyReader& ReplyReader::operator=(ReplyReader&&) noexcept = default;

void ReplyReader::feed(std::string_view bytes) {
    // What goes wrong here stays wrong, and next() tells it.
    (void)redisReaderFeed(impl_->reader.get(), bytes.data(), bytes.size());
}

Result<std::optional<RedisReply>> ReplyReader::next() {
    void* found = nullptr;
    if (redisReaderGetReply(impl_->reader.get(), &found) != REDIS_OK) {
        return failure(Errc::corrupt, "Redis answers what is no RESP: " +
                                          clean_text(impl_->reader->errstr, kShownReplyBytes));
    }
    if (found == nullptr) {
        return std::optional<RedisReply>();
    }
    struct Free {
        void operator()(redisReply* reply) const { freeReplyObject(reply); }
    };
    std::unique_ptr<redisReply, Free> const reply(static_cast<redisReply*>(found));
    return std::optional(taken_over(*reply));
}

}  // namespace muster
