"""Search by reading every listing: the oracle, sharing no code with the product.

Works on documents (plain dicts) and on geopy's geodesic; each rule of design.md 4 is
said anew here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geopy.distance import geodesic

from providers import vocabulary
from providers.question import Search

PARTS = ("route", "setting", "therapy", "format")
HOLDS = {  # region: those that hold it
    "US-CO": {"US-CO", "US", "001"},
    "US-UT": {"US-UT", "US", "001"},
    "US-NY": {"US-NY", "US", "001"},
    "CA-AB": {"CA-AB", "CA", "001"},
}
AT_HOME = {"home_live_video", "home_unwatched", "home_visit"}


def answers(listing: dict, asked: Search) -> bool:
    """Whether a listing answers the question, wherever it is."""
    return (
        listing["published"]
        and listing["status"] in ("active", "temporarily_closed")
        and _is_where_asked(listing, asked)
        and _is_confirmed_as_asked(listing, asked)
        and _offers(listing, asked)
        and _states(listing, asked)
    )


def _is_where_asked(listing: dict, asked: Search) -> bool:
    country = listing["region"][:2]
    if asked.origin and not asked.any_country and country != asked.origin.country:
        return False
    return not asked.region or bool(HOLDS[listing["region"]] & set(asked.region))


def _is_confirmed_as_asked(listing: dict, asked: Search) -> bool:
    contact = listing["contact"]
    days = (asked.on - date.fromisoformat(contact["checked_on"])).days
    told = contact["method"] in ("phone", "clinic_form", "official_registry")
    confirmed = told and days <= 180
    if asked.checked_within_days and days > asked.checked_within_days:
        return False
    return {"include": True, "hide": confirmed, "only": not confirmed}[
        asked.unconfirmed
    ]


def _offers(listing: dict, asked: Search) -> bool:
    nothing_of_an_offering = not asked.serves and not any(
        getattr(asked, part) for part in PARTS
    )
    if nothing_of_an_offering and not _limits(asked):
        return True
    if not listing["offerings"]:
        return nothing_of_an_offering and "unpriced" in asked.include
    return any(
        is_asked_for(key, offer, asked) and _costs_as_asked(listing, key, offer, asked)
        for key, offer in listing["offerings"].items()
    )


def _limits(asked: Search) -> dict[str, int]:
    limits = {
        "session": asked.max_cents,
        "course": asked.max_course_cents,
        "total": asked.max_total_cents,
    }
    return {name: most for name, most in limits.items() if most is not None}


def is_asked_for(key: str, offer: dict, asked: Search) -> bool:
    said = dict(zip(PARTS, key.split("|"), strict=False))
    if any(getattr(asked, p) and said[p] not in getattr(asked, p) for p in PARTS):
        return False
    at_home = said["setting"] in AT_HOME
    return not asked.serves or (
        at_home and bool(set(offer["serves"]) & set(asked.serves))
    )


def amount(name: str, listing: dict, key: str, offer: dict, asked: Search):
    """(low, currency, whole, days old) of a session, a course or a course with travel.

    Of an offering that adds no kinds up: its course is so many dosing visits as its own
    line says, each at what is paid for one. None: nothing known, or history by now.
    """
    lines = [
        (key.split("|")[0], line)
        for key, line in offer["prices"].items()
        if not key.split("|")[-1]
    ]
    known = [line for _, line in lines if line["currency"] and not line["disputed"]]
    if not known:
        return None
    low = sum(line["amount_min_cents"] for line in known)
    earliest = min(date.fromisoformat(line["checked_on"]) for line in known)
    days = (asked.on - earliest).days
    whole = len(known) == len(lines) and "dose_visit" in {kind for kind, _ in lines}
    if days > 365:
        return None
    if name != "session":
        doses = _doses(key, lines)
        if doses is None:
            return None
        low *= doses
        if name == "total" and key.split("|")[1] not in AT_HOME:
            way, is_known = _way(doses, listing, asked)
            low, whole = low + way, whole and is_known
    return low, known[0]["currency"], whole, days


def _doses(key: str, lines: list) -> int | None:
    if key.split("|")[0] == "not_stated":
        return None
    visits = dict(lines).get("dose_visit", {"disputed": True})
    return None if visits["disputed"] else visits["count_min"]


def _way(doses: int, listing: dict, asked: Search) -> tuple[int, bool]:
    """(known cents, whether that is all) of going to each dose and back."""
    ride, far = asked.ride, far_km(listing, asked)
    if asked.origin is None:
        return 0, False
    stay = 0
    if ride.nights:
        stay = ride.nights * (ride.night_cents or 0)
    is_known = not ride.nights or ride.night_cents is not None
    if ride.driver == "nobody":
        return doses * (ride.fare_cents or 0) + stay, is_known
    if far is None or ride.per_km_cents is None:
        return stay, False
    there_and_back = round(2 * far * ride.road_factor * ride.per_km_cents)
    return doses * there_and_back + stay, is_known


def _costs_as_asked(listing: dict, key: str, offer: dict, asked: Search) -> bool:
    return all(
        _is_within(most, amount(name, listing, key, offer, asked), asked)
        for name, most in _limits(asked).items()
    )


def _is_within(most: int, told: tuple | None, asked: Search) -> bool:
    if told is None or told[1] != asked.currency:
        return "unpriced" in asked.include
    low, _, whole, days = told
    if low > most:
        return False
    if not whole:
        return "incomplete" in asked.include
    return days <= 90 or "stale_price" in asked.include


def _states(listing: dict, asked: Search) -> bool:
    groups = [
        (topic, codes)
        for topic, codes in (
            ("condition", asked.condition),
            ("payment", asked.pay),
            ("language", asked.language),
        )
        if codes
    ]
    silent_too = "not_stated" in asked.include
    for topic, codes in groups:
        said = [_answer(listing, topic, code) for code in codes]
        if not {"yes", "partial"} & set(said) and not (silent_too and None in said):
            return False
    if asked.accepting:
        codes = {"accepting"} | (
            {"waitlist"} if asked.accepting == "waitlist" else set()
        )
        about = listing["facts"].get("new_patients", {})
        takes = any(about[c]["answer"] != "no" for c in codes & set(about))
        if not takes and not (silent_too and not about):
            return False
    return all(_meets(listing, need, silent_too) for need in asked.need)


def _meets(listing: dict, need: str, silent_too: bool) -> bool:
    said = [_answer(listing, topic, need) for topic in ("access", "safety")]
    answer = next((a for a in said if a), None)
    if answer is None:
        return silent_too
    return answer == "no" if vocabulary.NEEDS[need].requirement else answer != "no"


def _answer(listing: dict, topic: str, code: str) -> str | None:
    return listing["facts"].get(topic, {}).get(code, {}).get("answer")


# --- Reach and order -----------------------------------------------------------------


def far_km(listing: dict, asked: Search) -> float | None:
    if listing["point"] is None or asked.origin is None:
        return None
    point = (listing["point"]["latitude"], listing["point"]["longitude"])
    return geodesic(tuple(asked.origin.point), point).km


def within(listing: dict, asked: Search, radius_km: float | None) -> bool:
    if asked.origin is None or radius_km is None:
        return True
    far = far_km(listing, asked)
    return far is not None and far <= radius_km


def one_click_more(asked: Search) -> dict[str, Search]:
    """The question after each click that takes in what is left out."""
    reasons = ["unpriced", "stale_price", "incomplete"] if _limits(asked) else []
    if asked.condition or asked.pay or asked.language or asked.need or asked.accepting:
        reasons.append("not_stated")
    more = {
        reason: replace(asked, include=asked.include | {reason})
        for reason in reasons
        if reason not in asked.include
    }
    if asked.unconfirmed == "hide":
        more["unconfirmed"] = replace(asked, unconfirmed="include")
    if asked.origin and not asked.any_country:
        more["other_country"] = replace(asked, any_country=True)
    return more


OPTIONS = {
    "route": vocabulary.ROUTES,
    "setting": vocabulary.SETTINGS,
    "therapy": vocabulary.THERAPIES,
    "format": vocabulary.FORMATS,
    "condition": vocabulary.CONDITIONS,
    "pay": vocabulary.PAYMENTS,
    "language": vocabulary.LANGUAGES,
    "region": sorted(set().union(*HOLDS.values())),
}
CHOICES = {
    "accepting": ("yes", "waitlist"),
    "unconfirmed": ("include", "hide", "only"),
}


def counts(near: list[dict], asked: Search) -> dict[str, dict[str, int]]:
    """How many would answer with each option alone in its group, or as one more need.

    `near`: the listings within the radius. Options of none are left out.
    """
    variants = {
        **{
            name: {code: replace(asked, **{name: (code,)}) for code in codes}
            for name, codes in OPTIONS.items()
        },
        **{
            name: {code: replace(asked, **{name: code}) for code in codes}
            for name, codes in CHOICES.items()
        },
        "need": {n: replace(asked, need=(*asked.need, n)) for n in vocabulary.NEEDS},
    }
    return {
        group: {
            code: number
            for code, question in questions.items()
            if (number := sum(answers(row, question) for row in near))
        }
        for group, questions in variants.items()
    }


def radius_km(listings: list[dict], asked: Search, steps_km, enough: int):
    """The radius asked for, else the smallest that reaches enough, else the largest."""
    if asked.origin is None or asked.radius_km is not None:
        return asked.radius_km
    questions = [asked, *one_click_more(asked).values()]
    for step in steps_km:
        near = [row for row in listings if within(row, asked, step)]
        if sum(any(answers(row, q) for q in questions) for row in near) >= enough:
            return step
    return steps_km[-1]


def in_order(listings: list[dict], asked: Search) -> list[dict]:
    """`listings` (by id) in the order asked for; unknown last, then by id."""
    if asked.sort == "distance" and asked.origin:
        return sorted(listings, key=lambda row: _last(far_km(row, asked)))
    by = {"price": "session", "course": "course", "travel": "total"}.get(asked.sort)
    if by:
        return sorted(listings, key=lambda row: _price_rank(by, row, asked))
    if asked.sort == "posted":
        by_rest = in_order(listings, replace(asked, sort="distance"))
        return sorted(by_rest, key=lambda row: -_posted(row, asked.on))
    if asked.sort == "checked":
        return sorted(listings, key=lambda r: r["contact"]["checked_on"], reverse=True)
    return sorted(listings, key=lambda row: row["name"].lower())


def _last(number: float | None) -> tuple:
    return (number is None, round(number or 0, 6))


def _posted(listing: dict, on: date) -> int:
    """How many of the five are told; here the price of a session alone can be."""
    lines = [
        (key, line)
        for offer in listing["offerings"].values()
        for key, line in offer["prices"].items()
    ]
    return any(
        key.startswith("dose_visit|")
        and key.endswith("|")
        and not line["disputed"]
        and line["amount_min_cents"] is not None
        and (on - date.fromisoformat(line["checked_on"])).days <= 365
        for key, line in lines
    )


def _price_rank(name: str, listing: dict, asked: Search) -> tuple:
    told = [
        amount(name, listing, key, offer, asked)
        for key, offer in listing["offerings"].items()
        if is_asked_for(key, offer, asked)
        and _costs_as_asked(listing, key, offer, asked)
    ]
    current = [t for t in told if t and t[1] == asked.currency and t[3] <= 90]
    whole = [low for low, _, is_whole, _ in current if is_whole]
    at_least = [low for low, _, is_whole, _ in current if not is_whole]
    if whole:
        return (0, min(whole))
    return (1, min(at_least)) if at_least else (2, 0)
