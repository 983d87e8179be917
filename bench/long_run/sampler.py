"""What processes hold, every few seconds, as lines of a CSV file."""

import asyncio
import csv
import os
import time

COLUMNS = (
    "second", "life", "age_s", "rss_kb", "anon_kb", "threads", "descriptors", "journal_bytes",
    "store_bytes", "hub_cpu_s", "target_cpu_s", "own_cpu_s",
)  # fmt: skip


def status_of(process):
    """VmRSS, RssAnon (kB) and Threads of /proc/PID/status (proc(5))."""
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
        fields = dict(line.split(":", 1) for line in file)
    return tuple(int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon", "Threads"))


def cpu_of(process):
    """Seconds of user and system time."""
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bytes_under(folder):
    """(journal and the like, store): sizes of the files of the data folder."""
    journal = store = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                size = os.stat(os.path.join(where, name)).st_size
            except FileNotFoundError:
                continue
            if name.startswith("muster.db"):
                store += size
            else:
                journal += size
    return journal, store


async def sample(hub, target_process, started_at, path, every_s):
    """Until it is cancelled."""
    with open(path, "w", newline="", encoding="ascii") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        while True:
            await asyncio.sleep(every_s)
            if hub.ready_at is None or not hub.alive():
                continue
            try:
                process = hub.process.pid
                now = time.time()
                rows.writerow((
                    round(now - started_at, 1), hub.lives, round(now - hub.ready_at, 1),
                    *status_of(process), len(os.listdir(f"/proc/{process}/fd")),
                    *bytes_under(hub.data), cpu_of(process), cpu_of(target_process),
                    round(time.process_time(), 2),
                ))  # fmt: skip
                file.flush()
            except (FileNotFoundError, ProcessLookupError, KeyError, TypeError):
                continue  # it was killed meanwhile
