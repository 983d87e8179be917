"""The consumer of /api/feed: writes down every result, transition and removal, and what it is told to
be missing."""

import asyncio
import datetime
import json
import struct

from web import Refused, get

RESULT = struct.Struct("<QQQqqBBHI")  # service, epoch, seq, started ms, at ms, verdict, status, failures, ms
VERDICTS = ("passed", "failed", "not_counted")
STATUSES = ("unknown", "up", "degraded", "down")


def milliseconds(text):
    """ISO 8601 in UTC as ms since 1970."""
    moment = datetime.datetime.fromisoformat(text)
    return round(moment.timestamp() * 1000)


class JournalLog:
    def __init__(self, hub, folder, findings):
        self.hub, self.findings = hub, findings
        self._results = open(f"{folder}/results.bin", "wb", buffering=1 << 16)
        self._transitions = open(f"{folder}/transitions.jsonl", "w", encoding="utf-8")
        self.place = None  # `next` of the last page
        self.names = {}  # service id -> (project, service)
        self.epochs = []  # in their order, as the records bear them
        self.results = self.transitions = self.pages = self.told_gaps = 0
        self.first_ms = self.newest_ms = 0
        self.first_statuses = {}  # of the snapshot that the feed began with
        self._last = (0, 0)

    async def follow(self):
        """Until it is cancelled."""
        try:
            while True:
                if not await self.page():
                    await asyncio.sleep(1.0)
        finally:
            self.flush()

    def flush(self):
        self._results.flush()
        self._transitions.flush()

    async def page(self):
        """Reads a page; tells whether there is more at once."""
        path = "/api/feed" + (f"?after={self.place}&limit=1000" if self.place else "")
        try:
            body = (await get(self.hub.port, path))["data"]
        except (OSError, Refused, TimeoutError, json.JSONDecodeError) as problem:
            if isinstance(problem, Refused) and problem.status != 503:
                raise
            return False
        self.pages += 1
        if body["snapshot"] is not None:
            services = body["snapshot"]["services"]
            for service in services:
                self.names[service["id"]] = (service["project"], service["name"])
            if self.place is None:
                self.first_statuses = {service["id"]: service["status"] for service in services}
        if body["gap"]:
            self.told_gaps += 1
            self.findings.add("gap", f"the feed told a gap behind {self.place}")
        for record in body["records"]:
            self._take(record)
        self.place = body["next"]
        return body["more"]

    def _take(self, record):
        epoch, seq, kind = record["epoch"], record["seq"], record["kind"]
        if (epoch, seq) <= self._last:
            self.findings.add("feed order", f"{epoch}:{seq} came after {self._last}")
        self._last = (epoch, seq)
        if not self.epochs or self.epochs[-1] != epoch:
            self.epochs.append(epoch)
        if kind == "result":
            self.results += 1
            at = self.newest_ms = milliseconds(record["at"])
            self.first_ms = self.first_ms or at
            self._results.write(
                RESULT.pack(
                    record["serviceId"], epoch, seq, milliseconds(record["startedAt"]), at,
                    VERDICTS.index(record["verdict"]), STATUSES.index(record["status"]),
                    record["consecutiveFailures"], round(record["responseTimeMs"]),
                )
            )  # fmt: skip
        elif kind == "transition":
            self.transitions += 1
            self.names[record["serviceId"]] = (record["project"], record["service"])
            record.pop("reason")
            self._transitions.write(json.dumps(record) + "\n")
        elif kind == "service_removed":
            self._transitions.write(json.dumps(record) + "\n")
        elif kind == "service_changed":
            service = record["service"]
            self.names[service["id"]] = (service["project"], service["name"])
        elif kind == "gap":
            self.told_gaps += 1
            self.findings.add("gap", f"a record of lost records: {record}")
