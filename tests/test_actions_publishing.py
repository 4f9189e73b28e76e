"""What is fit to be published is, and takes the place of the samples."""

import pytest

from providers import actions
from providers.models import Change, Provider
from tests import factories
from tests.acting import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return listed()


def publish(*providers, published=True, by=None):
    return actions.set_published(providers=providers, published=published, by=by)


def test_publishing_says_what_was_done_and_what_was_refused(editor):
    fit = factories.provider(published=False)
    unchecked = factories.provider(published=False, contact=None)
    unwanted = factories.provider(published=False, status="do_not_list")
    done, refused = publish(fit, unchecked, unwanted, by=editor)
    assert (done, refused) == ([fit], [unchecked, unwanted])
    assert list(Provider.objects.filter(published=True)) == [fit]
    assert fit.changes.first().by == editor
    assert unchecked.changes.count() == 1


def test_anything_may_be_unpublished(provider):
    assert publish(provider, published=False) == ([provider], [])
    assert not Provider.objects.filter(published=True).exists()


def test_publishing_what_is_published_leaves_no_change(provider):
    publish(provider)
    assert provider.changes.count() == 1


def test_the_first_real_listing_to_be_published_takes_the_place_of_samples():
    factories.provider(is_sample=True)
    real = factories.provider(published=False)
    publish(real)
    assert list(Provider.objects.all()) == [real]


@pytest.mark.parametrize("published", [True, False])
def test_samples_stay_where_nothing_real_is_published(published):
    sample = factories.provider(is_sample=True, published=not published)
    refused = factories.provider(published=False, contact=None)
    publish(sample, refused, published=published)
    assert Provider.objects.count() == 2


def test_removed_samples_leave_no_story():
    factories.provider(is_sample=True)
    real = factories.provider()
    assert actions.remove_samples() == 1
    assert Change.objects.get().provider == real
    assert actions.remove_samples() == 0
