#!/usr/bin/env python3
"""Tells how many lines of the library's modules ran, from a summary of gcovr.

Usage: coverage.py SUMMARY [--least PERCENT]
SUMMARY: what `gcovr --json-summary` wrote, with the files of libs/.
--least: fails where all of them together are below that.
"""

import argparse
import collections
import json
import sys


def module_of(file):
    """libs/muster/domain/url.cpp -> libs/muster/domain; nothing for what lies elsewhere."""
    parts = file.split("/")
    return "/".join(parts[:3]) if parts[:2] == ["libs", "muster"] and len(parts) > 3 else None


def lines_of(summary):
    """Per module how many lines there are, and how many of them ran."""
    modules = collections.defaultdict(lambda: [0, 0])
    for file in summary["files"]:
        module = module_of(file["filename"])
        if module:
            modules[module][0] += file["line_total"]
            modules[module][1] += file["line_covered"]
    return dict(modules)


def percent(lines, ran):
    """Never rounded up to a bound that was missed: 89.96 is 89.9."""
    return ran * 1000 // lines / 10 if lines else 100.0


def table(modules):
    total = [sum(column) for column in zip(*modules.values())]
    rows = [*sorted(modules.items()), ("libs", total)]
    width = max(len(name) for name, _ in rows)
    head = f"{'module':{width}}  {'lines':>7}  {'run':>7}  {'percent':>7}"
    return "\n".join(
        [head]
        + [f"{n:{width}}  {lines:7}  {ran:7}  {percent(lines, ran):7.1f}" for n, (lines, ran) in rows]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("summary")
    parser.add_argument("--least", type=float)
    options = parser.parse_args()
    with open(options.summary, encoding="utf-8") as file:
        modules = lines_of(json.load(file))
    if not modules:
        sys.exit(f"coverage: {options.summary} tells of no file below libs/muster")
    print(table(modules))
    lines, ran = (sum(column) for column in zip(*modules.values()))
    if options.least is not None and ran * 100 < options.least * lines:
        sys.exit(f"coverage: {percent(lines, ran)} % of the lines ran, less than {options.least:g} %")


if __name__ == "__main__":
    main()
