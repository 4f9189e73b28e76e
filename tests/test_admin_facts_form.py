"""Facts as rows of radio buttons: what is typed, what is refused, what is written."""

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils import timezone

from providers import actions, vocabulary
from providers.admin.facts_form import FactsForm
from providers.models import Change, Fact
from tests import factories
from tests.forms_in_pages import filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def provider():
    """Medicaid by phone 10 days ago, a wait of 12 days, and nothing else."""
    facts = factories.facts(
        factories.fact("medicaid", note_en="Adults.", scope="facility"),
        factories.fact("wait_days", number=12),
    )
    return factories.provider(facts=facts)


def basis(topic: str, **values) -> dict[str, str]:
    """By phone, today, from the clinic, unless told otherwise."""
    usual = {"checked_on": str(timezone.localdate()), "method": "phone"}
    usual["source"] = str(factories.source().pk)
    return {f"basis-{topic}-{name}": v for name, v in (usual | values).items()}


def shown(form: FactsForm) -> str:
    context = {"facts_form": form}
    return render_to_string("admin/providers/provider/_facts_form.html", context)


def typed(provider, _form: dict | None = None, **changes) -> FactsForm:
    """The form as a browser posts it: what stands on the page, and the changes."""
    page = filled_in(f'<form method="post">{shown(FactsForm(provider.facts.all()))}')
    posted = {name: values[0] for name, values in page.items()}
    names = {name.replace("__", "-"): value for name, value in changes.items()}
    return FactsForm(provider.facts.all(), posted | (_form or {}) | names)


def errors(form: FactsForm) -> list[str]:
    """Names of rows and of fields of a basis that are refused."""
    found = [row.name for t in form.topics for row in t.rows if row.errors]
    for topic in form.topics:
        found += [topic.basis.add_prefix(name) for name in topic.basis.errors]
    return found


def test_a_page_that_nobody_touched_changes_nothing(provider, boss):
    form = typed(provider)
    assert form.is_valid()
    assert form.changed == []
    form.record(provider, by=boss)
    assert Change.objects.count() == 1


def test_every_code_is_a_row_and_what_is_not_stated_says_so(provider):
    page = shown(FactsForm(provider.facts.all()))
    for topic, codes in vocabulary.TOPICS.items():
        for code in codes:
            assert f'name="fact-{topic}-{code}" value="no"' in page
            is_stated = code in ("medicaid", "wait_days")
            not_stated = f'name="fact-{topic}-{code}" value="" checked'
            assert (not_stated in page) != is_stated


def test_a_stated_row_shows_its_date_method_source_scope_and_note(provider):
    page = " ".join(shown(FactsForm(provider.facts.all())).split())
    fact = provider.facts.get(code="medicaid")
    for words in (
        *(fact.checked_in_words, "Phone call · The clinic", "For some of its services"),
        *("“Adults.”", f"/admin/providers/fact/{fact.pk}/change/", "1 of 24 stated"),
    ):
        assert words in page


def test_topics_are_open_where_something_is_stated(provider):
    form = FactsForm(provider.facts.all())
    opened = [topic.code for topic in form.topics if topic.is_open]
    assert opened == ["payment", "access"]


def test_an_answer_is_kept_with_the_basis_of_its_topic_alone(provider, boss):
    answers = {"fact__payment__medicare": "no", "fact__payment__medicaid": "partial"}
    form = typed(provider, basis("payment"), **answers)
    assert form.is_valid(), errors(form)
    with actions.recording(provider, by=boss):
        form.record(provider, by=boss)
    now = {fact.code: fact for fact in provider.facts.all()}
    assert (now["medicare"].answer, now["medicaid"].answer) == ("no", "partial")
    assert now["medicaid"].checked_on == timezone.localdate()
    assert (now["medicaid"].note_en, now["medicaid"].scope) == ("Adults.", "facility")
    assert now["wait_days"].checked_on == factories.days_ago(10)
    assert Change.objects.count() == 2


def test_not_stated_deletes_the_fact(provider, boss):
    form = typed(provider, basis("access"), fact__access__wait_days="")
    assert form.is_valid(), errors(form)
    form.record(provider, by=boss)
    assert list(provider.facts.values_list("code", flat=True)) == ["medicaid"]


