"""The form of a question: typed values kept, errors at their fields, counts beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from providers.filters import ProviderFilter
from providers.models import Region, every_region
from providers.search.answer import Tally
from providers.views.search_form.blank import (
    GROUPED,
    REGIONAL,
    SELECTS,
    Blank,
    blank,
    described,
    words_of,
)
from providers.views.search_form.numbers import beside

# Outside the block of filters, which opens and closes.
ALWAYS_OPEN = ("near", "lat", "lng", "within", "unit", "sort", "page")
PRICE_FIELDS = ("max_price", "max_course", "max_total", "currency")
PRICE_FIELDS += ("include_unpriced", "include_stale_price", "include_incomplete")
TRAVEL_FIELDS = ("rate", "driver", "fare", "nights", "night")
MORE_FIELDS = ("include_not_stated", "accepting", "unconfirmed", "checked_within")
MORE_FIELDS += ("q", "country", *REGIONAL)
INSIDE = ProviderFilter.base_filters.keys() - {*ALWAYS_OPEN}
BLOCKS = {"price": PRICE_FIELDS, "travel": TRAVEL_FIELDS, "more": MORE_FIELDS}

Values = dict[str, str | bytes]  # slot → HTML


@dataclass(frozen=True, slots=True)
class Drawn:
    """The form, and what is wrong in it."""

    html: bytes
    summary: list[tuple[str, str]]  # (id of the input, message) of each error


@dataclass(frozen=True, slots=True)
class Typed:
    """What the visitor gave, parameter by parameter, and what is wrong with it."""

    data: QueryDict
    codes: dict[str, list[str]]
    regions: dict[str, list[Region]]
    words: dict[str, str]  # of parameters with one value
    errors: dict[str, list[str]]

    @property
    def given(self) -> set[str]:
        """The parameters in which something stands, or is wrong."""
        groups = (self.codes, self.regions, self.words)
        return {n for group in groups for n in group if group[n]} | self.errors.keys()


def draw(question: ProviderFilter, counts: Mapping[str, Tally]) -> Drawn:
    """The form of a question. `counts`: of its answer; none for a wrong question."""
    form = blank(get_language())
    typed = _typed(question, form)
    values = _fields(typed, form) | _rare(form, typed, counts)
    for filled in (_groups(typed), _regions(typed), _blocks(typed), _errors(typed)):
        values.update(filled)
    if counts:
        values |= _of_chosen(form, typed, counts)
        parts = form.finding_none.parts({})
        _count(parts, form, counts)
        form.finding_none.put(parts, values)  # at last: what is chosen is not barred
    else:
        parts = form.form.parts(values)
    return Drawn(b"".join(parts), _summary(question, typed))


def _typed(question: ProviderFilter, form: Blank) -> Typed:
    data = question.form.data
    words = {name: word for name, word in data.items() if word and name in form.fields}
    if question.form.is_valid():
        words["unit"] = question.search.unit
    return Typed(
        data=data,
        codes={name: codes_chosen(data, name) for name in GROUPED if name in data},
        regions={n: _chosen_regions(data.getlist(n)) for n in REGIONAL if n in data},
        words=words,
        errors={n: [str(e) for e in es] for n, es in question.form.errors.items()},
    )


def codes_chosen(data: QueryDict, name: str) -> list[str]:
    """The codes that the typed values of a parameter name, aliases resolved."""
    codes = map(GROUPED[name].resolve, data.getlist(name))
    return list(dict.fromkeys(code for code in codes if code))


def _chosen_regions(typed: list[str]) -> list[Region]:
    codes = dict.fromkeys(word.strip().upper() for word in typed)
    known = every_region() if codes else {}
    return [known[code] for code in codes if code in known]


# --- What was typed -------------------------------------------------------------------


def _fields(typed: Typed, form: Blank) -> Values:
    values = {
        f"{name}.state": described(form.fields[name], is_wrong=True)
        for name in typed.errors.keys() & form.fields.keys()
    }
    for name, words in typed.words.items():
        field = form.fields[name]
        values[f"{name}.value"] = escape(words)
        if words in dict(field.choices):
            chosen = " selected" if field.is_select else " checked"
            values[f"{name}.{words}.state"] = chosen
    return values


def _groups(typed: Typed) -> Values:
    values = {}
    for name, codes in typed.codes.items():
        values |= {f"{name}.{code}.state": " checked" for code in codes}
        if codes:
            words = ngettext("%(n)s chosen", "%(n)s chosen", len(codes))
            values[f"{name}.chosen"] = _badge(words, len(codes))
    return values


def _badge(words: str, number: int) -> str:
    return format_html(' <span class="count">{}</span>', words % {"n": number})


def _regions(typed: Typed) -> Values:
    values = {}
    for name, regions in typed.regions.items():
        if not regions:
            continue
        values[f"{name}.first"] = _("Add one more")
        values[f"{name}.chosen"] = format_html_join(
            "",
            '<div class="option"><input type="checkbox" id="id_{0}_{1}" name="{0}" '
            'value="{1}" checked>\n<label for="id_{0}_{1}">{2}</label></div>\n',
            ((name, region.pk, region.name) for region in regions),
        )
    return values


def _blocks(typed: Typed) -> Values:
    """What stands around the fields: blocks that are open, filters counted."""
    given = typed.given
    values = {f"{name}.open": " open" for name in GROUPED if name in given}
    for block, names in BLOCKS.items():
        if not given.isdisjoint(names):
            values[f"{block}_open"] = " open"
    if not INSIDE.isdisjoint(typed.errors):
        values["open"] = " open"
    listed = [*typed.codes.values(), *typed.regions.values()]
    number = sum(map(len, listed)) + len(INSIDE & typed.words.keys())
    if number:
        values["chosen"] = _badge(ngettext("%(n)s on", "%(n)s on", number), number)
    return values | {"point": _point(typed)}


def _point(typed: Typed) -> str:
    """The point of the visitor's browser, hidden, and what is wrong with it."""
    latitude, longitude = (typed.words.get(name, "") for name in ("lat", "lng"))
    shown = ""
    if (latitude or longitude) and not typed.words.get("near"):
        shown = (
            f'<input type="hidden" name="lat" value="{escape(latitude)}">'
            f'<input type="hidden" name="lng" value="{escape(longitude)}">\n'
        )
    wrong = [name for name in ("lat", "lng") if name in typed.errors]
    return shown + "".join(_messages(name, typed.errors[name]) for name in wrong)


