"""A gazetteer just big enough for the samples: every region they are in."""

from __future__ import annotations

from providers.models import Place, Region
from tests import factories

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT "
    "NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
PROVINCES = "AB BC MB NS ON QC"
CODES = [
    *(f"US-{code}" for code in STATES.split()),
    *(f"CA-{code}" for code in PROVINCES.split()),
]


def gazetteer() -> None:
    """Each region in a square of its own: a city, a village and their postcodes.

    A foreign place lies so near each village that most points beside it fall over.
    """
    factories.regions()
    Region.objects.bulk_create(
        [
            Region(code=code, kind="subdivision", name_en=code, parent_id=code[:2])
            for code in CODES
        ],
        ignore_conflicts=True,
    )
    Place.objects.bulk_create(
        place for number, code in enumerate(CODES) for place in _square(number, code)
    )


def _square(number: int, code: str) -> list[Place]:
    south, west = 25 + 3 * (number // 12), -120 + 4 * (number % 12)
    name = "Calgary" if code == "CA-AB" else f"City of {code}"
    postcode = f"{number:05}" if code.startswith("US") else f"T{number % 10}P"
    other = CODES[number - 1]
    rows = [
        ("town", name, "", code, south, west, 400_000),
        ("town", f"Village of {code}", "", code, south + 1, west, 90_000),
        ("town", "Nobody counted", "", code, south + 1, west + 1, 0),
        ("postcode", name, postcode, code, south, west, 0),
        ("postcode", "Beyond", f"X{number}", other, south + 1.001, west, 0),
    ]
    return [
        Place(
            kind=kind,
            name=town,
            postcode=code_there,
            country=region[:2],
            region_id=region,
            latitude=latitude,
            longitude=longitude,
            population=people,
        )
        for kind, town, code_there, region, latitude, longitude, people in rows
    ]
