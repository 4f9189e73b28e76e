"""Reads files within 512 MB of memory, and says what became of each (see bad files).

Run as a process of its own: python -m tests.read_in_bounds FILE…
"""

import resource
import sys
import time
from pathlib import Path

import django

MEMORY = 512 * 1024 * 1024  # bytes


def main() -> None:
    django.setup()
    from providers.imports.rows import BadFile
    from providers.imports.tables import read_table

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for path in map(Path, sys.argv[1:]):
        started = time.monotonic()
        try:
            table = read_table(path, required=("name", "city", "country"))
            found = f"read {sum(1 for _ in table.records)} rows"
        except BadFile as error:
            found = str(error)
        except MemoryError:
            found = "MemoryError"
        print(f"{path.name}\t{time.monotonic() - started:.1f}\t{found}", flush=True)


if __name__ == "__main__":
    main()
