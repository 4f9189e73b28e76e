"""Facts: one question, one dated answer, in a form and in a list."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from providers import vocabulary
from providers.models import Change, Fact
from tests import factories
from tests.forms_in_pages import errors_of, filled, misplaced, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADD = "/admin/providers/fact/add/"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def provider():
    return factories.provider()


@pytest.fixture
def fact():
    """A wait of 12 days, by phone, 10 days ago."""
    return factories.provider(facts=factories.fact("wait_days", number=12)).facts.get()


@pytest.fixture
def stated(provider):
    """What an editor types to state that Medicaid is taken."""
    return {
        "provider": str(provider.pk),
        "code": "payment/medicaid",
        "answer": "yes",
        "scope": "treatment",
        "checked_on": "2025-05-17",
        "precision": "day",
        "method": "phone",
        "source": str(factories.source().pk),
    }


def page_of(fact) -> str:
    return reverse("admin:providers_fact_change", args=[fact.pk])


def test_one_select_fills_topic_and_code(admin, stated):
    assert submit(admin, ADD, **stated).status_code == 302
    fact = Fact.objects.get()
    assert (fact.topic, fact.code, fact.answer) == ("payment", "medicaid", "yes")
    assert Change.objects.latest().after["facts"]["payment"]["medicaid"]


def test_the_select_offers_every_code_under_its_topic(admin):
    page = admin.get(ADD).content.decode()
    for topic, codes in vocabulary.TOPICS.items():
        assert f'<optgroup label="{vocabulary.TOPIC_LABELS[topic]}">' in page
        for code in codes:
            assert f'value="{topic}/{code}"' in page


def test_the_link_of_a_listing_names_the_listing(admin, provider):
    page = filled(admin.get(f"{ADD}?provider={provider.pk}"))
    assert page["provider"] == [str(provider.pk)]


def test_saving_what_stands_leaves_no_change(admin, fact):
    stories = Change.objects.count()
    assert submit(admin, page_of(fact)).status_code == 302
    assert Change.objects.count() == stories
    assert Fact.objects.get().method == "phone"


def test_a_wrong_value_is_refused_at_its_field(admin, stated):
    wrong = [
        *(("provider", ""), ("provider", "999")),
        *(("code", ""), ("code", "medicaid"), ("code", "access/medicaid")),
        *(("code", "payment/"), ("code", "x/y/z")),
        *(("answer", ""), ("answer", "maybe"), ("scope", ""), ("scope", "town")),
        *(("number", "3"), ("number", "-1"), ("number", "two")),
        *(("note_en", "x" * 301), ("note_es", "x" * 301)),
        *(("checked_on", ""), ("checked_on", "2999-01-01"), ("precision", "hour")),
        *(("method", ""), ("method", "dream"), ("source", ""), ("source", "999")),
    ]
    assert misplaced(admin, ADD, wrong, **stated) == []
    assert not Fact.objects.exists()


def test_an_unanswered_question_is_told_once(admin, stated):
    page = submit(admin, ADD, **stated | {"code": ""})
    assert errors_of(page) == {"code": ["This field is required."]}


@pytest.mark.parametrize(("answer", "number"), [("no", "3"), ("yes", "9" * 20)])
def test_a_number_beside_a_no_or_beyond_reason_is_refused(
    admin, stated, answer, number
):
    values = {"code": "access/wait_days", "answer": answer, "number": number}
    assert list(errors_of(submit(admin, ADD, **stated | values))) == ["number"]


def test_a_question_whose_answer_is_a_number_needs_it(admin, stated):
    values = stated | {"code": "who/min_age"}
    page = submit(admin, ADD, **values)
    assert errors_of(page) == {"number": ["Here the number is the answer, in years."]}
    assert submit(admin, ADD, **values, number="18").status_code == 302


def test_a_second_answer_to_one_question_is_refused(admin, stated):
    submit(admin, ADD, **stated)
    page = submit(admin, ADD, **stated | {"answer": "no"})
    assert list(errors_of(page)) == ["code"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("answer", "partial"), ("scope", "facility"), ("number", "14")),
        *(("note_en", "In summer"), ("note_es", "En verano")),
        *(("code", "who/min_age"), ("checked_on", "2025-05-17")),
    ],
)
def test_a_changed_fact_needs_its_method_anew(admin, fact, field, typed):
    page = submit(admin, page_of(fact), **{field: typed})
    errors = errors_of(page)
    assert list(errors) == ["method"]
    assert errors["method"] == [
        "You changed this entry: choose how the new one is known."
    ]
    answer = submit(admin, page_of(fact), **{field: typed, "method": "website"})
    assert answer.status_code == 302
    assert Fact.objects.get().method == "website"


def test_a_fact_stays_with_its_listing(admin, fact, provider):
    submit(admin, page_of(fact), provider=str(provider.pk))
    assert Fact.objects.get().provider == fact.provider


def test_a_month_is_kept_as_its_first_day(admin, stated):
    submit(admin, ADD, **stated | {"precision": "month"})
    assert Fact.objects.get().checked_on.isoformat() == "2025-05-01"


def test_a_deleted_fact_is_not_stated_any_more(admin, fact):
    admin.post(f"/admin/providers/fact/{fact.pk}/delete/", {"post": "yes"})
    assert not Fact.objects.exists()
    change = Change.objects.latest()
    assert change.before["facts"]["access"]["wait_days"]["number"] == 12
    assert change.after["facts"] == {}


def test_facts_deleted_together_leave_one_change_for_each_listing(admin):
    several = factories.facts(
        factories.fact("medicaid"), factories.fact("wait_days", number=3)
    )
    listings = [factories.provider(facts=several) for _ in range(2)]
    stories = Change.objects.count()
    chosen = [fact.pk for fact in Fact.objects.all()]
    action = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    admin.post("/admin/providers/fact/", action)
    assert not Fact.objects.exists()
    changes = Change.objects.all()[: Change.objects.count() - stories]
    assert {change.provider for change in changes} == set(listings)
    assert len(changes) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        *(("topic=payment", 1), ("topic=access", 1), ("topic=who", 0)),
        *(("answer__exact=no", 1), ("scope__exact=facility", 1)),
        *(("method__exact=phone", 1), ("method__exact=website", 1)),
        *(("checked=90", 1), ("checked=not90", 1), ("checked=not180", 1)),
        *(("q=lumen", 2), ("q=medicaid", 1), ("q=nobody", 0)),
    ],
)
def test_the_list_is_filtered_and_searched(admin, query, count):
    facts = factories.facts(
        factories.fact("medicaid", "no", scope="facility", days=200),
        factories.fact("wait_days", number=3, method="website"),
    )
    factories.provider(name="Lumen", facts=facts)
    page = admin.get(f"/admin/providers/fact/?{query}")
    assert page.context["cl"].result_count == count
