"""A listing's parts in words: what a page says of a path and of what stands there.

Everything that shows a document to an editor speaks through here: the story of a
listing, conflicts, duplicates, and what an import is about to do. No database: names
of sources, regions and organizations are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import vocabulary, wording
from providers.documents import NESTED, Document, Path, parts, path_of
from providers.models import Fact, PriceLine
from providers.models.checked import date_in_words

WHOLE = "the listing"  # how revisions name a listing that stays as a whole


@dataclass(frozen=True)
class Names:
    """What documents name by code, in words; an unknown code stands for itself."""

    sources: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)


class Said(NamedTuple):
    """One part of a listing before and after, in words; "" where it says nothing.

    How a value is known stands apart from it: "March 3, 2026, Phone call, The clinic".
    """

    what: str
    before: str
    after: str
    before_known: str = ""
    after_known: str = ""

    @property
    def is_same_value(self) -> bool:
        """Whether only the date, the method or the source became another."""
        return self.before == self.after


def told(before: Document | None, after: Document | None, names: Names) -> list[Said]:
    """Every part in which two documents differ, in the order of a listing's page."""
    old, new = parts(before), parts(after)
    return list(tell(changed(before, after), old, new, names))


def changed(before: Document | None, after: Document | None) -> list[Path]:
    """The paths at which two documents differ, in the order of a listing's page."""
    old, new = parts(before), parts(after)
    paths = old.keys() | new.keys()
    return in_order(path for path in paths if old.get(path) != new.get(path))


def in_order(paths: Iterable[Path]) -> list[Path]:
    """The paths in the order of a listing's page."""
    return sorted(paths, key=_rank)


def tell(paths: Iterable[Path], old: dict, new: dict, names: Names) -> Iterator[Said]:
    """The parts at the paths, in words; those that say nothing on both sides go."""
    for path in paths:
        said = Said(
            label(path),
            words(path, old.get(path), names),
            words(path, new.get(path), names),
            known(path, old.get(path), names),
            known(path, new.get(path), names),
        )
        if any(said[1:]):
            yield said


def _rank(path: Path) -> tuple:
    """Columns as a page has them, then hours, offerings with prices, facts, sources."""
    name, *rest = path
    if name in _COLUMNS:
        return (0, list(_COLUMNS).index(name))
    if name == "facts" and rest[0] in vocabulary.TOPICS:
        topic, code = rest
        codes = list(vocabulary.TOPICS[topic])
        at = codes.index(code) if code in codes else len(codes)
        return (2, list(vocabulary.TOPICS).index(topic), at)
    order = [n for n in NESTED if n not in ("facts", "sources")]
    if name in order:
        return (1, order.index(name), *rest)
    return (3, *path)


def label(path: Path) -> str:
    """What stands at a path: "Phone", "Paying: Medicaid", "IV drip: First talk"."""
    match path:
        case ("hours", row):
            return _("Hours: %(when)s") % {"when": _opening(row)}
        case ("sources", _code):
            return _("Rows in other directories")
        case ("facts", topic, code):
            term = vocabulary.TOPICS.get(topic, vocabulary.Codes()).label(code)
            return f"{vocabulary.TOPIC_LABELS.get(topic, topic)}: {term}"
        case ("offerings", row):
            return _("Offering: %(what)s") % {"what": offering_in_words(row)}
        case ("offerings", row, "prices", line):
            what = {"offering": offering_in_words(row), "price": _price_label(line)}
            return _("Price of %(offering)s: %(price)s") % what
        case (name,) if name == WHOLE:
            return _("The whole listing")
        case (name,) if name in _COLUMNS:
            return str(_COLUMNS[name])
    return "/".join(path)


def label_of(path: str) -> str:
    """The label of a path that is written as text (see documents.differences)."""
    return label(path_of(path))


def words(path: Path, value: Any, names: Names) -> str:
    """The value at a path as a sentence or a word; "" for nothing."""
    if value in (None, "", [], {}):
        return ""
    match path:
        case ("hours", _row):
            return _hours(value)
        case ("sources", code):
            keys = {"source": names.sources.get(code, code), "keys": ", ".join(value)}
            return _("%(source)s: %(keys)s") % keys
        case ("facts", topic, code):
            return _fact(topic, code, value)
        case ("offerings", _row):
            return _offering(value, names)
        case ("offerings", _row, "prices", line):
            return _price(line, value)
    return _column(path[0], value, names)


def known(path: Path, value: Any, names: Names) -> str:
    """When, how and from where the value is known; "" where it does not say."""
    if path == ("contact",) or not isinstance(value, dict):
        return ""
    return basis(value, names)


def basis(value: dict | None, names: Names) -> str:
    """A date, method and source: "March 3, 2026, Phone call, The clinic itself"."""
    if not value or not value.get("checked_on"):
        return ""
    when = date_in_words(date.fromisoformat(value["checked_on"]), value["precision"])
    source = names.sources.get(value["source"], value["source"])
    return f"{when}, {vocabulary.METHODS.label(value['method'])}, {source}"


# --- Columns --------------------------------------------------------------------------

