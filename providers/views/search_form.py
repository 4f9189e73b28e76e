"""The search form, drawn from the vocabulary: Django's widgets would cost 10 ms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.http import QueryDict
from django.utils.translation import gettext as _

from providers import vocabulary
from providers.filters import ProviderFilter
from providers.models import Offering, Provider, Region, RegionKind
from providers.vocabulary import Code, Codes
from providers.vocabulary.conditions import OFF_LABEL_NOTE
from providers.wording import need_label


@dataclass(frozen=True, slots=True)
class Option:
    """One checkbox."""

    value: str
    label: str
    hint: str
    checked: bool
    also: str = ""  # a language's own name for itself
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Options under a heading of their own within a group."""

    legend: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Group:
    """One parameter with its options, as a block that opens and closes."""

    name: str
    legend: str
    parts: list[Part]
    intro: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def chosen(self) -> int:
        return sum(option.checked for part in self.parts for option in part.options)


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """A parameter of regions: those chosen as checkboxes, the rest to add one."""

    name: str
    label: str
    chosen: list[Region]
    countries: list[tuple[str, list[Region]]]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter with one value: an input, a select or one checkbox."""

    name: str
    label: str
    hint: str
    value: str
    choices: list[tuple[str, str]]
    errors: list[str]

    @property
    def described_by(self) -> str:
        """The ids of its hint and its error, for aria-describedby."""
        ids = [f"hint_{self.name}"] if self.hint else []
        return " ".join([*ids, f"error_{self.name}"] if self.errors else ids)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the form's template shows: fields, groups and regions by their name."""

    fields: dict[str, Field]
    groups: dict[str, Group]
    regions: dict[str, RegionChoice]
    point: tuple[str, str] | None  # as the browser sent it
    summary: list[tuple[str, str]]  # (id of the input, message) of each error
    chosen: int  # filters that are on inside the block of filters

    @property
    def open(self) -> bool:
        """Whether an error stands inside the block of filters."""
        inside = [*self.groups.values(), *self.regions.values()]
        inside += [f for name, f in self.fields.items() if name not in ALWAYS_OPEN]
        return any(part.errors for part in inside)

    @property
    def price_open(self) -> bool:
        return self._is_used(PRICE_FIELDS)

    @property
    def more_open(self) -> bool:
        places = any(p.chosen or p.errors for p in self.regions.values())
        return places or self._is_used(MORE_FIELDS)

    def _is_used(self, names: Iterable[str]) -> bool:
        return any(
            self.fields[name].value or self.fields[name].errors for name in names
        )


def draw(question: ProviderFilter, regions: Mapping[str, Region]) -> Drawn:
    """The form of a question, typed values and chosen options kept. One query."""
    data = question.form.data
    errors = {n: [str(e) for e in es] for n, es in question.form.errors.items()}
    point = (data.get("lat", ""), data.get("lng", ""))
    fields = _fields(question, errors)
    groups = {name: _group(name, question, errors) for name in GROUPED}
    countries = _by_country(regions)
    places = {
        name: RegionChoice(
            name=name,
            label=str(question.filters[name].label),
            chosen=_chosen_regions(data.getlist(name), regions),
            countries=countries,
            errors=errors.get(name, []),
        )
        for name in REGIONAL
    }
    return Drawn(
        fields=fields,
        groups=groups,
        regions=places,
        point=point if any(point) and not data.get("near") else None,
        summary=_summary(question, errors),
        chosen=sum(group.chosen for group in groups.values())
        + sum(len(place.chosen) for place in places.values())
        + sum(bool(fields[name].value) for name in fields if name not in ALWAYS_OPEN),
    )


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
# Outside the block of filters, which opens and closes.
ALWAYS_OPEN = ("near", "lat", "lng", "within", "unit", "sort", "page")
PRICE_FIELDS = ("max_price", "currency", "include_unpriced", "include_stale_price")
PRICE_FIELDS += ("include_incomplete",)
MORE_FIELDS = ("include_not_stated", "accepting", "unconfirmed", "checked_within")
MORE_FIELDS += ("q", "country")
_SHARE_ONE_HINT = ("language",)


