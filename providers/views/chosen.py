"""The filters of a question that are on, in words, each with a link without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from providers import wording
from providers.filters import INCLUDES, ProviderFilter
from providers.models import Region
from providers.places import Found
from providers.question import in_unit
from providers.views.links import KEPT, PLACE, Link, Links
from providers.views.search_form import GROUPED

Regions = Mapping[str, Region]


def names_of(codes: Collection[str], regions: Regions) -> str:
    """Regions by name: "Colorado, Utah"."""
    return ", ".join(regions[code].name if code in regions else code for code in codes)


def chosen_filters(
    question: ProviderFilter, links: Links, regions: Regions
) -> list[Link]:
    """Each filter that is on, with the address of the same question without it."""
    chosen = [*_place_links(question, links), *_code_links(links)]
    chosen += [
        Link(words, links.to(without=[name]))
        for name, words in _single_filters(question)
    ]
    for name, words in _REGIONAL.items():
        typed = links.data.getlist(name)
        for code in dict.fromkeys(question.form.cleaned_data[name]):
            rest = [word for word in typed if word.strip().upper() != code]
            text = str(words) % {"region": names_of([code], regions)}
            chosen.append(Link(text, links.to(**{name: rest})))
    return chosen


_REGIONAL = {
    "region": gettext_lazy("In %(region)s"),
    "serves": gettext_lazy("Care at home in %(region)s"),
}


def _place_links(question: ProviderFilter, links: Links) -> Iterator[Link]:
    search, place = question.search, question.form.origin
    if place:
        by_place = ["max_total", *(["sort"] if search.sort == "travel" else [])]
        url = links.to(without=[*PLACE, "within", "country", *by_place])
        yield Link(_place_words(place), url)
    if search.radius_km is not None:
        far = wording.reach(in_unit(search.radius_km, search.unit), search.unit)
        text = _("Within %(reach)s") % {"reach": far}
        yield Link(text, links.to(without=["within"]))


def _place_words(place: Found) -> str:
    if place.kind == "point":
        return capfirst(place.label)
    words = _("Near %(place)s") if place.point else _("In %(place)s")
    return words % {"place": place.label}


def _code_links(links: Links) -> Iterator[Link]:
    for name in (name for name in GROUPED if name in links.data):
        codes, typed = GROUPED[name], links.data.getlist(name)
        for code in dict.fromkeys(codes.resolve(word) for word in typed if word):
            rest = [word for word in typed if codes.resolve(word) != code]
            term = codes[code]
            text = wording.need_label(term) if name == "need" else str(term.label)
            yield Link(text, links.to(**{name: rest}))


def _single_filters(question: ProviderFilter) -> Iterator[tuple[str, str]]:
    """(parameter, words) of each filter with one value that narrows or widens."""
    given, search = question.form.cleaned_data, question.search
    if search.accepting:
        yield "accepting", _choice(question, "accepting")
    if search.max_cents is not None:
        most = wording.money(search.max_cents, search.currency)
        yield "max_price", _("At most %(amount)s a session") % {"amount": most}
    if search.max_course_cents is not None:
        most = wording.money(search.max_course_cents, search.currency)
        yield "max_course", _("At most %(amount)s a course") % {"amount": most}
    if search.max_total_cents is not None:
        most = wording.money(search.max_total_cents, search.currency)
        yield "max_total", _("At most %(amount)s with travel") % {"amount": most}
    yield from _ride(question)
    if given["currency"]:
        yield "currency", _("Prices in %(currency)s") % {"currency": search.currency}
    for reason in INCLUDES:
        if reason in search.include:
            yield f"include_{reason}", str(INCLUDES[reason])
    if search.unconfirmed == "hide":
        yield "unconfirmed", _("Confirmed within 180 days only")
    if search.unconfirmed == "only":
        yield "unconfirmed", _("Not confirmed for 180 days only")
    if search.any_country:
        yield "country", _choice(question, "country")
    if days := search.checked_within_days:
        words = ngettext("Checked within %(n)s day", "Checked within %(n)s days", days)
        yield "checked_within", words % {"n": days}
    if search.words:
        yield "q", _("Name: %(words)s") % {"words": given["q"]}


def _ride(question: ProviderFilter) -> Iterator[tuple[str, str]]:
    """What the person has said about the way there."""
    given, ride = question.form.cleaned_data, question.search.ride
    currency = question.search.currency
    if given["rate"] is not None:
        by_mile = question.search.unit == "mi"
        words = _("%(amount)s a mile") if by_mile else _("%(amount)s a kilometer")
        yield "rate", words % {"amount": f"{number_format(given['rate'])} {currency}"}
    if ride.driver:
        yield "driver", _choice(question, "driver")
    if ride.fare_cents is not None:
        fare = {"amount": wording.money(ride.fare_cents, currency)}
        yield "fare", _("%(amount)s a ride there and back") % fare
    if ride.nights:
        words = ngettext("%(n)s night there", "%(n)s nights there", ride.nights)
        yield "nights", words % {"n": ride.nights}
    if ride.night_cents is not None:
        night = {"amount": wording.money(ride.night_cents, currency)}
        yield "night", _("%(amount)s a night") % night


def _choice(question: ProviderFilter, name: str) -> str:
    choices = dict(question.filters[name].extra["choices"])
    return str(choices[question.form.cleaned_data[name]])


def clear_url(links: Links) -> str:
    """The same place, reach and order without any filter."""
    return links.to(without=_CLEARED)


_CLEARED = tuple(name for name in ProviderFilter.base_filters if name not in KEPT)
