#include <muster/testing/target_server.hpp>

#include "expected.hpp"

namespace muster {
namespace {

using testing::start_node;

using Node = RealTarget;

constexpr auto kServer = R"js(
const http = require('http');
const paths = {
  '/json': (q, r) => {
    r.setHeader('Content-Type', 'application/json; charset=utf-8');
    r.end('{"status":"ok","uptime":1}');
  },
  '/pieces': (q, r) => {
    r.setHeader('Content-Type', 'application/health+json');
    r.write('{"status":');
    setImmediate(() => r.end('"degraded"}'));
  },
  '/trailers': (q, r) => {
    r.writeHead(200, { Trailer: 'X-Sum' });
    r.write('ok');
    r.addTrailers({ 'X-Sum': '1' });
    r.end();
  },
  '/hints': (q, r) => {
    r.writeEarlyHints({ link: '</style.css>; rel=preload' });
    r.writeProcessing();
    r.end('ok');
  },
  '/rows': (q, r) => {
    for (let row = 0; row < 20000; row += 1) r.write(`row ${row}\n`);
    r.end();
  },
  '/204': (q, r) => { r.writeHead(204); r.end(); },
  '/500': (q, r) => { r.writeHead(500); r.end('oops'); },
  '/reason': (q, r) => { r.writeHead(503, 'Gone f\xfcr now'); r.end(); },
  '/destroy': (q, r) => q.socket.destroy(),
  '/reset': (q, r) => q.socket.resetAndDestroy(),
  '/half': (q, r) => {
    r.writeHead(200, { 'Content-Length': 100 });
    r.write('half', () => q.socket.destroy());
  },
  '/never': () => {},
};
http.createServer((q, r) => paths[q.url](q, r)).listen(place.port, place.address);
)js";

TEST_F(Node, EveryAnswerGetsItsVerdict) {
    auto const node = start_node(kServer);
    expect_all(node->url(""),
               {{.path = "/json", .kept = true},
                {.path = "/pieces", .word = BodyWord::degraded, .kept = true},
                {.path = "/trailers", .kept = true},
                {.path = "/hints", .kept = true},
                {.path = "/rows", .kept = true},
                {.path = "/204", .status = 204, .kept = true},
                {.path = "/500", .error = "HTTP error: 500", .status = 500, .kept = true},
                {.path = "/reason", .error = "HTTP error: 503", .status = 503, .kept = true},
                {.path = "/destroy", .error = "connection closed after 0 bytes", .status = 0},
                {.path = "/reset", .error = "connection reset after 0 bytes", .status = 0}});
}

TEST_F(Node, AnAnswerThatBreaksOffIsAFailure) {
    auto const node = start_node(kServer);
    auto const outcome = probe(node->url("/half"));
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_TRUE(outcome.error.starts_with("connection closed after ")) << outcome.error;
}

TEST_F(Node, NoAnswerIsATimeout) {
    auto const node = start_node(kServer);
    auto const outcome = probe(node->url("/never"), 100ms);
    EXPECT_EQ(outcome.error, "timed out after 100 ms");
    EXPECT_EQ(outcome.note, "while waiting for the answer");
}

/// A gRPC server answers our request so.
TEST_F(Node, AServerOfHttp2OnlyIsNamed) {
    auto const node = start_node(
        "require('http2').createServer((q, r) => r.end()).listen(place.port, place.address);");
    auto const outcome = probe(node->url());
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    EXPECT_EQ(outcome.error, "not HTTP/1.1: it speaks HTTP/2 only");
}

}  // namespace
}  // namespace muster
