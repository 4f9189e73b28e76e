"""What others made of a listing since its page was opened."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import cached_property

from providers import story
from providers.actions.recording import document_of
from providers.admin.desk.telling import names_in
from providers.models import Change, Provider
from providers.story import Said

FIELD = "_version"


@dataclass
class SinceOpened:
    """The listing's latest change, and the one that a posted page was made of.

    `opened` is None for a page that says nothing of it (a script's, say).
    """

    provider: Provider
    latest: str
    opened: str | None

    @property
    def is_newer(self) -> bool:
        return self.opened is not None and self.opened != self.latest

    @cached_property
    def rows(self) -> list[Said]:
        """What became different, in words; nothing where the start is not known."""
        changes = Change.objects.filter(provider=self.provider)
        known = re.fullmatch(r"[0-9]{1,18}", self.opened or "")
        then = (
            changes.filter(pk=known and known[0])
            .values_list("after", flat=True)
            .first()
        )
        if then is None:
            return []
        now = document_of(self.provider.pk)
        return story.told(then, now, names_in([then, now]))


def since_opened(request: HttpRequest, provider: Provider) -> SinceOpened:
    latest = Change.objects.filter(provider=provider).values_list("pk", flat=True)
    return SinceOpened(provider, str(latest.first() or ""), request.POST.get(FIELD))
