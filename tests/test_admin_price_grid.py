"""The prices of each offering as a grid on the listing's page."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from providers import actions, documents, vocabulary
from providers.models import Change, Offering, PriceLine, Provider
from tests import factories
from tests.forms_in_pages import errors_of, filled, messages_of, misplaced, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LINE = "offerings-0-prices-0-"
NEW = "offerings-0-prices-1-"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def provider():
    """One IV offering with one price: $400 for a visit, by phone, 10 days ago."""
    return factories.provider()


@pytest.fixture
def typed():
    """A new price of $150 for a first talk, as typed into the blank row."""
    values = {
        "kind": "medical_eval",
        "amount_min_cents": "150",
        "amount_max_cents": "150",
    }
    values |= {"currency": "USD", "method": "phone", "checked_on": "2025-05-17"}
    values["source"] = str(factories.source().pk)
    return {NEW + name: value for name, value in values.items()}


def page_of(provider) -> str:
    return reverse("admin:providers_provider_change", args=[provider.pk])


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())


def test_a_price_typed_into_the_blank_row_is_kept_as_one_change(admin, provider, typed):
    stories = Change.objects.count()
    assert submit(admin, page_of(provider), **typed).status_code == 302
    line = PriceLine.objects.get(kind="medical_eval")
    assert (line.amount_min_cents, line.currency, line.precision) == (
        *(15_000, "USD"),
        "day",
    )
    assert Change.objects.count() == stories + 1
    assert Change.objects.latest().after == document_of(provider)


def test_a_changed_price_moves_the_stored_session_price(admin, provider):
    changed = {LINE + "amount_max_cents": "450.50", LINE + "method": "clinic_form"}
    today = str(timezone.localdate())
    submit(admin, page_of(provider), **changed, **{LINE + "checked_on": today})
    offering = provider.offerings.get()
    assert (offering.session_min_cents, offering.session_max_cents) == (40_000, 45_050)
    line = offering.prices.get()
    assert (line.method, line.checked_on) == ("clinic_form", timezone.localdate())


def test_a_changed_price_needs_its_method_anew(admin, provider):
    page = submit(admin, page_of(provider), **{LINE + "amount_min_cents": "300"})
    assert list(errors_of(page)) == [LINE + "method"]
    assert "A price below is not right." in page.content.decode()
    assert filled(page)[LINE + "amount_min_cents"] == ["300"]


def test_a_price_is_deleted_in_the_grid(admin, provider):
    submit(admin, page_of(provider), **{LINE + "DELETE": "on"})
    assert not PriceLine.objects.exists()
    assert provider.offerings.get().session_min_cents is None


def test_a_new_offering_comes_with_its_prices(admin, provider, typed):
    inline = {name.replace("-0-", "-1-", 1): v for name, v in typed.items()}
    inline = {name.replace("prices-1", "prices-0"): v for name, v in inline.items()}
    own = {"route": "im_injection", "setting": "in_clinic", "method": "phone"}
    own |= {"checked_on": "2025-05-17", "source": typed[NEW + "source"]}
    own = {f"offerings-1-{name}": value for name, value in own.items()}
    assert submit(admin, page_of(provider), **inline, **own).status_code == 302
    offering = Offering.objects.get(route="im_injection")
    assert [line.kind for line in offering.prices.all()] == ["medical_eval"]


def test_a_price_alone_in_a_blank_offering_is_refused_and_not_lost(
    admin, provider, typed
):
    alone = {"offerings-1-prices-0-kind": "medical_eval"}
    page = submit(admin, page_of(provider), **alone)
    assert "offerings-1-method" in errors_of(page)
    assert filled(page)["offerings-1-prices-0-kind"] == ["medical_eval"]


def test_an_offering_goes_with_prices_that_were_half_typed(admin, provider):
    gone = {"offerings-0-DELETE": "on", NEW + "kind": "medical_eval"}
    assert submit(admin, page_of(provider), **gone).status_code == 302
    assert not Offering.objects.exists()


REFUSED = [
    *(("kind", ""), ("kind", "tip"), ("applies_to", "x"), ("payee", "x")),
    *(("amount_min_cents", "-1"), ("amount_min_cents", "1,5")),
    *(("amount_max_cents", "100"), ("amount_max_cents", "x"), ("currency", "XXX")),
    *(("currency", ""), ("unit", "x"), ("package_size", "2"), ("package_size", "")),
    *(("checked_on", "2999-01-01"), ("checked_on", ""), ("method", "")),
    *(("method", "dream"), ("source", ""), ("source", "999")),
    *(("minutes", "50"), ("minutes", "x"), ("count_min", "-1")),
    *(("count_min", "x"), ("includes", "tip")),
]


def test_each_wrong_value_is_refused_at_its_field(admin, provider, typed):
    before = document_of(provider)
    wrong = [(NEW + field, value) for field, value in REFUSED]
    assert misplaced(admin, page_of(provider), wrong, **typed) == []
    assert document_of(provider) == before


def test_two_new_prices_of_one_kind_are_refused(admin, provider, typed):
    shown = filled(admin.get(page_of(provider)))
    first = {n: v for n, v in shown.items() if n.startswith(NEW)} | typed
    again = {name.replace("prices-1", "prices-2"): v for name, v in first.items()}
    count = {"offerings-0-prices-TOTAL_FORMS": "3"}
    page = submit(admin, page_of(provider), **first, **again, **count)
    assert "offerings-0-prices-2-kind" in errors_of(page)


def test_a_price_that_is_no_longer_by_the_hour_loses_its_minutes(admin):
    prices = factories.price(unit="hour", minutes=50)
    provider = factories.provider(offerings=factories.offering(prices=prices))
    changed = {LINE + "unit": "visit", LINE + "method": "phone"}
    assert submit(admin, page_of(provider), **changed).status_code == 302
    assert PriceLine.objects.get().minutes is None


def test_counts_covered_kinds_and_minutes_are_typed_in_the_grid(admin, provider, typed):
    own = {"unit": "hour", "minutes": "50", "count_min": "2", "count_max": "3"}
    own = {NEW + name: value for name, value in own.items()}
    covers = {NEW + "includes": ["lab_test", "consult"]}
    assert submit(admin, page_of(provider), **typed | own | covers).status_code == 302
    line = PriceLine.objects.get(kind="medical_eval")
    assert (line.minutes, line.count_min, line.count_max) == (50, 2, 3)
    assert line.includes == ["consult", "lab_test"]


def test_or_more_is_a_blank_most(admin, provider):
    typed = {LINE + "count_min": "6", LINE + "method": "phone"}
    submit(admin, page_of(provider), **typed)
    line = PriceLine.objects.get()
    assert (line.count_min, line.count_max) == (6, None)


def test_saving_another_field_loses_nothing_of_a_line(admin):
    whole = {"minutes": 50, "count_min": 2, "count_max": 3, "note_en": "For two."}
    whole |= {"note_es": "Para dos.", "includes": ["drug", "lab_test"]}
    prices = factories.price(20_000, kind="prep", payee="therapist", unit="hour")
    prices = {key: line | whole for key, line in prices.items()}
    provider = factories.provider(offerings=factories.offering(prices=prices))
    submit(admin, page_of(provider), name="Another name")
    assert document_of(provider)["offerings"] == factories.offering(prices=prices)
    changed = {LINE + "amount_max_cents": "250", LINE + "method": "phone"}
    submit(admin, page_of(provider), **changed)
    [kept] = document_of(provider)["offerings"].values()
    [line] = kept["prices"].values()
    assert line == next(iter(prices.values())) | {"amount_max_cents": 25_000}


def test_counts_of_what_no_course_counts_are_refused(admin, provider, typed):
    typed |= {NEW + "kind": "cancellation_fee", NEW + "count_min": "1"}
    page = submit(admin, page_of(provider), **typed)
    assert list(errors_of(page)) == [NEW + "count_min"]


def test_a_price_that_looks_mistyped_is_kept_with_a_warning(admin, provider):
    changed = {f"{LINE}amount_{end}_cents": "40" for end in ("min", "max")}
    answer = submit(admin, page_of(provider), **changed, **{LINE + "method": "phone"})
    assert PriceLine.objects.get().amount_min_cents == 4_000
    told = "Treatment session, $40: is that right? Elsewhere $150–$1,400 a visit"
    assert told in messages_of(answer)
    assert told in admin.get(page_of(provider)).content.decode()
    assert "is that right" not in messages_of(
        submit(admin, page_of(provider), name="B")
    )


def test_each_page_of_a_price_warns_alike(admin, provider):
    line = PriceLine.objects.get()
    pages = {
        f"/admin/providers/priceline/{line.pk}/change/": "",
        f"/admin/providers/offering/{line.offering_id}/change/": "prices-0-",
    }
    for dear, (page, prefix) in zip(("9000", "9001"), pages.items(), strict=True):
        values = {"amount_max_cents": dear, "method": "phone"}
        typed = {prefix + name: value for name, value in values.items()}
        answer = submit(admin, page, **typed)
        assert "is that right? Elsewhere $150–$1,400" in messages_of(answer)


def test_a_new_date_is_known_to_the_day(admin):
    year = {"checked_on": "2025-01-01", "precision": "year"}
    prices = factories.price(**year)
    provider = factories.provider(offerings=factories.offering(prices=prices))
    changed = {LINE + "checked_on": "2025-05-17", LINE + "method": "phone"}
    assert submit(admin, page_of(provider), **changed).status_code == 302
    assert PriceLine.objects.get().precision == "day"


def test_past_prices_are_a_link_and_no_rows(admin):
    past = factories.price(30_000, superseded_on=str(factories.days_ago(5)))
    prices = factories.price() | past
    provider = factories.provider(offerings=factories.offering(prices=prices))
    page = admin.get(page_of(provider))
    assert filled(page)["offerings-0-prices-INITIAL_FORMS"] == ["1"]
    [address] = re.findall(r'href="([^"]+)">1 past price<', page.content.decode())
    past = admin.get(address.replace("&amp;", "&"))
    assert past.context["cl"].result_count == 1


def test_a_line_links_to_its_own_page_for_the_rest(admin, provider):
    line = PriceLine.objects.get()
    page = admin.get(page_of(provider)).content.decode()
    assert f'href="/admin/providers/priceline/{line.pk}/change/"' in page


def test_a_line_of_another_listing_cannot_be_written_through_the_grid(admin, provider):
    other = factories.provider()
    line = PriceLine.objects.get(offering__provider=other)
    stolen = {LINE + "id": str(line.pk), LINE + "amount_min_cents": "1"}
    submit(admin, page_of(provider), **stolen, **{LINE + "method": "phone"})
    line.refresh_from_db()
    assert line.amount_min_cents == 40_000


def crowded(offerings: int, prices: int, facts: bool = True) -> Provider:
    """A listing with so many offerings, each with so many prices, and every answer."""
    routes, kinds = list(vocabulary.ROUTES), list(vocabulary.PRICE_KINDS)
    lines = {}
    for kind in kinds[:prices]:
        lines |= factories.price(kind=kind)
    wanted = {}
    for route in routes[:offerings]:
        wanted |= factories.offering(route, "not_stated", prices=lines)
    stated = [
        factories.fact(code, topic=topic, number=5 if term.number_only else None)
        for topic, codes in vocabulary.TOPICS.items()
        for code, term in codes.items()
    ]
    answers = factories.facts(*stated) if facts else {}
    return factories.provider(offerings=wanted, facts=answers)


def test_a_crowded_page_is_saved_and_stays_far_from_the_limit_of_fields(admin):
    provider = crowded(6, 6)
    before, stories = document_of(provider), Change.objects.count()
    page = filled(admin.get(page_of(provider)))
    fields = sum(len(values) for values in page.values())
    assert fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS / 2
    answer = admin.post(page_of(provider), page | {"_save": "Save"})
    assert answer.status_code == 302
    assert (document_of(provider), Change.objects.count()) == (before, stories)


def test_more_prices_than_a_form_may_send_are_folded_and_stay(admin):
    provider = crowded(10, 12)
    before, stories = document_of(provider), Change.objects.count()
    page = admin.get(page_of(provider))
    sent = sum(len(values) for values in filled(page).values())
    assert sent < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    folded = re.findall(
        r'href="/admin/providers/offering/([0-9]+)/change/">Edit these',
        page.content.decode(),
    )
    assert len(folded) == 8
    first = {"offerings-0-prices-0-amount_max_cents": "401"}
    method = {"offerings-0-prices-0-method": "phone"}
    assert submit(admin, page_of(provider), **first, **method).status_code == 302
    after = document_of(provider)
    assert len(documents.differences(before, after)) == 1
    assert Change.objects.count() == stories + 1
    last = f"/admin/providers/offering/{folded[-1]}/change/"
    own = sum(len(values) for values in filled(admin.get(last)).values())
    assert own < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_the_page_asks_no_more_however_much_stands_on_it(admin):
    few = queries_of(admin, crowded(1, 1, facts=False))
    many = queries_of(admin, crowded(6, 6))
    assert few == many <= 25


def queries_of(client, provider) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(provider)).status_code == 200
    return len(queries)


def test_the_price_page_and_the_grid_write_one_line_alike(admin, provider):
    line = PriceLine.objects.get()
    with actions.recording(provider, by=User.objects.get()):
        line.minutes, line.unit = 30, "hour"
        actions.save(line, by=User.objects.get())
    changed = {LINE + "amount_min_cents": "300", LINE + "method": "phone"}
    submit(admin, page_of(provider), **changed)
    line.refresh_from_db()
    assert (line.minutes, line.amount_min_cents) == (30, 30_000)
