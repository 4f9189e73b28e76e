"""Start from what one can spend: the answer is what every price list sums to."""

import re

import pytest

from providers.views.budget.asking import _plain_number
from tests import factories as f
from tests.pages import Page, query_of, visit

pytestmark = pytest.mark.any_database

DENVER = "80202"


def ask(amount: object = 4000, near: str = DENVER, **asked) -> Page:
    return visit("/budget/", amount=amount, near=near, **asked)


def cards(page: Page) -> dict[str, str]:
    """The words of each listing's card by its name."""
    found = {}
    for card in page.html.split('<article class="card')[1:]:
        words = re.sub(r"<[^>]+>", " ", card.split("</article>")[0].split(">", 1)[1])
        name = re.search(r">([^<]+)</a>", card)[1]
        found[name] = " ".join(words.split())
    return found


def course(cents: int, high: int | None = None, **values) -> dict:
    """An offering with six dosing visits, as the clinic says."""
    line = f.price(cents, high, count_min=6, count_max=6, **values)
    return f.offering(therapy="none", prices=line)


@pytest.fixture(scope="module")
def clinics(gazetteer):
    """Courses of $3,000, $3,600–$4,800 and $6,000, one unpriced, one at home."""
    f.provider(name="Cheap", at=f.DENVER, offerings=course(50_000))
    f.provider(name="Middling", at=f.BOULDER, offerings=course(60_000, 80_000))
    f.provider(name="Dear", at=f.DENVER, offerings=course(100_000))
    f.provider(name="Silent", at=f.DENVER, offerings=f.offering())
    f.provider(
        name="Partial",
        at=f.DENVER,
        offerings=course(10_000) | f.offering("oral", prices=f.price(10_000)),
    )
    f.provider(name="Old", at=f.DENVER, offerings=course(20_000, days=120))


# --- The question ---------------------------------------------------------------------


@pytest.mark.usefixtures("clinics")
class TestTheQuestion:
    def test_nothing_is_asked_and_nothing_is_wrong_at_first(self):
        page = visit("/budget/")
        assert "Please look at this again" not in page.words
        assert page.control("amount")["value"] == ""

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"amount": ""}, "amount"),
            ({"amount": "much"}, "amount"),
            ({"amount": "-1"}, "amount"),
            ({"amount": "9" * 12}, "amount"),
            ({"amount": "999999", "per": "month"}, "amount"),
            ({"near": ""}, "near"),
            ({"near": "nowhere at all"}, "near"),
            ({"near": "Colorado"}, "near"),
            ({"fare": "some", "driver": "nobody"}, "fare"),
            ({"nights": "1.5"}, "nights"),
        ],
    )
    def test_bad_input_is_told_at_its_field_and_kept(self, asked, field):
        page = ask(**({"amount": "4000"} | asked))
        assert cards(page) == {}
        assert page.control(field)["aria-invalid"] == "true"
        assert page.control(field)["value"] == asked[field]
        assert [link for _words, link in page.links if link == f"#id_{field}"]

    def test_every_field_that_is_wrong_is_told_at_once(self):
        page = visit("/budget/", amount="", near="", nights="x")
        wrong = [link for _words, link in page.links if link.startswith("#id_")]
        assert wrong == ["#id_amount", "#id_nights", "#id_near"]

    @pytest.mark.parametrize(
        "typed", ["3500", "$3,500", " 3 500 ", "3.500", "3500.00", "US$3500"]
    )
    def test_money_is_understood_as_people_write_it(self, typed):
        assert "within $3,500" in ask(typed.replace("US", "")).words

    def test_a_comma_of_cents_is_no_thousand(self):
        assert _plain_number("12.50") == "12.50"
        assert _plain_number("1,250,000") == "1250000"

    def test_a_month_counts_twelve_times_and_says_so(self):
        page = ask(300, per="month")
        assert "$300 a month is $3,600 in a year: 12 times." in page.words
        assert "visit by visit, as you go" in page.words
        assert list(cards(page)) == list(cards(ask(3600)))
        there = query_of(page.link("payment plan"))
        assert (there["pay"], there["max_total"]) == (["payment_plan"], ["3600"])


# --- The answer -----------------------------------------------------------------------


