"""System checks of what a real directory may not hold."""

from django.core.checks import Error, register
from django.db import DatabaseError

from providers.models import Provider


@register("listings", deploy=True)
def no_samples(app_configs, **options) -> list[Error]:
    """Invented listings are refused at deployment; before migrating there are none."""
    try:
        found = Provider.objects.samples().exists()
    except DatabaseError:
        return []
    if not found:
        return []
    hint = "Delete them: manage.py sample --remove"
    return [
        Error("Sample listings stand in this directory.", hint, id="providers.E001")
    ]
