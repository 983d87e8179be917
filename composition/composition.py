"""The services of compose.yaml as processes of this machine, in a temporary folder."""

import os
import pathlib
import random
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from part import Failed, Part
from programs import DEMOS

ADDRESS = "127.0.0.1"
USER, DATABASE = "postgres", "orchestration"
# Below the ephemeral ones: no outgoing connection takes the port of a part that is away.
PORTS = range(21_000, 30_000)
START_PATIENCE = 60  # seconds, of each step: the machine may be busy
END_PATIENCE = 15    # seconds; a hub's own is 10
# initdb and postgres refuse to be root.
NOBODY = ("nobody", "nogroup") if os.geteuid() == 0 else None


def free_port():
    """Nobody listens at it; somebody may before we do, so that choices of two runs should differ."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind((ADDRESS, port))
                return port
            except OSError:
                continue
    raise Failed(f"no port of {PORTS.start} to {PORTS.stop - 1} is free at {ADDRESS}")


def answers_ping(port):
    try:
        with socket.create_connection((ADDRESS, port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def answer_of(url):
    """Status and text; 0 where nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode(errors="replace")
    except OSError:
        return 0, "no answer"


class Composition:
    """Nothing runs before start(). Whatever start() raised, end() must be called."""

    def __init__(self, servers, ours, interruption, hub_port=None):
        """`servers`, `ours`: paths of programs by their names. `hub_port`: else a free one."""
        self._servers, self._ours, self._interruption = servers, ours, interruption
        self.parts = {}
        self.postgres_port, self.redis_port = free_port(), free_port()
        self.demo_ports = {demo: free_port() for demo in DEMOS}
        self.hub_port = hub_port or free_port()
        self._password = secrets.token_hex(16)
        self._token = os.environ.get("MUSTER_TOKEN") or secrets.token_hex(16)
        self._plain = {name: os.environ[name] for name in ("PATH", "HOME", "TZ", "TMPDIR")
                       if name in os.environ} | {"LC_ALL": "C.UTF-8"}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-full-"))
        os.chmod(self.folder, 0o711)  # the database's account passes through

    @property
    def hub_url(self):
        return f"http://{ADDRESS}:{self.hub_port}"

    def hub_variables(self):
        """Those that compose.yaml gives the service `hub`."""
        return {
            "PROJECTS": ",".join(f"{demo}:http://{ADDRESS}:{port}"
                                 for demo, port in self.demo_ports.items()),
            "PORT": str(self.hub_port),
            "HUB_ID": os.environ.get("HUB_ID") or "hub-main",
            "MUSTER_TOKEN": self._token,
            "MUSTER_DATA_DIR": str(self.folder / "muster-data"),
            "DB_HOST": ADDRESS,
            "DB_PORT": str(self.postgres_port),
            "DB_USER": USER,
            "DB_PASSWORD": self._password,
            "DB_NAME": DATABASE,
            "DB_POOL_MIN": os.environ.get("DB_POOL_MIN") or "2",
            "DB_POOL_MAX": os.environ.get("DB_POOL_MAX") or "20",
            "REDIS_HOST": ADDRESS,
            "REDIS_PORT": str(self.redis_port),
            "REDIS_PASSWORD": "",  # ours wants none
            "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "info",
            "LOG_FORMAT": os.environ.get("LOG_FORMAT") or "text",
            "NODE_ENV": os.environ.get("NODE_ENV") or "production",
        }

    def shell_variables(self):
        """With them psql finds the database, `muster` the hub, and a person the processes."""
        variables = {
            "MUSTER_URL": self.hub_url,
            "MUSTER_TOKEN": self._token,
            "MUSTER_BIN": str(self._ours["muster-hub"].parent),
            "PGHOST": ADDRESS,
            "PGPORT": str(self.postgres_port),
            "PGPASSWORD": self._password,
            "REDIS_PORT": str(self.redis_port),
        }
        for name, part in self.parts.items():
            variables[f"{name.replace('-', '_').upper()}_PID"] = str(part.pid)
        for demo, port in self.demo_ports.items():
            variables[f"{demo.replace('-', '_').upper()}_PORT"] = str(port)
        return variables

    def start(self):
        """Until the hub can work. Raises Failed, or Interrupted."""
        for demo, port in self.demo_ports.items():
            self._add(demo, [self._ours[f"demo-{demo}"], "--host", ADDRESS, "--port", port])
        self._start_redis()
        self._start_postgres()
        for demo, port in self.demo_ports.items():
            self._until(demo, lambda p=port: answer_of(f"http://{ADDRESS}:{p}/health")[0] == 200)
        self._add("hub", [self._ours["muster-hub"]], environment=self._plain | self.hub_variables())
        self._until("hub", self._is_ready)
        file = self.folder / "environment"
        file.touch(0o600)
        file.write_text("".join(f"export {name}={shlex.quote(value)}\n"
                                for name, value in self.shell_variables().items()))

    def _is_ready(self):
        return answer_of(f"{self.hub_url}/ready")[0] == 200

    def _start_redis(self):
        folder = self.folder / "redis"
        folder.mkdir()
        # As in compose.yaml, but for the place.
        self._add("redis", [self._servers["redis-server"], "--bind", ADDRESS, "--port", self.redis_port,
                            "--dir", folder, "--appendonly", "yes", "--maxmemory-policy", "noeviction",
                            "--save", "", "--daemonize", "no"])
        self._until("redis", lambda: answers_ping(self.redis_port))

    def _start_postgres(self):
        folder = self.folder / "postgres"
        folder.mkdir()
        password = folder / "password"
        password.touch(0o600)
        password.write_text(self._password + "\n")
        if NOBODY:
            shutil.chown(folder, *NOBODY)
            shutil.chown(password, *NOBODY)
        self._run_to_end("initdb", [self._servers["initdb"], "-D", folder / "data", "-U", USER,
                                    f"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8",
                                    "--locale=C.UTF-8", "--no-sync"], account=NOBODY, folder=folder)
        password.unlink()
        # What is thrown away in the end need not be durable.
        self._add("postgres", [self._servers["postgres"], "-D", folder / "data", "-h", ADDRESS,
                               "-p", self.postgres_port, "-c", "unix_socket_directories=",
                               "-c", "fsync=off"],
                  account=NOBODY, folder=folder, end_signal=signal.SIGINT)
        where = ["-h", ADDRESS, "-p", self.postgres_port, "-U", USER]
        ask = [str(word) for word in [self._servers["pg_isready"], "-q", "-t", "1", *where]]
        self._until("postgres", lambda: subprocess.run(ask, check=False).returncode == 0)
        self._run_to_end("createdb", [self._servers["createdb"], *where, "-w", DATABASE],
                         environment=self._plain | {"PGPASSWORD": self._password})

    def _add(self, name, command, **options):
        options.setdefault("environment", self._plain)
        options.setdefault("folder", self.folder)
        self.parts[name] = Part(name, command, self.folder / f"{name}.log",
                                setpriv=self._servers["setpriv"], **options)

    def _until(self, name, holds):
        """Waits until it holds, or this part has ended."""
        part, end = self.parts[name], time.monotonic() + START_PATIENCE
        while not holds():
            if part.how_it_ended():
                raise part.failure(part.how_it_ended() + " while starting; it said:")
            if time.monotonic() > end:
                raise part.failure(f"is not ready after {START_PATIENCE} s; it said:")
            self._interruption.wait([part], 0.05)

    def _run_to_end(self, name, command, **options):
        self._add(name, command, **options)
        part = self.parts[name]
        if not self._interruption.wait([part], START_PATIENCE):
            raise part.failure(f"has not ended after {START_PATIENCE} s; it said:")
        if part.how_it_ended() != "ended with 0":
            raise part.failure(part.how_it_ended() + "; it said:")
        self.parts.pop(name).end(0)

    def watch(self, tell):
        """Until the hub ends: how it did. `tell` gets a line for every other part that ends."""
        running = dict(self.parts)
        while True:
            self._interruption.wait(list(running.values()))
            for name in [name for name, part in running.items() if part.how_it_ended()]:
                if name == "hub":
                    return running[name].failure(f"{running[name].how_it_ended()}; it said:")
                tell(f"{name} {running.pop(name).how_it_ended()}; the others go on")

    def end(self):
        """The hub first, so that it stores and publishes what it has; then the folder goes."""
        killed = []
        for name, part in reversed(self.parts.items()):
            if not part.end(END_PATIENCE):
                killed.append(name)
        shutil.rmtree(self.folder)
        for name in killed:
            print(f"composition: {name} did not end within {END_PATIENCE} s and was killed",
                  file=sys.stderr)
