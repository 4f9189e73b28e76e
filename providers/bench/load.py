"""Asks a server as fast as it answers, in a process of its own, and counts.

    python -m providers.bench.load < plan.json

The plan: {"port": 8000, "seconds": 3, "connections": 8, "again": false, "paths": […]}.
`again`: ask for each path a second time, with the ETag of the first answer. Prints
{"answers": 1234, "seconds": 3.001, "status": 200}; status 0: answers of several kinds,
or no ETag to ask with. Standard library only.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import cycle
from time import perf_counter

HOST = "127.0.0.1"
LARGEST = 1 << 20  # bytes of an answer with its head
_END = b"\r\n\r\n"  # of a head


async def load(plan: dict) -> dict:
    """Let every connection ask one question after the other until time is up."""
    port, paths = plan["port"], plan["paths"]
    tags = dict.fromkeys(paths, "")
    if plan["again"]:
        tags = await _tags(port, paths)
        if not all(tags.values()):
            return {"answers": 0, "seconds": 0, "status": 0}
    asked = cycle([_request(path, tag) for path, tag in tags.items()])
    connections = [await _connect(port) for _ in range(plan["connections"])]
    # Whoever asks first may wait for a process to get ready: it is not counted.
    await asyncio.gather(*(one.ask(next(asked)) for one in connections))
    start = perf_counter()
    end = start + plan["seconds"]
    counts = await asyncio.gather(*(_ask_until(end, c, asked) for c in connections))
    taken = perf_counter() - start
    for one in connections:
        one.close()
    statuses = sum(counts, Counter())
    status = statuses.popitem()[0] if len(statuses) == 1 else 0
    answers = sum(sum(count.values()) for count in counts)
    return {"answers": answers, "seconds": taken, "status": status}


class Connection(asyncio.BufferedProtocol):
    """One connection that is kept. Every answer is read into the same memory: new
    memory for each would take time that the server on this machine needs."""

    def __init__(self) -> None:
        self._memory = bytearray(LARGEST)
        self._begin()

    def _begin(self) -> None:
        self._filled, self._length = 0, 0
        self._told: tuple[int, str] = 0, ""
        self._done = asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes) -> tuple[int, str]:
        """The status of the answer and its ETag."""
        self._begin()
        self._transport.write(request)
        await self._done
        return self._told

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server hung up"))

    def get_buffer(self, sizehint: int) -> memoryview:
        return memoryview(self._memory)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if not self._length:
            self._read_head()
        if self._length and self._filled >= self._length:
            self._done.set_result(None)

    def _read_head(self) -> None:
        end = self._memory.find(_END, 0, self._filled)
        if end >= 0:
            status, length, tag = read_head(bytes(self._memory[:end]))
            self._told, self._length = (status, tag), end + len(_END) + length


async def _connect(port: int) -> Connection:
    loop = asyncio.get_running_loop()
    _transport, connection = await loop.create_connection(Connection, HOST, port)
    return connection


async def _tags(port: int, paths: Iterable[str]) -> dict[str, str]:
    connection = await _connect(port)
    found = {path: (await connection.ask(_request(path)))[1] for path in paths}
    connection.close()
    return found


async def _ask_until(
    end: float, connection: Connection, asked: Iterable[bytes]
) -> Counter:
    statuses = Counter()
    while perf_counter() < end:
        status, _tag = await connection.ask(next(asked))
        statuses[status] += 1
    return statuses


def _request(path: str, tag: str = "") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: en"]
    if tag:
        lines.append(f"If-None-Match: {tag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_head(head: bytes) -> tuple[int, int, str]:
    """The status of an answer, how many bytes follow, and its ETag, "" for none.

    Raises ValueError where the answer does not tell how long it is.
    """
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _colon, value in pairs}
    status = int(first.split()[1])
    if status != 304 and "content-length" not in headers:
        raise ValueError(f"an answer {status} of unknown length")
    length = 0 if status == 304 else int(headers["content-length"])
    return status, length, headers.get("etag", "")


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(json.load(sys.stdin)))))