def _errors(typed: Typed) -> Values:
    values = {f"{n}.errors": _messages(n, said) for n, said in typed.errors.items()}
    for name in GROUPED:
        if name in typed.errors:
            values[f"{name}.state"] = f' aria-describedby="error_{name}"'
    for name in REGIONAL:
        if name in typed.errors:
            state = f' aria-describedby="error_{name}" aria-invalid="true"'
            values[f"{name}.state"] = state
    if "page" in typed.errors:
        wrong = values["page.errors"]
        values["page"] = f'<div id="id_page" tabindex="-1">{wrong}</div>\n'
    return values


def _messages(name: str, messages: Iterable[str]) -> SafeString:
    """Error messages, the first with the id by which its field is described."""
    ids = (f' id="error_{name}"' if not n else "" for n, _said in enumerate(messages))
    return format_html_join(
        "",
        '<p class="error"{}>{}</p>\n',
        ((SafeString(i), said) for i, said in zip(ids, messages, strict=True)),
    )


def _summary(question: ProviderFilter, typed: Typed) -> list[tuple[str, str]]:
    return [
        (_input_of(name), f"{question.filters[name].label}: {message}")
        for name in question.filters
        if name in typed.errors
        for message in typed.errors[name]
    ]


def _input_of(name: str) -> str:
    return "id_near" if name in ("lat", "lng") else f"id_{name}"


# --- What an answer counts ------------------------------------------------------------


def _count(parts: list[bytes], form: Blank, counts: Mapping[str, Tally]) -> None:
    """Put the number beside each option that finds some, and let it be chosen."""
    for name, options in form.counted.items():
        tally, words = counts[name], words_of(name, form.language)
        if tally.others:
            tally = dict.fromkeys(options, tally.others) | tally
        for code, number in tally.items():
            if number and code in options:
                count_place, state_place = options[code]
                parts[count_place], parts[state_place] = words[number], b""


def _of_chosen(form: Blank, typed: Typed, counts: Mapping[str, Tally]) -> Values:
    """The numbers beside what is chosen, which is never barred."""
    chosen = typed.codes | {n: [typed.words[n]] for n in SELECTS if n in typed.words}
    return {
        f"{name}.{code}.count": words_of(name, form.language)[counts[name][code]]
        for name, codes in chosen.items()
        for code in codes
    }


def _rare(form: Blank, typed: Typed, counts: Mapping[str, Tally]) -> Values:
    """Options that stand on the page only where they are chosen or find some."""
    values = {}
    for (name, code), option in form.rare.items():
        chosen = code in typed.codes.get(name, ())
        number = counts[name][code] if counts else 0
        if chosen or number:
            own = {f"{name}.{code}.state": " checked"} if chosen else {}
            if counts:
                own[f"{name}.{code}.count"] = beside(form.language)[number]
            values[f"{name}.{code}"] = option.fill(own)
    return values
