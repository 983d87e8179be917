"""The hub as a process that is started, killed, measured."""

import asyncio
import os
import signal
import socket
import time

from web import get


def free_port(address):
    """A port below the ephemeral ones, so that no outgoing connection takes it while the hub is dead."""
    for port in range(21_000, 30_000):
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
                return port
            except OSError:
                continue
    raise RuntimeError(f"no free port between 21000 and 30000 at {address}")


class Hub:
    """One life after the other of a muster-hub with one data folder."""

    def __init__(self, program, folder, port):
        self.program, self.folder, self.port = program, folder, port
        self.config = os.path.join(folder, "muster.yaml")
        self.data = os.path.join(folder, "data")
        self.process = None
        self.lives = 0
        self.ready_at = None  # seconds since 1970; None while it is not ready
        self.starts = []  # of each: moment, seconds to /ready, and to a whole answer of the status
        self.deaths = []  # moments of kill -9
        self.ended_by_itself = []  # moments and exit codes

    async def start(self):
        began = time.time()
        self.lives += 1
        log = open(os.path.join(self.folder, "hub.log"), "ab")
        self.process = await asyncio.create_subprocess_exec(
            self.program,
            "--config",
            self.config,
            env={**os.environ, "MUSTER_DATA_DIR": self.data},
            stdout=log,
            stderr=log,
        )
        log.close()
        while True:
            if self.process.returncode is not None:
                raise RuntimeError(f"the hub ended with {self.process.returncode}: see hub.log")
            try:
                await get(self.port, "/ready")
                break
            except Exception:  # not listening yet, or 503
                await asyncio.sleep(0.02)
        ready = time.time()
        await get(self.port, "/api/projects/status")
        self.starts.append((began, ready - began, time.time() - began))
        self.ready_at = time.time()

    async def kill(self):
        self.ready_at = None
        self.deaths.append(time.time())
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self):
        """Ends it as a service manager would; tells seconds and exit code."""
        self.ready_at = None
        began = time.time()
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), 60)
        return time.time() - began, self.process.returncode

    def alive(self):
        return self.process is not None and self.process.returncode is None
