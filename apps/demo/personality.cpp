#include <demo/personality.hpp>

namespace muster::demo {
namespace {

using Message = std::string_view;

constexpr std::array<Message, 7> kEmailInfo{
    "campaign {id}: batch of {n} mails handed to sendgrid",
    "campaign {id}: rendered {n} bodies in {ms} ms",
    "list {id}: {n} addresses after removing unsubscribed",
    "webhook: {n} opens and clicks recorded",
    "bounce report read, {n} addresses suppressed",
    "sender domain keys checked, all valid",
    "queue drained, {n} mails delivered",
};
constexpr std::array<Message, 3> kEmailWarn{
    "sendgrid answered 429, slowing down for {ms} ms",
    "campaign {id}: {n} addresses soft-bounced, kept for a second attempt",
    "template {id} took {ms} ms to render",
};
constexpr std::array<Message, 3> kEmailError{
    "campaign {id}: mail to {user} refused: mailbox does not exist",
    "smtp relay closed the connection after {ms} ms, batch {id} is queued again",
    "webhook signature of event {id} does not match, event dropped",
};

constexpr std::array<Message, 7> kChatInfo{
    "session {id}: {user} joined",
    "session {id}: answered in {ms} ms",
    "intent cache: {n} entries, hit rate steady",
    "session {id}: closed after {n} messages",
    "knowledge base: {n} passages searched in {ms} ms",
    "session {id}: handed over to a person",
    "model warmed up, first token after {ms} ms",
};
constexpr std::array<Message, 3> kChatWarn{
    "session {id}: answer took {ms} ms, over the target",
    "token budget of {user} nearly used up",
    "model answered with no text, asking again",
};
constexpr std::array<Message, 3> kChatError{
    "session {id}: model timed out after {ms} ms",
    "session {id}: answer held back by the content filter",
    "could not store the transcript of session {id}, kept in memory",
};

constexpr std::array<Message, 7> kSocialInfo{
    "timeline of {user} built in {ms} ms",     "post {id} published, {n} followers to reach",
    "fan-out of post {id} done after {ms} ms", "image {id} resized to {n} px",
    "trend table refreshed from {n} posts",    "{user} followed by {n} new people today",
    "search index: {n} posts added",
};
constexpr std::array<Message, 3> kSocialWarn{
    "post {id} is spreading fast, fan-out moved to the slow lane",
    "timeline cache: {n} misses in the last minute",
    "image service slow: {ms} ms",
};
constexpr std::array<Message, 3> kSocialError{
    "fan-out of post {id} gave up on shard {n}: connection reset",
    "image {id} could not be decoded",
    "rate limit of {user} could not be read, request refused",
};

constexpr Personality kEmailBlast{
    .name = "email-blast",
    .description = "Sends newsletters in batches",
    .default_port = 3010,
    .rhythm = Rhythm::batches,
    .peak_hour_utc = 10.0,
    .quiet_share = 0.35,
    .peak_requests_per_second = 240.0,
    .calm_error_percent = 0.02,
    .idle_cpu_percent = 4.0,
    .peak_cpu_percent = 82.0,
    .base_memory_percent = 38.0,
    .calm_response_ms = 24.0,
    .calm_query_ms = 18.0,
    .users_per_request_per_second = 0.06,
    .paid_apis = {{{.name = "sendgrid_emails", .per_request = 0.92},
                   {.name = "mailcheck_lookups", .per_request = 0.11}}},
    .log = {.info = kEmailInfo, .warn = kEmailWarn, .error = kEmailError},
};

constexpr Personality kChatbot{
    .name = "chatbot",
    .description = "Answers customers in a chat window",
    .default_port = 3011,
    .rhythm = Rhythm::steady,
    .peak_hour_utc = 15.0,
    .quiet_share = 0.25,
    .peak_requests_per_second = 64.0,
    .calm_error_percent = 0.12,
    .idle_cpu_percent = 12.0,
    .peak_cpu_percent = 58.0,
    .base_memory_percent = 56.0,
    .calm_response_ms = 68.0,
    .calm_query_ms = 9.0,
    .users_per_request_per_second = 3.5,
    .paid_apis = {{{.name = "openai_requests", .per_request = 0.7},
                   {.name = "openai_tokens", .per_request = 410.0}}},
    .log = {.info = kChatInfo, .warn = kChatWarn, .error = kChatError},
};

constexpr Personality kSocialMedia{
    .name = "social-media",
    .description = "Timelines, posts and pictures",
    .default_port = 3012,
    .rhythm = Rhythm::spikes,
    .peak_hour_utc = 19.5,
    .quiet_share = 0.3,
    .peak_requests_per_second = 880.0,
    .calm_error_percent = 0.05,
    .idle_cpu_percent = 9.0,
    .peak_cpu_percent = 91.0,
    .base_memory_percent = 47.0,
    .calm_response_ms = 37.0,
    .calm_query_ms = 26.0,
    .users_per_request_per_second = 9.0,
    .paid_apis = {{{.name = "imgix_renders", .per_request = 0.04},
                   {.name = "push_notifications", .per_request = 0.31}}},
    .log = {.info = kSocialInfo, .warn = kSocialWarn, .error = kSocialError},
};

}  // namespace

Personality const& email_blast() {
    return kEmailBlast;
}

Personality const& chatbot() {
    return kChatbot;
}

Personality const& social_media() {
    return kSocialMedia;
}

}  // namespace muster::demo
