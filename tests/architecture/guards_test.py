#!/usr/bin/env python3
"""Proves that each guard bites: small trees that break one rule each, and clean ones beside them."""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import layers
import text
import words

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))

RULES = textwrap.dedent("""\
    third expected  tl/
    third boost     boost/
    third crc       boost/          direct boost/crc.hpp
    third fmt       fmt/
    third spdlog    spdlog/         implies fmt
    third nlohmann  nlohmann/
    third cli11     CLI/            only apps/*/options.cpp
    module base     libs/muster/base
        uses  expected
        keeps crc
        pure
    module domain   libs/muster/domain
        sees  base
        pure
    module codec    libs/muster/codec
        sees  base domain
        keeps nlohmann
    module http     adapters/muster/http
        sees  domain
        uses  boost
        keeps spdlog
    module cli      apps/cli
        sees  domain http
        keeps cli11
    """)


class Tree(unittest.TestCase):
    def setUp(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="muster-guard-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.rules = layers.Rules(RULES)

    def write(self, path, content=""):
        full = os.path.join(self.dir, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(content)

    def named(self, path, content):
        """What the guard says about the #include lines of a tree with this file."""
        self.write("libs/muster/base/id.hpp")
        self.write("libs/muster/domain/health.hpp")
        self.write("adapters/muster/http/prober.hpp")
        self.write(path, content)
        return layers.check_includes(self.rules, self.dir)


class NamedIncludes(Tree):
    def test_inward_is_clean(self):
        self.assertEqual(self.named("libs/muster/domain/a.cpp", "#include <muster/base/id.hpp>\n"), [])

    def test_outward_is_refused(self):
        problems = self.named("libs/muster/base/a.hpp", "\n#include <muster/domain/health.hpp>\n")
        self.assertEqual(problems, ["libs/muster/base/a.hpp:2: base may not see domain "
                                    "(<muster/domain/health.hpp>)"])

    def test_what_another_sees_may_not_be_named(self):
        problems = self.named("apps/cli/a.cpp", "#include <muster/base/id.hpp>\n")
        self.assertIn("cli may not see base", problems[0])

    def test_third_party_of_another_layer_is_refused(self):
        problems = self.named("libs/muster/domain/a.cpp", "#include <boost/asio.hpp>\n")
        self.assertIn("domain may not use <boost/asio.hpp>", problems[0])

    def test_only_the_direct_header_may_be_named(self):
        self.assertEqual(self.named("libs/muster/base/a.cpp", "#include <boost/crc.hpp>\n"), [])
        problems = self.named("libs/muster/base/a.cpp", "#include <boost/asio.hpp>\n")
        self.assertIn("base may not use", problems[0])

    def test_json_stays_in_sources(self):
        self.assertEqual(self.named("libs/muster/codec/a.cpp", "#include <nlohmann/json.hpp>\n"), [])
        problems = self.named("libs/muster/codec/b.hpp", "#include <nlohmann/json_fwd.hpp>\n")
        self.assertIn("in sources, not in headers", problems[0])

    def test_flags_stay_in_options(self):
        self.assertEqual(self.named("apps/cli/options.cpp", "#include <CLI/CLI.hpp>\n"), [])
        problems = self.named("apps/cli/main.cpp", "#include <CLI/CLI.hpp>\n")
        self.assertIn("cli11 is only for apps/*/options.cpp", problems[0])

    def test_pure_modules_name_no_thread_and_no_system_header(self):
        for header in ("thread", "random", "sys/socket.h"):
            problems = self.named("libs/muster/domain/a.cpp", f"#include <{header}>\n")
            self.assertIn("which is pure", problems[0])

    def test_the_header_of_a_source_comes_first(self):
        self.write("libs/muster/domain/a.hpp")
        self.assertEqual(self.named("libs/muster/domain/a.cpp", "#include <muster/domain/a.hpp>\n"
                                    "#include <muster/base/id.hpp>\n"), [])
        self.assertEqual(self.named("libs/muster/domain/a.cpp", "// What it is.\n/* a\n b */\n"
                                    "#include <muster/domain/a.hpp>\n"), [])
        for text in ("#include <muster/base/id.hpp>\n#include <muster/domain/a.hpp>\n", "",
                     "#define A 1\n#include <muster/domain/a.hpp>\n",
                     "/*\n#include <muster/domain/a.hpp>\n*/\n"):
            problems = self.named("libs/muster/domain/a.cpp", text)
            self.assertIn("a.hpp must be the first that it includes", " ".join(problems), text)

    def test_quotes_ghosts_and_homeless_files_are_refused(self):
        self.assertIn("includes are written <...>",
                      self.named("libs/muster/base/a.cpp", '#include "id.hpp"\n')[0])
        self.assertIn("does not exist",
                      self.named("libs/muster/base/a.cpp", "#include <muster/base/none.hpp>\n")[0])
        self.write("libs/muster/base/a.cpp")
        self.assertIn("lies in no module", self.named("libs/muster/new/b.cpp", "")[0])

    def test_tests_may_quote_what_lies_beside_them(self):
        self.rules = layers.Rules(RULES + "module tests tests\nsees @all\n")
        self.write("tests/unit/base/words.hpp")
        self.assertEqual(self.named("tests/unit/base/a.cpp", '#include "words.hpp"\n'), [])
        self.assertIn("includes are written <...>",
                      self.named("tests/unit/base/a.cpp", '#include "../base/words.hpp"\n')[0])


class Rulebook(Tree):
    def test_circles_and_unknown_names_are_refused(self):
        with self.assertRaises(layers.BadRules):
            layers.Rules("module a libs/a\nsees b\nmodule b libs/b\nsees a\n")
        with self.assertRaises(layers.BadRules):
            layers.Rules("module a libs/a\nsees nobody\n")
        with self.assertRaises(layers.BadRules):
            layers.Rules("modul a libs/a\n")

    def test_the_real_one_can_be_read(self):
        with open(os.path.join(PROJECT, "cmake", "layers.txt"), encoding="utf-8") as file:
            rules = layers.Rules(file.read())
        self.assertNotIn("ports", rules.reach("domain"))
        self.assertIn("base", rules.reach("hub"))


class CompiledUnits(Tree):
    """The compiler's witness, with deps texts as ninja prints them."""

    def units(self, object_path, source, *dependencies):
        for path in (source, *dependencies):
            if not path.startswith("/"):
                self.write(path)
        lines = "".join(f"    {p if p.startswith('/') else '../' + p}\n"
                        for p in (source, *dependencies))
        deps = f"{object_path}: #deps 2, deps mtime 1 (VALID)\n{lines}\n"
        return layers.check_units(self.rules, deps, self.dir, os.path.join(self.dir, "build"))

    def test_clean_unit_covers_its_source(self):
        problems, covered = self.units(
            "libs/muster/domain/CMakeFiles/d.dir/a.cpp.o", "libs/muster/domain/a.cpp",
            "libs/muster/base/id.hpp", "/usr/include/tl/expected.hpp", "/usr/include/c++/12/array",
            "/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h")
        self.assertEqual(problems, [])
        self.assertEqual(covered, {"libs/muster/domain/a.cpp"})

    def test_outward_read_through_others_is_refused(self):
        problems, _ = self.units("libs/muster/base/CMakeFiles/b.dir/a.cpp.o",
                                 "libs/muster/base/a.cpp", "adapters/muster/http/prober.hpp")
        self.assertIn("which base may not see", problems[0])

    def test_third_party_read_through_others_is_refused(self):
        problems, _ = self.units("libs/muster/domain/CMakeFiles/d.dir/a.cpp.o",
                                 "libs/muster/domain/a.cpp", "/usr/include/nlohmann/json.hpp")
        self.assertIn("reads <nlohmann/json.hpp>, which domain may not use", problems[0])

    def test_kept_library_does_not_leak_to_dependants_but_used_does(self):
        args = ("apps/cli/CMakeFiles/c.dir/main.cpp.o", "apps/cli/main.cpp",
                "adapters/muster/http/prober.hpp")
        problems, _ = self.units(*args, "/usr/include/boost/asio.hpp")
        self.assertEqual(problems, [])
        problems, _ = self.units(*args, "/usr/include/spdlog/spdlog.h")
        self.assertIn("reads <spdlog/spdlog.h>", problems[0])

    def test_what_a_library_implies_is_allowed(self):
        problems, _ = self.units("adapters/muster/http/CMakeFiles/h.dir/a.cpp.o",
                                 "adapters/muster/http/a.cpp", "/usr/include/spdlog/spdlog.h",
                                 "/usr/include/fmt/core.h")
        self.assertEqual(problems, [])

    def test_unknown_library_is_refused(self):
        problems, _ = self.units("libs/muster/base/CMakeFiles/b.dir/a.cpp.o",
                                 "libs/muster/base/a.cpp", "/usr/include/curl/curl.h")
        self.assertIn("which cmake/layers.txt does not name", problems[0])

    def test_unit_of_a_header_is_judged_as_that_header(self):
        self.write("libs/muster/codec/a.hpp")
        self.write("build/libs/muster/codec/headers/muster/codec/a.hpp.cpp")
        problems, covered = self.units(
            "libs/muster/codec/CMakeFiles/headers_of_c.dir/headers/muster/codec/a.hpp.cpp.o",
            "build/libs/muster/codec/headers/muster/codec/a.hpp.cpp",
            "/usr/include/nlohmann/json.hpp")
        self.assertEqual(covered, {"libs/muster/codec/a.hpp"})
        self.assertIn("reads <nlohmann/json.hpp>", problems[0])

    def test_what_a_unit_of_several_sources_holds_is_compiled(self):
        self.write("libs/muster/base/a.cpp")
        self.write("libs/muster/base/b.cpp")
        self.write("build/libs/muster/base/CMakeFiles/b.dir/Unity/unity_0_cxx.cxx")
        problems, covered = self.units(
            "libs/muster/base/CMakeFiles/b.dir/Unity/unity_0_cxx.cxx.o",
            "build/libs/muster/base/CMakeFiles/b.dir/Unity/unity_0_cxx.cxx", "libs/muster/base/a.cpp")
        self.assertEqual(problems, [])
        self.assertIn("libs/muster/base/a.cpp", covered)
        self.assertNotIn("libs/muster/base/b.cpp", covered)

    def test_file_that_nothing_compiles_is_told(self):
        self.write("libs/muster/base/forgotten.cpp")
        self.assertIn("no target compiles it", layers.check_covered(self.dir, set())[0])

    def test_stale_units_are_no_witness(self):
        self.assertEqual(layers.read_deps("a.o: #deps 1, deps mtime 1 (STALE)\n    x.cpp\n"), {})

    def test_a_real_compiler_and_a_real_ninja_agree(self):
        self.write("libs/muster/base/a.cpp", "#include <muster/http/prober.hpp>\n")
        self.write("adapters/muster/http/prober.hpp", "#pragma once\n")
        build = os.path.join(self.dir, "build")
        self.write("build/build.ninja", textwrap.dedent("""\
            rule cxx
              command = g++ -I../adapters -MD -MF $out.d -c $in -o $out
              depfile = $out.d
              deps = gcc
            build libs/muster/base/CMakeFiles/b.dir/a.cpp.o: cxx ../libs/muster/base/a.cpp
            """))
        subprocess.run(["ninja", "-C", build], check=True, capture_output=True)
        deps = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True,
                              capture_output=True, text=True).stdout
        problems, _ = layers.check_units(self.rules, deps, self.dir, build)
        self.assertEqual(problems, ["libs/muster/base/a.cpp: reads adapters/muster/http/prober.hpp, "
                                    "which base may not see"])


class HeadersAlone(Tree):
    """The real CMake functions over a module of one header."""

    def build(self, header, source=None):
        self.write("CMakeLists.txt", textwrap.dedent(f"""\
            cmake_minimum_required(VERSION 3.25)
            project(fixture CXX)
            set(CMAKE_CXX_STANDARD 20)
            set(MUSTER_TESTS ON)
            add_library(muster_flags INTERFACE)
            include("{PROJECT}/cmake/install.cmake")
            include("{PROJECT}/cmake/module.cmake")
            add_subdirectory(libs/muster/base)
            """))
        sources = "" if source is None else "SOURCES a.cpp "
        self.write("libs/muster/base/CMakeLists.txt", f"muster_library(base {sources}HEADERS a.hpp)\n")
        self.write("libs/muster/base/a.hpp", header)
        if source is not None:
            self.write("libs/muster/base/a.cpp", source)
        build = os.path.join(self.dir, "build")
        subprocess.run(["cmake", "-G", "Ninja", "-S", self.dir, "-B", build],
                       check=True, capture_output=True)
        return subprocess.run(["cmake", "--build", build, "--target", "muster_headers"],
                              capture_output=True, text=True)

    def test_header_that_leans_on_another_include_is_refused(self):
        result = self.build("#pragma once\nstd::string name();\n")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("a.hpp", result.stdout)

    def test_header_with_a_source_is_read_here_and_compiled_there(self):
        self.assertEqual(self.build("#pragma once\n#include <string>\nstd::string name();\n",
                                    "#include <muster/base/a.hpp>\n").returncode, 0)
        deps = subprocess.run(["ninja", "-C", os.path.join(self.dir, "build"), "-t", "deps"],
                              check=True, capture_output=True, text=True).stdout
        self.assertIn("bits/basic_string.h", deps)
        missing = self.build("#pragma once\n#include <muster/base/none.hpp>\n",
                             "#include <muster/base/a.hpp>\n")
        self.assertNotEqual(missing.returncode, 0)

    def test_complete_header_compiles(self):
        self.assertEqual(self.build("#pragma once\n#include <string>\nstd::string name();\n").returncode, 0)


class Words(unittest.TestCase):
    def found(self, code):
        return [word for _, word, _ in words.find_words(code)]

    def test_each_word_is_found(self):
        for word, code in {
            "_clock::now(": "auto t = std::chrono::steady_clock::now();",
            "sleep_for": "std::this_thread::sleep_for(1s);",
            "sleep_until": "std::this_thread::sleep_until(t);",
            "detached": "co_spawn(io, f(), net::detached);",
            "std::regex": "std::regex const r{x};",
            "using namespace std": "using namespace std;",
            "io_context.stop()": "io_context_.stop();",
            "Manager": "class AlertManager;",
            "Handler": "struct RequestHandler {};",
            "Helper": "struct ParseHelper {};",
            "Util": "namespace { struct StringUtils {}; }",
            "nlohmann": "nlohmann::json j;",
        }.items():
            self.assertEqual(self.found(code), [word], code)

    def test_clean_code_is_clean(self):
        for code in (
            "// steady_clock::now() is asked for in the runtime\n",
            "/* std::regex\n sleep_for */ int x;",
            'log("sleep_for"); auto c = \'"\';',
            'auto s = R"(std::regex)"; auto n = 10\'000;',
            "using namespace std::chrono_literals;",
            "loop.stop(); scheduler_.stop();",
            "int handler = 0; auto manager_count = 1;",
        ):
            self.assertEqual(self.found(code), [], code)

    def test_line_numbers_survive_comments(self):
        found = list(words.find_words("/* a\n b */\nstd::regex r;\n"))
        self.assertEqual(found[0][0], 3)

    def test_co_await_with_capture_or_aggregate(self):
        for code in (
            "co_await f([s] { return s; });",
            "auto r = co_await f(a, [&s](int x) mutable { return x; });",
            "co_await [s]() -> awaitable<void> { co_return; }();",
        ):
            self.assertEqual(self.found(code), ["co_await [capture]"], code)
        for code in (
            "co_await f(Request{s, 1});",
            "co_await f({s, 1});",
            "if (auto r = co_await f(a, {s}); !r) { return; }",
        ):
            self.assertEqual(self.found(code), ["co_await {aggregate}"], code)

    def test_co_await_that_g_plus_plus_12_takes(self):
        for code in (
            "auto r = co_await exchange(std::move(request));\nauto l = [s] { return s; };",
            "if (auto r = co_await f(a[i]); !r) { x = {1, 2}; }",
            "co_await f([] { return T{1}; }());",
            "co_await f(std::string(), {});",
            "while (co_await next()) { use(Request{s, 1}); }",
        ):
            self.assertEqual(self.found(code), [], code)


class WordsInTrees(Tree):
    def test_home_exception_and_unused_exception(self):
        self.write("libs/muster/codec/a.cpp", "nlohmann::json j;\n")
        self.write("libs/muster/api/a.cpp", "nlohmann::json j;\n")
        self.write("libs/muster/api/json_helper.hpp", "")
        problems, count = words.check(self.dir, words.Allowed(""))
        self.assertEqual(count, 3)
        self.assertEqual(sorted(p.split(":")[0] for p in problems),
                         ["libs/muster/api/a.cpp", "libs/muster/api/json_helper.hpp"])
        os.remove(os.path.join(self.dir, "libs/muster/api/json_helper.hpp"))
        allowed = "libs/muster/api/* | nlohmann | a reason\n"
        self.assertEqual(words.check(self.dir, words.Allowed(allowed))[0], [])
        problems, _ = words.check(self.dir, words.Allowed(allowed + "x.cpp | Util | a reason\n"))
        self.assertIn("nothing needs", problems[0])
        problems, _ = words.check(self.dir, words.Allowed(allowed + "x.cpp | Util |\n"))
        self.assertIn("want `path | word | reason`", problems[0])


class PlainText(unittest.TestCase):
    def test_each_rule(self):
        def told(path, content):
            return [p.split(": ", 1)[1] for p in text.problems_of(path, content)]

        self.assertEqual(told("a.cpp", b"int a;\n"), [])
        self.assertEqual(told("a.md", "\u00b5s\n".encode()), [])
        self.assertEqual(told("a.cpp", '// \u00b5s\nf("\u20ac");\n'.encode()), [])
        self.assertEqual(told("a.cpp", "int \u00b5s;\n".encode()), ["not ASCII"])
        self.assertEqual(told("a.py", "# \u00b5s\n".encode()), ["not ASCII"])
        self.assertEqual(told("a.cpp", "// \u202e\n".encode()), ["invisible character"])
        self.assertEqual(told("a.cpp", b"\xff\n"), ["not UTF-8 at byte 0"])
        self.assertEqual(told("a.cpp", b"int a; \n"), ["blanks at the end of the line"])
        self.assertEqual(told("a.cpp", b"int a;\r\n"), ["Windows line end"])
        self.assertEqual(told("a.cpp", b"\tint a;\n"), ["tab"])
        self.assertEqual(told("a.cpp", b"int a;"), ["does not end with a newline"])


if __name__ == "__main__":
    unittest.main()