_COLUMNS = {
    "name": gettext_lazy("Name"),
    "slug": gettext_lazy("Web address"),
    "organization": gettext_lazy("Run by"),
    "street": gettext_lazy("Street"),
    "street2": gettext_lazy("Street, second line"),
    "city": gettext_lazy("Town"),
    "postcode": gettext_lazy("Postcode"),
    "region": gettext_lazy("State or province"),
    "point": gettext_lazy("Point on the map"),
    "phone": gettext_lazy("Phone"),
    "phone_extension": gettext_lazy("Extension"),
    "email": gettext_lazy("E-mail"),
    "website": gettext_lazy("Website"),
    "time_zone": gettext_lazy("Time zone"),
    "npi": gettext_lazy("NPI"),
    "contact": gettext_lazy("Contact check"),
    "published": gettext_lazy("Published"),
    "status": gettext_lazy("Status"),
    "status_on": gettext_lazy("Status since"),
    "status_reason": gettext_lazy("Reason of the status"),
    "is_sample": gettext_lazy("Invented sample"),
    "about_en": gettext_lazy("In its own words"),
    "about_es": gettext_lazy("In its own words, in Spanish"),
}


def _column(name: str, value: Any, names: Names) -> str:
    match name:
        case "published":
            return _("Yes") if value else _("No")
        case "is_sample":
            return _("Yes") if value else ""
        case "organization":
            return names.organizations.get(value, value)
        case "region":
            return names.regions.get(value, value)
        case "status":
            return str(vocabulary.STATUSES.label(value))
        case "status_on":
            return date_in_words(date.fromisoformat(value), "day")
        case "point":
            return _point(value)
        case "contact":
            return basis(value, names)
    return str(value)


def _point(value: dict) -> str:
    precision = vocabulary.POINT_PRECISIONS.label(value["precision"])
    return f"{value['latitude']:.5f}, {value['longitude']:.5f} ({precision})"


# --- Rows -----------------------------------------------------------------------------


def _opening(row: str) -> str:
    weekday, opens = row.split("|")
    day = capfirst(WEEKDAYS[int(weekday)])
    return _("%(day)s from %(opens)s") % {"day": day, "opens": _clock(opens)}


def _clock(at: str) -> str:
    return time_format(time.fromisoformat(at), "TIME_FORMAT")


def _hours(value: dict) -> str:
    said = [_("until %(time)s") % {"time": _clock(value["closes"])}]
    if value["by_appointment"]:
        said.append(_("by appointment"))
    return _joined(said, value)


def _fact(topic: str, code: str, value: dict) -> str:
    own = {name: value[name] for name in ("answer", "scope", "number")}
    if code in vocabulary.TOPICS.get(topic, {}):
        answer = wording.answer(Fact(topic=topic, code=code, **own))
    else:
        answer = str(vocabulary.ANSWERS.label(value["answer"]))
    return _joined([answer], value)


def offering_in_words(row: str) -> str:
    """An offering's key as people say it; what is not stated is left out."""
    route, setting, therapy, format_, variant = row.split("|", 4)
    of = vocabulary
    said = [str(of.ROUTES.label(route))]
    said += [
        wording.lower_first(str(codes.label(code)))
        for codes, code in (
            (of.THERAPIES, therapy),
            (of.SETTINGS, setting),
            (of.FORMATS, format_),
        )
        if code != of.NOT_STATED
    ]
    return ", ".join([*said, variant] if variant else said)


def _offering(value: dict, names: Names) -> str:
    said = [_("Offered")]
    if value.get("serves"):
        regions = ", ".join(names.regions.get(code, code) for code in value["serves"])
        said = [_("Offered to people in %(regions)s") % {"regions": regions}]
    for line, price in value.get("prices", {}).items():
        said.append(f"{_price_label(line)}: {_price(line, price)}")
    return "; ".join(said)


def _price_label(line: str) -> str:
    kind, _payee, _unit, applies_to, _size, superseded_on = line.split("|")
    said = [str(vocabulary.PRICE_KINDS.label(kind))]
    if applies_to != "self_pay":
        said.append(str(vocabulary.APPLIES_TO.label(applies_to)))
    if superseded_on:
        day = date_in_words(date.fromisoformat(superseded_on), "day")
        said.append(_("until %(date)s") % {"date": day})
    return ", ".join(said)


def _price(line: str, value: dict) -> str:
    *key, size, _superseded_on = line.split("|")
    price = PriceLine(
        **dict(zip(PriceLine.KEY, key, strict=False)),
        package_size=int(size),
        minutes=value["minutes"],
        amount_min_cents=value["amount_min_cents"],
        amount_max_cents=value["amount_max_cents"],
        currency=value["currency"],
    )
    said = [wording.price_line(price) or _("Not published")]
    kinds = [vocabulary.PRICE_KINDS.label(kind) for kind in value["includes"]]
    if kinds:
        named = ", ".join(wording.lower_first(str(kind)) for kind in kinds)
        said.append(_("includes %(kinds)s") % {"kinds": named})
    if times := _times(value):
        said.append(times)
    if value["disputed"]:
        said.append(_("disputed"))
    return _joined(said, value)


def _times(value: dict) -> str:
    """How often a course has it: "6 times", "4–6 times", "3 times or more"."""
    least, most = value.get("count_min"), value.get("count_max")
    if least is None:
        return ""
    return wording.times(least, most)


def _joined(said: list[str], value: dict) -> str:
    notes = [f"“{value[name]}”" for name in ("note_en", "note_es") if value.get(name)]
    return ", ".join([*said, *notes])
