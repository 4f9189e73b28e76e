"""`manage.py cost`: exactly what the listing's page shows, in minor units."""

import json
import re
import shlex
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from providers.actions import Treatment
from tests import factories as f
from tests.courses import KAP, course
from tests.pages import visit

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]
SUMS = ["session", "course", "first_year", "with_travel"]
LINE = """
    kind payee unit package_size minutes amount_min amount_max currency applies_to
    includes count_min count_max checked_on method source disputed stale
"""


def run(line: str) -> str:
    out = StringIO()
    call_command("cost", *shlex.split(line), stdout=out)
    return out.getvalue()


def answer(line: str) -> list[dict]:
    return json.loads(run(f"{line} --json"))["offerings"]


def clinic(prices=None, **columns):
    """In Denver, 3 doses, 1 preparation and 3 integration visits."""
    course(KAP, prep=(1, 1), dose_visit=(3, 3), integration=(3, 3))
    offered = f.offering(prices=price_list() if prices is None else prices)
    return f.provider(slug="clinic", **{"offerings": offered} | columns)


def price_list(**values) -> dict:
    """200 + 175 + 3 × 400 + 3 × 175–200: 2,100 to 2,175."""
    return (
        f.price(20_000, kind="consult", **values)
        | f.price(17_500, kind="prep", **values)
        | f.price(40_000, **values)
        | f.price(17_500, 20_000, kind="integration", **values)
    )


# --- JSON -----------------------------------------------------------------------------


def test_json_has_the_promised_shape():
    clinic()
    [offering] = answer("clinic")
    parts = ["route", "setting", "therapy", "format", "variant"]
    assert list(offering) == [*parts, "lines", *SUMS]
    assert [list(line) for line in offering["lines"]] == [LINE.split()] * 4
    assert offering["session"] == {
        "low": 40_000,
        "high": 40_000,
        "complete": True,
        "missing": [],
        "currency": "USD",
        "checked_on": f.days_ago(10).isoformat(),
        "stale": False,
    }
    assert offering["with_travel"] is None


def test_the_sums_are_those_done_by_hand():
    clinic(price_list() | f.price(50_000, kind="booster", count_min=2, count_max=2))
    [offering] = answer("clinic")
    ends = {name: offering[name] and ends_of(offering[name]) for name in SUMS[:3]}
    assert ends == {
        "session": (40_000, 40_000),
        "course": (210_000, 217_500),
        "first_year": (310_000, 317_500),
    }


def ends_of(found: dict) -> tuple:
    return found["low"], found["high"]


def test_a_line_is_told_with_all_that_makes_it_a_price():
    clinic(f.price(40_000, 45_000, count_min=3, includes=["prep"], payee="therapist"))
    [line] = answer("clinic")[0]["lines"]
    assert line == {
        "kind": "dose_visit",
        "payee": "therapist",
        "unit": "visit",
        "package_size": 1,
        "minutes": None,
        "amount_min": 40_000,
        "amount_max": 45_000,
        "currency": "USD",
        "applies_to": "self_pay",
        "includes": ["prep"],
        "count_min": 3,
        "count_max": None,
        "checked_on": f.days_ago(10).isoformat(),
        "method": "phone",
        "source": "clinic",
        "disputed": False,
        "stale": False,
    }


def test_free_is_nought_and_unknown_is_null():
    clinic(f.price(0) | f.price(None, kind="prep"))
    [offering] = answer("clinic")
    assert [line["amount_min"] for line in offering["lines"]] == [None, 0]
    assert [line["currency"] for line in offering["lines"]] == [None, "USD"]
    assert ends_of(offering["session"]) == (0, 0)
    assert offering["course"]["low"] == 0
    assert offering["course"]["high"] is None
    assert offering["course"]["missing"] == ["prep", "integration"]


def test_what_has_no_price_or_no_schedule_has_no_sum():
    offered = f.offering(prices={}) | f.offering("not_stated", prices=f.price())
    clinic(offerings=offered)
    priceless, routeless = answer("clinic")
    assert [priceless[name] for name in SUMS] == [None] * 4
    assert routeless["session"]["low"] == 40_000
    assert routeless["course"] is None


def test_a_stale_price_is_marked_and_an_old_one_is_no_price():
    clinic(f.price(40_000, days=91) | f.price(17_500, kind="prep", days=366))
    [offering] = answer("clinic")
    [line] = offering["lines"]
    assert (line["kind"], line["stale"]) == ("dose_visit", True)
    assert offering["session"]["stale"] is True
    assert offering["course"] is None


def test_a_disputed_price_is_told_and_not_added():
    clinic(price_list() | f.price(17_500, kind="prep", disputed=True))
    [offering] = answer("clinic")
    disputed = [line["kind"] for line in offering["lines"] if line["disputed"]]
    assert disputed == ["prep"]
    assert offering["course"]["missing"] == ["prep"]


def test_past_prices_are_not_told():
    clinic(price_list() | f.price(9_900, superseded_on=f.days_ago(5).isoformat()))
    amounts = {line["amount_min"] for line in answer("clinic")[0]["lines"]}
    assert amounts == {20_000, 17_500, 40_000}


# --- From a place ---------------------------------------------------------------------


def test_who_drives_and_what_a_ride_costs_are_added():
    clinic(at=f.BOULDER)
    known = json.loads(run("clinic --from 80202 --driver someone --json"))
    trip = round(2 * known["distance_km"] * 1.4 * 20.5 / 1.609344)
    [offering] = known["offerings"]
    # 3 doses, 1 preparation, 3 integration visits
    assert ends_of(offering["with_travel"]) == (
        210_000 + 7 * trip,
        217_500 + 7 * trip,
    )
    alone = answer("clinic --from 80202 --driver nobody --fare 40")[0]["with_travel"]
    assert alone["low"] == 210_000 + 4 * trip + 3 * 4_000
    assert alone["complete"] is True


