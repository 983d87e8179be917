#!/usr/bin/env python3
"""What docs/operations.md says, done: its backup restores, and it knows every figure of the hub.

Environment: MUSTER_SOURCE_DIR, MUSTER_BIN_DIR.
"""

import http.server
import json
import os
import pathlib
import queue
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BIN = pathlib.Path(os.environ["MUSTER_BIN_DIR"])
PATIENCE = 60  # seconds until something is given up: the machine may be busy
GUIDE = (SOURCE / "docs/operations.md").read_text()


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Hub:
    """A hub on a free port over this data folder."""

    def __init__(self, folder, data):
        self._process = subprocess.Popen(
            [str(BIN / "muster-hub"), "--config", str(folder / "muster.yaml"), "--port", "0"],
            cwd=folder, env=dict(os.environ, MUSTER_DATA_DIR=str(data)), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self._process.stdout.readline()),
                         daemon=True).start()
        self.url = re.fullmatch(r"muster: listening on (\S+)\n", lines.get(timeout=PATIENCE))[1]

    def text(self, path):
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def data(self, path):
        return json.loads(self.text(path))["data"]

    def end(self, number):
        self._process.send_signal(number)
        return self._process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Operations(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-operations-"))
        self.addCleanup(shutil.rmtree, self.folder)
        target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
        target.daemon_threads = True
        threading.Thread(target=target.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(lambda: (target.shutdown(), target.server_close()))
        (self.folder / "muster.yaml").write_text(
            "hub: { listen: '127.0.0.1:0', shards: 2 }\n"
            f"projects: [{{ name: shop, url: 'http://127.0.0.1:{target.server_address[1]}', "
            "healthCheckInterval: 100ms, metrics: off }]\n")

    def eventually(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            select.select([], [], [], 0.05)

    def backup(self, data, to):
        """The block of the guide, with these folders in place of its own."""
        blocks = [block for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
                  if ".backup" in block]
        self.assertEqual(len(blocks), 1)
        commands, folders = re.subn(r"^(data|to)=\S+$",
                                    lambda line: f"{line[1]}='{data if line[1] == 'data' else to}'",
                                    blocks[0], flags=re.MULTILINE)
        self.assertEqual(folders, 2)
        done = subprocess.run(["sh", "-eu", "-c", commands], text=True, capture_output=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_backup_of_a_running_hub_goes_on_where_it_was(self):
        data, to = self.folder / "data", self.folder / "backup"
        for _ in range(2):  # what was restored is a hub like any other
            with Hub(self.folder, data) as hub:
                self.goes_on(hub, 10)
                self.assertEqual(hub.end(signal.SIGTERM), 0)
            self.assertTrue((data / "checkpoint").exists())
            self.back_up_and_go_on(data, to)

    def test_a_backup_in_the_first_minute_of_a_hub_is_one_too(self):
        data, to = self.folder / "data", self.folder / "backup"
        self.back_up_and_go_on(data, to)

    def goes_on(self, hub, more):
        """Waits for this many checks more in the history; all of it."""
        count = len(hub.data("/api/history/shop?hours=1"))
        self.eventually(lambda: len(hub.data("/api/history/shop?hours=1")) >= count + more,
                        "history does not go on")
        return hub.data("/api/history/shop?hours=1")

    def back_up_and_go_on(self, data, to):
        with Hub(self.folder, data) as hub:
            self.goes_on(hub, 10)
            service = hub.data("/api/services")[0]
            before = hub.data("/api/history/shop?hours=1")
            self.backup(data, to)
            hub.end(signal.SIGKILL)
        self.assertTrue(list(to.glob("journal/*.journal")))
        shutil.rmtree(data)
        with Hub(self.folder, to) as hub:
            again = hub.data("/api/services")[0]
            for name in ("id", "createdAt"):
                self.assertEqual(again[name], service[name], name)
            # What the journal's copy held and the database's did not comes into the history now.
            after = self.goes_on(hub, 10)
            self.assertEqual(hub.end(signal.SIGTERM), 0)
        self.assertEqual(after[:len(before)], before)
        with sqlite3.connect(f"file:{to}/muster.db?mode=ro", uri=True) as store:
            self.assertEqual(store.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            rows, moments = store.execute(
                "SELECT count(*), count(DISTINCT recorded_at) FROM project_status_history"
                ).fetchone()
            # 100 ms lie between two checks: a check that was stored twice has its twin's moment.
            self.assertEqual(rows, moments)
        to.rename(data)

    def test_every_figure_of_the_hub_has_its_advice(self):
        tables = GUIDE.partition("## The hub's own figures")[2]
        advice = set(re.findall(r"`((?:muster|process)_[a-z_]+)", tables))
        with Hub(self.folder, self.folder / "data") as hub:
            self.eventually(lambda: 'muster_probes_total{' in hub.text("/metrics"),
                            "no probe is told")
            told = set(re.findall(r"^# TYPE (\S+) ", hub.text("/metrics"), re.MULTILINE))
            self.assertEqual(hub.end(signal.SIGTERM), 0)
        self.assertGreater(len(told), 50)
        self.assertEqual(told - advice, set(), "docs/operations.md says nothing of these")
        self.assertEqual(advice - told, set(), "these are no figures of the hub (any more)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
