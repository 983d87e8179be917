#!/usr/bin/env python3
"""Holds the tree against cmake/layers.txt.

Two witnesses: the #include lines of every file of ours (what a file names), and the compiler's
dependency files as ninja keeps them (what a unit really read, through however many headers). On
Debian a target's visibility alone stops nothing: all third-party headers lie in /usr/include.

Usage: layers.py SOURCE_DIR BUILD_DIR
"""

import fnmatch
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

CODE_FOLDERS = ("libs", "ports", "adapters", "apps", "tests", "bench")
CODE_SUFFIXES = (".cpp", ".hpp")
INCLUDE_ROOTS = ("libs", "ports", "adapters", "apps", "tests/support", "tests", "bench")

# Headers of the compiler, of libc and of the kernel.
SYSTEM = re.compile(
    r"^(/usr/lib/gcc/|/usr/lib/llvm-|/usr/include/c\+\+/|/usr/include/x86_64-linux-gnu/"
    r"|/usr/include/aarch64-linux-gnu/"
    r"|/usr/include/(linux|asm|asm-generic|arpa|netinet|net|rpc|sys|bits)/|/usr/include/[^/]+\.h$)")

# What a pure module's files may not name. Any <*.h> of the system falls under it too.
IMPURE = {
    "thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore", "latch",
    "barrier", "stop_token", "random", "iostream", "fstream", "filesystem", "csignal",
    "regex", "ctime",
}

INCLUDE_LINE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


@dataclass
class Third:
    name: str
    files: list = field(default_factory=list)
    direct: list = field(default_factory=list)
    implies: list = field(default_factory=list)
    only: list = field(default_factory=list)

    def holds(self, path):
        return matches(path, self.files)

    def may_be_named(self, path):
        return self.holds(path) and (not self.direct or matches(path, self.direct))


@dataclass
class Module:
    name: str
    folder: str
    sees: list = field(default_factory=list)
    uses: list = field(default_factory=list)
    keeps: list = field(default_factory=list)
    pure: bool = False


class BadRules(Exception):
    pass


def matches(path, prefixes):
    return any(path == p or (p.endswith("/") and path.startswith(p)) for p in prefixes)


class Rules:
    def __init__(self, text):
        self.thirds = {}
        self.modules = {}
        module = None
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "third" and len(words) >= 3:
                self._third(words)
            elif words[0] == "module" and len(words) == 3:
                module = Module(words[1], words[2])
                self.modules[module.name] = module
            elif module and words[0] in ("sees", "uses", "keeps"):
                getattr(module, words[0]).extend(words[1:])
            elif module and words == ["pure"]:
                module.pure = True
            else:
                raise BadRules(f"layers.txt:{number}: cannot read: {line.strip()}")
        for module in self.modules.values():
            module.sees = self._expand(module, module.sees, self.modules)
            module.uses = self._expand(module, module.uses, self.thirds)
            module.keeps = self._expand(module, module.keeps, self.thirds)
        self._refuse_circles()

    def _third(self, words):
        third = Third(words[1])
        target = third.files
        for word in words[2:]:
            if word in ("direct", "implies", "only"):
                target = getattr(third, word)
            else:
                target.append(word)
        self.thirds[third.name] = third

    def _expand(self, module, names, known):
        result = []
        for name in names:
            if name == "@all":
                result += [n for n in known if n != module.name and n not in ("tests", "bench")]
            elif name in ("@libs", "@adapters"):
                prefix = name[1:] + "/"
                result += [m.name for m in self.modules.values() if m.folder.startswith(prefix)]
            elif name in known:
                result.append(name)
            else:
                raise BadRules(f"layers.txt: module {module.name}: '{name}' is not defined")
        return result

    def _refuse_circles(self):
        for module in self.modules.values():
            if module.name in self.reach(module.name, including=False):
                raise BadRules(f"layers.txt: module {module.name} sees itself through others")

    def reach(self, name, including=True):
        """All modules whose headers a unit of `name` may come to read."""
        seen, todo = set(), list(self.modules[name].sees)
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                todo += self.modules[other].sees
        return seen | {name} if including else seen

    def with_implied(self, names):
        seen, todo = set(), list(names)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self.thirds[name].implies
        return seen

    def module_of(self, path):
        """The module whose folder is the longest prefix of a path relative to the tree."""
        best = None
        for module in self.modules.values():
            if path.startswith(module.folder + "/"):
                if best is None or len(module.folder) > len(best.folder):
                    best = module
        return best

    def thirds_of(self, include):
        return [t for t in self.thirds.values() if t.holds(include)]


