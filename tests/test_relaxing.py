"""What is proposed for an answer without a match, and what never is."""

from datetime import date, timedelta
from itertools import count

import pytest

from providers import geo, vocabulary
from providers.costs import Ride
from providers.places import Found
from providers.question import WIDEST, Search, in_km
from providers.search.index import Index
from providers.search.index.rows import Amount, Offer, Row
from providers.search.relaxing import MOST, Relaxation, relaxations
from tests.factories import BOULDER, DENVER, SALT_LAKE_CITY

TODAY = date(2026, 3, 1)
_keys = count(1)


def clinic(*offers: Offer, at=DENVER, checked_days: int = 10, **values) -> Row:
    """A listing with those offerings; one in Denver without any, otherwise."""
    spot = (None,) * 5 if at is None else (*at, *geo.position(geo.Point(*at)))
    where = ("latitude", "longitude", "x_km", "y_km", "z_km")
    return Row(
        pk=next(_keys),
        name="clinica",
        country="US",
        regions=("US-CO", "US", "001"),
        **dict(zip(where, spot, strict=True)),
        checked_on=TODAY.toordinal() - checked_days,
        **{"confirming": True, "offers": offers} | values,
    )


def offer(
    route: str = "iv_infusion",
    setting: str = "in_clinic",
    therapy: str = "full_kap",
    format_: str = "individual",
    *,
    cents: int | None = 40_000,
    course_cents: int | None = None,
    complete: bool = True,
    days_left: int = 30,
    trips: tuple[int, int] = (0, 0),
) -> Offer:
    until = (TODAY + timedelta(days_left)).toordinal()
    session, course = (
        None if known is None else Amount(known, "USD", complete, until)
        for known in (cents, course_cents)
    )
    return Offer(route, setting, therapy, format_, (), session, course, trips)


def place(*at: float) -> Found:
    return Found("Here", geo.Point(*at), "US-CO", "US", "town", "Here")


def asking(**values) -> Search:
    """Within 25 miles of Denver, unless told otherwise."""
    usual = {"on": TODAY, "origin": place(*DENVER), "radius_km": in_km(25, "mi")}
    return Search(**usual | values)


def proposed(rows: list[Row], asked: Search) -> list[Relaxation]:
    """What is proposed; all of it holds, and no need is ever touched."""
    engine = Index.build(rows)
    found = relaxations(asked, engine.answer(asked, page_size=20), engine)
    for each in found:
        assert each.total == engine.answer(each.search, page_size=1).total > 0
        assert each.search.need == asked.need
    assert len(found) <= MOST
    return found


def told(rows: list[Row], **asked) -> list[tuple[str, str, str, int]]:
    found = proposed(rows, asking(**asked))
    return [(r.kind, r.name, r.value, r.total) for r in found]


def test_nothing_is_proposed_where_something_matches():
    assert told([clinic(), clinic(at=BOULDER)], radius_km=5.0) == []


def test_nothing_is_proposed_where_nothing_helps():
    assert told([]) == []
    rows = [clinic(offer("im_injection"), denied=("condition/ptsd",))]
    assert told(rows, route=("iv_infusion",), condition=("ptsd",)) == []


# --- Each kind ------------------------------------------------------------------------


def test_taking_in_those_who_do_not_say_comes_first():
    rows = [
        clinic(offer(cents=None)),
        clinic(offer(days_left=-1)),
        clinic(offer(complete=False)),
        clinic(offer(cents=90_000)),
        clinic(offer(), at=BOULDER),
    ]
    assert told(rows, max_cents=50_000, radius_km=5.0) == [
        ("include", "include_unpriced", "yes", 1),
        ("include", "include_stale_price", "yes", 1),
        ("include", "include_incomplete", "yes", 1),
        ("radius", "within", "25", 1),
        ("price", "max_price", "900", 1),
    ]


def test_a_need_not_stated_can_be_taken_in():
    rows = [clinic(), clinic(denied=("need/lift",))]
    expected = [("include", "include_not_stated", "yes", 1)]
    assert told(rows, need=("lift",)) == expected


@pytest.mark.parametrize(("unit", "whole"), [("mi", "25"), ("km", "39")])
def test_the_smallest_whole_radius_that_reaches_the_nearest(unit, whole):
    rows = [clinic(at=BOULDER), clinic(at=SALT_LAKE_CITY)]  # Boulder: 24.2 mi, 38.9 km
    expected = [("radius", "within", whole, 1)]
    assert told(rows, unit=unit, radius_km=5.0) == expected


@pytest.mark.parametrize(("unit", "expected"), [("km", 0), ("mi", 1)])
def test_no_radius_is_proposed_that_cannot_be_asked_for(unit, expected):
    across = [clinic(at=(0.0, 180.0))]
    found = proposed(across, asking(unit=unit, origin=place(0.0, 0.0)))
    assert len(found) == expected
    assert all(float(each.value) <= WIDEST for each in found)


