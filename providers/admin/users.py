"""People. Nobody hands out, or takes over, rights that they do not hold themselves."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from providers import groups
from providers.admin.base import FormsMixin
from providers.admin.second_factor import devices, pages
from providers.models import Region, RegionalEditor

SUPERUSERS_ONLY = ("is_superuser", "user_permissions")
REGION_KINDS = ("subdivision", "country", "union")


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


# The keys of second factors are nobody's to read.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class RegionInline(FormsMixin, admin.TabularInline):
    """The regions of a regional editor. Editors and managers keep every region."""

    model = RegionalEditor
    fields = ["region"]
    autocomplete_fields = ["region"]
    extra = 0

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.name == "region":
            options["queryset"] = Region.objects.filter(kind__in=REGION_KINDS)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(User)
class PersonAdmin(UserAdmin):
    show_facets = admin.ShowFacets.NEVER
    inlines = [RegionInline]
    actions = ["reset_second_factor"]
    list_display = [
        *("username", "email", "first_name", "last_name", "is_staff", "has_app"),
    ]
    readonly_fields = ["has_app"]

    class Media:
        css = {"all": ["providers/admin.css"]}

    def get_urls(self):
        return [*pages.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request):
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_app=Exists(apps))

    def get_inlines(self, request, obj):
        """An account that is only being made has no groups yet, so no regions."""
        return self.inlines if obj else []

    @admin.display(description=_("second factor"), boolean=True, ordering="has_app")
    def has_app(self, person: User) -> bool:
        return person.has_app

    @admin.action(description=_("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request, queryset) -> None:
        """For a lost phone: they are logged out, and set it up anew."""
        done = [person for person in queryset if _below(request, person)]
        for person in done:
            devices.reset(person)
            self.log_change(request, person, "Reset the second factor.")
        if done:
            text = ngettext("%d second factor reset.", "%d reset.", len(done))
            self.message_user(request, text % len(done), messages.SUCCESS)
        if len(done) < len(queryset):
            text = gettext("Not reset: accounts with more rights than your own.")
            self.message_user(request, text, messages.ERROR)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj:
            fieldsets = [*fieldsets, (_("Second factor"), {"fields": ["has_app"]})]
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

    def get_readonly_fields(self, request, obj=None):
        """By its name `rights` knows who is limited to regions."""
        return ["name"] if obj and obj.name in groups.GROUPS else []

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and self._held(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._held(request, obj)

    def _held(self, request, group: Group | None) -> bool:
        if group is None:
            return True
        rights = set(group.permissions.values_list("pk", flat=True))
        return may_grant(request.user, rights)
