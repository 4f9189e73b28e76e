"""`manage.py remind ADDRESS…`: mail what to check next, with reasons and links."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator, validate_email
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from providers import queue
from providers.models import Provider, Region

USUAL_LIMIT = 20


class Command(BaseCommand):
    help = "Mail the listings to check next, the most urgent first."

    def add_arguments(self, parser):
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS")
        parser.add_argument(
            "--site",
            required=True,
            help="Where the site stands, for the links: https://kap.example.org",
        )
        parser.add_argument("--region", help="Only there: a code such as US-CO or US.")
        parser.add_argument("--person", help="Only what this account is to check.")
        parser.add_argument(
            "--limit",
            type=int,
            default=USUAL_LIMIT,
            help=f"At most so many listings ({USUAL_LIMIT}).",
        )

    def handle(self, *, addresses, site, region, person, limit, **options):
        _require(addresses, site, limit)
        today = timezone.localdate()
        waiting = queue.queue(_listings(region, person), today)
        count = waiting.count()
        if not count:
            self.stdout.write("Nothing to check, so no mail was sent.")
            return
        shown = list(waiting[:limit])
        body = _body(shown, count, site.rstrip("/"), today)
        subject = f"kapfinder: {count} to check"
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, addresses).send()
        self.stdout.write(f"{len(shown)} of {count} listings sent.")


def _require(addresses: list[str], site: str, limit: int) -> None:
    try:
        for address in addresses:
            validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{address!r} is no e-mail address.") from error
    try:
        # A name without a dot, such as localhost:8000, is fine as well.
        URLValidator(schemes=["http", "https"])(site)
    except ValidationError as error:
        raise CommandError("--site is an address such as https://kap.org.") from error
    if limit < 1:
        raise CommandError("--limit is 1 or more.")


def _listings(region: str | None, person: str | None) -> QuerySet[Provider]:
    found = Provider.objects.all()
    if region:
        if not Region.objects.filter(code=region).exists():
            raise CommandError(f"No region has the code {region}.")
        found = found.in_regions([region])
    if person:
        accounts = get_user_model().objects.filter(username=person)
        if not accounts:
            raise CommandError(f"Nobody is called {person}.")
        found = found.filter(assignment__to=accounts[0])
    return found


def _body(shown: list[Provider], count: int, site: str, today) -> str:
    lines = [f"{count} listings need a check. The most urgent:", ""]
    if count == 1:
        lines[0] = "1 listing needs a check:"
    for number, provider in enumerate(shown, 1):
        where = ", ".join(filter(None, (provider.city, provider.region_id)))
        sheet = reverse("admin:call-sheet", args=[provider.pk])
        lines += [
            f"{number}. {provider.name} ({where})",
            f"   {' · '.join(queue.reasons(provider, today))}",
            f"   {site}{sheet}",
            "",
        ]
    return "\n".join([*lines, f"All of them: {site}{reverse('admin:queue')}", ""])