def test_nobody_to_drive_and_no_fare_is_at_least():
    clinic()
    found = answer("clinic --from 80202 --driver nobody")[0]["with_travel"]
    assert found["missing"] == ["ride"]
    assert found["high"] is None


def test_the_persons_own_rate_unit_and_nights_count():
    clinic(at=f.BOULDER)
    line = "clinic --from 80202 --driver someone --rate 0.5 --unit km"
    known = json.loads(run(f"{line} --nights 2 --night 90 --json"))
    trip = round(2 * known["distance_km"] * 1.4 * 50)
    [offering] = known["offerings"]
    assert offering["with_travel"]["low"] == 210_000 + 7 * trip + 18_000


def test_care_at_home_needs_no_travel():
    course(Treatment("oral", "full_kap", "individual"), dose_visit=(3, 3))
    at_home = f.offering("oral", "home_live_video", prices=f.price(10_000))
    clinic(offerings=at_home)
    [offering] = answer("clinic --from 80202 --driver nobody")
    assert offering["with_travel"] == offering["course"]


def test_the_rate_in_dollars_says_nothing_in_another_currency():
    clinic(price_list(currency="CAD"), region="CA-AB", at=f.CALGARY)
    found = answer("clinic --from 80202 --driver someone")[0]["with_travel"]
    assert (found["currency"], found["missing"]) == ("CAD", ["travel"])
    typed = answer("clinic --from 80202 --driver someone --rate 0.4")
    assert typed[0]["with_travel"]["complete"] is True


# --- Exactly what the page shows ------------------------------------------------------


def words_of(found: dict | None) -> str | None:
    """The sum as a page says it, put together here anew; None where there is none."""
    if found is None:
        return None
    symbol = {"USD": "$", "CAD": "CA$"}[found["currency"]]
    low, high = (money(cents, symbol) for cents in ends_of(found))
    if not found["complete"]:
        return f"at least {low}" if found["low"] else "not known without"
    return f"from {low}" if high is None else low if low == high else f"{low}–{high}"


def money(cents: int | None, symbol: str) -> str | None:
    if cents is None:
        return None
    digits = f"{cents / 100:,.2f}".removesuffix(".00")
    return "free" if cents == 0 else f"{symbol}{digits}"


CASES = {
    "a price list": price_list(),
    "a range": f.price(40_000, 55_050) | f.price(10_000, kind="prep"),
    "boosters": price_list() | f.price(30_000, kind="booster"),
    "a package": price_list() | f.price(199_900, kind="package", unit="course"),
    "free": f.price(0),
    "unknown": f.price(None),
    "stale": price_list(days=120),
    "too old": price_list(days=400),
    "one too old": price_list() | f.price(17_500, kind="prep", days=400),
    "sliding": price_list() | f.price(9_000, applies_to="sliding_scale"),
    "in other dollars": price_list(currency="CAD"),
    "two payees": f.price(20_000) | f.price(15_000, payee="therapist"),
    "disputed": f.price(40_000, disputed=True),
}
QUESTIONS = ["", "driver=nobody", "driver=someone&nights=1&night=80"]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("case", CASES)
def test_the_page_shows_the_same_sums(case, question):
    clinic(CASES[case], at=f.BOULDER)
    options = re.sub(r"(\w+)=(\w+)&?", r"--\1 \2 ", question)
    [told] = answer(f"clinic --from 80202 {options}")
    page = visit(f"/providers/clinic/?near=80202&{question}")
    for name in SUMS:
        after = page.html.split(f'data-sum="{name}"')[1].split("</div>")[0]
        low, high = (re.search(rf'data-{e}="(\d*)"', after) for e in ("low", "high"))
        shown = re.search("<strong>(.*?)</strong>", after)
        if told[name] is None:
            assert not any((low, high, shown)), name
        else:
            ends = [cents and int(cents) for cents in (low[1], high[1])]
            assert ends == ["" if e is None else e for e in ends_of(told[name])], name
            assert shown[1].startswith(words_of(told[name])), name
            assert f'class="price{" stale" * told[name]["stale"]}"' in page.html
    kinds = [line["kind"] for line in told["lines"]]
    assert page.html.count('<th scope="row">') == len(kinds)


# --- Refusals and the table -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nothing", "slug: no listing has the address “nothing”"),
        ("hidden", "slug: no listing has the address “hidden”"),
        ("clinic --from zzyzzyx", "--from: We know no place of that name."),
        ("clinic --from Portland", "--from: Several places have that name."),
        ("clinic --from Colorado", "--from: From a whole state or country we cannot"),
        ("clinic --from 80202 --fare much", "--fare: Enter a number."),
        ("clinic --from 80202 --fare=-1", "--fare: Ensure this value is"),
        ("clinic --from 80202 --rate x", "--rate: Enter a number."),
        ("clinic --from 80202 --nights 1.5", "--nights: "),
        ("clinic --from 80202 --driver me", "--driver: Select a valid choice."),
        ("clinic --from 80202 --unit leagues", "--unit: Select a valid choice."),
    ],
)
def test_what_it_cannot_read_is_refused_in_one_line(line, said):
    clinic()
    f.provider(slug="hidden", published=False)
    with pytest.raises(CommandError) as refused:
        run(f"{line} --json")
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 1


def test_the_table_says_it_in_words():
    clinic(price_list())
    said = run("clinic --from 80202 --driver nobody")
    assert "dose_visit: $400 a visit, paid to the clinic (Checked on" in said
    assert "in a course: 3 × $175–$200 = $525–$600" in said
    assert "course: $2,100–$2,175 (Estimate from prices posted on" in said
    assert "without the ride home after treatment" in said
