"""No page of the desk, and no file, reaches a listing of another region."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from providers import actions, documents
from providers.models import (
    Change,
    Conflict,
    ImportRun,
    ProblemReport,
    Provider,
    Upload,
)
from tests import regional
from tests.forms_in_pages import filled

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def here(client):
    return regional.desk(client)


# --- What the desk lets them do -------------------------------------------------------


def moved_away_and_back(provider: Provider, by: User) -> Change:
    """The change with which somebody brought a listing from Utah to Colorado."""
    now = documents.document(provider)
    actions.apply([actions.Edit(provider, now | {"region": "US-UT"})], by=by)
    actions.apply([actions.Edit(provider, now)], by=by)
    return provider.changes.latest()


def test_taking_a_change_back_moves_no_listing_out_of_their_regions(client, here):
    own, _another = here
    change = moved_away_and_back(own["provider"], User.objects.get(username="maker"))
    page = reverse("admin:take_back", args=[change.pk])
    assert client.post(page).status_code in (403, 404)
    own["provider"].refresh_from_db()
    assert own["provider"].region_id == "US-CO"


def test_a_deleted_listing_of_their_regions_is_found_and_comes_back(client, here):
    own, another = here
    maker = User.objects.get(username="maker")
    for listing in (own["provider"], another["provider"]):
        with actions.recording(listing, by=maker):
            actions.remove(listing, by=maker)
    deletions = Change.objects.filter(after__isnull=True).in_bulk()
    page = client.get(reverse("admin:providers_change_changelist"))
    shown = set(page.context["cl"].queryset.values_list("pk", flat=True))
    [ours] = shown & set(deletions)
    assert deletions[ours].before["region"] == "US-CO"
    client.post(reverse("admin:take_back", args=[ours]))
    assert Provider.objects.filter(slug=own["provider"].slug).exists()


def test_settling_a_conflict_moves_no_listing_out_of_their_regions(client, here):
    own, _another = here
    run = ImportRun.objects.create(importer="listings", file_name="b")
    conflict = Conflict.objects.create(
        provider=own["provider"], run=run, path="region", kept="US-CO", offered="US-UT"
    )
    client.post(reverse("admin:conflict_take", args=[conflict.pk]))
    own["provider"].refresh_from_db()
    assert own["provider"].region_id == "US-CO"


def test_the_queue_shows_and_assigns_theirs_only(client, here):
    own, another = here
    text = client.get(reverse("admin:queue")).content.decode()
    assert another["provider"].name not in text
    chosen = [str(one["provider"].pk) for one in (own, another)]
    me = str(User.objects.get(username="keeper").pk)
    client.post(reverse("admin:queue-assign"), {"listing": chosen, "to": me})
    assert not hasattr(Provider.objects.get(pk=another["provider"].pk), "assignment")


def test_a_listing_is_neither_merged_nor_compared_with_another_regions(client, here):
    own, another = here
    keys = [own["provider"].pk, another["provider"].pk]
    for pair in (keys, keys[::-1]):
        assert client.get(reverse("admin:compare", args=pair)).status_code == 404
        assert client.post(reverse("admin:merge", args=pair)).status_code == 404
        assert client.post(reverse("admin:keep_apart", args=pair)).status_code == 404


def test_reports_of_other_regions_are_neither_shown_nor_dealt_with(client, here):
    own, another = here
    ProblemReport.objects.filter(pk=another["report"].pk).update(text="zanzibarquux")
    text = client.get(reverse("admin:reports")).content.decode()
    assert own["report"].text in text
    assert "zanzibarquux" not in text
    chosen = {"report": [own["report"].pk, another["report"].pk]}
    client.post(reverse("admin:reports-resolve"), chosen)
    assert [report.pk for report in ProblemReport.objects.open()] == [
        another["report"].pk
    ]


DESK_LISTS = ("queue", "duplicates", "reports", "import", "index")


@pytest.mark.parametrize("name", DESK_LISTS)
def test_no_page_of_the_desk_names_another_regions_listing(client, here, name):
    _own, another = here
    names = [listing.name for listing in another["pair"]]
    for listing in another["pair"]:
        twin = documents.document(listing) | {"street": "1 Main", "postcode": "84601"}
        actions.apply([actions.Edit(listing, twin)], by=another["importrun"].by)
    text = client.get(reverse(f"admin:{name}")).content.decode()
    assert not [name for name in names if re.search(rf"\b{name}\b", text)]


# --- Files ----------------------------------------------------------------------------


HEADINGS = "source,source_id,name,street,city,region,postcode,country,status\n"


def file_of(*rows: str):
    text = HEADINGS + "".join(f"{row}\n" for row in rows)
    return SimpleUploadedFile("a.csv", text.encode(), content_type="text/csv")


def bring_in(client, *rows: str) -> ImportRun:
    """Send a file, look at the preview and confirm it, as an editor does."""
    typed = {
        "kind": "listings",
        "reported": "2026-01",
        "keep_all": "on",
        "file": file_of(*rows),
    }
    answer = client.post(reverse("admin:import"), typed, follow=True)
    assert "fingerprint" in filled(answer), answer.redirect_chain
    upload = Upload.objects.latest("pk")
    confirm = reverse("admin:import_confirm", args=[upload.pk])
    client.post(confirm, filled(answer))
    return ImportRun.objects.latest()


def test_a_file_touches_their_regions_only(client, here):
    _own, another = here
    theirs = another["provider"]
    before = regional.document_of(another)
    key = theirs.source_records.get()
    run = bring_in(
        client,
        "clinic,new-1,Lumen,1 Main St,Denver,US-CO,80202,US,active",
        "clinic,new-2,Noctis,1 Main St,Provo,US-UT,84601,US,active",
        f"{key.source.code},{key.key},Taken,1 Main St,Denver,US-CO,80202,US,active",
    )
    assert run.by == User.objects.get(username="keeper")
    assert (run.new, run.rejected) == (1, 2), run.report
    assert Provider.objects.filter(name="Lumen").exists()
    assert not Provider.objects.filter(name__in=["Noctis", "Taken"]).exists()
    assert regional.document_of(another) == before


def test_an_export_holds_their_listings_only(client, here):
    own, another = here
    page = reverse("admin:export", args=["listings", "csv"])
    text = b"".join(client.get(page).streaming_content).decode()
    assert own["provider"].name in text
    assert another["provider"].name not in text


def test_a_run_that_touched_listings_elsewhere_is_not_theirs_to_undo(client, here):
    own, _another = here
    run = own["importrun"]
    now = documents.document(own["provider"])
    edit = actions.Edit(own["provider"], now | {"city": "Aspen"})
    actions.apply([edit], run=run)
    moved = documents.document(own["provider"]) | {"region": "US-UT", "city": "Aspen"}
    maker = User.objects.get(username="maker")
    actions.apply([actions.Edit(own["provider"], moved)], by=maker)
    client.post(reverse("admin:undo_run", args=[run.pk]))
    assert ImportRun.objects.undoable().filter(pk=run.pk).exists()
