"""What the hub is told to watch, and how it changes from reload to reload."""

import random

from target import http_address, tcp_address

TCP_FROM, TCP_LAST = 500_000, 500_250  # numbers of the TCP targets; all others answer HTTP
APP_FROM = 900_000  # number of the first project's own target
PROJECTS = 50
TIMEOUT = "3s"


def connects_only(number):
    return TCP_FROM <= number < TCP_LAST


class Fleet:
    """Services by number; `change()` adds, removes, alters and brings back some."""

    def __init__(self, seed, services, port):
        self.dice = random.Random(f"fleet:{seed}")
        self.port = port
        self.next_number = services - PROJECTS - (TCP_LAST - TCP_FROM)
        numbers = list(range(self.next_number)) + list(range(TCP_FROM, TCP_LAST))
        self.services = {number: self._made() for number in numbers}
        self.removed = []

    def _made(self):
        return {
            "interval": self.dice.choice((6, 8, 10, 12, 14)),
            "retries": self.dice.choice((0, 1, 2)),
            "connection": self.dice.choice(("reuse", "reuse", "reuse", "fresh")),
        }

    def change(self, how_many):
        """Changes `how_many` services in each of the ways; tells the numbers that were touched."""
        touched = set()
        http = [number for number in self.services if not connects_only(number)]
        for number in self.dice.sample(http, how_many):
            del self.services[number]
            self.removed.append(number)
            touched.add(number)
        back = min(len(self.removed), how_many // 2)
        for number in self.dice.sample(self.removed, back):
            self.removed.remove(number)
            self.services[number] = self._made()
            touched.add(number)
        for _ in range(how_many - back):
            self.services[self.next_number] = self._made()
            self.next_number += 1
        for number in self.dice.sample(list(self.services), how_many):
            self.services[number] = self._made()
            touched.add(number)
        return touched

    def yaml(self, address):
        """The configuration. `address` is where the hub listens."""
        lines = [
            f'hub: {{ listen: ["{address}"] }}',
            "logging: { level: warn }",
            f"defaults: {{ timeout: {TIMEOUT} }}",
            "projects:",
        ]
        by_project = [[] for _ in range(PROJECTS)]
        for number in self.services:
            by_project[number % PROJECTS].append(number)
        for project, numbers in enumerate(by_project):
            app = APP_FROM + project
            lines.append(
                f"  - name: p{project}\n"
                f"    url: http://{http_address(app)}:{self.port}\n"
                f"    healthPath: /s/{app}\n"
                f"    metrics: off\n    timeout: {TIMEOUT}\n"
                f"    services:"
            )
            lines.extend(self._service(number) for number in numbers)
        return "\n".join(lines) + "\n"

    def _service(self, number):
        service = self.services[number]
        if connects_only(number):
            probe = f'{{ tcp: "{tcp_address(number)}:{self.port}" }}'
        else:
            probe = f'{{ http: "http://{http_address(number)}:{self.port}/s/{number}" }}'
        return (
            f"      - {{ name: s{number}, interval: {service['interval']}s, retries: {service['retries']},"
            f" connection: {service['connection']}, probe: {probe} }}"
        )


def number_of(project, service):
    """The number of a service from its names, which are ours: `p7/app`, `p7/s1057`."""
    return APP_FROM + int(project[1:]) if service == "app" else int(service[1:])
