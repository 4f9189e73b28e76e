"""Whole pages: every text and every spoken label, in English and in Spanish."""

import re

import pytest

from providers import vocabulary
from providers.models import Region
from tests.catalogue import SAME
from tests.factories import BOULDER, fact, facts, offering, price, provider
from tests.pages import Page, gazetteer, visit

pytestmark = pytest.mark.any_database

# What is the same in any language: names, codes, numbers.
NAMES = re.compile(
    r"kapfinder|Ketamine Listing|Denver|Boulder|Springfield( \(.*\))?|Colorado|New York"
    r"|https://\S+|[A-Z]{2,}|[\W\d]"
)
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-locate", "data-locating"}


def texts_of(page: Page) -> set[str]:
    spoken = [v for _tag, given in page.tags for n, v in given.items() if n in SPOKEN]
    return {*page.in_tag("html"), *spoken}


@pytest.fixture
def directory():
    """A listing in Denver that states much, and one in Boulder that states nothing."""
    gazetteer()
    offerings = offering(prices=price() | price(None, kind="prep"))
    provider(
        name="Ketamine Listing",
        slug="rich",
        city="Denver",
        phone="+13035550100",
        website="https://example.org/",
        offerings=offerings | offering("im_injection", "hospital", "support_only"),
        facts=facts(
            fact("trd"),
            fact("sliding_scale"),
            fact("private_insurance", scope="facility"),
            fact("accepting"),
            fact("wait_days", number=12),
            fact("step_free_entry", "partial"),
            fact("driver_must_stay", "no"),
            fact("ecg"),
            fact("staff_in_room", days=400),
            fact("psychiatrist"),
        ),
    )
    empty = {"offerings": {}, "contact_days": 400}
    provider(name="Ketamine Listing", slug="poor", at=BOULDER, city="Boulder", **empty)


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about/",
        "/privacy/",
        "/regions/",
        "/regions/us-co/",
        "/providers/rich/",
        "/providers/poor/",
        "/search/?near=Denver, CO&need=step_free_entry&max_price=900&accepting=yes",
        "/search/?near=80202&therapy=full_kap&within=50&sort=price&unconfirmed=hide",
        "/search/?near=Springfield",
        "/search/?near=Zanzibarquux&lat=x&route=y&max_price=-1&page=0",
    ],
)
def test_no_english_stands_on_a_spanish_page(path):
    english, spanish = visit(path), visit(f"/es{path}")
    shared = texts_of(english) & texts_of(spanish)
    same = SAME | {language.endonym for language in vocabulary.LANGUAGES.values()}
    same |= set(Region.objects.values_list("name_en", flat=True))
    left = {text for text in shared - same if NAMES.sub("", text)}
    assert "The clinic" not in spanish.words
    assert spanish.has("html", lang="es")
    assert left == set()