def code_files(source_dir):
    for top in CODE_FOLDERS:
        for folder, folders, files in os.walk(os.path.join(source_dir, top)):
            folders[:] = sorted(f for f in folders if f not in ("node_modules", "corpus"))
            for name in sorted(files):
                if name.endswith(CODE_SUFFIXES):
                    yield os.path.relpath(os.path.join(folder, name), source_dir)


def check_includes(rules, source_dir):
    """What each file names."""
    problems = []
    for path in code_files(source_dir):
        module = rules.module_of(path)
        if module is None:
            problems.append(f"{path}: lies in no module of cmake/layers.txt")
            continue
        with open(os.path.join(source_dir, path), encoding="utf-8") as file:
            text = file.read()
        for match in INCLUDE_LINE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            problem = check_include(rules, source_dir, path, module, match.group(1), match.group(2))
            if problem:
                problems.append(f"{path}:{line}: {problem}")
        problem = check_own_header(source_dir, path, text)
        if problem:
            problems.append(f"{path}: {problem}")
    return problems


def check_own_header(source_dir, path, text):
    """The source is the proof that the header of its name compiles alone (cmake/module.cmake)."""
    header = path.removesuffix(".cpp") + ".hpp"
    if not path.endswith(".cpp") or not os.path.exists(os.path.join(source_dir, header)):
        return None
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL).lstrip()
    first = INCLUDE_LINE.match(text)
    if first is not None and ("/" + header).endswith("/" + first.group(2)):
        return None
    return f"{os.path.basename(header)} must be the first that it includes, and before all else"


def check_include(rules, source_dir, path, module, quote, include):
    if quote == '"':
        beside = os.path.join(source_dir, os.path.dirname(path), include)
        if module.name in ("tests", "bench") and "/" not in include and os.path.exists(beside):
            return None
        return f'"{include}": includes are written <...>, from the include root'
    for root in INCLUDE_ROOTS:
        target = f"{root}/{include}"
        if os.path.exists(os.path.join(source_dir, target)):
            other = rules.module_of(target)
            if other is None:
                return f"<{include}> lies in no module of cmake/layers.txt"
            if other.name != module.name and other.name not in module.sees:
                return f"{module.name} may not see {other.name} (<{include}>)"
            return None
    if include.startswith("muster/"):
        return f"<{include}> does not exist"

    thirds = rules.thirds_of(include)
    if thirds:
        allowed = set(module.uses)
        if path.endswith(".cpp"):
            allowed |= set(module.keeps)
        for third in thirds:
            if third.name in allowed and third.may_be_named(include):
                if third.only and module.name not in ("tests", "bench") \
                        and not any(fnmatch.fnmatch(path, p) for p in third.only):
                    return f"<{include}>: {third.name} is only for {' '.join(third.only)}"
                return None
        if not path.endswith(".cpp") and any(t.name in module.keeps for t in thirds):
            return f"<{include}>: {module.name} may use it in sources, not in headers"
        return f"{module.name} may not use <{include}>"
    if module.pure and (include in IMPURE or include.endswith(".h")):
        return f"<{include}> in {module.name}, which is pure"
    return None


def read_deps(text):
    """`ninja -t deps`: {object: [files]} of what was built and is up to date."""
    units, current = {}, None
    for line in text.splitlines():
        if not line.strip():
            current = None
        elif not line.startswith(" "):
            name, _, rest = line.partition(": #deps ")
            current = units.setdefault(name, []) if rest.endswith("(VALID)") else None
        elif current is not None:
            current.append(line.strip())
    return units


