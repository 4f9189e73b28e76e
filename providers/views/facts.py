"""A listing's facts in words, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from providers import vocabulary, wording
from providers.models import Fact, Offering, Provider
from providers.views.cards import ShownPayment, payment_help
from providers.views.known import asked_when
from providers.vocabulary import NOT_STATED, Code

# Topics that share a heading with nothing else, in the order of the page.
TOPICS = ("condition", "payment", "who", "screening", "safety", "access")
TOPICS += ("population", "language", "clinician", "licence")

# What a patient would ask about first, of each topic.
USUAL_QUESTIONS = {
    "payment": "private_insurance sliding_scale payment_plan superbill",
    "screening": "medicine_review psych_evaluation bp_check written_off_label_consent",
    "safety": (
        "staff_in_room vitals_before_during_after observation_minutes acls_staff "
        "emergency_plan ride_home_required"
    ),
    "access": (
        "step_free_entry wheelchair_inside accessible_toilet near_transit "
        "driver_must_stay support_person_in_room evening weekend wait_days"
    ),
}
QUESTIONS_IN_COUNTRY = {
    "US": {"payment": "medicare medicaid"},
    "GB": {"payment": "public_system"},
    "AU": {"payment": "public_system"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One stated fact."""

    term: Code
    answer: str
    note: str
    checked: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A topic, its rows by heading."""

    topic: str
    title: str
    intro: str
    sentences: list[ShownPayment]  # each with when the oldest of it was checked
    parts: list[tuple[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask the clinic about one topic."""

    title: str
    terms: list[str]


def sections(facts: Iterable[Fact], on: date) -> list[Section]:
    """Everything stated, by topic and group, in the vocabulary's order."""
    by_topic: dict[str, list[Fact]] = {}
    for fact in facts:
        by_topic.setdefault(fact.topic, []).append(fact)
    return [
        Section(
            topic=topic,
            title=str(vocabulary.TOPIC_LABELS[topic]),
            intro=_intro(topic),
            sentences=payment_help(by_topic.get("payment", ()), on)
            if topic == "payment"
            else [],
            parts=_parts(topic, by_topic[topic], on),
        )
        for topic in TOPICS
        if topic in by_topic
    ]


def _intro(topic: str) -> str:
    match topic:
        case "condition":
            return _("What the clinic says it treats.")
        case "payment":
            return _("What the clinic says about paying.")
        case "safety":
            return _("What the clinic says it does. Ask a clinician what you need.")
        case "screening":
            return _("What the clinic says it asks about and tests before you start.")
    return ""


def _parts(topic: str, facts: list[Fact], on: date) -> list[tuple[str, list[Row]]]:
    order = list(vocabulary.TOPICS[topic])
    groups = ["", *vocabulary.GROUPS]

    def rank(fact: Fact) -> tuple[int, int]:
        return groups.index(fact.term.group), order.index(fact.code)

    ranked = sorted(facts, key=rank)
    return [
        (_heading(topic, group), [_row(fact, on) for fact in listed])
        for group, listed in groupby(ranked, key=lambda fact: fact.term.group)
    ]


def _heading(topic: str, group: str) -> str:
    """A group's name, unless it only repeats its topic's."""
    label = str(vocabulary.GROUPS.label(group)) if group else ""
    return "" if label == str(vocabulary.TOPIC_LABELS[topic]) else label


def _row(fact: Fact, on: date) -> Row:
    return Row(
        term=fact.term,
        answer=wording.answer(fact),
        note=fact.note,
        checked=asked_when(fact, on),
        stale=fact.is_stale(on),
    )


def to_ask(
    provider: Provider, offerings: list[Offering], facts: Iterable[Fact], on: date
) -> list[Questions]:
    """What the listing leaves open and a patient would want to know."""
    stated = {(fact.topic, fact.code) for fact in facts}
    asked = [Questions(_("Treatment and price"), _about(offerings, stated, on))]
    local = QUESTIONS_IN_COUNTRY.get(provider.country, {})
    for topic, usual in USUAL_QUESTIONS.items():
        codes = f"{usual} {local.get(topic, '')}".split()
        table = vocabulary.TOPICS[topic]
        silent = [str(table[c].label) for c in codes if (topic, c) not in stated]
        asked.append(Questions(str(vocabulary.TOPIC_LABELS[topic]), silent))
    return [questions for questions in asked if questions.terms]


def _about(offerings: list[Offering], stated: set, on: date) -> list[str]:
    medicine = [o for o in offerings if o.route != vocabulary.NO_MEDICINE]
    questions = {
        _("How ketamine is given"): _any_not_stated(medicine, "route"),
        _("What one session costs, and what that includes"): not any(
            o.has_current_session_price(on) for o in offerings
        ),
        _("Whether a therapist is with you, and how much therapy there is"): (
            _any_not_stated(offerings, "therapy")
        ),
        _("Where you take it: at the clinic, a hospital or home"): (
            _any_not_stated(medicine, "setting")
        ),
        _("What they treat"): not any(topic == "condition" for topic, _code in stated),
        _("Whether they take new patients, and how long the wait is"): (
            ("new_patients", "accepting") not in stated
        ),
    }
    return [question for question, is_open in questions.items() if is_open]


def _any_not_stated(offerings: list[Offering], part: str) -> bool:
    return any(getattr(offering, part) == NOT_STATED for offering in offerings)
