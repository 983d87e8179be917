"""Judges a run from what was written down: feed, store, targets, clients."""

import array
import bisect
import collections
import json
import os
import sqlite3

from fleet import connects_only, number_of
from journal_log import RESULT, STATUSES, VERDICTS, milliseconds
from lives import SLOW, UP
from target import RECORD

AROUND_MS = 60  # target and hub read the clock at other moments of the same exchange
ANSWER_MS = 3_000  # the timeout of every probe
PASSED, FAILED, NOT_COUNTED = range(3)


class Verdict:
    """Promises, each with what was looked at and what broke it."""

    def __init__(self):
        self.lines = []  # (promise, looked at, number broken, example)

    def add(self, promise, looked_at, broken):
        broken = list(broken)
        self.lines.append((promise, looked_at, len(broken), str(broken[0]) if broken else ""))

    def good(self):
        return all(broken == 0 for _, _, broken, _ in self.lines)


def read_results(path):
    """Of each service its results in their order: (started, at, verdict, status, failures, ms)."""
    results = collections.defaultdict(list)
    with open(path, "rb") as file:
        while block := file.read(RESULT.size * 10_000):
            whole = len(block) // RESULT.size * RESULT.size
            for service, _, _, *rest in RESULT.iter_unpack(block[:whole]):
                results[service].append(tuple(rest))
    return results


