"""Regional editors at the desk, and listings that are theirs or are not."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.test import Client

from providers import documents, rights
from providers.models import Provider, RegionalEditor
from tests import factories
from tests.admin_addresses import rows_in


def keeper(*regions: str, group: str = rights.REGIONAL, name: str = "keeper") -> User:
    factories.regions()
    made = User.objects.create_user(name, is_staff=True)
    made.groups.add(Group.objects.get(name=group))
    for code in regions:
        RegionalEditor.objects.create(user=made, region_id=code)
    return made


def desk(client: Client) -> tuple[dict, dict]:
    """Log a regional editor of Colorado in: rows of theirs, and those of Utah."""
    user = keeper("US-CO")
    stranger = User.objects.create_user("maker", is_staff=True)
    client.force_login(user)
    return rows_in("US-CO", by=user), rows_in("US-UT", by=stranger)


def document_of(rows: dict) -> documents.Document:
    return documents.document(Provider.objects.get(pk=rows["provider"].pk))
