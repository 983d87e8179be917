#include <muster/registry/rename_chains.hpp>

#include <iterator>
#include <map>

namespace muster {

std::vector<std::size_t> renames_in_order(std::vector<ListedName> const& listed,
                                          std::function<bool(std::string_view)> const& known) {
    std::map<std::string_view, std::size_t> by_name;
    std::map<std::string_view, std::size_t> by_formerly;
    for (std::size_t index = 0; index < listed.size(); ++index) {
        by_name.emplace(listed[index].name, index);
        if (!listed[index].formerly.empty()) {
            by_formerly.emplace(listed[index].formerly, index);
        }
    }
    std::vector<std::size_t> order;
    for (auto const& [first_name, first] : by_formerly) {
        auto const listed_too = by_name.find(first_name);
        if (listed_too != by_name.end() && !listed[listed_too->second].formerly.empty()) {
            continue;  // in the middle of a chain
        }
        if (listed_too != by_name.end() || !known(first_name)) {
            continue;  // stays what it is, or there is nothing that could move
        }
        std::vector<std::size_t> chain{first};
        while (known(listed[chain.back()].name)) {
            auto const next = by_formerly.find(listed[chain.back()].name);
            if (next == by_formerly.end()) {
                chain.clear();  // its last name is taken by something that stays
                break;
            }
            chain.push_back(next->second);
        }
        order.insert(order.end(), chain.rbegin(), chain.rend());
    }
    return order;
}

}  // namespace muster
