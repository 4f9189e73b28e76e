"""Requests a second of the site under granian, over the scratch database."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import NamedTuple

from django.conf import settings

import run

CONNECTIONS = 8
SECONDS, ROUNDS = 1, 9  # each view in turn, so that all meet the same weather
READY_WITHIN_S = 60
OURS = ("ALLOWED_HOSTS", "DEBUG", "HTTPS", "PORT", "SECOND_FACTOR", "TIME_ZONE")


class Rates(NamedTuple):
    """Requests a second; `not_modified` is None where a search has no ETag."""

    workers: int
    bare: float
    search: float
    not_modified: float | None


def rates(database: Path, queries: Sequence[str]) -> Rates:
    """Ask granian for a bare view, for searches, and for the same searches again."""
    searches = [f"/search/?{query}" for query in dict.fromkeys(queries)]
    views = {"bare": ["/bare/"], "search": searches, "not_modified": searches}
    found = {name: [] for name in views}
    with _served(database) as (port, workers):
        for _round in range(ROUNDS):
            for name, paths in views.items():
                found[name].append(_rate(port, paths, again=name == "not_modified"))
    middle = {n: None if None in own else median(own) for n, own in found.items()}
    return Rates(workers=workers, **middle)


def _rate(port: int, paths: list[str], *, again: bool) -> float | None:
    plan = {"port": port, "paths": paths, "again": again}
    plan |= {"seconds": SECONDS, "connections": CONNECTIONS}
    done = subprocess.run(
        [sys.executable, "-m", "providers.bench.load"],
        cwd=settings.BASE_DIR,
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    if again and not found["status"]:
        return None
    if found["status"] != (304 if again else 200):
        raise RuntimeError(f"{paths[0]}: answered {found['status']}")
    return round(found["answers"] / found["seconds"], 1)


@contextmanager
def _served(database: Path) -> Iterator[tuple[int, int]]:
    """The port at which granian serves, as run.py starts it, and its workers."""
    port = _free_port()
    words = [*run.granian("127.0.0.1", port)[1:-1], "providers.bench.site:application"]
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    env |= {"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": settings.SECRET_KEY}
    server = subprocess.Popen([sys.executable, *words], cwd=settings.BASE_DIR, env=env)
    try:
        _wait_for(port, server)
        yield port, int(words[words.index("--workers") + 1])
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen) -> None:
    end = monotonic() + READY_WITHIN_S
    while monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            sleep(0.1)
    raise RuntimeError("granian does not answer")
