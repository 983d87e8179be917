#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <muster/ports/hub_commands.hpp>
#include <muster/runtime/loop.hpp>

namespace muster {

/// Carries commands from the edge's loop to the hub's and answers back. At most `limit` are under
/// way; more are refused (full). What the hub drops when it stops is answered (unavailable).
class EdgeCommands final : public HubCommands {
public:
    /// Both loops outlive it; it goes before the edge's loop does, when the hub's runs no more.
    /// Commands are refused (unavailable) until connect().
    EdgeCommands(Loop& edge, Loop& hub, std::size_t limit = 64);
    ~EdgeCommands() override;
    EdgeCommands(EdgeCommands const&) = delete;
    EdgeCommands& operator=(EdgeCommands const&) = delete;

    /// Where commands go; null: nowhere any more. Hub's loop, or before it runs.
    void connect(HubCommands* target);

    void reload(ReloadDone done) override;
    void plan(ReloadDone done) override;
    void register_service(ServiceSpec spec, ServiceDone done) override;
    void replace_service(ServiceId id, ServiceSpec spec, ServiceDone done) override;
    void remove_service(ServiceId id, Done done) override;
    void check_now(ServiceId id, Wait wait, CheckDone done) override;
    void add_window(MaintenanceSpec spec, WindowDone done) override;
    void remove_window(MaintenanceId id, Done done) override;

    /// Commands that were refused because too many were under way. Edge's loop.
    [[nodiscard]] std::uint64_t refused() const noexcept;

private:
    struct Shared;

    template <class Value, class Call>
    void carry(UniqueFunction<void(Result<Value>)> done, Call call);

    std::shared_ptr<Shared> const shared_;
};

}  // namespace muster
