"""A small gazetteer, typed by hand, with the difficulties of the real one."""

from __future__ import annotations

from providers.imports.gazetteer import PlaceRow, load_places
from providers.models import Region, RegionKind

COUNTRIES = {
    "US": ("United States", "Estados Unidos"),
    "CA": ("Canada", "Canadá"),
    "GB": ("United Kingdom", "Reino Unido"),
    "FR": ("France", "Francia"),
    "BR": ("Brazil", "Brasil"),
    "CO": ("Colombia", ""),
    "GE": ("Georgia", ""),
    "NZ": ("New Zealand", "Nueva Zelanda"),
    "FJ": ("Fiji", "Fiyi"),
}
PARTS = {
    "US-CO": ("Colorado", ""),
    "US-NY": ("New York", "Nueva York"),
    "US-OR": ("Oregon", "Oregón"),
    "US-ME": ("Maine", ""),
    "US-MA": ("Massachusetts", ""),
    "US-MO": ("Missouri", "Misuri"),
    "US-MT": ("Montana", ""),
    "US-GA": ("Georgia", ""),
    "US-TX": ("Texas", ""),
    "US-WA": ("Washington", ""),
    "US-DC": ("District of Columbia", "Distrito de Columbia"),
    "US-CA": ("California", ""),
    "US-AL": ("Alabama", ""),
    "US-PA": ("Pennsylvania", "Pensilvania"),
    "CA-ON": ("Ontario", ""),
    "CA-AB": ("Alberta", ""),
    "CA-BC": ("British Columbia", "Columbia Británica"),
    "GB-ENG": ("England", "Inglaterra"),
    "NZ-AUK": ("Auckland", ""),
}
TOWNS = [
    # name, region, latitude, longitude, people, other names
    ("Denver", "US-CO", 39.7392, -104.9903, 715_522, "mile high city"),
    ("Denver", "US-PA", 40.2331, -76.1372, 3_861, ""),
    ("Boulder", "US-CO", 40.0150, -105.2705, 108_250, ""),
    ("New York City", "US-NY", 40.7128, -74.0060, 8_804_190, "new york|nueva york"),
    ("The Bronx", "US-NY", 40.8448, -73.8648, 1_385_108, "borough of bronx"),
    ("Portland", "US-OR", 45.5152, -122.6784, 652_503, "rose city"),
    ("Portland", "US-ME", 43.6591, -70.2568, 68_408, ""),
    ("Portland", "GB-ENG", 50.5500, -2.4400, 13_417, ""),
    ("St. Louis", "US-MO", 38.6270, -90.1994, 301_578, ""),
    ("Billings", "US-MT", 45.7833, -108.5007, 117_116, ""),
    ("Washington", "US-DC", 38.9072, -77.0369, 689_545, "washington dc"),
    ("Birmingham", "US-AL", 33.5186, -86.8104, 200_733, ""),
    ("Birmingham", "GB-ENG", 52.4862, -1.8904, 1_144_919, ""),
    ("London", "GB-ENG", 51.5074, -0.1278, 8_961_989, "londres"),
    ("London", "CA-ON", 42.9849, -81.2453, 422_324, ""),
    ("Paris", "FR", 48.8566, 2.3522, 2_138_551, ""),
    ("Paris", "US-TX", 33.6609, -95.5555, 24_171, ""),
    ("Georgia", "US-TX", 33.0000, -96.0000, 0, ""),
    ("Ontario", "US-CA", 34.0633, -117.6509, 175_265, ""),
    ("Springfield (Delaware County)", "US-PA", 39.93, -75.32, 24_211, "springfield"),
    ("Springfield (Bucks County)", "US-PA", 40.53, -75.28, 5_035, "springfield"),
    ("São Paulo", "BR", -23.5505, -46.6333, 12_400_232, ""),
    ("Calgary", "CA-AB", 51.0447, -114.0719, 1_306_784, ""),
    ("Vancouver", "CA-BC", 49.2827, -123.1207, 662_248, ""),
    ("Auckland", "NZ-AUK", -36.8509, 174.7645, 1_657_000, ""),
    ("Labasa", "FJ", -16.4332, 179.3645, 27_949, ""),
    ("Waiyevo", "FJ", -16.7900, -179.9900, 0, ""),
]
POSTCODES = [
    ("80202", "Denver", "US-CO", 39.7515, -104.9977),
    ("80203", "Denver", "US-CO", 39.7316, -104.9829),
    ("80302", "Boulder", "US-CO", 40.0170, -105.2850),
    ("02138", "Cambridge", "US-MA", 42.3770, -71.1256),
    ("00501", "Holtsville", "US-NY", 40.8154, -73.0451),
    ("K1A", "Ottawa", "CA-ON", 45.4189, -75.7005),
    ("T2P", "Calgary", "CA-AB", 51.0477, -114.0696),
    ("SW1A", "London", "GB-ENG", 51.5010, -0.1330),
    ("1010", "Auckland", "NZ-AUK", -36.8480, 174.7640),
]


def load_small() -> None:
    """Regions, towns and postcodes of this module, through the product's own loader."""
    Region.objects.create(code="001", kind=RegionKind.WORLD, name_en="World")
    for kind, regions in (
        (RegionKind.COUNTRY, COUNTRIES),
        (RegionKind.SUBDIVISION, PARTS),
    ):
        for code, (english, spanish) in regions.items():
            parent = code[:2] if "-" in code else "001"
            Region.objects.create(
                code=code,
                kind=kind,
                name_en=english,
                name_es=spanish,
                parent_id=parent,
            )
    load_places([town(*row) for row in TOWNS] + [postcode(*row) for row in POSTCODES])


def town(name, region, latitude, longitude, people=0, names="") -> PlaceRow:
    other_names = tuple(names.split("|")) if names else ()
    where = region[:2], region, latitude, longitude
    return PlaceRow("town", name, "", *where, people, other_names)


def postcode(code, name, region, latitude, longitude) -> PlaceRow:
    return PlaceRow("postcode", name, code, region[:2], region, latitude, longitude)
