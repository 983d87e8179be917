#!/usr/bin/env python3
"""Brings compose.yaml up, as it is, on a Docker Engine of its own, and uses it: its database and bus
have what the hub learned, and the walk of docs/acceptance.md shows what it must. And boots a machine
with the package, whose systemd runs the service.

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
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import docker_engine
from docker_engine import run

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tests/e2e/acceptance"))
from walk import Walk, sections  # noqa: E402
BUILD = pathlib.Path(os.environ["MUSTER_BUILD_DIR"])
CPACK = os.environ["MUSTER_CPACK"]
PATIENCE = 180  # seconds until something is given up: the machine may be busy
TOKEN = "token-of-a-test"
# The ports are those of compose.yaml, but nobody else listens at this address.
ADDRESS = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.9"


FOLDER = None  # of the composition: the context of its builds
ENGINE = None


def setUpModule():
    global ENGINE, FOLDER
    reason = docker_engine.why_not()
    if reason:
        raise unittest.SkipTest(f"nothing was composed: {reason}")
    FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="muster-compose-"))
    unittest.addModuleCleanup(shutil.rmtree, FOLDER)
    ENGINE = docker_engine.DockerEngine()
    unittest.addModuleCleanup(ENGINE.stop)
    try:
        ENGINE.start()
        ENGINE.import_debian("debian:bookworm-slim")
    except docker_engine.CannotRun as reason:
        raise unittest.SkipTest(f"nothing was composed: {reason}")
    make_package()
    for name in ("Dockerfile", ".dockerignore"):
        shutil.copy(SOURCE / name, FOLDER)
    ENGINE.build(FOLDER, "--target", "packaged", "--tag", "muster:latest")


def make_package():
    """The package `muster` alone, where the Dockerfile looks for it."""
    packed = FOLDER / "build/debian"
    run(CPACK, "--config", BUILD / "CPackConfig.cmake", "-B", packed,
        "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip",
        "-D", "CPACK_COMPONENTS_ALL=programs;guides;service", cwd=FOLDER)
    shutil.rmtree(packed / "_CPack_Packages")


def eventually(holds, otherwise):
    """Waits until it holds; `otherwise` tells what it looks like when it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(otherwise())
        select.select([], [], [], 0.25)


