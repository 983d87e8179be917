#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <muster/codec/hub_answers.hpp>

namespace muster {

/// Follows the events of a hub by their ids, which grow: each is given once and none is left out,
/// whatever happens between two looks. A hub whose ids begin anew (its data folder is a new one) is
/// followed from its first.
class EventsSince {
public:
    /// A page of the events, newest first, from `offset` on.
    using Page = std::function<Result<AnsweredList<AnsweredEvent>>(std::size_t offset)>;

    /// Begins behind the `newest` events, which the caller has shown.
    explicit EventsSince(std::vector<AnsweredEvent> const& newest);

    struct News {
        std::vector<AnsweredEvent> events;  ///< Oldest first.
        bool began_anew{false};             ///< The hub's ids did.
    };

    /// What came since the last time that it gave something. After an error nothing is lost: ask
    /// again.
    [[nodiscard]] Result<News> look(Page const& page);

private:
    std::int64_t last_id_{0};
};

}  // namespace muster
