#include <cli/ask/maintenance.hpp>

#include <ostream>
#include <utility>

#include <cli/ask/window_request.hpp>
#include <cli/client/hub_client.hpp>
#include <cli/text/text_table.hpp>
#include <cli/text/words.hpp>
#include <hub/settings.hpp>
#include <muster/codec/hub_answers.hpp>

namespace muster {
namespace {

/// As many as one page of the hub holds, which is as many as the API may have made.
constexpr char const* kWindows = "/api/maintenance?limit=1000";

void print_data(std::string const& answer, Terminal const& terminal) {
    terminal.out << read_answer_data(answer).value_or("null") << '\n' << std::flush;
}

void print(AnsweredList<AnsweredWindow> const& windows, Terminal const& terminal) {
    if (windows.items.empty()) {
        terminal.out << "no maintenance windows" << std::endl;
        return;
    }
    TextTable table({{"ID", Align::right}, {"COVERS"}, {"WHEN"}, {"OWNER"}, {"WHY"}});
    for (auto const& window : windows.items) {
        table.add({std::to_string(window.id), window.match, window.when, window.owner, window.why});
    }
    terminal.out << table.text(terminal.colour) << std::flush;
    if (windows.total > windows.items.size()) {
        terminal.err << "muster: these are the first " << windows.items.size() << " of "
                     << windows.total << '\n';
    }
}

}  // namespace

int run_maintenance_list(MaintenanceListCommand const& command, HubAddress const& address,
                         Terminal const& terminal) {
    auto const answer = HubClient(address).get(kWindows);
    if (!answer) {
        return tell(answer.error(), terminal);
    }
    auto const windows = read_windows_answer(*answer);
    if (!windows) {
        return tell(windows.error(), terminal);
    }
    if (command.json) {
        print_data(*answer, terminal);
    } else {
        print(*windows, terminal);
    }
    return 0;
}

int run_maintenance_add(MaintenanceAddCommand const& command, HubAddress const& address,
                        WallTime now, Terminal const& terminal) {
    auto request = window_request(command, now);
    if (!request) {
        static_cast<void>(tell(request.error(), terminal));
        return kExitUsage;
    }
    HubCall call;
    call.method = CallMethod::post;
    call.path = "/api/maintenance";
    call.body = *std::move(request);
    auto const answer = HubClient(address).ask(call);
    if (!answer) {
        return tell(answer.error(), terminal);
    }
    auto const window = read_window_answer(*answer);
    if (!window) {
        return tell(window.error(), terminal);
    }
    if (command.json) {
        print_data(*answer, terminal);
    } else {
        terminal.out << "maintenance " << window->id << ": " << window->match << ", "
                     << window->when << std::endl;
    }
    return 0;
}

int run_maintenance_remove(MaintenanceRemoveCommand const& command, HubAddress const& address,
                           Terminal const& terminal) {
    HubCall call;
    call.method = CallMethod::del;
    call.path = "/api/maintenance/" + std::to_string(command.id);
    auto const answer = HubClient(address).ask(call);
    if (!answer) {
        return tell(answer.error(), terminal);
    }
    if (command.json) {
        print_data(*answer, terminal);
    } else {
        terminal.out << "maintenance " << command.id << " is removed" << std::endl;
    }
    return 0;
}

}  // namespace muster
