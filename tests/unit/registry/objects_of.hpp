#pragma once

#include <map>
#include <memory>

namespace muster::testing {

/// The objects themselves, to compare what two registries hold.
template <class Id, class Object>
std::map<Id, Object> objects_of(std::map<Id, std::shared_ptr<Object const>> const& shared) {
    std::map<Id, Object> objects;
    for (auto const& [id, object] : shared) {
        objects.emplace(id, *object);
    }
    return objects;
}

}  // namespace muster::testing
