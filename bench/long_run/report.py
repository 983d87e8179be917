"""report.md and its pictures, from what the referee gives."""

import csv
import statistics

from plot import chart

MB = 1024.0 * 1024.0
WARM_S = 300.0  # age of a life at which its memory is compared with that of others
CALM_S = 60.0
LONG_S = 3600.0  # of a life, from which on its own growth says something


def read_samples(path):
    with open(path, newline="", encoding="ascii") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def series_of(samples, value):
    """Points by minute, not joined from one life of the hub to the next."""
    points, life = [], None
    for sample in samples:
        if life is not None and sample["life"] != life:
            points.append(None)
        life = sample["life"]
        points.append((sample["second"] / 60, value(sample)))
    return points


def slope_per_hour(points):
    """Least squares through (second, value): growth in an hour."""
    if len(points) < 2:
        return 0.0
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        return 0.0
    return 3600 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else 0.0


def cpu_share(samples, name):
    """Percent of one core: of a hub that dies, its lives' own."""
    used = seconds = 0.0
    for before, after in zip(samples, samples[1:]):
        if before["life"] == after["life"]:
            used += after[name] - before[name]
            seconds += after["second"] - before["second"]
    return 100 * used / seconds if seconds else 0.0


def flatness(samples):
    """Memory and descriptors of lives at the same age (`aged`), and over the last half of the longest life."""
    lives = {}
    for sample in samples:
        lives.setdefault(sample["life"], []).append(sample)
    aged = [next((s for s in life if s["age_s"] > WARM_S), None) for life in lives.values()]
    aged = [sample for sample in aged if sample]
    longest = max(lives.values(), key=lambda life: life[-1]["age_s"])
    half = [s for s in longest if s["age_s"] > longest[-1]["age_s"] / 2]
    return {
        "aged": aged,
        "over lives": slope_per_hour([(s["second"], s["rss_kb"] / 1024) for s in aged]),
        "within": slope_per_hour([(s["second"], s["rss_kb"] / 1024) for s in half]),
        "longest s": longest[-1]["age_s"],
        "descriptors within": slope_per_hour([(s["second"], s["descriptors"]) for s in half]),
    }


def growth(flat):
    """Rows on growth, as far as the lives say something about it: caches fill for the first half hour."""
    rows = []
    if len(flat["aged"]) > 1:
        first, last = (life["rss_kb"] / 1024 for life in (flat["aged"][0], flat["aged"][-1]))
        rows.append(
            f"| resident memory five minutes after a start, of the first and of the last life | {first:.0f} and {last:.0f} MiB, "
            f"{flat['over lives']:+.1f} MiB an hour over all {len(flat['aged'])} |"
        )
    if flat["longest s"] > LONG_S:
        rows.append(
            f"| growth in the second half of {flat['longest s'] / 60:.0f} minutes of one process | "
            f"{flat['within']:+.1f} MiB and {flat['descriptors within']:+.0f} descriptors an hour |"
        )
    return rows


def pictures(folder, run, samples):
    marks = [(death - run["started at"]) / 60 for death in run["deaths"]]
    rss = series_of(samples, lambda s: s["rss_kb"] / 1024)
    disk = {
        "store": series_of(samples, lambda s: s["store_bytes"] / MB),
        "journal": series_of(samples, lambda s: s["journal_bytes"] / MB),
    }
    charts = {
        "memory": chart("Resident memory of the hub", "MiB", {"resident": rss}, marks),
        "descriptors": chart(
            "Open descriptors of the hub", "number",
            {"descriptors": series_of(samples, lambda s: s["descriptors"])}, marks),
        "disk": chart("On the disk", "MiB", disk, marks),
    }  # fmt: skip
    for name, text in charts.items():
        with open(f"{folder}/{name}.svg", "w", encoding="ascii") as file:
            file.write(text)


