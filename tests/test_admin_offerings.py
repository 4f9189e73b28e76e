"""Offerings and prices: on the listing's page, on the offering's page, in lists."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from providers import documents
from providers.models import Change, Offering, PriceLine, Provider, Source
from tests import factories
from tests.forms_in_pages import errors_of, filled, misplaced, row, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def offering():
    """An IV offering with one price: $400 for a visit, by phone, 10 days ago."""
    return factories.provider().offerings.get()


@pytest.fixture
def clinic():
    factories.regions()
    return str(factories.source().pk)


def page_of(thing) -> str:
    name = thing._meta.model_name
    return reverse(f"admin:providers_{name}_change", args=[thing.pk])


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())


def known(clinic: str, **values) -> dict[str, str]:
    return {
        "checked_on": "2025-05-17",
        "precision": "day",
        "method": "phone",
        "source": clinic,
    } | values


IM = {"route": "im_injection", "setting": "in_clinic", "therapy": "full_kap"}
IM |= {"format": "group", "variant": "pain 4 h"}


# --- Offerings on the listing's page -------------------------------------------------


def test_an_offering_is_added_on_the_listings_page(admin, offering, clinic):
    new = row("offerings", 1, **known(clinic, **IM))
    answer = submit(admin, page_of(offering.provider), **new)
    assert answer.status_code == 302
    added = Offering.objects.get(route="im_injection")
    assert added.key == "im_injection|in_clinic|full_kap|group|pain 4 h"
    assert Change.objects.latest().after == document_of(offering.provider)


def test_an_offering_is_deleted_on_the_listings_page(admin, offering):
    submit(admin, page_of(offering.provider), **{"offerings-0-DELETE": "on"})
    assert not Offering.objects.exists()
    change = Change.objects.latest()
    assert list(documents.differences(change.before, change.after)) == [
        "offerings/iv_infusion|in_clinic|full_kap|individual|",
        "offerings/iv_infusion|in_clinic|full_kap|individual|/prices/"
        "dose_visit|clinic|visit|self_pay|1|",
    ]


REFUSED_OFFERINGS = [
    *(("route", ""), ("route", "drip"), ("setting", ""), ("setting", "moon")),
    *(("therapy", ""), ("therapy", "lots"), ("format", ""), ("format", "crowd")),
    *(("variant", "x" * 61), ("precision", ""), ("precision", "hour")),
    *(("checked_on", ""), ("checked_on", "2999-01-01"), ("checked_on", "soon")),
    *(("method", ""), ("method", "dream"), ("source", ""), ("source", "999")),
]


def test_a_wrong_new_offering_is_refused_at_its_field(admin, offering, clinic):
    wrong = [(f"offerings-1-{field}", typed) for field, typed in REFUSED_OFFERINGS]
    new = row("offerings", 1, **known(clinic, **IM))
    assert misplaced(admin, page_of(offering.provider), wrong, **new) == []
    assert Offering.objects.count() == 1


def test_esketamine_at_home_is_refused_at_the_setting(admin, offering, clinic):
    at_home = IM | {"route": "nasal_esketamine", "setting": "home_unwatched"}
    new = row("offerings", 1, **known(clinic, **at_home))
    page = submit(admin, page_of(offering.provider), **new)
    assert list(errors_of(page)) == ["offerings-1-setting"]


def test_the_same_offering_twice_is_refused(admin, offering, clinic):
    same = {name: getattr(offering, name) for name in IM}
    new = row("offerings", 1, **known(clinic, **same))
    page = submit(admin, page_of(offering.provider), **new)
    assert "offerings-1-route" in errors_of(page)


def test_two_new_offerings_that_are_the_same_are_refused(admin, offering, clinic):
    new = row("offerings", 1, **known(clinic, **IM))
    new |= row("offerings", 2, **known(clinic, **IM))
    page = submit(admin, page_of(offering.provider), **new)
    assert page.status_code == 200
    assert Offering.objects.count() == 1


# --- Whoever changes an answer says how it is known ----------------------------------


def test_a_changed_offering_needs_its_method_anew(admin, offering):
    changes = [
        *(("route", "im_injection"), ("setting", "hospital"), ("therapy", "none")),
        *(("format", "group"), ("variant", "depression")),
        *(("checked_on", "2025-05-17"), ("precision", "year")),
    ]
    before = document_of(offering.provider)
    for page, prefix in (
        (page_of(offering.provider), "offerings-0-"),
        (page_of(offering), ""),
    ):
        typed = [(prefix + field, value) for field, value in changes]
        asked = [(*change, [f"{prefix}method"]) for change in typed]
        assert misplaced(admin, page, typed) == asked
    assert document_of(offering.provider) == before


def test_with_its_method_the_changed_offering_is_saved(admin, offering):
    changed = {"offerings-0-format": "group", "offerings-0-method": "website"}
    assert submit(admin, page_of(offering.provider), **changed).status_code == 302
    offering.refresh_from_db()
    assert (offering.format, offering.method) == ("group", "website")


def test_unchanged_rows_keep_their_method(admin, offering):
    submit(admin, page_of(offering.provider), name="Other")
    submit(admin, page_of(offering))
    offering.refresh_from_db()
    assert offering.method == "phone"


def test_choosing_only_a_method_is_a_change_of_the_method(admin, offering):
    submit(admin, page_of(offering), method="clinic_form")
    offering.refresh_from_db()
    assert offering.method == "clinic_form"


def test_deleting_a_row_needs_no_method(admin, offering):
    changed = {"prices-0-amount_min_cents": "1", "prices-0-DELETE": "on"}
    assert submit(admin, page_of(offering), **changed).status_code == 302
    assert not PriceLine.objects.exists()


def test_a_changed_price_needs_its_method_anew(admin, offering):
    changes = [
        *(("amount_min_cents", "390"), ("amount_max_cents", ""), ("currency", "CAD")),
        *(("payee", "therapist"), ("note_en", "On weekdays"), ("includes", ["drug"])),
    ]
    typed = [(f"prices-0-{field}", value) for field, value in changes]
    asked = [(*change, ["prices-0-method"]) for change in typed]
    assert misplaced(admin, page_of(offering), typed) == asked


@pytest.mark.parametrize(("field", "typed"), [("disputed", "on"), ("superseded_on", 1)])
def test_setting_a_price_aside_says_nothing_new_about_the_clinic(
    admin, offering, field, typed
):
    typed = factories.days_ago(1).isoformat() if typed == 1 else typed
    answer = submit(admin, page_of(offering), **{f"prices-0-{field}": typed})
    assert answer.status_code == 302
    assert getattr(PriceLine.objects.get(), field)


# --- The offering's own page ---------------------------------------------------------


def test_the_regions_served_are_part_of_the_one_change(admin, offering):
    stories = Change.objects.count()
    submit(admin, page_of(offering), serves=["US-UT", "US-CO"], method="phone")
    assert Change.objects.count() == stories + 1
    key = offering.key
    after = Change.objects.latest().after["offerings"][key]
    assert after["serves"] == ["US-CO", "US-UT"]


def test_an_unknown_region_served_is_refused(admin, offering):
    page = submit(admin, page_of(offering), serves=["US-XX"], method="phone")
    assert list(errors_of(page)) == ["serves"]


def test_an_offering_is_added_on_its_own_page(admin, clinic):
    provider = factories.provider(offerings={})
    add = f"/admin/providers/offering/add/?provider={provider.pk}"
    price = row("prices", 0, **PRICE, **known(clinic))
    answer = submit(admin, add, **known(clinic, **IM), **price)
    assert answer.status_code == 302
    assert provider.offerings.get().session_min_cents == 45_000


def test_an_offering_without_a_listing_is_refused(admin, clinic):
    add = "/admin/providers/offering/add/"
    page = submit(admin, add, **known(clinic, **IM))
    assert list(errors_of(page)) == ["provider"]


def test_an_offering_stays_with_its_listing(admin, offering):
    other = factories.provider(offerings={})
    submit(admin, page_of(offering), provider=str(other.pk))
    offering.refresh_from_db()
    assert offering.provider != other


# --- Prices --------------------------------------------------------------------------

PRICE = {
    "kind": "dose_visit",
    "payee": "clinic",
    "unit": "visit",
    "applies_to": "self_pay",
    "package_size": "1",
    "amount_min_cents": "450",
    "amount_max_cents": "500.50",
    "currency": "USD",
}


def test_a_price_is_typed_in_dollars_and_searched_in_cents(admin, clinic):
    offering = factories.provider(offerings=factories.offering()).offerings.get()
    new = row("prices", 0, **PRICE, **known(clinic), includes=["drug", "prep"])
    assert submit(admin, page_of(offering), **new).status_code == 302
    line = PriceLine.objects.get()
    assert (line.amount_min_cents, line.amount_max_cents) == (45_000, 50_050)
    assert line.includes == ["prep", "drug"]
    offering.refresh_from_db()
    assert (offering.session_min_cents, offering.session_max_cents) == (45_000, 50_050)


def test_a_stored_price_is_shown_as_it_is_typed(admin, offering):
    page = filled(admin.get(page_of(offering)))
    assert page["prices-0-amount_min_cents"] == ["400"]
    assert page["prices-0-currency"] == ["USD"]


def test_a_blank_price_is_unknown_and_zero_is_free(admin, offering, clinic):
    blank = {"amount_min_cents": "", "amount_max_cents": "", "currency": ""}
    free = {"amount_min_cents": "0", "amount_max_cents": "0"}
    kinds = {"kind": "prep"}, {"kind": "integration"}
    new = row("prices", 1, **PRICE | kinds[0] | blank, **known(clinic))
    new |= row("prices", 2, **PRICE | kinds[1] | free, **known(clinic))
    assert submit(admin, page_of(offering), **new).status_code == 302
    assert PriceLine.objects.get(kind="prep").amount_min_cents is None
    assert PriceLine.objects.get(kind="integration").amount_min_cents == 0


REFUSED_PRICES = [
    *(("kind", ""), ("kind", "parking"), ("payee", ""), ("payee", "me")),
    *(("unit", ""), ("unit", "year"), ("applies_to", ""), ("applies_to", "all")),
    *(("package_size", "0"), ("package_size", "2"), ("package_size", "")),
    *(("package_size", "-1"), ("minutes", "50"), ("minutes", "-1")),
    *(("amount_min_cents", "-1"), ("amount_min_cents", "1.234")),
    *(("amount_min_cents", "cheap"), ("amount_max_cents", "-0.01")),
    *(("amount_max_cents", "400"), ("amount_max_cents", "9999999")),
    *(("currency", ""), ("currency", "XXX"), ("includes", ["parking"])),
    *(("checked_on", ""), ("checked_on", "2999-01-01"), ("precision", "hour")),
    *(("method", ""), ("method", "dream"), ("source", ""), ("source", "999")),
    *(("superseded_on", "2025-05-16"), ("superseded_on", "soon")),
    *(("note_en", "x" * 301), ("note_es", "x" * 301)),
]


def test_a_wrong_price_is_refused_at_its_field(admin, offering, clinic):
    wrong = [(f"prices-1-{field}", typed) for field, typed in REFUSED_PRICES]
    new = row("prices", 1, **PRICE | {"kind": "prep"} | known(clinic))
    assert misplaced(admin, page_of(offering), wrong, **new) == []
    assert PriceLine.objects.count() == 1


def test_a_currency_without_an_amount_is_refused(admin, offering, clinic):
    values = PRICE | {"kind": "prep", "amount_min_cents": "", "amount_max_cents": ""}
    page = submit(
        admin, page_of(offering), **row("prices", 1, **values, **known(clinic))
    )
    assert list(errors_of(page)) == ["prices-1-currency"]


def test_a_second_current_price_of_one_kind_is_refused(admin, offering, clinic):
    page = submit(
        admin, page_of(offering), **row("prices", 1, **PRICE, **known(clinic))
    )
    assert list(errors_of(page)) == ["prices-1-kind"]


def test_two_new_prices_of_one_kind_are_refused(admin, offering, clinic):
    values = PRICE | {"kind": "prep"} | known(clinic)
    new = row("prices", 1, **values) | row("prices", 2, **values)
    page = submit(admin, page_of(offering), **new)
    assert list(errors_of(page)) == ["prices-2-kind"]
    assert PriceLine.objects.count() == 1


def test_a_price_by_the_hour_takes_its_minutes(admin, offering, clinic):
    values = PRICE | {"kind": "prep", "unit": "hour", "minutes": "50"} | known(clinic)
    assert submit(admin, page_of(offering), **row("prices", 1, **values)).status_code
    assert PriceLine.objects.get(kind="prep").minutes == 50


def test_a_price_has_its_own_page_but_is_added_on_its_offerings(admin, offering):
    line = offering.prices.get()
    page = submit(admin, page_of(line), amount_min_cents="-5", method="phone")
    assert list(errors_of(page)) == ["amount_min_cents"]
    page = submit(admin, page_of(line), amount_min_cents="300")
    assert list(errors_of(page)) == ["method"]
    submit(admin, page_of(line), amount_min_cents="300", method="phone")
    offering.refresh_from_db()
    assert offering.session_min_cents == 30_000
    assert admin.get("/admin/providers/priceline/add/").status_code == 403


# --- Lists ---------------------------------------------------------------------------


def test_the_lists_say_an_unknown_price_in_words(admin, clinic):
    unknown = factories.price(None, None)
    factories.provider(offerings=factories.offering(prices=unknown))
    for name in ("offering", "priceline", "provider"):
        page = admin.get(f"/admin/providers/{name}/").content.decode()
        assert "not published" in page
        assert "$0" not in page


@pytest.mark.parametrize(
    ("prices", "shown"),
    [
        (factories.price(40_000, 50_050), "$400–$500.50"),
        (factories.price(40_000, days=100), "$400, stale"),
        (factories.price(0), "free"),
        (
            factories.price(40_000) | factories.price(None, None, kind="drug"),
            "at least $400",
        ),
        (factories.price(9_900, currency="CAD"), "CA$99"),
    ],
)
def test_the_lists_say_what_a_session_costs(admin, prices, shown):
    factories.provider(offerings=factories.offering(prices=prices))
    for name in ("offering", "provider"):
        assert shown in admin.get(f"/admin/providers/{name}/").content.decode()


def test_prices_in_two_currencies_stand_apart(admin):
    offerings = factories.offering(prices=factories.price(40_000)) | factories.offering(
        route="im_injection", prices=factories.price(30_000, currency="CAD")
    )
    factories.provider(offerings=offerings)
    page = admin.get("/admin/providers/provider/").content.decode()
    assert "$400, CA$300" in page


def test_sources_made_by_the_migration_are_there(db):
    assert Source.objects.filter(code="clinic").exists()
