"""Listings are written by `actions` alone, and each edit leaves one Change."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.urls import reverse

from providers import actions, documents
from providers.models import Change, Offering, PriceLine, Provider, Source
from tests import factories
from tests.forms_in_pages import filled, row, submit

ROOT = Path(__file__).parent.parent / "providers"

# --- Nothing else writes -------------------------------------------------------------

WRITES = {
    *("save", "delete", "create", "get_or_create", "update_or_create"),
    *("bulk_create", "bulk_update", "asave", "adelete", "acreate", "aupdate"),
}
# Tables that hold no part of a listing; writing them leaves no Change.
OTHER_TABLES = {
    *("Region", "Place", "PlaceName", "CrisisLine", "RegulatoryNote", "LearnPage"),
    *("CourseTemplate", "CourseCount", "ImportRun", "Source", "Organization"),
    *("SearchChange",),
    *("Group", "Permission", "User", "Session"),
    *("TOTPDevice", "StaticDevice", "StaticToken"),
}
MANY_TO_MANY = {"serves"}
# Loaders of such tables, in which a row or a queryset is a variable.
LOADERS = {"imports/gazetteer.py", "management/commands/load_crisis_lines.py"}
# What every write of the models passes through.
PASSED = {"models/searching.py"}


def chain(call: ast.Call) -> list[str]:
    """ "Fact.objects.filter(…).update()" as ["Fact", "objects", "filter", "update"]."""
    names, node = [], call.func
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            names.insert(0, node.attr)
        node = getattr(node, "value", None) or getattr(node, "func", None)
        if node is None:
            return ["", *names]
    return [node.id, *names]


def is_write(call: ast.Call) -> bool:
    root, *names = chain(call)
    if not names or root == "actions" or root in OTHER_TABLES:
        return False
    named = {keyword.arg for keyword in call.keywords}
    if names[-1] == "update":  # a queryset takes names only; a dict, another dict
        return bool(named) and not call.args
    if names[-1] in ("set", "add", "remove", "clear"):
        return names[-2:-1] != [] and names[-2] in MANY_TO_MANY
    return names[-1] in WRITES and named != {"commit"}


def writes_in(source: str) -> list[int]:
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    return [call.lineno for call in calls if is_write(call)]


@pytest.mark.parametrize(
    "line",
    [
        "provider.save()",
        "row.delete()",
        "Fact.objects.create(code='x')",
        "Fact.objects.filter(pk=1).update(answer='no')",
        "Provider.objects.bulk_create(rows)",
        "model._base_manager.filter(pk__in=keys).delete()",
        "provider.facts.all().delete()",
        "offering.serves.set(regions)",
        "provider.offerings.update(**values)",
        "queryset.update(published=True)",
        "Change.objects.get_or_create(slug='x')",
    ],
)
def test_the_scan_sees_every_way_to_write(line):
    assert writes_in(line) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "actions.save(row, by=user)",
        "found.update({'a': 1})",
        "seen.add(key)",
        "Region.objects.bulk_create(rows)",
        "super().save_model(request, obj, form, change)",
        "form.save(commit=False)",
        "ImportRun.objects.create(importer='x')",
    ],
)
def test_the_scan_leaves_the_rest_alone(line):
    assert writes_in(line) == []


def test_only_actions_writes_listings():
    files = {str(path.relative_to(ROOT)): path for path in ROOT.rglob("*.py")}
    found = [
        f"{name}:{line}"
        for name, path in sorted(files.items())
        # The bench writes to a directory that is thrown away.
        if not name.startswith(("actions", "bench", "migrations"))
        and name not in LOADERS | PASSED
        for line in writes_in(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# --- One POST is one transaction and one Change --------------------------------------


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def provider():
    hours = {
        "closes": "17:00:00",
        "by_appointment": False,
        "note_en": "",
        "note_es": "",
    }
    return factories.provider(
        facts=factories.fact("wait_days", number=12),
        hours={"0|09:00:00": hours},
        sources={"clinic": ["K 1"]},
        organization="",
    )


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())


def page_of(thing, verb="change") -> str:
    name = thing._meta.model_name
    return reverse(f"admin:providers_{name}_{verb}", args=[thing.pk])


def rows_of(provider) -> dict[str, object]:
    offering = provider.offerings.get()
    return {
        "provider": provider,
        "offering": offering,
        "priceline": offering.prices.get(),
        "fact": provider.facts.get(),
        "hours": provider.hours.get(),
        "sourcerecord": provider.source_records.get(),
    }


CHANGES = {
    "provider": {
        "name": "Other",
        "offerings-0-variant": "depression",
        "offerings-0-method": "website",
        "hours-0-closes": "18:00",
    },
    "offering": {
        "variant": "depression",
        "serves": ["US-UT"],
        "method": "website",
        "prices-0-amount_min_cents": "300",
        "prices-0-method": "website",
    },
    "priceline": {"amount_min_cents": "300", "method": "website"},
    "fact": {"number": "20", "method": "website"},
    "hours": {"closes": "18:00"},
    "sourcerecord": {"key": "K 2"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_each_form_leaves_one_change_with_both_documents_and_its_editor(
    admin, boss, provider, name
):
    before, stories = document_of(provider), Change.objects.count()
    answer = submit(admin, page_of(rows_of(provider)[name]), **CHANGES[name])
    assert answer.status_code == 302
    assert Change.objects.count() == stories + 1
    change = Change.objects.latest()
    assert (change.provider, change.by, change.run) == (provider, boss, None)
    assert (change.before, change.after) == (before, document_of(provider))
    assert before != change.after


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_each_deletion_leaves_one_change(admin, boss, provider, name):
    before, stories = document_of(provider), Change.objects.count()
    admin.post(page_of(rows_of(provider)[name], "delete"), {"post": "yes"})
    assert Change.objects.count() == stories + 1
    change = Change.objects.latest()
    assert (change.before, change.by, change.slug) == (before, boss, provider.slug)
    gone = name == "provider"
    assert change.after == (None if gone else document_of(provider))


@pytest.mark.django_db
def test_a_listing_added_with_all_its_rows_is_one_change(admin):
    factories.regions()
    known = {"checked_on": "2025-05-17", "precision": "day", "method": "phone"}
    known |= {"source": str(Source.objects.get(code="clinic").pk)}
    parts = {"route": "oral", "setting": "in_clinic", "therapy": "none"}
    new = row("offerings", 0, **known, **parts, format="group", variant="")
    new |= row("hours", 0, weekday="0", opens="09:00", closes="17:00")
    submit(admin, "/admin/providers/provider/add/", name="A", region="US-CO", **new)
    (change,) = Change.objects.all()
    assert change.after["hours"]
    assert change.after["offerings"]


@pytest.mark.django_db
def test_listings_deleted_together_leave_one_change_each(admin):
    listings = [factories.provider() for _ in range(3)]
    chosen = {"_selected_action": [p.pk for p in listings], "post": "yes"}
    admin.post("/admin/providers/provider/", chosen | {"action": "delete_selected"})
    assert not Provider.objects.exists()
    assert Change.objects.filter(after__isnull=True).count() == 3


# --- A failure keeps nothing ---------------------------------------------------------


def failing(monkeypatch, kind):
    """Let the database refuse every row of one kind."""

    def refuse(self, *args, **options):
        raise IntegrityError("refused for the test")

    monkeypatch.setattr(kind, "save", refuse)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "kind"), [("provider", Offering), ("offering", PriceLine)]
)
def test_an_inline_row_that_fails_leaves_nothing_of_its_form(
    admin, provider, monkeypatch, name, kind
):
    before, stories = document_of(provider), Change.objects.count()
    failing(monkeypatch, kind)
    page = page_of(rows_of(provider)[name])
    answer = submit(admin, page, **CHANGES[name])
    assert answer.status_code == 302
    assert answer.url == page
    assert "Nothing was saved" in admin.get(page).content.decode()
    assert document_of(provider) == before
    assert Change.objects.count() == stories


@pytest.mark.django_db
def test_a_refused_row_keeps_the_whole_form_from_being_saved(admin, provider):
    before, stories = document_of(provider), Change.objects.count()
    page = submit(admin, page_of(provider), name="Other", **{"hours-0-closes": "x"})
    assert page.status_code == 200
    assert document_of(provider) == before
    assert Change.objects.count() == stories


@pytest.mark.django_db
def test_a_deletion_that_fails_half_way_keeps_everything(admin, monkeypatch):
    listings = [factories.provider() for _ in range(2)]
    stories = Change.objects.count()
    remove = actions.remove

    def remove_one_only(row, *, by):
        if row.pk == max(p.pk for p in listings):
            raise RuntimeError("half way")
        remove(row, by=by)

    monkeypatch.setattr(actions, "remove", remove_one_only)
    chosen = {"_selected_action": [p.pk for p in listings], "post": "yes"}
    with pytest.raises(RuntimeError):
        admin.post("/admin/providers/provider/", chosen | {"action": "delete_selected"})
    assert Provider.objects.count() == 2
    assert Change.objects.count() == stories


@pytest.mark.django_db
def test_two_editors_who_take_one_web_address_at_once_see_a_message(admin, monkeypatch):
    """Both forms were right when they were checked; the database decides."""
    factories.provider(slug="lumen")
    page = "/admin/providers/provider/add/"
    values = filled(admin.get(page)) | {"name": "Lumen", "region": "US-CO"}
    monkeypatch.setattr(
        "providers.admin.provider_form.free_slug", lambda name, city: "lumen"
    )
    monkeypatch.setattr(Provider, "validate_unique", lambda self, exclude=None: None)
    answer = admin.post(page, values | {"_save": "Save"}, follow=True)
    assert "Nothing was saved" in answer.content.decode()
    assert Provider.objects.count() == 1
