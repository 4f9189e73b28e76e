"""An answer in words: its heading, its filters, what it leaves out, its pages.

Every link asks the same question with one change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import vocabulary, wording
from providers.filters import INCLUDES, ProviderFilter
from providers.models import Region
from providers.places import Found
from providers.question import ENOUGH, STEPS, Search, in_unit
from providers.search import Results
from providers.search.relaxing import Relaxation
from providers.views.links import KEPT, PLACE, search_url
from providers.views.search_form import GROUPED

Regions = Mapping[str, Region]


class Link(NamedTuple):
    text: str
    url: str


# --- The heading ----------------------------------------------------------------------


def heading(results: Results, regions: Regions) -> str:
    """ "12 results within 25 miles of Denver, CO 80202, nearest first"."""
    where, total = _where(results, regions), results.total
    if not total:
        return (
            _("No results %(where)s") % {"where": where} if where else _("No results")
        )
    words = {"n": total, "where": where, "order": _order(results.search)}
    if where:
        many = ngettext(
            "%(n)s result %(where)s, %(order)s",
            "%(n)s results %(where)s, %(order)s",
            total,
        )
    else:
        many = ngettext("%(n)s result, %(order)s", "%(n)s results, %(order)s", total)
    return many % words


def _where(results: Results, regions: Regions) -> str:
    search = results.search
    if search.origin:
        near = {"place": str(search.origin.label)}
        if results.radius is None:
            return _("near %(place)s") % near
        reach = wording.reach(results.radius, search.unit)
        return _("within %(reach)s of %(place)s") % (near | {"reach": reach})
    if search.region:
        return _("in %(regions)s") % {"regions": names_of(search.region, regions)}
    return ""


def names_of(codes: Collection[str], regions: Regions) -> str:
    """Regions by name: "Colorado, Utah"."""
    return ", ".join(regions[code].name if code in regions else code for code in codes)


def _order(search: Search) -> str:
    by_distance = _("nearest first") if search.origin else _("by name")
    orders = {
        "distance": by_distance,
        "price": _("lowest session price first"),
        "course": _("lowest course cost first"),
        "checked": _("last checked first"),
    }
    return orders.get(search.sort, _("by name"))


def reach(results: Results) -> str:
    """How the radius was chosen where the visitor left it open; "" otherwise."""
    search = results.search
    if search.origin is None or search.radius_km is not None:
        return ""
    looked = {"reach": wording.reach(results.radius, search.unit)}
    if results.total >= ENOUGH:
        return (
            _("We looked within %(reach)s, the smallest distance with at least ten.")
            % looked
        )
    if round(results.radius) >= STEPS[search.unit][-1]:
        return (
            _("We looked within %(reach)s, the farthest we look unless you say.")
            % looked
        )
    return (
        _(
            "We looked within %(reach)s, the smallest distance with at least ten, "
            "those left out counted."
        )
        % looked
    )


# --- What narrows it -----------------------------------------------------------------


def chosen_filters(question: ProviderFilter, regions: Regions) -> list[Link]:
    """Each filter that is on, with the address of the same question without it."""
    data = question.form.data
    links = [*_place_links(question, regions), *_code_links(data)]
    links += [
        Link(words, search_url(data, without=[name]))
        for name, words in _single_filters(question)
    ]
    for name, words in (
        ("region", _("In %(region)s")),
        ("serves", _("Care at home in %(region)s")),
    ):
        typed = data.getlist(name)
        for code in dict.fromkeys(question.form.cleaned_data[name]):
            rest = [word for word in typed if word.strip().upper() != code]
            text = words % {"region": names_of([code], regions)}
            links.append(Link(text, search_url(data, **{name: rest})))
    return links


def _place_links(question: ProviderFilter, regions: Regions) -> Iterator[Link]:
    data, search, place = question.form.data, question.search, question.form.origin
    if place:
        url = search_url(data, without=[*PLACE, "within", "country"])
        yield Link(_place_words(place), url)
    if search.radius_km is not None:
        far = wording.reach(in_unit(search.radius_km, search.unit), search.unit)
        text = _("Within %(reach)s") % {"reach": far}
        yield Link(text, search_url(data, without=["within"]))


def _place_words(place: Found) -> str:
    if place.kind == "point":
        return capfirst(place.label)
    words = _("Near %(place)s") if place.point else _("In %(place)s")
    return words % {"place": place.label}


def _code_links(data: QueryDict) -> Iterator[Link]:
    for name, codes in GROUPED.items():
        typed = data.getlist(name)
        for code in dict.fromkeys(codes.resolve(word) for word in typed if word):
            rest = [word for word in typed if codes.resolve(word) != code]
            term = codes[code]
            text = wording.need_label(term) if name == "need" else str(term.label)
            yield Link(text, search_url(data, **{name: rest}))


def _single_filters(question: ProviderFilter) -> Iterator[tuple[str, str]]:
    """(parameter, words) of each filter with one value that narrows or widens."""
    given, search = question.form.cleaned_data, question.search
    if search.accepting:
        yield "accepting", _choice(question, "accepting")
    if search.max_cents is not None:
        most = wording.money(search.max_cents, search.currency)
        yield "max_price", _("At most %(amount)s a session") % {"amount": most}
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


def _choice(question: ProviderFilter, name: str) -> str:
    choices = dict(question.filters[name].extra["choices"])
    return str(choices[question.form.cleaned_data[name]])


def clear_url(data: QueryDict) -> str:
    """The same place, reach and order without any filter."""
    return search_url(
        data, without=[n for n in ProviderFilter.base_filters if n not in KEPT]
    )


# --- What stands beside it ------------------------------------------------------------


def left_out(results: Results, data: QueryDict) -> list[Link]:
    """What is left out, by reason, each with the one click that takes it in."""
    links = []
    offered = {each.name.removeprefix("include_") for each in results.relaxations}
    for reason, number in results.left_out.items():
        if number > 0 and reason not in offered:
            change = {f"include_{reason}": "yes"}
            if reason == "unconfirmed":
                change = {"unconfirmed": "include"}
            elif reason == "other_country":
                change = {"country": "any"}
            text = _left_out_words(reason, number) % {"n": number}
            if reason == "other_country":
                text += _currencies_abroad(results)
            links.append(Link(text, search_url(data, **change)))
    return links


def _left_out_words(reason: str, n: int) -> str:
    match reason:
        case "unpriced":
            return ngettext(
                "Also show %(n)s clinic with no published price",
                "Also show %(n)s clinics with no published price",
                n,
            )
        case "stale_price":
            return ngettext(
                "Also show %(n)s clinic whose price is older than 90 days",
                "Also show %(n)s clinics whose price is older than 90 days",
                n,
            )
        case "incomplete":
            return ngettext(
                "Also show %(n)s clinic that publishes only part of the price",
                "Also show %(n)s clinics that publish only part of the price",
                n,
            )
        case "not_stated":
            return ngettext(
                "Also show %(n)s clinic that does not say whether it meets your needs",
                "Also show %(n)s clinics that do not say whether they meet your needs",
                n,
            )
        case "unconfirmed":
            return ngettext(
                "Also show %(n)s clinic not confirmed for 180 days",
                "Also show %(n)s clinics not confirmed for 180 days",
                n,
            )
    return ngettext(
        "Also show %(n)s clinic across the border",
        "Also show %(n)s clinics across the border",
        n,
    )


def _currencies_abroad(results: Results) -> str:
    """ ", prices in CAD": the money of the countries within reach."""
    abroad = map(vocabulary.CURRENCY_OF_COUNTRY.get, results.answer.abroad)
    theirs = set(abroad) - {None, results.search.currency}
    if not theirs:
        return ""
    return _(", prices in %(currencies)s") % {"currencies": ", ".join(sorted(theirs))}


def care_at_home(results: Results, data: QueryDict, regions: Regions) -> Link | None:
    """The group of those who treat people at home where the visitor is."""
    if not results.remote_total:
        return None
    words = ngettext(
        "%(n)s clinic offers care at home in %(region)s",
        "%(n)s clinics offer care at home in %(region)s",
        results.remote_total,
    )
    known = {"n": results.remote_total, "region": names_of([results.serves], regions)}
    away = [*PLACE, "within", "country", "region", "sort"]
    return Link(words % known, search_url(data, without=away, serves=results.serves))


def wider(results: Results, data: QueryDict) -> Link | None:
    """The smallest radius that holds the nearest, unless it stands in `instead`."""
    kinds = {each.kind for each in results.relaxations}
    if results.wider is None or "radius" in kinds:
        return None
    far = wording.reach(results.wider, results.search.unit)
    text = _("Look within %(reach)s") % {"reach": far}
    change = {"within": f"{results.wider:g}", "unit": results.search.unit}
    return Link(text, search_url(data, **change))


def instead(results: Results, data: QueryDict) -> list[Link]:
    """Where nothing matches: single changes, each tried, with what it finds."""
    return [
        Link(_instead_words(each, results), search_url(data, **each.changes))
        for each in results.relaxations
    ]


def _instead_words(each: Relaxation, results: Results) -> str:
    n, unit = each.total, results.search.unit
    known: dict[str, object] = {"n": n}
    match each.kind, each.name:
        case "radius", _name:
            known["reach"] = wording.reach(float(each.value), unit)
            known["more"] = wording.reach(float(each.value) - results.radius, unit)
            words = ngettext(
                "Look within %(reach)s (%(more)s more): %(n)s clinic",
                "Look within %(reach)s (%(more)s more): %(n)s clinics",
                n,
            )
        case "price", _name:
            most, currency = each.search.max_cents, results.search.currency
            known["most"] = wording.money(most, currency)
            known["more"] = wording.money(most - results.search.max_cents, currency)
            words = ngettext(
                "Pay up to %(most)s a session (%(more)s more): %(n)s clinic",
                "Pay up to %(most)s a session (%(more)s more): %(n)s clinics",
                n,
            )
        case "option", name:
            known["option"] = GROUPED[name].label(each.value)
            words = ngettext(
                "%(n)s clinic lists “%(option)s”; ask a clinician what fits you",
                "%(n)s clinics list “%(option)s”; ask a clinician what fits you",
                n,
            )
        case ("include", _) | ("drop", "unconfirmed"):
            words = _left_out_words(each.name.removeprefix("include_"), n)
        case _kind, name:
            known["filter"] = ProviderFilter.base_filters[name].label
            words = ngettext(
                "Without the filter “%(filter)s”: %(n)s clinic",
                "Without the filter “%(filter)s”: %(n)s clinics",
                n,
            )
    return words % known


class Page(NamedTuple):
    """A numbered page; one without a URL is the present one, without a number a gap."""

    number: int | None
    url: str


def pages(current: int, last: int, url_of: Callable[[int], str]) -> list[Page]:
    """The first, the last and those around the present page, gaps between them."""
    if last == 1:
        return []
    shown = sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)})
    listed, before = [], 0
    for number in shown:
        if number > before + 1:
            listed.append(Page(None, ""))
        listed.append(Page(number, "" if number == current else url_of(number)))
        before = number
    return listed
