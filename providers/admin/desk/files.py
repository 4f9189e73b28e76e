"""An editor's kept file: as a file on the disk, and how it is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import Http404, HttpRequest

from providers import rights
from providers.imports.layouts import LAYOUTS
from providers.imports.rows import reported
from providers.imports.staging import KINDS
from providers.models import Upload

ROWS_A_SECOND = 150  # that an import manages on a slow machine


def own_upload(request: HttpRequest, pk: int) -> Upload:
    """A file of the person at the desk; nobody else's is to be found."""
    found = Upload.objects.filter(pk=pk, by=request.user).first()
    if found is None:
        raise Http404("No such file: it was brought in or dropped, or is another's.")
    return found


@contextmanager
def on_disk(file_name: str, content: bytes) -> Iterator[Path]:
    """The file under its own name, for as long as the block runs."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file_name).name or "upload")
        path.write_bytes(content)
        yield path


def how_to_read(upload: Upload) -> dict[str, Any]:
    """What `pipeline` is told of the file, apart from its kind and its path."""
    options = upload.options
    when = options.get("reported", "")
    return {
        "reported": reported(when) if when else None,
        "keep_all": options.get("keep_all", False),
        "mapping": options.get("mapping"),
    }


def whose(request: HttpRequest) -> dict[str, Any]:
    """The regions that an import by this person may change."""
    return {"within": rights.regions_of(request.user)}


def needs_columns(kind: str, headings: Iterable[str]) -> bool:
    """Whether a person must say which column is what."""
    if kind not in LAYOUTS:
        return False
    headings = set(headings)
    return bool(headings - set(LAYOUTS[kind]) or set(KINDS[kind].REQUIRED) - headings)


def seconds(rows: int) -> int:
    """About how long it takes to bring so many rows in, at most."""
    return max(1, round(rows / ROWS_A_SECOND))
