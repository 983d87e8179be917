// Any bytes as what a hub answers: read or refused, and whatever is shown of it is fit to show.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <muster/base/utf8.hpp>
#include <muster/codec/hub_answers.hpp>

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

bool fit_to_show(std::string_view text) {
    return muster::is_valid_utf8(text) && text.find('\x1b') == std::string_view::npos;
}

template <class Answer>
void check_refusal(Answer const& answer) {
    require(answer || (!answer.error().message.empty() && fit_to_show(answer.error().message)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const services = muster::read_services_answer(text);
    check_refusal(services);
    if (services) {
        for (auto const& service : services->items) {
            require(fit_to_show(service.view.name) && fit_to_show(service.target));
        }
    }
    auto const events = muster::read_events_answer(text);
    check_refusal(events);
    if (events) {
        for (auto const& event : events->items) {
            require(fit_to_show(event.description) && muster::is_valid_utf8(event.json));
        }
    }
    auto const buckets = muster::read_buckets_answer(text);
    check_refusal(buckets);
    if (buckets) {
        for (auto const& bucket : buckets->items) {
            require(bucket.to > bucket.from);
        }
    }
    check_refusal(muster::read_status_answer(text));
    check_refusal(muster::read_service_answer(text));
    check_refusal(muster::read_checks_answer(text));
    check_refusal(muster::read_windows_answer(text));
    check_refusal(muster::read_window_answer(text));
    check_refusal(muster::read_probe_answer(text));
    check_refusal(muster::read_health_answer(text));
    check_refusal(muster::read_ready_answer(text));
    auto const whole = muster::read_answer_data(text);
    require(!whole || muster::is_valid_utf8(*whole));
    return 0;
}
