"""Questions as a page's address asks them, and what they find."""

from django.http import QueryDict

from providers.filters import ProviderFilter
from providers.question import Search


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
