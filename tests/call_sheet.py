"""The call sheet of a listing: open it, answer it, and read what it says."""

import datetime

from providers import vocabulary
from providers.models import PriceLine, Provider
from tests import factories
from tests.forms_in_pages import filled
from tests.pages import Page

GROUPS = list(vocabulary.CHECK_GROUPS)
OLD = 200  # days


def old_clinic() -> Provider:
    """All of it asked 200 days ago: one price, one fact of each group."""
    answers = ("mdd_si", "medicaid", "step_free_entry", "psychiatrist", "accepting")
    return factories.provider(
        name="Old Clinic",
        phone="+13035550123",
        phone_extension="7",
        email="desk@example.org",
        website="https://clinic.example.org/",
        street="1 Main Street",
        city="Denver",
        postcode="80202",
        time_zone="America/Denver",
        contact_days=OLD,
        offerings=factories.offering(days=OLD, prices=factories.price(days=OLD)),
        facts=factories.facts(*(factories.fact(code, days=OLD) for code in answers)),
    )


def sheet_of(provider) -> str:
    return f"/admin/providers/provider/{provider.pk}/check/"


def answers(outcome: str, *groups: str) -> dict[str, str]:
    return {f"outcome-{group}": outcome for group in groups or GROUPS}


def send(client, provider, query: str = "", **typed):
    """Open the sheet, answer as `typed`, and press Save."""
    address = sheet_of(provider) + query
    page = client.get(address)
    assert page.status_code == 200
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(address, filled(page) | {"_save": "Save"} | named)


def errors(answer) -> str:
    assert answer.status_code == 200, "not refused"
    page = Page(answer.content.decode())
    start = page.words.index("Everything about it")
    return page.words[start:]


def dates(provider) -> set[datetime.date]:
    found = Provider.objects.get(pk=provider.pk)
    rows = [*found.offerings.all(), *found.facts.all()]
    rows += PriceLine.objects.current().filter(offering__provider=found)
    return {found.contact_checked_on, *(row.checked_on for row in rows)}
