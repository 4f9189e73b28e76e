"""Facts in words: money, distances, dates and answers, as every page says them.

Unknown is said as unknown: nothing here turns it into 0 or into "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from providers import costs, geo, vocabulary
from providers.models import Fact, Offering, PriceLine
from providers.models.checked import date_in_words

NEAR = 10  # below this many miles or kilometers a distance shows tenths


def money(cents: int, currency: str) -> str:
    """An amount with its currency's sign, or "free": "$1,250", "CA$87.50"."""
    if cents == 0:
        return _("free")
    whole = cents % 100 == 0
    amount = Decimal(cents) / 100
    digits = number_format(amount, 0 if whole else 2, force_grouping=True)
    return f"{vocabulary.CURRENCIES[currency].symbol}{digits}"


def amount_range(low_cents: int | None, high_cents: int | None, currency: str) -> str:
    """A range of money in words; "" where neither end is known."""
    low = None if low_cents is None else money(low_cents, currency)
    high = None if high_cents is None else money(high_cents, currency)
    if low == high:
        return low or ""
    if high is None:
        return _("from %(low)s") % {"low": low}
    if low is None:
        return _("up to %(high)s") % {"high": high}
    if low_cents == 0:
        return _("free or up to %(high)s") % {"high": high}
    return f"{low}–{high}"


def at_least(low_cents: int | None, currency: str) -> str:
    """The known part of an amount of which a part is missing; "" for no known part."""
    if not low_cents:
        return ""
    return _("at least %(low)s") % {"low": money(low_cents, currency)}


def total(amount: costs.Amount) -> str:
    """A sum: "$2,350–$2,500", or "at least $2,350, without preparation and travel"."""
    if amount.complete:
        return amount_range(amount.low_cents, amount.high_cents, amount.currency)
    known = {"what": missing(amount.missing)}
    known["amount"] = at_least(amount.low_cents, amount.currency)
    if not known["amount"]:
        return _("not known without %(what)s") % known
    return _("%(amount)s, without %(what)s") % known


def missing(codes: Iterable[str]) -> str:
    """What a sum lacks, as a list within a sentence."""
    return listed([str(_MISSING.get(code) or kind(code)) for code in codes])


def kind(code: str) -> str:
    """A kind of price within a sentence: "first talk"."""
    return lower_first(str(vocabulary.PRICE_KINDS.label(code)))


_MISSING = {
    "prep": gettext_lazy("preparation"),
    "dose_visit": gettext_lazy("treatment sessions"),
    "integration": gettext_lazy("integration"),
    "booster": gettext_lazy("booster sessions"),
    "travel": gettext_lazy("travel"),
    "ride": gettext_lazy("the ride home after treatment"),
}


def posted(what: str) -> str:
    """One of costs.POSTED within a sentence."""
    return str(_POSTED[what])


_POSTED = {
    "session": gettext_lazy("a session"),
    "first_visit": gettext_lazy("the first visit"),
    "therapy": gettext_lazy("therapy"),
    "course": gettext_lazy("a whole course or package"),
    "cancellation": gettext_lazy("cancellation"),
}


def listed(words: Sequence[str]) -> str:
    """ "preparation, travel and integration"."""
    if len(words) < 2:
        return "".join(words)
    *first, last = words
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def rate(cents: float, currency: str, unit: str) -> str:
    """What driving costs: "$0.205 a mile"."""
    whole = round(cents / 100, 3)
    decimals = max(2, len(f"{whole:g}".partition(".")[2]))
    digits = number_format(whole, decimals, force_grouping=True)
    amount = {"amount": f"{vocabulary.CURRENCIES[currency].symbol}{digits}"}
    return (_("%(amount)s a mile") if unit == "mi" else _("%(amount)s a km")) % amount


def length(amount: float, unit: str) -> str:
    """A distance as people say it: "2.3 miles", from ten on without tenths."""
    shown = round(amount, 1) if amount < NEAR else round(amount)
    return _length(shown, unit, get_language())


def reach(amount: float, unit: str) -> str:
    """A radius as it was chosen, to the hundredth: "25 miles", "12.5 kilometers"."""
    return _length(round(amount, 2), unit, get_language())


@lru_cache(maxsize=1_000)
def _length(amount: float, unit: str, language: str) -> str:
    decimals = len(f"{amount:g}".partition(".")[2])
    digits = {"n": number_format(amount, decimals, force_grouping=True)}
    many = 1 if amount == 1 else 2
    if unit == "mi":
        return ngettext("%(n)s mile", "%(n)s miles", many) % digits
    return ngettext("%(n)s kilometer", "%(n)s kilometers", many) % digits


def distance(
    distance_km: float, unit: str, *, exact: bool = True, language: str = ""
) -> str:
    """How far away; "about" where the point is only a postal code's or a town's.

    `language`: the active one, which who says many distances asks for once.
    """
    amount = distance_km / geo.KM_PER_MILE if unit == "mi" else distance_km
    shown = round(amount, 1) if amount < NEAR else round(amount)
    is_less = amount < 0.1
    return _away(max(shown, 0.1), is_less, unit, exact, language or get_language())


