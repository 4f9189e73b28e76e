"""The call sheet by keyboard, in a browser: how many keys a confirmed listing takes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from providers import actions, vocabulary
from providers.models import Fact, Offering, PriceLine, Provider
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    # pytest-base-url 2.1, of which pytest-playwright is made
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance"),
]

STALE, CONFIRMED = 300, 10
GROUPS = list(vocabulary.CHECK_GROUPS)


@pytest.fixture
def stale() -> list[Provider]:
    """Three hundred sample listings, asked between 200 and 500 days ago."""
    factories.regions()
    factories.source()
    facts = [
        factories.fact(code, days=400) for code in ("step_free_entry", "psychiatrist")
    ]
    offered = factories.offering(days=400, prices=factories.price(days=400))
    documents = [
        factories.document(
            name=f"Sample Clinic {number}",
            is_sample=True,
            contact_days=500 - number,
            offerings=offered,
            facts=factories.facts(*facts),
        )
        for number in range(STALE)
    ]
    return actions.apply([actions.Edit(None, wanted) for wanted in documents])


@pytest.fixture
def sheet(page, boss, live_server, stale):
    """The browser on the call sheet of the first listing of the queue."""
    page.set_default_timeout(10_000)
    page.goto(f"{live_server.url}{reverse('admin:queue')}")
    page.get_by_role("link", name="Start with the first").click()
    page.wait_for_url("**/check/**")
    return page


class Keys:
    """Counts what a person presses."""

    def __init__(self, page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def key_of(page) -> int:
    return int(page.url.split("/check/")[0].rpartition("/")[2])


def fresh() -> set[int]:
    """The listings of which every row was confirmed today."""
    today = timezone.localdate()
    old = {"checked_on__lt": today}
    stale = [
        Provider.objects.filter(contact_checked_on__lt=today).values_list("pk"),
        Offering.objects.filter(**old).values_list("provider"),
        PriceLine.objects.filter(**old).values_list("offering__provider"),
        Fact.objects.filter(**old).values_list("provider"),
    ]
    every = set(Provider.objects.values_list("pk", flat=True))
    return every - {key for rows in stale for (key,) in rows}


def chosen(page, group: str) -> str:
    return page.locator(f"input[name=outcome-{group}]:checked").get_attribute("value")


def test_ten_listings_are_confirmed_with_at_most_six_keys_each(sheet):
    done = set()
    for _n in range(CONFIRMED):
        keys, here = Keys(sheet), key_of(sheet)
        keys.press("c", "c", "c", "c", "c", "Enter")
        sheet.wait_for_url(lambda url, here=here: f"/{here}/check/" not in url)
        assert keys.pressed <= 6
        done.add(here)
    assert len(done) == CONFIRMED
    assert fresh() == done


def test_nobody_answers_is_two_keys_and_refreshes_nothing(sheet):
    here = key_of(sheet)
    Keys(sheet).press("n", "Enter")
    sheet.wait_for_url(lambda url: f"/{here}/check/" not in url)
    assert fresh() == set()
    check = Provider.objects.get(pk=here).checks.get()
    assert (check.group, check.outcome) == ("contact", "no_answer")


def test_each_key_answers_the_group_in_focus_and_goes_on(sheet):
    keys = Keys(sheet)
    keys.press("c", "n", "w", "x", "r")
    outcomes = ["confirmed", "no_answer", "wrong_number", "closed", "refused"]
    assert [chosen(sheet, group) for group in GROUPS] == outcomes
    assert sheet.evaluate("document.activeElement.id") == "save-next"


def test_changed_opens_what_to_correct_and_keys_are_letters_there(sheet):
    here = key_of(sheet)
    keys = Keys(sheet)
    keys.press("h")
    assert chosen(sheet, "contact") == "changed"
    email = sheet.locator("[name=contact-email]")
    email.fill("")
    email.press_sequentially("chnwxr@example.org")
    keys.press("Enter")  # in a field it saves nothing
    assert email.input_value() == "chnwxr@example.org"
    assert chosen(sheet, "contact") == "changed"
    keys.press("Escape", "Enter")
    sheet.wait_for_url(lambda url: f"/{here}/check/" not in url)
    assert Provider.objects.get(pk=here).email == "chnwxr@example.org"


def test_leaving_with_something_unsaved_is_warned_of_and_saving_is_not(sheet):
    asked = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    sheet.on("dialog", stay)
    keys, here = Keys(sheet), sheet.url
    keys.press("c")
    sheet.get_by_role("link", name="Skip", exact=True).click(no_wait_after=True)
    sheet.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert sheet.url == here
    sheet.get_by_role("button", name="Save and next").click()
    sheet.wait_for_url(lambda url: url != here)
    assert asked == ["beforeunload"]


def test_one_key_confirms_the_prices_that_are_shown(sheet):
    here, keys = key_of(sheet), Keys(sheet)
    keys.press("p")
    sheet.get_by_text("saved (prices)").wait_for()
    assert key_of(sheet) == here
    today = PriceLine.objects.filter(checked_on=timezone.localdate())
    assert [line.offering.provider_id for line in today] == [here]
    check = Provider.objects.get(pk=here).checks.get()
    assert (check.group, check.outcome) == ("prices", "confirmed")


def test_without_a_script_the_buttons_do_the_same(browser, live_server, boss, context):
    listing = factories.provider(contact_days=200)
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(live_server.url + reverse("admin:call-sheet", args=[listing.pk]))
    page.locator("[name=outcome-contact][value=confirmed]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    assert "saved (contact)" in page.content()
    assert fresh() == set()
    listing.refresh_from_db()
    assert listing.contact_checked_on == timezone.localdate()
    plain.close()
