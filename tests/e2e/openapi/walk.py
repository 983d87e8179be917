"""Walks every operation of the description of the API over a real hub.

  walk.py MUSTER      the built `muster`

Each answer must be as described, and each operation must have given all its answers of 2xx and 3xx.
"""

import http.client
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import document

CONFIGURATION = """
hub: {{ listen: ["127.0.0.1:0"] }}
projects:
  - name: shop
    url: http://127.0.0.1:{port}
    description: the web shop
    tags: [eu]
    group: front
    healthCheckInterval: 1s
    metricsCheckInterval: 1s
    services:
      - name: web
        type: web
        probe:
          http: ["http://user:secret@127.0.0.1:{port}/health", "http://127.0.0.1:{port}/status"]
          headers: {{ X-Key: secret }}
          expect: {{ status: [200, "204-206"], body: healthy, matches: "heal.*y", json: {{ field: status, equals: healthy }} }}
          redirects: 2
        dependsOn: [port]
        interval: 1s
        failuresOf: [2, 5]
        hysteresis: 20%
        grace: 1s
        tags: [a]
        metadata: {{ team: blue }}
      - {{ name: port, probe: {{ tcp: "127.0.0.1:{port}" }}, interval: 1s }}
      - {{ name: gone, critical: false, retries: 0, probe: {{ tcp: "127.0.0.1:1" }}, interval: 1s }}
  - {{ name: bare, url: "http://127.0.0.1:1", metrics: off }}
maintenance:
  - {{ match: {{ projects: [bare] }}, weekly: {{ day: sun, from: "02:00", to: "04:00", zone: UTC }}, why: backups }}
"""

PAGES = {
    "/health": {"status": "healthy"},
    "/metrics": {"requestsPerSecond": 12.5, "errorRate": 0.1, "errorCount": 2,
                 "apiUsage": {"mails": 4}, "memoryUsagePercent": 40, "cpuUsagePercent": 3,
                 "databaseQueryTime": 2},
    "/status": {"isRunning": True, "currentTasks": 3, "status": "healthy"},
    "/logs": {"logs": [{"timestamp": "2026-11-22T05:55:00.123Z", "level": "info", "message": "up"}],
              "total": 1},
}


class Project(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(PAGES.get(self.path.split("?")[0], {})).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Hub:
    def __init__(self, muster, folder, port):
        (folder / "muster.yaml").write_text(CONFIGURATION.format(port=port), encoding="utf-8")
        self.process = subprocess.Popen(
            [muster, "up"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"MUSTER_DATA_DIR": str(folder / "data"), "PATH": "/usr/bin:/bin"})
        self.port = None
        for line in self.process.stdout:
            if "listening on http://" in line:
                self.port = int(line.strip().rsplit(":", 1)[1])
                break
        if self.port is None:
            raise SystemExit("the hub does not listen")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = dict(headers or {})
        if body is not None or method not in ("GET", "HEAD"):
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, target, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)


class Walk:
    def __init__(self, api, hub):
        self.api = api
        self.hub = hub
        self.seen = {}
        self.wrong = []

    def call(self, method, target, expected, body=None, headers=None):
        answer, text = self.hub.ask(method, target, body, headers)
        if answer.status != expected:
            self.wrong.append(f"{method} {target}: {answer.status}, not {expected}: {text[:200]}")
        problems = self.api.problems(method, target, answer.status,
                                     answer.headers.get("Content-Type", ""), text)
        self.wrong += [f"{method} {target} -> {answer.status}: {problem}" for problem in problems]
        found = self.api.find(method, target)
        if found:
            self.seen.setdefault((method.lower(), found[0]), set()).add(str(answer.status))
        return answer, text

    def get(self, target, expected=200, headers=None):
        return self.call("GET", target, expected, headers=headers)

    def data(self, target):
        return json.loads(self.get(target)[1])["data"]


def wait_until(what, condition):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise SystemExit(f"it never came to be: {what}")


def settled(hub):
    answer, text = hub.ask("GET", "/api/projects/status")
    shop = json.loads(text)["data"].get("shop", {}) if answer.status == 200 else {}
    figures, _ = hub.ask("GET", "/api/metrics/shop")
    rows, text = hub.ask("GET", "/api/history/shop")
    return (shop.get("status") == "degraded" and figures.status == 200 and rows.status == 200
            and len(json.loads(text)["data"]) > 5)


