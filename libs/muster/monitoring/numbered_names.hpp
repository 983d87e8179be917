#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// Gives small numbers, from 1, to the names that somebody uses: whoever indexes by them needs no
/// more room than there are names at once. A number that nobody uses any more is given again.
class NumberedNames {
public:
    using Number = std::uint32_t;

    /// One more user of a name.
    Number use(std::string_view name) {
        auto& known = known_[std::string(name)];
        if (known.users++ == 0) {
            if (free_.empty()) {
                known.number = static_cast<Number>(known_.size());
            } else {
                known.number = free_.back();
                free_.pop_back();
            }
        }
        return known.number;
    }

    /// One user less of a name that is in use. The number, once nobody uses it any more; else 0.
    Number release(std::string_view name) {
        auto const found = known_.find(std::string(name));
        if (--found->second.users > 0) {
            return 0;
        }
        auto const number = found->second.number;
        free_.push_back(number);
        known_.erase(found);
        return number;
    }

    [[nodiscard]] std::size_t size() const noexcept { return known_.size(); }

private:
    struct Known {
        Number number{0};
        std::uint32_t users{0};
    };

    std::unordered_map<std::string, Known> known_;
    std::vector<Number> free_;
};

}  // namespace muster
