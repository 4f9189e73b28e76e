"""What to ask, in plain words, and the key that answers each outcome."""

from django.utils.translation import gettext_lazy as _

OPENING = _(
    "“Hello, I keep a directory of ketamine clinics for patients. May I check that "
    "what we say of you is still right? It takes about three minutes.”"
)

QUESTIONS = {
    "contact": [
        _("Is this still the name, the number and the address for new patients?"),
        _("Are you taking new patients now? How long is the wait?"),
    ],
    "services": [
        _("In which ways do you give ketamine, and where?"),
        _("Is a therapist there during a session, or before and after it?"),
        _("For which conditions do you treat people?"),
    ],
    "prices": [
        _("What does one session cost somebody who pays for it alone?"),
        _("What is in that price, and what comes on top (first talk, therapy, drug)?"),
        _("Do you take insurance, or have lower prices for people with little money?"),
    ],
    "access": [
        _("Can somebody in a wheelchair come in and use the toilet?"),
        _("Must a driver wait, or only fetch the patient afterwards?"),
        _("In which languages can you treat people? From which age?"),
    ],
    "licences": [
        _("Who prescribes, and who is in the room? With which licenses?"),
    ],
}

KEYS = {
    "confirmed": "c",
    "changed": "h",
    "no_answer": "n",
    "wrong_number": "w",
    "closed": "x",
    "refused": "r",
}
