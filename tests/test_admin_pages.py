"""What holds for every page of the admin: the strict policy, and its place."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import resolve, reverse

from providers import actions
from providers.models import Check
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def pages():
    """One page of each kind."""
    provider = factories.provider(facts=factories.fact("medicaid"))
    actions.record_check(
        provider=provider,
        group="contact",
        outcome="confirmed",
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(1),
    )
    rows = [provider, provider.offerings.get(), provider.facts.get()]
    rows += [provider.changes.first(), Check.objects.get()]
    places = [(f"admin:providers_{row._meta.model_name}", row.pk) for row in rows]
    return [
        "/admin/",
        "/admin/providers/provider/add/",
        reverse("admin:providers_provider_delete", args=[provider.pk]),
        *(reverse(f"{name}_changelist") for name, _pk in places),
        *(reverse(f"{name}_change", args=[pk]) for name, pk in places),
        reverse("admin:auth_user_add"),
    ]


def test_no_page_needs_what_the_policy_forbids(admin, pages):
    for address in pages:
        page = admin.get(address)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        text = page.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), address
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/json" in script, address
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\S+", text)
        assert not [tag for tag in loaded if "//" in tag], address


def test_the_admin_stands_outside_the_languages_of_the_public_pages(admin):
    assert resolve("/admin/").app_name == "admin"
    assert admin.get("/es/admin/").status_code == 404
