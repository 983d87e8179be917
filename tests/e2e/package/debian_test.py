#!/usr/bin/env python3
"""Builds the Debian packages out of what was built, looks into them, and runs the hub from one.

Environment: MUSTER_BUILD_DIR (everything built), MUSTER_CPACK, MUSTER_VERSION.
"""

import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

BUILD = pathlib.Path(os.environ["MUSTER_BUILD_DIR"])
CPACK = os.environ["MUSTER_CPACK"]
VERSION = os.environ["MUSTER_VERSION"]
PATIENCE = 60  # seconds until something is given up: the machine may be busy
EXPOSURE = 2.0  # of 10, by systemd-analyze: 1.4 when the unit was written
# As somebody who may do nothing, where we may become that.
NOBODY = "nobody" if os.geteuid() == 0 else None
UNIT = "lib/systemd/system/muster-hub.service"


def run(*command, **options):
    """What a command that must succeed said."""
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                          check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def field(package, name):
    return run("dpkg-deb", "--field", package, name).strip()


def words_of(field_text):
    """The names in a Depends field, without versions."""
    return {part.split()[0] for part in field_text.split(",")}


class Hub:
    """A hub of the unpacked package as the unit starts it, with a service manager that listens."""

    def __init__(self, root, folder, tracer=()):
        self.folder = folder
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(folder / "notify"))
        self._manager.settimeout(PATIENCE)
        os.chmod(folder / "notify", 0o666)
        configuration = (root / "etc/muster/muster.yaml").read_text()
        (folder / "muster.yaml").write_text(configuration)
        environment = {"PATH": os.environ["PATH"], "MUSTER_DATA_DIR": str(folder / "data"),
                       "NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "3000000"}
        self.process = subprocess.Popen(
            [*tracer, str(root / "usr/bin/muster-hub"), "--config", str(folder / "muster.yaml"),
             "--port", "0"],
            cwd=folder, env=environment, user=NOBODY, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, umask=0o077)

    def hears(self, word):
        """Waits for a notice that holds this word; the notice."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            notice = self._manager.recv(4096).decode()
            if word in notice:
                return notice
        raise AssertionError(f"no notice with {word}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self._manager.close()


class DebianPackages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="muster-debian-")
        cls.folder = pathlib.Path(cls._folder.name)
        os.chmod(cls.folder, 0o755)
        # As cpack makes them for people, only packed faster.
        run(CPACK, "--config", BUILD / "CPackConfig.cmake", "-B", cls.folder,
            "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=cls.folder)
        shutil.rmtree(cls.folder / "_CPack_Packages")
        cls.packages = {field(path, "Package"): path for path in cls.folder.glob("*.deb")}
        cls.root = cls.folder / "root"
        run("dpkg-deb", "--extract", cls.packages["muster"], cls.root)

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def test_there_are_two_packages_of_the_projects_version(self):
        self.assertEqual(set(self.packages), {"muster", "muster-dev"})
        for name, path in self.packages.items():
            self.assertEqual(field(path, "Version"), VERSION)
            self.assertEqual(field(path, "Architecture"),
                             run("dpkg", "--print-architecture").strip())
            self.assertEqual(path.name, f"{name}_{VERSION}_{field(path, 'Architecture')}.deb")

    def test_dependencies_are_those_of_the_programs_and_headers(self):
        needs = words_of(field(self.packages["muster"], "Depends"))
        self.assertLessEqual({"adduser", "libc6", "libssl3", "libsqlite3-0", "libpqxx-6.4",
                              "libhiredis0.14"}, needs)
        self.assertFalse({name for name in needs if name.endswith("-dev")}, needs)
        headers = words_of(field(self.packages["muster-dev"], "Depends"))
        self.assertLessEqual({"libboost1.81-dev", "libexpected-dev", "libpqxx-dev",
                              "libhiredis-dev"}, headers)
        run("dpkg-query", "--show", *headers)  # what is named is what it was built with

    def test_everything_is_where_debian_looks_for_it(self):
        for path in ("usr/bin/muster", "usr/bin/muster-hub", "usr/libexec/muster/demo-chatbot",
                     "usr/share/man/man1/muster.1.gz", "usr/share/man/man8/muster-hub.8.gz",
                     "usr/share/doc/muster/copyright",
                     "usr/share/doc/muster/docs/operations.md",
                     "usr/share/doc/muster/examples/muster.yaml",
                     "usr/share/muster/migrations/sqlite/V001__history.sql",
                     "usr/share/muster/migrations/postgres/V001__history.sql", UNIT):
            self.assertTrue((self.root / path).is_file(), path)
        for path, shell in (("bash-completion/completions/muster", "bash"),
                            ("zsh/vendor-completions/_muster", "zsh"),
                            ("fish/vendor_completions.d/muster.fish", "fish")):
            printed = run(self.root / "usr/bin/muster", "completion", shell)
            self.assertEqual((self.root / "usr/share" / path).read_text(), printed)
        inside = run("dpkg-deb", "--contents", self.packages["muster-dev"])
        for path in ("./usr/include/muster/monitoring/fleet.hpp",
                     "./usr/lib/cmake/muster/musterConfig.cmake", "./usr/lib/libmuster_domain.a"):
            self.assertIn(f" {path}\n", inside)

    def test_programs_carry_no_debug_information(self):
        for name in ("muster", "muster-hub"):
            self.assertNotIn(".debug_info",
                             run("readelf", "--section-headers", self.root / "usr/bin" / name))

    def test_what_an_administrator_edits_is_kept_and_secrets_are_roots(self):
        control = self.folder / "control"
        run("dpkg-deb", "--control", self.packages["muster"], control)
        self.assertEqual((control / "conffiles").read_text().split(),
                         ["/etc/default/muster", "/etc/muster/muster.yaml"])
        for script in ("postinst", "prerm", "postrm"):
            self.assertTrue(os.access(control / script, os.X_OK), script)
            run("sh", "-n", control / script)
        self.assertEqual((self.root / "etc/default/muster").stat().st_mode & 0o777, 0o600)
        run(self.root / "usr/bin/muster", "config", "check",
            "--config", self.root / "etc/muster/muster.yaml")

    def test_lintian_is_content(self):
        """With `muster`; over the library's archives it takes ten minutes and 3 GB."""
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed: ./dev deps package")
        said = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning",
                               str(self.packages["muster"])], text=True, capture_output=True,
                              timeout=300, check=False)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_the_unit_is_right_and_shut_in(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed: ./dev deps package")
        # The program is elsewhere than the unit says, and so is the manual.
        unit = (self.root / UNIT).read_text()
        self.assertIn("ExecStart=/usr/bin/muster-hub ", unit)
        unit = unit.replace("/usr/bin/muster-hub", str(self.root / "usr/bin/muster-hub"))
        unit = re.sub(r"man:\S+ ", "", unit)
        moved = self.folder / "muster-hub.service"
        moved.write_text(unit)
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(moved)], text=True,
                              capture_output=True, check=False)
        ours = [line for line in said.stderr.splitlines() if "muster" in line]
        self.assertEqual((said.returncode, ours), (0, []), said.stderr)
        run("systemd-analyze", "security", "--offline=true",
            f"--threshold={round(EXPOSURE * 10)}", moved)

    def test_the_unit_waits_for_databases_of_this_machine_and_needs_none(self):
        unit = (self.root / UNIT).read_text()
        after = re.search(r"^After=(.*)$", unit, re.MULTILINE)[1].split()
        self.assertLessEqual({"postgresql.service", "redis-server.service"}, set(after))
        for line in re.findall(r"^(?:Wants|Requires|BindsTo)=.*$", unit, re.MULTILINE):
            self.assertNotRegex(line, "postgresql|redis")
        # What it executes is of the package, or of one that every Debian has.
        self.assertEqual(set(re.findall(r"^Exec\w+=(\S+)", unit, re.MULTILINE)),
                         {"/usr/bin/muster-hub", "/bin/sh"})
        variables = (self.root / "etc/default/muster").read_text()
        for name in ("DB_HOST", "DB_PASSWORD", "DB_NAME", "REDIS_URL", "MUSTER_TOKEN"):
            self.assertIn(f"#{name}=", variables)

    def test_the_hub_calls_nothing_that_the_unit_forbids(self):
        for program in ("strace", "systemd-analyze"):
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed: ./dev deps package")
        traced = subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                                capture_output=True)
        if traced.returncode != 0:
            self.skipTest("strace may not trace here")
        allowed = self.syscalls("@system-service") - self.syscalls("@privileged") \
            - self.syscalls("@resources")
        folder = self.scratch("traced")
        trace = folder / "trace"
        # The hub is the direct child, the tracer lies beside it.
        with Hub(self.root, folder, ("strace", "-D", "-f", "-o", str(trace))) as hub:
            port = hub.hears("READY=1").rsplit(":", 1)[1]
            self.answers(port)
            hub.process.send_signal(signal.SIGHUP)
            hub.hears("WATCHDOG=1")
            hub.process.send_signal(signal.SIGTERM)
            self.assertEqual(hub.process.wait(PATIENCE), 0)
            gone = re.compile(rf"^{hub.process.pid} +\+\+\+ exited with 0", re.MULTILINE)
            self.eventually(lambda: gone.search(trace.read_text()))
        called = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE))
        self.assertIn("sendto", called)
        self.assertEqual(called - allowed, set())

    def syscalls(self, name):
        """The calls of one of systemd's sets, those of its sets included."""
        found = set()
        for line in run("systemd-analyze", "syscall-filter", name).splitlines()[1:]:
            word = line.strip()
            if word.startswith("@"):
                found |= self.syscalls(word)
            elif word and not word.startswith("#"):
                found.add(word)
        return found

    def eventually(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, "it did not come")
            select.select([], [], [], 0.02)

    def scratch(self, name):
        folder = self.folder / name
        folder.mkdir()
        os.chmod(folder, 0o777)
        return folder

    def answers(self, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=PATIENCE) as answer:
            self.assertEqual(answer.read(), b'{"ready":true}')

    def test_the_hub_of_the_package_runs_as_the_unit_runs_it(self):
        folder = self.scratch("run")
        with Hub(self.root, folder) as hub:
            ready = hub.hears("READY=1")
            self.assertRegex(ready, r"^READY=1\nSTATUS=listening on 127\.0\.0\.1:\d+$")
            self.answers(ready.rsplit(":", 1)[1])
            self.assertEqual(hub.hears("WATCHDOG"), "WATCHDOG=1")
            health = subprocess.run(
                [self.root / "usr/bin/muster", "check",
                 f"http://127.0.0.1:{ready.rsplit(':', 1)[1]}/ready"],
                cwd=folder, text=True, capture_output=True, check=False)
            self.assertEqual(health.returncode, 0, health.stdout + health.stderr)
            hub.process.send_signal(signal.SIGTERM)
            self.assertEqual(hub.hears("STOPPING"), "STOPPING=1\nSTATUS=stopping")
            self.assertEqual(hub.process.wait(PATIENCE), 0)
        self.assertTrue((folder / "data/muster.db").exists())

    def test_a_wrong_configuration_ends_it_with_the_code_that_is_not_restarted(self):
        unit = (self.root / UNIT).read_text()
        code = int(re.search(r"^RestartPreventExitStatus=(\d+)$", unit, re.MULTILINE)[1])
        wrong = self.folder / "wrong.yaml"
        wrong.write_text("hubb: {}\n")
        done = subprocess.run([self.root / "usr/bin/muster-hub", "--config", wrong],
                              cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, code)

    def test_the_demo_finds_its_projects(self):
        folder = self.scratch("demo")
        up = subprocess.Popen(
            [self.root / "usr/bin/muster", "up", "--demo", "--port", "0", "--demo-port-base", "0"],
            cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            said = [up.stdout.readline() for _ in range(4)]
            self.assertIn("demo: email-blast on ", said[0])
            self.assertIn("muster: listening on ", said[3])
        finally:
            up.send_signal(signal.SIGTERM)
            self.assertEqual(up.wait(PATIENCE), 0)
            up.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
