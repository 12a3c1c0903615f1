"""A tiny HTTP client on loopback: the standard library's asyncio and nothing else.

A client that understands more would measure itself as well. This one sends requests that are ready as bytes
on connections that stay open, and reads status and length.
"""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


@dataclass
class Load:
    """What came back. seconds: of each answer with 200; refused: answers with another status.

    wall: seconds of it all; worked: processor seconds of the server meanwhile.
    """

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    wall: float = 0.0
    worked: float = 0.0

    def quantile_ms(self, share: float) -> float:
        """A quantile of the seconds, in thousandths."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def per_s(self) -> float:
        """Answers with 200 a second."""
        return len(self.seconds) / self.wall


@dataclass(frozen=True)
class Server:
    """A server on loopback and its process."""

    port: int
    process: int

    def worked(self) -> float:
        """Processor seconds of the process and those it started, so far."""
        ticks, todo = 0, [self.process]
        while todo:
            one = todo.pop()
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
            todo += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        return ticks / os.sysconf("SC_CLK_TCK")


def get(path: str) -> bytes:
    """A GET as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode()


def post(path: str, body: Any) -> bytes:
    """A POST of JSON as it goes over the wire."""
    content = json.dumps(body, allow_nan=False).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(content)}\r\n\r\n".encode() + content


def ask(server: Server, request: bytes) -> tuple[int, Any]:
    """One request on a connection of its own: status, and the answer read as JSON."""

    async def once() -> tuple[int, bytes, bytes]:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        try:
            return await _exchange(reader, writer, request)
        finally:
            writer.close()

    status, _, content = asyncio.run(once())
    return status, json.loads(content)


def load(server: Server, requests: Sequence[bytes], *, callers: int, seconds: float) -> Load:
    """So many callers ask one after the other for so long, each on its own connection.

    Whoever is refused asks again after the seconds of Retry-After, as a caller should.
    """
    before = server.worked()
    found = asyncio.run(_load(server.port, requests, callers, seconds))
    found.worked = server.worked() - before
    return found


async def _load(port: int, requests: Sequence[bytes], callers: int, seconds: float) -> Load:
    found, began = Load(), time.perf_counter()
    ends = began + seconds
    await asyncio.gather(*(_call(port, requests[k:] + requests[:k], ends, found) for k in range(callers)))
    found.wall = time.perf_counter() - began
    return found


async def _call(port: int, requests: Sequence[bytes], ends: float, found: Load) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for request in cycle(requests):
        began = time.perf_counter()
        if began >= ends:
            break
        status, head, _ = await _exchange(reader, writer, request)
        if status == 200:
            found.seconds.append(time.perf_counter() - began)
        else:
            found.refused += 1
            await asyncio.sleep(min(float(_header(head, b"retry-after") or 0), ends - began))
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes, bytes]:
    """Status, head in small letters, content."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    content = await reader.readexactly(int(_header(head, b"content-length")))
    return int(head.split(b" ", 2)[1]), head, content


def _header(head: bytes, name: bytes) -> bytes:
    """A header's value; empty where it is not there."""
    _, _, rest = head.partition(b"\r\n" + name + b":")
    return rest.split(b"\r\n", 1)[0].strip()
