"""`manage.py sample [--remove]`: invented listings to try an empty directory with."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from providers import actions
from providers.imports import samples


class Command(BaseCommand):
    help = "Load invented sample listings, dated back from today, or remove them."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="Delete them.")

    def handle(self, *, remove, **options):
        if remove:
            self.stdout.write(f"{actions.remove_samples()} sample listings removed.")
            return
        try:
            count = samples.load(timezone.localdate())
        except samples.RealListingsError as error:
            message = "Real listings are here; samples would stand among them."
            raise CommandError(message) from error
        except samples.GazetteerLacksTownsError as error:
            message = f"No towns known in {error}. Run load_places first."
            raise CommandError(message) from error
        if count:
            self.stdout.write(f"{count} sample listings loaded.")
        else:
            self.stdout.write("Sample listings are here already.")
