"""Where the programs of the composition are on this machine."""

import os
import pathlib
import shutil

DEMOS = ("email-blast", "chatbot", "social-media")
# Debian keeps each version of PostgreSQL's programs in a folder of its own.
POSTGRES = pathlib.Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15
PACKAGES = {
    "initdb": "postgresql-15",
    "postgres": "postgresql-15",
    "createdb": "postgresql-15",
    "pg_isready": "postgresql-15",
    "redis-server": "redis-server",
    "setpriv": "util-linux",
}


class Missing(Exception):
    """What is not here, and what to do about it."""


def versions(folder):
    """Folders of PostgreSQL's programs that are new enough, the newest first."""
    if not folder.is_dir():
        return []
    numbers = [int(entry.name) for entry in folder.iterdir() if entry.name.isdigit()]
    return [folder / str(number) / "bin" for number in sorted(numbers, reverse=True)
            if number >= OLDEST_POSTGRES]


def find_servers(postgres=POSTGRES, path=None, system=("/usr/bin", "/usr/sbin")):
    """The path of each program of PACKAGES; Missing names all that are not here, with their packages."""
    path = os.environ.get("PATH", os.defpath) if path is None else path
    folders = os.pathsep.join([*map(str, versions(postgres)), path, *system])
    found = {name: shutil.which(name, path=folders) for name in PACKAGES}
    missing = [name for name, place in found.items() if place is None]
    if missing:
        packages = sorted({PACKAGES[name] for name in missing})
        raise Missing(f"missing here: {', '.join(missing)}. They are of the packages "
                      f"{' '.join(packages)}: ./dev deps full")
    return found


def find_ours(folder):
    """The paths of the hub and of the demo projects in a build's folder of programs."""
    folder = pathlib.Path(folder).resolve()
    ours = {name: folder / name for name in ("muster-hub", *(f"demo-{demo}" for demo in DEMOS))}
    missing = [name for name, place in ours.items() if not os.access(place, os.X_OK)]
    if missing:
        raise Missing(f"there is no {', '.join(missing)} in {folder}: build them (./dev build), or "
                      "name the folder of another build by --bin")
    return ours
