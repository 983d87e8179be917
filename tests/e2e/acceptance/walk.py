"""The walk of docs/acceptance.md: its own lines, run by bash, and what they must show."""

import csv
import json
import re
import select
import subprocess
import time

PATIENCE = 60  # seconds until something is given up: the machine may be busy
PROJECTS = ("email-blast", "chatbot", "social-media")


def sections(guide):
    """The blocks for a shell under each heading."""
    parts = re.split(r"^## (.*)$", guide, flags=re.MULTILINE)
    return {heading: re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
            for heading, text in zip(parts[1::2], parts[2::2])}


def documents(text):
    """The JSON texts that stand one behind the other."""
    decoder, found, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


class Walk:
    """`test`: whose assertions these are. `guide`: the text of the document. `prelude`: lines of bash
    that give what the steps use. `explain`: what to tell when something did not come."""

    def __init__(self, test, guide, prelude, environment, explain):
        self._test, self._prelude, self._environment = test, prelude, environment
        self._explain = explain
        self._sections = sections(guide)

    def _run(self, block, code=0):
        """What a block printed."""
        done = subprocess.run(["bash", "-c", f"{self._prelude}\n{block}"], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=self._environment, timeout=PATIENCE,
                              check=False)
        self._test.assertEqual(done.returncode, code, f"{block}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def _until(self, block, holds, what):
        """What a block printed once it showed what it must."""
        end = time.monotonic() + PATIENCE
        while True:
            said = self._run(block)
            if holds(said):
                return said
            if time.monotonic() > end:
                self._test.fail(f"{what}\n{said}\n{self._explain()}")
            select.select([], [], [], 0.1)

    def all_of_it(self):
        self.everything_is_well()
        self.a_project_that_is_killed_is_seen_down()
        self.metrics()
        rows = self.history()
        self.rows_in_the_database(rows)
        self.frames()
        self.the_bus()

    def everything_is_well(self):
        ready, status = self._sections["Before the first step"][0].splitlines()
        self._test.assertEqual(json.loads(self._run(ready)), {"ready": True})
        self._until(status, lambda said: self._statuses(said) == dict.fromkeys(PROJECTS, "healthy"),
                    "not every project is healthy")

    @staticmethod
    def _statuses(said):
        return {name: project["status"] for name, project in json.loads(said)["data"].items()}

    def a_project_that_is_killed_is_seen_down(self):
        kill, status, event = self._sections["1. Kill a project and see it down"]
        self._run(kill)
        self._until(status, lambda said: self._statuses(said) == dict(
            dict.fromkeys(PROJECTS, "healthy"), chatbot="down"), "chatbot is not down")
        newest, = json.loads(self._until(
            event, lambda said: "down after" in json.loads(said)["data"][0]["description"],
            "no event tells of it"))["data"]
        self._test.assertEqual((newest["projectName"], newest["serviceName"]), ("chatbot", "app"))
        self._test.assertTrue(newest["metadata"]["error"])

    def metrics(self):
        hub, project = self._sections["2. Metrics"]
        told = dict(re.findall(r'^muster_service_status\{project="(\S+)",service="app"\} (\d)$',
                               self._run(hub), re.MULTILINE))
        self._test.assertEqual(told, dict(dict.fromkeys(PROJECTS, "1"), chatbot="3"))
        figures = json.loads(self._until(project, lambda said: json.loads(said)["success"],
                                         "email-blast has no figures"))["data"]
        self._test.assertEqual(figures["projectName"], "email-blast")
        self._test.assertGreater(figures["requestsPerSecond"], 0)

    def history(self):
        """How many checks of chatbot it has."""
        block, = self._sections["3. History"]
        said = self._until(block, lambda text: text.count(",down,") > 0, "no check has failed")
        rows = list(csv.DictReader(said.splitlines()))
        self._test.assertEqual([row["recordedAt"] for row in rows],
                               sorted({row["recordedAt"] for row in rows}))
        self._test.assertEqual(rows[0]["status"], "healthy")
        self._test.assertEqual(rows[-1]["status"], "down")
        self._test.assertTrue(rows[-1]["errorMessage"])
        return len(rows)

    def rows_in_the_database(self, rows_of_chatbot):
        counts, once = self._sections["4. Rows in the database"]

        def counted(said):
            return {(project, status): int(count) for project, status, count in re.findall(
                r"^ (\S+) +\| (\w+) +\| +(\d+) \|", said, re.MULTILINE)}

        def has_them(said):
            found = counted(said)
            of_chatbot = sum(count for (project, _), count in found.items()
                             if project == "chatbot")
            return of_chatbot >= rows_of_chatbot and ("chatbot", "down") in found

        found = counted(self._until(counts, has_them, f"not {rows_of_chatbot} rows of chatbot"))
        for project in PROJECTS:
            self._test.assertGreater(found.get((project, "healthy"), 0), 0, found)
        self._test.assertEqual(self._run(once).strip(), "t")

    def frames(self):
        block, = self._sections["5. Frames on `/ws/status`"]
        frames = documents(self._run(block))
        self._test.assertGreaterEqual(len(frames), 3)
        self._test.assertEqual({frame["type"] for frame in frames}, {"status-update"})
        for frame in frames:
            self._test.assertEqual(set(frame["data"]), set(PROJECTS))
        self._test.assertEqual(frames[-1]["data"]["chatbot"]["status"], "healthy",
                               self._explain())

    def the_bus(self):
        length, newest = self._sections["And the bus"][0].splitlines()
        self._test.assertGreaterEqual(int(self._run(length)), 3)

        def changes(said):
            return [(change["project"], change["from"], change["to"]) for batch in documents(said)
                    for change in batch["transitions"]]

        said = self._until(newest, lambda text: len(changes(text)) > 2, "the changes did not come")
        self._test.assertEqual([change for change in changes(said) if change[0] == "chatbot"][:2],
                               [("chatbot", "down", "up"), ("chatbot", "up", "down")])
