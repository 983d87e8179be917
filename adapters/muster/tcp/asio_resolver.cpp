#include <muster/tcp/asio_resolver.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace muster {
namespace {

namespace asio = boost::asio;

/// Done functions of one name; a query that was destroyed leaves an empty one.
struct Waiting {
    std::vector<std::shared_ptr<Resolver::Done>> askers;
};

class SharedQuery final : public Resolver::Query {
public:
    explicit SharedQuery(std::shared_ptr<Resolver::Done> done) : done_(std::move(done)) {}
    ~SharedQuery() override { *done_ = nullptr; }
    SharedQuery(SharedQuery const&) = delete;
    SharedQuery& operator=(SharedQuery const&) = delete;

private:
    std::shared_ptr<Resolver::Done> done_;
};

Addresses addresses_in(asio::ip::tcp::resolver::results_type const& results) {
    Addresses addresses;
    for (auto const& entry : results) {
        auto const address = entry.endpoint().address();
        if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
            addresses.push_back(address);
        }
    }
    return addresses;
}

}  // namespace

struct AsioResolver::Impl : std::enable_shared_from_this<Impl> {
    explicit Impl(asio::io_context& context) : resolver(context) {}

    void ask(std::string const& host) {
        resolver.async_resolve(
            host, std::string_view(),
            [weak = weak_from_this(), host](boost::system::error_code const& error,
                                            asio::ip::tcp::resolver::results_type const& results) {
                if (auto const self = weak.lock()) {
                    self->answer(host, error, addresses_in(results));
                }
            });
    }

    void answer(std::string const& host, boost::system::error_code const& error,
                Addresses const& addresses) {
        auto node = questions.extract(host);
        if (node.empty()) {
            return;
        }
        for (auto const& asker : node.mapped().askers) {
            if (!*asker) {
                continue;
            }
            auto done = std::exchange(*asker, nullptr);
            if (error || addresses.empty()) {
                done(tl::unexpected(resolve_failure(error, host)));
            } else {
                done(addresses);
            }
        }
    }

    asio::ip::tcp::resolver resolver;
    std::unordered_map<std::string, Waiting> questions;
};

AsioResolver::AsioResolver(Loop& loop) : impl_(std::make_shared<Impl>(loop.context())) {}

AsioResolver::~AsioResolver() {
    impl_->resolver.cancel();
}

std::unique_ptr<Resolver::Query> AsioResolver::resolve(std::string const& host, Done done) {
    auto shared = std::make_shared<Done>(std::move(done));
    auto& askers = impl_->questions[host].askers;
    auto const is_first = askers.empty();
    std::erase_if(askers, [](auto const& asker) { return !*asker; });
    askers.push_back(shared);
    if (is_first) {
        impl_->ask(host);
    }
    return std::make_unique<SharedQuery>(std::move(shared));
}

Failure resolve_failure(boost::system::error_code const& error, std::string const& host) {
    namespace errors = asio::error;
    if (!error || error == errors::host_not_found || error == errors::no_data ||
        error == errors::invalid_argument) {
        return name_failure(host);
    }
    if (error == errors::host_not_found_try_again) {
        return {
            Failure::Kind::ours,
            fmt::format("the resolver of this machine does not answer for {} (not counted)", host),
            OwnFault::resolver};
    }
    return {Failure::Kind::ours,
            fmt::format("the resolver of this machine failed for {}: {} (not counted)", host,
                        error.message()),
            OwnFault::resolver};
}

}  // namespace muster
