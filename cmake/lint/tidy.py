#!/usr/bin/env python3
"""clang-tidy over the units of a configured build folder, remembering what was clean.

A unit is linted again when its preprocessed text, its flags or .clang-tidy changed. A source
answers for the header of its name too; any other header is linted through the unit that includes it
alone. So each finding is told once.

Usage: tidy.py SOURCE_DIR BUILD_DIR [--jobs N] [--list] [FILE...]
FILE: only these files of the tree (headers or sources).
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import threading
import time

TIDY = "clang-tidy-14"
FOLDERS = ("libs", "ports", "adapters", "apps", "tests", "bench")
HEADER_UNIT = re.compile(r"/headers/(.+\.hpp)\.cpp$")
HEADER_ROOTS = ("libs", "ports", "adapters", "apps", "tests/support")


class Unit:
    def __init__(self, entry, source_dir):
        self.directory = entry["directory"]
        self.file = os.path.normpath(os.path.join(self.directory, entry["file"]))
        self.command = entry.get("arguments") or shlex.split(entry["command"])
        self.subject = self.file
        header = HEADER_UNIT.search(self.file)
        if header and not self.file.startswith(tuple(f"{source_dir}/{f}/" for f in FOLDERS)):
            for root in HEADER_ROOTS:
                path = os.path.join(source_dir, root, header.group(1))
                if os.path.exists(path):
                    self.subject = path
        self.name = os.path.relpath(self.subject, source_dir)

    def preprocess_command(self):
        command = self.command
        compiler = next(i for i, word in enumerate(command) if "clang++" in os.path.basename(word))
        result, skip = [], False
        for word in command[compiler:]:
            if skip:
                skip = False
            elif word == "-o":
                skip = True
            elif word != "-c":
                result.append(word)
        return result + ["-E", "-C", "-w"]

    def key(self, rules):
        run = subprocess.run(self.preprocess_command(), cwd=self.directory, capture_output=True)
        if run.returncode != 0:
            return None
        digest = hashlib.sha256()
        for part in (rules, " ".join(self.command).encode(), run.stdout):
            digest.update(hashlib.sha256(part).digest())
        return digest.hexdigest()

    def subjects(self):
        """The files whose findings this unit tells."""
        if self.subject.endswith(".cpp"):
            return [self.subject, self.subject[:-4] + ".hpp"]
        return [] if os.path.exists(self.subject[:-4] + ".cpp") else [self.subject]

    def lint(self, build_dir):
        only = "^(" + "|".join(re.escape(s) for s in self.subjects()) + ")$"
        run = subprocess.run([TIDY, "-p", build_dir, "--quiet", f"--header-filter={only}", self.file],
                             capture_output=True, text=True)
        return run.returncode == 0, run.stdout.strip() or run.stderr.strip()


def units_of(source_dir, build_dir, wanted):
    with open(os.path.join(build_dir, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    units = {}
    for entry in entries:
        unit = Unit(entry, source_dir)
        ours = unit.name.startswith(tuple(f + "/" for f in FOLDERS))
        subjects = {os.path.relpath(s, source_dir) for s in unit.subjects()}
        if ours and subjects and (not wanted or subjects & wanted):
            units.setdefault(unit.name, unit)
    return list(units.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source_dir")
    parser.add_argument("build_dir")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_intermixed_args()
    source_dir = os.path.realpath(arguments.source_dir)
    build_dir = os.path.realpath(arguments.build_dir)
    wanted = {os.path.normpath(f) for f in arguments.files}

    units = units_of(source_dir, build_dir, wanted)
    if arguments.list:
        print("\n".join(u.name for u in units))
        return 0

    with open(os.path.join(source_dir, ".clang-tidy"), "rb") as file:
        rules = file.read()
    clean_dir = os.path.join(build_dir, "tidy-clean")
    os.makedirs(clean_dir, exist_ok=True)
    printing = threading.Lock()

    def work(unit):
        begin = time.monotonic()
        key = unit.key(rules)
        mark = os.path.join(clean_dir, key) if key else None
        if mark and os.path.exists(mark):
            return "known"
        clean, told = unit.lint(build_dir)
        if clean and mark:
            with open(mark, "w", encoding="utf-8"):
                pass
        with printing:
            print(f"tidy: {unit.name} {'ok' if clean else 'FAILED'} ({time.monotonic() - begin:.1f} s)",
                  flush=True)
            if not clean:
                print(told, flush=True)
        return "clean" if clean else "failed"

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(work, units))
    failed = results.count("failed")
    print(f"tidy: {len(units)} units, {results.count('known')} known clean, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
