"""Facts by topic, the needs that a search can ask for, and their headings."""

from itertools import chain

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.access import ACCESS
from providers.vocabulary.clinicians import CLINICIANS, LICENCES
from providers.vocabulary.codes import Code, Codes
from providers.vocabulary.conditions import CONDITIONS
from providers.vocabulary.languages import LANGUAGES
from providers.vocabulary.payments import PAYMENTS
from providers.vocabulary.people import NEW_PATIENTS, POPULATIONS, WHO
from providers.vocabulary.safety import SAFETY, SCREENING

TOPICS: dict[str, Codes] = {
    "condition": CONDITIONS,
    "payment": PAYMENTS,
    "access": ACCESS,
    "population": POPULATIONS,
    "language": LANGUAGES,
    "screening": SCREENING,
    "safety": SAFETY,
    "clinician": CLINICIANS,
    "licence": LICENCES,
    "new_patients": NEW_PATIENTS,
    "who": WHO,
}

TOPIC_LABELS = {
    "condition": _("Conditions"),
    "payment": _("Paying"),
    "access": _("Access"),
    "population": _("Groups and programs"),
    "language": _("Languages"),
    "screening": _("Before you start"),
    "safety": _("Safety"),
    "clinician": _("Clinicians"),
    "licence": _("Licenses"),
    "new_patients": _("New patients"),
    "who": _("Who can come"),
}

GROUPS = Codes(
    Code(
        code="building",
        label=_("Building"),
        definition=_("Getting in and moving about."),
        standards={"plan_net": "mobility handiaccess adacomp"},
    ),
    Code(
        code="getting_there",
        label=_("Getting there and home"),
        definition=_("Transit, parking and rides."),
        standards={"hsds": "location.transportation"},
    ),
    Code(
        code="senses",
        label=_("Seeing, hearing and other senses"),
        definition=_("Signs, captions, print, light and sound."),
    ),
    Code(
        code="thinking",
        label=_("Understanding and support"),
        definition=_("Plain words, time and someone with you."),
        standards={"plan_net": "cognitive"},
    ),
    Code(
        code="trauma",
        label=_("Trauma and trust"),
        definition=_("Choice, consent and a way to complain."),
    ),
    Code(
        code="time",
        label=_("Times and booking"),
        definition=_("When you can come and how you book."),
        standards={"hsds": "schedule"},
    ),
    Code(
        code="family",
        label=_("Family and animals"),
        definition=_("Children, nursing and service animals."),
    ),
    Code(
        code="body",
        label=_("Body and devices"),
        definition=_("Weight, veins, needles and latex."),
    ),
    Code(
        code="remote",
        label=_("From home"),
        definition=_("What can be done by phone, by video or at home."),
    ),
    Code(
        code="culture",
        label=_("Culture and identity (the clinic says)"),
        definition=_("What the clinic says about itself."),
        standards={"plan_net": "cultcomp"},
    ),
    Code(
        code="program",
        label=_("Programs"),
        definition=_("Programs at the site, which may not use ketamine."),
    ),
    Code(
        code="ages",
        label=_("Ages"),
        definition=_("Ages that the site treats."),
    ),
    Code(
        code="watching",
        label=_("Watching and readiness"),
        definition=_("What staff do during and after a dose."),
    ),
    Code(
        code="after",
        label=_("What they ask of you on the day"),
        definition=_("What you must arrange for the day of a dose."),
    ),
    Code(
        code="screening",
        label=_("Before you start"),
        definition=_("What the clinic asks and tests first."),
    ),
    Code(
        code="who",
        label=_("Who can come"),
        definition=_("Ages, referrals and therapists."),
    ),
    Code(
        code="insurance",
        label=_("Insurance and public plans"),
        definition=_("Plans that the clinic says it takes. Ask your plan first."),
    ),
    Code(
        code="lower_cost",
        label=_("Help with the cost"),
        definition=_("Ways in which you may pay less."),
    ),
    Code(
        code="ways_to_pay",
        label=_("Ways to pay"),
        definition=_("How you can pay when you pay yourself."),
    ),
)

_NEED_TOPICS = ("access", "population", "safety", "screening", "who")
_ASKS_ONLY = ("screening", "who")  # of these only what burdens the patient is a need


def _is_need(topic: str, code: Code) -> bool:
    if topic in _ASKS_ONLY:
        return code.requirement
    return not code.number_only


_TOPIC_OF_NEED = {
    code.code: topic
    for topic in _NEED_TOPICS
    for code in TOPICS[topic].values()
    if _is_need(topic, code)
}

NEEDS = Codes(*(TOPICS[topic][code] for code, topic in _TOPIC_OF_NEED.items()))

# The survey's code: our topic and code. Blank in the survey means not stated.
FACT_OF_SAMHSA: dict[str, tuple[str, str]] = dict(
    chain.from_iterable(
        ((theirs, (topic, ours)) for theirs, ours in t.from_standard("samhsa").items())
        for topic, t in TOPICS.items()
    )
)


def topic_of(need: str) -> str:
    """The topic whose facts answer a need; KeyError for a code that is none."""
    return _TOPIC_OF_NEED[need]


def fact_code(topic: str, code: str) -> Code:
    """The code of a topic; ValueError for an unknown topic or code."""
    if topic not in TOPICS:
        raise ValueError(f"no topic {topic!r}")
    if code not in TOPICS[topic]:
        raise ValueError(f"no {topic} {code!r}")
    return TOPICS[topic][code]
