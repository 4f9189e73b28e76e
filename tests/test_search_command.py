"""`manage.py search`: the page's parameters on the command line, in JSON or a table."""

import json
import shlex
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from geopy.distance import geodesic

from providers.filters import ProviderFilter
from providers.question import LEFT_OUT
from tests import factories as f

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]
DENVER = (39.7515, -104.9977)  # ZIP 80202
NEAR, FAR = (39.75, -104.99), (40.017, -105.285)


def run(line: str) -> str:
    out = StringIO()
    call_command("search", *shlex.split(line), stdout=out)
    return out.getvalue()


def answer(line: str) -> dict:
    return json.loads(run(f"{line} --json"))


@pytest.fixture
def two(scratch):
    priced = f.offering("iv_infusion", prices=f.price(400_00, 500_00))
    f.provider(name="Near", city="Denver", at=NEAR, offerings=priced)
    f.provider(name="Far", at=FAR, offerings=f.offering("im_injection"))


def test_json_has_the_promised_shape(two):
    found = answer("--near 80202 --within 25 --unit mi --route iv")
    assert list(found) == ["total", "near", "within_km", "results", "left_out"]
    assert found["near"] == {
        "label": "Denver, CO 80202",
        "latitude": DENVER[0],
        "longitude": DENVER[1],
    }
    assert found["within_km"] == pytest.approx(40.2336)
    assert found["left_out"] == dict.fromkeys(LEFT_OUT, 0)
    assert set(LEFT_OUT) == {
        *("unpriced", "stale_price", "incomplete"),
        *("not_stated", "unconfirmed", "other_country"),
    }
    (row,) = found["results"]
    assert row.pop("distance_km") == pytest.approx(geodesic(DENVER, NEAR).km, rel=1e-3)
    assert row.pop("slug")
    assert row == {
        "name": "Near",
        "latitude": NEAR[0],
        "longitude": NEAR[1],
        "session_min": 400_00,
        "session_max": 500_00,
        "currency": "USD",
        "course_min": None,
        "course_max": None,
        "travel_min": None,
        "prices_posted": 1,
    }


def test_an_unknown_price_is_null_and_never_0(two):
    (row,) = answer("--near 80202 --within 25 --route im")["results"]
    assert [row[n] for n in ("session_min", "session_max", "currency")] == [None] * 3


def test_several_codes_may_follow_one_parameter_or_repeat_it(two):
    assert answer("--route iv im")["total"] == 2
    assert answer("--route iv --route im")["total"] == 2


def test_a_place_of_several_words_is_one_place(two):
    assert answer("--near Denver CO")["near"]["label"] == "Denver, CO"


def test_a_switch_needs_no_word(two):
    line = "--near 80202 --within 25 --max-price 450"
    assert answer(line)["left_out"]["unpriced"] == 1
    assert answer(f"{line} --include-unpriced")["total"] == 2


def test_a_region_has_no_radius_and_no_distance(two):
    found = answer("--near Colorado")
    assert (found["near"], found["within_km"], found["total"]) == (None, None, 2)
    assert {row["distance_km"] for row in found["results"]} == {None}


def test_a_page_holds_what_was_asked_for(two):
    found = answer("--near 80202 --within 25 --page-size 1 --page 2")
    assert (found["total"], [row["name"] for row in found["results"]]) == (2, ["Far"])


def test_without_json_it_is_a_table_for_people(two):
    first, *rows = run("--near 80202 --within 25").splitlines()
    assert first == "2 listings within 25 mi of Denver, CO 80202, page 1 of 1"
    assert "Near  (Denver, US-CO)  400.00–500.00 USD, checked " in rows[0]
    assert rows[1].endswith("Far  (US-CO)  price not published")


def test_one_listing_is_not_called_several(two):
    [first, _row] = run("--q near").splitlines()
    assert first == "1 listing, page 1 of 1"


@pytest.mark.parametrize("engine", ["index", "orm"])
def test_either_engine_can_be_asked(engine):
    words = "--near 80202 --within 25 --sort price --json"
    assert run(f"{words} --engine {engine}") == run(words)


def test_every_parameter_of_the_page_is_an_option(capsys):
    with pytest.raises(SystemExit):
        run("--help")
    shown = capsys.readouterr().out
    options = [f"--{name.replace('_', '-')} " for name in ProviderFilter.base_filters]
    assert [option for option in options if option not in shown] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--near Xyzzyville", "near: We know no place of that name"),
        ("--near 80202 --within 0", "within: "),
        ("--lat 39.7", "lng: Give both the latitude and the longitude"),
        ("--lat 91 --lng 0", "lat: "),
        ("--route nonsense", "route: .*nonsense"),
        ("--max-price -1", "max_price: "),
        ("--max-course -1", "max_course: "),
        ("--sort travel", "sort: Travel is counted from your place"),
        ("--near Colorado --max-total 900", "max_total: Travel is counted"),
        ("--nights 61", "nights: "),
        ("--driver me", "driver: "),
        ("--unit furlong", "unit: "),
        ("--near 80202 --page 9", "page: there is no page 9"),
        ("--page-size 0", "a page holds 1 to 1000 listings"),
        ("--page-size 1001", "a page holds 1 to 1000 listings"),
        ("--page-size many", "page-size"),
        ("--unit mi km", "unrecognized arguments: km"),
        ("--engine warp", "invalid choice: 'warp'"),
        ("--colour red", "unrecognized arguments"),
    ],
)
def test_a_wrong_word_is_refused_in_words(words, message):
    with pytest.raises(CommandError, match=message):
        run(words)


def test_a_name_of_several_places_lists_each_to_ask_for():
    with pytest.raises(CommandError) as refused:
        run("--near Portland")
    assert "--near 'Portland, OR'" in str(refused.value)
