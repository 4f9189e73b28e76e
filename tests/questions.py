"""Questions, as a page's address asks them or by hand, and what they find."""

from django.http import QueryDict
from django.utils import timezone

from providers import geo
from providers import search as engine
from providers.filters import ProviderFilter
from providers.places import Found
from providers.question import Search
from providers.search.orm import Orm
from tests.factories import DENVER


def ask(query: str) -> ProviderFilter:
    return ProviderFilter(QueryDict(query))


def search(query: str) -> Search:
    """The question of an address that is right."""
    asked = ask(query)
    assert asked.is_valid(), asked.errors
    return asked.search


def found(query: str) -> list[str]:
    """The names of all matches, in order."""
    asked = ask(query)
    assert asked.is_valid(), asked.errors
    return [provider.name for provider in asked.qs]


# --- By hand --------------------------------------------------------------------------


def place(at: tuple[float, float] = DENVER, region: str = "US-CO") -> Found:
    return Found("Here", geo.Point(*at), region, region[:2], "town", "Here")


def asking(**values) -> Search:
    """A question asked in Denver, today."""
    return Search(**{"on": timezone.localdate(), "origin": place()} | values)


def find(question: Search, **options) -> engine.Results:
    """The answer of plain SQL, to which the index is held (test_search_index.py)."""
    return engine.find(question, engine=Orm(), **options)
