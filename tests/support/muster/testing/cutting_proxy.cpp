#include <muster/testing/cutting_proxy.hpp>

#include <array>
#include <list>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster::testing {
namespace {

sockaddr_in address_of(Place const& place) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(place.port);
    ::inet_pton(AF_INET, place.address.c_str(), &address.sin_addr);
    return address;
}

int connect_to(Place const& place) {
    auto const address = address_of(place);
    int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(descriptor, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

struct Pair {
    int client{-1};
    int server{-1};
    bool answer_is_lost{false};
};

/// False: one side has ended, or is to be cut.
bool pass(int from, int to, std::string& said) {
    std::array<char, 16'384> buffer;
    auto const size = ::recv(from, buffer.data(), buffer.size(), 0);
    said.assign(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return size > 0 && (to < 0 || ::send(to, said.data(), said.size(), MSG_NOSIGNAL) == size);
}

}  // namespace

CuttingProxy::CuttingProxy(Place server) : server_(std::move(server)), place_(free_place()) {
    auto const address = address_of(place_);
    int const on = 1;
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0 || ::pipe(stop_) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
}

void CuttingProxy::serve() {
    std::list<Pair> pairs;
    auto const drop = [&pairs](std::list<Pair>::iterator pair) {
        ::close(pair->client);
        ::close(pair->server);
        pairs.erase(pair);
    };
    while (true) {
        std::vector<pollfd> wait{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (auto const& pair : pairs) {
            wait.push_back({pair.client, POLLIN, 0});
            wait.push_back({pair.server, POLLIN, 0});
        }
        if (::poll(wait.data(), wait.size(), -1) < 0 || wait[0].revents != 0) {
            break;
        }
        std::size_t index = 2;
        for (auto pair = pairs.begin(); pair != pairs.end(); index += 2) {
            auto const current = pair++;
            std::string said;
            if (wait[index].revents != 0) {
                auto const cut = cut_.load();
                bool const goes_on = pass(current->client, -1, said);
                bool const met = said.find(kWord) != std::string::npos && cut != Cut::never;
                if (met) {
                    cut_ = Cut::never;
                    ++cuts_;
                    current->answer_is_lost = cut == Cut::after;
                }
                if (!goes_on || (met && cut == Cut::before) ||
                    ::send(current->server, said.data(), said.size(), MSG_NOSIGNAL) < 0) {
                    drop(current);
                    continue;
                }
            }
            if (wait[index + 1].revents != 0) {
                int const to = current->answer_is_lost ? -1 : current->client;
                if (!pass(current->server, to, said) || current->answer_is_lost) {
                    drop(current);
                }
            }
        }
        if (wait[1].revents != 0) {
            int const client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            int const server = connect_to(server_);
            if (server < 0) {
                ::close(client);
            } else {
                pairs.push_back({client, server, false});
            }
        }
    }
    while (!pairs.empty()) {
        drop(pairs.begin());
    }
}

}  // namespace muster::testing
