"""Single verbs: check, publish, withdraw the samples."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from providers import vocabulary
from providers.actions.applying import BATCH, Edit, apply, lock
from providers.actions.recording import recording
from providers.documents import document, with_everything
from providers.models import Change, Check, ImportRun, PriceLine, Provider, Source
from providers.models.provider import LISTED_STATUSES

REFRESHING = ("confirmed", "changed")


@transaction.atomic
def record_check(
    *,
    provider: Provider,
    group: str,
    outcome: str,
    method: str,
    source: Source,
    checked_on: date,
    by: AbstractBaseUser | None = None,
    run: ImportRun | None = None,
    note: str = "",
) -> Check:
    """Record that somebody asked a provider about one group of fields.

    "confirmed" and "changed" date that group's rows with the method and the source;
    any other outcome leaves them as they were, and so does a check that is older than
    a row's own. A contact that is found closed closes the listing, with the note as
    its reason. Raises ValueError for a day to come.
    """
    if checked_on > timezone.localdate():
        raise ValueError("a check lies in the past")
    facts = {"checked_on": checked_on, "method": method, "source": source}
    check = Check.objects.create(
        provider=provider,
        group=group,
        outcome=outcome,
        by=by,
        run=run,
        note=note,
        **facts,
    )
    if outcome in REFRESHING:
        with recording(provider, by=by):
            _date_group(provider, group, facts | {"precision": "day"})
    if outcome == "closed" and group == "contact":
        with recording(provider, by=by):
            _close(provider, checked_on, note)
    return check


@transaction.atomic
def confirm_prices(
    *,
    provider: Provider,
    lines: Iterable[PriceLine],
    method: str,
    source: Source,
    checked_on: date,
    by: AbstractBaseUser | None = None,
    note: str = "",
) -> Check:
    """Record that these current prices of a listing, and nothing else, still stand.

    A line that is known from a later day stays as it is. Raises ValueError for a day
    to come.
    """
    if checked_on > timezone.localdate():
        raise ValueError("a check lies in the past")
    checked = {"checked_on": checked_on, "method": method, "source": source}
    with recording(provider, by=by):
        found = PriceLine.objects.current().filter(
            offering__provider=provider,
            pk__in=[line.pk for line in lines],
            checked_on__lte=checked_on,
        )
        found.update(**checked, precision="day")
    return Check.objects.create(
        provider=provider,
        group="prices",
        outcome="confirmed",
        by=by,
        note=note,
        **checked,
    )


def _close(provider: Provider, on: date, reason: str) -> None:
    open_ones = Provider.objects.filter(pk=provider.pk, status__in=LISTED_STATUSES)
    open_ones.update(
        status="closed",
        status_on=on,
        status_reason=reason[:200] or "Found closed when asked.",
    )


def _date_group(provider: Provider, group: str, checked: dict) -> None:
    older = {"checked_on__lte": checked["checked_on"]}
    if group == "contact":
        contact = {f"contact_{name}": value for name, value in checked.items()}
        known = Q(contact_checked_on__lte=checked["checked_on"])
        listing = Provider.objects.filter(pk=provider.pk)
        listing.filter(known | Q(contact_checked_on=None)).update(**contact)
    if group == "services":
        provider.offerings.filter(**older).update(**checked)
    if group == "prices":
        prices = PriceLine.objects.current().filter(offering__provider=provider)
        prices.filter(**older).update(**checked)
    topics = [t for t, of in vocabulary.GROUP_OF_TOPIC.items() if of == group]
    provider.facts.filter(topic__in=topics, **older).update(**checked)


@transaction.atomic
def set_published(
    *, providers: Iterable[Provider], published: bool, by: AbstractBaseUser | None
) -> tuple[list[Provider], list[Provider]]:
    """Publish or unpublish listings. Returns (done, refused).

    Refused: what was never checked, and do-not-list entries, when publishing.
    """
    done, refused = [], []
    for provider in providers:
        may = provider.contact_checked_on and provider.status != "do_not_list"
        (refused if published and not may else done).append(provider)
    lock(provider.pk for provider in done)  # all at once, as imports do
    for start in range(0, len(done), BATCH):
        batch = done[start : start + BATCH]
        found = with_everything(Provider.objects.filter(pk__in=[p.pk for p in batch]))
        apply([Edit(p, document(p) | {"published": published}) for p in found], by=by)
    if published and any(not provider.is_sample for provider in done):
        remove_samples()
    return done, refused


@transaction.atomic
def remove_samples() -> int:
    """Delete the invented listings, which no real directory may show."""
    samples = Provider.objects.samples()
    Change.objects.filter(provider__in=samples).delete()
    count = samples.count()
    samples.delete()
    return count
