"""Who treats you, what kind of clinic it is, and what licenses it holds.

NUCC taxonomy codes as in CMS's National Provider Directory (2026-01-30). A clinician
picks the code without a check, so it is never proof of a license. Labels are ours.
"""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

PRESCRIBES = _("Can prescribe in the US.")
PRESCRIBES_BY_STATE = _("May prescribe in the US; the rules differ by state.")
PRESCRIBES_IN_FEW_STATES = _("May prescribe in a few US states only.")
PRESCRIBES_RARELY = _("Can rarely prescribe in the US.")
PRESCRIBES_NOTHING = _("Does not prescribe.")

CLINICIANS = Codes(
    Code(
        code="psychiatrist",
        label=_("Psychiatrist (MD/DO)"),
        definition=_("A doctor who treats mental illness."),
        note=PRESCRIBES,
        standards={"nucc": "2084P0800X"},
    ),
    Code(
        code="anesthesiologist",
        label=_("Anesthesiologist (MD/DO)"),
        definition=_("A doctor who is an expert in sedation."),
        note=PRESCRIBES,
        standards={"nucc": "207L00000X"},
    ),
    Code(
        code="pain_physician",
        label=_("Pain doctor"),
        definition=_("A doctor who treats long-term pain."),
        note=PRESCRIBES,
        standards={"nucc": "207LP2900X 208VP0000X"},
    ),
    Code(
        code="physician_other",
        label=_("Other doctor (MD/DO)"),
        definition=_(
            "A doctor who is not one of the specialists above, such as a family or "
            "emergency room doctor."
        ),
        note=PRESCRIBES,
        standards={"nucc": "207Q00000X 207P00000X 207R00000X"},
    ),
    Code(
        code="crna",
        label=_("Nurse anesthetist (CRNA)"),
        definition=_("A nurse with advanced anesthesia training."),
        note=PRESCRIBES_BY_STATE,
        standards={"nucc": "367500000X"},
    ),
    Code(
        code="pmhnp",
        label=_("Psychiatric nurse practitioner"),
        definition=_("A nurse who can diagnose and treat mental illness."),
        note=PRESCRIBES_BY_STATE,
        standards={"nucc": "363LP0808X"},
    ),
    Code(
        code="np_other",
        label=_("Nurse practitioner"),
        definition=_("A nurse who can diagnose and treat."),
        note=PRESCRIBES_BY_STATE,
        standards={"nucc": "363LF0000X"},
    ),
    Code(
        code="pa",
        label=_("Physician assistant or associate"),
        definition=_("Works with a doctor to treat patients."),
        note=PRESCRIBES_BY_STATE,
        standards={"nucc": "363A00000X"},
    ),
    Code(
        code="rn",
        label=_("Registered nurse"),
        definition=_("Gives medicine and watches vital signs."),
        note=PRESCRIBES_NOTHING,
        standards={"nucc": "163W00000X"},
    ),
    Code(
        code="naturopath",
        label=_("Naturopathic doctor"),
        definition=_("Uses natural methods. Licensed in some states only."),
        note=PRESCRIBES_IN_FEW_STATES,
        standards={"nucc": "175F00000X"},
    ),
    Code(
        code="psychologist",
        label=_("Psychologist"),
        definition=_("Gives talk therapy and testing."),
        note=PRESCRIBES_RARELY,
        standards={"nucc": "103TC0700X"},
    ),
    Code(
        code="lcsw",
        label=_("Clinical social worker"),
        definition=_("A licensed talk therapist with training in social work."),
        note=PRESCRIBES_NOTHING,
        standards={"nucc": "1041C0700X"},
    ),
    Code(
        code="lmft",
        label=_("Marriage and family therapist"),
        definition=_("A licensed talk therapist for couples, families and others."),
        note=PRESCRIBES_NOTHING,
        standards={"nucc": "106H00000X"},
    ),
    Code(
        code="lpc",
        label=_("Professional or mental health counselor"),
        definition=_("A licensed talk therapist with training in counseling."),
        note=PRESCRIBES_NOTHING,
        standards={"nucc": "101YP2500X 101YM0800X"},
    ),
)

CLINIC_TYPES = Codes(
    Code(
        code="infusion_clinic",
        label=_("Infusion clinic"),
        definition=_("A clinic that gives medicines through a vein."),
        standards={"nucc": "261QI0500X"},
    ),
    Code(
        code="mental_health_clinic",
        label=_("Mental health clinic"),
        definition=_("A clinic for mental health care without a stay."),
        standards={"nucc": "261QM0801X 261QM0850X"},
    ),
    Code(
        code="pain_clinic",
        label=_("Pain clinic"),
        definition=_("A clinic for long-term pain."),
        standards={"nucc": "261QP3300X"},
    ),
    Code(
        code="surgery_center",
        label=_("Outpatient surgery center"),
        definition=_("A center for operations that need no overnight stay."),
        standards={"nucc": "261QA1903X"},
    ),
    Code(
        code="community_behavioral_health",
        label=_("Community behavioral health agency"),
        definition=_("A local agency for mental health and addiction care."),
        standards={"nucc": "251S00000X"},
    ),
)

LICENCES = Codes(
    Code(
        code="rems_certified",
        label=_("Certified for esketamine (REMS)"),
        definition=_(
            "The site is on the official US list of places that may give esketamine "
            "nasal spray."
        ),
        aliases=("rems",),
    ),
    Code(
        code="dea_registered",
        label=_("DEA-registered prescriber"),
        definition=_(
            "The prescriber is registered with the US agency for controlled drugs."
        ),
        aliases=("dea",),
    ),
    Code(
        code="professional_licence",
        label=_("Clinician license found at the board"),
        definition=_(
            "The state or national board lists the clinician's license as active."
        ),
    ),
    Code(
        code="npi_listed",
        label=_("Listed in the US provider registry (NPI)"),
        definition=_(
            "The registry has an NPI number for this provider. The number is not a "
            "license."
        ),
        aliases=("npi",),
    ),
    Code(
        code="state_facility_licence",
        label=_("State or provincial facility license"),
        definition=_("The state or province has licensed the site where it asks to."),
    ),
    Code(
        code="cqc_registered",
        label=_("Registered with the Care Quality Commission"),
        definition=_("England's inspector of clinics lists and rates this clinic."),
        aliases=("cqc",),
    ),
)