@pytest.mark.usefixtures("clinics")
class TestTheAnswer:
    def test_only_whole_current_sums_within_the_amount_are_there(self):
        assert list(cards(ask(4000, driver="someone"))) == [
            "Cheap",
            "Partial",
            "Middling",
        ]

    def test_the_nearest_comes_first_and_the_page_says_so(self):
        page = ask(7000, driver="someone")
        assert "nearest first" in page.heading(2)
        assert list(cards(page))[-1] == "Middling"

    def test_what_is_left_over_is_the_amount_less_the_course_and_the_way(self):
        found = cards(ask(4000, near="Denver", driver="nobody", fare="20"))
        assert "Course with travel: $3,120" in found["Cheap"]  # 6 x 500 + 6 x 20
        assert "Left over: $880" in found["Cheap"]

    def test_a_range_leaves_a_range_or_says_what_may_lack(self):
        found = cards(ask(5000, driver="nobody", fare="0"))["Middling"]
        assert "Left over: $200–$1,400" in found
        found = cards(ask(4000, driver="nobody", fare="0"))["Middling"]
        assert "Left over: $400 at its lowest price" in found
        assert "at its highest it is $800 more than you have" in found

    def test_nobody_is_assumed_to_drive_home(self):
        page = ask(4000)
        assert "Your ride home after a dose is not counted yet" in page.words
        assert "without the ride home" in cards(page)["Cheap"]
        assert "before your ride home" in cards(page)["Cheap"]
        page = ask(4000, driver="someone")
        assert "not counted yet" not in page.words

    def test_a_fare_counts_against_the_amount(self):
        assert "Cheap" in cards(ask(3100, driver="nobody", fare="10"))
        assert "Cheap" not in cards(ask(3100, driver="nobody", fare="20"))

    def test_each_amount_has_its_date_method_and_source(self):
        for words in cards(ask(9000, driver="someone")).values():
            assert re.search(r"posted on .* 20\d\d · Phone call · The clinic", words)

    def test_the_unpriced_are_counted_and_one_click_away(self):
        page = ask(4000)
        there = query_of(page.link("publishes too little"))
        assert there["include_unpriced"] == ["yes"]
        assert there["max_total"] == ["4000"]
        assert "Silent" in cards(visit(page.link("publishes too little")))

    def test_the_same_question_is_on_the_search_page(self):
        page = ask(4000, driver="someone")
        there = page.link("The same question on the search page")
        assert query_of(there)["max_total"] == ["4000"]
        assert list(cards(visit(there)))[:3] == list(cards(page))

    def test_nothing_within_it_tells_what_would_change_it_in_money(self):
        page = ask(450, driver="someone", within="5")
        assert "No clinic is within $450" in page.heading(2)
        [(words, there)] = [pair for pair in page.links if " more, " in pair[0]]
        more, most, found = re.match(
            r"\$([\d,]+) more, \$([\d,]+) in all: (\d+) clinic", words
        ).groups()
        assert int(most.replace(",", "")) - int(more.replace(",", "")) == 450
        assert len(cards(visit(there))) == int(found) > 0

    def test_a_rate_that_is_not_known_in_a_currency_is_asked_for(self):
        in_pounds = course(30_000, currency="GBP")
        glasgow = {"region": "GB-SCT", "at": (55.8651, -4.2576)}
        f.provider(name="Glasgow", offerings=in_pounds, **glasgow)
        asked = {"near": "Glasgow", "driver": "someone"}
        page = ask(2000, **asked)
        assert "What driving costs there in this currency we do not know" in page.words
        assert cards(page) == {}
        found = cards(ask(2000, rate="0.45", **asked))
        assert "Left over: £200" in found["Glasgow"]

    def test_a_page_past_the_last_is_an_error(self):
        page = ask(4000, page="9")
        assert "There is no page 9 of this answer." in page.words

    def test_the_other_language_asks_the_same(self):
        there = ask(300, per="month", driver="someone").link("Español")
        assert query_of(there) == {
            "amount": ["300"],
            "per": ["month"],
            "near": [DENVER],
            "driver": ["someone"],
        }

    def test_it_is_linked_from_the_start_and_the_search(self):
        for path in ("/", "/search/"):
            assert visit(path).link("Start from what you can spend") == "/budget/"

    def test_it_asks_a_bounded_number_of_times(self, django_assert_max_num_queries):
        ask()
        with django_assert_max_num_queries(14):
            ask()
