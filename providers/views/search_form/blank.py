"""The form before anything is typed: one language's words and markup, with slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import override

from providers import vocabulary
from providers.filters import ProviderFilter
from providers.models import Region, RegionKind, every_region
from providers.remembered import until_others_change
from providers.views.search_form.numbers import Words, beside, within
from providers.views.slots import Slotted
from providers.vocabulary import Code, Codes
from providers.vocabulary.conditions import OFF_LABEL_NOTE
from providers.wording import need_label

# The parameters of codes, in the order of the form.
GROUPED: dict[str, Codes] = {
    "route": vocabulary.ROUTES,
    "therapy": vocabulary.THERAPIES,
    "setting": vocabulary.SETTINGS,
    "format": vocabulary.FORMATS,
    "condition": vocabulary.CONDITIONS,
    "pay": vocabulary.PAYMENTS,
    "need": vocabulary.NEEDS,
    "language": vocabulary.LANGUAGES,
}
REGIONAL = ("region", "serves")
SELECTS = ("accepting", "unconfirmed")  # whose choices are counted
# Every chosen option of these must hold, of other groups any one.
ALL_OF = ("need",)
# A select cannot do without the choice that it starts at.
USUAL = ("include",)
BARRED = b" disabled"
_SHARE_ONE_HINT = ("language",)


@dataclass(frozen=True, slots=True)
class Option:
    """One checkbox."""

    value: str
    label: str
    hint: str
    also: str  # a language's own name for itself
    note: str
    rare: bool  # stands on the page only where some clinic has it


@dataclass(frozen=True, slots=True)
class Part:
    """Options under a heading of their own within a group."""

    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One parameter with its options, as a block that opens and closes."""

    name: str
    legend: str
    intro: str
    parts: tuple[Part, ...]

    @property
    def options(self) -> Iterator[Option]:
        return (option for part in self.parts for option in part.options)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter with one value: an input, a select or one checkbox."""

    name: str
    label: str
    hint: str
    choices: tuple[tuple[str, str], ...]

    @property
    def is_select(self) -> bool:
        return len(self.choices) > 1


class Listed(NamedTuple):
    """A region that can be chosen."""

    code: str
    name: str


# The name of a country, and what can be chosen of it.
Country = tuple[str, tuple[Listed, ...]]


class Said(NamedTuple):
    """All that the form says in one language."""

    language: str
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]
    regional: tuple[tuple[str, str], ...]  # parameter, label
    countries: tuple[Country, ...]


class Counted(NamedTuple):
    """Where in the form the slots of an option that has a count are."""

    count_place: int
    state_place: int


@dataclass(frozen=True, slots=True)
class Blank:
    """The form with its slots, and what it takes to fill them."""

    language: str
    form: Slotted
    finding_none: Slotted  # beside each option that there is none
    rare: dict[tuple[str, str], Slotted]  # (group, code) → its checkbox
    fields: dict[str, Field]
    # Those options that are always there, by parameter and code.
    counted: dict[str, dict[str, Counted]]


@until_others_change
def blank(language: str) -> Blank:
    asked = ProviderFilter.base_filters
    with override(language):
        said = Said(
            language=language,
            fields=tuple(_field(n) for n in asked if n not in (*GROUPED, *REGIONAL)),
            groups=tuple(map(_group, GROUPED)),
            regional=tuple((name, str(asked[name].label)) for name in REGIONAL),
            countries=_by_country(every_region()),
        )
        return _drawn(said)


@lru_cache(maxsize=len(settings.LANGUAGES))  # it takes a tenth of a second
def _drawn(said: Said) -> Blank:
    fields = {field.name: field for field in said.fields}
    groups = {group.name: group for group in said.groups}
    form = _form(said, fields, groups)
    counted = _counted(form, groups, fields, said.countries)
    return Blank(
        language=said.language,
        form=form,
        finding_none=form.with_usual(_finding_none(said.language, counted)),
        rare={
            (name, option.value): _checkbox(name, option)
            for name, group in groups.items()
            for option in group.options
            if option.rare
        },
        fields=fields,
        counted=counted,
    )


def _form(said: Said, fields: dict, groups: dict) -> Slotted:
    """The form with what stands in a slot where nothing is typed."""
    usual = {f"{name}.state": described(field) for name, field in fields.items()}
    usual |= {f"{name}.first": _("Any") for name in REGIONAL}
    shown = {
        "fields": fields,
        "groups": groups,
        "regional": dict(said.regional),
        "countries": said.countries,
    }
    return Slotted(render_to_string("providers/_search_form.html", shown), usual)


def _about_counts() -> str:
    return format_html(
        '<p class="hint">{}</p>\n',
        _(
            "The number beside an option says how many clinics you would find with it. "
            "One that would find none cannot be checked, unless it is a need."
        ),
    )


def _counted(
    form: Slotted, groups: dict, fields: dict, countries: Iterable[Country]
) -> dict[str, dict[str, Counted]]:
    codes = {
        name: [option.value for option in group.options if not option.rare]
        for name, group in groups.items()
    }
    codes |= {name: [v for v, _label in fields[name].choices if v] for name in SELECTS}
    codes["region"] = [region.code for _name, listed in countries for region in listed]

    def counted(*slot: str) -> Counted:
        places = (form.place(".".join((*slot, kind))) for kind in ("count", "state"))
        return Counted(*places)

    return {
        name: {c: counted(name, c) for c in listed} for name, listed in codes.items()
    }


def _finding_none(
    language: str, counted: Mapping[str, Iterable[str]]
) -> dict[str, str | bytes]:
    """The slots of options that would find nothing: barred, where that can be."""
    filled: dict[str, str | bytes] = {"counted": _about_counts()}
    for name, codes in counted.items():
        words = words_of(name, language)
        for code in codes:
            if name in ALL_OF or code in USUAL:
                filled[f"{name}.{code}.count"] = words[0]
            else:
                filled[f"{name}.{code}.count"] = words.barred
                filled[f"{name}.{code}.state"] = BARRED
    return filled


def words_of(name: str, language: str) -> Words:
    """What says the counts of a parameter's options."""
    return beside(language) if name in GROUPED else within(language)