def test_the_lowest_price_in_reach_rounded_up_to_whole_units():
    rows = [
        clinic(offer(cents=100), at=SALT_LAKE_CITY),
        clinic(offer(cents=55_050)),
        clinic(offer(cents=60_000)),
    ]
    assert told(rows, max_cents=50) == [("price", "max_price", "551", 1)]


def test_no_price_is_proposed_that_cannot_be_asked_for():
    assert told([clinic(offer(cents=100_000_001))], max_cents=50) == []
    rows = [clinic(offer(course_cents=100_000_000, trips=(1, 0)), at=BOULDER)]
    ride = Ride(per_km_cents=12.7)
    assert told(rows, max_total_cents=50, ride=ride) == []
    assert told(rows, max_course_cents=50) == [("price", "max_course", "1000000", 1)]


def test_of_each_limit_the_lowest_that_is_within_someones():
    ride = Ride(per_km_cents=10.0)  # Boulder: 38.9 km and back, six times, $46.68
    rows = [
        clinic(offer(course_cents=240_000, trips=(6, 0)), at=BOULDER),
        clinic(offer(course_cents=250_000, trips=(6, 0))),
    ]
    asked = {"max_course_cents": 239_999, "radius_km": 50.0}
    assert told(rows, **asked) == [("price", "max_course", "2400", 1)]
    asked = {"max_total_cents": 200_000, "ride": ride, "radius_km": 50.0}
    assert told(rows, **asked) == [("price", "max_total", "2447", 1)]
    asked |= {"ride": Ride(per_km_cents=50.0)}  # then Denver's is the cheaper
    assert told(rows, **asked) == [("price", "max_total", "2500", 1)]


def test_where_two_limits_are_in_the_way_to_lift_one_is_no_help():
    rows = [clinic(offer(cents=50_000, course_cents=300_000))]
    assert told(rows, max_cents=40_000, max_course_cents=200_000) == []
    found = told(rows, max_cents=40_000, max_course_cents=300_000)
    assert found == [("price", "max_price", "500", 1)]


def test_of_each_group_the_option_that_most_offer():
    rows = [
        clinic(offer("im_injection")),
        clinic(offer("im_injection")),
        clinic(offer("sc_injection", format_="group")),
    ]
    im = ("option", "route", "im_injection", 2)
    assert told(rows, route=("iv_infusion",)) == [im]
    assert told(rows, route=("sc_injection",), format=("individual",)) == [
        ("option", "format", "group", 1),
        im,
    ]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("unconfirmed", {"unconfirmed": "hide"}),
        ("checked_within", {"checked_within_days": 5}),
        ("q", {"words": "zebra"}),
        ("accepting", {"accepting": "yes"}),
        ("language", {"language": ("es",)}),
        ("pay", {"pay": ("medicaid", "medicare")}),
        ("condition", {"condition": ("ptsd",)}),
    ],
)
def test_a_filter_can_be_left_out(name, asked):
    denied = ("language/es", "pay/medicaid", "pay/medicare", "condition/ptsd")
    silent = clinic(confirming=False, denied=(*denied, "accepting/yes"))
    assert told([silent], **asked) == [("drop", name, "", 1)]


def test_a_handful_and_the_least_given_up_first():
    rows = [
        clinic(offer("im_injection", format_="group", cents=60_000)),
        clinic(offer("im_injection", cents=None)),
        clinic(offer("im_injection", cents=70_000), at=SALT_LAKE_CITY),
        clinic(offer("im_injection", cents=10_000), at=BOULDER),
        clinic(offer("im_injection", "hospital", cents=10_000)),
        clinic(offer("iv_infusion", cents=10_000)),
        clinic(offer("im_injection", cents=90_000)),
    ]
    parts = {"setting": ("in_clinic",), "format": ("individual",)}
    found = told(
        rows, route=("im_injection",), **parts, max_cents=20_000, radius_km=5.0
    )
    assert [name for _, name, *_ in found] == [
        "include_unpriced",
        "within",
        "max_price",
        "setting",
        "route",
    ]


def test_an_open_radius_stays_what_it_was():
    rows = [clinic(offer("im_injection")) for _ in range(10)]
    (option,) = proposed(rows, asking(radius_km=None, route=("iv_infusion",)))
    assert option.changes == {"within": "250", "route": "im_injection"}
    assert option.search.radius_km == in_km(250, "mi")


def test_without_a_place_there_is_no_radius():
    rows = [clinic(offer("im_injection"), at=None)]
    asked = asking(origin=None, radius_km=None, route=("iv_infusion",))
    (option,) = proposed(rows, asked)
    assert option.changes == {"route": "im_injection"}
    assert option.search.radius_km is None


# --- What is never proposed -----------------------------------------------------------


def unwatched(*, cents: int = 10_000, therapy: str = "full_kap") -> Offer:
    return offer("sublingual", "home_unwatched", therapy, cents=cents)


