"""Whose listings an account may see and keep: all, or those of its regions."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet

from providers.models import Change, ImportRun, Provider, Region, RegionalEditor

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
    if groups.intersection(UNLIMITED):
        return None
    kept = RegionalEditor.objects.filter(user=user)
    regions = frozenset(kept.values_list("region", flat=True))
    # Regions limit an account of any other group too, whatever rights that one gives.
    return regions if regions or REGIONAL in groups else None


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


def runs_of(user: AbstractBaseUser) -> QuerySet[ImportRun]:
    """The import runs that an account may read: of a limited one, only its own.

    The report of a run names listings of every region.
    """
    if regions_of(user) is None:
        return ImportRun.objects.all()
    return ImportRun.objects.filter(by=user)


def changes_of(user: AbstractBaseUser) -> QuerySet[Change]:
    """The changes that an account may read: of its listings, and of those now gone."""
    if regions_of(user) is None:
        return Change.objects.all()
    inside = list(addresses_of(user).values_list("code", flat=True))
    gone = Q(provider=None, before__region__in=inside)
    return Change.objects.filter(Q(provider__in=listings_of(user)) | gone)


def may_undo(user: AbstractBaseUser, run: ImportRun) -> bool:
    """Whether the account may keep, as they stand now, all listings it touched."""
    if regions_of(user) is None:
        return True
    touched = Provider.objects.filter(changes__run=run)
    return not touched.exclude(pk__in=listings_of(user).values("pk")).exists()


def may_keep(user: AbstractBaseUser, provider: Provider) -> bool:
    """Whether the account may edit a listing that stands."""
    return listings_of(user).filter(pk=provider.pk).exists()


def addresses_of(user: AbstractBaseUser) -> QuerySet[Region]:
    """The regions in which an account may have a listing's address.

    Its own and those within them, as `Provider.objects.in_regions` means it.
    """
    codes = regions_of(user)
    if codes is None:
        return Region.objects.all()
    inside = Q(code__in=codes) | Q(parent__in=codes)
    return Region.objects.filter(inside | Q(parent__parent__in=codes))


def may_keep_in(user: AbstractBaseUser, region: str) -> bool:
    """Whether the account may have a listing in the region (a code)."""
    if regions_of(user) is None:
        return True
    return addresses_of(user).filter(code=region).exists()
