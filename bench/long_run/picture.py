"""What a live client knows of the services, built from a snapshot and the numbered changes behind it."""

import collections

REMEMBERED = 50_000  # changes that can be taken back


class Picture:
    """Status and overlays by service id at (epoch, seq)."""

    def __init__(self):
        self.epoch, self.seq = None, 0
        self.services = {}
        self._undo = collections.deque(maxlen=REMEMBERED)

    def show(self, snapshot):
        self.epoch, self.seq = snapshot["epoch"], snapshot["seq"]
        self.services = {s["id"]: state_of(s) for s in snapshot["services"]}
        self._undo.clear()

    def change(self, frame):
        """Takes a `health` frame; tells what is wrong with its number, or None."""
        wrong = None if frame["seq"] == self.seq + 1 else f"{frame['seq']} came after {self.seq}"
        self.seq = frame["seq"]
        identity = frame["service"]["id"]
        self._undo.append((self.seq, identity, self.services.get(identity)))
        if frame.get("removed"):
            self.services.pop(identity, None)
        else:
            self.services[identity] = state_of(frame["service"])
        return wrong

    def before(self, seq):
        """The services as of an earlier number of this epoch, or None where that is forgotten."""
        services = dict(self.services)
        for number, identity, was in reversed(self._undo):
            if number <= seq:
                return services
            if was is None:
                services.pop(identity, None)
            else:
                services[identity] = was
        return services if seq == self.seq or (self._undo and self._undo[0][0] == seq + 1) else None


def state_of(service):
    return service["status"], tuple(service["overlays"])


def difference(one, other):
    """A sentence on what differs, or None."""
    if one == other:
        return None
    wrong = [i for i in one.keys() | other.keys() if one.get(i) != other.get(i)]
    first = min(wrong)
    return f"{len(wrong)} services, the first {first}: {one.get(first)} and {other.get(first)}"
