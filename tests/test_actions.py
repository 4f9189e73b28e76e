"""Every write to a listing: one transaction, one Change, nothing half done."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils import timezone

from providers import actions, costs
from providers.documents import document, with_everything
from providers.models import (
    Change,
    Check,
    Conflict,
    Fact,
    ImportRun,
    Offering,
    PriceLine,
    Provider,
    Source,
)
from providers.vocabulary import CHECK_GROUPS, CHECK_OUTCOMES, SOURCES
from tests import factories
from tests.factories import days_ago, fact, facts, offering, price

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("ed")


@pytest.fixture
def provider():
    return factories.provider(
        offerings=offering(prices=price()),
        facts=facts(fact("accepting"), fact("lift"), fact("self_pay"), fact("rn")),
    )


def stored(provider: Provider) -> dict:
    return document(with_everything(Provider.objects.filter(pk=provider.pk)).get())


def dates(provider: Provider) -> dict[str, str]:
    """When each group of a listing was last checked."""
    told = stored(provider)
    (offer,) = told["offerings"].values()
    (line,) = offer["prices"].values()
    by_topic = {
        topic: next(iter(codes.values())) for topic, codes in told["facts"].items()
    }
    rows = by_topic | {"contact": told["contact"], "services": offer, "prices": line}
    return {name: row["checked_on"] for name, row in rows.items()}


# --- apply ----------------------------------------------------------------------------


def test_a_new_listing_leaves_a_change_without_a_before():
    made = factories.provider(name="A")
    change = Change.objects.get()
    assert (change.provider, change.slug, change.before) == (made, made.slug, None)
    assert change.after == stored(made)


def test_an_edit_leaves_what_stood_before_and_what_stands_after(provider, editor):
    before = stored(provider)
    actions.apply_one(before | {"name": "B"}, provider, by=editor)
    change = provider.changes.first()
    assert (change.before, change.after) == (before, before | {"name": "B"})
    assert (change.by, change.run) == (editor, None)


def test_a_run_stands_in_its_changes(provider):
    run = actions.start_run(
        importer="listings", source=None, file_name="a.csv", file_sha256="0"
    )
    actions.apply_one(stored(provider) | {"name": "B"}, provider, run=run)
    assert provider.changes.first().run == run


def test_nothing_new_leaves_no_change(provider):
    actions.apply_one(stored(provider), provider)
    assert provider.changes.count() == 1


def test_providers_come_back_in_the_order_of_the_edits():
    factories.regions()
    factories.source()
    wanted = [factories.document(slug=f"s-{n}") for n in (3, 1, 2)]
    made = actions.apply([actions.Edit(None, listing) for listing in wanted])
    assert [row.slug for row in made] == ["s-3", "s-1", "s-2"]


def test_more_than_a_batch_is_written(monkeypatch):
    monkeypatch.setattr("providers.actions.applying.BATCH", 2)
    factories.regions()
    factories.source()
    edits = [actions.Edit(None, factories.document()) for _ in range(5)]
    assert len(actions.apply(edits)) == Provider.objects.count() == 5


def test_one_bad_document_keeps_all_from_being_written(monkeypatch):
    monkeypatch.setattr("providers.actions.applying.BATCH", 1)
    factories.regions()
    factories.source()
    edits = [
        actions.Edit(None, factories.document()),
        actions.Edit(None, factories.document(contact=None)),
    ]
    with pytest.raises(IntegrityError):
        actions.apply(edits)
    assert not Provider.objects.exists()
    assert not Change.objects.exists()


def test_two_edits_of_one_listing_at_once_are_refused(provider):
    one, other = (stored(provider) | {"name": name} for name in "AB")
    with pytest.raises(ValueError, match=f"{provider.pk}"):
        actions.apply([actions.Edit(provider, one), actions.Edit(provider, other)])
    assert provider.changes.count() == 1


def test_a_key_may_move_from_one_listing_to_another_at_once():
    one = factories.provider(sources={"clinic": ["k"]})
    other = factories.provider(sources={})
    actions.apply(
        [
            actions.Edit(other, stored(other) | {"sources": {"clinic": ["k"]}}),
            actions.Edit(one, stored(one) | {"sources": {}}),
        ]
    )
    assert stored(other)["sources"] == {"clinic": ["k"]}
    assert stored(one)["sources"] == {}


def test_plain_name_and_match_key_follow_an_edit(provider):
    renamed = stored(provider) | {"name": "Clínica Uno", "street": "1 Main St."}
    actions.apply_one(renamed, provider)
    provider.refresh_from_db()
    assert provider.plain_name == "clinica uno"
    assert provider.match_key == "clinica uno|1 main st||us"


# --- The stored session amount --------------------------------------------------------


def session_of(provider: Provider) -> tuple:
    offer = Offering.objects.get(provider=provider)
    return (
        offer.session_min_cents,
        offer.session_max_cents,
        offer.session_currency,
        offer.session_complete,
        offer.session_known_until,
    )


def expected_session(*, low, high, complete=True, days=10) -> tuple:
    return (low, high, "USD", complete, days_ago(days) + timedelta(days=90))


NO_SESSION = (None, None, "", False, None)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({}, None),
        (price(45_000, 50_000), {"low": 45_000, "high": 50_000}),
        (
            price(45_000) | price(6_000, kind="drug", days=30),
            {"low": 51_000, "high": 51_000, "days": 30},
        ),
        (
            price(45_000) | price(None, kind="drug"),
            {"low": 45_000, "high": None, "complete": False},
        ),
        (price(45_000, disputed=True), None),
        (price(45_000, unit="month"), None),
    ],
)
def test_the_session_amount_follows_every_edit_of_prices(provider, prices, expected):
    wanted = stored(provider) | {"offerings": offering(prices=prices)}
    actions.apply_one(wanted, provider)
    assert session_of(provider) == (
        expected_session(**expected) if expected else NO_SESSION
    )


def test_the_session_amount_is_that_of_costs(provider):
    line = PriceLine.objects.get()
    amount = costs.session([line])
    assert session_of(provider)[:2] == (amount.low_cents, amount.high_cents)


def test_a_superseded_price_leaves_the_session_to_the_next(provider):
    today = str(timezone.localdate())
    prices = price(40_000, superseded_on=today) | price(50_000, days=0)
    actions.apply_one(
        stored(provider) | {"offerings": offering(prices=prices)}, provider
    )
    assert session_of(provider) == expected_session(low=50_000, high=50_000, days=0)


def test_the_session_amount_follows_one_row_saved_and_removed(provider, editor):
    line = PriceLine.objects.get()
    line.amount_min_cents, line.amount_max_cents = 30_000, 60_000
    actions.save(line, by=editor)
    assert session_of(provider) == expected_session(low=30_000, high=60_000)
    actions.remove(line, by=editor)
    assert session_of(provider) == NO_SESSION
    assert [change.by for change in provider.changes.all()[:2]] == [editor, editor]


def test_a_price_check_keeps_the_session_known_for_longer(provider):
    check(provider, "prices", "confirmed")
    assert session_of(provider) == expected_session(low=40_000, high=40_000, days=0)


# --- recording ------------------------------------------------------------------------


def test_a_block_of_writes_is_one_change(provider, editor):
    with actions.recording(provider, by=editor):
        Provider.objects.filter(pk=provider.pk).update(name="B")
        provider.facts.all().delete()
    assert provider.changes.count() == 2
    change = provider.changes.first()
    assert (change.before["name"], change.after["name"]) == (provider.name, "B")
    assert change.after["facts"] == {}


def test_a_recording_inside_a_recording_joins_it(provider, editor):
    again = Provider.objects.get(pk=provider.pk)
    with actions.recording(provider, by=editor):
        actions.save(_renamed(again, "B"), by=editor)
        actions.remove(provider.facts.first(), by=editor)
    assert provider.changes.count() == 2


def test_recordings_of_two_listings_are_a_change_each(provider, editor):
    other = factories.provider()
    with actions.recording(provider, by=editor):
        actions.save(_renamed(other, "B"), by=editor)
        Provider.objects.filter(pk=provider.pk).update(name="C")
    assert provider.changes.first().after["name"] == "C"
    assert other.changes.first().after["name"] == "B"


def _renamed(provider: Provider, name: str) -> Provider:
    provider.name = name
    return provider


def test_a_block_that_fails_keeps_nothing(provider, editor):
    def failing():
        with actions.recording(provider, by=editor):
            provider.facts.all().delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert provider.facts.count() == 4
    assert provider.changes.count() == 1


def test_after_a_block_that_failed_the_next_is_recorded(provider, editor):
    test_a_block_that_fails_keeps_nothing(provider, editor)
    actions.save(_renamed(provider, "B"), by=editor)
    assert provider.changes.count() == 2


def test_a_block_that_changes_nothing_leaves_no_change(provider, editor):
    with actions.recording(provider, by=editor):
        provider.save()
    assert provider.changes.count() == 1


def test_a_listing_made_in_a_block_has_no_before(editor):
    factories.regions()
    made = Provider(slug="new", name="New", region_id="US-CO", country="US")
    actions.save(made, by=editor)
    change = Change.objects.get()
    assert (change.provider, change.before, change.after["name"]) == (made, None, "New")


def test_the_story_of_a_removed_listing_stays(provider, editor):
    slug = provider.slug
    actions.remove(provider, by=editor)
    change = Change.objects.first()
    assert (change.provider, change.slug, change.after) == (None, slug, None)
    assert change.before["slug"] == slug
    assert not Provider.objects.exists()


@pytest.mark.parametrize("model", [Provider, Offering, PriceLine, Fact])
def test_every_part_of_a_listing_belongs_to_it(provider, model):
    assert actions.listing_of(model.objects.first()) == provider


# --- record_check ---------------------------------------------------------------------

GROUP_MEMBERS = {
    "contact": {"contact", "new_patients"},
    "services": {"services"},
    "prices": {"prices", "payment"},
    "access": {"access"},
    "licences": {"clinician"},
}


def check(provider, group, outcome, **values) -> Check:
    values = {
        "method": "phone",
        "source": Source.objects.get(code="clinic"),
        "checked_on": timezone.localdate(),
    } | values
    return actions.record_check(
        provider=provider, group=group, outcome=outcome, **values
    )


def test_every_group_is_tried():
    assert set(GROUP_MEMBERS) == set(CHECK_GROUPS)


@pytest.mark.parametrize("outcome", CHECK_OUTCOMES)
@pytest.mark.parametrize("group", CHECK_GROUPS)
def test_a_check_dates_its_own_group_and_only_where_it_was_answered(
    provider, group, outcome
):
    before, today = dates(provider), str(timezone.localdate())
    check(provider, group, outcome)
    after = dates(provider)
    answered = outcome in ("confirmed", "changed")
    dated = {name for name in after if after[name] == today}
    assert dated == (GROUP_MEMBERS[group] if answered else set())
    assert all(after[name] == before[name] for name in after.keys() - dated)
    assert provider.checks.count() == 1


def test_a_check_writes_its_method_and_source_beside_the_date():
    reported = factories.checked(checked_on="2024-01-01", precision="year")
    provider = factories.provider(contact=reported)
    source = factories.source("samhsa_mh_directory")
    check(provider, "contact", "confirmed", method="clinic_form", source=source)
    assert stored(provider)["contact"] == {
        "checked_on": str(timezone.localdate()),
        "precision": "day",
        "method": "clinic_form",
        "source": "samhsa_mh_directory",
    }


def test_a_listing_that_was_never_checked_is_checked_now():
    provider = factories.provider(contact=None, published=False)
    check(provider, "contact", "confirmed")
    assert stored(provider)["contact"]["checked_on"] == str(timezone.localdate())


def test_a_check_that_dates_rows_leaves_a_change_by_who_asked(provider, editor):
    check(provider, "access", "confirmed", by=editor, note="Spoke with reception.")
    assert provider.changes.first().by == editor
    assert provider.checks.get().note == "Spoke with reception."


def test_a_call_that_nobody_answered_leaves_a_check_and_no_change(provider, editor):
    check(provider, "contact", "no_answer", by=editor)
    assert provider.changes.count() == 1
    assert provider.checks.get().by == editor


def test_a_past_price_keeps_its_date(provider):
    today = str(timezone.localdate())
    prices = price(30_000, superseded_on=today, days=200) | price(40_000)
    actions.apply_one(
        stored(provider) | {"offerings": offering(prices=prices)}, provider
    )
    check(provider, "prices", "confirmed")
    past = PriceLine.objects.exclude(superseded_on=None).get()
    assert past.checked_on == days_ago(200)


def test_an_older_check_never_makes_a_newer_statement_older(provider):
    before = dates(provider)
    check(provider, "access", "confirmed", checked_on=days_ago(50))
    assert dates(provider) == before
    assert provider.checks.get().checked_on == days_ago(50)


def test_a_check_in_the_future_is_refused(provider):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValueError, match="past"):
        check(provider, "contact", "confirmed", checked_on=tomorrow)
    assert not Check.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"group": "?"}, {"outcome": "?"}, {"method": "?"}],
)
def test_a_check_of_an_unknown_code_is_refused_and_dates_nothing(provider, values):
    before = dates(provider)
    values = {"group": "contact", "outcome": "confirmed"} | values
    with pytest.raises(IntegrityError):
        check(provider, **values)
    assert dates(provider) == before


# --- Publishing, samples, sources, runs -----------------------------------------------


def publish(*providers, published=True, by=None):
    return actions.set_published(providers=providers, published=published, by=by)


def test_publishing_says_what_was_done_and_what_was_refused(editor):
    fit = factories.provider(published=False)
    unchecked = factories.provider(published=False, contact=None)
    unwanted = factories.provider(published=False, status="do_not_list")
    done, refused = publish(fit, unchecked, unwanted, by=editor)
    assert (done, refused) == ([fit], [unchecked, unwanted])
    assert list(Provider.objects.filter(published=True)) == [fit]
    assert fit.changes.first().by == editor
    assert unchecked.changes.count() == 1


def test_anything_may_be_unpublished(provider):
    assert publish(provider, published=False) == ([provider], [])
    assert not Provider.objects.filter(published=True).exists()


def test_publishing_what_is_published_leaves_no_change(provider):
    publish(provider)
    assert provider.changes.count() == 1


def test_the_first_real_listing_to_be_published_takes_the_place_of_samples():
    factories.provider(is_sample=True)
    real = factories.provider(published=False)
    publish(real)
    assert list(Provider.objects.all()) == [real]


@pytest.mark.parametrize("published", [True, False])
def test_samples_stay_where_nothing_real_is_published(published):
    sample = factories.provider(is_sample=True, published=not published)
    refused = factories.provider(published=False, contact=None)
    publish(sample, refused, published=published)
    assert Provider.objects.count() == 2


def test_removed_samples_leave_no_story():
    factories.provider(is_sample=True)
    real = factories.provider()
    assert actions.remove_samples() == 1
    assert Change.objects.get().provider == real
    assert actions.remove_samples() == 0


def test_the_vocabularys_sources_are_made_once_and_stay_as_edited():
    actions.ensure_sources()
    Source.objects.filter(code="clinic").update(name="As the clinic says")
    actions.ensure_sources()
    assert set(Source.objects.values_list("code", flat=True)) == set(SOURCES)
    assert Source.objects.get(code="clinic").name == "As the clinic says"


def test_an_unknown_source_is_made_under_its_code():
    made = actions.ensure_source("a_list", url="https://example.org/")
    assert (made.name, made.url) == ("a_list", "https://example.org/")
    assert actions.ensure_source("a_list", name="Other") == made
    assert Source.objects.get(code="a_list").name == "a_list"


def test_a_run_keeps_its_counts():
    run = actions.start_run(
        importer="listings", source=None, file_name="n" * 300, file_sha256="0"
    )
    actions.finish_run(run, new=3, rejected=1)
    run = ImportRun.objects.get()
    assert (run.new, run.changed, run.rejected) == (3, 0, 1)
    assert len(run.file_name) == 200


def test_conflicts_keep_both_values(provider):
    run = actions.start_run(
        importer="listings", source=None, file_name="a", file_sha256="0"
    )
    values = {"path": "name", "kept": "Ours", "offered": {"theirs": None}}
    actions.record_conflicts([Conflict(provider=provider, run=run, **values)])
    conflict = Conflict.objects.get()
    assert (conflict.kept, conflict.offered) == ("Ours", {"theirs": None})
    assert conflict.resolved_at is None
