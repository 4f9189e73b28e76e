"""People. Nobody hands out, or takes over, rights that they do not hold themselves."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

SUPERUSERS_ONLY = ("is_superuser", "user_permissions")


def rights_of(user: User) -> set[int]:
    """Keys of the permissions that an account has, or would have once active."""
    mine = Q(user=user) | Q(group__user=user)
    return set(Permission.objects.filter(mine).values_list("pk", flat=True))


def may_grant(user: User, wanted: set[int]) -> bool:
    return user.is_superuser or wanted <= rights_of(user)


def _grantable_groups(user: User):
    if user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=rights_of(user))
    return Group.objects.exclude(permissions__in=beyond)


admin.site.unregister([User, Group])


@admin.register(User)
class PersonAdmin(UserAdmin):
    show_facets = admin.ShowFacets.NEVER

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, options | {"fields": _without(options["fields"])})
            for title, options in fieldsets
        ]

    def formfield_for_manytomany(self, db_field, request=None, **options):
        if db_field.name == "groups":
            options["queryset"] = _grantable_groups(request.user)
        return super().formfield_for_manytomany(db_field, request, **options)

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and _below(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and _below(request, obj)


def _without(fields):
    return [name for name in fields if name not in SUPERUSERS_ONLY]


def _below(request, person: User | None) -> bool:
    """Whether the account has no right that the person at the desk lacks."""
    if person is None or request.user.is_superuser:
        return True
    return not person.is_superuser and may_grant(request.user, rights_of(person))


@admin.register(Group)
class RightsAdmin(GroupAdmin):
    show_facets = admin.ShowFacets.NEVER

    def formfield_for_manytomany(self, db_field, request=None, **options):
        field = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "permissions" and not request.user.is_superuser:
            field.queryset = field.queryset.filter(pk__in=rights_of(request.user))
        return field

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and self._held(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._held(request, obj)

    def _held(self, request, group: Group | None) -> bool:
        if group is None:
            return True
        rights = set(group.permissions.values_list("pk", flat=True))
        return may_grant(request.user, rights)
