"""One call sheet: what stands, what was answered, and what follows from it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import actions, documents, queue, story, vocabulary
from providers.admin import unusual
from providers.admin.desk.call_sheet.forms import BasisForm, PriceForm, forms_of
from providers.admin.desk.call_sheet.questions import KEYS, QUESTIONS
from providers.admin.desk.telling import names_in
from providers.admin.facts_form import FactsForm
from providers.admin.forms import GuardedForm
from providers.admin.newer import SinceOpened
from providers.admin.widgets import all_sources
from providers.documents import Path
from providers.models import Check, PriceLine, Provider
from providers.story import Said

ATTEMPTS_SHOWN = 10
STAND = "_stand"  # the button by which the prices that are shown are confirmed
CONTACT = ("name", "phone", "phone_extension", "email", "website")
CONTACT += ("street", "street2", "city", "postcode", "region", "contact")
EDIT_OR_CONFIRM = gettext_lazy(
    "You chose “Changed” and changed nothing: correct what is different, or choose "
    "“Confirmed”."
)
CHOOSE_CHANGED = gettext_lazy(
    "You corrected something here: choose “Changed”, or put it back as it was."
)


@dataclass
class Group:
    """One checkable group: its questions, how it stands, and what was answered."""

    code: str
    present: list[Said]
    is_stale: bool
    forms: list[GuardedForm]
    facts: FactsForm
    outcome: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def term(self) -> vocabulary.Code:
        return vocabulary.CHECK_GROUPS[self.code]

    @property
    def questions(self) -> list:
        return QUESTIONS[self.code]

    @property
    def name(self) -> str:
        return f"outcome-{self.code}"

    @property
    def choices(self) -> list[tuple[str, str, str, bool]]:
        """Outcome, its label, its key, and whether it is chosen."""
        return [
            (code, label, KEYS[code], code == self.outcome)
            for code, label in vocabulary.CHECK_OUTCOMES.choices
        ]

    @property
    def edited(self) -> list[GuardedForm]:
        return [form for form in self.forms if form.has_changed()]

    @property
    def is_edited(self) -> bool:
        return bool(self.edited or self.facts.changed)

    @property
    def is_open(self) -> bool:
        """Whether to show what can be edited at once."""
        wrong = any(form.errors for form in self.forms if form.is_bound)
        return self.outcome == "changed" or wrong or bool(self.facts.changed)

    def clean(self) -> None:
        if self.outcome not in ("", *vocabulary.CHECK_OUTCOMES):
            self.outcome = ""
            self.errors.append(_("Choose one of the outcomes."))
        if self.outcome == "changed" and not self.is_edited:
            self.errors.append(str(EDIT_OR_CONFIRM))
        if self.outcome != "changed" and self.is_edited:
            self.errors.append(str(CHOOSE_CHANGED))

    def is_valid(self) -> bool:
        right = [form.is_valid() for form in self.forms]
        return self.facts.is_valid() and all(right) and not self.errors

    def store(
        self, provider: Provider, basis: dict[str, Any], by: AbstractBaseUser
    ) -> None:
        for form in self.edited:
            form.store(basis, by)
        self.facts.record(provider, by=by, checked=basis)


class Sheet:
    """The call sheet of a listing from `documents.with_everything`.

    `data` is what was posted; `start` holds what a link or the sheet before chose.
    """

    def __init__(
        self,
        provider: Provider,
        data: QueryDict | None,
        *,
        start: QueryDict,
        since: SinceOpened,
    ) -> None:
        self.provider, self.data, self.since = provider, data, since
        self.sources = all_sources()
        self.basis = BasisForm(data, initial=self._initial(start), sources=self.sources)
        self.reports = list(provider.reports.open().order_by("pk"))
        self.conflicts = list(provider.conflicts.open())
        self.checks = list(provider.checks.select_related("by")[:ATTEMPTS_SHOWN])
        self.errors: list[str] = []
        self.groups = self._groups()
        for group in self.groups:
            asked = (start if data is None else data).get(
                group.code if data is None else group.name, ""
            )
            group.outcome = asked
        self.prices = next(group for group in self.groups if group.code == "prices")

    def _initial(self, start: QueryDict) -> dict[str, Any]:
        clinic = next((s for s in self.sources if s.code == "clinic"), None)
        chosen = {str(source.pk): source for source in self.sources}
        method = start.get("method", "")
        return {
            "method": method if method in vocabulary.METHODS else "phone",
            "checked_on": timezone.localdate(),
            "source": chosen.get(start.get("source", ""), clinic),
        }

    def _groups(self) -> list[Group]:
        present, stale = _present(self.provider), _stale(self.provider)
        forms = forms_of(self.provider, self.data)
        facts = list(self.provider.facts.all())
        groups = []
        for code in vocabulary.CHECK_GROUPS:
            topics = [t for t, of in vocabulary.GROUP_OF_TOPIC.items() if of == code]
            own = FactsForm(facts, self.data, topics=topics, checked={})
            groups.append(Group(code, present[code], code in stale, forms[code], own))
        return groups

    # What the page shows

    @property
    def silent(self) -> list[datetime.date]:
        return queue.silent_days([self.provider])[self.provider.pk]

    @cached_property
    def local_time(self) -> datetime.datetime | None:
        """The time at the clinic; None where its zone is not known."""
        zone = self.provider.time_zone
        return timezone.localtime(timezone=ZoneInfo(zone)) if zone else None

    @property
    def lines(self) -> list[PriceLine]:
        """The prices that the page shows."""
        return [f.instance for f in self.prices.forms if isinstance(f, PriceForm)]

    @property
    def lines_that_look_mistyped(self) -> list[str]:
        """Such prices with the offering that they are of."""
        return [
            f"{story.offering_in_words(line.offering.key)}: {text}"
            for line in self.lines
            if (text := unusual.warning(line))
        ]

    @property
    def prices_stand(self) -> bool:
        """Whether the button was used that confirms the prices shown, and only them."""
        return self.data is not None and STAND in self.data

    @property
    def resolved(self) -> set[str]:
        return set(self.data.getlist("resolve")) if self.data else set()

    @property
    def is_wrong(self) -> bool:
        """Whether something that was posted is marked as wrong."""
        if self.data is None:
            return False
        marked = any(group.errors or not group.is_valid() for group in self.groups)
        return marked or bool(self.basis.errors)

    @property
    def ticked(self) -> list[tuple]:
        return [(report, str(report.pk) in self.resolved) for report in self.reports]

    # What was posted

    @property
    def answered(self) -> list[Group]:
        return [group for group in self.groups if group.outcome]

    def is_valid(self) -> bool:
        """Whether everything may be saved; says what is wrong where it is wrong."""
        asked = self.prices.outcome
        if self.prices_stand:
            self.prices.outcome = "confirmed"
        for group in self.groups:
            group.clean()
        right = [group.is_valid() for group in self.groups] + [self.basis.is_valid()]
        self._require_reason()
        if not self.answered and not self.resolved:
            self.errors.append(_("Nothing is answered yet: choose an outcome."))
        self._refuse_older()
        is_right = all(right) and not self.errors and not self.basis.errors
        if not is_right:  # the page that comes back chooses nothing more
            self.prices.outcome = asked
        return is_right

    def _require_reason(self) -> None:
        closed = any(g.code == "contact" and g.outcome == "closed" for g in self.groups)
        note = self.basis.cleaned_data.get("note")
        if closed and not note and "note" not in self.basis.errors:
            self.basis.add_error("note", _("This closes the listing: say why."))

    def _refuse_older(self) -> None:
        """Somebody saved the listing meanwhile: show what, and keep what was typed."""
        if not self.since.is_newer:
            return
        self.errors.append(
            _(
                "Somebody else changed this listing while you had it open. Nothing of "
                "yours is lost: look at the change, then save once more."
            )
        )

    def record(self, by: AbstractBaseUser) -> None:
        """Everything at once: what became different, then a check for each group."""
        basis = self.basis.columns
        asked = {name: basis[name] for name in ("method", "source", "checked_on")}
        asked["note"] = self.basis.cleaned_data["note"]
        with actions.recording(self.provider, by=by):
            for group in self.answered:
                if group.outcome == "changed":
                    group.store(self.provider, basis, by)
            for group in self.answered:
                self._record_check(group, asked | {"provider": self.provider, "by": by})
            dealt_with = [report for report, ticked in self.ticked if ticked]
            actions.resolve_reports(dealt_with, by=by)

    def _record_check(self, group: Group, asked: dict[str, Any]) -> None:
        if group is self.prices and self.prices_stand:
            actions.confirm_prices(lines=self.lines, **asked)
        else:
            actions.record_check(group=group.code, outcome=group.outcome, **asked)


def _present(provider: Provider) -> dict[str, list[Said]]:
    """What the listing says by now, by group, in words."""
    listing = documents.document(provider)
    found, names = documents.parts(listing), names_in([listing])
    grouped = {code: {} for code in vocabulary.CHECK_GROUPS}
    for path in story.changed(None, listing):
        if code := _group_of(path):
            grouped[code][path] = found[path]
    return {
        code: list(story.tell(parts, {}, parts, names))
        for code, parts in grouped.items()
    }


def _group_of(path: Path) -> str:
    """The group in which a part of a listing is asked for; "" for none."""
    match path:
        case ("offerings", _row):
            return "services"
        case ("offerings", _row, "prices", line):
            return "prices" if line.endswith("|") else ""  # the rest is history
        case ("facts", topic, _code):
            return vocabulary.GROUP_OF_TOPIC[topic]
        case ("npi",):
            return "licences"
    return "contact" if path[0] in CONTACT else ""


def _stale(provider: Provider) -> set[str]:
    """The groups of which something is older than it stays fresh."""
    today = timezone.localdate()
    offerings = list(provider.offerings.all())
    prices = [line for offering in offerings for line in offering.prices.all()]
    rows = [line for line in prices if line.superseded_on is None]
    rows += [*offerings, *provider.facts.all()]
    found = {row.group for row in rows if row.is_stale(today)}
    return found | ({"contact"} if _contact_is_stale(provider, today) else set())


def _contact_is_stale(provider: Provider, on: datetime.date) -> bool:
    if provider.contact_checked_on is None:
        return True
    days = (on - provider.contact_checked_on).days
    return days > vocabulary.FRESH_DAYS["contact"]


def attempts(checks: Iterable[Check]) -> list[tuple]:
    """Earlier checks, those of one day with one outcome and note together."""
    told: dict[tuple, list[str]] = {}
    for check in checks:
        by = check.by.get_username() if check.by else ""
        said = (check.checked_on, check.get_outcome_display(), by, check.note)
        told.setdefault(said, []).append(str(check.get_group_display()))
    return [(*said, ", ".join(groups)) for said, groups in told.items()]
