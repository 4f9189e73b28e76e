"""Who pays and what help with the cost there is.

Say "the clinic says it takes this; ask your plan before you book", never that a plan
pays. SAMHSA codes are those of its mental health survey (N-SUMHSS).
"""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

PAYMENTS = Codes(
    Code(
        code="self_pay",
        label=_("Self-pay"),
        definition=_("You pay the clinic yourself."),
        group="ways_to_pay",
        aliases=("cash",),
        standards={"samhsa": "SF"},
    ),
    Code(
        code="private_insurance",
        label=_("Private insurance"),
        definition=_("A plan from work or the marketplace."),
        group="insurance",
        aliases=("insurance", "commercial_insurance"),
        standards={"samhsa": "PI"},
    ),
    Code(
        code="medicare",
        label=_("Medicare"),
        definition=_("US plan for people age 65 and older or with a disability."),
        group="insurance",
        standards={"samhsa": "MC"},
    ),
    Code(
        code="medicaid",
        label=_("Medicaid"),
        definition=_("US plan for people with low income."),
        group="insurance",
        standards={"samhsa": "MD"},
    ),
    Code(
        code="state_insurance",
        label=_("State insurance other than Medicaid"),
        definition=_("A health plan that a US state pays for, apart from Medicaid."),
        group="insurance",
        standards={"samhsa": "SI"},
    ),
    Code(
        code="tricare",
        label=_("Military insurance"),
        definition=_("TRICARE and similar plans for military families."),
        group="insurance",
        aliases=("military_insurance",),
        standards={"samhsa": "MI"},
    ),
    Code(
        code="va_community_care",
        label=_("VA Community Care"),
        definition=_("The VA pays an outside clinic after it approves each time."),
        group="insurance",
    ),
    Code(
        code="va_funds",
        label=_("VA funds (reported to a survey)"),
        definition=_(
            "The clinic told a survey that it gets VA money. This may not be VA "
            "Community Care, so ask the VA."
        ),
        group="insurance",
        aliases=("va", "vaf"),
        standards={"samhsa": "VAF"},
    ),
    Code(
        code="ihs_tribal",
        label=_("Indian Health or Tribal funds"),
        definition=_(
            "Care paid by the Indian Health Service, Tribal or Urban programs."
        ),
        group="insurance",
        aliases=("ihs",),
        standards={"samhsa": "ITU"},
    ),
    Code(
        code="workers_comp",
        label=_("Workers' compensation"),
        definition=_("Pays for a work injury."),
        group="insurance",
    ),
    Code(
        code="public_system",
        label=_("Public health system"),
        definition=_(
            "The NHS, the PBS, a provincial plan, the HSE or a statutory fund pays."
        ),
        group="insurance",
    ),
    Code(
        code="sliding_scale",
        label=_("Sliding scale"),
        definition=_("You pay less if you earn less."),
        group="lower_cost",
        standards={"samhsa": "SS"},
    ),
    Code(
        code="payment_assistance",
        label=_("Other help with cost"),
        definition=_("The clinic has some other aid. Ask what it is."),
        group="lower_cost",
        standards={"samhsa": "PA"},
    ),
    Code(
        code="free_care",
        label=_("Free care"),
        definition=_("No charge for some people."),
        group="lower_cost",
        standards={"samhsa": "NP"},
    ),
    Code(
        code="nonprofit_grant",
        label=_("Charity grant"),
        definition=_("A nonprofit pays part."),
        group="lower_cost",
    ),
    Code(
        code="mfr_savings",
        label=_("Drug-maker savings"),
        definition=_(
            "The maker of esketamine lowers what you pay for the drug if you have "
            "commercial insurance. Not for government plans."
        ),
        note=_(
            "A separate rebate can help with the watch fee, but not in "
            "Massachusetts, Michigan, Minnesota or Rhode Island."
        ),
        group="lower_cost",
    ),
    Code(
        code="group_rate",
        label=_("Group session price"),
        definition=_("Lower price for treatment in a group."),
        group="lower_cost",
    ),
    Code(
        code="veteran_discount",
        label=_("Veteran discount"),
        definition=_("Lower price for veterans."),
        group="lower_cost",
    ),
    Code(
        code="package_discount",
        label=_("Package price"),
        definition=_("Lower price if you buy a set. Ask about refunds."),
        group="lower_cost",
    ),
    Code(
        code="payment_plan",
        label=_("Payment plan"),
        definition=_("You pay the clinic over time."),
        group="ways_to_pay",
    ),
    Code(
        code="third_party_loan",
        label=_("Medical loan or card"),
        definition=_("A lender pays the clinic; you may owe interest."),
        group="ways_to_pay",
    ),
    Code(
        code="hsa_fsa",
        label=_("HSA or FSA card"),
        definition=_("You pay with pre-tax health savings."),
        group="ways_to_pay",
        aliases=("hsa", "fsa"),
    ),
    Code(
        code="superbill",
        label=_("Superbill"),
        definition=_(
            "A detailed receipt that you send to your plan. It may pay nothing back."
        ),
        group="ways_to_pay",
    ),
    Code(
        code="gives_good_faith_estimate",
        label=_("Written price estimate first"),
        definition=_(
            "In the US, you can ask for one if you do not use insurance. You can "
            "dispute a bill $400 or more above it."
        ),
        group="ways_to_pay",
        aliases=("good_faith_estimate",),
    ),
)
