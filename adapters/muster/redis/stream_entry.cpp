#include <muster/redis/stream_entry.hpp>

#include <charconv>

namespace muster {
namespace {

using Kind = RedisReply::Kind;

constexpr std::string_view kNoKey = "ERR no such key";

tl::unexpected<Error> unreadable(std::string_view what) {
    return failure(Errc::corrupt, "Redis answers what is no " + std::string(what));
}

bool read_number(std::string_view text, std::uint64_t& out) noexcept {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

/// `[id, [name, value, ...]]`
std::optional<StreamEntry> entry_of(RedisReply const& reply) {
    if (!reply.is(Kind::list) || reply.items.size() != 2 || !reply.items[0].is(Kind::text)) {
        return std::nullopt;
    }
    auto const id = parse_stream_id(reply.items[0].text);
    auto const& fields = reply.items[1];
    if (!id || !fields.is(Kind::list) || fields.items.size() % 2 != 0) {
        return std::nullopt;
    }
    StreamEntry entry;
    entry.id = *id;
    for (std::size_t at = 0; at < fields.items.size(); at += 2) {
        if (!fields.items[at].is(Kind::text) || !fields.items[at + 1].is(Kind::text)) {
            return std::nullopt;
        }
        entry.fields.emplace_back(fields.items[at].text, fields.items[at + 1].text);
    }
    return entry;
}

Result<std::vector<StreamEntry>> entries_of(RedisReply const& list) {
    std::vector<StreamEntry> entries;
    entries.reserve(list.items.size());
    for (auto const& item : list.items) {
        auto entry = entry_of(item);
        if (!entry) {
            return unreadable("entry of a stream");
        }
        entries.push_back(*std::move(entry));
    }
    return entries;
}

/// Of names and values in turn; null: the name is not there.
RedisReply const* value_of(RedisReply const& described, std::string_view name) {
    for (std::size_t at = 0; at + 1 < described.items.size(); at += 2) {
        if (described.items[at].is_text(name)) {
            return &described.items[at + 1];
        }
    }
    return nullptr;
}

/// The same, where it is a number from 0.
RedisReply const* count_of(RedisReply const& described, std::string_view name) {
    auto const* const value = value_of(described, name);
    return value != nullptr && value->is(Kind::integer) && value->integer >= 0 ? value : nullptr;
}

}  // namespace

std::string to_text(StreamId id) {
    return std::to_string(id.millis) + "-" + std::to_string(id.number);
}

std::optional<StreamId> parse_stream_id(std::string_view text) {
    auto const dash = text.find('-');
    StreamId id;
    if (dash == std::string_view::npos || !read_number(text.substr(0, dash), id.millis) ||
        !read_number(text.substr(dash + 1), id.number)) {
        return std::nullopt;
    }
    return id;
}

std::string const* StreamEntry::field(std::string_view name) const noexcept {
    for (auto const& [key, value] : fields) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

Result<std::vector<StreamEntry>> read_entries(RedisReply const& reply) {
    if (auto error = error_of(reply, "to read a stream")) {
        return tl::unexpected(*std::move(error));
    }
    if (reply.is(Kind::nothing)) {
        return std::vector<StreamEntry>();
    }
    if (!reply.is(Kind::list) || reply.items.size() != 1 || !reply.items[0].is(Kind::list) ||
        reply.items[0].items.size() != 2 || !reply.items[0].items[1].is(Kind::list)) {
        return unreadable("entries of a stream");
    }
    return entries_of(reply.items[0].items[1]);
}

Result<std::vector<StreamEntry>> read_claimed(RedisReply const& reply) {
    if (auto error = error_of(reply, "to claim entries of a stream")) {
        return tl::unexpected(*std::move(error));
    }
    return reply.is(Kind::list) ? entries_of(reply) : unreadable("entries of a stream");
}

Result<StreamFacts> read_stream_facts(RedisReply const& reply) {
    if (auto error = error_of(reply, "to tell of a stream")) {
        error->code = reply.text == kNoKey ? Errc::not_found : error->code;
        return tl::unexpected(*std::move(error));
    }
    if (!reply.is(Kind::list)) {
        return unreadable("description of a stream");
    }
    StreamFacts facts;
    auto const* const added = count_of(reply, "entries-added");
    if (added == nullptr) {
        return failure(Errc::unsupported,
                       "this Redis does not count what was added to a stream: take Redis 7");
    }
    facts.added = static_cast<std::uint64_t>(added->integer);
    if (auto const* const length = count_of(reply, "length")) {
        facts.length = static_cast<std::uint64_t>(length->integer);
    }
    if (auto const* const last = value_of(reply, "last-generated-id")) {
        facts.last_given = parse_stream_id(last->text);
    }
    for (auto const& [name, id] :
         {std::pair("first-entry", &facts.oldest), std::pair("last-entry", &facts.newest)}) {
        auto const* const value = value_of(reply, name);
        if (value == nullptr || !value->is(Kind::list)) {
            continue;  // an empty stream has none
        }
        auto const entry = entry_of(*value);
        if (!entry) {
            return unreadable("entry of a stream");
        }
        *id = entry->id;
    }
    return facts;
}

Result<StreamId> read_group_place(RedisReply const& reply, std::string_view group) {
    if (auto error = error_of(reply, "to tell of the groups of a stream")) {
        error->code = reply.text == kNoKey ? Errc::not_found : error->code;
        return tl::unexpected(*std::move(error));
    }
    if (!reply.is(Kind::list)) {
        return unreadable("list of groups");
    }
    for (auto const& one : reply.items) {
        auto const* const name = value_of(one, "name");
        if (name == nullptr || !name->is_text(group)) {
            continue;
        }
        auto const* const place = value_of(one, "last-delivered-id");
        auto const id = place != nullptr ? parse_stream_id(place->text) : std::nullopt;
        return id ? Result<StreamId>(*id) : unreadable("place of a group");
    }
    return failure(Errc::not_found, "there is no group " + std::string(group));
}

}  // namespace muster
