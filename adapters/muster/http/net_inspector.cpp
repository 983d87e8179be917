#include <muster/http/net_inspector.hpp>

#include <utility>

#include <muster/http/http_client.hpp>
#include <muster/http/http_inspection.hpp>
#include <muster/http/tcp_inspection.hpp>
#include <muster/tcp/tcp_prober.hpp>

namespace muster {

struct NetInspector::Impl {
    Impl(Loop& loop, Clock const& clock, Resolver& resolver)
        : http(loop, clock, resolver),
          tcp(loop, clock, resolver),
          parts{loop, clock, resolver, http, tcp} {}

    HttpClient http;
    TcpProber tcp;
    InspectionParts parts;
};

namespace {

template <class Kind>
std::unique_ptr<Inspection> started(InspectionParts& parts, InspectionSpec const& spec,
                                    Millis timeout, Inspector::Done done) {
    auto inspection = std::make_unique<Kind>(parts, timeout, std::move(done));
    inspection->start(spec);
    return inspection;
}

}  // namespace

NetInspector::NetInspector(Loop& loop, Clock const& clock, Resolver& resolver)
    : impl_(std::make_unique<Impl>(loop, clock, resolver)) {}

NetInspector::~NetInspector() = default;

std::unique_ptr<Inspection> NetInspector::inspect(InspectionSpec const& spec, Millis timeout,
                                                  Done done) {
    switch (spec.module) {
        case InspectionModule::http_2xx:
            return started<HttpInspection>(impl_->parts, spec, timeout, std::move(done));
        case InspectionModule::tcp_connect:
            return started<TcpInspection>(impl_->parts, spec, timeout, std::move(done));
    }
    return nullptr;
}

}  // namespace muster
