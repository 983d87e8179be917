#include "faulty_bus.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include <muster/base/time.hpp>

namespace muster::simulation {
namespace {

constexpr Millis kOldest{10'000};  // contract: channels never replay what is older
constexpr Millis kUnderWay{2'000};

class Nothing final : public EventBus::Subscription {};

std::string id_of(Position position) {
    return "hub-main:" + std::to_string(position.epoch) + ":" + std::to_string(position.seq);
}

}  // namespace

FaultyBus::FaultyBus(SimulatedLoop& loop, Random random, Options options)
    : loop_(loop), random_(random), options_(options) {}

Result<std::optional<Cursor>> FaultyBus::cursor(std::string const& /*hub_id*/) {
    if (away_) {
        return failure(Errc::unavailable, "the bus is away");
    }
    return options_.remembers ? cursor_ : std::optional<Cursor>();
}

Result<void> FaultyBus::publish(BusBatch const& batch) {
    if (effects_ != nullptr &&
        !effects_->happens("publish " + std::to_string(batch.messages.size()) + " up to " +
                           std::to_string(batch.next.seq))) {
        return failure(Errc::unavailable, "the process is dead");
    }
    if (away_) {
        ++figures_.refused;
        return failure(Errc::unavailable, "the bus is away");
    }
    bool const doubt = !healed_ && random_.one_in(50);
    bool const happens = !doubt || random_.one_in(2);
    if (happens) {
        cursor_ = batch.next;
        for (auto const& entry : batch.entries) {
            keep(entry);
        }
        for (auto const& message : batch.messages) {
            hear(message);
            auto const times = healed_ ? 1 : random_.between(1, 8) / 8 + 1;
            for (auto time = std::int64_t{1}; time < times; ++time) {
                loop_.after(Millis(random_.between(1, 5'000)), [this, message] { hear(message); });
            }
        }
    }
    if (doubt) {
        ++figures_.in_doubt;
        return failure(Errc::in_doubt, "connection lost during EXEC");
    }
    ++answers_;
    return {};
}

Result<void> FaultyBus::announce(std::string const& /*hub_id*/,
                                 std::vector<BusMessage> const& /*messages*/) {
    if (away_) {
        return failure(Errc::unavailable, "the bus is away");
    }
    ++answers_;
    return {};
}

std::unique_ptr<EventBus::Subscription> FaultyBus::subscribe(
    std::string /*pattern*/, UniqueFunction<void(BusMessage const&)> /*receive*/) {
    return std::make_unique<Nothing>();
}

void FaultyBus::hear(BusMessage const& message) {
    auto const document = nlohmann::json::parse(message.payload);
    if (message.channel.rfind("hub.hub-main.service.", 0) == 0) {
        return;  // of the registry, whose referee hears the journal
    }
    auto const id = document.at("id").get<std::string>();
    auto const [known, added] = heard_.try_emplace(id, message.payload);
    if (!added) {
        ++figures_.twice;
        if (known->second != message.payload) {
            complaints_.push_back("message " + id + " comes again with other words");
        }
        return;
    }
    ++figures_.heard;
    auto const at = parse_rfc3339(document.at("at").get<std::string>());
    if (!at || loop_.now().wall - *at > kOldest + kUnderWay) {
        complaints_.push_back("channels replay nothing that is older than ten seconds: " + id);
    }
    auto const channel = "hub.hub-main.health." + document.at("project").get<std::string>() + "." +
                         document.at("service").get<std::string>();
    if (channel != message.channel) {
        complaints_.push_back("message " + id + " came on " + message.channel);
    }
}

/// Of what a power loss took back the numbers come again; else never.
void FaultyBus::keep(BusEntry const& entry) {
    auto const document = nlohmann::json::parse(entry.value);
    auto const first = document.at("firstSeq").get<std::uint64_t>();
    bool const comes_again = std::exchange(goes_back_, false) && first <= streamed_;
    if (first != streamed_ + 1 && !comes_again) {
        complaints_.push_back("the stream has each record once: " + std::to_string(first) +
                              " behind " + std::to_string(streamed_));
    }
    streamed_ = document.at("lastSeq").get<std::uint64_t>();
    ++figures_.entries;
}

std::string const* FaultyBus::heard(Position position) const {
    auto const found = heard_.find(id_of(position));
    return found == heard_.end() ? nullptr : &found->second;
}

}  // namespace muster::simulation
