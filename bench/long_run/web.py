"""HTTP and WebSocket (RFC 6455) as a client of the hub needs them, over asyncio's streams."""

import asyncio
import base64
import json
import os
import struct

CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10
ROOM = 1 << 26  # the longest line or frame that is taken


class Refused(Exception):
    """The hub answered with another status than was asked for."""

    def __init__(self, status, text):
        super().__init__(f"status {status}: {text[:200]}")
        self.status = status


async def _head(reader):
    """Status and headers, names in lower case."""
    status = int((await reader.readline()).split(b" ", 2)[1])
    headers = {}
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return status, headers


async def _open(port, method, path, headers, body=b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=ROOM)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
    try:
        status, answered = await _head(reader)
    except (IndexError, ValueError):
        writer.transport.abort()
        raise ConnectionResetError("ended before its answer") from None
    return reader, writer, status, answered


async def _chunks(reader):
    while size := int(await reader.readline() or b"0", 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)


async def request(port, path, sent=None, timeout_s=30.0):
    """The body of an answer with status 200 or 202 to a GET, or to a POST where JSON is sent.

    Refused for another status, OSError or TimeoutError without an answer.
    """
    async with asyncio.timeout(timeout_s):
        headers = {"Connection": "close"}
        method = "GET" if sent is None else "POST"
        text = b"" if sent is None else json.dumps(sent).encode()
        if sent is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(text))}
        reader, writer, status, answered = await _open(port, method, path, headers, text)
        try:
            if answered.get("transfer-encoding") == "chunked":
                body = b"".join([chunk async for chunk in _chunks(reader)])
            else:
                body = await reader.readexactly(int(answered["content-length"]))
        except asyncio.IncompleteReadError:
            raise ConnectionResetError("ended within its answer") from None
        finally:
            writer.transport.abort()
        if status not in (200, 202):
            raise Refused(status, body.decode(errors="replace"))
        return body


async def get(port, path):
    """The JSON of a GET."""
    return json.loads(await request(port, path))


class WebSocket:
    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port, path):
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        }
        async with asyncio.timeout(30):
            reader, writer, status, _ = await _open(port, "GET", path, headers)
        if status != 101:
            writer.transport.abort()
            raise Refused(status, path)
        return cls(reader, writer)

    def _send(self, opcode, payload):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self._writer.write(bytes((0x80 | opcode, 0x80 | len(payload))) + mask + masked)

    async def text(self):
        """The next text, or None where the hub closed. Pings are answered."""
        parts = []
        while True:
            try:
                first, second = await self._reader.readexactly(2)
                size = second & 0x7F
                if size == 126:
                    (size,) = struct.unpack(">H", await self._reader.readexactly(2))
                elif size == 127:
                    (size,) = struct.unpack(">Q", await self._reader.readexactly(8))
                payload = await self._reader.readexactly(size)
            except asyncio.IncompleteReadError:
                return None
            opcode = first & 0x0F
            if opcode in (TEXT, CONTINUATION):
                parts.append(payload)
                if first & 0x80:
                    return b"".join(parts)
            if opcode == CLOSE:
                return None
            if opcode == PING:
                self._send(PONG, payload)

    def close(self, politely):
        if politely:
            self._send(CLOSE, struct.pack(">H", 1000))
            self._writer.close()
        else:
            self._writer.transport.abort()


class EventStream:
    """Server-Sent Events: `event()` gives (id, event, data)."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port, path, last_id=None):
        headers = {"Last-Event-ID": last_id} if last_id else {}
        async with asyncio.timeout(30):
            reader, writer, status, answered = await _open(port, "GET", path, headers)
        if status != 200 or not answered["content-type"].startswith("text/event-stream"):
            writer.transport.abort()
            raise Refused(status, path)
        return cls(reader, writer)

    async def event(self):
        """The next event, or None where the stream ended."""
        while True:
            try:
                block = await self._reader.readuntil(b"\n\n")
            except asyncio.IncompleteReadError:
                return None
            lines = (line.split(b": ", 1) for line in block.split(b"\n"))
            fields = dict(line for line in lines if len(line) == 2 and line[0])
            if b"data" in fields:
                return fields.get(b"id", b"").decode(), fields[b"event"].decode(), fields[b"data"]

    def close(self):
        self._writer.transport.abort()
