"""Plainly invented listings, so that an empty directory can be tried.

The same every time but for their dates, which count back from the day of loading.
"""

from __future__ import annotations

from datetime import date

from providers import actions
from providers.imports.samples.making import document
from providers.imports.samples.spots import GazetteerLacksTownsError, spots
from providers.models import Provider

__all__ = ["GazetteerLacksTownsError", "RealListingsError", "load"]


class RealListingsError(ValueError):
    """Real listings are here, which invented ones must not stand among."""


def load(on: date) -> int:
    """Add the sample listings as of a day; return how many, 0 if they are here already.

    Raises: RealListingsError; GazetteerLacksTownsError where `load_places` did not run.
    """
    if Provider.objects.filter(is_sample=False).exists():
        raise RealListingsError
    if Provider.objects.samples().exists():
        return 0
    taken: set[str] = set()
    edits = [
        actions.Edit(None, document(number, spot, on=on, taken=taken))
        for number, spot in enumerate(spots(), start=1)
    ]
    actions.ensure_sources()
    return len(actions.apply(edits))
