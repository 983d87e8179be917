#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muster::testing {

/// The rights that a document gives a user of Redis, as the words behind `ACL SETUSER`, the user's
/// name first.
inline std::vector<std::string> documented_redis_user(std::string const& document,
                                                      std::string const& user) {
    std::ifstream file(document);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    std::string const opening = "`ACL SETUSER ";
    auto const start = text.find(opening + user + " ");
    if (start == std::string::npos) {
        ADD_FAILURE() << document << " names no rights of " << user;
        return {};
    }
    auto const from = start + opening.size();
    std::istringstream words(text.substr(from, text.find('`', from) - from));
    std::vector<std::string> rights;
    for (std::string word; words >> word;) {
        rights.push_back(word);
    }
    return rights;
}

}  // namespace muster::testing
