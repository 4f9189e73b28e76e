"""What each matched row makes of its listing, batch by batch. Nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.core.serializers.json import DjangoJSONEncoder

from providers import documents
from providers.documents import Document, document, with_everything
from providers.imports.matching import Match, Matches
from providers.imports.merge import Conflict, Merged, merge
from providers.imports.report import Changed, Closed, Duplicate, New, Report
from providers.imports.standing import Standing
from providers.imports.touched import Touched, touched_by_people
from providers.models import Provider
from providers.models.provider import LISTED_STATUSES
from providers.places.addresses import Address, address_points

BATCH = 500  # listings whose documents are in memory at once


@dataclass
class Plan:
    """A listing before and after the rows about it, and what it does not take."""

    found: Match
    before: Document | None
    after: Document
    conflicts: list[Conflict]
    stays_closed: bool
    is_draft: bool = False  # it may be one of the listings beside it

    @property
    def changes(self) -> bool:
        return self.before != self.after


def plans(matches: Matches, standing: Standing, report: Report) -> Iterator[list[Plan]]:
    """Plan batch after batch, and report each; the last one completes the report."""
    report.repeated += matches.repeated
    report.rejected = sorted(
        [*report.rejected, *matches.rejected], key=lambda reject: reject.line
    )
    digest = hashlib.sha256(repr((report.repeated, report.rejected)).encode())
    queue = iter(matches.found)
    while batch := list(islice(queue, BATCH)):
        planned = _planned(batch)
        for plan in planned:
            if plan.before is None:
                plan.after["slug"] = _new_slug(plan, standing.taken)
            _report(plan, report)
            digest.update(_written(plan))
        yield planned
    report.fingerprint = digest.hexdigest()[:16]


def _new_slug(plan: Plan, taken: set[str]) -> str:
    """The address that the listing had when it was exported, or a new one."""
    slug = plan.found.rows[0].slug
    if not slug or slug in taken:
        return documents.free_slug(plan.after["name"], plan.after["city"], taken)
    taken.add(slug)
    return slug


def _written(plan: Plan) -> bytes:
    """All that the plan writes, as text that is the same for the same."""
    listing = plan.after if plan.changes else plan.after["slug"]
    what = [plan.found.provider, listing, plan.conflicts]
    return json.dumps(what, cls=DjangoJSONEncoder, sort_keys=True).encode()


def _planned(batch: list[Match]) -> list[Plan]:
    """The plan of each match; what people did is read only where it matters."""
    standing = _documents(found.provider for found in batch)
    plans_ = [_plan(m, standing.get(m.provider), {}) for m in batch]
    _find_points(plans_)
    touched = touched_by_people(p.found.provider for p in plans_ if _is_contested(p))
    again = {
        n: _plan(p.found, p.before, touched[p.found.provider])
        for n, p in enumerate(plans_)
        if p.found.provider in touched
    }
    _find_points(
        [p for p in again.values() if "point" not in touched[p.found.provider]]
    )
    return [again.get(n, plan) for n, plan in enumerate(plans_)]


def _is_contested(plan: Plan) -> bool:
    return plan.before is not None and plan.changes


def _plan(found: Match, before: Document | None, touched: Touched) -> Plan:
    merged, conflicts = Merged(before, []), {}
    closed = False
    for row in found.rows:
        merged = merge(merged.listing, row, touched)
        closed |= merged.stays_closed
        for conflict in merged.conflicts:
            conflicts.setdefault(conflict.path, conflict)
    listing = merged.listing
    for source, keys in found.keys.items():
        listing["sources"] = _with_keys(listing["sources"], source, keys)
    plan = Plan(found, before, listing, list(conflicts.values()), closed)
    _keep_as_draft(plan)
    return plan


def _with_keys(sources: dict, source: str, keys: list[str]) -> dict:
    known = {*sources.get(source, ()), *keys}
    return sources | {source: sorted(known)} if known else sources


def _keep_as_draft(plan: Plan) -> None:
    """Publish nothing that may be another source's listing: that is for an editor."""
    was_public = plan.before is not None and plan.before["published"]
    may_be_another = bool(plan.found.beside) and not was_public
    plan.is_draft = may_be_another and (plan.before is None or plan.after["published"])
    if plan.is_draft:
        plan.after["published"] = False
        plan.conflicts = [c for c in plan.conflicts if c.path != "published"]


def _find_points(planned: list[Plan]) -> None:
    """Give listings without a point that of their postcode or town, where known."""
    lacking = [plan.after for plan in planned if _lacks_point(plan)]
    parts = ("street", "city", "region", "postcode")
    addresses = [
        Address(*(listing[part] for part in parts), listing["region"][:2])
        for listing in lacking
    ]
    for listing, found in zip(lacking, address_points(addresses), strict=True):
        if found is not None:
            listing["point"] = {
                "latitude": found.point.latitude,
                "longitude": found.point.longitude,
                "precision": found.precision,
            }


def _lacks_point(plan: Plan) -> bool:
    says_where = any(not row.only_parts for row in plan.found.rows)
    return plan.after["point"] is None and says_where and not plan.stays_closed


def _documents(keys: Iterable[int | None]) -> dict[int, Document]:
    known = [key for key in keys if key is not None]
    found = with_everything(Provider.objects.filter(pk__in=known))
    return {provider.pk: document(provider) for provider in found}


def _report(plan: Plan, report: Report) -> None:
    before, after, line = plan.before, plan.after, plan.found.line
    slug = after["slug"]
    report.published += after["published"] and not (before or {}).get("published")
    report.conflicts += [(slug, conflict) for conflict in plan.conflicts]
    if plan.stays_closed and after["status"] not in LISTED_STATUSES:
        report.closed.append(Closed(line, slug, after["status"], after["status_on"]))
    if plan.is_draft:
        report.duplicates += [
            Duplicate(line, slug, other.slug, other.name) for other in plan.found.beside
        ]
    if before is None:
        where = after["name"], after["region"]
        report.new.append(New(line, slug, *where, after["published"]))
    elif plan.changes:
        fields = documents.differences(before, after)
        report.changed.append(Changed(line, slug, fields))
    else:
        report.unchanged += 1
