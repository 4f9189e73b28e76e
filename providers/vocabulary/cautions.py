"""Things that clinics often ask about before they treat. Never a quiz.

Facts: US label of esketamine; guidance where the level says so (domain notes).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

CAUTION_LEVELS = Codes(
    Code(
        code="label_contra",
        label=_("Do not use, says the US esketamine label"),
        definition=_("The US label says not to use esketamine with this."),
    ),
    Code(
        code="label_warn",
        label=_("Warning on the US esketamine label"),
        definition=_("The US label tells clinicians to take care with this."),
    ),
    Code(
        code="guideline",
        label=_("Named in guidance"),
        definition=_("Clinical guidance, the VA or clinics' own rules name this."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution(Code):
    """Something clinics often ask about; `level` is a code of CAUTION_LEVELS."""

    level: str


CAUTIONS = Codes(
    Caution(
        code="aneurysm",
        label=_("Weak or bulging blood vessel (aneurysm)"),
        definition=_("A blood vessel wall that has grown thin and bulges."),
        level="label_contra",
    ),
    Caution(
        code="avm",
        label=_("Tangled blood vessels (AVM)"),
        definition=_("Arteries and veins that are joined in a knot."),
        level="label_contra",
    ),
    Caution(
        code="brain_bleed",
        label=_("Past bleeding in the brain"),
        definition=_("Blood has leaked inside the skull at some time."),
        level="label_contra",
    ),
    Caution(
        code="allergy",
        label=_("Allergy to ketamine or esketamine"),
        definition=_("A past allergic reaction to either drug."),
        level="label_contra",
    ),
    Caution(
        code="high_bp",
        label=_("High blood pressure not under control"),
        definition=_("Ketamine can raise blood pressure for a while."),
        note=_("Staff may delay a dose above 140/90."),
        level="label_warn",
    ),
    Caution(
        code="heart_stroke",
        label=_("Heart disease, stroke or irregular heartbeat"),
        definition=_("Trouble with the heart or the blood flow to the brain."),
        level="label_warn",
    ),
    Caution(
        code="psychosis",
        label=_("Psychosis or schizophrenia, now or before"),
        definition=_("Seeing, hearing or believing things that others do not."),
        note=_(
            "The label asks clinicians to weigh this; the VA and many clinics "
            "do not treat people with it."
        ),
        level="label_warn",
    ),
    Caution(
        code="mania",
        label=_("Mania now"),
        definition=_("A time of very high energy, little sleep and risky choices."),
        level="guideline",
    ),
    Caution(
        code="substance_use",
        label=_("Alcohol or drug problem, or past ketamine misuse"),
        definition=_("Trouble with alcohol or drugs, now or before."),
        level="label_warn",
    ),
    Caution(
        code="suicidality",
        label=_("Suicidal thoughts"),
        definition=_("Above all under age 25 when taking antidepressants."),
        level="label_warn",
    ),
    Caution(
        code="pregnancy",
        label=_("Pregnant or may become pregnant"),
        definition=_("Ketamine may harm an unborn baby."),
        level="label_warn",
    ),
    Caution(
        code="breastfeeding",
        label=_("Breastfeeding"),
        definition=_("The medicine passes into milk."),
        level="label_warn",
    ),
    Caution(
        code="liver",
        label=_("Severe liver disease"),
        definition=_("The liver clears the medicine from the body."),
        level="label_warn",
    ),
    Caution(
        code="bladder",
        label=_("Bladder pain or cystitis"),
        definition=_("Long or heavy use of ketamine can hurt the bladder."),
        level="label_warn",
    ),
    Caution(
        code="breathing",
        label=_("Severe lung disease, sleep apnea or slow breathing"),
        definition=_("Trouble with breathing, awake or asleep."),
        note=_(
            "The label warns of slow breathing; lung disease and sleep apnea "
            "come from guidance."
        ),
        level="label_warn",
    ),
    Caution(
        code="under_18",
        label=_("Under age 18"),
        definition=_("Esketamine is not approved for people under 18."),
        level="label_warn",
    ),
    Caution(
        code="sedatives",
        label=_("Opioids, benzodiazepines or alcohol"),
        definition=_("Things that make you sleepy add to the effect of ketamine."),
        level="label_warn",
    ),
    Caution(
        code="stimulants_maoi",
        label=_("Stimulants or MAOI drugs"),
        definition=_("Medicines that can raise blood pressure together with ketamine."),
        level="label_warn",
    ),
    Caution(
        code="raised_pressure",
        label=_("Glaucoma or raised pressure in the head"),
        definition=_("High pressure in the eye or around the brain."),
        level="guideline",
    ),
    Caution(
        code="seizures",
        label=_("Seizure disorder"),
        definition=_("Seizures now or before, such as epilepsy."),
        note=_("Clinics differ on this. Ask for the clinic's own rule."),
        level="guideline",
    ),
    Caution(
        code="thyroid",
        label=_("Overactive thyroid not under control"),
        definition=_("The thyroid gland makes too much hormone."),
        level="guideline",
    ),
    Caution(
        code="dementia",
        label=_("Dementia or recent delirium"),
        definition=_("Lasting or sudden trouble with memory and thinking."),
        level="guideline",
    ),
)
