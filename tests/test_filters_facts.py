"""What is asked of answers: yes, no, in part, nothing."""

import pytest

from tests.factories import fact, facts, listing
from tests.questions import found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_places")]

ANSWERED = {
    "yes": "yes",
    "no": "no",
    "partial": "partial",
    "silent": None,
}


def answering(code: str, **values) -> None:
    for name, answer in ANSWERED.items():
        stated = fact(code, answer, **values) if answer else {}
        listing(name, facts=stated)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("need=lift", "lift"),
        ("need=lgbtq_affirming", "lgbtq_affirming"),
        ("need=oxygen_monitor", "oxygen_monitor"),
        ("condition=ptsd", "ptsd"),
        ("pay=medicaid", "medicaid"),
        ("language=es", "es"),
        ("accepting=yes", "accepting"),
    ],
)
def test_a_help_is_met_by_yes_and_by_partly(query, code):
    answering(code)
    assert set(found(query)) == {"yes", "partial"}
    assert set(found(query + "&include_not_stated=yes")) == {"yes", "partial", "silent"}


@pytest.mark.parametrize("code", ["driver_must_stay", "ride_home_required", "ecg"])
def test_a_requirement_is_met_only_by_a_plain_no(code):
    answering(code)
    assert found(f"need={code}") == ["no"]
    assert set(found(f"need={code}&include_not_stated=yes")) == {"no", "silent"}


def test_a_fact_about_the_whole_facility_is_met_in_part():
    answering("lift", scope="facility")
    assert set(found("need=lift")) == {"yes", "partial"}


def test_needs_are_all_asked_for():
    listing("both", facts=facts(fact("lift"), fact("evening")))
    listing("one", facts=fact("lift"))
    assert found("need=lift&need=evening") == ["both"]
    assert found("need=lift&need=evening&include_not_stated=yes") == ["both", "one"]


@pytest.mark.parametrize(
    "query",
    [
        "condition=ptsd&condition=ocd",
        "pay=medicaid&pay=medicare",
        "language=es&language=fr",
    ],
)
def test_in_other_groups_one_is_enough(query):
    codes = [part.partition("=")[2] for part in query.split("&")]
    for code in codes:
        listing(code, facts=fact(code))
    listing("neither", facts=facts(*(fact(code, "no") for code in codes)))
    assert set(found(query)) == set(codes)


def test_groups_are_all_asked_for():
    listing("both", facts=facts(fact("ptsd"), fact("es")))
    listing("one", facts=fact("ptsd"))
    assert found("condition=ptsd&language=es") == ["both"]


def test_a_condition_is_not_met_by_a_program_of_the_facility():
    listing("A", facts=fact("ptsd_program", scope="facility"))
    assert found("condition=ptsd") == []
    assert found("need=ptsd_program") == ["A"]


def test_a_waiting_list_counts_only_where_it_is_asked_for():
    listing("accepting", facts=fact("accepting"))
    listing("waitlist", facts=fact("waitlist"))
    listing("existing", facts=fact("existing_only"))
    listing("silent")
    assert found("accepting=yes") == ["accepting"]
    assert found("accepting=waitlist") == ["accepting", "waitlist"]
    assert found("accepting=yes&include_not_stated=yes") == ["accepting", "silent"]
    assert "existing" not in found("accepting=waitlist&include_not_stated=yes")