def read_transitions(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_requests(path):
    """Of each target the moments of its requests, and its mood at each."""
    moments = collections.defaultdict(lambda: array.array("q"))
    moods = collections.defaultdict(bytearray)
    with open(path, "rb") as file:
        while block := file.read(RECORD.size * 10_000):
            whole = len(block) // RECORD.size * RECORD.size
            for number, mood, moment in RECORD.iter_unpack(block[:whole]):
                moments[number].append(moment)
                moods[number].append(mood)
    return moments, moods


# --- feed and store -------------------------------------------------------------------------------


def store_against_feed(verdict, store, results, transitions, from_ms, until_ms):
    """Every result of the feed is one row, every row one result; the same for transitions and events."""
    rows = collections.Counter(
        store.execute(
            "SELECT s.id, o.start_at + c.at, c.status, c.at + o.start_at - c.took FROM check_result c"
            " JOIN check_slot o ON o.id = c.slot JOIN service s ON s.key = c.service"
            " WHERE o.start_at + c.at > ? AND o.start_at + c.at <= ?", (from_ms, until_ms)
        )
    )  # fmt: skip
    told = collections.Counter(
        (service, at, status, started)
        for service, of_it in results.items()
        for started, at, judged, status, *_ in of_it
        if judged != NOT_COUNTED and from_ms < at <= until_ms
    )
    count = sum(told.values())
    verdict.add("every result of the feed is in the store, once", count, (told - rows).elements())
    verdict.add("every row of the store was in the feed", sum(rows.values()), (rows - told).elements())

    events = collections.Counter(
        store.execute(
            "SELECT s.id, e.at FROM event e JOIN service s ON s.key = e.service"
            " WHERE e.type = 0 AND json_extract(e.metadata, '$.overlay') IS NULL"
            " AND e.at > ? AND e.at <= ?",
            (from_ms, until_ms),
        )
    )  # fmt: skip
    changes = collections.Counter(
        (t["serviceId"], milliseconds(t["at"]))
        for t in transitions
        if t["kind"] == "transition" and from_ms < milliseconds(t["at"]) <= until_ms
    )
    verdict.add(
        "every transition of the feed is an event of the store, once, and none else",
        sum(changes.values()),
        [*(changes - events).elements(), *(events - changes).elements()],
    )


# --- transitions ------------------------------------------------------------------------------------


def transitions_are_whole(verdict, transitions, results, run, from_ms, until_ms):
    shown = [s for s in run["shown"] if milliseconds(s[2]) > from_ms]
    statuses = {int(service): status for service, status in run["feed"]["first statuses"].items()}
    known = set()
    broken, before, looked = [], dict(statuses), 0
    changed = collections.defaultdict(list)  # as transitions tell: service -> (moment, status)
    removed = collections.defaultdict(list)  # moments; who returns begins as unknown
    for t in transitions:
        service, at = t["serviceId"], milliseconds(t["at"])
        if t["kind"] == "service_removed":
            before[service] = "unknown"
            removed[service].append(at)
            continue
        looked += 1
        known.add((service, t["to"], at))
        if before.get(service, "unknown") != t["from"]:
            broken.append(t)
        before[service] = t["to"]
        if at <= until_ms:
            changed[service].append((at, t["to"]))
    verdict.add(
        "every transition that a client was shown was kept",
        len(shown),
        [s for s in shown if (s[0], s[1], milliseconds(s[2])) not in known],
    )
    verdict.add("each transition begins where the one before ended", looked, broken)

    broken = []
    for service, of_it in results.items():
        led_to, was_at = [], 0
        was = STATUSES.index(statuses.get(service, "unknown"))
        for _, at, _, status, *_ in of_it:
            if any(was_at <= gone <= at for gone in removed[service]):
                was = 0
            if status != was and at <= until_ms:
                led_to.append((at, STATUSES[status]))
            was, was_at = status, at
        if led_to != changed[service]:
            broken.append((service, led_to[-3:], changed[service][-3:]))
    verdict.add("results change a status exactly where transitions say", len(results), broken)


# --- targets ----------------------------------------------------------------------------------------


def targets_against_results(verdict, results, moments, moods, numbers, excuses, from_ms, until_ms):
    """Each result is what its target did; each request led to a result."""
    invented, wrong, late = [], [], 0
    looked = 0
    covered = collections.defaultdict(list)
    for service, of_it in results.items():
        number = numbers.get(service)
        if number is None or connects_only(number):
            continue
        seen, did = moments[number], moods[number]
        for started, at, judged, _, _, took in of_it:
            looked += 1
            covered[number].append((started - AROUND_MS, at + AROUND_MS))
            first = bisect.bisect_left(seen, started - AROUND_MS)
            last = bisect.bisect_right(seen, at + AROUND_MS)
            if judged == NOT_COUNTED:
                continue
            if first == last:
                if took < ANSWER_MS - AROUND_MS:
                    invented.append((number, started, at, VERDICTS[judged]))
                else:
                    late += 1  # it waited in the target's socket for longer than the timeout
            elif (judged == PASSED) != any(mood in (UP, SLOW) for mood in did[first:last]):
                if took >= ANSWER_MS - AROUND_MS:
                    late += 1
                else:
                    wrong.append((number, started, at, VERDICTS[judged], list(did[first:last])))
    verdict.add("no result without a request at its target", looked, invented)
    verdict.add("every verdict is what the target did", looked, wrong)

    asked, lost, excused = 0, [], 0
    for number, seen in moments.items():
        if connects_only(number):
            continue
        spans = sorted(covered[number])
        begins = [span[0] for span in spans]
        for moment in seen:
            if not from_ms < moment <= until_ms - ANSWER_MS:
                continue
            asked += 1
            index = bisect.bisect_right(begins, moment) - 1
            if index >= 0 and moment <= max(spans[index][1], spans[max(0, index - 1)][1]):
                continue
            if excuses.holds(number, moment):
                excused += 1
            else:
                lost.append((number, moment))
    verdict.add("no result lost of a request that was made", asked, lost)
    return {"late": late, "unfinished": excused}


class Excuses:
    """Requests whose probe could not end: the hub died within, or a reload took the probe away."""

    def __init__(self, deaths, touched):
        self.deaths = sorted(round(death * 1000) for death in deaths)
        self.touched = collections.defaultdict(list)
        for moment, numbers in touched:
            for number in numbers:
                self.touched[number].append(round(moment * 1000))

    def holds(self, number, moment):
        # Shown is what was recorded; a result waits at most a moment for its batch before that.
        ends = [*self.deaths, *self.touched[number]]
        return any(moment - 10_000 <= end <= moment + ANSWER_MS + 1_000 for end in ends)


def judge(folder):
    """Everything that the report tells, from the files of a run."""
    with open(f"{folder}/run.json", encoding="utf-8") as file:
        run = json.load(file)
    verdict = Verdict()
    until_ms = round(run.get("stopped at", run["ended at"]) * 1000)
    from_ms = run["feed"]["first ms"]  # what came before is in the snapshot that the feed began with
    results = read_results(f"{folder}/results.bin")
    transitions = read_transitions(f"{folder}/transitions.jsonl")
    moments, moods = read_requests(f"{folder}/target.log")
    numbers = {int(service): number_of(*names) for service, names in run["names"].items()}

    store = sqlite3.connect(f"file:{os.path.abspath(folder)}/data/muster.db?mode=ro", uri=True)
    try:
        store_against_feed(verdict, store, results, transitions, from_ms, until_ms)
        run["store bytes"] = os.path.getsize(f"{folder}/data/muster.db")
    finally:
        store.close()
    transitions_are_whole(verdict, transitions, results, run, from_ms, until_ms)
    ends = [end[0] for end in run["ended by itself"]]
    excuses = Excuses([*run["deaths"], *ends, run.get("stopped at", run["ended at"])], run["touched"])
    run["targets"] = targets_against_results(
        verdict, results, moments, moods, numbers, excuses, from_ms, until_ms
    )
    found = run["findings"]
    looked = run["clients"]
    live = ("live", "live numbers", "pictures differ", "status map", "the client that stays",
            "visit_health", "visit_stream", "visit_status")  # fmt: skip
    add = lambda promise, looked_at, *kinds: verdict.add(  # noqa: E731
        promise, looked_at, [k for k in kinds for _ in range(found.get(k, 0))]
    )
    add("a status is that of the scripted life, at quiet moments", run["quiet"]["compared"], "status", "fleet")
    add("records come in their order, losses would be told", run["feed"]["results"], "feed order", "gap")
    add("live numbers have no hole, pictures of any two clients are the same",
        looked["health frames"], *live)  # fmt: skip
    add("reads and reloads are answered", looked["REST answers"] + len(run["touched"]),
        "visit_rest", "visit_metrics", "reload")  # fmt: skip
    add("the hub ends well when it is told to", len(run["starts"]), "stop", "the tool")
    verdict.add("the hub does not crash", len(run["starts"]), [end for end in run["ended by itself"] if end[1] != 0])
    run["promises"] = verdict.lines
    run["good"] = verdict.good()
    return run
