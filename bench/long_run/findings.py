"""What is not as it was promised, as it is found."""

import json
import time

KEPT_OF_EACH = 50


class Findings:
    """Counted by kind; the first of each kind with their words, each in `findings.jsonl` at once."""

    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8")
        self.counts = {}

    def add(self, kind, words):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= KEPT_OF_EACH:
            line = {"at": round(time.time(), 3), "kind": kind, "words": words}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
