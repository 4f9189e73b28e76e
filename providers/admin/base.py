"""What the admin's pages share: writes through actions, read-only history, forms."""

from __future__ import annotations

from contextlib import ExitStack

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from providers import actions, rights
from providers.admin import newer, unusual
from providers.admin.forms import GuardedForm
from providers.models import Provider


class FormsMixin:
    """For pages and inlines alike: guarded forms, https where no scheme is typed.

    A form offers, and takes, only listings that the person at the desk may keep.
    """

    form = GuardedForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_fieldsets(self, request, obj=None):
        """What the page shows goes along, hidden (see StandingForm)."""
        kept = super().get_fieldsets(request, obj)
        may_save = obj is None or self.has_change_permission(request, obj)
        if "seen" not in self.form.base_fields or not may_save:
            return kept
        (name, options), *rest = kept
        fields = [f for f in options["fields"] if f != "seen"]
        return [(name, options | {"fields": [*fields, "seen"]}), *rest]

    def formfield_for_dbfield(self, db_field, request, **options):
        """A source or a region is edited on its own page, not from every row."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.related_model is Provider:
            options["queryset"] = rights.listings_of(request.user)
        elif db_field.model is Provider and db_field.name == "region":
            options["queryset"] = rights.addresses_of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **options)


class RecordAdmin(FormsMixin, admin.ModelAdmin):
    """A page whose rows belong to no listing: Django saves them and logs who did."""

    show_facets = admin.ShowFacets.NEVER  # counting every filter costs a query each
    list_per_page = 50

    class Media:
        css = {"all": ["providers/admin.css"]}

    def changeform_view(self, request, *args, **options):
        """Two editors at one moment: the form was right, and the database is not."""
        try:
            return super().changeform_view(request, *args, **options)
        except IntegrityError:
            text = _(
                "Nothing was saved: somebody else has just saved something that this "
                "does not go with. Please look at it and try again."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class TheirsMixin:
    """Shows only rows of listings that the person at the desk may keep.

    So does every page, action and autocomplete: each starts from this queryset.
    """

    listing_path = "provider"  # from a row to its listing

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rights.only_theirs(rows, request.user, listing=self.listing_path)


class ListingAdmin(TheirsMixin, RecordAdmin):
    """A page that edits a listing or rows of one, through actions.

    One POST is one transaction and leaves one Change for each listing it touches.
    """

    def get_object(self, request, object_id, from_field=None):
        """While it is saved nobody else writes the listing; see `newer`."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            actions.lock([actions.listing_of(found).pk])
            found = super().get_object(request, object_id, from_field)
        if found is not None:
            request.newer = newer.since_opened(request, actions.listing_of(found))
        return found

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change=change, **options)
        form.newer = obj is not None and request.newer.is_newer
        return form

    def render_change_form(self, request, context, *args, **options):
        context["newer"] = getattr(request, "newer", None)
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request, obj, form, change) -> None:
        """Wait for `save_related`: the row and its inlines are one edit."""

    def save_related(self, request, form, formsets, change) -> None:
        listing = actions.listing_of(form.instance)
        with actions.recording(listing, by=request.user):
            self.save_row(request, form, change)
            super().save_related(request, form, formsets, change)

    def save_row(self, request, form, change) -> None:
        actions.save(form.instance, by=request.user)
        if form.has_changed():
            unusual.warn(request, [form.instance])

    def save_formset(self, request, form, formset, change) -> None:
        changed = formset.save(commit=False)
        for row in formset.deleted_objects:
            actions.remove(row, by=request.user)
        for row in changed:
            actions.save(row, by=request.user)
        unusual.warn(request, changed)
        formset.save_m2m()

    def delete_model(self, request, obj) -> None:
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request, queryset) -> None:
        rows = list(queryset)
        listings = [actions.listing_of(row) for row in rows]
        with transaction.atomic(), ExitStack() as recordings:
            for listing in {listing.pk: listing for listing in listings}.values():
                recordings.enter_context(actions.recording(listing, by=request.user))
            for row in rows:
                actions.remove(row, by=request.user)

    def get_readonly_fields(self, request, obj=None):
        """A row stays with its listing: moving it would change two of them."""
        kept = super().get_readonly_fields(request, obj)
        return [*kept, *self.fixed_fields] if obj else kept

    fixed_fields: tuple[str, ...] = ()


class ReadOnlyMixin:
    """History: everybody with the permission may read it, nobody may touch it."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
