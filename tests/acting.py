"""A listing to act on, and what the actions wrote."""

from django.utils import timezone

from providers import actions
from providers.documents import document, with_everything
from providers.models import Check, Provider, Source
from tests import factories
from tests.factories import fact, facts, offering, price


def listed() -> Provider:
    """A listing with a price, and a fact of each group that is checked."""
    return factories.provider(
        offerings=offering(prices=price()),
        facts=facts(fact("accepting"), fact("lift"), fact("self_pay"), fact("rn")),
    )


def stored(provider: Provider) -> dict:
    return document(with_everything(Provider.objects.filter(pk=provider.pk)).get())


def dates(provider: Provider) -> dict[str, str]:
    """When each group of a listing was last checked."""
    told = stored(provider)
    (offer,) = told["offerings"].values()
    (line,) = offer["prices"].values()
    by_topic = {
        topic: next(iter(codes.values())) for topic, codes in told["facts"].items()
    }
    rows = by_topic | {"contact": told["contact"], "services": offer, "prices": line}
    return {name: row["checked_on"] for name, row in rows.items()}


def check(provider, group, outcome, **values) -> Check:
    values = {
        "method": "phone",
        "source": Source.objects.get(code="clinic"),
        "checked_on": timezone.localdate(),
    } | values
    return actions.record_check(
        provider=provider, group=group, outcome=outcome, **values
    )