class Composition(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        asked = re.findall(r"^    image: (\S+)$", (SOURCE / "compose.yaml").read_text(),
                           re.MULTILINE)
        ENGINE.build(SOURCE / "tests/e2e/compose/engines",
                     *(word for name in asked for word in ("--tag", name)))
        cls.addClassCleanup(cls.compose, "down", "--volumes", "--timeout", "20")
        cls.compose("up", "--detach", "--no-build")

    @classmethod
    def environment(cls):
        return dict(ENGINE.environment, MUSTER_TOKEN=TOKEN, DB_PASSWORD="a secret",
                    REDIS_PASSWORD="another secret", MUSTER_BIND=ADDRESS)

    @classmethod
    def composer(cls):
        """The words before a command of docker-compose."""
        return ["docker-compose", "--file", str(SOURCE / "compose.yaml"), "--project-name", "muster",
                "--project-directory", str(FOLDER)]

    @classmethod
    def compose(cls, *words):
        return run(*cls.composer(), *words, env=cls.environment(), cwd=FOLDER)

    @classmethod
    def inspect(cls, service, what):
        container = cls.compose("ps", "--quiet", service).strip()
        return run(*ENGINE.docker, "inspect", "--format", "{{" + what + "}}", container).strip()

    @classmethod
    def inside(cls, service, *command):
        """Exit code and output of a command in a service's container."""
        container = cls.compose("ps", "--quiet", service).strip()
        done = subprocess.run([*ENGINE.docker, "exec", container, *command], text=True,
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
        eventually(holds, lambda: f"{what}\n{self.explain()}")

    def explain(self):
        return f"{self.compose('ps')}\n{self.compose('logs', '--tail', '20')}"

    def query(self, sql):
        code, said = self.inside("timescaledb", "psql", "-U", "postgres", "-d", "orchestration",
                                 "-Atc", sql)
        self.assertEqual(code, 0, said)
        return said.strip()

    def redis(self, *words):
        code, said = self.inside("redis", "redis-cli", "--no-auth-warning", "-a", "another secret",
                                 *words)
        self.assertEqual(code, 0, said)
        return said.strip()

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

    def test_the_hub_stores_in_the_database_and_publishes_on_the_bus(self):
        self.shows("email-blast", "healthy")
        self.eventually(lambda: self.query("SELECT count(*) FROM health_checks WHERE project_name ="
                                           " 'email-blast' AND status = 'up'") != "0",
                        "the database has no check")
        self.assertEqual(self.query("SELECT name FROM projects ORDER BY 1").split(),
                         ["chatbot", "email-blast", "social-media"])
        self.assertEqual(self.query("SELECT count(*) FROM dead_records"), "0")
        self.eventually(lambda: int(self.redis("xlen", "muster:health")) > 0, "the stream is empty")
        self.assertIn('"hubId":"hub-main"', self.redis("xrange", "muster:health", "-", "+",
                                                       "count", "1"))
        code, body = self.ask("/api/system/health")
        self.assertEqual((code, body["data"]["database"], body["data"]["bus"]), (200, "up", "up"))
        said = self.compose("logs", "hub")
        self.assertIn("the history is PostgreSQL (postgresql://timescaledb:5432/orchestration)", said)
        self.assertIn("the bus is redis://redis:6379", said)
        self.assertNotIn("secret", said)
        self.assertIn("NOAUTH", self.inside("redis", "redis-cli", "xlen", "muster:health")[1])

    def test_it_goes_on_without_its_database_and_bus_and_catches_up(self):
        """In both nothing is doubled, and nothing lost of what the hub saw meanwhile."""
        self.shows("email-blast", "healthy")
        self.eventually(lambda: self.ask("/ready")[0] == 200, "the hub is not ready")
        self.compose("stop", "--timeout", "20", "timescaledb", "redis")
        self.eventually(lambda: self.ask("/ready")[0] == 503, "the hub says that it can work")
        code, body = self.ask("/api/system/health")
        self.assertEqual((code, body["data"]["database"], body["data"]["bus"]), (200, "down", "down"))
        self.compose("start", "timescaledb", "redis")
        self.eventually(lambda: self.ask("/ready")[0] == 200, "the hub is not ready again")
        self.eventually(lambda: self.ask("/api/system/health")[1]["data"]["bus"] == "up",
                        "the bus is not up again")
        self.eventually(lambda: self.query("SELECT count(*) FROM system_health WHERE"
                                           " database_status = 'down'") != "0", "no row tells of it")
        self.assertEqual(self.query("SELECT count(*) = count(DISTINCT (project_name, service_name,"
                                    " recorded_at)) FROM health_checks"), "t")
        batches = [json.loads(line) for line in
                   self.redis("xrange", "muster:health", "-", "+").splitlines()
                   if line.startswith("{")]
        for before, after in zip(batches, batches[1:]):
            self.assertEqual(after["firstSeq"], before["lastSeq"] + 1)

    def test_the_walk_of_the_guide_shows_what_it_must(self):
        """By its own lines; the ports are at an address of ours."""
        guide = (SOURCE / "docs/acceptance.md").read_text()
        up, prelude = sections(guide)["Start it by compose"]
        self.assertIn("docker compose up", up)
        self.assertIn("http://127.0.0.1:3001", prelude)
        words = " ".join(shlex.quote(word) for word in self.composer())
        prelude = f'docker() {{ shift; {words} "$@"; }}\n' + prelude.replace("127.0.0.1", ADDRESS)
        Walk(self, guide, prelude, self.environment(), self.explain).all_of_it()

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


class Service(unittest.TestCase):
    """A machine of its own, booted by systemd, with the package installed."""

    @classmethod
    def setUpClass(cls):
        ENGINE.build(SOURCE / "tests/e2e/compose/machine", "--tag", "machine")
        # No more than systemd needs to shut services in; no network but its loopback.
        cls.machine = run(*ENGINE.docker, "run", "--detach", "--network", "none",
                          "--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN",
                          "--security-opt", "seccomp=unconfined",
                          "--security-opt", "apparmor=unconfined",
                          "--security-opt", "systempaths=unconfined",
                          "--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup",
                          "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp",
                          "machine").strip()
        cls.addClassCleanup(run, *ENGINE.docker, "rm", "--force", cls.machine)
        state = cls.wait_for_boot()
        if state not in ("running", "degraded"):
            raise unittest.SkipTest(f"no machine was booted: systemd does not run in a container "
                                    f"here ({state})")

    @classmethod
    def wait_for_boot(cls):
        end = time.monotonic() + PATIENCE
        while True:
            state = cls.inside("systemctl is-system-running")[1].strip()
            if state in ("running", "degraded") or "is not running" in state \
                    or time.monotonic() > end:
                return state
            select.select([], [], [], 0.25)

    @classmethod
    def inside(cls, commands):
        """Exit code and output of a shell in the machine."""
        # Not in the image's working directory: the package may be gone, and that with it.
        done = subprocess.run([*ENGINE.docker, "exec", "--workdir", "/", cls.machine, "sh", "-c",
                               commands], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def must(self, commands):
        code, said = self.inside(commands)
        self.assertEqual(code, 0, f"{commands}\n{said}\n{self.journal()}")
        return said

    def journal(self):
        return self.inside("systemctl status --no-pager muster-hub;"
                           "journalctl --no-pager -n 30 -u muster-hub")[1]

    def show(self, name):
        return self.must(f"systemctl show --property {name} --value muster-hub").strip()

    def configure(self, text):
        run(*ENGINE.docker, "exec", "--interactive", self.machine, "sh", "-c",
            "cat >/etc/muster/muster.yaml", input=text)

    def setUp(self):
        self.configure("hub: { listen: '127.0.0.1:3001' }\n")
        self.must("systemctl reset-failed; systemctl start muster-hub")

    def is_back(self, before):
        """Waits until another process is the hub, and is ready."""
        eventually(lambda: self.show("ActiveState") == "active"
                   and self.show("MainPID") not in ("0", before), self.journal)
        self.must("muster check http://127.0.0.1:3001/ready")

    def test_it_is_ready_when_it_says_so_and_shut_in(self):
        self.must("systemctl restart muster-hub && muster check http://127.0.0.1:3001/ready")
        self.assertEqual(self.show("StatusText"), "listening on 127.0.0.1:3001")
        status = self.must(f"cat /proc/{self.show('MainPID')}/status")
        for line in (f"CapEff:\t{0:016x}\n", f"CapBnd:\t{0:016x}\n", "NoNewPrivs:\t1\n",
                     "Seccomp:\t2\n", "Uid:\t990\t990\t990\t990\n"):
            self.assertIn(line, status)
        self.assertEqual(self.must("stat -c '%U %a' /var/lib/muster"), "muster 700\n")
        self.assertEqual(self.must("systemctl is-enabled muster-hub"), "enabled\n")

    def test_reload_reads_the_configuration_again(self):
        before = self.show("MainPID")
        self.configure("hub: { listen: '127.0.0.1:3001' }\n"
                       "projects: [{ name: self, url: 'http://127.0.0.1:3001', metrics: off }]\n")
        self.must("systemctl reload muster-hub")
        eventually(lambda: self.inside("muster status self")[0] == 0, self.journal)
        self.assertEqual(self.show("MainPID"), before)

    def test_one_that_was_killed_comes_back(self):
        before = self.show("MainPID")
        self.must(f"kill -KILL {before}")
        self.is_back(before)

    def test_one_that_hangs_is_replaced(self):
        folder = "/run/systemd/system/muster-hub.service.d"
        self.addCleanup(self.must, f"rm -r {folder} && systemctl daemon-reload")
        self.must(f"mkdir {folder} && echo '[Service]' >{folder}/quick.conf"
                  f" && echo WatchdogSec=2s >>{folder}/quick.conf"
                  " && systemctl daemon-reload && systemctl restart muster-hub")
        before = self.show("MainPID")
        self.must(f"kill -STOP {before}")
        self.is_back(before)

    def test_a_wrong_configuration_is_not_tried_again(self):
        self.configure("hubb: {}\n")
        self.assertNotEqual(self.inside("systemctl restart muster-hub")[0], 0)
        self.assertEqual((self.show("ActiveState"), self.show("ExecMainStatus")), ("failed", "3"))
        self.assertIn("hubb", self.must("journalctl --no-pager -u muster-hub"))

    def test_it_stops_in_order(self):
        self.must("systemctl stop muster-hub")
        self.assertEqual((self.show("Result"), self.show("ExecMainStatus")), ("success", "0"))

    def test_an_upgrade_keeps_the_configuration_and_restarts_it(self):
        before = self.show("MainPID")
        package, = (FOLDER / "build/debian").glob("muster_*.deb")
        run(*ENGINE.docker, "cp", package, f"{self.machine}:/root/muster.deb")
        self.must("dpkg --install /root/muster.deb")
        self.is_back(before)
        self.assertEqual(self.must("cat /etc/muster/muster.yaml"),
                         "hub: { listen: '127.0.0.1:3001' }\n")

    def test_zz_a_purge_leaves_nothing_but_the_user(self):
        """The last one: it is gone afterwards."""
        self.must("dpkg --purge muster")
        self.assertNotEqual(self.inside("systemctl is-active muster-hub")[0], 0)
        left = self.must("ls -d /var/lib/muster /etc/muster /etc/default/muster /usr/bin/muster "
                         "/usr/libexec/muster 2>/dev/null || true")
        self.assertEqual(left, "")
        self.assertIn("muster:x:990:", self.must("getent passwd muster"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
