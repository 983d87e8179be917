"""`./dev up --full` as a person runs it, with the programs of this build."""

import os
import pathlib
import queue
import re
import signal
import subprocess
import threading

PATIENCE = 60  # seconds until something is given up: the machine may be busy


def running(folder):
    """Command lines of processes that name this folder, beside those that only look."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                here = os.readlink(entry / "cwd")
            except OSError:
                continue
            if str(folder) in words or here.startswith(str(folder)):
                found.append(f"{entry.name} {words}")
    return found


class Full:
    """`folder`: what it makes, it makes in here. Not ready before variables() has answered."""

    def __init__(self, source, programs, folder, *arguments):
        self.folder = folder
        self.errors = folder / "errors"
        made = folder / "made"
        made.mkdir(exist_ok=True)
        made.chmod(0o711)
        self.made = made
        with open(self.errors, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [str(source / "dev"), "up", "--full", "--bin", str(programs), *arguments],
                env=dict(os.environ, TMPDIR=str(made)), text=True, stdout=subprocess.PIPE,
                stderr=errors)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.told = ""

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def sourcing(self):
        """The line that it prints in the end, which gives a shell its variables."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError(f"it ended with {self.process.wait()}: {self.said()}")
            self.told += line
            if line.startswith("  . "):
                return line.strip()

    def variables(self):
        """The variables themselves."""
        said = subprocess.run(["bash", "-c", f"{self.sourcing()}; env -0"], env={}, text=True,
                              stdout=subprocess.PIPE, check=True).stdout
        return dict(re.findall(r"([^=\0]+)=([^\0]*)\0", said))

    def said(self):
        logs = "".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}"
                       for log in self.made.glob("*/*.log"))
        return self.errors.read_text() + logs

    def end(self, number=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return code
