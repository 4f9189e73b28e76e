"""The admin's pages of listings, what they show, and the document that is saved."""

from django.urls import reverse

from providers import documents
from providers.models import Provider

LIST = "/admin/providers/provider/"
ADD = "/admin/providers/provider/add/"


def page_of(provider) -> str:
    return reverse("admin:providers_provider_change", args=[provider.pk])


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())


def names_in(page) -> set[str]:
    """The names of the listings in the list."""
    return {provider.name for provider in page.context["cl"].result_list}
