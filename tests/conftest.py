"""What holds for every test."""

import pytest
from django.utils import translation
from hypothesis import settings

# A slow example on a busy machine is no failure.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread; the next test starts anew."""
    with translation.override("en"):
        yield
