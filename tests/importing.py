"""Files to import, each varied from one valid row, and what stands after it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.core.management import call_command

from providers import actions, documents
from providers.documents import Document, document
from providers.imports.pipeline import load
from providers.imports.report import Report
from providers.imports.rows import Row, reported
from providers.models import Place, Provider

DATA = Path(__file__).parent / "data" / "imports"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

LISTING = {
    "source": "harbor_list",
    "source_id": "",
    "name": "Blue Mesa Clinic",
    "street": "100 Aspen Street",
    "street2": "",
    "city": "Denver",
    "region": "CO",
    "postcode": "80202",
    "country": "US",
    "routes": "iv",
    "last_verified": "2024",
}
FACILITY = {
    "name1": "Blue Mesa Clinic",
    "name2": "",
    "street1": "100 Aspen Street",
    "street2": "",
    "city": "Denver",
    "state": "CO",
    "zip": "80202",
    "phone": "",
    "service_code_info": "MH * KIT",
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    """A CSV file with these rows; the columns are all that any of them names."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def listings(path: Path, *variations: dict[str, str]) -> Path:
    """A listings file: LISTING, once for each variation of it."""
    return write(path / "listings.csv", *(LISTING | v for v in variations or ({},)))


def facilities(path: Path, *variations: dict[str, str]) -> Path:
    """A directory file: FACILITY, once for each variation of it."""
    return write(path / "directory.csv", *(FACILITY | v for v in variations or ({},)))


def imported(path: Path, kind: str = "listings", year: str = "", **options) -> Report:
    """Import the file; of survey layouts, as of 2024 unless told otherwise."""
    if not year and kind != "listings":
        year = "2024"
    when = reported(year) if year else None
    return load(kind, path, reported=when, **options)


def command(*words: str | Path) -> str:
    """What `manage.py import …` prints."""
    out = io.StringIO()
    call_command("import", *(str(word) for word in words), stdout=out)
    return out.getvalue()


def standing() -> dict[str, Document]:
    """Every listing's document by slug."""
    providers = documents.with_everything(Provider.objects.all())
    return {provider.slug: document(provider) for provider in providers}


def only() -> Document:
    """The document of the one listing there is."""
    (listing,) = standing().values()
    return listing


def save(editor, **columns) -> Provider:
    """What an editor's form does to the one listing."""
    provider = Provider.objects.get()
    for name, value in columns.items():
        setattr(provider, name, value)
    actions.save(provider, by=editor)
    return provider


def place(postcode: str, at: tuple[float, float], region: str, name="Denver") -> None:
    """A postcode in the gazetteer, or the town of that name where it is ""."""
    stored = Place.objects.create(
        kind="postcode" if postcode else "town",
        name=name,
        postcode=postcode,
        country=region[:2],
        region_id=region,
        latitude=at[0],
        longitude=at[1],
    )
    stored.names.create(plain=(postcode or name).lower())


def row(**changes) -> Row:
    """A row that states a name, an address and infusion, as of 2024."""
    checked = statement()
    listing = {
        "name": "Blue Mesa Clinic",
        "street": "100 Aspen Street",
        "street2": "",
        "city": "Denver",
        "region": "US-CO",
        "postcode": "80202",
        "phone": "",
        "phone_extension": "",
        "email": "",
        "website": "",
        "point": None,
        "contact": checked,
        "status": "",
        "offerings": {IV: checked | {"serves": [], "prices": {}}},
        "facts": {},
    }
    return Row(2, "harbor_list", "", listing | changes, reports_ketamine=True)


IV = "iv_infusion|not_stated|not_stated|not_stated|"


def statement(on: str = "2024-01-01", **values) -> dict:
    """When, how and from where a registry states something."""
    return {
        "checked_on": on,
        "precision": "year" if on.endswith("-01-01") else "day",
        "method": "official_registry",
        "source": "harbor_list",
    } | values


def yes(on: str = "2024-01-01", **values) -> dict:
    """A fact: yes, for this treatment."""
    plain = {"scope": "treatment", "number": None, "note_en": "", "note_es": ""}
    return statement(on) | {"answer": "yes"} | plain | values
