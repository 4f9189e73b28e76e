"""Each link that is proposed instead asks the question that was tried."""

import pytest
from django.http import QueryDict

from providers.filters import ProviderFilter
from providers.question import Search
from providers.search import find
from providers.search.orm import Orm
from providers.search.relaxing import Relaxation
from providers.views.links import query_string
from tests import factories, gazetteers
from tests.factories import BOULDER

ASKED = [
    "near=Denver, CO&within=5&route=iv&format=individual&max_price=400",
    "near=Denver, CO&route=iv&language=es&q=zebra&unit=km",
    "near=Colorado&pay=medicaid&accepting=yes&unconfirmed=hide&checked_within=5",
    "lat=39.74&lng=-104.99&within=0.5&unit=km&condition=ptsd&sort=name",
]


@pytest.mark.django_db
def test_each_link_asks_what_was_proposed():
    gazetteers.load_small()
    many = factories.offering("im_injection", prices=factories.price(30_000))
    group = factories.offering(format_="group", prices=factories.price(30_000))
    dear = factories.offering(prices=factories.price(90_000))
    for offered in (many, group, dear, factories.offering()):
        factories.provider(offerings=offered)
    factories.provider(contact_days=100, at=BOULDER)
    proposals = [each for query in ASKED for each in _followed(query)]
    kinds = {"include", "radius", "price", "option", "drop"}
    assert {each.kind for each in proposals} == kinds


def _followed(query: str) -> list[Relaxation]:
    proposals = find(_asked(query), engine=Orm()).relaxations
    for each in proposals:
        link = query_string(QueryDict(query), **each.changes)
        assert _asked(link.removeprefix("?")) == each.search
        assert find(each.search, engine=Orm()).total == each.total
    return proposals


def _asked(query: str) -> Search:
    question = ProviderFilter(QueryDict(query))
    assert question.is_valid(), question.form.errors
    return question.search