def write_report(folder, run):
    """Writes report.md and three SVG files into the folder; tells whether all was kept."""
    samples = read_samples(f"{folder}/samples.csv")
    pictures(folder, run, samples)
    flat = flatness(samples)
    calm = [s for s in samples if s["age_s"] > CALM_S] or samples
    starts = [start[1] for start in run["starts"][1:]] or [run["starts"][0][1]]
    whole = [start[2] for start in run["starts"][1:]] or [run["starts"][0][2]]
    minutes = (run.get("stopped at", run["ended at"]) - run["started at"]) / 60
    lateness = run.get("lateness", [])
    clients, quiet, targets = run["clients"], run["quiet"], run["targets"]
    lines = [
        f"{minutes:.0f} minutes, {run['services']:,} services checked every 6 to 14 s, seed {run['seed']}; "
        f"{len(run['touched'])} reloads, {len(run['deaths'])} times kill -9.",
        "",
        "| what | |",
        "| --- | --- |",
        f"| results, transitions | {run['feed']['results']:,}, {run['feed']['transitions']:,} |",
        f"| CPU of one core: hub, targets, clients and referee | {cpu_share(samples, 'hub_cpu_s'):.0f} %, "
        f"{cpu_share(samples, 'target_cpu_s'):.0f} %, {cpu_share(samples, 'own_cpu_s'):.0f} % |",
        f"| resident memory, a minute after a start and later | {quantile([s['rss_kb'] / 1024 for s in calm], .5):.0f} MiB "
        f"(at most {max(s['rss_kb'] / 1024 for s in calm):.0f}) |",
        *growth(flat),
        f"| open descriptors | {quantile([s['descriptors'] for s in calm], .5):.0f} "
        f"({min(s['descriptors'] for s in calm):.0f} to {max(s['descriptors'] for s in calm):.0f}) |",
        f"| threads | {min(s['threads'] for s in calm):.0f} to {max(s['threads'] for s in calm):.0f} |",
        f"| a start after kill -9: until ready, until the whole status is answered | median {statistics.median(starts):.2f} s, "
        f"longest {max(starts):.2f} s; {statistics.median(whole):.2f} s, {max(whole):.2f} s |",
        f"| lateness of probes, each life: p50, p99, max | {quantile([x['p50Ms'] for x in lateness], .5):.1f} ms, "
        f"{quantile([x['p99Ms'] for x in lateness], .5):.1f} ms, {max((x['maxMs'] for x in lateness), default=0):.0f} ms |",
        f"| a reload by the API | median {statistics.median(run['reload seconds'] or [0]) * 1000:.0f} ms, "
        f"longest {max(run['reload seconds'] or [0]) * 1000:.0f} ms |",
        f"| reads by REST | {clients['REST answers']:,}; median {quantile(run['REST ms'], .5):.1f} ms, p99 {quantile(run['REST ms'], .99):.0f} ms, "
        f"longest {max(run['REST ms'] or [0]):.0f} ms; {clients['REST busy (503)']} answered 503 |",
        f"| WebSockets and event streams that came and went | {clients['WebSockets'] + clients['status sockets']:,} and {clients['event streams']:,}, "
        f"{clients['resumed WebSockets'] + clients['resumed event streams']:,} of them went on from a number; "
        f"{clients['snapshots compared']:,} snapshots compared |",
        f"| store, journal at the end | {samples[-1]['store_bytes'] / MB:.0f} MiB, {samples[-1]['journal_bytes'] / MB:.0f} MiB |",
        "",
        "| promise | looked at | broken |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {promise} | {looked:,} | {broken} |" for promise, looked, broken, _ in run["promises"]]
    lines += [
        "",
        f"{quiet['looks']} looks at quiet moments; a target that changed less than 47 s before was left out there "
        f"({quiet['unsettled']:,} times). {targets['late'] + quiet['slow machine']} answers were later than the timeout or the "
        f"threshold since targets, clients and hub share a machine. {targets['unfinished']} requests have no result because the hub "
        f"was killed, or a reload took the probe away, while they were under way.",
        "",
        "![memory](memory.svg)",
        "",
        "![descriptors](descriptors.svg)",
        "",
        "![disk](disk.svg)",
    ]
    broken = [line for line in run["promises"] if line[2]]
    if broken:
        lines += ["", "First of what broke each:", ""]
        lines += [f"- {promise}: {example}" for promise, _, _, example in broken]
    with open(f"{folder}/report.md", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))
    return run["good"]
