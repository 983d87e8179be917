#include <muster/dns/hosts_file.hpp>

#include <algorithm>
#include <cctype>

namespace muster {
namespace {

/// Cuts the next word off; empty: there is none.
std::string_view next_word(std::string_view& line) {
    constexpr std::string_view kBlanks = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    auto const word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
}

std::string lower(std::string_view word) {
    std::string text(word);
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return text;
}

void read_line(std::string_view line, HostsFile& hosts) {
    line = line.substr(0, line.find('#'));
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(next_word(line), error);
    if (error) {
        return;
    }
    for (auto name = next_word(line); !name.empty(); name = next_word(line)) {
        auto& addresses = hosts[lower(name)];
        if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
            addresses.push_back(address);
        }
    }
}

}  // namespace

HostsFile parse_hosts(std::string_view text) {
    HostsFile hosts;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        read_line(text.substr(0, end), hosts);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return hosts;
}

}  // namespace muster
