"""Holds what the hub shows against the scripted lives, for targets that have not changed for a while."""

import asyncio
import time

from fleet import connects_only, number_of
from lives import NAMES, STATUS_OF, UP, life_of
from web import get

# Longest interval, three probes that time out and the pauses of 1 and 2 s between them, and the time
# that a start of the hub spreads its first checks over.
SETTLED_S = 14 + 3 * 3 + 3 + 14 + 7


class QuietLook:
    def __init__(self, hub, seed, started_at, length_s, findings):
        self.hub, self.seed, self.findings = hub, seed, findings
        self.started_at, self.length_s = started_at, length_s
        self.lives = {}
        self.touched_at = {}  # number -> when a reload touched it last
        self.looks = self.compared = self.unsettled = self.slow_machine = 0

    def touched(self, numbers):
        self.touched_at.update(dict.fromkeys(numbers, time.time()))

    def life(self, number):
        if number not in self.lives:
            self.lives[number] = life_of(
                self.seed, number, self.length_s, connects_only(number)
            )
        return self.lives[number]

    async def look(self, expected):
        """Compares all services once; `expected` are the numbers that the file lists."""
        if self.hub.ready_at is None or time.time() - self.hub.ready_at < SETTLED_S:
            return
        self.looks += 1
        shown, offset, total = {}, 0, 1
        while offset < total:
            before = time.time()
            body = await get(self.hub.port, f"/api/services?limit=500&offset={offset}")
            total = body["total"]
            for service in body["data"]:
                shown[number_of(service["project"], service["name"])] = service
                self._compare(service, before)
            offset += 500
            await asyncio.sleep(0)
        if shown.keys() != expected:
            difference = sorted(shown.keys() ^ expected)
            self.findings.add("fleet", f"{len(difference)} services: {difference[:10]}")

    def _compare(self, service, asked_at):
        number = number_of(service["project"], service["name"])
        now = asked_at - self.started_at
        mood = self.life(number).constant(now - SETTLED_S, now + 1)
        if mood is None or asked_at - self.touched_at.get(number, self.started_at) < SETTLED_S:
            self.unsettled += 1
            return
        self.compared += 1
        if service["status"] == STATUS_OF[mood]:
            return
        if mood == UP and (service["responseTimeMs"] or 0) >= 1000:
            self.slow_machine += 1  # the answer did take that long: target and hub share a machine
            return
        told = {key: service[key] for key in ("status", "lastCheck", "consecutiveFailures", "details")}
        self.findings.add("status", f"{service['project']}/{service['name']} is {NAMES[mood]}: {told}")
