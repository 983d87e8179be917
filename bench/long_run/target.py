"""The targets: one process that plays every life and writes down what it did.

HTTP targets share some addresses of 127.1.0.0/16 and are told apart by their path `/s/<number>`; each
TCP target has an address of its own in 127.2.0.0/16 and a listener that comes and goes. Every request
is a line of `target.log`: RECORD of number, mood and the moment in ms since 1970.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import signal
import socket
import struct
import time

from lives import FAILING, HANGING, SILENT, SLOW, SLOW_S, UP, life_of

RECORD = struct.Struct("<IBq")
HTTP_ADDRESSES = 64

GOOD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'
BAD = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nbad\n"
STRANGE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def http_address(number):
    return f"127.1.0.{1 + number % HTTP_ADDRESSES}"


def tcp_address(number):
    return f"127.2.{number // 250 % 250}.{1 + number % 250}"


class Stage:
    """All lives, made when they are first needed, and the log."""

    def __init__(self, seed, started_at, length_s, log):
        self.seed, self.started_at, self.length_s, self.log = seed, started_at, length_s, log
        self.lives = {}

    def mood(self, number, connects_only=False):
        life = self.lives.get(number)
        if life is None:
            life = self.lives[number] = life_of(self.seed, number, self.length_s, connects_only)
        return life.at(time.time() - self.started_at)

    def note(self, number, mood):
        self.log.write(RECORD.pack(number, mood, int(time.time() * 1000)))


class HttpTarget(asyncio.Protocol):
    def __init__(self, stage, loop):
        self.stage, self.loop = stage, loop
        self.transport = None
        self.head = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.head += data
        if b"\r\n\r\n" not in self.head:
            return
        head, self.head = self.head, b""
        path = head.split(b" ", 2)[1]
        if not path.startswith(b"/s/") or not path[3:].isdigit():
            self.transport.write(STRANGE)
            return
        number = int(path[3:])
        mood = self.stage.mood(number)
        self.stage.note(number, mood)
        if mood == UP:
            self.transport.write(GOOD)
        elif mood == SLOW:
            self.loop.call_later(SLOW_S, self.answer_late)
        elif mood == FAILING:
            self.transport.write(BAD)
        elif mood == SILENT:
            self.transport.abort()
        else:
            assert mood == HANGING

    def answer_late(self):
        if not self.transport.is_closing():
            self.transport.write(GOOD)


class TcpTarget(asyncio.Protocol):
    """Takes a connection and ends when its peer ends."""

    def __init__(self, stage, number):
        self.stage, self.number = stage, number

    def connection_made(self, transport):
        self.stage.note(self.number, UP)


async def follow_life(stage, loop, number, port):
    """Opens and closes the listener of a TCP target along its life."""
    server = None
    stage.mood(number, connects_only=True)
    life = stage.lives[number]
    for index, mood in enumerate(life.moods):
        await asyncio.sleep(stage.started_at + life.begins[index] - time.time())
        if mood == UP and server is None:
            server = await loop.create_server(
                lambda: TcpTarget(stage, number), tcp_address(number), port, backlog=64
            )
        elif mood != UP and server is not None:
            server.close()
            server = None
    await asyncio.Event().wait()


def listener(address, port):
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((address, port))
    listening.listen(4096)
    return listening


async def play(arguments):
    loop = asyncio.get_running_loop()
    with open(arguments.log, "wb", buffering=1 << 16) as log:
        stage = Stage(arguments.seed, arguments.started_at, arguments.length, log)
        servers = [
            await loop.create_server(
                lambda: HttpTarget(stage, loop), sock=listener(http_address(i), arguments.port)
            )
            for i in range(HTTP_ADDRESSES)
        ]
        first, last = arguments.tcp
        tasks = [
            asyncio.create_task(follow_life(stage, loop, number, arguments.port))
            for number in range(first, last)
        ]
        told_to_end = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, told_to_end.set)
        print("ready", flush=True)
        parent = os.getppid()
        while os.getppid() == parent and not told_to_end.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(told_to_end.wait(), 1)
            log.flush()
            for task in tasks:
                if task.done():
                    task.result()
        for server in servers:
            server.close()


def main():
    parser = argparse.ArgumentParser(description="the targets of the long run")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--started-at", type=float, required=True, help="seconds since 1970")
    parser.add_argument("--length", type=float, required=True, help="seconds")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tcp", type=int, nargs=2, required=True, metavar=("FIRST", "LAST"))
    parser.add_argument("--log", required=True)
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(play(arguments))


if __name__ == "__main__":
    main()
