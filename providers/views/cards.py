"""A result card: what one listing shows in an answer, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import vocabulary, wording
from providers.models import Fact, Offering, Provider
from providers.question import FACT_GROUPS, Search
from providers.search import matching_offerings
from providers.views.card_prices import ShownPrice, price
from providers.views.known import asked_when
from providers.views.posted import Posted, posted_of
from providers.vocabulary import NOT_STATED


@dataclass(frozen=True, slots=True)
class ShownPayment:
    """Plans taken or help with the cost, and when the oldest of it was checked."""

    words: str
    checked: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How a listing answers one thing that the search asks for."""

    label: str
    answer: str
    checked: str
    partial: bool  # partly, or not stated


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a card's template prints."""

    url: str
    name: str
    city: str
    region: str
    is_closed: bool  # for now
    offered: list[str]
    also_offered: str
    notes: list[str]
    price: ShownPrice | None
    course: ShownPrice | None
    is_checked_at_once: bool  # both prices, in the same words
    posted: Posted
    payment: list[ShownPayment]
    accepting: list[tuple[str, str]]
    asked: list[Asked]
    contact: str
    contact_method: str
    unconfirmed: bool


def card(provider: Provider, search: Search) -> Card:
    matched = matching_offerings(provider, search)
    others = [o for o in provider.offerings.all() if o not in matched]
    facts = list(provider.facts.all())
    session, course = (price(matched, name, search) for name in ("session", "course"))
    return Card(
        url=provider.get_absolute_url(),
        name=provider.name,
        city=provider.city,
        region=provider.region.name,
        is_closed=provider.status == "temporarily_closed",
        offered=list(dict.fromkeys(map(offered_in_words, matched))),
        also_offered=_routes(others),
        notes=cautions(matched),
        price=session,
        course=course,
        is_checked_at_once=bool(
            session and course and session.checked == course.checked
        ),
        posted=posted_of(provider.offerings.all(), search.on),
        payment=payment_help(facts, search.on),
        accepting=accepting(facts, search.on),
        asked=_asked(facts, search),
        contact=contact(provider, search.on),
        contact_method=str(vocabulary.METHODS.label(provider.contact_method)),
        unconfirmed=provider.is_unconfirmed(search.on),
    )


def offered_in_words(offering: Offering) -> str:
    """ "IV drip · Therapy before or after · At the clinic", or what a survey says."""
    if said := wording.reported(offering):
        return said
    parts = [str(vocabulary.ROUTES.label(offering.route))]
    parts.append(str(vocabulary.THERAPIES.label(offering.therapy)))
    if offering.setting != NOT_STATED:
        parts.append(str(vocabulary.SETTINGS.label(offering.setting)))
    if offering.format in ("couple", "group"):
        parts.append(str(vocabulary.FORMATS.label(offering.format)))
    return " · ".join(parts)


def contact(provider: Provider, on: date) -> str:
    """When the listing was last confirmed, or that it was not."""
    when = wording.when(provider.contact_checked_on, provider.contact_precision)
    if provider.is_unconfirmed(on):
        return _("Last reported %(when)s, not confirmed since, call first") % {
            "when": when
        }
    return _("Last checked %(when)s") % {"when": when}


def accepting(facts: Iterable[Fact], on: date) -> list[tuple[str, str]]:
    """What the clinic says about new patients, each with when it was asked."""
    answers = [fact for fact in facts if fact.topic == "new_patients"]
    if any(fact.code == "accepting" and fact.answer == "yes" for fact in answers):
        answers = [fact for fact in answers if fact.answer != "no"]
    return [(_new_patients(fact), asked_when(fact, on)) for fact in answers]


def _new_patients(fact: Fact) -> str:
    if fact.code == "accepting" and fact.answer == "no":
        return _("Not taking new patients")
    label = str(fact.term.label)
    if fact.answer == "yes" and not fact.is_partial:
        return label
    return f"{label}: {wording.lower_first(wording.answer(fact))}"


def _routes(offerings: Iterable[Offering]) -> str:
    labels = [str(vocabulary.ROUTES.label(offering.route)) for offering in offerings]
    return ", ".join(dict.fromkeys(labels))


def cautions(offerings: Iterable[Offering]) -> list[str]:
    """What must stand beside compounded medicine and care at home."""
    notes = []
    for offering in offerings:
        product = vocabulary.ROUTES[offering.route].product
        if product == "compounded":
            notes.append(str(vocabulary.PRODUCTS[product].note))
        notes.append(str(vocabulary.SETTINGS[offering.setting].note))
    return [note for note in dict.fromkeys(notes) if note]


def payment_help(facts: Iterable[Fact], on: date) -> list[ShownPayment]:
    """Payment help in sentences; what holds for the whole site is told apart."""
    stated = [f for f in facts if f.topic == "payment" and f.answer != "no"]
    shown = []
    for (group, partial), sentence in _PAYMENT_HELP.items():
        named = [f for f in stated if (f.term.group, f.is_partial) == (group, partial)]
        if named:
            words = str(sentence) % {
                "what": ", ".join(str(f.term.label) for f in named)
            }
            oldest = min(named, key=lambda fact: fact.checked_on)
            shown.append(ShownPayment(words, asked_when(oldest, on)))
    return shown


_PAYMENT_HELP = {
    ("insurance", False): gettext_lazy(
        "The clinic says it takes %(what)s. Ask your plan before you book."
    ),
    ("insurance", True): gettext_lazy(
        "The clinic says it takes %(what)s for some of its services, ask about "
        "ketamine. Ask your plan before you book."
    ),
    ("lower_cost", False): gettext_lazy("Help with the cost: %(what)s."),
    ("lower_cost", True): gettext_lazy(
        "Help with the cost of some of its services: %(what)s. Ask about ketamine."
    ),
}


def _asked(facts: Iterable[Fact], search: Search) -> list[Asked]:
    """Each condition, payment, language and need of the search, as answered here."""
    stated = {(fact.topic, fact.code): fact for fact in facts}
    wanted = [
        (topic, code)
        for name, topic in FACT_GROUPS.items()
        for code in getattr(search, name)
    ]
    found = [(t, c) for t, c in wanted if (t, c) in stated]  # of these one is enough
    found += [(vocabulary.topic_of(code), code) for code in search.need]
    return [
        _answered(topic, code, stated.get((topic, code)), search)
        for topic, code in found
    ]


def _answered(topic: str, code: str, fact: Fact | None, search: Search) -> Asked:
    label = str(vocabulary.fact_code(topic, code).label)
    if fact is None:
        return Asked(label, _("Not stated, ask"), "", partial=True)
    partial = fact.is_partial
    return Asked(label, wording.answer(fact), asked_when(fact, search.on), partial)
