// Publishing on Redis: batches as the hub makes them (one entry of results and a few changes on
// channels each) through the bus, side by side with hiredis sending the same commands by hand, to
// the same server in the same run. CPU is this thread's; the server has its own.
//
//   bench_redis [--rounds N] [--batches N] [--only TEXT] [--json FILE]

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <muster/domain/redis_address.hpp>
#include <muster/redis/redis_connection.hpp>
#include <muster/redis/redis_event_bus.hpp>
#include <muster/runtime/system_clock.hpp>
#include <muster/testing/shared_log.hpp>
#include <muster/testing/temporary_folder.hpp>

#include <support/child.hpp>
#include <support/cpu_time.hpp>
#include <support/program.hpp>
#include <support/race.hpp>
#include "raw_publisher.hpp"

namespace muster::bench {
namespace {

constexpr double kBudget = 0.7;
constexpr std::size_t kBytesOfResult = 120;
constexpr std::size_t kBytesOfChange = 600;

/// A batch of so many results in one entry, and so many changes of health.
BusBatch batch_of(std::uint64_t number, std::size_t results, std::size_t changes) {
    BusBatch batch{"hub-bench", {"bench", number - 1}, {"bench", number}, {}, {}};
    batch.entries.push_back({"muster:health", "batch", std::string(results * kBytesOfResult, 'r')});
    for (std::size_t change = 0; change < changes; ++change) {
        batch.messages.push_back(
            {"hub.hub-bench.health.shop.app", std::string(kBytesOfChange, 'c')});
    }
    return batch;
}

/// A Redis on a Unix socket, its data in memory alone.
class Server {
public:
    Server()
        : socket_((folder_.path() / "socket").string()),
          redis_({"redis-server", "--port", "0", "--unixsocket", socket_, "--save", "", "--dir",
                  folder_.path().string()}) {
        RedisConnection::Options options;
        options.address = address();
        auto const until = clock_.now().steady + std::chrono::seconds(20);
        while (!RedisConnection::open(options, clock_)) {
            if (clock_.now().steady > until) {
                throw std::runtime_error("redis-server does not answer");
            }
        }
    }

    [[nodiscard]] std::string const& socket() const noexcept { return socket_; }
    [[nodiscard]] RedisAddress address() const {
        return parse_redis_url("unix://" + socket_).value();
    }

private:
    SystemClock const clock_;
    testing::TemporaryFolder const folder_;
    std::string const socket_;
    Child const redis_;
};

void race_of(Request const& request, Report& report, Server const& server, std::string const& what,
             std::size_t results, std::size_t changes) {
    auto const title = "redis, " + what;
    if (!request.wants(title)) {
        return;
    }
    SystemClock const clock;
    testing::SharedLog log;
    RedisEventBus::Options options;
    options.address = server.address();
    options.owner = "bench";
    RedisEventBus bus(options, clock, log);
    auto const stands = bus.cursor("hub-bench");
    if (!stands) {
        throw std::runtime_error(stands.error().message);
    }
    std::uint64_t number = *stands ? (*stands)->seq : 0;
    RawPublisher same(server.socket(), RawPublisher::Kind::transaction);
    RawPublisher plain(server.socket(), RawPublisher::Kind::plain);
    std::vector<BusBatch> batches;
    auto const each = [&batches](auto publish) {
        return [&batches, publish] {
            for (auto const& batch : batches) {
                publish(batch);
            }
        };
    };
    auto const operations = request.number("batches");
    std::vector<Contender> contenders{
        {"bus", each([&bus](BusBatch const& batch) {
             if (auto const published = bus.publish(batch); !published) {
                 throw std::runtime_error("bus: " + published.error().message);
             }
         }),
         cpu_seconds_of_thread, operations},
        {"raw, same commands", each([&same](BusBatch const& batch) { same.publish(batch); }),
         cpu_seconds_of_thread, operations},
        {"raw, no transaction", each([&plain](BusBatch const& batch) { plain.publish(batch); }),
         cpu_seconds_of_thread, operations}};
    race(contenders, request.count("rounds"), [&] {
        batches.clear();
        for (std::size_t index = 0; index < request.count("batches"); ++index) {
            batches.push_back(batch_of(++number, results, changes));
        }
    });
    report.add(rate_row(title, "batches/s", contenders[0], contenders[1], ratio_at_least(kBudget)));
    report.add(rate_row(title + ", raw without transaction", "batches/s", contenders[0],
                        contenders[2], std::nullopt));
    report.add(cpu_row(title + ", CPU", contenders[0], contenders[1], std::nullopt));
}

void run(Request const& request, Report& report) {
    Server const server;
    race_of(request, report, server, "20 results a batch", 20, 0);
    race_of(request, report, server, "200 results and 5 changes a batch", 200, 5);
    race_of(request, report, server, "500 changes a batch", 1, 500);
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
    return muster::bench::run_program(count, arguments, {{"rounds", 7}, {"batches", 2'000}},
                                      muster::bench::run);
}
