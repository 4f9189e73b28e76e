"""The secret key's file. Standard library only."""

import os
import secrets
import tempfile
from pathlib import Path


def read_or_create(path: Path) -> str:
    """Return the key kept in `path`; make it first (mode 0600) where there is none.

    Shape: at least 50 characters. Two processes that start together get one key.
    Raises: OSError where the folder cannot be written, ValueError for a short key.
    """
    if not path.exists():
        _create(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 50:
        raise ValueError(f"{path} holds fewer than 50 characters: delete it")
    return key


def _create(path: Path) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    try:
        with open(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        _keep_the_first(Path(draft), path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _keep_the_first(draft: Path, path: Path) -> None:
    """A link, unlike a rename, leaves alone the file another process has made."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        os.replace(draft, path)
