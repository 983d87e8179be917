"""A Docker Engine of one's own: its data, socket and firewall rules are gone with it."""

import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE = 60  # seconds for the engine to come up
NEEDS = ("dockerd", "docker-compose", "debootstrap", "iptables-save", "iptables-restore")
# The tables that Docker writes to, as they are where nobody has: iptables-save does not show those.
UNTOUCHED = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
}
FORWARDING = pathlib.Path("/proc/sys/net/ipv4/ip_forward")


class CannotRun(Exception):
    """Why there is no engine here, in plain words."""


def why_not():
    """Why none can be started here; None: nothing is known against it."""
    if os.geteuid() != 0:
        return "a Docker Engine is started by root only"
    missing = [name for name in NEEDS if not shutil.which(name)]
    if missing:
        return f"missing here: {', '.join(missing)} (./dev deps compose)"
    if pathlib.Path("/run/docker.pid").exists():
        return "a Docker Engine runs here already; two would mix up their firewall rules"
    return None


def run(*command, **options):
    """What a command that must succeed said."""
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                          check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-4000:]}\n"
                             f"{done.stderr[-4000:]}")
    return done.stdout


def mirror():
    """From where this machine has its Debian 12."""
    said = run("apt-get", "indextargets", "--format", "$(CODENAME) $(COMPONENT) $(REPO_URI)",
               "Created-By: Packages")
    for line in said.splitlines():
        codename, component, uri = line.split(maxsplit=2)
        if (codename, component) == ("bookworm", "main"):
            return uri
    raise CannotRun("apt knows no source of Debian 12's packages")


def firewall():
    """All rules of now, to be given to iptables-restore."""
    rules = run("iptables-save")
    for table, chains in UNTOUCHED.items():
        if f"*{table}\n" not in rules:
            lines = "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains)
            rules += f"*{table}\n{lines}COMMIT\n"
    return rules


class DockerEngine:
    """Started by start(), ended by stop(), which must be called even if start() raised."""

    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-docker-"))
        self._process = None
        self._rules = firewall()
        self._forwarding = FORWARDING.read_text()
        self._log = self._folder / "log"
        socket = f"unix://{self._folder}/docker.sock"
        # Debian's client, not one that lies before it in the path and may be newer than the engine.
        self.docker = ["/usr/bin/docker", "--host", socket]
        self.environment = dict(os.environ, DOCKER_HOST=socket, DOCKER_BUILDKIT="0",
                                DOCKER_CONFIG=str(self._folder / "config"))

    def start(self):
        with open(self._log, "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                ["dockerd", "--data-root", str(self._folder / "data"),
                 "--exec-root", str(self._folder / "exec"),
                 "--pidfile", str(self._folder / "pid"),
                 "--host", f"unix://{self._folder}/docker.sock", "--bridge", "none"],
                stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE
        while subprocess.run([*self.docker, "info"], capture_output=True,
                             check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > end:
                last = self._log.read_text().strip().splitlines()[-1:]
                raise CannotRun(f"dockerd does not start here: {' '.join(last)}")
            select.select([], [], [], 0.1)

    def import_debian(self, name):
        """A minimal Debian 12 as an image of this name."""
        root = self._folder / "debian"
        made = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(root), mirror()],
                              text=True, capture_output=True, check=False)
        if made.returncode != 0:
            last = made.stdout.strip().splitlines()[-1:]
            raise CannotRun(f"debootstrap cannot make a Debian 12 here: {' '.join(last)}")
        # How this machine asks its mirror is how the image's builds must ask it.
        for file in pathlib.Path("/etc/apt/apt.conf.d").glob("*"):
            if "Check-Valid-Until" in file.read_text(errors="replace"):
                shutil.copy(file, root / "etc/apt/apt.conf.d")
        shutil.rmtree(root / "var/cache/apt/archives", ignore_errors=True)
        with subprocess.Popen(["tar", "--create", "--directory", str(root), "."],
                              stdout=subprocess.PIPE) as tree:
            run(*self.docker, "import", "-", name, stdin=tree.stdout)
        shutil.rmtree(root)

    def build(self, context, *arguments):
        """With this machine's network: its packages come from where the machine has them."""
        run(*self.docker, "build", "--network", "host", *arguments, context, env=self.environment)

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for line in reversed(pathlib.Path("/proc/mounts").read_text().splitlines()):
            if line.split()[1].startswith(str(self._folder)):
                run("umount", "--lazy", line.split()[1])
        run("iptables-restore", input=self._rules)
        FORWARDING.write_text(self._forwarding)
        shutil.rmtree(self._folder)
