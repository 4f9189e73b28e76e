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
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def load(plan: dict) -> dict:
    """Let every connection ask one question after the other until time is up."""
    port, paths = plan["port"], plan["paths"]
    tags = dict.fromkeys(paths, "")
    if plan["again"]:
        tags = await _tags(port, paths)
        if not all(tags.values()):
            return {"answers": 0, "seconds": 0, "status": 0}
    asked = cycle([_request(path, tag) for path, tag in tags.items()])
    streams = [await _connect(port) for _ in range(plan["connections"])]
    # Whoever asks first may wait for a process to get ready: it is not counted.
    await asyncio.gather(*(_ask(one, next(asked)) for one in streams))
    start = perf_counter()
    end = start + plan["seconds"]
    counts = await asyncio.gather(*(_ask_until(end, one, asked) for one in streams))
    taken = perf_counter() - start
    for _reader, writer in streams:
        writer.close()
    statuses = sum(counts, Counter())
    status = statuses.popitem()[0] if len(statuses) == 1 else 0
    answers = sum(sum(count.values()) for count in counts)
    return {"answers": answers, "seconds": taken, "status": status}


async def _connect(port: int) -> Streams:
    return await asyncio.open_connection(HOST, port)


async def _tags(port: int, paths: Iterable[str]) -> dict[str, str]:
    streams = await _connect(port)
    found = {path: (await _ask(streams, _request(path)))[1] for path in paths}
    streams[1].close()
    return found


async def _ask_until(end: float, streams: Streams, asked: Iterable[bytes]) -> Counter:
    statuses = Counter()
    while perf_counter() < end:
        status, _tag = await _ask(streams, next(asked))
        statuses[status] += 1
    return statuses


async def _ask(streams: Streams, request: bytes) -> tuple[int, str]:
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status, length, tag = read_head(head)
    await reader.readexactly(length)
    return status, tag


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
