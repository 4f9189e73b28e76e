"""When samples are loaded, when they are refused, and what deployment says of them."""

from io import StringIO

import pytest
from django.core.checks import registry
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from providers import checks
from providers.imports import samples
from providers.models import Place, Provider
from providers.models.provider import ProviderQuerySet
from tests import factories
from tests.sample_places import gazetteer

pytestmark = pytest.mark.any_database


def command(*args: str) -> str:
    said = StringIO()
    call_command("sample", *args, stdout=said)
    return said.getvalue().strip()


def test_the_command_says_how_many_it_loaded(db):
    gazetteer()
    assert command() == "240 sample listings loaded."


def test_without_a_gazetteer_it_says_what_to_run(db):
    with pytest.raises(CommandError, match="load_places") as refused:
        command()
    assert "\n" not in str(refused.value)
    assert not Provider.objects.exists()


def test_a_region_without_towns_is_named(db):
    gazetteer()
    Place.objects.filter(region="US-WY").delete()
    with pytest.raises(samples.GazetteerLacksTownsError, match=r"^US-WY$"):
        samples.load(timezone.localdate())


def test_samples_are_refused_where_real_listings_are(db):
    gazetteer()
    real = factories.provider()
    with pytest.raises(CommandError, match="Real listings are here"):
        command()
    assert list(Provider.objects.all()) == [real]


def test_a_real_draft_is_a_real_listing(db):
    factories.provider(published=False)
    with pytest.raises(CommandError, match="Real listings are here"):
        command()


def test_deployment_is_not_refused_without_samples(db):
    factories.provider()
    assert checks.no_samples(None) == []


def test_the_check_belongs_to_deployment_only(db):
    assert checks.no_samples in registry.registry.deployment_checks
    assert checks.no_samples not in registry.registry.registered_checks


def test_before_the_tables_are_made_nothing_is_amiss(monkeypatch):
    def no_table(self):
        raise OperationalError("no such table")

    monkeypatch.setattr(ProviderQuerySet, "exists", no_table)
    assert checks.no_samples(None) == []
