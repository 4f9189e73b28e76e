"""Take the second factor from an account whose owner lost it."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from providers.admin.second_factor import devices


class Command(BaseCommand):
    help = "Reset the second factor of an account: its owner sets it up anew."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", required=True, metavar="USER", help="the name of the account"
        )

    def handle(self, *, reset: str, **options):
        user = get_user_model().objects.filter(username=reset).first()
        if user is None:
            raise CommandError(f"There is no account {reset!r}.")
        devices.reset(user)
        self.stdout.write(f"{reset} sets up a second factor at the next login.")
