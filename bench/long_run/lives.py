"""The scripted lives of the targets: what a target does at which second, from one seed.

Whoever knows seed and number of a service knows its life: the target that plays it and the referee that
judges the hub by it do not talk to each other.
"""

import bisect
import random
from dataclasses import dataclass

UP = 0
SLOW = 1  # answers after SLOW_S: degraded
FAILING = 2  # status 500, or no listener
SILENT = 3  # closes without an answer
HANGING = 4  # takes the request and never answers
NAMES = ("up", "slow", "failing", "silent", "hanging")

STATUS_OF = {UP: "up", SLOW: "degraded", FAILING: "down", SILENT: "down", HANGING: "down"}

SLOW_S = 1.4  # degradedAbove is 1 s
MEAN_WELL_S = 1200.0
MEAN_UNWELL_S = 90.0
SHORTEST_S = 3.0


@dataclass(frozen=True)
class Life:
    """What one target does: begins[i] (seconds since the run's start, from 0) begins moods[i]."""

    begins: list
    moods: list

    def at(self, second):
        """The mood at a second; before the run it is that of its first moment."""
        return self.moods[max(0, bisect.bisect_right(self.begins, second) - 1)]

    def constant(self, first, last):
        """The mood that holds over the whole of [first, last], or None."""
        mood = self.at(first)
        return mood if self.at_index(first) == self.at_index(last) else None

    def at_index(self, second):
        return max(0, bisect.bisect_right(self.begins, second) - 1)


def life_of(seed, number, length_s, connects_only=False):
    """The life of service `number` over `length_s` seconds. One in thirty is restless."""
    dice = random.Random(f"{seed}:{number}")
    restless = dice.random() < 1 / 30
    well_s = MEAN_UNWELL_S if restless else MEAN_WELL_S
    moods_unwell = (FAILING,) if connects_only else (SLOW, FAILING, SILENT, HANGING)
    begins, moods = [], []
    second, well = 0.0, dice.random() < 0.9
    while second < length_s:
        begins.append(second)
        moods.append(UP if well else dice.choice(moods_unwell))
        second += SHORTEST_S + dice.expovariate(1 / (well_s if well else MEAN_UNWELL_S))
        well = not well
    return Life(begins, moods)
