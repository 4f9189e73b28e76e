"""Whose listings an account may see and keep: all, or those of its regions."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from providers.models import Provider, RegionalEditor

REGIONAL = "regional editors"
UNLIMITED = ("editors", "managers")


def regions_of(user: AbstractBaseUser) -> frozenset[str] | None:
    """The regions to which an account is limited; None for no limit.

    A regional editor without a region keeps nothing. Asked once a request.
    """
    if not hasattr(user, "_kept_regions"):
        user._kept_regions = _regions_of(user)
    return user._kept_regions


def _regions_of(user: AbstractBaseUser) -> frozenset[str] | None:
    if user.is_superuser:
        return None
    groups = set(user.groups.values_list("name", flat=True))
    if REGIONAL not in groups or groups.intersection(UNLIMITED):
        return None
    kept = RegionalEditor.objects.filter(user=user)
    return frozenset(kept.values_list("region", flat=True))


def listings_of(user: AbstractBaseUser) -> QuerySet[Provider]:
    """The listings that an account may see and keep in the admin."""
    regions = regions_of(user)
    if regions is None:
        return Provider.objects.all()
    return Provider.objects.in_regions(regions)


def only_theirs(
    rows: QuerySet, user: AbstractBaseUser, *, listing: str = "provider"
) -> QuerySet:
    """Those of the rows whose `listing` the account may keep."""
    if regions_of(user) is None:
        return rows
    return rows.filter(**{f"{listing}__in": listings_of(user)})


def may_keep(user: AbstractBaseUser, provider: Provider) -> bool:
    """Whether the account may edit a listing that stands."""
    return listings_of(user).filter(pk=provider.pk).exists()


def may_keep_in(user: AbstractBaseUser, region: str) -> bool:
    """Whether the account may have a listing in the region (a code)."""
    regions = regions_of(user)
    if regions is None:
        return True
    return region in regions or region[:2] in regions
