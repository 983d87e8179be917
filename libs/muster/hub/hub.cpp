#include <muster/hub/hub.hpp>

#include <utility>

#include <muster/hub/hub_figures.hpp>
#include <muster/hub/hub_impl.hpp>

namespace muster {

Hub::Hub(HubOptions options, HubPorts ports)
    : impl_(std::make_unique<Impl>(std::move(options), ports)) {}

Hub::~Hub() = default;

Result<void> Hub::start(std::span<ProjectSpec const> projects,
                        std::span<MaintenanceSpec const> windows) {
    return impl_->start(projects, windows);
}

Result<ReloadReport> Hub::reload(std::span<ProjectSpec const> projects,
                                 std::span<MaintenanceSpec const> windows) {
    return impl_->reload(projects, windows);
}

void Hub::check_now(ServiceId id, HubCommands::Wait wait, HubCommands::CheckDone done) {
    impl_->check_now(id, wait, std::move(done));
}

void Hub::tell_problem(std::string what, std::string description, bool over) {
    impl_->problem(std::move(what), std::move(description), over, impl_->ports.clock.now().wall);
}

void Hub::stop(SteadyTime deadline, UniqueFunction<void()> done) {
    impl_->stop(deadline, std::move(done));
}

void Hub::set_caps(Scheduler::Limits limits, Fleet::GroupCaps const& groups) {
    impl_->fleet.set_caps(limits, groups);
}

void Hub::set_retention(HubRetention retention) {
    impl_->history.set(retention);
}

Hub::Figures Hub::figures() const {
    Figures figures;
    figures.checks = impl_->fleet.figures();
    figures.metrics = impl_->collector.figures();
    figures.in_flight = impl_->fleet.in_flight();
    figures.held_back = impl_->fleet.held_back();
    figures.epoch = impl_->epoch;
    figures.last_seq = impl_->recorder.last().seq;
    figures.replayed = impl_->replayed;
    return figures;
}

Hub::Waiting Hub::waiting() const {
    Waiting waiting;
    waiting.unwritten_bytes = impl_->recorder.unwritten_bytes();
    waiting.journal_marks = impl_->lag.marks();
    waiting.questions = impl_->awaited.size();
    waiting.collections = impl_->collector.in_flight();
    return waiting;
}

void Hub::append_figures(FigureSheet& sheet) const {
    impl_->append_figures(sheet);
    append_figures_of(sheet, waiting());
}

void Hub::each(std::function<void(Service const&, Tracker const&)> const& visit) const {
    impl_->fleet.each(visit);
}

}  // namespace muster
