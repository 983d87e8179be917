#!/usr/bin/env python3
"""Plain text rules over the files of the tree: UTF-8 without invisible characters; in code ASCII
(C++ may say more in comments and strings) and no tabs; no blanks at a line's end, a newline at the
file's end, no Windows line ends.

Usage: text.py SOURCE_DIR
"""

import os
import sys
import unicodedata

from words import code_only

CODE = (".cpp", ".hpp", ".cmake", ".py", ".sh", ".json", ".yaml", ".yml", ".sql")
PROSE = (".md", ".txt", ".html", ".css", ".js", ".mjs")
NAMES = ("dev", "run", "CMakeLists.txt", ".clang-format", ".clang-tidy", ".editorconfig")
SKIPPED = ("build", "dist", ".git", "node_modules", "corpus", "golden", "muster-data", "__pycache__",
           ".cache")


def invisible(char):
    """Zero-width, direction-changing and control characters, and blanks that are no blank."""
    category = unicodedata.category(char)
    return category == "Cf" or category == "Cc" and char not in "\t\r" or \
        category in ("Zs", "Zl", "Zp") and char != " "


def problems_of(path, content):
    is_code = path.endswith(CODE) or os.path.basename(path) in NAMES
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"{path}: not UTF-8 at byte {error.start}"
        return
    if text and not text.endswith("\n"):
        yield f"{path}: does not end with a newline"
    code = code_only(text) if path.endswith((".cpp", ".hpp")) else text
    for number, (line, code_line) in enumerate(zip(text.split("\n"), code.split("\n")), 1):
        if line.endswith("\r"):
            yield f"{path}:{number}: Windows line end"
        elif line != line.rstrip():
            yield f"{path}:{number}: blanks at the end of the line"
        if any(invisible(char) for char in line):
            yield f"{path}:{number}: invisible character"
        elif is_code and not code_line.isascii():
            yield f"{path}:{number}: not ASCII"
        if is_code and "\t" in line:
            yield f"{path}:{number}: tab"


def files(source_dir):
    for folder, folders, names in os.walk(source_dir):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(names):
            if name.endswith(CODE + PROSE) or name in NAMES:
                yield os.path.relpath(os.path.join(folder, name), source_dir)


def check(source_dir):
    problems, count = [], 0
    for path in files(source_dir):
        count += 1
        with open(os.path.join(source_dir, path), "rb") as file:
            problems += problems_of(path, file.read())
    return problems, count


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    problems, count = check(sys.argv[1])
    for problem in problems:
        print(problem)
    print(f"text: {count} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
