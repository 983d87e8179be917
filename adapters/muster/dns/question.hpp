#pragma once

#include <optional>
#include <string>
#include <utility>

#include <muster/base/time.hpp>
#include <muster/dns/ares_channel.hpp>

namespace muster {

class Question;

/// Told each reply to a question.
class QuestionObserver {
public:
    virtual void heard(Question& question) = 0;

protected:
    ~QuestionObserver() = default;
};

/// One A and one AAAA lookup for a host, seen as one. Must live until both replies have come.
class Question {
public:
    Question(std::string host, QuestionObserver& observer)
        : host_(std::move(host)), observer_(observer) {}
    ~Question() = default;
    Question(Question const&) = delete;
    Question& operator=(Question const&) = delete;

    /// The observer may be told inside it.
    void start(AresChannel& channel, SteadyTime now);

    [[nodiscard]] std::string const& host() const noexcept { return host_; }
    [[nodiscard]] bool is_started() const noexcept { return started_at_.has_value(); }
    /// A reply is still owed.
    [[nodiscard]] bool is_under_way() const noexcept;
    /// How long it has been asked.
    [[nodiscard]] Millis age(SteadyTime now) const noexcept;

    /// Nothing more is to be waited for: both replies are here, or one with addresses was seen here
    /// so long ago.
    [[nodiscard]] bool is_settled(SteadyTime now, Millis family_wait) noexcept;

    /// Both replies as one: the addresses of both, IPv4 first; without any, what is known best: a
    /// name that does not exist for one family does not for the other either. Partial: addresses of
    /// one family, and no word about the other.
    [[nodiscard]] DnsReply reply() const;

private:
    class Lookup final : public DnsLookup {
    public:
        Lookup(Question& question, AddressKind kind) : question_(question), kind_(kind) {}

        void start(AresChannel& channel);
        void replied(DnsReply reply) override;

        [[nodiscard]] bool has(DnsReply::Kind kind) const noexcept {
            return reply_ && reply_->kind == kind;
        }
        /// The servers said what there is, or that there is nothing.
        [[nodiscard]] bool is_known() const noexcept {
            return has(DnsReply::Kind::found) || has(DnsReply::Kind::no_address) ||
                   has(DnsReply::Kind::no_name);
        }
        [[nodiscard]] bool is_under_way() const noexcept { return under_way_; }
        [[nodiscard]] std::optional<DnsReply> const& reply() const noexcept { return reply_; }

    private:
        Question& question_;
        AddressKind const kind_;
        bool under_way_{false};
        std::optional<DnsReply> reply_;
    };

    [[nodiscard]] bool has(DnsReply::Kind kind) const noexcept {
        return v4_.has(kind) || v6_.has(kind);
    }

    std::string const host_;
    QuestionObserver& observer_;
    std::optional<SteadyTime> started_at_;
    std::optional<SteadyTime> found_at_;  ///< When addresses were first seen here.
    Lookup v4_{*this, AddressKind::v4};
    Lookup v6_{*this, AddressKind::v6};
};

}  // namespace muster
