"""What holds for every test."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import translation
from hypothesis import settings

from tests import every_model, factories, gazetteers, pages

# A slow example on a busy machine is no failure. What held of 50 on SQLite is asked of
# fewer on PostgreSQL.
EXAMPLES = {"sqlite": 50, "postgresql": 20}[connection.vendor]
settings.register_profile("unhurried", deadline=None, max_examples=EXAMPLES)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(config, items):
    """Mark what uses a database; PostgreSQL has nothing to say of the rest.

    pytest-django makes a test database only for tests that say they use one.
    """
    for item in items:
        if "django_db_setup" in item.fixturenames:
            item.add_marker(pytest.mark.django_db)
    if connection.vendor == "postgresql":
        asked = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=[i for i in items if i not in set(asked)])
        items[:] = asked


def _asks_a_database(item) -> bool:
    if item.path.name.startswith("test_costs"):
        return True  # what care costs is held everywhere, though it is pure
    if item.get_closest_marker("any_database"):
        return False
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool({"db", "transactional_db"}.intersection(item.fixturenames))


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


@pytest.fixture
def regions_and_source(db):
    """What every listing refers to."""
    factories.regions()
    factories.source()


@pytest.fixture
def small_places(db):
    """The small gazetteer, and what every listing refers to."""
    gazetteers.load_small()
    factories.regions()
    factories.source()


@pytest.fixture
def rows(db):
    """One valid row of every model, by model."""
    return every_model.valid_rows()


@pytest.fixture
def scratch_file(tmp_path, django_db_setup, django_db_blocker):
    """A database in a file of its own, as the tests' own is made."""
    path = tmp_path / "scratch.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        path.write_bytes(connection.connection.serialize())
    return path


@pytest.fixture
def editor(client):
    """One of the editors, signed in."""
    found = User.objects.create_user("edith", is_staff=True)
    found.groups.add(Group.objects.get(name="editors"))
    client.force_login(found)
    return found


@pytest.fixture
def boss(db):
    """A superuser."""
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    """The browser of the superuser, who is signed in."""
    client.force_login(boss)
    return client
