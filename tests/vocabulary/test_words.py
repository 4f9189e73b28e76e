"""What the public reads: lazy, short, and free of false promises."""

import re

import pytest
from django.utils.functional import Promise

from providers.vocabulary import (
    CONDITIONS,
    PRODUCTS,
    REGULATION_STATUSES,
    SCOPES,
)
from tests.vocabulary import offenders, words_of

FORBIDDEN = re.compile(
    r"""\b(safe|safely|proven|cures?|cured|non-addictive|rewires?|reset|covered|covers
    |you\ qualify|good\ candidate|addicts?|schizophrenics?|committed\ suicide
    |handicap\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def test_label_and_definition_are_lazy_and_not_empty():
    def lacks_words(code):
        lazy = (code.label, code.definition, *filter(None, [code.note]))
        return any(not isinstance(w, Promise) or not str(w).strip() for w in lazy)

    assert offenders(lacks_words) == []


def test_no_words_that_promise_judge_or_hurt():
    assert offenders(lambda c: FORBIDDEN.search(" ".join(words_of(c)))) == []


def test_only_esketamine_is_called_fda_approved():
    def claims(code):
        return [w for w in words_of(code) if re.search(r"FDA.approved", w, re.I)]

    def claims_for_another(code):
        return code.code != "esketamine_nasal" and any(
            not claim.startswith("In the US, esketamine nasal spray is FDA approved")
            for claim in claims(code)
        )

    assert offenders(claims_for_another) == []
    assert offenders(claims) == [
        "CONDITIONS.trd",
        "CONDITIONS.mdd_si",
        "PRODUCTS.esketamine_nasal",
    ]


def test_sentences_are_short_enough_to_read():
    def rambles(code):
        sentences = re.split(r"[.;:] ", ". ".join(words_of(code)))
        return any(len(sentence.split()) > 25 for sentence in sentences)

    assert offenders(rambles) == []


def test_no_price_stands_in_the_words():
    """A price has a date and a source, which words have not. The one amount is the
    threshold that US law sets for disputing a bill."""
    with_amount = offenders(lambda c: re.search(r"[$£€] ?\d", " ".join(words_of(c))))
    assert with_amount == ["PAYMENTS.gives_good_faith_estimate"]


def test_no_label_says_sad_for_a_condition():
    assert offenders(lambda c: re.search(r"\bSAD\b", " ".join(words_of(c)))) == []


def test_depression_with_suicidal_thoughts_says_what_is_not_shown():
    assert "not shown to prevent suicide" in str(CONDITIONS["mdd_si"].note)


def test_every_condition_says_how_it_is_licensed_in_the_us():
    approved = {c.code for c in CONDITIONS.values() if "FDA approved" in str(c.note)}
    assert approved == {"trd", "mdd_si"}
    assert all("ff-label" in str(c.note) for c in CONDITIONS.values())


def test_only_esketamine_among_products_and_routes_is_approved():
    assert "FDA approved" in str(PRODUCTS["esketamine_nasal"].note)
    assert "off-label" in str(PRODUCTS["racemic_injectable"].note)
    assert "Not approved" in str(PRODUCTS["compounded"].note)


@pytest.mark.parametrize(
    ("status", "wording"),
    [
        ("licensed", "Approved for this use here."),
        (
            "off_label",
            "Approved for something else. Doctors may choose to use it for this.",
        ),
        (
            "unapproved_compounded",
            "Made to order by a pharmacy. Not approved for any use.",
        ),
        ("restricted_site", "Only at certified or licensed sites."),
        ("restricted_prescriber", "Only some clinicians may prescribe it."),
        ("temporary", "Allowed for now. Ends on a set date."),
        ("local_rule", "A local rule adds duties. See the note."),
        ("proposed", "A rule is proposed. It is not in force."),
        ("not_available", "Not sold or not allowed here."),
        ("unknown", "We have not confirmed this yet."),
    ],
)
def test_a_regulation_status_has_its_public_wording(status, wording):
    assert str(REGULATION_STATUSES[status].label) == wording


def test_a_facility_wide_fact_says_to_ask_about_ketamine():
    wording = "For some of its services, ask about ketamine"
    assert str(SCOPES["facility"].label) == wording
