"""What holds for every test."""

import pytest
from django.utils import translation
from hypothesis import settings

from tests import factories, pages

# A slow example on a busy machine is no failure; all tests fit into three minutes.
settings.register_profile("unhurried", settings(), deadline=None, max_examples=50)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items):
    """pytest-django makes a test database only for tests that say they use one."""
    for item in items:
        if "django_db_setup" in item.fixturenames:
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test starts anew."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def gazetteer(django_db_setup, django_db_blocker):
    """The small gazetteer, there for a whole module, gone after it."""
    with django_db_blocker.unblock(), factories.rolled_back():
        pages.gazetteer()
        yield


@pytest.fixture
def scratch(gazetteer):
    """The small gazetteer, and a database that forgets what one test writes."""
    with factories.rolled_back():
        yield