def test_a_changed_topic_needs_its_whole_basis_anew(provider):
    form = typed(provider, fact__payment__medicare="no")
    assert errors(form) == ["basis-payment-method", "basis-payment-source"]


def test_a_basis_without_a_changed_answer_is_refused_not_lost(provider):
    form = typed(provider, basis("payment"))
    assert errors(form) == ["basis-payment-method"]


@pytest.mark.parametrize(
    ("answer", "number", "kept"),
    [
        *(("yes", "5", ("yes", 5)), ("partial", "5", ("partial", 5))),
        *(("", "5", ("yes", 5)), ("", "12", None), ("no", "12", ("no", None))),
        *(("yes", "", "wrong"), ("no", "5", "wrong"), ("yes", "-1", "wrong")),
        *(("yes", "x", "wrong"), ("yes", "1.5", "wrong"), ("yes", "9" * 7, "wrong")),
        *(("yes", "٣", "wrong"), ("perhaps", "5", "wrong")),
    ],
)
def test_the_number_is_the_answer_where_the_code_counts(
    provider, boss, answer, number, kept
):
    name = "fact-access-wait_days"
    form = typed(provider, basis("access") | {name: answer, f"{name}-number": number})
    if kept == "wrong":
        assert errors(form) == [name]
        return
    assert form.is_valid(), errors(form)
    form.record(provider, by=boss)
    found = provider.facts.filter(code="wait_days").values_list("answer", "number")
    assert list(found) == ([kept] if kept else [])


def test_a_number_beside_not_stated_asks_for_the_answer(provider):
    form = typed(provider, {"fact-access-near_transit-number": "5"})
    assert "fact-access-near_transit" in errors(form)


def test_a_day_to_come_is_refused(provider):
    late = basis("payment", checked_on="2999-01-01")
    form = typed(provider, late, fact__payment__medicare="no")
    assert errors(form) == ["basis-payment-checked_on"]


def test_what_was_typed_and_refused_is_shown_again(provider):
    name = "fact-access-wait_days"
    form = typed(provider, {name: "yes", f"{name}-number": "soon"})
    page = shown(form)
    assert 'value="soon"' in page
    assert "Please correct" in page


def test_some_topics_take_their_basis_from_outside(provider, boss):
    data = {"fact-payment-medicare": "yes", "fact-access-wait_days": ""}
    form = FactsForm(provider.facts.all(), data, topics=["payment"], checked={})
    assert form.is_valid()
    assert "basis-payment" not in shown(form)
    checked = {
        "checked_on": factories.days_ago(1),
        "precision": "day",
        "method": "clinic_form",
        "source": factories.source(),
    }
    form.record(provider, by=boss, checked=checked)
    fact = provider.facts.get(code="medicare")
    assert (fact.method, fact.checked_on) == ("clinic_form", factories.days_ago(1))
    assert provider.facts.filter(code="wait_days").exists()


def test_a_row_left_alone_keeps_what_somebody_else_made_of_it(provider, boss):
    mine = typed(provider, basis("payment"), fact__payment__medicare="no")
    Fact.objects.filter(code="medicaid").update(answer="no", number=None)
    Fact.objects.filter(code="wait_days").delete()
    again = FactsForm(provider.facts.all(), mine.data)
    assert [row.key for row in again.changed] == ["payment/medicare"]
    again.record(provider, by=boss)
    found = dict(provider.facts.values_list("code", "answer"))
    assert found == {"medicaid": "no", "medicare": "no"}


def test_untouched_rows_are_shown_as_they_stand_by_now(provider):
    mine = typed(provider, basis("payment"), fact__payment__medicare="no")
    Fact.objects.filter(code="medicaid").update(answer="no", number=None)
    form = FactsForm(provider.facts.all(), mine.data)
    page = shown(form)
    assert 'name="fact-payment-medicaid" value="no" checked' in page
    assert 'name="fact-payment-medicare" value="no" checked' in page
    assert "&quot;medicaid&quot;:[&quot;no&quot;" in page
    assert "medicare&quot;" not in page


def test_a_page_that_says_nothing_of_what_it_showed_is_read_as_it_stands(provider):
    for seen in ("", "no json", "[1]", '{"medicaid": 3}', '{"medicaid": ["yes", "x"]}'):
        data = {"fact-payment-medicaid": "yes", "seen-payment": seen}
        assert FactsForm(provider.facts.all(), data).changed == []
