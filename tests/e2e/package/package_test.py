#!/usr/bin/env python3
"""Installs what was built, moves it, and builds and runs the examples against nothing else.

Environment: MUSTER_SOURCE_DIR, MUSTER_BUILD_DIR (everything built), MUSTER_CXX, MUSTER_CMAKE.
"""

import http.server
import os
import pathlib
import queue
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["MUSTER_BUILD_DIR"])
CXX = os.environ["MUSTER_CXX"]
CMAKE = os.environ["MUSTER_CMAKE"]
PATIENCE = 120  # seconds until a line is given up: the machine may be busy

# Nobody else listens here, so that a port which was given up is still free a moment later.
HOST = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.7"


def run(*command, **options):
    """The output of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                          check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}: {done.returncode}\n"
                             f"{done.stdout}\n{done.stderr}")
    return done.stdout


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Upstream:
    """An HTTP server of this host; its port stays its own while it is down."""

    def __init__(self):
        self.port = 0
        self.up()

    def up(self):
        self._server = http.server.ThreadingHTTPServer((HOST, self.port), Answer)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self):
        return f"http://{HOST}:{self.port}/health"


class Program:
    """A program under way: its lines as they come."""

    def __init__(self, *command):
        self._process = subprocess.Popen([str(word) for word in command], text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._lines = queue.Queue()
        self._seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def expect(self, pattern):
        """Waits for the next line; it must match."""
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"no line like {pattern!r} in {PATIENCE} s after {self._seen}")
        self._seen.append(line)
        if line is None or not re.fullmatch(pattern, line):
            raise AssertionError(f"not like {pattern!r}: {self._seen}")

    def end(self, number=signal.SIGTERM):
        """Asks it to end; the lines it still said, and its exit code."""
        self._process.send_signal(number)
        code = self._process.wait(PATIENCE)
        rest = []
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            rest.append(line)
        return rest, code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="muster-package-")
        folder = pathlib.Path(cls._folder.name)
        run(CMAKE, "--install", BUILD, "--prefix", folder / "first")
        (folder / "first").rename(folder / "moved")  # the package must not know where it lies
        cls.folder = folder
        cls.prefix = folder / "moved"

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def configure(self, source, build):
        return subprocess.run(
            [CMAKE, "-S", str(source), "-B", str(build), "-G", "Ninja",
             f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_PREFIX_PATH={self.prefix}"],
            text=True, capture_output=True, check=False)

    def built(self, example):
        build = self.folder / f"build-{example}"
        configured = self.configure(SOURCE / "examples" / example, build)
        self.assertEqual(configured.returncode, 0, configured.stderr)
        run(CMAKE, "--build", build)
        return build / example

    def project(self, name, lines):
        source = self.folder / name
        source.mkdir()
        (source / "CMakeLists.txt").write_text(
            f"cmake_minimum_required(VERSION 3.25)\nproject({name} LANGUAGES CXX)\n{lines}\n")
        return self.configure(source, self.folder / f"build-{name}")

    def test_headers_are_whole_and_none_is_private(self):
        include = self.prefix / "include"
        headers = {str(path.relative_to(include)) for path in include.rglob("*.hpp")}
        self.assertIn("muster/monitoring/fleet.hpp", headers)
        self.assertIn("muster/prober_set/built_in_probers.hpp", headers)
        self.assertNotIn("muster/recording/compact.hpp", headers)
        self.assertNotIn("muster/testing/child_process.hpp", headers)
        for header in headers:
            for named in re.findall(r"#include <(muster/[^>]+)>", (include / header).read_text()):
                self.assertIn(named, headers, f"included by {header}")

    def test_programs_are_installed(self):
        said = run(self.prefix / "bin" / "muster", "--version")
        self.assertRegex(said, r"\d+\.\d+\.\d+")
        self.assertTrue((self.prefix / "bin" / "muster-hub").exists())
        self.assertTrue((self.prefix / "share/doc/muster/docs/embedding.md").exists())
        self.assertTrue((self.prefix / "share/muster/migrations/sqlite").is_dir())

    def test_nothing_in_the_package_names_where_it_was_built(self):
        for path in (self.prefix / "lib").rglob("*"):
            if path.suffix in (".cmake", ".pc"):
                text = path.read_text()
                self.assertNotIn(str(SOURCE), text, path)
                self.assertNotIn(str(self.folder), text, path)

    def test_unknown_component_is_refused_by_name(self):
        said = self.project("wrong", "find_package(muster CONFIG REQUIRED COMPONENTS monitring)")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("no component 'monitring'", " ".join(said.stderr.split()))

    def test_another_major_version_is_refused(self):
        said = self.project("newer", "find_package(muster 99 CONFIG REQUIRED)")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("99", said.stderr)

    def test_every_component_can_be_linked(self):
        said = self.project("every", """
            find_package(muster CONFIG REQUIRED)
            file(WRITE "${CMAKE_BINARY_DIR}/main.cpp" "int main() {}\\n")
            add_executable(every "${CMAKE_BINARY_DIR}/main.cpp")
            list(TRANSFORM muster_COMPONENTS PREPEND muster::)
            target_link_libraries(every PRIVATE ${muster_COMPONENTS})""")
        self.assertEqual(said.returncode, 0, said.stderr)
        run(CMAKE, "--build", self.folder / "build-every")

    def watch(self, program):
        """Up, down with its reason, up again, and an orderly end."""
        upstream = Upstream()
        self.addCleanup(lambda: upstream.down())
        with Program(program, "500ms", f"billing={upstream.url}") as watching:
            watching.expect(STAMP + "billing: up")
            upstream.down()
            watching.expect(STAMP + "billing: down after 2 failed checks: connection refused")
            upstream.up()
            watching.expect(STAMP + "billing: up again")
            self.assertEqual(watching.end(), (["billing is up"], 0))

    def test_embed_by_cmake(self):
        program = self.built("embed")
        self.watch(program)
        refused = subprocess.run([program, "1s", "nothing"], text=True, capture_output=True,
                                 check=False)
        self.assertEqual((refused.returncode, refused.stderr),
                         (3, "embed: 'nothing' is no NAME=URL\n"))

    def test_embed_by_pkg_config(self):
        environment = dict(os.environ, PKG_CONFIG_PATH=str(self.prefix / "lib" / "pkgconfig"))
        run("pkg-config", "--exists", "--print-errors", "muster", env=environment)
        flags = run("pkg-config", "--cflags", "--libs", "muster-monitoring", "muster-prober_set",
                    env=environment)
        program = self.folder / "embed-by-hand"
        run(CXX, "-std=c++20", SOURCE / "examples/embed/main.cpp", "-o", program,
            *shlex.split(flags))
        self.watch(program)

    def test_bus_consumer(self):
        """Both examples read the same entries, each once, and go on where they stood."""
        program = self.built("bus-consumer")
        follow = SOURCE / "examples" / "bus-consumer" / "follow.sh"
        socket = self.folder / "redis.sock"
        redis = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "",
             "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        self.addCleanup(lambda: (redis.kill(), redis.wait()))
        deadline = time.monotonic() + PATIENCE
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        # redis-cli takes no unix URL: it is told the socket as if it were its own default.
        by_hand = self.folder / "redis-cli"
        by_hand.write_text(f'#!/bin/sh\nshift 2\nexec "{shutil.which("redis-cli")}" -s "{socket}" "$@"\n',
                           encoding="utf-8")
        by_hand.chmod(0o755)
        environment = dict(os.environ, PATH=f"{self.folder}:{os.environ['PATH']}")
        url = f"unix://{socket}"

        def add(number):
            run("redis-cli", "-s", socket, "XADD", "muster:health", f"{number}-0", "batch",
                f'{{"lastSeq":{number}}}')

        def read(command):
            return run(*command, url, "--once", env=environment).splitlines()

        add(1)
        add(2)
        for command in ([program], [follow]):
            self.assertEqual(read(command), ['1-0 {"lastSeq":1}', '2-0 {"lastSeq":2}'])
        add(3)
        for command in ([program], [follow]):
            self.assertEqual(read(command), ['3-0 {"lastSeq":3}'])
            self.assertEqual(read(command), [])
        for group in ("bus-consumer", "follow.sh"):
            run("redis-cli", "-s", socket, "XGROUP", "DESTROY", "muster:health", group)
        add(4)
        for command in ([program], [follow]):
            self.assertEqual(read(command), ['4-0 {"lastSeq":4}'], "not from the start again")
        redis.kill()
        redis.wait()
        gone = subprocess.run([program, url, "--once"], text=True, capture_output=True, check=False)
        self.assertEqual(gone.returncode, 1)
        self.assertIn(f"no connection to unix://{socket}", gone.stderr)
        wrong = subprocess.run([program, "redis://:hunter2@h:x"], text=True, capture_output=True,
                               check=False)
        self.assertEqual(wrong.returncode, 3)
        self.assertNotIn("hunter2", wrong.stderr)
        told = subprocess.run([follow, "redis://:hunter2@h"], text=True, capture_output=True,
                              check=False)
        self.assertEqual(told.returncode, 3)
        self.assertIn("REDISCLI_AUTH", told.stderr)

    def test_custom_probe(self):
        program = self.built("custom-probe")
        upstream = Upstream()
        self.addCleanup(lambda: upstream.down())
        backup = self.folder / "backup.tar"
        backup.touch()
        name = re.escape(str(backup)) + r" \(file-age\): "
        with Program(program, "500ms", "1h", backup) as watching:
            watching.expect(STAMP + name + "up")
            old = time.time() - 7200
            os.utime(backup, (old, old))
            watching.expect(STAMP + name +
                            r"down after 1 failed check: written \d+[smh] ago, more than 1h")
            backup.touch()
            watching.expect(STAMP + name + "up again")
            backup.unlink()
            watching.expect(STAMP + name + "down after 1 failed check: No such file or directory")
            self.assertEqual(watching.end(signal.SIGINT), ([], 0))
        with Program(program, "500ms", "1h", upstream.url) as watching:
            watching.expect(STAMP + re.escape(upstream.url) + r" \(http\): up")
            self.assertEqual(watching.end(), ([], 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