# A page says twenty of them, and half the page's words would be looked up for it.
@lru_cache(maxsize=5_000)
def _away(shown: float, is_less: bool, unit: str, exact: bool, language: str) -> str:
    words = {"length": length(shown, unit)}
    away = _("less than %(length)s away") if is_less else _("%(length)s away")
    away %= words
    return away if exact else _("about %(distance)s") % {"distance": away}


def times(least: int, most: int | None) -> str:
    """How often: "1 time", "6 times", "4–6 times", "3 times or more"."""
    if most is None:
        return ngettext("%(n)s time or more", "%(n)s times or more", least) % {
            "n": least
        }
    if least == most:
        return ngettext("%(n)s time", "%(n)s times", most) % {"n": most}
    return _("%(least)s–%(most)s times") % {"least": least, "most": most}


def counted(span: costs.Span) -> str:
    """How often something is needed; "as needed" where perhaps never, with no limit."""
    least, most = span
    if least is None or (least == 0 and most is None):
        return _("as needed") if least == 0 else _("not known")
    return times(least, most)


def counted_price(part: costs.Part) -> str:
    """A line's part of a sum: "6 × $400 = $2,400"; "" where it is in none."""
    if not part.counts or part.low_cents is None:
        return ""
    line, (least, most) = part.line, part.times
    low = part.low_cents if least else None
    whole = amount_range(low, part.high_cents, line.currency)
    if not whole:
        return _("as needed")
    one = amount_range(line.amount_min_cents, line.amount_max_cents, line.currency)
    if line.unit == "hour":
        hours = {"amount": one, "minutes": line.minutes}
        one = _("%(minutes)d minutes at %(amount)s an hour") % hours
    return f"{_number_of(least, most)} × {one} = {whole}"


def _number_of(least: int | None, most: int | None) -> str:
    if most is None:
        return _("%(n)d or more") % {"n": least or 0}
    return str(most) if least == most else f"{least}–{most}"


def when(on: date, precision: str) -> str:
    """ "in 2024", "in March 2024" or "on March 3, 2024": as exactly as it is known."""
    return _when(on, precision, get_language())


@lru_cache(maxsize=5_000)  # a card says five, and few days are said of all
def _when(on: date, precision: str, language: str) -> str:
    known = {"date": date_in_words(on, precision)}
    return _("on %(date)s") % known if precision == "day" else _("in %(date)s") % known


def reported(offering: Offering) -> str:
    """What a survey's row says, where a registry is all that speaks for an offering.

    "Reported ketamine infusion to SAMHSA in 2024"; "" for any other offering. It says
    nothing about therapy, so such a listing is never called a KAP clinic.
    """
    route = vocabulary.ROUTES.get(offering.route)
    if offering.method != "official_registry" or not (route and route.reported_as):
        return ""
    return _("Reported %(what)s to %(publisher)s %(when)s") % {
        "what": route.reported_as,
        "publisher": _(offering.source.publisher or offering.source.name),
        "when": when(offering.checked_on, offering.precision),
    }


def answer(fact: Fact) -> str:
    """A fact's answer: "Yes", "Required", "12 days", "For some of its services …"."""
    term = fact.term
    if term.requirement:
        said = _REQUIRED[fact.answer]()
    elif fact.answer == "no":
        return _("No")
    elif fact.number is not None and (term.number_only or fact.answer == "yes"):
        said = f"{fact.number} {_unit(term.unit)}"
    else:
        said = str(vocabulary.ANSWERS.label(fact.answer))
    if fact.scope == "facility" and fact.answer != "no":
        ask = vocabulary.SCOPES.label("facility")
        return str(ask) if said == _("Yes") else f"{said}. {ask}"
    return said


_REQUIRED = {
    "yes": lambda: _("Required"),
    "no": lambda: _("Not required"),
    "partial": lambda: _("Sometimes required"),
}


def _unit(unit: str) -> str:
    words = {
        "minutes": _("minutes"),
        "days": _("days"),
        "years": _("years"),
        "kg": _("kg"),
    }
    return words.get(unit, unit)


def need_label(term: vocabulary.Code) -> str:
    """A need as a person asks for it; a requirement is asked not to be there."""
    if not term.requirement:
        return str(term.label)
    return _("Does not require: %(what)s") % {"what": lower_first(str(term.label))}


def lower_first(words: str) -> str:
    """The words within a sentence; capitals that begin a name like "TTY" stay."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def price_line(line: PriceLine) -> str:
    """ "$400–$500 a visit, paid to the clinic"; "" where the amount is not known."""
    low, high = line.amount_min_cents, line.amount_max_cents
    amount = amount_range(low, high, line.currency)
    if not amount or low == high == 0:
        return amount and _("Free")
    return _("%(amount)s %(unit)s, paid to %(payee)s") % {
        "amount": amount,
        "unit": _per(line),
        "payee": lower_first(str(vocabulary.PAYEES.label(line.payee))),
    }


def _per(line: PriceLine) -> str:
    if line.unit == "package_of_n":
        return _("for a package of %(number)d") % {"number": line.package_size}
    per = str(vocabulary.PRICE_UNITS.label(line.unit))
    if line.minutes is None:
        return per
    minutes = {"per": per, "minutes": line.minutes}
    return _("%(per)s (%(minutes)d minutes a visit)") % minutes
