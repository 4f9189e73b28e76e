"""The README says what there is: its commands, columns and settings exist."""

import re
from pathlib import Path

from django.core.management import get_commands

from providers.imports.layouts import LAYOUTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "kapfinder" / "settings.py").read_text(encoding="utf-8")
NOT_DJANGOS = {"test"}  # what run.py does itself


def columns(of: str) -> set[str]:
    named = re.search(rf"of\s`{of}`[^`]*?(?:`;`\):\s|:\s)`([^`]+)`", README)
    return {word.strip("*") for word in named[1].split()}


def test_every_command_that_it_names_exists():
    named = set(re.findall(r"run\.py ([a-z_]+)", README)) - NOT_DJANGOS
    assert {"import", "export", "remind", "search"} <= named <= set(get_commands())


def test_it_names_every_column_of_our_layouts():
    # `last_verified` is the older name of `checked_on`, and still read.
    assert columns("listings") == set(LAYOUTS["listings"]) - {"last_verified"}
    assert columns("prices") == set(LAYOUTS["prices"])


def test_every_variable_that_it_documents_is_read():
    table = README[README.index("## Configure") : README.index("## PostgreSQL")]
    documented = set(re.findall(r"`([A-Z_]{4,})`[,| ]", table)) - {"PORT"}
    read = set(re.findall(r'"([A-Z_]{4,})"', SETTINGS))
    assert documented <= read
    assert {"SECOND_FACTOR", "DATABASE_URL", "ALLOWED_HOSTS"} <= documented
