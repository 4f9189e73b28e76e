"""One sitting at the desk: an unknown spreadsheet of sixty clinics becomes listings.

Everything goes through the admin's own pages, as a new editor would do it.
"""

import csv
import io
import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from providers.models import ColumnMapping, ImportRun, Provider
from tests import factories, pages
from tests.forms_in_pages import filled

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

IMPORT = "/admin/providers/provider/import/"
EXPORT = "/admin/providers/provider/export/"
TREATMENTS = ["IV ketamine drip", "Spravato", "IM shots", "Lozenges by mail"]
MEANING = {
    "IV ketamine drip": "iv_infusion",
    "IM shots": "im_injection",
    "Lozenges by mail": "sublingual",
}
COSTS = ["$450", "$400-$550", "$1,200"]


def sixty_clinics() -> bytes:
    """As a volunteer keeps them: her own headings, her own words."""
    file = io.StringIO(newline="")
    rows = [clinic(n) for n in range(60)]
    sheet = csv.DictWriter(file, rows[0])
    sheet.writeheader()
    sheet.writerows(rows)
    return file.getvalue().encode()


def clinic(n: int) -> dict[str, str]:
    return {
        "Clinic": f"Aspen Clinic {n:02}",
        "Address": f"{100 + n} Pine Street",
        "Town": "Denver",
        "State": "Colorado",
        "Zip": "80202",
        "Tel": f"303-555-01{n:02}",
        "Treatment": TREATMENTS[n % 4],
        "Cost per session": COSTS[n % 3],
        "Called on": f"{factories.days_ago(20):%m/%d/%Y}",
        "Remarks": "nice on the phone",
    }


@pytest.fixture
def editor(client):
    pages.gazetteer()
    user = User.objects.create_user("new", is_staff=True)
    user.groups.add(Group.objects.get(name="editors"))
    client.force_login(user)
    return client


def exported(client) -> dict[str, bytes]:
    return {
        kind: b"".join(client.get(f"{EXPORT}{kind}/csv/").streaming_content)
        for kind in ("listings", "prices")
    }


def send(client, **given):
    page = client.get(IMPORT)
    file = SimpleUploadedFile("sixty.csv", sixty_clinics(), "text/csv")
    return client.post(
        IMPORT, filled(page) | {"file": file, "kind": "listings"} | given
    )


def read_as_guessed(client, address):
    """Look at the guess, leave it as it is, and explain the words it asks about."""
    page = client.get(address)
    assert "Cost per session" in page.content.decode()
    answer = client.post(address, filled(page))
    if answer.status_code == 302:
        return answer
    assert "some words below need a meaning" in answer.content.decode()
    text = answer.content.decode()
    asked = re.findall(r'<label for="id_(word-routes-\w+)">“([^”]+)”', text)
    meant = {name: MEANING[word] for name, word in asked}
    return client.post(address, filled(answer) | meant)


def confirm(client, address):
    page = client.get(address)
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page.content.decode())
    return client.post(f"{address}confirm/", {"fingerprint": fingerprint[1]})


def test_sixty_clinics_of_an_unknown_spreadsheet_become_listings_in_one_sitting(editor):
    factories.provider(name="Old Clinic", facts=factories.fact("medicaid"))
    before = exported(editor)

    answer = send(editor, new_source="Volunteers of Denver")
    assert answer.url.endswith("/columns/")
    answer = read_as_guessed(editor, answer.url)
    preview = pages.Page(editor.get(answer.url).content.decode())
    assert "60 new" in preview.words
    assert "0 conflicts" in preview.words
    assert "0 rows refused" in preview.words
    assert Provider.objects.count() == 1

    answer = confirm(editor, answer.url)
    run = ImportRun.objects.get()
    assert answer.url == reverse("admin:providers_importrun_change", args=[run.pk])
    assert (run.new, run.rejected, run.by.username) == (60, 0, "new")
    assert "60 listings that it touched" in editor.get(answer.url).content.decode()
    assert Provider.objects.listed().count() == 61
    found = pages.search(place="80202", route="iv_infusion", price_max="500")
    assert "Aspen Clinic 00" in found.words
    assert "$450" in found.words

    after = exported(editor)
    answer = send(editor, source="volunteers-of-denver")
    assert ColumnMapping.objects.get().source.name == "Volunteers of Denver"
    remembered = editor.get(answer.url).content.decode()
    assert "Filled in as the last file of Volunteers of Denver was read" in remembered
    answer = editor.post(answer.url, filled(editor.get(answer.url)))
    again = pages.Page(editor.get(answer.url).content.decode())
    assert "60 unchanged" in again.words
    assert "There is nothing to bring in" in again.words
    editor.post(f"{answer.url}drop/")
    assert exported(editor) == after

    undo = reverse("admin:undo_run", args=[run.pk])
    assert "60 listings that it added go" in editor.get(undo).content.decode()
    editor.post(undo)
    assert exported(editor) == before
