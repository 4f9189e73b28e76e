"""An answer in words: its heading, its filters, what it leaves out, its pages.

Every link asks the same question with one change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import vocabulary, wording
from providers.filters import ProviderFilter
from providers.question import ENOUGH, LIMITS, PRICE_REASONS, STEPS, Search
from providers.search import Results
from providers.search.relaxing import PARAMETERS, Relaxation
from providers.views.chosen import Regions, names_of
from providers.views.links import PLACE, Link, Links
from providers.views.search_form import GROUPED

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


def _order(search: Search) -> str:
    match search.sort:
        case "distance" if search.origin:
            return _("nearest first")
        case "price":
            return _("lowest session price first")
        case "course":
            return _("lowest course cost first")
        case "travel":
            return _("lowest cost of a course with travel first")
        case "checked":
            return _("last checked first")
        case "posted":
            return _("most prices published first")
    return _("by name")


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


# --- What stands beside it ------------------------------------------------------------


def left_out(results: Results, links: Links) -> list[Link]:
    """What is left out, by reason, each with the one click that takes it in."""
    shown = []
    offered = {each.name.removeprefix("include_") for each in results.relaxations}
    for reason, number in results.left_out.items():
        if number > 0 and reason not in offered:
            change = {f"include_{reason}": "yes"}
            if reason == "unconfirmed":
                change = {"unconfirmed": "include"}
            elif reason == "other_country":
                change = {"country": "any"}
            text = _left_out_words(reason, number, results.search) % {"n": number}
            if reason == "other_country":
                text += _currencies_abroad(results)
            shown.append(Link(text, links.to(**change)))
    return shown


def _left_out_words(reason: str, n: int, search: Search) -> str:
    if reason in PRICE_REASONS and search.limits.keys() != {"session"}:
        return _left_out_of_sums(reason, n)
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


def _left_out_of_sums(reason: str, n: int) -> str:
    """The same where the cost of a course is asked for, which prices add up to."""
    match reason:
        case "unpriced":
            return ngettext(
                "Also show %(n)s clinic that publishes too little to tell this cost",
                "Also show %(n)s clinics that publish too little to tell this cost",
                n,
            )
        case "stale_price":
            return ngettext(
                "Also show %(n)s clinic whose prices for it are older than 90 days",
                "Also show %(n)s clinics whose prices for it are older than 90 days",
                n,
            )
    return ngettext(
        "Also show %(n)s clinic that publishes only part of this cost",
        "Also show %(n)s clinics that publish only part of this cost",
        n,
    )


def _currencies_abroad(results: Results) -> str:
    """ ", prices in CAD": the money of the countries within reach."""
    abroad = map(vocabulary.CURRENCY_OF_COUNTRY.get, results.answer.abroad)
    theirs = set(abroad) - {None, results.search.currency}
    if not theirs:
        return ""
    return _(", prices in %(currencies)s") % {"currencies": ", ".join(sorted(theirs))}


def care_at_home(results: Results, links: Links, regions: Regions) -> Link | None:
    """The group of those who treat people at home where the visitor is."""
    if not results.remote_total:
        return None
    words = ngettext(
        "%(n)s clinic offers care at home in %(region)s",
        "%(n)s clinics offer care at home in %(region)s",
        results.remote_total,
    )
    known = {"n": results.remote_total, "region": names_of([results.serves], regions)}
    away = [*PLACE, "within", "country", "region", "sort", "max_total"]
    changes = {"serves": results.serves} | _course_limit(results.search, links.data)
    return Link(words % known, links.to(without=away, **changes))


def _course_limit(search: Search, data: QueryDict) -> dict[str, str]:
    """Who stays at home has no way to pay for: the limit of a course with travel is
    one of a course, the lower counting."""
    total, course = search.max_total_cents, search.max_course_cents
    if total is None or (course is not None and course <= total):
        return {}
    return {"max_course": data["max_total"]}


def wider(results: Results, links: Links) -> Link | None:
    """The smallest radius that holds the nearest, unless it stands in `instead`."""
    kinds = {each.kind for each in results.relaxations}
    if results.wider is None or "radius" in kinds:
        return None
    far = wording.reach(results.wider, results.search.unit)
    text = _("Look within %(reach)s") % {"reach": far}
    change = {"within": f"{results.wider:g}", "unit": results.search.unit}
    return Link(text, links.to(**change))


def instead(results: Results, links: Links) -> list[Link]:
    """Where nothing matches: single changes, each tried, with what it finds."""
    return [
        Link(_instead_words(each, results), links.to(**each.changes))
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
        case "price", name:
            known |= _dearer(name, each.search, results.search)
            words = _dearer_words(name, n)
        case "option", name:
            known["option"] = GROUPED[name].label(each.value)
            words = ngettext(
                "%(n)s clinic lists “%(option)s”; ask a clinician what fits you",
                "%(n)s clinics list “%(option)s”; ask a clinician what fits you",
                n,
            )
        case ("include", _) | ("drop", "unconfirmed"):
            reason = each.name.removeprefix("include_")
            words = _left_out_words(reason, n, results.search)
        case _kind, name:
            known["filter"] = ProviderFilter.base_filters[name].label
            words = ngettext(
                "Without the filter “%(filter)s”: %(n)s clinic",
                "Without the filter “%(filter)s”: %(n)s clinics",
                n,
            )
    return words % known


def _dearer(name: str, instead: Search, asked: Search) -> dict[str, str]:
    """The limit that would find some, and how much more that is."""
    limit = LIMITS[next(a for a, parameter in PARAMETERS.items() if parameter == name)]
    most = getattr(instead, limit)
    more = most - getattr(asked, limit)
    amounts = {"most": most, "more": more}
    return {n: wording.money(cents, asked.currency) for n, cents in amounts.items()}


def _dearer_words(name: str, n: int) -> str:
    match name:
        case "max_course":
            return ngettext(
                "Pay up to %(most)s a course (%(more)s more): %(n)s clinic",
                "Pay up to %(most)s a course (%(more)s more): %(n)s clinics",
                n,
            )
        case "max_total":
            return ngettext(
                "Pay up to %(most)s with travel (%(more)s more): %(n)s clinic",
                "Pay up to %(most)s with travel (%(more)s more): %(n)s clinics",
                n,
            )
    return ngettext(
        "Pay up to %(most)s a session (%(more)s more): %(n)s clinic",
        "Pay up to %(most)s a session (%(more)s more): %(n)s clinics",
        n,
    )


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
