"""Conditions that people seek treatment for, with what is approved in the US.

Facts: FDA label of Spravato (version of 2026-03-13).
"""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

OFF_LABEL_NOTE = _(
    "Off-label in the US: ketamine is approved for something else, and doctors may "
    "choose to use it for this."
)

CONDITIONS = Codes(
    Code(
        code="trd",
        label=_("Depression that has not improved with treatment (TRD)"),
        definition=_("Depression that stayed after at least two antidepressants."),
        note=_(
            "In the US, esketamine nasal spray is FDA approved for adults with this, "
            "with or without an antidepressant pill. Other forms of ketamine are "
            "off-label."
        ),
        aliases=("treatment_resistant_depression",),
    ),
    Code(
        code="mdd_si",
        label=_("Depression with suicidal thoughts"),
        definition=_("Major depression with strong thoughts of suicide now."),
        note=_(
            "In the US, esketamine nasal spray is FDA approved for the depressive "
            "symptoms, with an antidepressant pill. It is not shown to prevent "
            "suicide. Other forms of ketamine are off-label."
        ),
    ),
    Code(
        code="mdd",
        label=_("Major depression"),
        definition=_("Long-lasting low mood that gets in the way of life."),
        note=OFF_LABEL_NOTE,
        aliases=("depression",),
    ),
    Code(
        code="bipolar_depression",
        label=_("Bipolar depression"),
        definition=_("Low mood in a person with bipolar disorder."),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="ptsd",
        label=_("Post-traumatic stress (PTSD)"),
        definition=_("Ongoing distress after trauma."),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="gad",
        label=_("Generalized anxiety"),
        definition=_("Constant worry that is hard to control."),
        note=OFF_LABEL_NOTE,
        aliases=("generalized_anxiety",),
    ),
    Code(
        code="social_anxiety",
        label=_("Social anxiety"),
        definition=_("Strong fear of social situations."),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="ocd",
        label=_("Obsessive-compulsive disorder"),
        definition=_("Unwanted thoughts and repeated acts."),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="sud",
        label=_("Alcohol or drug use disorder"),
        definition=_(
            "Trouble controlling alcohol or drugs. Many clinics do not take people "
            "with active use."
        ),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="eol_distress",
        label=_("Distress with serious illness"),
        definition=_("Fear or sadness linked to a life-limiting illness."),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="postpartum",
        label=_("Depression after birth"),
        definition=_(
            "Depression in the year after having a baby. Clinics often ask about "
            "breastfeeding."
        ),
        note=OFF_LABEL_NOTE,
    ),
    Code(
        code="chronic_pain",
        label=_("Chronic pain"),
        definition=_(
            "Pain that lasts three months or more, such as CRPS or nerve pain. Doses "
            "and prices differ from those for mood."
        ),
        note=OFF_LABEL_NOTE,
        aliases=("pain",),
    ),
)
