"""The long run: thousands of services with random lives, reloads, clients that come and go, kill -9.

    python3 bench/long_run --hub build/bin/muster-hub --into FOLDER --minutes 120

FOLDER gets everything: the data folder of the hub, what was written down on the way, report.md and its
pictures. `--judge FOLDER` judges and reports a run again from what it wrote down.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
import traceback

from clients import Audience
from findings import Findings
from fleet import APP_FROM, PROJECTS, TCP_FROM, TCP_LAST, Fleet
from hub import Hub, free_port
from journal_log import JournalLog
from quiet import QuietLook
from referee import judge
from report import write_report
from sampler import sample
from target import http_address
from web import Refused, get, request

CHANGED_BY_A_RELOAD = 20  # of 5,000, in each of the ways


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = os.path.abspath(arguments.into)
        self.length_s = arguments.minutes * 60.0
        self.findings = Findings(f"{self.folder}/findings.jsonl")
        self.hub = Hub(os.path.abspath(arguments.hub), self.folder, free_port("127.0.0.1"))
        self.target_port = free_port(http_address(0))
        self.fleet = Fleet(arguments.seed, arguments.services, self.target_port)
        self.dice = random.Random(f"run:{arguments.seed}")
        self.started_at = 0.0
        self.target = None
        self.changing = asyncio.Lock()  # who starts or ends the hub
        self.touched = []  # of each reload: moment and numbers
        self.reload_s = []
        self.figures = {}

    # --- what happens every minute ---------------------------------------------------------------

    def write_fleet(self):
        """Replaces the file in one step, as editors do."""
        text = self.fleet.yaml(f"127.0.0.1:{self.hub.port}")
        with open(self.hub.config + ".new", "w", encoding="ascii") as file:
            file.write(text)
        os.replace(self.hub.config + ".new", self.hub.config)

    def listed(self):
        return self.fleet.services.keys() | set(range(APP_FROM, APP_FROM + PROJECTS))

    async def reload(self, by_signal):
        known = set(self.fleet.services)
        touched = self.fleet.change(max(1, CHANGED_BY_A_RELOAD * self.arguments.services // 5000))
        touched |= self.fleet.services.keys() - known
        self.quiet.touched(touched)
        self.touched.append((time.time(), sorted(touched)))
        self.write_fleet()
        if by_signal:
            self.hub.process.send_signal(signal.SIGHUP)
            return
        began = time.monotonic()
        await request(self.hub.port, "/api/reload", {})
        self.reload_s.append(time.monotonic() - began)

    async def kill(self):
        """The hub dies at any moment within ten seconds around a reload, and is started again."""
        await asyncio.sleep(self.dice.uniform(0, 10))
        async with self.changing:
            if self.hub.alive():
                await self.note_lateness()
                await self.hub.kill()
            await self.hub.start()

    async def watch(self):
        """A hub that ended untold is told of, and started again."""
        while True:
            await asyncio.sleep(0.5)
            async with self.changing:
                if self.hub.ready_at is not None and not self.hub.alive():
                    self.hub.ready_at = None
                    self.hub.ended_by_itself.append((time.time(), self.hub.process.returncode))
                    await self.hub.start()

    async def note_lateness(self):
        health = (await get(self.hub.port, "/api/system/health"))["data"]
        self.figures.setdefault("lateness", []).append(health["lateness"])

    async def minute(self, number):
        """One minute: a reload, now and then a death, and a look at a quiet moment."""
        begins = self.started_at + 60.0 * number
        await asyncio.sleep(begins - time.time())
        dies = self.arguments.kill_every and number % self.arguments.kill_every == 0 and number > 0
        death = asyncio.create_task(self.kill()) if dies else None
        await asyncio.sleep(self.dice.uniform(0, 5))
        try:
            await self.reload(by_signal=number % 2 == 0)
        except (OSError, Refused, TimeoutError, ProcessLookupError) as problem:
            if not dies:
                self.findings.add("reload", repr(problem))
        if death:
            await death
        await asyncio.sleep(begins + 55 - time.time())
        try:
            await self.quiet.look(self.listed())
        except (OSError, Refused, TimeoutError) as problem:
            self.findings.add("reload", f"a look at a quiet moment: {problem!r}")

    # --- the whole -----------------------------------------------------------------------------

    async def play(self):
        self.started_at = time.time()
        self.quiet = QuietLook(
            self.hub, self.arguments.seed, self.started_at, self.length_s + 120, self.findings
        )
        self.audience = Audience(self.hub, self.arguments.seed, self.findings, PROJECTS)
        self.journal = JournalLog(self.hub, self.folder, self.findings)
        await self.start_target()
        self.write_fleet()
        await self.hub.start()
        seats = [self.sampling(), self.watch(), self.journal.follow(), self.audience.stay()]
        seats += [self.audience.come_and_go(self.audience.visit_health, 6) for _ in range(5)]
        seats += [self.audience.come_and_go(self.audience.visit_stream, 10) for _ in range(3)]
        seats += [self.audience.come_and_go(self.audience.visit_status, 10) for _ in range(3)]
        seats += [self.audience.come_and_go(self.audience.visit_rest, 1) for _ in range(3)]
        seats += [self.audience.come_and_go(self.audience.visit_metrics, 30)]
        tasks = [asyncio.create_task(self.seated(seat)) for seat in seats]
        try:
            for number in range(self.arguments.minutes):
                await self.minute(number)
                self.note()
            await self.end(tasks)
        finally:
            for task in tasks:
                task.cancel()
            if self.hub.alive():
                self.hub.process.kill()
            self.target.terminate()  # it writes down its last requests
            await self.target.wait()

    async def seated(self, seat):
        try:
            await seat
        except Exception as problem:  # noqa: BLE001  # whatever it is, it must be told
            self.findings.add("the tool", "".join(traceback.format_exception(problem)))

    def sampling(self):
        every_s = 1.0 if self.arguments.minutes < 10 else 5.0
        return sample(self.hub, self.target.pid, self.started_at, f"{self.folder}/samples.csv", every_s)

    async def start_target(self):
        self.target = await asyncio.create_subprocess_exec(
            sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "target.py"),
            "--seed", str(self.arguments.seed), "--started-at", str(self.started_at),
            "--length", str(self.length_s + 120), "--port", str(self.target_port),
            "--tcp", str(TCP_FROM), str(TCP_LAST), "--log", f"{self.folder}/target.log",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert await self.target.stdout.readline() == b"ready\n", "the targets did not start"

    async def end(self, tasks):
        """Clients go, the hub stops as it should; it starts once more so that the feed can be read to
        the end, and until its store has everything."""
        if self.hub.alive():
            await self.note_lateness()
        for task in tasks[2:]:
            task.cancel()
        await asyncio.sleep(5)
        self.figures["descriptors after the clients"] = len(os.listdir(f"/proc/{self.hub.process.pid}/fd"))
        await self.changing.acquire()
        stopped_at = time.time()
        self.figures["stop"] = await self.hub.stop()
        if self.figures["stop"][1] != 0:
            self.findings.add("stop", f"exit code {self.figures['stop'][1]}")
        await self.hub.start()
        while await self.journal.page() or self.journal.newest_ms < stopped_at * 1000:
            await asyncio.sleep(0.05)
        self.journal.flush()
        self.figures["stopped at"] = stopped_at
        await self.hub.stop()
        self.note()

    def note(self):
        """Writes down all that the referee and the report need beside the logs."""
        audience, quiet, hub, journal = self.audience, self.quiet, self.hub, self.journal
        notes = {
            **self.figures,
            "seed": self.arguments.seed,
            "services": self.arguments.services,
            "minutes": self.arguments.minutes,
            "kill every": self.arguments.kill_every,
            "started at": self.started_at,
            "ended at": time.time(),
            "starts": hub.starts,
            "deaths": hub.deaths,
            "ended by itself": hub.ended_by_itself,
            "touched": self.touched,
            "reload seconds": self.reload_s,
            "clients": audience.counts,
            "REST ms": [round(ms, 2) for ms in audience.rest_ms],
            "shown": sorted(audience.seen),
            "waiting for a comparison": len(audience.waiting),
            "quiet": {
                "looks": quiet.looks,
                "compared": quiet.compared,
                "unsettled": quiet.unsettled,
                "slow machine": quiet.slow_machine,
            },
            "feed": {
                "pages": journal.pages,
                "results": journal.results,
                "transitions": journal.transitions,
                "gaps": journal.told_gaps,
                "epochs": journal.epochs,
                "first ms": journal.first_ms,
                "first statuses": journal.first_statuses,
            },
            "names": journal.names,
            "findings": self.findings.counts,
        }
        with open(f"{self.folder}/run.json.new", "w", encoding="utf-8") as file:
            json.dump(notes, file)
        os.replace(f"{self.folder}/run.json.new", f"{self.folder}/run.json")


def arguments_of(words):
    parser = argparse.ArgumentParser(prog="long_run", description=__doc__.splitlines()[0])
    parser.add_argument("--hub", default="build/bin/muster-hub", help="program (default: %(default)s)")
    parser.add_argument("--into", default="build/long-run", help="folder (default: %(default)s)")
    parser.add_argument("--minutes", type=int, default=120, help="default: %(default)s")
    parser.add_argument("--services", type=int, default=5000, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--kill-every", type=int, default=10, metavar="MINUTES",
                        help="0: never (default: %(default)s)")  # fmt: skip
    parser.add_argument("--judge", metavar="FOLDER", help="judge a run again that was written down")
    arguments = parser.parse_args(words)
    if arguments.minutes < 1:
        parser.error("--minutes: a number from 1")
    if arguments.services < 500:
        parser.error("--services: a number from 500")
    if arguments.kill_every < 0:
        parser.error("--kill-every: a number from 0")
    return arguments


def main():
    arguments = arguments_of(sys.argv[1:])
    folder = arguments.judge
    if folder is None:
        folder = arguments.into
        if os.path.exists(f"{folder}/run.json"):
            shutil.rmtree(folder)  # what an earlier run left
        os.makedirs(folder, exist_ok=True)
        if os.listdir(folder):
            sys.exit(f"long_run: {folder} is not empty, and no earlier run's")
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        asyncio.run(Run(arguments).play())
    good = write_report(folder, judge(folder))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
