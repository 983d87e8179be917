#pragma once

// Private to this library: what an HTTP probe asks and expects, as stored fields behind its URL.

#include <cstdint>

#include <muster/domain/probe_spec.hpp>
#include <muster/recording/compact.hpp>

namespace muster::compact {

void put(Writer& out, Url const& url);
[[nodiscard]] Url get_url(Reader& in);

/// All but `spec.url`.
void put_http_probe(Writer& out, HttpProbeSpec const& spec);
void get_http_probe(Reader& in, HttpProbeSpec& spec);

}  // namespace muster::compact
