"""Ctrl-C and SIGTERM, heard only while something is waited for: nothing is left half started."""

import os
import select
import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Somebody wants it to end."""


class Interruption:
    """From its making on the signals end nothing but waits."""

    def __init__(self):
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)

    def wait(self, descriptors, seconds=None):
        """Those of the descriptors that can be read, or none after so many seconds. Raises
        Interrupted once a signal came, now or before."""
        ready, _, _ = select.select([self._read, *descriptors], [], [], seconds)
        if self._read in ready:
            raise Interrupted
        return ready
