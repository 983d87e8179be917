#!/usr/bin/env python3
"""What compose.yaml starts, without containers: PostgreSQL, Redis, the hub and three projects to watch,
in a temporary folder and on free ports, until Ctrl-C. `./dev up --full` builds the hub and calls it."""

import argparse
import shlex
import sys

from composition import ADDRESS, DATABASE, USER, Composition
from interruption import Interrupted, Interruption
from part import Failed
from programs import DEMOS, Missing, find_ours, find_servers


def say(text):
    print(f"composition: {text}", file=sys.stderr, flush=True)


def table(whole):
    """Where everything is, for a person."""
    variables = whole.shell_variables()

    def line(name, place, pid):
        return f"  {name:<13} {place:<32} pid {pid}"

    return "\n".join([
        line("hub", whole.hub_url, whole.parts["hub"].pid),
        *(line(demo, f"http://{ADDRESS}:{whole.demo_ports[demo]}", whole.parts[demo].pid)
          for demo in DEMOS),
        line("PostgreSQL", f"{ADDRESS}:{whole.postgres_port}", whole.parts["postgres"].pid),
        line("Redis", f"{ADDRESS}:{whole.redis_port}", whole.parts["redis"].pid),
        f"  token         {variables['MUSTER_TOKEN']}",
        f"  logs          {whole.folder}/*.log",
        "",
        f"  PGPASSWORD={variables['PGPASSWORD']} psql -h {ADDRESS} -p {whole.postgres_port} "
        f"-U {USER} -d {DATABASE}",
        f"  redis-cli -h {ADDRESS} -p {whole.redis_port}",
        "",
        "  all of this as variables of a shell, for docs/acceptance.md:",
        f"  . {shlex.quote(str(whole.folder / 'environment'))}",
        "",
    ])


def port(text):
    number = int(text)
    if not 0 < number < 65_536:
        raise ValueError(text)
    return number


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev up --full", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="PostgreSQL, Redis, the hub and three projects to watch, in a temporary folder and "
                    "on free ports,\nuntil Ctrl-C or SIGTERM: then all of it is gone.",
        epilog="MUSTER_TOKEN, HUB_ID, LOG_LEVEL and LOG_FORMAT are taken as compose.yaml takes them.")
    parser.add_argument("--bin", default="build/bin", metavar="FOLDER",
                        help="programs of another build, which is not built (default: build/bin)")
    parser.add_argument("--port", type=port, help="of the hub (default: a free one)")
    return parser.parse_args()


def main():
    options = arguments()
    interruption = Interruption()
    try:
        whole = Composition(find_servers(), find_ours(options.bin), interruption, options.port)
    except (Missing, Failed, OSError) as error:
        say(error)
        return 1
    try:
        say(f"starting, in {whole.folder}")
        whole.start()
        say("everything runs; Ctrl-C ends it")
        print(table(whole), flush=True)
        say(whole.watch(say))
        return 1
    except (Failed, OSError) as error:
        say(error)
        return 1
    except Interrupted:
        say("ending")
        return 0
    finally:
        whole.end()


if __name__ == "__main__":
    sys.exit(main())