def described(field: Field, *, is_wrong: bool = False) -> str:
    """The attributes that name a field's hint and, where it is wrong, its error."""
    ids = [f"hint_{field.name}"] if field.hint else []
    if is_wrong:
        ids.append(f"error_{field.name}")
    invalid = ' aria-invalid="true"' if is_wrong else ""
    return f' aria-describedby="{" ".join(ids)}"{invalid}' if ids else ""


def _checkbox(name: str, option: Option) -> Slotted:
    words = {"name": name, "option": option}
    return Slotted(render_to_string("providers/_option.html", words))


def _field(name: str) -> Field:
    asked = ProviderFilter.base_filters[name]
    return Field(
        name=name,
        label=str(asked.label),
        hint=str(asked.extra.get("help_text", "")),
        choices=_choices(name, asked.extra.get("choices", [])),
    )


def _choices(name: str, choices: list) -> tuple[tuple[str, str], ...]:
    """The choices of a select, first the one for no choice, where it means its own."""
    unchosen = {
        "sort": _("Usual order"),
        "accepting": _("Any"),
        "currency": _("Of the country searched"),
        "driver": _("Not said"),
    }
    empty = [("", unchosen[name])] if name in unchosen else []
    return (*empty, *((value, str(label)) for value, label in choices))


def _group(name: str) -> Group:
    return Group(
        name=name,
        legend=str(ProviderFilter.base_filters[name].label),
        intro=_intro(name),
        parts=tuple(
            Part(legend, tuple(_option(name, code) for code in listed))
            for legend, listed in _by_heading(GROUPED[name].values())
        ),
    )


def _by_heading(codes: Iterable[Code]) -> Iterator[tuple[str, list[Code]]]:
    """Codes under the headings of vocabulary.GROUPS, in its order."""
    order = list(vocabulary.GROUPS)
    ranked = sorted(codes, key=lambda c: order.index(c.group) if c.group else -1)
    for group, listed in groupby(ranked, key=lambda code: code.group):
        yield (str(vocabulary.GROUPS.label(group)) if group else ""), list(listed)


def _option(name: str, code: Code) -> Option:
    # The one sentence that all languages or conditions share stands above them.
    shared = code.note == OFF_LABEL_NOTE
    return Option(
        value=code.code,
        label=need_label(code) if name == "need" else str(code.label),
        hint="" if name in _SHARE_ONE_HINT else str(code.definition),
        also=getattr(code, "endonym", ""),
        note="" if shared else str(code.note),
        rare=getattr(code, "rare", False),
    )


def _intro(name: str) -> str:
    match name:
        case "condition":
            return _(
                "What the clinic says it treats. In the US, ketamine is off-label for "
                "these unless a line says otherwise: it is approved for something "
                "else, and doctors may choose to use it."
            )
        case "pay":
            return _("What the clinic says it takes. Ask your plan before you book.")
        case "need":
            return _("A clinic is shown when it meets every need that you check.")
        case "language":
            return _("A language that staff speak, or that an interpreter speaks.")
        case "route" | "setting" | "therapy" | "format":
            return _("Check one or more. Any of them will do.")
    return ""


def _by_country(known: dict[str, Region]) -> tuple[Country, ...]:
    """Countries that have parts, each with itself and its parts, by name."""
    parts: dict[str, list[Region]] = {}
    for region in known.values():
        if region.kind == RegionKind.SUBDIVISION:
            parts.setdefault(region.parent_id, []).append(region)
    countries = sorted((known[code] for code in parts), key=lambda r: r.name)
    return tuple((c.name, _listed(c, parts[c.pk])) for c in countries)


def _listed(country: Region, parts: list[Region]) -> tuple[Listed, ...]:
    regions = [country, *sorted(parts, key=lambda r: r.name)]
    return tuple(Listed(region.pk, region.name) for region in regions)
