#!/usr/bin/env python3
"""Words that the code may not contain, over libs, ports, adapters and apps.

Exceptions stand in words_allowed.txt, each with its reason; an exception that nothing needs any
more is refused too.

Usage: words.py SOURCE_DIR
"""

import fnmatch
import os
import re
import sys

FOLDERS = ("libs", "ports", "adapters", "apps")
SUFFIXES = (".cpp", ".hpp")

COMMENT_OR_STRING = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<tag>[^ ()\\\t\v\f\n]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)

# (word as it is allowed and reported, pattern, why it is banned)
WORDS = [
    ("_clock::now(", r"_clock::now\s*\(", "ask the Clock port for the time"),
    ("sleep_for", r"\bsleep_for\b", "wait on Timers; nothing sleeps"),
    ("sleep_until", r"\bsleep_until\b", "wait on Timers; nothing sleeps"),
    ("detached", r"\bdetached\b|\.detach\s*\(", "a task needs an owner and a place for its exception"),
    ("std::regex", r"\bstd::w?regex\b|#\s*include\s*<regex>", "it overflows the stack on 64 KiB"),
    ("using namespace std", r"\busing\s+namespace\s+std\s*;", "name what you use"),
    ("io_context.stop()", r"(?i)\b(?:io|ioc|ctx|\w*context)_?\s*(?:\.|->)\s*stop\s*\(\s*\)",
     "it abandons handlers: cancel and let run() return"),
    ("Manager", r"\b[A-Z]\w*Managers?\b", "say what it does"),
    ("Handler", r"\b[A-Z]\w*Handlers?\b", "say what it does"),
    ("Helper", r"\b[A-Z]\w*Helpers?\b", "say what it does"),
    ("Util", r"\b[A-Z]\w*Utils?\b", "say what it does"),
]
WORDS = [(word, re.compile(pattern), why) for word, pattern, why in WORDS]

# Where a word is at home: the folder's trade, not an exception.
HOMES = {
    "nlohmann": ("libs/muster/codec/*",),
    "Handler": ("adapters/*",),
}

FILE_NAME = re.compile(r"_(manager|handler|helper|util)s?\.[ch]pp$")
LAMBDA_WITH_CAPTURE = re.compile(r"(?:^|[(,={]|\bco_await|\breturn)\s*\[(?!\[)\s*[^\]\s][^\]]*\]\s*[({mn\-<]")
FILLED_BRACES = re.compile(r"(?:[A-Za-z0-9_>]|[(,])\s*\{\s*[^}\s]")


def blank(match):
    text = match.group(0)
    if text.startswith(("/", "R")):
        return re.sub(r"[^\n]", " ", text)
    return text[0] + " " * (len(text) - 2) + text[-1]


def code_only(text):
    """The text without comments and without what stands in strings; lines stay where they are."""
    return COMMENT_OR_STRING.sub(blank, text)


def expression_after(text, start):
    """From co_await to the end of its expression: `;` or the bracket that closes around it."""
    depth = 0
    for i in range(start, len(text)):
        c = text[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                return text[start:i]
        elif c == ";" and depth == 0:
            return text[start:i]
    return text[start:]


def without_lambda_bodies(text):
    """A lambda that captures nothing may have a body; the braces of the body are no aggregate."""
    result, i = "", 0
    opening = re.compile(r"\[\s*\]\s*(?:\([^()]*\))?\s*(?:mutable|noexcept|\s)*(?:->\s*[\w:<>&* ]+?)?\s*\{")
    while True:
        match = opening.search(text, i)
        if not match:
            return result + text[i:]
        result += text[i:match.end() - 1]
        depth, j = 1, match.end()
        while j < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[j], 0)
            j += 1
        i = j


def find_words(text):
    """(line, word, why) for each banned word of one file."""
    code = code_only(text)

    def line_of(position):
        return code.count("\n", 0, position) + 1

    for word, pattern, why in WORDS:
        for match in pattern.finditer(code):
            yield line_of(match.start()), word, why
    for match in re.finditer(r"\bnlohmann\b", code):
        yield line_of(match.start()), "nlohmann", "JSON lives in libs/muster/codec"
    for match in re.finditer(r"\bco_await\b", code):
        expression = without_lambda_bodies(expression_after(code, match.start()))
        if LAMBDA_WITH_CAPTURE.search(expression):
            yield (line_of(match.start()), "co_await [capture]",
                   "g++ 12 frees the capture twice: name the lambda first")
        elif FILLED_BRACES.search(expression):
            yield (line_of(match.start()), "co_await {aggregate}",
                   "g++ 12 frees the aggregate twice: name it, then move it")


class Allowed:
    """Lines of `path-pattern | word | reason`."""

    def __init__(self, text):
        self.entries, self.problems = [], []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                self.problems.append(f"words_allowed.txt:{number}: want `path | word | reason`")
                continue
            self.entries.append((parts[0], parts[1], number))
        self.used = set()

    def covers(self, path, word):
        for pattern, allowed_word, number in self.entries:
            if allowed_word == word and fnmatch.fnmatch(path, pattern):
                self.used.add(number)
                return True
        return False

    def unused(self):
        return [f"words_allowed.txt:{number}: nothing needs `{pattern} | {word}` any more"
                for pattern, word, number in self.entries if number not in self.used]


def check(source_dir, allowed):
    problems, count = list(allowed.problems), 0
    for top in FOLDERS:
        for folder, folders, files in os.walk(os.path.join(source_dir, top)):
            folders[:] = sorted(f for f in folders if f != "node_modules")
            for name in sorted(files):
                if not name.endswith(SUFFIXES):
                    continue
                count += 1
                path = os.path.relpath(os.path.join(folder, name), source_dir)
                if FILE_NAME.search(name):
                    problems.append(f"{path}: the file's name says nothing about its job")
                with open(os.path.join(source_dir, path), encoding="utf-8") as file:
                    text = file.read()
                for line, word, why in find_words(text):
                    if any(fnmatch.fnmatch(path, home) for home in HOMES.get(word, ())):
                        continue
                    if not allowed.covers(path, word):
                        problems.append(f"{path}:{line}: {word}: {why}")
    return problems + allowed.unused(), count


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "words_allowed.txt"), encoding="utf-8") as file:
        allowed = Allowed(file.read())
    problems, count = check(sys.argv[1], allowed)
    for problem in problems:
        print(problem)
    print(f"words: {count} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
