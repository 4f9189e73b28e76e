"""What is given and how: product, route, setting, therapy level, format.

Facts: FDA label of Spravato (version of 2026-03-13); route codes of HL7 v3
RouteOfAdministration and of the FHIR R5 route value set (SNOMED CT).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import NOT_STATED, Code, Codes

NASAL_ESKETAMINE = "nasal_esketamine"
NO_MEDICINE = "no_medicine"
SUPERVISED_SETTINGS = ("in_clinic", "hospital")
REMOTE_SETTINGS = ("home_live_video", "home_unwatched", "home_visit")

PRODUCTS = Codes(
    Code(
        code="esketamine_nasal",
        label=_("Esketamine nasal spray (Spravato)"),
        definition=_(
            "A brand-name spray made from one half of the ketamine molecule. You "
            "spray it yourself while staff watch."
        ),
        note=_(
            "In the US, FDA approved for two kinds of depression, and given only at "
            "certified sites."
        ),
    ),
    Code(
        code="racemic_injectable",
        label=_("Ketamine (generic, injectable)"),
        definition=_("The older anesthesia drug, used at a low dose."),
        note=_(
            "In the US, approved for anesthesia only. Use for mental health is "
            "off-label: doctors may choose it for a use that is not approved."
        ),
    ),
    Code(
        code="compounded",
        label=_("Compounded ketamine"),
        definition=_(
            "Ketamine that a pharmacy mixes to order as a lozenge, tablet, liquid or "
            "spray."
        ),
        note=_(
            "Not approved by the FDA in any form. The FDA warned about it in "
            "February 2022 (nasal) and in October 2023 (all forms)."
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Code):
    """How the medicine gets in; it settles which product it is."""

    product: str = ""  # a code of PRODUCTS, "" where there is none or it is not stated
    reported_as: str | Promise = ""  # how a survey that asks about it words it
    rare: bool = False  # its filter option stays hidden until a listing uses it


ROUTES = Codes(
    Route(
        code="iv_infusion",
        label=_("IV drip"),
        definition=_("Medicine drips slowly into a vein, often over about 40 minutes."),
        product="racemic_injectable",
        reported_as=_("ketamine infusion"),
        aliases=("iv", "infusion", "iv_drip"),
        standards={"hl7_v3": "IV", "snomed": "47625008", "samhsa": "KIT"},
    ),
    Route(
        code="im_injection",
        label=_("Shot in a muscle (IM)"),
        definition=_("One or two quick shots in the arm or thigh."),
        product="racemic_injectable",
        aliases=("im", "intramuscular"),
        standards={"hl7_v3": "IM", "snomed": "78421000"},
    ),
    Route(
        code="sc_injection",
        label=_("Shot under the skin"),
        definition=_(
            "A small shot under the skin. More common in Australia and New Zealand."
        ),
        product="racemic_injectable",
        aliases=("sc", "sq", "subq", "subcutaneous"),
        standards={"hl7_v3": "SQ", "snomed": "34206005"},
    ),
    Route(
        code=NASAL_ESKETAMINE,
        label=_("Esketamine nasal spray"),
        definition=_("The brand-name spray (Spravato), used only at a certified site."),
        product="esketamine_nasal",
        aliases=("esketamine", "spravato"),
        standards={"hl7_v3": "NASAL", "snomed": "46713006"},
    ),
    Route(
        code="nasal_compounded",
        label=_("Compounded nasal ketamine"),
        definition=_("A spray made to order by a pharmacy. Not the same as Spravato."),
        product="compounded",
        aliases=("compounded_nasal",),
        standards={"hl7_v3": "NASAL", "snomed": "46713006"},
    ),
    Route(
        code="sublingual",
        label=_("Lozenge or tablet under the tongue"),
        definition=_(
            "A lozenge (troche) or fast-melting tablet that you hold in the mouth."
        ),
        product="compounded",
        aliases=("lozenge", "troche", "odt", "rdt", "sl", "under_the_tongue"),
        standards={"hl7_v3": "SL", "snomed": "37839007"},
    ),
    Route(
        code="oral",
        label=_("Swallowed ketamine"),
        definition=_("A liquid, pill or slow-release capsule that you swallow."),
        product="compounded",
        aliases=("po", "swallowed"),
        standards={"hl7_v3": "PO", "snomed": "26643006"},
    ),
    Route(
        code="rectal",
        label=_("Rectal ketamine"),
        definition=_("Placed in the rectum. Rarely offered."),
        product="compounded",
        rare=True,
        aliases=("pr",),
        standards={"hl7_v3": "PR", "snomed": "37161004"},
    ),
    Route(
        code=NO_MEDICINE,
        label=_("Therapy only, no medicine here"),
        definition=_(
            "Sessions before or after ketamine that you get somewhere else. No "
            "medicine is given here."
        ),
        aliases=("therapy_only",),
    ),
    Route(
        code=NOT_STATED,
        label=_("Way of giving it not stated"),
        definition=_("We do not know yet how ketamine is given here. Ask the clinic."),
    ),
)

SETTINGS = Codes(
    Code(
        code="in_clinic",
        label=_("At the clinic"),
        definition=_("You get the medicine at an office with staff present."),
        aliases=("clinic", "office"),
    ),
    Code(
        code="hospital",
        label=_("At a hospital"),
        definition=_("You get it in a hospital or a hospital clinic."),
    ),
    Code(
        code="home_live_video",
        label=_("At home, watched live on video"),
        definition=_(
            "You take it at home while a clinician or therapist watches the whole time."
        ),
    ),
    Code(
        code="home_unwatched",
        label=_("At home, not watched live"),
        definition=_(
            "You take it at home on your own schedule. Often a helper must be there."
        ),
        note=_("The FDA warned in 2023 about use at home with no one monitoring you."),
    ),
    Code(
        code="home_visit",
        label=_("Clinician comes to you"),
        definition=_("A nurse or doctor gives it at your home. State rules vary."),
    ),
    Code(
        code="retreat",
        label=_("Retreat or multi-day program"),
        definition=_("Treatment is part of a stay of one or more nights."),
    ),
    Code(
        code=NOT_STATED,
        label=_("Place of treatment not stated"),
        definition=_("We do not know yet where you take it. Ask the clinic."),
    ),
)

THERAPIES = Codes(
    Code(
        code="none",
        label=_("Medicine only"),
        definition=_("No talk therapy is part of the program."),
        aliases=("medicine_only",),
    ),
    Code(
        code="referral",
        label=_("Medicine, with outside therapy"),
        definition=_("You may bring your own therapist or be referred to one."),
    ),
    Code(
        code="support_only",
        label=_("Guide or coach, not a therapist"),
        definition=_(
            "A helper who is not a licensed therapist sits with you or checks in. A "
            "recording or an app counts here too."
        ),
    ),
    Code(
        code="integration_only",
        label=_("Therapy before or after"),
        definition=_(
            "You meet a therapist before or after you take the medicine, not during it."
        ),
    ),
    Code(
        code="full_kap",
        label=_("Full ketamine-assisted psychotherapy (KAP)"),
        definition=_(
            "Therapy sessions to prepare, a therapist with you while you take "
            "ketamine, and sessions after to make sense of it."
        ),
        aliases=("kap", "ketamine_assisted_psychotherapy"),
    ),
    Code(
        code=NOT_STATED,
        label=_("Therapy not stated"),
        definition=_("We do not know yet whether therapy is included. Ask the clinic."),
    ),
)

FORMATS = Codes(
    Code(
        code="individual",
        label=_("One person"),
        definition=_("You are the only patient in the session."),
    ),
    Code(
        code="couple",
        label=_("Couple"),
        definition=_("You and your partner are treated together."),
    ),
    Code(
        code="group",
        label=_("Group"),
        definition=_("Several patients share the session."),
    ),
    Code(
        code=NOT_STATED,
        label=_("Format not stated"),
        definition=_(
            "We do not know yet if sessions are alone or shared. Ask the clinic."
        ),
    ),
)

PARTNER_MODELS = Codes(
    Code(
        code="one_practice",
        label=_("One practice"),
        definition=_("Therapist and prescriber work for the same business."),
    ),
    Code(
        code="split",
        label=_("Therapist and prescriber apart"),
        definition=_(
            "Therapist and prescriber are separate businesses, so you may get two "
            "bills."
        ),
    ),
)
