"""Regulation as data: what a note is about, what it says, how good its source is."""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

REGULATION_TOPICS = Codes(
    Code(
        code="licence",
        label=_("Approval of the medicine"),
        definition=_("What the drug agency has approved it for."),
    ),
    Code(
        code="funding",
        label=_("Public funding"),
        definition=_("Whether a public plan pays."),
    ),
    Code(
        code="drug_schedule",
        label=_("Controlled-drug rules"),
        definition=_("How the law controls the drug."),
    ),
    Code(
        code="telehealth",
        label=_("Telehealth"),
        definition=_("What may be done by phone or video."),
    ),
    Code(
        code="facility_licence",
        label=_("License for the site"),
        definition=_("Whether a clinic needs a license or registration."),
    ),
    Code(
        code="who_may_prescribe",
        label=_("Who may prescribe"),
        definition=_("Which clinicians may order the medicine."),
    ),
    Code(
        code="supervision",
        label=_("Supervision"),
        definition=_("Who must watch, and how close by."),
    ),
    Code(
        code="therapist_scope",
        label=_("What therapists may do"),
        definition=_("What a therapist may and may not do with ketamine."),
    ),
    Code(
        code="ownership",
        label=_("Ownership"),
        definition=_("Who may own a clinic."),
    ),
    Code(
        code="advertising",
        label=_("Advertising"),
        definition=_("What a clinic may say about its treatment."),
    ),
)

REGULATION_STATUSES = Codes(
    Code(
        code="licensed",
        label=_("Approved for this use here."),
        definition=_("The drug agency allows this medicine for this use."),
    ),
    Code(
        code="off_label",
        label=_("Approved for something else. Doctors may choose to use it for this."),
        definition=_("The use is allowed, though the agency has not reviewed it."),
    ),
    Code(
        code="unapproved_compounded",
        label=_("Made to order by a pharmacy. Not approved for any use."),
        definition=_("No agency has reviewed the product that the pharmacy mixes."),
    ),
    Code(
        code="restricted_site",
        label=_("Only at certified or licensed sites."),
        definition=_("A site must be on a list before it may give it."),
    ),
    Code(
        code="restricted_prescriber",
        label=_("Only some clinicians may prescribe it."),
        definition=_("The rule names who may order it."),
    ),
    Code(
        code="funded",
        label=_("The public plan pays."),
        definition=_("A public plan pays for the approved use."),
    ),
    Code(
        code="funded_limited",
        label=_("The public plan pays for some people."),
        definition=_("A public plan pays when set conditions are met."),
    ),
    Code(
        code="not_funded",
        label=_("The public plan does not pay."),
        definition=_("You or another plan would pay."),
    ),
    Code(
        code="temporary",
        label=_("Allowed for now. Ends on a set date."),
        definition=_("The rule has an end date unless it is made longer."),
    ),
    Code(
        code="local_rule",
        label=_("A local rule adds duties. See the note."),
        definition=_("A state, province or city asks for more."),
    ),
    Code(
        code="proposed",
        label=_("A rule is proposed. It is not in force."),
        definition=_("It may change or never start."),
    ),
    Code(
        code="not_available",
        label=_("Not sold or not allowed here."),
        definition=_("You cannot get it here."),
    ),
    Code(
        code="info",
        label=_("Background fact."),
        definition=_("It helps to understand the rules; it is not a rule."),
    ),
    Code(
        code="unknown",
        label=_("We have not confirmed this yet."),
        definition=_("We found no good source so far."),
    ),
)

REGULATION_APPLIES_TO = Codes(
    Code(
        code="clinic",
        label=_("Clinics"),
        definition=_("The business that runs treatment."),
    ),
    Code(
        code="prescriber",
        label=_("Prescribers"),
        definition=_("Those who order the medicine."),
    ),
    Code(
        code="therapist",
        label=_("Therapists"),
        definition=_("Those who give talk therapy."),
    ),
    Code(
        code="patient",
        label=_("Patients"),
        definition=_("Those who are treated."),
    ),
    Code(
        code="site",
        label=_("Sites"),
        definition=_("The place where the medicine is given."),
    ),
)

GRADES = Codes(
    Code(
        code="A",
        label=_("Law, regulator or official label"),
        definition=_("The rule itself or the body that makes it."),
    ),
    Code(
        code="B",
        label=_("Research paper or professional body"),
        definition=_("Checked by experts, but not a rule."),
    ),
    Code(
        code="C",
        label=_("News, law firm or company page"),
        definition=_("Second hand. Not shown until a grade A source is found."),
    ),
)

AUDIENCES = Codes(
    Code(
        code="everyone",
        label=_("Everyone"),
        definition=_("Anyone can use this line."),
    ),
    Code(
        code="veterans",
        label=_("Veterans"),
        definition=_("For veterans, people who serve, and those who care for them."),
    ),
    Code(
        code="youth",
        label=_("Young people"),
        definition=_("For children, teens and young adults."),
    ),
)
