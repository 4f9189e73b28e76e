"""The Spanish catalogue: its messages, as written and as compiled."""

import ast
import gettext
import re

from django.conf import settings
from django.utils import translation

ROOT = settings.BASE_DIR
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES"

# Words that are the same in both languages.
SAME = {
    "Euros",
    "Farsi",
    "Hindi",
    "Hmong",
    "Medicaid",
    "Medicare",
    "No",
    "Ojibwa",
    "Urdu",
    "Yupik",
}


def read_po(text: str) -> list[dict[str, str]]:
    """The entries of a .po file, each as keyword → text, with its flags."""
    entries = []
    for block in text.split("\n\n"):
        entry, keyword = {"flags": ""}, None
        for line in block.splitlines():
            if line.startswith("#,"):
                entry["flags"] += line
            elif found := re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line):
                keyword = found[1]
                entry[keyword] = ast.literal_eval(found[2])
            elif line.startswith('"'):
                entry[keyword] += ast.literal_eval(line)
        if "msgid" in entry:
            entries.append(entry)
    return entries


ENTRIES = read_po((CATALOGUE / "django.po").read_text(encoding="utf-8"))
MESSAGES = [entry for entry in ENTRIES if entry["msgid"]]
with (CATALOGUE / "django.mo").open("rb") as compiled:
    COMPILED = gettext.GNUTranslations(compiled)


def translations_of(entry: dict[str, str]) -> list[str]:
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def pairs() -> list[tuple[str, str]]:
    """Each English text with each Spanish text that may stand for it."""
    found = []
    for entry in MESSAGES:
        for number, spanish in enumerate(translations_of(entry)):
            plural = number > 0 and entry.get("msgid_plural")
            found.append((plural or entry["msgid"], spanish))
    return found


def key_of(entry: dict[str, str]) -> str:
    context = entry.get("msgctxt")
    return f"{context}\x04{entry['msgid']}" if context else entry["msgid"]


def in_spanish(lazy) -> str:
    with translation.override("es"):
        return str(lazy)
