"""The clients: one that stays, and many that come, look, check what they see, and go."""

import asyncio
import json
import random
import time

from picture import Picture, difference
from web import EventStream, Refused, WebSocket, get, request

GONE = (OSError, TimeoutError, asyncio.IncompleteReadError)


class Audience:
    """All live and REST clients of one hub, and the figures of what they did."""

    def __init__(self, hub, seed, findings, projects):
        self.hub, self.findings, self.projects = hub, findings, projects
        self.dice = random.Random(f"clients:{seed}")
        self.stays = Picture()  # the picture of the client that stays
        self.waiting = []  # (seq, services, who) that the one that stays has not reached
        self.seen = set()  # transitions that were shown: service id, status, moment as text
        self.counts = dict.fromkeys(
            ("health frames", "snapshots of the one that stays", "resumes of the one that stays",
             "snapshots within a connection",
             "WebSockets", "resumed WebSockets", "snapshots compared", "snapshots not compared",
             "event streams", "resumed event streams", "status sockets", "status frames",
             "REST answers", "REST busy (503)"), 0)  # fmt: skip
        self.rest_ms = []

    def excused(self):
        """Whether the hub is dead or was a moment ago: what fails then is no finding."""
        return self.hub.ready_at is None or time.time() - self.hub.ready_at < 2

    def complain(self, what, problem):
        if not self.excused():
            self.findings.add(what, str(problem))

    def note(self, frame):
        """Remembers a shown transition."""
        if "previousStatus" not in frame or frame.get("removed"):
            return
        service = frame["service"]
        if frame["reason"]["cause"] not in ("registered", "changed", "overlays"):
            self.seen.add((service["id"], service["status"], frame["timestamp"]))

    # --- the one that stays ---------------------------------------------------------------------

    async def stay(self):
        while True:
            try:
                since = f"?since={self.stays.epoch}:{self.stays.seq}" if self.stays.epoch else ""
                socket = await WebSocket.open(self.hub.port, "/ws/health" + since)
                await self._listen(socket, since)
            except (*GONE, Refused) as problem:
                self.complain("the client that stays", problem)
            await asyncio.sleep(0.2)

    async def _listen(self, socket, since):
        first = True
        while (text := await socket.text()) is not None:
            frame = json.loads(text)
            if frame["type"] == "snapshot":
                self.counts["snapshots of the one that stays"] += 1
                self.counts["snapshots within a connection"] += not first
                self.stays.show(frame)
                self.waiting.clear()
            else:
                if first and since:
                    self.counts["resumes of the one that stays"] += 1
                self.counts["health frames"] += 1
                if wrong := self.stays.change(frame):
                    self.findings.add("live numbers", f"the one that stays: {wrong}")
                self.note(frame)
            first = False
            self._compare_waiting()
        self.complain("live", "the client that stays was closed")

    def compare(self, epoch, seq, services, who):
        """Holds a snapshot against the picture of the one that stays, at once or when it is there."""
        if epoch != self.stays.epoch:
            self.counts["snapshots not compared"] += 1
        elif seq > self.stays.seq:
            self.waiting.append((seq, services, who))
        else:
            self._held_against(self.stays.before(seq), services, who)

    def _compare_waiting(self):
        if self.waiting:
            due = [entry for entry in self.waiting if entry[0] <= self.stays.seq]
            self.waiting = [entry for entry in self.waiting if entry[0] > self.stays.seq]
            for seq, services, who in due:
                self._held_against(self.stays.before(seq), services, who)

    def _held_against(self, known, services, who):
        if known is None:
            self.counts["snapshots not compared"] += 1
            return
        self.counts["snapshots compared"] += 1
        if wrong := difference(known, services):
            self.findings.add("pictures differ", f"{who}: {wrong}")

    # --- those that come and go -----------------------------------------------------------------

    async def come_and_go(self, visit, pause_s):
        """One seat: a visit after the other, with pauses."""
        while True:
            await asyncio.sleep(self.dice.uniform(0.3, 2 * pause_s))
            if self.hub.ready_at is None:
                continue
            try:
                await visit()
            except (*GONE, Refused) as problem:
                self.complain(visit.__name__, repr(problem))

    async def visit_health(self):
        """A WebSocket, often from an earlier place on, left politely or not."""
        since = 0
        if self.stays.epoch and self.dice.random() < 0.7:
            since = max(1, self.stays.seq - self.dice.randrange(300))
            path = f"/ws/health?since={self.stays.epoch}:{since}"
        else:
            path = "/ws/health"
        epoch = self.stays.epoch
        socket = await WebSocket.open(self.hub.port, path)
        self.counts["WebSockets"] += 1
        picture = Picture()
        if since:
            picture.epoch, picture.seq = epoch, since
        try:
            async with asyncio.timeout(self.dice.uniform(2, 45)):
                while (text := await socket.text()) is not None:
                    frame = json.loads(text)
                    if frame["type"] == "snapshot":
                        since = 0
                        picture.show(frame)
                        self.compare(picture.epoch, picture.seq, dict(picture.services), "a WebSocket")
                    else:
                        if since:
                            self.counts["resumed WebSockets"] += 1
                            since = 0
                        if wrong := picture.change(frame):
                            self.findings.add("live numbers", f"a WebSocket: {wrong}")
                        self.note(frame)
                self.complain("live", "a WebSocket was closed")
        except TimeoutError:
            pass
        finally:
            socket.close(politely=self.dice.random() < 0.5)

    async def visit_stream(self):
        """Server-Sent Events, twice: the second time from where the first ended."""
        last, picture = None, Picture()
        for _ in range(2):
            stream = await EventStream.open(
                self.hub.port, "/api/stream?channels=snapshot,health", last
            )
            self.counts["event streams"] += 1
            resumed = last is not None
            try:
                async with asyncio.timeout(self.dice.uniform(2, 20)):
                    while (event := await stream.event()) is not None:
                        last, kind, data = event
                        frame = json.loads(data)
                        if kind == "snapshot":
                            picture.show(frame)
                            self.compare(
                                picture.epoch, picture.seq, dict(picture.services), "a stream"
                            )
                        elif kind == "health":
                            self.counts["resumed event streams"] += resumed
                            if wrong := picture.change(frame):
                                self.findings.add("live numbers", f"a stream: {wrong}")
                            self.note(frame)
                        resumed = False
                    self.complain("live", "a stream ended")
                    return
            except TimeoutError:
                pass
            finally:
                stream.close()
            await asyncio.sleep(self.dice.uniform(0, 2))

    async def visit_status(self):
        """/ws/status: every frame is the map of all projects."""
        socket = await WebSocket.open(self.hub.port, "/ws/status")
        self.counts["status sockets"] += 1
        try:
            async with asyncio.timeout(self.dice.uniform(2, 15)):
                while (text := await socket.text()) is not None:
                    self.counts["status frames"] += 1
                    known = len(json.loads(text)["data"])
                    if known != self.projects:
                        self.findings.add("status map", f"{known} projects, not {self.projects}")
                self.complain("live", "a status socket was closed")
        except TimeoutError:
            pass
        finally:
            socket.close(politely=self.dice.random() < 0.5)

    async def visit_rest(self):
        """One read of many kinds; its time counts."""
        project = f"p{self.dice.randrange(self.projects)}"
        identity = self.dice.choice(list(self.stays.services) or [1])
        path = self.dice.choice((
            "/api/projects/status", "/api/projects", f"/api/projects/{project}",
            f"/api/projects/{project}/health", "/api/services?limit=200",
            f"/api/services/{identity}", f"/api/services/{identity}/health?limit=50",
            f"/api/history/{project}?hours=1&service=app", f"/api/history/{project}?hours=2&step=5m&service=app",
            "/api/events?limit=100", "/api/system/health", "/health",
        ))  # fmt: skip
        began = time.monotonic()
        try:
            await get(self.hub.port, path)
        except Refused as problem:
            if problem.status == 503:
                self.counts["REST busy (503)"] += 1
                return
            if problem.status == 404 and "/services/" in path:
                return  # removed meanwhile
            raise
        self.counts["REST answers"] += 1
        self.rest_ms.append((time.monotonic() - began) * 1000)

    async def visit_metrics(self):
        await request(self.hub.port, "/metrics")
