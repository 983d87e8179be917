#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulated_machine.hpp"

namespace muster::simulation {

/// Whoever changes what a hub watches: the configuration is read again, services are renamed,
/// registered, replaced, removed and checked by hand. What was answered is so, before and after a
/// restart; an id belongs to one service for ever.
class RegistryLife {
public:
    RegistryLife(SimulatedMachine& machine, Random random) : machine_(machine), random_(random) {}

    /// Somebody whom the next act may be about; it will be where it can. Nothing: nobody is there.
    [[nodiscard]] std::optional<Service> choose();

    /// One change, question or look. The process may die in it; then nobody was answered.
    void act();

    /// The hub as people see it now; complains when an id changed hands.
    void look();

    /// The process is gone, and what it was asked with it. `surely`: whatever it answered is
    /// durable.
    void hub_gone(bool surely);
    /// Another one lives.
    void hub_back();

    /// Every question was answered, or died with the hub.
    void end();

    [[nodiscard]] std::vector<std::string> const& complaints() const noexcept {
        return complaints_;
    }

    /// Whether somebody asked for a check of it by hand shortly before.
    [[nodiscard]] bool asked_for(ServiceId id, WallTime started_at) const;

    /// Questions that nobody has answered.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

    struct Figures {
        std::size_t asked{0};
        std::size_t answered{0};
        std::size_t lost{0};  ///< Questions that died with the hub.
        std::size_t renamed{0};
    };
    [[nodiscard]] Figures const& figures() const noexcept { return figures_; }

private:
    /// What a person can tell of a service.
    struct Known {
        ServiceId id;
        Owner owner{Owner::file};
        std::uint64_t identity{0};

        bool operator==(Known const&) const = default;
    };
    using Picture = std::map<std::string, Known>;  ///< By `project/service`.

    void reload();
    void change_wishes();
    void check_renames(Picture const& before, ReloadReport const& report);
    void plan_only();
    void register_something();
    void replace_something();
    void remove_something();
    void check_something();

    [[nodiscard]] Picture picture() const;
    [[nodiscard]] std::vector<Service> services() const;
    [[nodiscard]] std::optional<Service> any_service(Owner owner);
    [[nodiscard]] std::string fresh_name(std::string const& kind) {
        return kind + "-" + std::to_string(++names_);
    }
    [[nodiscard]] Hub& hub() const { return *machine_.hub(); }
    /// Nothing was answered: the process died, or it cannot write.
    [[nodiscard]] bool unanswered(Error const& error) const;
    void expect(bool holds, std::string promise);

    SimulatedMachine& machine_;
    Random random_;
    std::vector<ProjectSpec> put_aside_;
    using Identities = std::map<ServiceId, std::uint64_t>;

    Identities identities_;          ///< That are for ever.
    Identities identities_of_life_;  ///< So far only said; a death may take them along.
    std::map<ServiceId, std::vector<WallTime>> asked_for_;
    std::optional<ServiceId> chosen_;
    std::optional<Picture> left_;  ///< What a restart must show again; nothing: not sure.
    int names_{100};
    int life_{0};
    std::size_t waiting_{0};
    Figures figures_;
    std::vector<std::string> complaints_;
};

}  // namespace muster::simulation
