"""Possible duplicates: found, shown side by side, merged or told apart."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import actions
from providers.admin.desk.pairs import pairs
from providers.documents import document, with_everything
from providers.models import (
    Change,
    Check,
    Conflict,
    FormerSlug,
    ImportRun,
    NotDuplicate,
    Provider,
    Region,
)
from tests import factories
from tests.factories import checked, fact, facts, offering, price
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = pytest.mark.django_db

LIST = "/admin/providers/provider/duplicates/"
HERE = {"street": "100 Aspen Street", "postcode": "80202", "city": "Denver"}
IV = next(iter(offering()))
LINE = next(iter(price()))


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


def now(provider) -> dict:
    return document(with_everything(Provider.objects.filter(pk=provider.pk)).get())


def compare(kept, gone, verb="compare") -> str:
    return reverse(f"admin:{verb}", args=[kept.pk, gone.pk])


def merge(client, kept, gone):
    page = client.get(compare(kept, gone)).content.decode()
    seen = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
    return client.post(compare(kept, gone, "merge"), {"fingerprint": seen})


# --- Which pairs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (HERE, HERE | {"street": "100 ASPEN ST."}, None),
        (HERE, HERE, ("place",)),
        (HERE | {"npi": "1234567893"}, {"npi": "1234567893"}, ("npi",)),
        ({"phone": "+13035550142"}, {"phone": "+13035550142"}, ()),
        (
            {"phone": "+13035550142", "postcode": "80202"},
            {"phone": "+13035550142", "postcode": "80202"},
            ("phone",),
        ),
        (
            {"phone": "+13035550142", "name": "Mesa", "city": "Denver"},
            {"phone": "+13035550142", "name": "Mesa", "city": "Boulder"},
            (),
        ),
        (
            {"phone": "+13035550142", "name": "Mesa"},
            {"phone": "+13035550142", "name": "MESA"},
            ("phone",),
        ),
        ({}, {}, ()),
    ],
)
def test_what_two_listings_share_makes_them_a_pair(one, other, reasons):
    first, second = factories.provider(**one), factories.provider(**other)
    found = pairs(Provider.objects.all())
    if reasons is None:  # "Street" and "ST." may or may not be one word
        assert len(found) <= 1
    elif reasons:
        assert found == [(first.pk, second.pk, reasons)]
    else:
        assert found == []


def test_what_somebody_called_two_is_no_pair_again(admin, boss):
    one, other = factories.provider(**HERE), factories.provider(**HERE)
    answer = admin.post(compare(other, one, "keep_apart"))
    assert "are two clinics" in messages_of(answer)
    assert NotDuplicate.objects.get().by == boss
    assert pairs(Provider.objects.all()) == []
    assert "0 pairs" in Page(admin.get(LIST).content.decode()).words


def test_the_list_asks_the_same_queries_of_one_pair_and_of_many(admin):
    counts = []
    for number in (2, 28):
        for _n in range(number):
            factories.provider(**HERE)
        with CaptureQueriesContext(connection) as queries:
            page = admin.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
    assert "29 pairs" in page.content.decode()  # each with its next one


def test_a_regional_editor_decides_only_where_both_are_hers(client, boss):
    here, there = factories.provider(**HERE), factories.provider(**HERE)
    actions.apply_one(now(there) | {"region": "US-UT"}, there)
    editor = User.objects.create_user("ed", is_staff=True)
    editor.groups.add(Group.objects.get(name="regional editors"))
    editor.kept_regions.create(region=Region.objects.get(code="US-CO"))
    client.force_login(editor)
    assert "0 pairs" in client.get(LIST).content.decode()
    assert client.get(compare(here, there)).status_code == 404
    for verb in ("merge", "keep_apart"):
        assert client.post(compare(here, there, verb)).status_code == 404


# --- Side by side ---------------------------------------------------------------------


def test_both_stand_side_by_side_with_what_a_merge_would_make(admin):
    kept = factories.provider(**HERE, name="Blue Mesa", facts=fact("medicaid"))
    gone = factories.provider(
        **HERE, name="Blue Mesa LLC", email="a@b.example", contact_days=40
    )
    page = Page(admin.get(compare(kept, gone)).content.decode())
    assert "Stays: Blue Mesa Goes: Blue Mesa LLC Merged" in page.words
    assert "E-mail ≠ differs not stated a@b.example a@b.example" in page.words
    assert page.link("Keep Blue Mesa LLC instead") == compare(gone, kept)


# --- Merging --------------------------------------------------------------------------


def test_a_merge_keeps_history_sources_checks_reports_and_the_former_address(
    admin, client, boss
):
    factories.source("other-list")
    kept = factories.provider(**HERE, slug="kept", sources={"clinic": ["K 1"]})
    gone = factories.provider(**HERE, slug="gone", sources={"other-list": ["O 7"]})
    past = Change.objects.filter(provider=gone).get()
    actions.record_check(
        provider=gone,
        group="prices",
        outcome="no_answer",
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(1),
    )
    actions.report_problem(provider=gone, group="contact", text="Dead phone")
    run = ImportRun.objects.create(importer="listings", file_name="a.csv")
    own = {"run": run, "path": "phone", "kept": "", "offered": "+1"}
    actions.record_conflicts([Conflict(provider=gone, **own)])

    assert "is part of" in messages_of(merge(admin, kept, gone))

    assert list(Provider.objects.all()) == [kept]
    assert now(kept)["sources"] == {"clinic": ["K 1"], "other-list": ["O 7"]}
    past.refresh_from_db()
    assert past.provider == kept
    assert Check.objects.get().provider == kept
    assert Conflict.objects.get().provider == kept
    assert [report.text for report in kept.reports.all()] == ["Dead phone"]
    going = Change.objects.get(slug="gone", after__isnull=True)
    assert (going.provider, going.by) == (kept, boss)
    answer = client.get("/providers/gone/")
    assert (answer.status_code, answer.url) == (301, "/providers/kept/")
    assert client.get("/es/providers/gone/").url == "/es/providers/kept/"
    story = admin.get(reverse("admin:providers_provider_history", args=[kept.pk]))
    assert "when it was gone" in story.content.decode()


def test_a_former_address_follows_a_second_merge(admin):
    first, second, third = (factories.provider(**HERE) for _n in range(3))
    merge(admin, second, first)
    merge(admin, third, second)
    assert {f.slug: f.provider for f in FormerSlug.objects.all()} == {
        first.slug: third,
        second.slug: third,
    }


MOVED = {"street": "9 Pine Street", "postcode": "80203", "city": "Aurora"}


def test_a_phone_or_address_that_differs_never_gets_the_others_date(admin):
    kept = factories.provider(
        **HERE, phone="+13035550142", phone_extension="3", contact_days=400
    )
    other = {"phone": "+17205550100", "email": "a@b.example"}
    gone = factories.provider(**MOVED, **other, contact_days=5, at=factories.BOULDER)
    before = now(kept)
    merge(admin, kept, gone)
    assert now(kept) == before | {"email": "a@b.example"}


def test_a_contact_on_which_both_agree_gets_the_newer_date(admin):
    kept = factories.provider(**HERE, contact_days=400)
    gone = factories.provider(
        **HERE | {"street": "100 ASPEN street"}, phone="+17205550100", contact_days=5
    )
    newer = now(gone)["contact"]
    merge(admin, kept, gone)
    after = now(kept)
    assert (after["contact"], after["phone"]) == (newer, "+17205550100")


def test_a_listing_never_checked_takes_the_contact_of_the_other_as_a_whole(admin):
    kept = factories.provider(
        **HERE, phone="+13035550142", contact=None, published=False
    )
    gone = factories.provider(**MOVED, phone="+17205550100", at=factories.BOULDER)
    wanted = now(gone)
    merge(admin, kept, gone)
    after = now(kept)
    for name in ("phone", "phone_extension", "contact", "point", *MOVED):
        assert after[name] == wanted[name], name
    assert (after["slug"], after["name"]) == (kept.slug, kept.name)


def test_an_older_contact_check_only_fills_what_is_blank(admin):
    kept = factories.provider(**HERE, phone="+13035550142", contact_days=5)
    other = {"phone": "+17205550100", "website": "https://mesa.example/"}
    gone = factories.provider(**HERE, **other, contact_days=400)
    before = now(kept)
    merge(admin, kept, gone)
    assert now(kept) == before | {"website": "https://mesa.example/"}


def test_of_two_points_at_one_address_the_finer_stays(admin):
    kept, gone = factories.provider(**HERE), factories.provider(**HERE, contact_days=1)
    coarse = now(gone) | {"point": now(gone)["point"] | {"precision": "postal"}}
    actions.apply_one(coarse, gone)
    merge(admin, kept, Provider.objects.get(pk=gone.pk))
    assert now(kept)["point"]["precision"] == "address"


def test_the_newer_of_each_statement_stays_and_an_older_price_is_its_past(admin):
    kept = factories.provider(
        **HERE,
        facts=facts(fact("medicaid", "no", days=300), fact("medicare", days=2)),
        offerings=offering(prices=price(40_000, days=300)),
    )
    gone = factories.provider(
        **HERE,
        facts=facts(fact("medicaid", days=3), fact("medicare", "no", days=200)),
        offerings=offering(prices=price(55_000, days=3)) | offering("im_injection"),
    )
    merge(admin, kept, gone)
    after = now(kept)
    answers = {code: f["answer"] for code, f in after["facts"]["payment"].items()}
    assert answers == {"medicaid": "yes", "medicare": "yes"}
    prices = after["offerings"][IV]["prices"]
    past = LINE + factories.days_ago(3).isoformat()
    assert {key: line["amount_min_cents"] for key, line in prices.items()} == {
        LINE: 55_000,
        past: 40_000,
    }
    assert len(after["offerings"]) == 2


def test_a_merge_of_what_was_edited_since_the_look_is_refused(admin, boss):
    kept, gone = factories.provider(**HERE), factories.provider(**HERE)
    page = admin.get(compare(kept, gone)).content.decode()
    seen = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
    actions.apply_one(now(gone) | {"phone": "+13035550142"}, gone, by=boss)
    answer = admin.post(compare(kept, gone, "merge"), {"fingerprint": seen})
    assert "edited since you looked" in messages_of(answer)
    assert Provider.objects.count() == 2


def test_a_listing_is_never_merged_with_itself(admin):
    one = factories.provider(**HERE, contact=checked())
    assert admin.get(compare(one, one)).status_code == 404
    assert admin.post(compare(one, one, "merge")).status_code == 404


# --- Addresses ------------------------------------------------------------------------


def test_a_former_address_of_what_has_no_page_is_not_found(admin, client):
    kept, gone = factories.provider(**HERE), factories.provider(**HERE)
    slug = gone.slug
    merge(admin, kept, gone)
    actions.apply_one(now(kept) | {"status": "do_not_list", "published": False}, kept)
    assert client.get(f"/providers/{slug}/").status_code == 404


def test_an_address_that_a_listing_has_again_leads_to_no_other(admin, client):
    kept, gone = factories.provider(**HERE), factories.provider(**HERE, slug="mesa")
    merge(admin, kept, gone)
    draft = factories.provider(slug="mesa", published=False)
    assert client.get("/providers/mesa/").status_code == 404
    actions.apply_one(now(draft) | {"published": True}, draft)
    assert client.get("/providers/mesa/").status_code == 200


@pytest.mark.parametrize("status", ["temporarily_closed", "closed", "moved"])
def test_a_closed_listing_keeps_its_page_with_reason_and_date(client, status):
    provider = factories.provider(
        status=status, status_on="2026-03-03", status_reason="The owner retired."
    )
    words = Page(client.get(provider.get_absolute_url()).content.decode()).words
    assert "March 3, 2026" in words
    assert "The owner retired." in words
