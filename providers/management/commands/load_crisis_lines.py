"""`manage.py load_crisis_lines`: the packaged crisis lines into the editors' table.

Safe to run again: it adds what is missing and never changes a row that is there, since
an editor may have corrected it. Rows that differ from the package are named.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.forms import model_to_dict

from providers import crisis
from providers.models import CrisisLine, Region


class Command(BaseCommand):
    help = "Add the packaged crisis lines that are missing; change none."

    @transaction.atomic
    def handle(self, **options):
        lines = crisis.packaged()
        if not lines:
            raise CommandError(f"No crisis lines in {crisis.LINES_FILE.name}.")
        wanted = {line.region_id for line in lines}
        known = set(Region.objects.in_bulk(wanted))
        if missing := sorted(wanted - known):
            raise CommandError(
                f"No region {', '.join(missing)}. Run load_places first."
            )
        added = [line for line in map(_copy, lines) if self._is_new(line)]
        CrisisLine.objects.bulk_create(added)
        self.stdout.write(f"{len(added)} crisis lines added, {len(lines)} packaged.")

    def _is_new(self, line: CrisisLine) -> bool:
        key = {"region": line.region_id, "audience": line.audience}
        stored = CrisisLine.objects.filter(**key, name_en=line.name_en).first()
        if stored and _facts(stored) != _facts(line):
            self.stdout.write(f"Left as edited: {line.region_id} {line.name_en}")
        return stored is None


def _facts(line: CrisisLine) -> dict:
    return model_to_dict(line, exclude=["id"])


def _copy(line: CrisisLine) -> CrisisLine:
    """A row of its own, so that the cached packaged line never gets a key."""
    return CrisisLine(**_facts(line) | {"region": Region(pk=line.region_id)})
