#include <muster/edge/edge_commands.hpp>

#include <atomic>
#include <utility>

namespace muster {

/// Held by everything under way, which may outlive the object.
struct EdgeCommands::Shared {
    Shared(Loop& edge_loop, Loop& hub_loop, std::size_t most)
        : edge(edge_loop), hub(hub_loop), limit(most) {}

    Loop& edge;
    Loop& hub;
    std::size_t const limit;
    std::size_t under_way{0};         // edge's loop
    std::uint64_t refused{0};         // edge's loop
    HubCommands* target{nullptr};     // hub's loop
    std::atomic<bool> closed{false};  ///< Nobody waits for answers any more.
};

namespace {

/// The way back of one answer. Whoever drops it unanswered, answers that the hub stops.
template <class Value, class Shared>
class WayBack {
public:
    using Done = UniqueFunction<void(Result<Value>)>;

    WayBack(std::shared_ptr<Shared> shared, Done done)
        : shared_(std::move(shared)), done_(std::move(done)) {}
    ~WayBack() { send(failure(Errc::unavailable, "the hub is stopping")); }
    WayBack(WayBack&& other) noexcept
        : shared_(std::exchange(other.shared_, nullptr)), done_(std::move(other.done_)) {}
    WayBack(WayBack const&) = delete;
    WayBack& operator=(WayBack const&) = delete;
    WayBack& operator=(WayBack&&) = delete;

    void send(Result<Value> result) {
        if (!shared_ || shared_->closed) {
            return;
        }
        auto shared = std::exchange(shared_, nullptr);
        auto& edge = shared->edge;
        edge.post([shared = std::move(shared), done = std::move(done_),
                   result = std::move(result)]() mutable {
            --shared->under_way;
            done(std::move(result));
        });
    }

private:
    std::shared_ptr<Shared> shared_;
    Done done_;
};

}  // namespace

EdgeCommands::EdgeCommands(Loop& edge, Loop& hub, std::size_t limit)
    : shared_(std::make_shared<Shared>(edge, hub, limit)) {}

EdgeCommands::~EdgeCommands() {
    shared_->closed = true;
}

void EdgeCommands::connect(HubCommands* target) {
    shared_->target = target;
}

std::uint64_t EdgeCommands::refused() const noexcept {
    return shared_->refused;
}

template <class Value, class Call>
void EdgeCommands::carry(UniqueFunction<void(Result<Value>)> done, Call call) {
    if (shared_->under_way >= shared_->limit) {
        ++shared_->refused;
        shared_->edge.post([done = std::move(done)]() mutable {
            done(failure(Errc::full, "too many commands wait for the hub"));
        });
        return;
    }
    ++shared_->under_way;
    WayBack<Value, Shared> back(shared_, std::move(done));
    auto* const shared = shared_.get();  // `back` keeps it
    shared->hub.post([shared, back = std::move(back), call = std::move(call)]() mutable {
        if (shared->target == nullptr) {
            back.send(failure(Errc::unavailable, "the hub is not running"));
            return;
        }
        call(*shared->target, [back = std::move(back)](Result<Value> result) mutable {
            back.send(std::move(result));
        });
    });
}

void EdgeCommands::reload(ReloadDone done) {
    carry<ReloadReport>(std::move(done),
                        [](HubCommands& target, auto answer) { target.reload(std::move(answer)); });
}

void EdgeCommands::plan(ReloadDone done) {
    carry<ReloadReport>(std::move(done),
                        [](HubCommands& target, auto answer) { target.plan(std::move(answer)); });
}

void EdgeCommands::register_service(ServiceSpec spec, ServiceDone done) {
    carry<RegisteredService>(std::move(done),
                             [spec = std::move(spec)](HubCommands& target, auto answer) mutable {
                                 target.register_service(std::move(spec), std::move(answer));
                             });
}

void EdgeCommands::replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) {
    carry<RegisteredService>(
        std::move(done), [id, spec = std::move(spec)](HubCommands& target, auto answer) mutable {
            target.replace_service(id, std::move(spec), std::move(answer));
        });
}

void EdgeCommands::remove_service(ServiceId id, Done done) {
    carry<void>(std::move(done), [id](HubCommands& target, auto answer) {
        target.remove_service(id, std::move(answer));
    });
}

void EdgeCommands::check_now(ServiceId id, Wait wait, CheckDone done) {
    carry<std::optional<CheckResult>>(std::move(done),
                                      [id, wait](HubCommands& target, auto answer) {
                                          target.check_now(id, wait, std::move(answer));
                                      });
}

void EdgeCommands::add_window(MaintenanceSpec spec, WindowDone done) {
    carry<Maintenance>(std::move(done),
                       [spec = std::move(spec)](HubCommands& target, auto answer) mutable {
                           target.add_window(std::move(spec), std::move(answer));
                       });
}

void EdgeCommands::remove_window(MaintenanceId id, Done done) {
    carry<void>(std::move(done), [id](HubCommands& target, auto answer) {
        target.remove_window(id, std::move(answer));
    });
}

}  // namespace muster
