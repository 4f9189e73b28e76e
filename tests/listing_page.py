"""The admin's page of a listing, and the document of what it saved."""

from django.urls import reverse

from providers import documents
from providers.models import Provider

ADD = "/admin/providers/provider/add/"


def page_of(provider) -> str:
    return reverse("admin:providers_provider_change", args=[provider.pk])


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())
