"""Crisis lines: which to show to whom, as working tel: and sms: links.

Read from the table that editors keep; from the packaged file where that table is
empty or the database is away, so that help stands on every page.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from providers.models import CrisisLine, Region

DATA = Path(__file__).parent / "data"
LINES_FILE = DATA / "crisis_lines.json"
REGIONS_FILE = DATA / "regions.csv"
WORLD = "001"


def lines_for(country: str) -> list[CrisisLine]:
    """The lines for everyone in a country: its own, else its union's or the world's.

    At most two queries; none of the lines is another country's.
    """
    try:
        stored = list(CrisisLine.objects.for_country(country))
        stored = stored or list(CrisisLine.objects.around_country(country))
    except DatabaseError:
        stored = []
    return stored or packaged_for(country)


def every_line() -> list[CrisisLine]:
    """All lines, for every audience, with their regions."""
    try:
        stored = list(CrisisLine.objects.select_related("region__parent"))
    except DatabaseError:
        stored = []
    return stored or list(packaged())


def packaged_for(country: str) -> list[CrisisLine]:
    """As `lines_for`, from the packaged file alone: no database is asked."""
    lines = [line for line in packaged() if line.audience == "everyone"]
    own = [line for line in lines if line.region_id.partition("-")[0] == country]
    around = {WORLD, getattr(_regions().get(country), "parent_id", WORLD)}
    wider = [line for line in lines if line.region_id in around]
    return own or sorted(wider, key=lambda line: line.region_id == WORLD)


@cache
def packaged() -> tuple[CrisisLine, ...]:
    """The packaged lines as unsaved rows; none where the file is lost or broken.

    An error page reads this, so it must not fail.
    """
    try:
        rows = json.loads(LINES_FILE.read_text(encoding="utf-8"))
        return tuple(_line(row) for row in rows)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ()


def _line(row: dict) -> CrisisLine:
    dates = {
        name: date.fromisoformat(row[name]) for name in ("checked_on", "review_by")
    }
    region = _regions().get(row["region"]) or Region(code=row["region"])
    return CrisisLine(**row | dates | {"region": region})


@cache
def _regions() -> dict[str, Region]:
    try:
        with REGIONS_FILE.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        regions = {row["code"]: _region(row) for row in rows}
        for row in rows:
            regions[row["code"]].parent = regions.get(row["parent"])
    except (OSError, ValueError, LookupError):
        return {}
    return regions


def _region(row: dict) -> Region:
    columns = ("code", "kind", "name_en", "name_es")
    return Region(**{name: row[name] for name in columns})


# --- In words -------------------------------------------------------------------------


def sentence(lines: Iterable[CrisisLine], country: str) -> SafeString:
    """ "In danger now? Call or text 988. Emergency 911.", each number a link.

    The first number to call, the first to text and the emergency number; lines of
    the whole country come before those of its parts.
    """
    ranked = sorted(lines, key=lambda line: line.region_id != country)
    call = next((line for line in ranked if line.call), None)
    text = next((line for line in ranked if line.text_to), None)
    ways = _ways(call, text) or [website(li) for li in ranked if li.website][:1]
    number = next((line.emergency for line in ranked if line.emergency), "")
    if number:
        ways.append(_call(number, _("Emergency {number}")))
    ways = ways or [_("Call your country's emergency number")]
    said = format_html_join(" ", "{}.", ((way,) for way in ways))
    return format_html("{} {}", _("In danger now?"), said)


def operators_sentence() -> SafeString:
    """The sentence for the operator's country, without the database."""
    country = settings.DEFAULT_COUNTRY
    return sentence(packaged_for(country), country)


def ways(line: CrisisLine) -> SafeString:
    """One line's number to call and number to text, as links."""
    listed = _ways(line if line.call else None, line if line.text_to else None)
    return format_html_join(" ", "{}.", ((way,) for way in listed))


def website(line: CrisisLine) -> SafeString:
    """A line's website as a link that shows its host."""
    host = line.website.partition("://")[2].strip("/")
    link = '{} <a href="{}" rel="noopener noreferrer">{}</a>'
    return format_html(link, _("Find help at"), line.website, host)


def emergency(line: CrisisLine) -> SafeString:
    return _call(line.emergency, "{number}")


def _ways(call: CrisisLine | None, text: CrisisLine | None) -> list[SafeString]:
    if call and call is text and call.call == text.text_to and not text.text_body:
        either = format_html(
            _("{call} or {text}"),
            call=_call(call.call, _("Call")),
            text=_text(text, _("text {number}")),
        )
        return [either]
    listed = [_call(call.call, _("Call {number}"))] if call else []
    if text:
        words = _("Text {word} to {number}") if text.text_body else _("Text {number}")
        listed.append(_text(text, words))
    return listed


def _call(number: str, words: str) -> SafeString:
    return _link(f"tel:{_dialled(number)}", words.format(number=number))


def _text(line: CrisisLine, words: str) -> SafeString:
    address = f"sms:{_dialled(line.text_to)}"
    if line.text_body:
        address += f"?body={line.text_body}"
    return _link(address, words.format(number=line.text_to, word=line.text_body))


def _link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)


def _dialled(number: str) -> str:
    return "".join(c for c in number if c in "+,0123456789")
