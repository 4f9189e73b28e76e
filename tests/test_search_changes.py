"""Each write of what a search shows names its listings, in the same transaction."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from providers import actions
from providers.documents import document, with_everything
from providers.models import (
    CrisisLine,
    Fact,
    Hours,
    Offering,
    PriceLine,
    Provider,
    Region,
    SearchChange,
    Source,
    searching,
)
from providers.models.searching import KEPT_HOURS, Searched, Version, one_change
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lumen():
    return factories.provider(facts=factories.fact("near_transit"), slug="lumen")


@pytest.fixture
def harbor():
    return factories.provider(slug="harbor")


def appended(write: Callable[[], object]) -> list[tuple[list[int], bool]]:
    """What the changes that `write` appends name."""
    before = SearchChange.objects.count()
    write()
    changes = SearchChange.objects.order_by("pk")[before:]
    return [(change.providers, change.everything) for change in changes]


def fact_of(provider, code="lift") -> Fact:
    known = {"checked_on": factories.days_ago(1), "method": "phone"}
    known["source"] = Source.objects.get(code="clinic")
    return Fact(provider=provider, topic="access", code=code, answer="yes", **known)


def line_of(provider, kind="consult") -> PriceLine:
    fact = fact_of(provider)
    known = {name: getattr(fact, name) for name in ("checked_on", "method", "source")}
    return PriceLine(offering_id=provider.offerings.get().pk, kind=kind, **known)


WRITES = {
    "save": lambda one, two: one.save(),
    "save of a child": lambda one, two: fact_of(one).save(),
    "save of a grandchild": lambda one, two: line_of(one).save(),
    "create": lambda one, two: Offering.objects.create(
        provider=one, **{n: getattr(fact_of(one), n) for n in ("checked_on", "method")},
        source=Source.objects.get(code="clinic"), route="oral",
    ),
    "update": lambda one, two: Provider.objects.filter(pk=one.pk).update(city="Taos"),
    "related update": lambda one, two: one.facts.update(answer="no"),
    "update of a grandchild": lambda one, two: PriceLine.objects.filter(
        offering__provider=one
    ).update(disputed=True),
    "update past its filter": lambda one, two: Fact.objects.filter(
        provider=one, answer="yes"
    ).update(answer="no"),
    "update with an expression": lambda one, two: one.offerings.update(
        variant=F("route")
    ),
    "bulk create": lambda one, two: Fact.objects.bulk_create([fact_of(one)]),
    "bulk create of a generator": lambda one, two: Fact.objects.bulk_create(
        fact_of(one, code) for code in ("lift", "hearing_loop")
    ),
    "bulk create of grandchildren": lambda one, two: PriceLine.objects.bulk_create(
        [line_of(one, "consult"), line_of(one, "prep")]
    ),
    "base manager": lambda one, two: Fact._base_manager.bulk_create([fact_of(one)]),
    "bulk update": lambda one, two: Fact.objects.bulk_update(
        list(one.facts.all()), ["answer"], batch_size=1
    ),
    "queryset's delete": lambda one, two: one.facts.all().delete(),
    "base manager's delete": lambda one, two: Fact._base_manager.filter(
        provider=one
    ).delete(),
    "delete of a child": lambda one, two: one.facts.get().delete(),
    "delete of its parent": lambda one, two: one.offerings.get().delete(),
    "delete": lambda one, two: Provider.objects.get(pk=one.pk).delete(),
    "links set": lambda one, two: one.offerings.get().serves.add("US-UT"),
    "a recording": lambda one, two: actions.save(
        fact_of(one), by=None
    ),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_write_appends_one_change_that_names_its_listing(write, lumen, harbor):
    key = lumen.pk
    assert appended(lambda: write(lumen, harbor)) == [([key], False)]


def test_a_write_of_many_listings_is_one_change(lumen, harbor):
    both = sorted([lumen.pk, harbor.pk])
    assert appended(lambda: Provider.objects.update(city="Taos")) == [(both, False)]


def test_a_batch_of_documents_is_one_change(lumen, harbor):
    found = with_everything(Provider.objects.all())
    edits = [
        actions.Edit(p, document(p) | {"name": "A", "offerings": {}, "facts": {}})
        for p in found
    ]
    both = sorted([lumen.pk, harbor.pk])
    assert appended(lambda: actions.apply(edits)) == [(both, False)]


def test_a_document_that_changes_nothing_appends_nothing(lumen):
    provider = with_everything(Provider.objects.all()).get()
    same = actions.Edit(provider, document(provider))
    assert appended(lambda: actions.apply([same])) == []


def test_a_write_that_finds_no_row_appends_nothing(lumen):
    nobody = Provider.objects.filter(slug="nobody")
    assert appended(lambda: nobody.update(city="Taos")) == []
    assert appended(nobody.delete) == []
    assert appended(lambda: Provider.objects.bulk_create([])) == []


def test_what_no_search_shows_appends_nothing(lumen):
    hours = {"weekday": 1, "opens": "09:00", "closes": "17:00"}
    assert appended(lambda: Hours.objects.create(provider=lumen, **hours)) == []


def test_what_stands_beside_the_listings_appends_a_change_of_none(lumen):
    rename = Source.objects.filter(code="clinic").update
    assert appended(lambda: rename(name="A clinic")) == [([], False)]
    line = {"region_id": "US", "name_en": "A", "call": "1", "source_title": "A"}
    line |= dict.fromkeys(("checked_on", "review_by"), factories.days_ago(1))
    assert appended(lambda: CrisisLine.objects.create(**line)) == [([], False)]


def test_what_stands_beside_the_listings_is_told_of_beside_theirs(lumen):
    @one_change()
    def both() -> None:
        lumen.save()
        Source.objects.filter(code="clinic").update(name="A clinic")

    assert appended(both) == [([lumen.pk], False), ([], False)]


def test_a_region_touches_every_listing(lumen):
    rename = Region.objects.filter(pk="US-CO").update
    assert appended(lambda: rename(name_en="Centennial State")) == [([], True)]


def test_a_refused_write_appends_nothing(lumen):
    def refused() -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Provider.objects.filter(pk=lumen.pk).update(name="")

    assert appended(refused) == []


def test_nothing_is_named_after_a_block_that_failed(lumen):
    @one_change()
    def fail() -> None:
        lumen.save()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail()
    assert appended(lambda: None) == []
    assert appended(lambda: lumen.save()) == [([lumen.pk], False)]


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_a_write_and_its_change_are_kept_together(monkeypatch):
    lumen = factories.provider(slug="lumen")

    def refuse(self, *args, **options):
        raise IntegrityError("refused for the test")

    monkeypatch.setattr(searching.SearchChangeQuerySet, "append", refuse)
    lumen.city = "Taos"
    for write in (lumen.save, lambda: Provider.objects.update(city="Taos")):
        with pytest.raises(IntegrityError):
            write()
    for write in (lumen.delete, Provider.objects.all().delete):
        with pytest.raises(IntegrityError):
            write()
    assert Provider.objects.get(slug="lumen").city == ""


def test_a_change_names_five_thousand_listings_at_most():
    assert appended(lambda: SearchChange.objects.append(range(5_001))) == [
        (list(range(5_000)), False),
        ([5_000], False),
    ]


def test_nothing_but_searched_rows_cascades_to_a_searched_row():
    """So a deletion that names nothing takes no searched row along."""
    for model in searched_models():
        for field in model._meta.get_fields():
            if field.many_to_one and field.remote_field.on_delete.__name__ == "CASCADE":
                assert issubclass(field.related_model, Searched), field


def searched_models() -> list[type[Searched]]:
    from django.apps import apps

    return [m for m in apps.get_models() if issubclass(m, Searched)]


def test_every_manager_of_a_searched_row_appends():
    for model in searched_models():
        for manager in (model._base_manager, model._default_manager, model.objects):
            assert isinstance(manager.all(), searching.SearchedQuerySet), model


# --- The version ----------------------------------------------------------------------


def test_the_version_of_no_change_is_empty():
    assert SearchChange.objects.all().delete()
    assert SearchChange.objects.version() == Version(0, 0, 0, "")


def test_the_version_counts_and_tells_the_ends(django_assert_num_queries):
    for _ in range(3):
        SearchChange.objects.append()
    keys = list(SearchChange.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        version = SearchChange.objects.version()
    assert version[:3] == (len(keys), keys[-1], keys[0])


def test_a_change_under_the_number_of_one_rolled_back_is_another_version():
    versions = []
    for _ in range(2):
        with factories.rolled_back():
            SearchChange.objects.append()
            versions.append(SearchChange.objects.version())
    assert versions[0] != versions[1]


def test_old_changes_go_from_the_lowest_up_to_the_first_young_one():
    SearchChange.objects.all().delete()
    ages = [9, 8, 1, 7, 0]  # hours; a long transaction is behind the fourth
    for age in ages:
        made_at = timezone.now() - timedelta(hours=age)
        SearchChange.objects.create(made_at=made_at)
    keys = list(SearchChange.objects.values_list("pk", flat=True))
    assert KEPT_HOURS == 6
    SearchChange.objects.prune()
    assert list(SearchChange.objects.values_list("pk", flat=True)) == keys[2:]


def test_the_last_change_stays_however_old():
    SearchChange.objects.all().delete()
    for _ in range(2):
        SearchChange.objects.create(made_at=timezone.now() - timedelta(days=9))
    last = SearchChange.objects.latest()
    SearchChange.objects.prune()
    assert SearchChange.objects.get() == last
    SearchChange.objects.prune()
    assert SearchChange.objects.get() == last


def test_nothing_to_forget_is_forgotten_in_peace():
    SearchChange.objects.all().delete()
    SearchChange.objects.prune()
    assert not SearchChange.objects.exists()
