"""A spreadsheet of invented clinics, in our own layout."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from providers.models import Place, PlaceKind

HEADINGS = (
    *("name", "street", "city", "region", "postcode", "country", "phone"),
    *("routes", "price_min", "price_currency", "price_unit", "method", "checked_on"),
)
CHECKED_ON = "2026-11-02"


def sheet(clinics: int) -> SimpleUploadedFile:
    """A CSV of that many clinics with phoned prices, each in a town of its own."""
    postcodes = Place.objects.filter(kind=PlaceKind.POSTCODE, country="US")
    places = postcodes.select_related("region").order_by("postcode")
    step = max(1, places.count() // clinics)
    lines = [",".join(HEADINGS)]
    for number, place in enumerate(places[::step][:clinics], start=1):
        lines.append(
            f"Sample Bench {number},{number} Bench Street,{place.name},"
            f"{place.region_id},{place.postcode},US,,iv_infusion,{300 + number},USD,"
            f"visit,phone,{CHECKED_ON}"
        )
    text = "\n".join(lines) + "\n"
    return SimpleUploadedFile("bench.csv", text.encode(), content_type="text/csv")
