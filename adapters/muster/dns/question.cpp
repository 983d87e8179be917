#include <muster/dns/question.hpp>

#include <algorithm>

namespace muster {

void Question::start(AresChannel& channel, SteadyTime now) {
    started_at_ = now;
    found_at_.reset();
    v4_.start(channel);
    v6_.start(channel);
}

bool Question::is_under_way() const noexcept {
    return v4_.is_under_way() || v6_.is_under_way();
}

Millis Question::age(SteadyTime now) const noexcept {
    return started_at_ ? std::chrono::duration_cast<Millis>(now - *started_at_) : Millis(0);
}

bool Question::is_settled(SteadyTime now, Millis family_wait) noexcept {
    if (v4_.reply() && v6_.reply()) {
        return true;
    }
    if (!has(DnsReply::Kind::found)) {
        return has(DnsReply::Kind::no_name);
    }
    if (!found_at_) {
        found_at_ = now;
    }
    return now - *found_at_ >= family_wait;
}

DnsReply Question::reply() const {
    DnsReply all;
    for (auto const* const lookup : {&v4_, &v6_}) {
        if (!lookup->has(DnsReply::Kind::found)) {
            continue;
        }
        auto const& found = *lookup->reply();
        all.ttl = all.addresses.empty() ? found.ttl : std::min(all.ttl, found.ttl);
        all.addresses.insert(all.addresses.end(), found.addresses.begin(), found.addresses.end());
    }
    if (!all.addresses.empty()) {
        all.kind = DnsReply::Kind::found;
        all.partial = !v4_.is_known() || !v6_.is_known();
    } else if (has(DnsReply::Kind::no_name)) {
        all.kind = DnsReply::Kind::no_name;
    } else if (v4_.has(DnsReply::Kind::no_address) && v6_.has(DnsReply::Kind::no_address)) {
        all.kind = DnsReply::Kind::no_address;
    }
    return all;
}

void Question::Lookup::start(AresChannel& channel) {
    under_way_ = true;
    reply_.reset();
    channel.ask(question_.host_, kind_, *this);
}

void Question::Lookup::replied(DnsReply reply) {
    under_way_ = false;
    reply_ = std::move(reply);
    question_.observer_.heard(question_);
}

}  // namespace muster
