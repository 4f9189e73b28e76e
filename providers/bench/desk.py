"""How fast the editors' pages answer over a directory of a size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import quantiles
from time import perf_counter
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers.bench import amounts
from providers.bench.sheets import sheet
from providers.bench.timing import summary
from providers.models import Provider

TIMES = 20  # how often each page is opened, after once to warm up
UPLOADED = 60  # clinics in the spreadsheet that is previewed


@dataclass(frozen=True, slots=True)
class Row:
    """One page of the desk: its median and slowest-but-one answer, and its queries.

    What is no page has no queries of its own (None).
    """

    page: str
    p50_ms: float
    p95_ms: float
    queries: int | None


def measure() -> Iterator[dict]:
    """Open each page of the desk as a manager does, and say how long it took."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("bench"))
    with patch.object(settings, "SECOND_FACTOR", False):
        for name, open_page in _pages(client).items():
            yield asdict(_measured(name, open_page))
    yield from map(asdict, _amounts(User.objects.get(username="bench")))


def _amounts(by: User) -> Iterator[Row]:
    """What a price takes, once it is saved: no pages, but what they wait for."""
    amounts.prepare()
    edits = summary(amounts.edits_ms(by))
    name = "one price edited, until the next search shows it"
    yield Row(name, edits.p50_ms, edits.p95_ms, None)
    once = round(amounts.recompute_ms(), 1)
    yield Row("every stored amount recomputed (once)", once, once, None)


def _pages(client: Client) -> dict[str, Callable[[], HttpResponse]]:
    listing = Provider.objects.order_by("pk")[Provider.objects.count() // 2]
    listings = reverse("admin:providers_provider_changelist")
    change = reverse("admin:providers_provider_change", args=[listing.pk])
    addresses = {
        "list": listings,
        "list, filtered by region and route": f"{listings}?region=US-CO&route=im",
        "list, points far from their postcode": f"{listings}?point=far",
        "list, least stated first": f"{listings}?o=8",
        "list, a name searched": f"{listings}?q=harbor",
        "provider page": change,
        "its story": reverse("admin:providers_provider_history", args=[listing.pk]),
        "call sheet": reverse("admin:call-sheet", args=[listing.pk]),
        "queue": reverse("admin:queue"),
        "dashboard": reverse("admin:index"),
        "duplicates": reverse("admin:duplicates"),
        f"import preview, {UPLOADED} rows": _uploaded(client),
    }
    return {
        name: lambda address=address: client.get(address)
        for name, address in addresses.items()
    }


def _uploaded(client: Client) -> str:
    """The address of the preview of a spreadsheet that was just sent."""
    data = {"kind": "listings", "file": sheet(UPLOADED)}
    answer = client.post(reverse("admin:import"), data, follow=True)
    return answer.redirect_chain[-1][0]


def _measured(name: str, open_page: Callable[[], HttpResponse]) -> Row:
    with CaptureQueriesContext(connection) as queries:
        status = open_page().status_code
    asked = len(queries)  # the next page forgets them
    if status != 200:
        raise RuntimeError(f"{name}: the page answered {status}")
    taken_ms = []
    for _time in range(TIMES):
        start = perf_counter()
        open_page()
        taken_ms.append((perf_counter() - start) * 1_000)
    cuts = quantiles(taken_ms, n=20)
    return Row(name, round(cuts[9], 1), round(cuts[18], 1), asked)