def walk_reads(walk):
    for target in ("/health", "/ready", "/metrics", "/api/openapi.json", "/api/system/health",
                   "/api/config/plan", "/api/projects/status", "/api/projects", "/", "/status",
                   "/status.css", "/report?project=shop&days=2",
                   "/probe?target=127.0.0.1:1&module=tcp_connect", "/probe?target=127.0.0.1:1&debug=true",
                   "/api/projects?limit=1&offset=1", "/api/projects/shop", "/api/projects/bare",
                   "/api/projects/shop/health", "/api/projects/bare/health",
                   "/api/projects/shop/status", "/api/projects/shop/logs",
                   "/api/projects/shop/logs?limit=5&offset=0&level=INFO", "/api/metrics/shop",
                   "/api/metrics/shop/history", "/api/metrics/shop/history?hours=2&step=60s",
                   "/api/history/shop", "/api/history/shop?hours=1&service=web",
                   "/api/history/shop?step=1m", "/api/history/shop?format=csv",
                   "/api/history/shop?format=ndjson", "/api/events", "/api/events?project=shop&limit=2",
                   "/api/events?type=status_changed&severity=warning", "/api/services",
                   "/api/services?project=shop&type=web&tag=a&group=front",
                   "/api/services/shop%2Fweb", "/api/services/shop%2Fgone/health",
                   "/api/services/shop%2Fweb/health?limit=3", "/api/maintenance",
                   "/badge/shop.svg", "/badge/shop.svg?metric=uptime&range=30d",
                   "/badge/shop.svg?metric=response", "/badge/shop/web.svg",
                   "/report/shop", "/report/shop?days=7&format=json", "/report/shop?month=2026-11"):
        walk.get(target)
        walk.call("HEAD", target, 200)
    for target in ("/", "/api/projects/status", "/api/projects", "/api/projects/shop"):
        # Checks go on, so an answer may have changed in between: until one has not.
        for _ in range(100):
            etag = walk.get(target)[0].headers["ETag"]
            if walk.hub.ask("GET", target, headers={"If-None-Match": etag})[0].status == 304:
                break
        walk.seen[("get", walk.api.find("GET", target)[0])].add("304")


def walk_errors(walk):
    walk.get("/api/nowhere", 404)
    walk.get("/ws/status", 426)
    for target in ("/api/projects/none", "/api/projects/none/health", "/api/metrics/none",
                   "/api/metrics/bare", "/api/history/none", "/api/services/none%2Fnone",
                   "/api/services/4711", "/api/services/4711/health", "/badge/none.svg",
                   "/report/none", "/api/projects/none/status", "/api/projects/none/logs",
                   "/api/metrics/none/history"):
        walk.get(target, 404)
    walk.get("/api/projects/bare/status", 502)
    for target in ("/api/history/shop?hours=0", "/api/history/shop?step=x", "/api/events?limit=0",
                   "/api/history/shop?format=xml", "/api/events?severity=loud",
                   "/api/services?type=none", "/api/projects?limit=x", "/api/feed?after=x",
                   "/api/projects/shop/logs?limit=-1", "/api/services/shop%2Fweb/health?limit=0",
                   "/api/metrics/shop/history?hours=x", "/badge/shop.svg?metric=none",
                   "/report/shop?month=x", "/api/maintenance?limit=x", "/api/stream?channels=none",
                   "/api/events?limt=5", "/probe", "/probe?target=x&module=icmp"):
        walk.get(target, 400)
    for path, item in walk.api.root["paths"].items():
        target = path.replace("{file}", "shop.svg").replace("{project}", "shop").replace("{id}", "1")
        answer, text = walk.hub.ask("PATCH", target, {})
        allowed = {word.strip().lower() for word in (answer.headers.get("Allow") or "").split(",")}
        methods = {method for method in document.METHODS if method in item}
        if answer.status != 405 or not methods <= allowed:
            walk.wrong.append(f"PATCH {target}: {answer.status}, Allow {sorted(allowed)}: {text[:100]}")


def walk_changes(walk, port):
    entry = {"project": "extra", "name": "one", "probe": {"tcp": f"127.0.0.1:{port}"}}
    walk.call("POST", "/api/services", 201, entry)
    walk.call("POST", "/api/services", 200, {**entry, "interval": "5s"})
    walk.call("POST", "/api/services", 400, {"project": "extra", "name": "two"})
    walk.call("POST", "/api/services", 403, {**entry, "probe": {"exec": ["/bin/true"]}})
    walk.call("POST", "/api/services", 409, {**entry, "project": "shop", "name": "web"})
    walk.call("POST", "/api/services", 415, entry, {"Content-Type": "text/plain"})
    walk.call("POST", "/api/services", 403, entry, {"X-Forwarded-For": "10.0.0.1"})
    shown = walk.data("/api/services/extra%2Fone")
    walk.call("PUT", "/api/services/extra%2Fone", 200, shown)
    walk.call("PUT", "/api/services/shop%2Fweb", 409, entry)
    walk.call("PUT", "/api/services/4711", 404, entry)
    walk.call("POST", "/api/services/extra%2Fone/check", 202)
    walk.call("POST", "/api/services/extra%2Fone/check?wait=1", 200)
    walk.call("POST", "/api/services/4711/check", 404)
    window = {"match": {"projects": ["extra"]}, "from": "2030-01-01T00:00:00Z",
              "until": "2030-01-01T01:00:00Z", "why": "a move"}
    _, text = walk.call("POST", "/api/maintenance", 201, window)
    walk.call("POST", "/api/maintenance", 400, {"match": {}})
    walk.get("/api/maintenance")
    walk.call("DELETE", f"/api/maintenance/{json.loads(text)['data']['id']}", 200)
    walk.call("DELETE", "/api/maintenance/4711", 404)
    walk.call("DELETE", "/api/services/extra%2Fone", 200)
    walk.call("DELETE", "/api/services/shop%2Fweb", 409)
    walk.call("DELETE", "/api/services/4711", 404)
    walk.call("POST", "/api/reload", 200)


