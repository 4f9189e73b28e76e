"""`manage.py load_places`: the regions and the gazetteer, and a country's postcodes."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers.imports import gazetteer, geonames
from providers.imports.rows import BadFile


class Command(BaseCommand):
    help = (
        "Load the packaged regions, postcodes and towns. A second run changes nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--geonames",
            type=Path,
            metavar="FILE",
            help="Then add a country's postcodes from a GeoNames postal-code file "
            "(.txt, or the .zip that holds it).",
        )

    @transaction.atomic
    def handle(self, *, geonames: Path | None, **options) -> None:
        regions, places = gazetteer.load()
        self.stdout.write(f"Regions: {regions}. Postcodes and towns: {places}.")
        if geonames:
            added = gazetteer.load_places(_postcodes(geonames))
            self.stdout.write(f"Postcodes of {geonames.name}: {added}.")


def _postcodes(path: Path) -> list[gazetteer.PlaceRow]:
    try:
        return geonames.postcode_rows(path)
    except BadFile as error:
        message = f"Nothing loaded. {path.name}: {error}."
        raise CommandError(message) from error