def test_never_the_setting_of_unwatched_use_at_home():
    rows = [clinic(unwatched())]
    assert told(rows, setting=("in_clinic",)) == []
    rows.append(clinic(offer("sublingual", "home_live_video")))
    expected = [("option", "setting", "home_live_video", 1)]
    assert told(rows, setting=("in_clinic",)) == expected


@pytest.mark.parametrize("asked", [{"therapy": ("none",)}, {"max_cents": 5_000}])
def test_no_option_and_no_price_that_brings_unwatched_use_at_home(asked):
    alone = [clinic(unwatched())]
    assert told(alone, **asked) == []
    assert told([*alone, clinic(offer(cents=20_000))], **asked) == []
    assert len(told([clinic(unwatched(), offer(cents=10_000))], **asked)) == 1


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("radius", {"radius_km": 5.0}),
        ("drop", {"condition": ("ptsd",)}),
        ("include", {"language": ("es",)}),
    ],
)
def test_nothing_that_brings_unwatched_use_at_home_alone(kind, asked):
    stated = {"at": BOULDER, "denied": ("condition/ptsd",)}
    alone = clinic(unwatched(), **stated)
    found = told([alone], **{"radius_km": 50.0} | asked)
    assert kind not in {each[0] for each in found}
    found = told([alone, clinic(**stated)], **{"radius_km": 50.0} | asked)
    assert (kind, 2) in {(each[0], each[-1]) for each in found}


def test_a_radius_reaches_past_those_with_unwatched_use_alone():
    rows = [clinic(unwatched(), at=BOULDER), clinic(at=SALT_LAKE_CITY)]
    assert told(rows) == []  # Boulder lies within
    found = told(rows, radius_km=5.0)
    assert found == [("radius", "within", "372", 2)]


def test_who_chose_unwatched_use_at_home_is_proposed_more_of_it():
    asked = {"setting": ("home_unwatched",), "max_cents": 5_000}
    expected = [("price", "max_price", "100", 1)]
    assert told([clinic(unwatched())], **asked) == expected


COMPOUNDED = {c for c, r in vocabulary.ROUTES.items() if r.product == "compounded"}


@pytest.mark.parametrize(
    "chosen",
    [
        ("iv_infusion",),
        ("nasal_esketamine",),
        ("not_stated",),
        ("sc_injection", "oral"),
    ],
)
def test_never_compounded_to_who_asked_for_anything_else(chosen):
    rows = [clinic(offer(route)) for route in COMPOUNDED - {"oral"}]
    assert told(rows, route=chosen) == []


def test_who_chose_compounded_alone_is_proposed_either():
    rows = [clinic(offer("oral")), clinic(offer("oral"))]
    chosen = {"route": ("sublingual", "rectal")}
    assert told(rows, **chosen) == [("option", "route", "oral", 2)]
    rows += [clinic(offer("iv_infusion")) for _ in range(3)]
    assert told(rows, **chosen) == [("option", "route", "iv_infusion", 3)]


def test_a_medicine_is_no_other_option_for_therapy_alone_nor_the_reverse():
    assert told([clinic(offer("no_medicine"))], route=("iv_infusion",)) == []
    assert told([clinic(offer("iv_infusion"))], route=("no_medicine",)) == []


LEVELS = ["none", "referral", "support_only", "integration_only", "full_kap"]


def test_the_levels_of_therapy_rise_in_the_vocabulary():
    assert [*LEVELS, "not_stated"] == list(vocabulary.THERAPIES)


@pytest.mark.parametrize("level", range(1, len(LEVELS)))
def test_never_less_therapy_than_was_asked_for(level):
    lower = [clinic(offer(therapy=code)) for code in LEVELS[:level]]
    assert told(lower, therapy=(LEVELS[level],)) == []
    more = [("option", "therapy", LEVELS[level], 1)]
    higher = [clinic(offer(therapy=LEVELS[level]))]
    assert told(higher, therapy=(LEVELS[level - 1],)) == more
    assert told(higher, therapy=("not_stated",)) == []


def test_of_several_levels_of_therapy_the_most_decides():
    rows = [clinic(offer(therapy="support_only"))]
    assert told(rows, therapy=("none", "full_kap")) == []


@pytest.mark.parametrize("which", range(4))
def test_never_what_is_not_stated(which):
    parts = ["iv_infusion", "in_clinic", "none", "individual"]
    names = ["route", "setting", "therapy", "format"]
    asked = {name: (code,) for name, code in zip(names, parts, strict=True)}
    parts[which] = "not_stated"
    assert told([clinic(offer(*parts))], **asked) == []


@pytest.mark.parametrize("need", ["lift", "oxygen_monitor", "driver_must_stay"])
def test_never_without_a_need(need):
    assert told([clinic(denied=(f"need/{need}",))], need=(need,)) == []
