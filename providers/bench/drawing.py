"""Invented listings in bulk: columns of rows, drawn at random, the same every time.

Where people live, many listings are; what each sort of practice offers and states is in
practices.py. Everything says that it is a sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import numpy as np
from django.db.models import Model

from providers import vocabulary
from providers.bench.practices import (
    HOW_MANY,
    PRACTICES,
    RARE,
    RARE_CHANCE,
    SESSIONS,
    Practice,
)
from providers.models import Fact, Offering, Place, PriceLine, Provider, Region

SEED = 20_261_122
BATCH = 10_000  # listings whose columns are in memory at once
COUNTRIES = {"US": 0.92, "CA": 0.05, "GB": 0.03}  # shares of all listings
PRICED, COURSES, SAME_POINT, NO_POINT = 0.60, 0.50, 0.05, 0.03
VISITS = 6  # of a course
KM_PER_DEGREE = 111.2
FIRST_WORDS = (
    *("Alder", "Aspen", "Basin", "Beacon", "Birch", "Brook", "Canyon", "Cedar", "Cove"),
    *("Creek", "Elm", "Falcon", "Fern", "Grove", "Harbor", "Hazel", "Heron", "Iris"),
    *("Island", "Juniper", "Lake", "Linden", "Maple", "Meadow", "Mesa", "Oak", "Pine"),
    *("Prairie", "River", "Sage", "Spruce", "Summit", "Valley", "Willow"),
)
ASCENT, ASCENT_CHANCE = ("Ascent", "Ascend"), 0.02  # what a prefix will ask for
METHODS = ("phone", "clinic_form", "website", "official_registry")
METHOD_SHARES = (0.45, 0.25, 0.20, 0.10)
SURE = ("condition", "language", "new_patients")  # said as a plain yes, or not at all
ANSWERS, ANSWER_SHARES = ("yes", "partial", "no"), (0.80, 0.08, 0.12)

Columns = dict[str, list]  # by column (attname), all of one length
Batch = dict[type[Model], Columns]


@dataclass(frozen=True)
class Towns:
    """Where listings may be, and how likely each town is, by its people."""

    names: np.ndarray
    regions: np.ndarray
    points: np.ndarray  # latitude, longitude
    people: np.ndarray
    chances: np.ndarray  # running total, up to 1

    def draw(self, size: int, random: np.random.Generator) -> np.ndarray:
        return np.searchsorted(self.chances, random.random(size) * self.chances[-1])


def towns() -> Towns:
    """The towns of the gazetteer whose people are known."""
    columns = ("name", "region", "country", "latitude", "longitude", "population")
    known = Place.objects.filter(population__gt=0, country__in=COUNTRIES)
    rows = list(known.order_by("pk").values_list(*columns))
    names, regions, countries, *numbers = map(np.array, zip(*rows, strict=True))
    north, east, people = numbers
    weights = people.astype(float)
    for country, share in COUNTRIES.items():
        here = countries == country
        weights[here] *= share / max(1, people[here].sum())
    points = np.column_stack([north, east])
    return Towns(names, regions, points, people, weights.cumsum())


class Drawing:
    """Draws listings for one directory; keys count on from batch to batch."""

    def __init__(self, *, on: date, source: int, seed: int = SEED) -> None:
        """`on`: the day that dates count back from. `source`: the key of a Source."""
        self.random = np.random.default_rng(seed)
        self.towns = towns()
        self.source = source
        self.states = _states()
        self.days = _Days(on)
        self.keys = {m: count(1) for m in (Provider, Offering, PriceLine, Fact)}

    def batches(self, listings: int) -> Iterator[Batch]:
        for start in range(0, listings, BATCH):
            yield self._batch(min(BATCH, listings - start))

    def _batch(self, size: int) -> Batch:
        shares = [practice.share for practice in PRACTICES]
        sorts = self.random.choice(len(PRACTICES), size, p=shares)
        providers = self._providers(sorts)
        countries = np.array(providers["country"])
        keys = np.array(providers["id"])
        batch = {Provider: providers}
        parts = [
            self._of_practice(practice, keys[chosen], countries[chosen])
            for number, practice in enumerate(PRACTICES)
            if (chosen := np.flatnonzero(sorts == number)).size
        ]
        serves = Offering.serves.through
        for model in (Offering, serves, PriceLine, Fact):
            batch[model] = _joined([part[model] for part in parts])
        return batch

    def _numbered(self, model: type[Model], size: int) -> list[int]:
        keys = self.keys[model]
        return [next(keys) for _ in range(size)]

    # --- Listings --------------------------------------------------------------------

    def _providers(self, sorts: np.ndarray) -> Columns:
        size, random = len(sorts), self.random
        keys = self._numbered(Provider, size)
        closed = random.random(size) < 0.02
        columns = {
            "id": keys,
            "slug": [f"sample-{key}" for key in keys],
            "name": self._names(keys, sorts),
            "phone": [f"+120255501{key % 100:02}" for key in keys],
            "email": [f"sample{key}@example.org" for key in keys],
            "website": [f"https://example.org/sample/{key}" for key in keys],
            "published": [True] * size,
            "status": np.where(closed, "temporarily_closed", "active").tolist(),
            "is_sample": [True] * size,
            "contact_checked_on": self.days.ago(random.integers(0, 400, size)),
            "contact_precision": ["day"] * size,
            "contact_method": random.choice(METHODS, size, p=METHOD_SHARES).tolist(),
            "contact_source_id": [self.source] * size,
        }
        columns |= self._addresses(keys)
        return columns | _comparable(columns)

    def _addresses(self, keys: list[int]) -> Columns:
        """Where each is; who has no point has no street either."""
        towns, points = self._places(len(keys))
        silent = self.random.random(len(keys)) < NO_POINT
        regions = self.towns.regions[towns].tolist()
        return {
            "region_id": regions,
            "country": [region[:2] for region in regions],
            "street": _unless(silent, [f"{key} Sample Street" for key in keys], ""),
            "city": _unless(silent, self.towns.names[towns], ""),
            "latitude": _unless(silent, points[:, 0]),
            "longitude": _unless(silent, points[:, 1]),
            "point_precision": np.where(silent, "", "address").tolist(),
        }

    def _places(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Each listing's town, and its point: around it, or just where another is."""
        random, towns = self.random, self.towns.draw(size, self.random)
        spread_km = 1 + np.sqrt(self.towns.people[towns]) / 300
        north = random.normal(0, spread_km) / KM_PER_DEGREE
        centres = self.towns.points[towns]
        shrink = np.cos(np.radians(centres[:, 0]))
        east = random.normal(0, spread_km) / (KM_PER_DEGREE * shrink)
        points = (centres + np.column_stack([north, east])).round(5)
        again = np.flatnonzero(random.random(size) < SAME_POINT)
        others = random.integers(0, size, again.size)
        towns[again], points[again] = towns[others], points[others]
        return towns, points

    def _names(self, keys: list[int], sorts: np.ndarray) -> list[str]:
        size, random = len(keys), self.random
        words = random.choice(FIRST_WORDS, size)
        asked = random.random(size) < ASCENT_CHANCE
        words = np.where(asked, random.choice(ASCENT, size), words)
        endings = [PRACTICES[sort].ending for sort in sorts.tolist()]
        return [
            f"Sample {word} {ending} {key}"
            for word, ending, key in zip(words.tolist(), endings, keys, strict=True)
        ]

    # --- What they offer and state ---------------------------------------------------

    def _of_practice(
        self, practice: Practice, keys: np.ndarray, countries: np.ndarray
    ) -> Batch:
        offers = [*practice.offers, RARE]
        listing, offer = self._chosen_offers(practice, keys.size)
        offerings = self._offerings(keys[listing], np.array(offers)[offer])
        priced = (self.random.random(keys.size) < PRICED)[listing]
        prices = self._price(offerings, priced, countries[listing])
        at_home = np.array([_is_remote(key) for key in offers])[offer]
        return {
            Offering: offerings,
            Offering.serves.through: self._serves(offerings, at_home),
            PriceLine: prices,
            Fact: self._facts(practice, keys),
        }

    def _chosen_offers(
        self, practice: Practice, size: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """One to four different offers a listing, the heavier the likelier; now and
        then the rare one among them. Shape: listings and offers, pair by pair."""
        random = self.random
        weights = np.array([*practice.offers.values()])
        # The highest of log weight + Gumbel noise are a draw without replacement.
        ranks = np.log(weights) + random.gumbel(size=(size, weights.size))
        rare = np.where(random.random(size) < RARE_CHANCE, np.inf, -np.inf)
        order = np.argsort(-np.column_stack([ranks, rare]), axis=1)
        wanted = 1 + random.choice(len(HOW_MANY), size, p=HOW_MANY)
        wanted = np.minimum(wanted, weights.size)
        listing, place = np.nonzero(np.arange(weights.size) < wanted[:, None])
        return listing, order[listing, place]

    def _offerings(self, providers: np.ndarray, parts: np.ndarray) -> Columns:
        size = providers.size
        route, setting, therapy, format_ = zip(
            *(part.split("|") for part in parts.tolist()), strict=True
        )
        return {
            "id": self._numbered(Offering, size),
            "provider_id": providers.tolist(),
            "route": list(route),
            "setting": list(setting),
            "therapy": list(therapy),
            "format": list(format_),
        } | self._checked(size, 120)

    def _price(
        self, offerings: Columns, priced: np.ndarray, countries: np.ndarray
    ) -> Columns:
        """Fill the stored amounts of the priced offerings; return their price lines."""
        random, size = self.random, priced.size
        span = np.array([SESSIONS.get(r, (0, 0)) for r in offerings["route"]])
        priced = priced & (span[:, 1] > 0)
        low = span[:, 0] + 5 * np.floor(
            random.random(size) * (span[:, 1] - span[:, 0]) / 5
        )
        high = low + np.where(random.random(size) < 0.4, 50, 0)
        whole = priced & (random.random(size) < 0.85)
        course = priced & (random.random(size) < COURSES)
        ago = random.integers(0, 150, size)
        currency = [vocabulary.CURRENCY_OF_COUNTRY[c] for c in countries.tolist()]
        known_until = self.days.ago(ago - vocabulary.FRESH_DAYS["prices"])
        for amount, has, visits in (("session", priced, 1), ("course", course, VISITS)):
            cents = (low * visits * 100).astype(int), (high * visits * 100).astype(int)
            offerings |= {
                f"{amount}_min_cents": _unless(~has, cents[0]),
                f"{amount}_max_cents": _unless(~(has & whole), cents[1]),
                f"{amount}_currency": _unless(~has, currency, ""),
                f"{amount}_complete": (whole & has).tolist(),
                f"{amount}_known_until": _unless(~has, known_until),
            }
        offerings |= _trips(offerings, course)
        return self._price_lines(offerings, priced, whole, self.days.ago(ago))

    def _price_lines(
        self, offerings: Columns, priced: np.ndarray, whole: np.ndarray, days: list[str]
    ) -> Columns:
        """The dosing visit of a priced offering; a drug of unknown price makes it
        incomplete."""
        known, unknown = np.flatnonzero(priced), np.flatnonzero(priced & ~whole)
        rows, extra = known.tolist() + unknown.tolist(), [None] * unknown.size
        offering = [offerings["id"][row] for row in rows]
        amounts = {
            f"amount_{end}_cents": [
                *(offerings[f"session_{end}_cents"][row] for row in known.tolist()),
                *extra,
            ]
            for end in ("min", "max")
        }
        currency = [offerings["session_currency"][row] for row in known.tolist()]
        return (
            {
                "id": self._numbered(PriceLine, len(rows)),
                "offering_id": offering,
                "kind": ["dose_visit"] * known.size + ["drug"] * unknown.size,
                "currency": currency + [""] * unknown.size,
            }
            | amounts
            | self._checked(len(rows), 1)
            | {"checked_on": [days[row] for row in rows]}
        )

    def _serves(self, offerings: Columns, at_home: np.ndarray) -> Columns:
        """One to eight states for each offering that is taken at home."""
        rows = np.flatnonzero(at_home)
        many = self.random.integers(1, 9, rows.size)
        starts = self.random.integers(0, len(self.states), rows.size)
        offering = np.array(offerings["id"], dtype=int)[rows].repeat(many)
        steps = np.arange(many.sum()) - (many.cumsum() - many).repeat(many)
        states = (starts.repeat(many) + steps) % len(self.states)
        return {
            "offering_id": offering.tolist(),
            "region_id": self.states[states].tolist(),
        }

    def _facts(self, practice: Practice, keys: np.ndarray) -> Columns:
        stated = np.array([*practice.stated.values()])
        listing, code = np.nonzero(
            self.random.random((keys.size, stated.size)) < stated
        )
        names = np.array([name.split("/") for name in practice.stated], dtype=object)
        sure = np.isin(names[:, 0], SURE)[code]
        answers = self.random.choice(ANSWERS, code.size, p=ANSWER_SHARES)
        return {
            "id": self._numbered(Fact, code.size),
            "provider_id": keys[listing].tolist(),
            "topic": names[code, 0].tolist(),
            "code": names[code, 1].tolist(),
            "answer": np.where(sure, "yes", answers).tolist(),
        } | self._checked(code.size, 300)

    def _checked(self, size: int, within_days: int) -> Columns:
        """When, how and from where: what every statement has."""
        ago = self.random.integers(0, within_days, size)
        return {
            "checked_on": self.days.ago(ago),
            "method": self.random.choice(METHODS, size, p=METHOD_SHARES).tolist(),
            "source_id": [self.source] * size,
        }


def _trips(offerings: Columns, course: np.ndarray) -> Columns:
    """The way to a course's visits: to its doses, and to four others with therapy."""
    goes = course & ~np.isin(offerings["setting"], vocabulary.REMOTE_SETTINGS)
    others = goes & (np.array(offerings["therapy"]) == "full_kap")
    return {
        "course_dose_trips": np.where(goes, VISITS, 0).tolist(),
        "course_other_trips": np.where(others, 4, 0).tolist(),
    }


class _Days:
    """The days around one, as the database takes them."""

    REACH = 500

    def __init__(self, on: date) -> None:
        days = [on - timedelta(days=d) for d in range(-self.REACH, self.REACH)]
        self._text = np.array([day.isoformat() for day in days], dtype=object)

    def ago(self, days: np.ndarray) -> list[str]:
        return self._text[days + self.REACH].tolist()


def _comparable(columns: Columns) -> Columns:
    """What the model's own fields make of a name and an address.

    All are ASCII words with single spaces, so that lower case is plain (see text).
    """
    plain = [name.lower() for name in columns["name"]]
    addresses = zip(plain, columns["street"], columns["country"], strict=True)
    keys = [f"{n}|{street}||{country}".lower() for n, street, country in addresses]
    return {"plain_name": plain, "match_key": keys}


def _states() -> np.ndarray:
    """The regions that care at home may serve: of the US where it is known."""
    known = Region.objects.subdivisions_of("US").order_by("pk")
    return np.array(known.values_list("pk", flat=True), dtype=object)


def _is_remote(offer: str) -> bool:
    return offer.split("|")[1] in vocabulary.REMOTE_SETTINGS


def _unless(absent: np.ndarray, values, otherwise=None) -> list:
    """The values as plain Python, but for the absent ones."""
    found = np.array(values, dtype=object)
    found[absent] = otherwise
    return found.tolist()


def _joined(parts: list[Mapping[str, list]]) -> Columns:
    return {name: [v for part in parts for v in part[name]] for name in parts[0]}
