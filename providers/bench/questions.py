"""Eight kinds of question that people ask of a directory, each a little varied."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from django.http import QueryDict

from providers import geo
from providers.filters import ProviderFilter, with_parents
from providers.question import Search
from providers.search import live

SEED = 20_261_122
JITTER_DEGREES = 0.02
NEW_YORK = geo.Point(40.7128, -74.0060)
DODGE_CITY = geo.Point(37.7528, -100.0171)
ANYWHERE = "within=12400&unit=mi"


class Kind(NamedTuple):
    """What is asked, and around which point; `spread`: where the matches are, too."""

    words: str
    query: str
    near: geo.Point | None = None
    spread: bool = False


class Question(NamedTuple):
    """One question as the page reads it and as an engine is asked it."""

    query: str
    search: Search
    home: tuple[str, ...]  # the patient's region and those that hold it
    spread: bool


KINDS = {
    "metro": Kind("New York 25 mi", "within=25&unit=mi", NEW_YORK),
    "metro_filtered": Kind(
        "the same, route, payment, condition and price",
        "within=25&unit=mi&route=im_injection&route=sublingual&pay=private_insurance"
        "&condition=ptsd&max_price=300",
        NEW_YORK,
    ),
    "rural": Kind(
        "Dodge City 100 mi, a rare need",
        "within=100&unit=mi&need=asl_or_bsl",
        DODGE_CITY,
    ),
    "rare_route": Kind(
        "nationwide, a rare route, nearest first", f"{ANYWHERE}&route=rectal", NEW_YORK
    ),
    "clusters": Kind(
        "nationwide map, route and need",
        "route=im_injection&need=wheelchair_inside",
        spread=True,
    ),
    "name": Kind(
        "nationwide, a name's beginning, nearest first", f"{ANYWHERE}&q=asc", NEW_YORK
    ),
    "nationwide": Kind("nationwide, nearest first", ANYWHERE, NEW_YORK),
    "by_price": Kind(
        "nationwide by price, a payment", "pay=private_insurance&sort=price"
    ),
}


def questions(kind: Kind, times: int) -> list[Question]:
    """That many questions of a kind, each from a point of its own around the place.

    The two kinds that name no place are asked again as they are.
    """
    random = Random(SEED)
    with live.current().remembered():  # the gazetteer, and not for each point anew
        return [_question(kind, _query(kind, random)) for _time in range(times)]


def _query(kind: Kind, random: Random) -> str:
    if kind.near is None:
        return kind.query
    latitude, longitude = (
        round(degrees + random.uniform(-JITTER_DEGREES, JITTER_DEGREES), 5)
        for degrees in kind.near
    )
    return f"lat={latitude}&lng={longitude}&{kind.query}"


def _question(kind: Kind, query: str) -> Question:
    asked = ProviderFilter(QueryDict(query))
    if not asked.is_valid():
        raise ValueError(f"{query}: {asked.form.errors.as_text()}")
    search = asked.search
    home = with_parents([search.origin.region]) if search.origin else ()
    return Question(query, search, home, kind.spread)
