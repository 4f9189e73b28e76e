"""An import of 5,000 rows, killed at random moments: nothing lost, nothing half.

    python -m tests.kill_imports 50

Each time a directory of 500 listings is to become one of 5,000. After the kill the
database holds the one or the other to the last row, and the next run completes it.
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.scratch import contents, manage, many_listings, new_database, python

ROWS = 5_000


def run(times: int, folder: Path, *, seed: int | None = None) -> list[str]:
    """Kill that many imports. Returns a line on each; raises AssertionError."""
    chance = random.Random(seed)
    was, file = _directory(folder)
    wanted, seconds = _whole_import(was, file)
    before = contents(was)
    lines = []
    for number in range(times):
        database = _copy(was, folder / f"killed{number}.sqlite3")
        moment = seconds * chance.uniform(0.1, 1.05)
        is_killed = _kill_after(moment, database, file)
        found = contents(database)
        assert found in (before, wanted), f"half an import after {moment:.2f} s"
        if number in (0, times - 1):
            manage(database, "import", "listings", str(file))
            _assert_same_listings(contents(database), wanted)
        word = "whole" if found == wanted else "nothing"
        how = "killed" if is_killed else "done"
        lines.append(f"{how} after {moment:.2f} of {seconds:.2f} s: {word} is kept")
    return lines


def _directory(folder: Path) -> tuple[Path, Path]:
    """A database of 500 listings, and the file that changes them and adds 4,500."""
    database = new_database(folder / "was.sqlite3")
    old = many_listings(folder / "old.csv", range(500), last_verified="2022")
    manage(database, "import", "listings", str(old))
    cells = {"phone": "303-555-0118", "last_verified": "2024"}
    return database, many_listings(folder / "new.csv", range(ROWS), **cells)


def _copy(database: Path, to: Path) -> Path:
    # Whoever closed it last has written its log back into it.
    shutil.copyfile(database, to)
    return to


def _whole_import(was: Path, file: Path) -> tuple[dict, float]:
    """What an import that nobody kills leaves, and how many seconds it takes."""
    database, start = _copy(was, was.with_name("whole.sqlite3")), time.monotonic()
    manage(database, "import", "listings", str(file))
    return contents(database), time.monotonic() - start


def _kill_after(seconds: float, database: Path, file: Path) -> bool:
    process = python(database, "manage.py", "import", "listings", str(file))
    time.sleep(seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _assert_same_listings(found: dict, wanted: dict) -> None:
    """The same listings; the run that found them whole already is one more."""
    runs = {"providers_importrun"}
    for table in found.keys() - runs:
        assert found[table] == wanted[table], table


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        for line in run(times, Path(folder)):
            print(line)
    print(f"{times} imports killed: nothing lost, nothing half.")


if __name__ == "__main__":
    main()
