"""A hub as a user runs it, and a target that is well or not as a test says."""

import http.client
import http.server
import json
import os
import pathlib
import subprocess
import threading

from redis_server import wait_for

BINARIES = pathlib.Path(os.environ["MUSTER_BIN_DIR"])


class Target:
    """Answers 200 or 503 at every path."""

    def __init__(self):
        target = self
        self.well = True

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(200 if target.well else 503)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a hub that is killed says no goodbye

        self._server = Server(("127.0.0.1", 0), Answer)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def end(self):
        self._server.shutdown()
        self._server.server_close()


class Hub:
    """`muster-hub` in a folder that may have been another's before."""

    def __init__(self, folder, configuration, **environment):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "muster.yaml").write_text(
            'hub: { listen: ["127.0.0.1:0"] }\n' + configuration, encoding="utf-8")
        self._log = open(self.folder / "log", "a+", encoding="utf-8")
        before = self._log.seek(0, os.SEEK_END)
        self._process = subprocess.Popen(
            [str(BINARIES / "muster-hub")], cwd=self.folder, stdout=self._log,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "MUSTER_DATA_DIR": "data", **environment})
        self.port = wait_for("the hub's port", lambda: self._listens(before))

    def _listens(self, before):
        if self._process.poll() is not None:
            raise AssertionError(f"the hub ended: {self.log()}")
        for line in self.log()[before:].splitlines():
            if "listening on http://127.0.0.1:" in line:
                return int(line.rsplit(":", 1)[1].split()[0].rstrip("/"))
        return None

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8")

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"} if method != "GET" else {})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text[:1] in "{[" else text
        finally:
            connection.close()

    def get(self, path):
        return self.call("GET", path)[1]

    def bus(self):
        return self.get("/api/system/health")["data"]["bus"]

    def kill(self):
        self._process.kill()
        self._process.wait()

    def end(self):
        """The exit code after SIGTERM."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(15)
        finally:
            if self._process.poll() is None:
                self.kill()
            self._log.close()
