#!/usr/bin/env python3
"""`./dev up --full`: wired as compose.yaml wires it, and gone when it ends, however it does.

Environment: MUSTER_SOURCE_DIR, MUSTER_BIN_DIR.
"""

import os
import pathlib
import re
import select
import shutil
import signal
import sys
import tempfile
import time
import unittest
import urllib.request

from full import PATIENCE, Full, running

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BIN = pathlib.Path(os.environ["MUSTER_BIN_DIR"])
sys.path.insert(0, str(SOURCE / "composition"))
import programs  # noqa: E402


class CompositionTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-composition-"))
        self.folder.chmod(0o711)
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, bin_folder=BIN, *arguments):
        whole = Full(SOURCE, bin_folder, self.folder, *arguments)
        self.addCleanup(whole.end)
        return whole

    def nothing_is_left(self, whole):
        self.assertEqual(list(whole.made.iterdir()), [], whole.said())
        self.assertEqual(running(whole.made), [])

    def until(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            select.select([], [], [], 0.05)

    def stand_in(self, name, script):
        """A folder with the programs of the build, one of which is this script."""
        folder = self.folder / "bin"
        folder.mkdir()
        for program in ("muster-hub", *(f"demo-{demo}" for demo in programs.DEMOS)):
            (folder / program).symlink_to(BIN / program)
        (folder / name).unlink()
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
        return folder

    def test_the_hub_gets_the_variables_of_the_composition(self):
        text = (SOURCE / "compose.yaml").read_text()
        hub = re.search(r"^  hub:$.*?^    environment:$\n((?:      [^\n]*\n)*)", text,
                        re.MULTILINE | re.DOTALL)[1]
        asked = set(re.findall(r"^      (\w+):", hub, re.MULTILINE))
        whole = self.start()
        variables = whole.variables()
        process = pathlib.Path("/proc") / variables["HUB_PID"]
        given = dict(re.findall(r"([^=\0]+)=([^\0]*)\0", (process / "environ").read_text()))
        self.assertGreater(len(asked), 10)
        self.assertEqual(asked - set(given), set(), "not given")
        self.assertEqual(set(given) - asked - {"PATH", "HOME", "TZ", "TMPDIR", "LC_ALL"}, set(),
                         "of these compose.yaml knows nothing")
        self.assertEqual(given["DB_NAME"], "orchestration")
        for name in programs.DEMOS:
            self.assertIn(name, given["PROJECTS"])
        # What is printed for a person is what runs.
        for what in (variables["MUSTER_URL"], f"psql -h 127.0.0.1 -p {variables['PGPORT']} -U postgres",
                     f"redis-cli -h 127.0.0.1 -p {variables['REDIS_PORT']}", variables["MUSTER_TOKEN"]):
            self.assertIn(what, whole.told)
        self.every_figure_has_its_advice(variables["MUSTER_URL"])
        self.assertEqual(whole.end(signal.SIGINT), 0)
        self.nothing_is_left(whole)

    def every_figure_has_its_advice(self, url):
        """Of a hub with PostgreSQL and Redis, as e2e.operations asks of one without."""
        with urllib.request.urlopen(url + "/metrics", timeout=PATIENCE) as answer:
            told = set(re.findall(r"^# TYPE (\S+) ", answer.read().decode(), re.MULTILINE))
        guide = (SOURCE / "docs/operations.md").read_text()
        advice = set(re.findall(r"`((?:muster|process)_[a-z_]+)", guide))
        self.assertGreater(len(told), 50)
        self.assertEqual(told - advice, set(), "docs/operations.md says nothing of these")

    def test_a_part_that_does_not_start_ends_all(self):
        whole = self.start(self.stand_in("muster-hub", "echo no reason >&2; exit 7"))
        self.assertEqual(whole.process.wait(PATIENCE), 1)
        self.assertIn("hub ended with 7 while starting; it said:\n    no reason", whole.said())
        self.nothing_is_left(whole)

    def test_an_end_while_it_starts_ends_all(self):
        begun = self.folder / "begun"
        whole = self.start(self.stand_in("muster-hub", f"touch {begun}; exec cat /dev/zero >/dev/null"))
        self.until(begun.exists, "the hub was not started")
        self.assertEqual(whole.end(), 0)
        self.nothing_is_left(whole)

    def test_a_hub_that_ends_ends_all_and_other_parts_do_not(self):
        whole = self.start()
        variables = whole.variables()
        os.kill(int(variables["CHATBOT_PID"]), signal.SIGKILL)
        self.until(lambda: "chatbot was ended by SIGKILL; the others go on" in whole.said(),
                   "nothing was told of chatbot")
        self.assertIsNone(whole.process.poll())
        os.kill(int(variables["HUB_PID"]), signal.SIGKILL)
        self.assertEqual(whole.process.wait(PATIENCE), 1)
        self.assertIn("hub was ended by SIGKILL; it said:", whole.said())
        self.nothing_is_left(whole)

    def test_parts_end_with_it_even_if_it_is_killed(self):
        whole = self.start()
        whole.variables()
        self.assertNotEqual(running(whole.made), [])
        whole.end(signal.SIGKILL)
        self.until(lambda: not running(whole.made), "a part lives on")

    def test_programs_that_are_not_there_are_named(self):
        whole = self.start(self.folder)
        self.assertEqual(whole.process.wait(PATIENCE), 1)
        self.assertIn(f"there is no muster-hub, demo-email-blast, demo-chatbot, demo-social-media in "
                      f"{self.folder}", whole.said())
        self.nothing_is_left(whole)
        here = self.folder / "programs"
        here.mkdir()
        (here / "14" / "bin").mkdir(parents=True)
        with self.assertRaises(programs.Missing) as missing:
            programs.find_servers(postgres=here, path=str(here), system=())
        self.assertEqual(str(missing.exception),
                         "missing here: initdb, postgres, createdb, pg_isready, redis-server, setpriv. "
                         "They are of the packages postgresql-15 redis-server util-linux: ./dev deps full")


if __name__ == "__main__":
    unittest.main(verbosity=2)
