#!/usr/bin/env python3
"""Brings compose.yaml up, as it is, on a Docker Engine of its own, and uses it.

No image can be pulled here: the one that the Dockerfile starts from is a Debian of debootstrap, and
Debian's PostgreSQL and Redis bear the names of those that compose.yaml asks for. The hub's is built
from the Dockerfile out of the package of this build.

Environment: MUSTER_SOURCE_DIR, MUSTER_BUILD_DIR (everything built), MUSTER_CPACK.
"""

import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import docker_engine
from docker_engine import run

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["MUSTER_BUILD_DIR"])
CPACK = os.environ["MUSTER_CPACK"]
PATIENCE = 180  # seconds until something is given up: the machine may be busy
TOKEN = "token-of-a-test"
# The ports are those of compose.yaml, but nobody else listens at this address.
ADDRESS = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.9"


class Composition(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = docker_engine.why_not()
        if reason:
            raise unittest.SkipTest(f"nothing was composed: {reason}")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-compose-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.engine = docker_engine.DockerEngine()
        cls.addClassCleanup(cls.engine.stop)
        try:
            cls.engine.start()
            cls.make_images()
        except docker_engine.CannotRun as reason:
            raise unittest.SkipTest(f"nothing was composed: {reason}")
        cls.addClassCleanup(cls.compose, "down", "--volumes", "--timeout", "20")
        cls.compose("up", "--detach", "--no-build")

    @classmethod
    def make_images(cls):
        cls.engine.import_debian("debian:bookworm-slim")
        packed = cls.folder / "build/debian"
        run(CPACK, "--config", BUILD / "CPackConfig.cmake", "-B", packed,
            "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip",
            "-D", "CPACK_COMPONENTS_ALL=programs;guides;service", cwd=cls.folder)
        shutil.rmtree(packed / "_CPack_Packages")
        for name in ("Dockerfile", ".dockerignore"):
            shutil.copy(SOURCE / name, cls.folder)
        cls.engine.build(cls.folder, "--target", "packaged", "--tag", "muster:latest")
        asked = re.findall(r"^    image: (\S+)$", (SOURCE / "compose.yaml").read_text(),
                           re.MULTILINE)
        cls.engine.build(SOURCE / "tests/e2e/compose/engines",
                         *(word for name in asked for word in ("--tag", name)))

    @classmethod
    def compose(cls, *words):
        environment = dict(cls.engine.environment, MUSTER_TOKEN=TOKEN, DB_PASSWORD="a secret",
                           MUSTER_BIND=ADDRESS)
        return run("docker-compose", "--file", SOURCE / "compose.yaml", "--project-name", "muster",
                   "--project-directory", cls.folder, *words, env=environment, cwd=cls.folder)

    @classmethod
    def inspect(cls, service, what):
        container = cls.compose("ps", "--quiet", service).strip()
        return run(*cls.engine.docker, "inspect", "--format", "{{" + what + "}}", container).strip()

    @classmethod
    def inside(cls, service, *command):
        """Exit code and output of a command in a service's container."""
        container = cls.compose("ps", "--quiet", service).strip()
        done = subprocess.run([*cls.engine.docker, "exec", container, *command], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def ask(self, path, port=3001, data=None, token=None):
        """Status and body of a call to the hub; 0 where nothing answers."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"http://{ADDRESS}:{port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)
        except OSError:
            return 0, None

    def eventually(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{what}\n{self.compose('ps')}\n"
                                     f"{self.compose('logs', '--tail', '20')}")
            select.select([], [], [], 0.25)

    def shows(self, project, status):
        def holds():
            code, body = self.ask("/api/projects/status")
            return code == 200 and body["data"].get(project, {}).get("status") == status
        self.eventually(holds, f"{project} never was {status}")

    def test_every_service_comes_up_and_is_well(self):
        for service in ("timescaledb", "redis", "hub"):
            self.eventually(lambda s=service: self.inspect(s, ".State.Health.Status") == "healthy",
                            f"{service} is not healthy")
        for project in ("email-blast", "chatbot", "social-media"):
            self.shows(project, "healthy")
        self.assertEqual(self.ask("/ready"), (200, {"ready": True}))
        self.assertEqual(self.ask("/ready", port=3000)[0], 200)
        for port in (3010, 3011, 3012):
            self.assertEqual(self.ask("/health", port)[0], 200, port)

    def test_the_database_is_there_for_a_person(self):
        code, said = self.inside("timescaledb", "psql", "-U", "postgres", "-d", "orchestration",
                                 "-Atc", "SELECT 1")
        self.assertEqual((code, said.strip()), (0, "1"))

    def test_the_hubs_container_may_nothing(self):
        self.eventually(lambda: self.ask("/ready")[0] == 200, "the hub is not ready")
        self.assertEqual(self.inside("hub", "id", "-un"), (0, "muster\n"))
        for place in ("/etc/muster/x", "/usr/bin/x", "/x"):
            self.assertNotEqual(self.inside("hub", "touch", place)[0], 0, place)
        code, said = self.inside("hub", "cat", "/proc/1/status")
        self.assertEqual(code, 0)
        for line in (f"CapEff:\t{0:016x}\n", f"CapBnd:\t{0:016x}\n", "NoNewPrivs:\t1\n"):
            self.assertIn(line, said)

    def test_changes_need_the_token(self):
        self.eventually(lambda: self.ask("/ready")[0] == 200, "the hub is not ready")
        window = json.dumps({"match": {"projects": ["social-media"]}, "until":
                             "2099-01-01T00:00:00Z", "why": "a test"}).encode()
        self.assertIn(self.ask("/api/maintenance", data=window)[0], (401, 403))
        self.assertEqual(self.ask("/api/maintenance", data=window, token=TOKEN)[0], 201)

    def test_what_happened_outlives_the_hubs_container(self):
        self.shows("chatbot", "healthy")
        self.compose("stop", "--timeout", "10", "chatbot")
        self.shows("chatbot", "down")
        before = self.inspect("hub", ".Id")
        self.compose("up", "--detach", "--no-build", "--no-deps", "--force-recreate", "hub")
        self.assertNotEqual(self.inspect("hub", ".Id"), before)
        self.shows("chatbot", "down")
        code, body = self.ask("/api/events?project=chatbot&type=status_changed")
        self.assertEqual(code, 200)
        self.assertGreaterEqual(body["total"], 2, body)  # healthy before, down after
        self.compose("start", "chatbot")
        self.shows("chatbot", "healthy")

    def test_the_package_leaves_nothing_when_it_is_purged(self):
        done = run(*self.engine.docker, "run", "--rm", "--network", "none", "--user", "0",
                   "muster:latest", "sh", "-c",
                   "cd / && test -d /var/lib/muster && dpkg --purge muster 2>&1 && "
                   "for path in /var/lib/muster /etc/muster /etc/default/muster /usr/bin/muster; do "
                   "test ! -e $path || echo left: $path; done; getent passwd muster")
        self.assertNotIn("left:", done)
        self.assertIn("muster:x:990:", done)


if __name__ == "__main__":
    unittest.main(verbosity=2)
