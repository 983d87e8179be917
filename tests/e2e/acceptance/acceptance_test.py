#!/usr/bin/env python3
"""The walk of docs/acceptance.md against `./dev up --full`, by the lines that stand there.

Environment: MUSTER_SOURCE_DIR, MUSTER_BIN_DIR.
"""

import os
import pathlib
import signal
import shutil
import tempfile
import unittest

from full import Full, running
from walk import Walk, sections

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE_DIR"])
BIN = pathlib.Path(os.environ["MUSTER_BIN_DIR"])


class Acceptance(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-acceptance-"))
        self.folder.chmod(0o711)
        self.addCleanup(shutil.rmtree, self.folder)

    def test_five_steps_without_containers(self):
        guide = (SOURCE / "docs/acceptance.md").read_text()
        up, prelude = sections(guide)["Or without containers"]
        self.assertEqual(up, "./dev up --full\n")
        whole = Full(SOURCE, BIN, self.folder)
        self.addCleanup(whole.end)
        first, rest = prelude.split("\n", 1)
        self.assertRegex(first, r"^\. \S+/environment$")
        begun = self.folder / "begun"
        # The project that comes back belongs to the shell that started it.
        prelude = f"{whole.sourcing()}\n{rest}\ntrap 'jobs -p >>{begun}' EXIT\n"
        self.addCleanup(self.end_what_began, begun)
        Walk(self, guide, prelude, os.environ, whole.said).all_of_it()
        self.assertEqual(whole.end(), 0, whole.said())
        self.assertEqual(list(whole.made.iterdir()), [])
        self.assertEqual(running(whole.made), [])

    @staticmethod
    def end_what_began(file):
        for pid in file.read_text().split() if file.exists() else ():
            os.kill(int(pid), signal.SIGTERM)


if __name__ == "__main__":
    unittest.main(verbosity=2)
