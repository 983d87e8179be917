#include <muster/codec/phases_json.hpp>

#include <string_view>

#include <muster/codec/json_text.hpp>

namespace muster {
namespace {

void phase(JsonObject& object, std::string_view name, Micros time) {
    if (time != Phases::kNone) {
        object.number(name, static_cast<double>(time.count()) / 1000.0);
    }
}

}  // namespace

void append_phases(std::string& out, Phases const& phases) {
    JsonObject object(out);
    phase(object, "dns", phases.dns);
    phase(object, "connect", phases.connect);
    phase(object, "tls", phases.tls);
    phase(object, "firstByte", phases.first_byte);
    phase(object, "transfer", phases.transfer);
    object.close();
}

}  // namespace muster