def unit_source(object_path, dependencies, source_dir, build_dir):
    """The file of ours that a unit compiles: for the unit of one header, that header."""
    first = os.path.normpath(os.path.join(build_dir, dependencies[0]))
    generated = re.search(r"/headers/(.+)\.cpp$", first)
    if generated and "/CMakeFiles/headers_of_" in object_path:
        for root in INCLUDE_ROOTS:
            if os.path.exists(os.path.join(source_dir, root, generated.group(1))):
                return f"{root}/{generated.group(1)}"
    if first.startswith(build_dir + os.sep):
        # A generated source belongs to the folder whose target compiles it.
        return object_path.split("/CMakeFiles/")[0] + "/" + os.path.basename(first)
    return os.path.relpath(first, source_dir)


def check_units(rules, deps_text, source_dir, build_dir):
    """What each unit read. Returns (problems, files of ours that some unit covers)."""
    source_dir, build_dir = os.path.realpath(source_dir), os.path.realpath(build_dir)
    problems, covered = [], set()
    for object_path, dependencies in sorted(read_deps(deps_text).items()):
        if not dependencies:
            continue
        source = unit_source(object_path, dependencies, source_dir, build_dir)
        module = rules.module_of(source)
        if not os.path.exists(os.path.join(source_dir, source)) and "/headers/" in object_path:
            continue  # a header that is gone
        covered.add(source)
        if "/Unity/unity_" in object_path:
            covered |= {os.path.relpath(path, source_dir) for path in
                        (os.path.normpath(os.path.join(build_dir, d)) for d in dependencies)
                        if path.startswith(source_dir + os.sep) and path.endswith(".cpp")}
        if module is None:
            continue  # cmake/: no layer of ours
        if module.name in ("tests", "bench"):
            continue
        reach = rules.reach(module.name)
        read = {module.name}
        outside = []
        for dependency in dependencies:
            path = os.path.normpath(os.path.join(build_dir, dependency))
            if path.startswith(build_dir + os.sep):
                continue
            if path.startswith(source_dir + os.sep):
                inside = os.path.relpath(path, source_dir)
                other = rules.module_of(inside)
                if other is None or other.name not in reach:
                    problems.append(f"{source}: reads {inside}, which {module.name} may not see")
                else:
                    read.add(other.name)
            else:
                outside.append(path)
        allowed = {third for name in read for third in rules.modules[name].uses}
        if not source.endswith(".hpp"):
            allowed |= set(module.keeps)
        problems += check_outside(rules, source, module, rules.with_implied(allowed), outside)
    return problems, covered


def check_outside(rules, source, module, allowed, paths):
    problems, told = [], set()
    for path in paths:
        prefix = "/usr/include/"
        multiarch = re.match(r"/usr/include/[a-z0-9_]+-linux-gnu/", path)
        if multiarch and rules.thirds_of(path[multiarch.end():]):
            prefix = multiarch.group(0)
        include = path[len(prefix):] if path.startswith(prefix) else path
        thirds = rules.thirds_of(include)
        if thirds:
            if allowed.isdisjoint(t.name for t in thirds) and thirds[0].name not in told:
                told.add(thirds[0].name)
                problems.append(f"{source}: reads <{include}>, which {module.name} may not use")
        elif not SYSTEM.match(path):
            top = include.split("/")[0]
            if top not in told:
                told.add(top)
                problems.append(f"{source}: reads {path}, which cmake/layers.txt does not name")
    return problems


def check_covered(source_dir, covered):
    """A file that no target compiles would escape the compiler's witness, a test would never run.
    Fuzzers and benchmarks belong to builds of their own."""
    def elsewhere(path):
        return path.startswith(("bench/", "tests/fuzz/")) or \
            path.startswith("tests/") and path.endswith(".hpp")

    return [f"{path}: no target compiles it (or the build is not complete)"
            for path in code_files(source_dir) if path not in covered and not elsewhere(path)]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source_dir, build_dir = (os.path.realpath(p) for p in sys.argv[1:])
    with open(os.path.join(source_dir, "cmake", "layers.txt"), encoding="utf-8") as file:
        rules = Rules(file.read())
    deps = subprocess.run(["ninja", "-C", build_dir, "-t", "deps"], check=True,
                          capture_output=True, text=True).stdout
    problems = check_includes(rules, source_dir)
    unit_problems, covered = check_units(rules, deps, source_dir, build_dir)
    problems += unit_problems + check_covered(source_dir, covered)
    for problem in problems:
        print(problem)
    print(f"layers: {len(covered)} units, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
