#pragma once

#include <cstdint>
#include <string_view>

#include <muster/base/time.hpp>
#include <muster/domain/fleet_delta.hpp>
#include <muster/hub/hub.hpp>
#include <muster/monitoring/fleet.hpp>
#include <muster/monitoring/metrics_collector.hpp>
#include <muster/ports/journal.hpp>
#include <muster/ports/store.hpp>
#include <muster/recording/follower_core.hpp>
#include <muster/recording/recorder.hpp>
#include <muster/stats/figure_sheet.hpp>

namespace muster {

// What the parts of a hub tell about themselves; docs/metrics.md explains each.

void append_figures_of(FigureSheet& sheet, Fleet const& fleet);
void append_figures_of(FigureSheet& sheet, MetricsCollector const& collector);
void append_figures_of(FigureSheet& sheet, Recorder const& recorder, JournalState const& journal);

/// A follower, by the name that its gaps have; `lag`: see JournalLag.
void append_figures_of(FigureSheet& sheet, std::string_view name, Follower const& follower);
void append_lag(FigureSheet& sheet, std::string_view follower, Micros lag);

void append_figures_of(FigureSheet& sheet, ResultStore const& store);

void append_figures_of(FigureSheet& sheet, HubCondition const& condition);
void append_figures_of(FigureSheet& sheet, Hub::Waiting const& waiting);

}  // namespace muster
