"""Whom a clinic serves: self-declared groups, programs, ages, and who may come.

Group tags are what the clinic says about itself; nobody infers them.
"""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

POPULATIONS = Codes(
    Code(
        code="lgbtq_affirming",
        label=_("LGBTQ+ affirming"),
        definition=_("The clinic says it welcomes and respects LGBTQ+ people."),
        group="culture",
        aliases=("lgbtq",),
        standards={"samhsa": "GL"},
    ),
    Code(
        code="trans_affirming",
        label=_("Trans affirming"),
        definition=_(
            "The clinic says it respects trans and nonbinary people, names and "
            "pronouns."
        ),
        group="culture",
    ),
    Code(
        code="bipoc_led",
        label=_("Led by people of color"),
        definition=_(
            "The clinic says its leaders are Black, Indigenous or other people of "
            "color."
        ),
        group="culture",
    ),
    Code(
        code="bipoc_focus",
        label=_("Focus on people of color"),
        definition=_(
            "The clinic says it plans care for Black, Indigenous and other people of "
            "color."
        ),
        group="culture",
    ),
    Code(
        code="indigenous_led",
        label=_("Indigenous-led"),
        definition=_("The clinic says its leaders are Indigenous."),
        group="culture",
    ),
    Code(
        code="veterans_program",
        label=_("Program for veterans"),
        definition=_("The clinic says it has a program or group for veterans."),
        group="culture",
        aliases=("veterans",),
        standards={"samhsa": "VET"},
    ),
    Code(
        code="active_duty_military",
        label=_("Program for active-duty military"),
        definition=_(
            "The clinic says it has a program for people who serve in the military now."
        ),
        group="culture",
        standards={"samhsa": "ADM"},
    ),
    Code(
        code="military_families",
        label=_("Program for military families"),
        definition=_("The clinic says it has a program for military families."),
        group="culture",
        standards={"samhsa": "MF"},
    ),
    Code(
        code="first_responder_program",
        label=_("Program for first responders"),
        definition=_(
            "The clinic says it has a program for fire, police or ambulance crews."
        ),
        group="culture",
        aliases=("first_responders",),
    ),
    Code(
        code="older_adults",
        label=_("Program for older adults"),
        definition=_("The clinic says it has a program or group for older adults."),
        group="culture",
        standards={"samhsa": "SE"},
    ),
    Code(
        code="neurodiversity_affirming",
        label=_("Neurodiversity affirming"),
        definition=_(
            "The clinic says it welcomes autistic people, people with ADHD and others."
        ),
        group="culture",
    ),
    Code(
        code="faith_sensitive",
        label=_("Open to faith"),
        definition=_("The clinic says it respects your faith in its care."),
        group="culture",
    ),
    Code(
        code="size_inclusive",
        label=_("Size inclusive"),
        definition=_("The clinic says it treats people of every size with respect."),
        group="culture",
    ),
    Code(
        code="ptsd_program",
        label=_("PTSD program"),
        definition=_(
            "It has a program for people with PTSD. That may not use ketamine."
        ),
        group="program",
        aliases=("ptsd",),
        standards={"samhsa": "PTSD"},
    ),
    Code(
        code="trauma_program",
        label=_("Trauma program"),
        definition=_(
            "It has a program for people who lived through trauma. That may not use "
            "ketamine."
        ),
        group="program",
        aliases=("trauma",),
        standards={"samhsa": "TRMA"},
    ),
    Code(
        code="partner_violence_program",
        label=_("Partner violence program"),
        definition=_(
            "It has a program for people hurt by a partner or family. That may not "
            "use ketamine."
        ),
        group="program",
        standards={"samhsa": "DV"},
    ),
    Code(
        code="co_occurring_program",
        label=_("Program for mental health and substance use"),
        definition=_(
            "It has a program that treats both at once. That may not use ketamine."
        ),
        group="program",
        aliases=("co_occurring",),
        standards={"samhsa": "CO"},
    ),
    Code(
        code="children",
        label=_("Children and teens"),
        definition=_("It treats people aged 17 or younger. Ask about ketamine."),
        group="ages",
        standards={"samhsa": "CHLD"},
    ),
    Code(
        code="young_adults",
        label=_("Young adults"),
        definition=_("It treats people aged 18 to 25."),
        group="ages",
        standards={"samhsa": "YAD"},
    ),
    Code(
        code="adults",
        label=_("Adults"),
        definition=_("It treats people aged 26 to 64."),
        group="ages",
        standards={"samhsa": "ADLT"},
    ),
    Code(
        code="seniors",
        label=_("Seniors"),
        definition=_("It treats people aged 65 or older."),
        group="ages",
        standards={"samhsa": "SNR"},
    ),
)

NEW_PATIENTS = Codes(
    Code(
        code="accepting",
        label=_("Taking new patients"),
        definition=_("New patients can book a first visit."),
        # Plan-Net words the answer "no" apart.
        standards={"plan_net": "newpt", "plan_net_if_no": "nopt"},
    ),
    Code(
        code="waitlist",
        label=_("Waitlist"),
        definition=_("New patients can put their name on a list."),
    ),
    Code(
        code="existing_only",
        label=_("Present patients only"),
        definition=_("Only people who are already patients can book."),
        standards={"plan_net": "existptonly"},
    ),
    Code(
        code="existing_and_family",
        label=_("Present patients and their families"),
        definition=_("Only people who are already patients, and their families."),
        standards={"plan_net": "existptfam"},
    ),
)

WHO = Codes(
    Code(
        code="min_age",
        label=_("Youngest age"),
        definition=_("The youngest age that the clinic says it treats with ketamine."),
        group="who",
        unit="years",
        number_only=True,
        standards={"hsds": "minimum_age"},
    ),
    Code(
        code="max_age",
        label=_("Oldest age"),
        definition=_("The oldest age that the clinic says it treats with ketamine."),
        group="who",
        unit="years",
        number_only=True,
        standards={"hsds": "maximum_age"},
    ),
    Code(
        code="referral_required",
        label=_("A referral"),
        definition=_("A doctor or therapist must send you to the clinic."),
        group="who",
        requirement=True,
    ),
    Code(
        code="own_therapist_required",
        label=_("Your own therapist"),
        definition=_("You must have a therapist of your own before you start."),
        group="who",
        requirement=True,
    ),
)
