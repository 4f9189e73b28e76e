"""`manage.py reindex`: after a write that Django knows nothing of."""

from django.core.management.base import BaseCommand

from providers.models import SearchChange


class Command(BaseCommand):
    help = (
        "Let every process read all listings again at its next search. Needed only "
        "after writing to the database without kapfinder, or restoring a copy of it."
    )

    def handle(self, **options) -> None:
        SearchChange.objects.append(everything=True)
        self.stdout.write("Every process reads all listings again at its next search.")
