#!/usr/bin/env python3
"""What a hub publishes on Redis: every document against its schema, every transition exactly once in
the stream whatever is killed, and the truth about a Redis that is away.

Environment: MUSTER_SOURCE_DIR, MUSTER_BIN_DIR.
"""

import fnmatch
import json
import os
import pathlib
import tempfile
import threading
import time
import unittest

import jsonschema

from hub import Hub, Target
from redis_server import RedisServer, wait_for

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])

SCHEMAS = {
    "hub.*.health.summary": "health-summary",
    "hub.global.health": "health-summary",
    "hub.*.service.registered": "service-registered",
    "hub.*.service.deregistered": "service-deregistered",
    "hub.*.health.*.*": "health-change",
    "muster:health": "health-batch",
}


def validator(name):
    schema = json.loads((SOURCE / "docs/schemas" / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


VALIDATORS = {name: validator(name) for name in set(SCHEMAS.values())}


def schema_of(channel):
    for pattern, name in SCHEMAS.items():
        if fnmatch.fnmatchcase(channel, pattern):
            return name
    raise AssertionError(f"{channel} has no schema")


def configuration(*targets):
    """A project each, checked every 200 ms, down at the first failure. The machine may be busy: an
    answer that is slow is no change."""
    text = ("defaults: { interval: 200ms, timeout: 20s, degradedAbove: 20s, retries: 0 }\n"
            "projects:\n")
    for number, target in enumerate(targets):
        text += (f"  - {{ name: shop{number}, url: \"{target.url}\", retries: 0, "
                 "healthCheckInterval: 200ms, metrics: off }\n")
    return text


def batches(redis):
    return [json.loads(fields[1]) for _, fields in redis.ask("XRANGE", "muster:health", "-", "+")]


def transitions_in(redis):
    return [(batch["epoch"], change["seq"], change["project"], change["to"])
            for batch in batches(redis) for change in batch["transitions"]]


def transitions_of(hub, after):
    """Those behind a record of the hub's journal."""
    found = []
    while True:
        page = hub.get(f"/api/feed?after={after}&limit=1000")["data"]
        for record in page["records"]:
            if record["kind"] == "transition":
                found.append((record["epoch"], record["seq"], record["project"], record["to"]))
        if page["next"] == after:
            return found
        after = page["next"]


def bus_lag(hub):
    """Seconds that the oldest record waits which the bus has not."""
    name = 'muster_journal_lag_seconds{follower="bus"} '
    lines = hub.call("GET", "/metrics")[1].splitlines()
    return next(float(line[len(name):]) for line in lines if line.startswith(name))


class Listener:
    """Everything that is published, from its making on."""

    def __init__(self, redis, password=None):
        self.heard = []
        self._client = redis.client(password)
        self._client.ask("PSUBSCRIBE", "*")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while True:
                _, _, channel, payload = self._client.receive()
                self.heard.append((channel, json.loads(payload)))
        except (OSError, ValueError, TypeError):
            pass

    def on(self, pattern):
        return [document for channel, document in list(self.heard)
                if fnmatch.fnmatchcase(channel, pattern)]


class BusTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.redis = RedisServer(self.folder / "redis")
        self.addCleanup(self.redis.end)
        self.target = Target()
        self.addCleanup(self.target.end)

    def start(self, folder="hub", more="", **environment):
        hub = Hub(self.folder / folder, configuration(self.target) + more,
                  **{"REDIS_URL": self.redis.url, **environment})
        self.addCleanup(lambda: hub.end())
        return hub

    def toggle(self, hub):
        """The target turns over, and the hub has seen it, before and after."""
        self.see(hub)
        self.target.well = not self.target.well
        self.see(hub)

    def see(self, hub):
        word = "healthy" if self.target.well else "down"
        wait_for(f"shop0 to be {word}", lambda: hub.get("/api/projects/status")["data"].get(
            "shop0", {}).get("status") == word)

    def hold_against_schemas(self, documents):
        for channel, document in documents:
            problems = [f"{'/'.join(map(str, error.path))}: {error.message}"
                        for error in VALIDATORS[schema_of(channel)].iter_errors(document)]
            self.assertEqual(problems, [], f"{channel}: {json.dumps(document)}")

    def test_every_document_satisfies_its_schema(self):
        listener = Listener(self.redis)
        hub = self.start(more=f"""    # and one of every sort
  - name: many
    url: {self.target.url}
    healthCheckInterval: 200ms
    services:
      - {{ name: cache, type: cache, version: "7.0", probe: {{ tcp: "{self.target.url[7:]}" }} }}
      - {{ name: web, type: web, probe: {{ http: ["{self.target.url}/a", "{self.target.url}/b"] }} }}
      - {{ name: gone, critical: false, probe: {{ tcp: "127.0.0.1:1" }}, dependsOn: [cache] }}
""")
        wait_for("a first summary", lambda: listener.on("hub.global.health"))
        for _ in range(4):
            self.toggle(hub)
        status, answer = hub.call("POST", "/api/services", {
            "project": "many", "name": "late", "probe": {"tcp": self.target.url[7:]},
            "tags": ["eu"], "metadata": {"team": "blue"}})
        self.assertEqual(status, 201, answer)
        wait_for("the registration", lambda: [
            service for service in listener.on("hub.*.service.registered")
            if service["name"] == "late"])
        self.assertEqual(hub.call("DELETE", f"/api/services/{answer['data']['id']}")[0], 200)
        wait_for("the removal", lambda: listener.on("hub.*.service.deregistered"))
        wait_for("a summary of all", lambda: [
            summary for summary in listener.on("hub.*.health.summary")
            if any("uptime_seconds" in service for service in summary["services"])
            and any("endpoints_total" in service for service in summary["services"])])
        self.assertEqual(hub.end(), 0)
        in_stream = [("muster:health", batch) for batch in batches(self.redis)]
        self.hold_against_schemas(listener.heard)
        self.hold_against_schemas(in_stream)
        seen = {schema_of(channel) for channel, _ in listener.heard + in_stream}
        self.assertEqual(seen, set(VALIDATORS), "all of them were published")
        last = listener.on("hub.hub-main.health.summary")[-1]
        self.assertEqual({project["name"] for project in last["projects"]}, {"shop0", "many"})
        changes = listener.on("hub.hub-main.health.shop0.app")
        self.assertEqual([change["status"] for change in changes][:5],
                         ["up", "down", "up", "down", "up"])
        kinds = {change["kind"] for _, batch in in_stream for change in batch.get("changes", [])}
        self.assertLessEqual({"hub_started", "service_changed", "service_removed"}, kinds)

    def test_a_change_is_in_a_summary_within_a_second(self):
        hub = self.start()
        listener = Listener(self.redis)
        self.toggle(hub)
        change = wait_for("the change", lambda: listener.on("hub.*.health.shop0.app"))[-1]
        began = time.monotonic()
        wait_for("the summary", lambda: [
            summary for summary in listener.on("hub.global.health")
            if summary["timestamp"] >= change["at"] and any(
                service["status"] == "down" for service in summary["services"])], 10)
        self.assertLess(time.monotonic() - began, 1.5)

    def test_killed_hubs_and_redises_leave_every_transition_once(self):
        hub = self.start()
        self.toggle(hub)
        for life in range(5):
            hub.kill()
            if life % 2 == 1:
                self.redis.kill()
            self.target.well = not self.target.well
            if life % 2 == 1:
                self.redis.start()
            hub = self.start()
            self.see(hub)
            for _ in range(2):
                self.toggle(hub)
            if life == 2:
                self.redis.kill()
                self.toggle(hub)
                self.redis.start()
                self.toggle(hub)
        last = wait_for("the last transition", lambda: self.all_there(hub))
        self.assertGreater(len(last), 15)

    def all_there(self, hub):
        """All transitions, once the stream has those of the journal; never one twice."""
        in_stream = transitions_in(self.redis)
        self.assertEqual(len(in_stream), len(set(in_stream)), in_stream)
        self.assertEqual(in_stream, sorted(in_stream))
        first = batches(self.redis)[0]
        in_journal = transitions_of(hub, f"{first['epoch']}:{first['firstSeq']}")
        return in_stream if in_stream == in_journal else None

    def test_the_numbers_of_batches_leave_no_gap(self):
        hub = self.start()
        for _ in range(3):
            self.toggle(hub)
        self.assertEqual(hub.end(), 0)
        hub = self.start()
        self.toggle(hub)
        wait_for("both lives", lambda: len({batch["epoch"] for batch in batches(self.redis)}) == 2)
        all_batches = batches(self.redis)
        for before, after in zip(all_batches, all_batches[1:]):
            self.assertEqual(after["firstSeq"], before["lastSeq"] + 1, "over epochs too")

    def test_a_redis_that_is_away_at_the_start_is_waited_for(self):
        self.redis.kill()
        hub = self.start()
        self.assertEqual(hub.call("GET", "/ready"), (503, {"ready": False, "error": "Bus not ready"}))
        wait_for("the hub to tell", lambda: hub.bus() == "down", 2)
        self.assertIn(f"no connection to redis://127.0.0.1:{self.redis.port}",
                      json.dumps(hub.get("/api/system/health")))
        self.toggle(hub)  # monitoring and live views go on
        self.redis.start()
        wait_for("the hub to be ready", lambda: hub.call("GET", "/ready")[0] == 200)
        wait_for("the transitions", lambda: len(transitions_in(self.redis)) == 2)

    def test_a_redis_that_goes_away_is_told_within_two_seconds(self):
        hub = self.start()
        self.toggle(hub)
        for name, away, back in (("killed", self.redis.kill, self.redis.start),
                                 ("stopped", self.redis.pause, self.redis.resume)):
            with self.subTest(name):
                wait_for("the bus", lambda: hub.bus() == "up")
                away()
                wait_for("the truth", lambda: hub.bus() == "down", 2)
                self.assertEqual(hub.call("GET", "/ready")[0], 200, "the hub does its work")
                wait_for("the figures", lambda: 'muster_part_up{part="bus"} 0' in hub.call(
                    "GET", "/metrics")[1])
                self.toggle(hub)
                self.toggle(hub)
                back()
                wait_for("the bus again", lambda: hub.bus() == "up")
        wait_for("all transitions", lambda: self.all_there(hub))

    def test_nothing_old_is_replayed_on_channels(self):
        hub = self.start()
        self.toggle(hub)
        before = wait_for("the first transitions", lambda: self.all_there(hub))
        self.redis.kill()
        self.toggle(hub)
        wait_for("the change to be old", lambda: bus_lag(hub) > 11)
        # The hub is let in only once somebody listens.
        self.redis.start("--requirepass", "later")
        listener = Listener(self.redis, "later")
        with_password = self.redis.client("later")
        self.addCleanup(with_password.close)
        self.assertEqual(transitions_in(with_password), before)
        with_password.ask("CONFIG", "SET", "requirepass", "")
        wait_for("the transition in the stream", lambda: self.all_there(hub))
        wait_for("a summary", lambda: listener.on("hub.*.health.summary"))
        self.assertEqual(listener.on("hub.*.health.*.app"), [])

    def test_a_redis_that_forgot_everything_gets_what_comes(self):
        hub = self.start()
        self.toggle(hub)
        wait_for("the transitions", lambda: len(transitions_in(self.redis)) == 2)
        self.redis.kill()
        self.redis.forget()
        self.redis.start()
        self.toggle(hub)
        wait_for("the next transition", lambda: [
            change[3] for change in transitions_in(self.redis)] == ["up"])

    def test_one_hub_publishes_under_an_id(self):
        hub = self.start()
        wait_for("the first", lambda: hub.bus() == "up" and self.redis.ask(
            "EXISTS", "muster:lease:hub-main"))
        second = self.start("second")
        wait_for("the refusal", lambda: "another hub is live as 'hub-main'" in json.dumps(
            second.get("/api/system/health")))
        self.assertEqual(second.call("GET", "/ready")[0], 503)
        third = self.start("third", HUB_ID="hub-3")
        wait_for("one with an id of its own", lambda: third.call("GET", "/ready")[0] == 200)
        hub.kill()
        wait_for("the second to follow the first", lambda: second.call("GET", "/ready")[0] == 200)

    def test_the_password_is_told_nowhere(self):
        self.redis.ask("CONFIG", "SET", "requirepass", "hunter2")
        hub = self.start(REDIS_URL="", REDIS_HOST="127.0.0.1", REDIS_PORT=str(self.redis.port),
                         REDIS_PASSWORD="hunter2")
        wait_for("the bus", lambda: hub.call("GET", "/ready")[0] == 200)
        wrong = self.start("second", REDIS_URL=f"redis://:hunter3@127.0.0.1:{self.redis.port}")
        wait_for("the reason", lambda: "WRONGPASS" in json.dumps(wrong.get("/api/system/health")))
        for text in (hub.log(), wrong.log(), json.dumps(wrong.get("/api/system/health"))):
            self.assertNotIn("hunter", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