def _summary(question: ProviderFilter, errors: dict) -> list[tuple[str, str]]:
    return [
        (_input_of(name), f"{asked.label}: {message}")
        for name, asked in question.filters.items()
        for message in errors.get(name, [])
    ]


def _fields(question: ProviderFilter, errors: dict) -> dict[str, Field]:
    single = [n for n in question.filters if n not in (*GROUPED, *REGIONAL)]
    return {name: _field(name, question, errors) for name in single}


def _field(name: str, question: ProviderFilter, errors: dict) -> Field:
    asked = question.filters[name]
    value = question.form.data.get(name, "")
    if name == "unit" and question.form.is_valid():
        value = question.search.unit
    return Field(
        name=name,
        label=str(asked.label),
        hint=str(asked.extra.get("help_text", "")),
        value=value,
        choices=_choices(name, asked.extra.get("choices", [])),
        errors=errors.get(name, []),
    )


def _choices(name: str, choices: list) -> list[tuple[str, str]]:
    """The choices of a select, first the one for no choice, where it means its own."""
    unchosen = {
        "sort": _("Usual order"),
        "accepting": _("Any"),
        "currency": _("Of the country searched"),
    }
    empty = [("", unchosen[name])] if name in unchosen else []
    return [*empty, *((value, str(label)) for value, label in choices)]


def _input_of(name: str) -> str:
    return "id_near" if name in ("lat", "lng") else f"id_{name}"


def _group(name: str, question: ProviderFilter, errors: dict) -> Group:
    codes, chosen = GROUPED[name], codes_chosen(question.form.data, name)
    shown = [code for code in codes.values() if _is_shown(code, chosen)]
    return Group(
        name=name,
        legend=str(question.filters[name].label),
        parts=[
            Part(legend, [_option(name, code, chosen) for code in listed])
            for legend, listed in _by_heading(shown)
        ],
        intro=_intro(name),
        errors=errors.get(name, []),
    )


def codes_chosen(data: QueryDict, name: str) -> set[str]:
    """The codes that the typed values of a parameter name, aliases resolved."""
    return {GROUPED[name].resolve(word) or word for word in data.getlist(name)}


def _is_shown(code: Code, chosen: set[str]) -> bool:
    if not getattr(code, "rare", False) or code.code in chosen:
        return True
    offered = Offering.objects.filter(route=code.code)
    return Provider.objects.listed().with_offering(offered).exists()


def _by_heading(codes: list[Code]) -> Iterable[tuple[str, list[Code]]]:
    """Codes under the headings of vocabulary.GROUPS, in its order."""
    order = list(vocabulary.GROUPS)
    ranked = sorted(codes, key=lambda c: order.index(c.group) if c.group else -1)
    for group, listed in groupby(ranked, key=lambda code: code.group):
        yield (str(vocabulary.GROUPS.label(group)) if group else ""), list(listed)


def _option(name: str, code: Code, chosen: set[str]) -> Option:
    # The one sentence that all languages or conditions share stands above them.
    shared = code.note == OFF_LABEL_NOTE
    return Option(
        value=code.code,
        label=need_label(code) if name == "need" else str(code.label),
        hint="" if name in _SHARE_ONE_HINT else str(code.definition),
        checked=code.code in chosen,
        also=getattr(code, "endonym", ""),
        note="" if shared else str(code.note),
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


def _chosen_regions(typed: list[str], known: Mapping[str, Region]) -> list[Region]:
    codes = dict.fromkeys(word.strip().upper() for word in typed)
    return [known[code] for code in codes if code in known]


def _by_country(known: Mapping[str, Region]) -> list[tuple[str, list[Region]]]:
    """Countries that have parts, each with itself and its parts, by name."""
    parts: dict[str, list[Region]] = {}
    for region in known.values():
        if region.kind == RegionKind.SUBDIVISION:
            parts.setdefault(region.parent_id, []).append(region)
    countries = sorted((known[code] for code in parts), key=lambda r: r.name)
    return [
        (c.name, [c, *sorted(parts[c.pk], key=lambda r: r.name)]) for c in countries
    ]
