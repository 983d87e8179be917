"""A Redis of the test's own, and a client of it that needs nothing but a socket."""

import pathlib
import signal
import socket
import subprocess
import time

PATIENCE = 30


def wait_for(what, condition, patience=PATIENCE):
    """The first true value of the condition; an error names what did not come."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {patience} s")
        time.sleep(0.02)


class Refused(Exception):
    """An error that Redis answered."""


class Client:
    def __init__(self, place, timeout=PATIENCE):
        self._socket = socket.create_connection(place, timeout)
        self._file = self._socket.makefile("rb")

    def close(self):
        self._file.close()
        self._socket.close()

    def send(self, *words):
        encoded = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(encoded) +
                             b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded))

    def receive(self):
        line = self._file.readline()
        if not line:
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise Refused(rest.decode())
        if kind == b":":
            return int(rest)
        count = int(rest)
        if count < 0:
            return None
        if kind == b"$":
            return self._file.read(count + 2)[:-2].decode()
        return [self.receive() for _ in range(count)]

    def ask(self, *words):
        self.send(*words)
        return self.receive()


class RedisServer:
    """Keeps every write on its disk, so that kill() loses nothing unless forget() does."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process = None
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self, *more):
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir",
             str(self.folder), "--save", "", "--appendonly", "yes", "--appendfsync", "always",
             *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        wait_for("Redis", self._answers)

    def _answers(self):
        try:
            return self.ask("PING") == "PONG"
        except Refused as refusal:
            return str(refusal).startswith("NOAUTH")
        except OSError:
            return False

    def kill(self):
        self._process.kill()
        self._process.wait()

    def forget(self):
        for file in (self.folder / "appendonlydir").glob("*"):
            file.unlink()

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def end(self):
        if self._process.poll() is None:
            self.resume()
            self.kill()

    def client(self, password=None):
        client = Client(("127.0.0.1", self.port))
        if password is not None:
            client.ask("AUTH", password)
        return client

    def ask(self, *words):
        client = self.client()
        try:
            return client.ask(*words)
        finally:
            client.close()
