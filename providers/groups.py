"""The groups of people who keep the directory, and what each may do.

Made after every migration: on a fresh database a migration itself finds no
permissions yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from providers import actions, rights

ALL = ("view", "add", "change", "delete")
SAVE = ("view", "add", "change")
VIEW = ("view",)

EDITORS = {
    "providers.provider": ALL,
    "providers.offering": ALL,
    "providers.priceline": ALL,
    "providers.fact": ALL,
    "providers.hours": ALL,
    "providers.organization": ALL,
    "providers.check": ALL,
    "providers.sourcerecord": ALL,
    "providers.source": SAVE,
    "providers.change": VIEW,
    "providers.conflict": ("view", "change"),
    "providers.importrun": VIEW,
    "providers.region": VIEW,
    "providers.place": VIEW,
    "providers.placename": VIEW,
}
# What stands in every region is nobody's there alone; `rights` limits the rest.
REGIONAL_EDITORS = EDITORS | {
    "providers.organization": VIEW,
    "providers.source": VIEW,
}
MANAGERS = EDITORS | {
    "providers.regulatorynote": ALL,
    "providers.crisisline": ALL,
    "providers.coursetemplate": ALL,
    "providers.coursecount": ALL,
    "providers.learnpage": ALL,
    "providers.region": ALL,
    "providers.regionaleditor": ALL,
    "auth.user": ALL,
    "auth.group": ALL,
}
GROUPS = {
    "editors": EDITORS,
    rights.REGIONAL: REGIONAL_EDITORS,
    "managers": MANAGERS,
}


def after_migrate(*, apps=installed, plan=(), **_options) -> None:
    """Make the groups and the sources; what an operator added to them stays."""
    if any(backwards for _migration, backwards in plan) or not _has_tables(apps):
        return
    for label in ("auth", "providers"):
        create_permissions(installed.get_app_config(label), verbosity=0)
    for name, allowed in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(allowed))
    actions.ensure_sources()


def _has_tables(apps) -> bool:
    """False while somebody migrates another app alone, before this one's turn."""
    try:
        return bool(apps.get_model("providers", "Source"))
    except LookupError:
        return False


def _permissions(allowed: dict[str, tuple[str, ...]]) -> Iterator[Permission]:
    for model, verbs in allowed.items():
        app, name = model.split(".")
        named = [f"{verb}_{name}" for verb in verbs]
        yield from Permission.objects.filter(
            content_type__app_label=app, codename__in=named
        )
