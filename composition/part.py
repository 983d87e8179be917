"""One process of the composition."""

import os
import signal
import subprocess

LAST_LINES = 15


class Failed(Exception):
    """Why a part does not run, with what it said last."""


class Part:
    """Runs from its making on, in a session of its own: Ctrl-C on the terminal reaches us alone, and
    the order in which parts end is ours. If we are killed, it gets its end signal from the kernel."""

    def __init__(self, name, command, log, *, setpriv, environment=None, folder=None, account=None,
                 end_signal=signal.SIGTERM):
        """`log`: the file that its output goes to. `account`: names of a user and a group to become."""
        self.name = name
        self._log = log
        self._end_signal = end_signal
        become = [f"--reuid={account[0]}", f"--regid={account[1]}", "--clear-groups"] if account else []
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                [setpriv, f"--pdeathsig={end_signal.name.removeprefix('SIG')}", *become,
                 *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, cwd=folder,
                start_new_session=True)
        self._descriptor = os.pidfd_open(self._process.pid)

    @property
    def pid(self):
        return self._process.pid

    def fileno(self):
        """Can be read once the process has ended."""
        return self._descriptor

    def how_it_ended(self):
        """None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def failure(self, why):
        """Failed, with the last lines of its log."""
        with open(self._log, encoding="utf-8", errors="replace") as log:
            said = log.read().splitlines()[-LAST_LINES:]
        return Failed("\n".join([f"{self.name} {why}", *(f"    {line}" for line in said)]))

    def end(self, patience):
        """Asks it to end, and kills it after so many seconds. Whether it ended by itself."""
        if self._process.poll() is None:
            self._process.send_signal(self._end_signal)
        try:
            self._process.wait(patience)
            return True
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        finally:
            os.close(self._descriptor)
