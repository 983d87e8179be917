#include <muster/storage/registry_values.hpp>

#include <variant>

#include <muster/domain/probe_spec.hpp>

namespace muster {
namespace {

struct MethodOf {
    std::optional<std::string_view> operator()(HttpProbeSpec const& spec) const {
        return to_string(spec.method);
    }
    template <class Other>
    std::optional<std::string_view> operator()(Other const& /*spec*/) const {
        return std::nullopt;
    }
};

}  // namespace

std::optional<std::int64_t> stored_port(ServiceSpec const& spec) {
    auto const port = spec.port ? spec.port : port_of(spec.probe);
    return port ? std::optional<std::int64_t>(*port) : std::nullopt;
}

std::optional<std::string_view> stored_method(ServiceSpec const& spec) {
    return std::visit(MethodOf{}, spec.probe);
}

std::string name_or_id(std::string_view name, std::int64_t id) {
    return name.empty() ? "#" + std::to_string(id) : std::string(name);
}

}  // namespace muster
