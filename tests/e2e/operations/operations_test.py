#!/usr/bin/env python3
"""What docs/operations.md says, done: its backups restore, and it knows every figure of the hub.

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
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BIN = pathlib.Path(os.environ["MUSTER_BIN_DIR"])
sys.path.insert(0, str(SOURCE / "tests/e2e/acceptance"))
from full import Full  # noqa: E402

PATIENCE = 60  # seconds until something is given up: the machine may be busy
GUIDE = (SOURCE / "docs/operations.md").read_text()


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Target(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a hub that is killed says no goodbye


class Hub:
    """A hub on a free port over this data folder; further variables are for its environment."""

    def __init__(self, folder, data, **variables):
        self._process = subprocess.Popen(
            [str(BIN / "muster-hub"), "--config", str(folder / "muster.yaml"), "--port", "0"],
            cwd=folder, env=dict(os.environ, MUSTER_DATA_DIR=str(data), **variables), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self._process.stdout.readline()),
                         daemon=True).start()
        self.url = re.fullmatch(r"muster: listening on (\S+)\n", lines.get(timeout=PATIENCE))[1]

    def text(self, path):
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def ready(self):
        try:
            return self.text("/ready") != ""
        except urllib.error.HTTPError:
            return False  # its database is not reached yet

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
        target = Target(("127.0.0.1", 0), Healthy)
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

    def block(self, word):
        """The one block of the guide that holds this word."""
        block, = (block for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
                  if word in block)
        return block

    def run_lines(self, block, environment=None, **variables):
        """With these values in place of those that the block gives its variables."""
        commands, given = re.subn(rf"^({'|'.join(variables)})=\S+$",
                                  lambda line: f"{line[1]}='{variables[line[1]]}'", block,
                                  flags=re.MULTILINE)
        self.assertEqual(given, len(variables))
        done = subprocess.run(["sh", "-eu", "-c", commands], text=True, capture_output=True,
                              env=environment, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), commands)
        return done.stdout

    def backup(self, data, to):
        """The block of the guide, with these folders in place of its own."""
        self.run_lines(self.block(".backup"), data=data, to=to)

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
        self.eventually(hub.ready, "the hub is not ready")
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

    def test_a_backup_with_postgresql_and_redis_goes_on_where_it_was(self):
        servers, data, to = self.folder / "servers", self.folder / "data", self.folder / "backup"
        servers.mkdir()
        servers.chmod(0o711)
        self.folder.chmod(0o711)
        whole = Full(SOURCE, BIN, servers)
        self.addCleanup(whole.end)
        variables = whole.variables()
        # As who may everything there, who reads no password of a hub.
        postgres = dict(os.environ, PGUSER="postgres", **{
            name: variables[name] for name in ("PGHOST", "PGPORT", "PGPASSWORD")})

        def psql(database, sql):
            return self.run_lines(f"psql -X -Atq -d {database} -c \"{sql}\"", postgres).strip()

        psql("postgres", "CREATE ROLE muster LOGIN PASSWORD 'a-secret'")
        self.run_lines("createdb --owner muster shop", postgres)
        place = f"127.0.0.1:{variables['PGPORT']}"
        database = f"postgresql://muster:a-secret@{place}/shop"
        hub_variables = {"DATABASE_URL": database, "HUB_ID": "hub-shop",
                         "REDIS_URL": f"redis://127.0.0.1:{variables['REDIS_PORT']}"}

        with Hub(self.folder, data, **hub_variables) as hub:
            self.goes_on(hub, 10)
            service = hub.data("/api/services")[0]
            before = hub.data("/api/history/shop?hours=1")
            self.run_lines(self.block("pg_dump"), database=database, data=data, to=to)
            self.goes_on(hub, 10)  # what lies behind the backup is lost with the disk
            hub.end(signal.SIGKILL)
        self.assertFalse((data / "muster.db").exists())
        restore = re.sub(r"^(systemctl|chown) .*\n", "", self.block("pg_restore"),
                         flags=re.MULTILINE).replace("sudo -u postgres ", "")
        self.run_lines(restore.replace("orchestration\n", "shop\n"), postgres, database=database,
                       data=data, to=to)
        self.assertEqual({entry.name for entry in data.iterdir()} - {"checkpoint"}, {"journal"})
        with Hub(self.folder, data, **hub_variables) as hub:
            again = hub.data("/api/services")[0]
            for name in ("id", "createdAt"):
                self.assertEqual(again[name], service[name], name)
            after = self.goes_on(hub, 10)
            self.assertEqual(hub.end(signal.SIGTERM), 0)
        self.assertEqual(after[:len(before)], before)
        self.assertEqual(psql("shop", "SELECT count(*) = count(DISTINCT recorded_at) FROM health_checks"),
                         "t")
        self.restores_redis(variables["REDIS_PORT"], to)

    def restores_redis(self, port, to):
        """The stream of a dump by the guide's line, in another Redis."""
        def ask(socket, *words):
            return subprocess.run(["redis-cli", "-s", str(socket), *words], text=True,
                                  capture_output=True, check=False).stdout.strip()

        def length():
            return int(subprocess.run(["redis-cli", "-p", port, "xlen", "muster:health"], text=True,
                                      check=True, capture_output=True).stdout)

        line, = re.findall(r"`redis-cli (--rdb \S+)`", GUIDE)
        least = length()  # the hub of the composition goes on publishing
        dump = self.folder / "dump.rdb"
        subprocess.run(["redis-cli", "-p", port, *line.replace("/var/backups/muster/redis.rdb",
                                                               str(dump)).split()],
                       check=True, capture_output=True)
        most = length()
        socket = self.folder / "socket"
        redis = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", str(socket), "--dir",
                                  str(self.folder), "--appendonly", "no"], stdout=subprocess.DEVNULL)
        self.addCleanup(redis.wait, PATIENCE)
        self.addCleanup(redis.kill)  # while it writes its first AOF it does not end otherwise
        self.eventually(lambda: ask(socket, "ping") == "PONG", "Redis does not answer")
        self.assertGreater(least, 0)
        self.assertIn(int(ask(socket, "xlen", "muster:health")), range(least, most + 1))
        self.assertTrue(ask(socket, "get", "muster:cursor:hub-shop"))
        self.assertEqual(ask(socket, "config", "set", "appendonly", "yes"), "OK")

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
