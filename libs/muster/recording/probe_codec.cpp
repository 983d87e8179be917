#include <muster/recording/probe_codec.hpp>

#include <variant>

#include <muster/recording/compact_lists.hpp>

namespace muster::compact {
namespace {

/// Stored values: do not renumber.
enum class ScalarKind : std::uint8_t { null = 0, boolean = 1, number = 2, text = 3 };

struct PutScalar {
    Writer& out;

    void operator()(std::monostate /*null*/) const { out.symbol(ScalarKind::null); }
    void operator()(bool value) const {
        out.symbol(ScalarKind::boolean);
        out.flag(value);
    }
    void operator()(double value) const {
        out.symbol(ScalarKind::number);
        out.real(value);
    }
    void operator()(std::string const& value) const {
        out.symbol(ScalarKind::text);
        out.text(value, kMaxItemText);
    }
};

JsonScalar get_scalar(Reader& in) {
    switch (static_cast<ScalarKind>(in.byte())) {
        case ScalarKind::null:
            return {};
        case ScalarKind::boolean:
            return in.flag();
        case ScalarKind::number:
            return in.real();
        case ScalarKind::text:
            return in.text();
    }
    in.fail();
    return {};
}

void put_expectation(Writer& out, HttpExpectation const& expect) {
    put_items(out, expect.status, [&out](StatusRange const& range) {
        out.unsigned_number(range.first);
        out.unsigned_number(range.last);
    });
    out.text(expect.body);
    out.text(expect.body_matches);
    put_items(out, expect.json, [&out](JsonCondition const& condition) {
        out.text(condition.field, kMaxItemText);
        out.symbol(condition.test);
        std::visit(PutScalar{out}, condition.value);
    });
}

HttpExpectation get_expectation(Reader& in) {
    HttpExpectation expect;
    expect.status = get_items<StatusRange>(in, 2, [&in] {
        StatusRange range;
        range.first = in.narrow<std::uint16_t>();
        range.last = in.narrow<std::uint16_t>();
        return range;
    });
    expect.body = in.text();
    expect.body_matches = in.text();
    expect.json = get_items<JsonCondition>(in, 3, [&in] {
        JsonCondition condition;
        condition.field = in.text();
        condition.test = in.symbol<JsonTest>();
        condition.value = get_scalar(in);
        return condition;
    });
    return expect;
}

}  // namespace

void put(Writer& out, Url const& url) {
    out.text(url.scheme);
    out.text(url.host);
    out.unsigned_number(url.port);
    out.text(url.target);
    out.text(url.user_info);
}

Url get_url(Reader& in) {
    Url url;
    url.scheme = in.text();
    url.host = in.text();
    url.port = in.narrow<std::uint16_t>();
    url.target = in.text();
    url.user_info = in.text();
    return url;
}

void put_http_probe(Writer& out, HttpProbeSpec const& spec) {
    put_items(out, spec.more_urls, [&out](Url const& url) { put(out, url); });
    out.symbol(spec.method);
    put_items(out, spec.headers, [&out](HttpHeader const& header) {
        out.text(header.name, kMaxItemText);
        out.text(header.value, kMaxText);
    });
    out.text(spec.body);
    put_expectation(out, spec.expect);
    out.flag(spec.tls.verify);
    out.text(spec.tls.server_name);
    out.text(spec.tls.ca_file);
    out.flag(spec.fallback);
    out.byte(spec.redirects);
    out.symbol(spec.ip);
}

void get_http_probe(Reader& in, HttpProbeSpec& spec) {
    spec.more_urls = get_items<Url>(in, 5, [&in] { return get_url(in); });
    spec.method = in.symbol<HttpMethod>();
    spec.headers = get_items<HttpHeader>(in, 2, [&in] {
        HttpHeader header;
        header.name = in.text();
        header.value = in.text();
        return header;
    });
    spec.body = in.text();
    spec.expect = get_expectation(in);
    spec.tls.verify = in.flag();
    spec.tls.server_name = in.text();
    spec.tls.ca_file = in.text();
    spec.fallback = in.flag();
    spec.redirects = in.byte();
    spec.ip = in.symbol<IpFamily>();
}

}  // namespace muster::compact