def walk_feed(walk):
    feed = walk.data("/api/feed")
    while True:
        feed = walk.data(f"/api/feed?after={feed['next']}&limit=100")
        if not feed["more"]:
            break
    walk.data("/api/feed?after=1:1")


def walk_stream(walk, port):
    """Frames by their schemas: the map, the snapshot, and a change."""
    wanted = {"status-update": "StatusUpdate", "snapshot": "HealthSnapshot", "health": "HealthChange"}
    connection = http.client.HTTPConnection("127.0.0.1", walk.hub.port, timeout=20)
    connection.request("GET", "/api/stream")
    answer = connection.getresponse()
    kind = answer.headers.get("Content-Type", "")
    if answer.status != 200 or not kind.startswith("text/event-stream"):
        walk.wrong.append(f"GET /api/stream: {answer.status} {kind}")
        return
    walk.seen.setdefault(("get", "/api/stream"), set()).add("200")
    seen = set()
    event = ""
    end = time.monotonic() + 20
    asked = False
    while len(seen) < len(wanted) and time.monotonic() < end:
        line = answer.readline().decode().rstrip("\n").rstrip("\r")
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            schema = {"$ref": f"#/components/schemas/{wanted[event]}"}
            frame = json.loads(line.removeprefix("data: "))
            walk.wrong += [f"stream, {event}: {p}" for p in walk.api.schema_problems(schema, frame)]
            seen.add(event)
        if "snapshot" in seen and not asked:
            asked = True
            entry = {"project": "late", "name": "one", "probe": {"tcp": f"127.0.0.1:{port}"}}
            walk.call("POST", "/api/services", 201, entry)
            walk.call("DELETE", "/api/services/late%2Fone", 200)
    connection.close()
    if len(seen) < len(wanted):
        walk.wrong.append(f"stream: only {sorted(seen)} came")


def walk_by_token(walk, folder):
    """Where reads need the token every read that is described refuses who has none."""
    file = folder / "muster.yaml"
    file.write_text("auth: { token: hush, reads: token }\n" + file.read_text(encoding="utf-8"),
                    encoding="utf-8")
    walk.call("POST", "/api/session", 409)
    walk.call("POST", "/api/reload", 200)
    places = {"{file}": "shop.svg", "{project}": "shop", "{id}": "1"}
    for method, path, operation in walk.api.operations():
        if method == "get":
            target = path
            for place, value in places.items():
                target = target.replace(place, value)
            walk.get(target, 200 if operation.get("security") == [] else 401)
    walk.get("/report/shop?format=json", 401)
    token = {"Authorization": "Bearer hush"}
    walk.call("POST", "/api/session", 401)
    walk.call("POST", "/api/session?until=x", 400, headers=token)
    answer, _ = walk.call("POST", "/api/session", 200, headers=token)
    session = {"Cookie": (answer.headers["Set-Cookie"] or "").split(";")[0]}
    for headers in (token, session):
        walk.get("/api/services", headers=headers)
        walk.get("/metrics", headers=headers)
        walk.get("/status", headers=headers)
    walk.call("POST", "/api/reload", 401, headers=session)
    walk.call("POST", "/api/reload", 200, headers=token)


def unseen(walk):
    for method, path, operation in walk.api.operations():
        good = {code for code in operation["responses"] if code[0] in "23"}
        missing = good - walk.seen.get((method, path), set())
        if missing:
            yield f"{method.upper()} {path}: was never answered with {sorted(missing)}"


def main(muster):
    api = document.load()
    problems = api.own_problems()
    if problems:
        print("\n".join(problems))
        return 1
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Project)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with tempfile.TemporaryDirectory(prefix="muster-openapi-") as folder:
        hub = Hub(muster, pathlib.Path(folder), port)
        try:
            walk = Walk(api, hub)
            wait_until("shop is degraded and has figures", lambda: settled(hub))
            if json.loads(walk.get("/api/openapi.json")[1]) != api.root:
                walk.wrong.append("/api/openapi.json is another document")
            walk_reads(walk)
            walk_errors(walk)
            walk_changes(walk, port)
            walk_feed(walk)
            walk_stream(walk, port)
            walk_by_token(walk, pathlib.Path(folder))
        finally:
            code = hub.stop()
            server.shutdown()
    wrong = walk.wrong + list(unseen(walk))
    if code != 0:
        wrong.append(f"the hub ended with {code}")
    print("\n".join(wrong))
    print(f"{sum(len(codes) for codes in walk.seen.values())} kinds of answers, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
