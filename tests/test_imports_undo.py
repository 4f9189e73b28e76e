"""An import is taken back, and what people did since stays."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from providers import actions, exports
from providers.documents import differences
from providers.imports.touched import touched_by_people
from providers.models import (
    Change,
    Check,
    Conflict,
    ImportRun,
    ProblemReport,
    Provider,
    Source,
)
from tests import factories
from tests.importing import command, imported, listings, standing, statement

pytestmark = pytest.mark.django_db
SLUG = "blue-mesa-clinic-denver"
LATER = {"last_verified": "2025", "phone": "303-555-0142", "payment": "medicare"}


@pytest.fixture(autouse=True)
def _regions():
    factories.regions()
    factories.source()


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("editor")


@pytest.fixture
def run(tmp_path):
    """A run that changed one listing and added another, and what was before it."""
    imported(listings(tmp_path, {"phone": "303-555-0118"}))
    before = standing()
    report = imported(listings(tmp_path, LATER, {"name": "Dry Creek"}))
    found = ImportRun.objects.get(pk=report.run)
    found.before = before
    return found


def edit(editor, slug=SLUG, **columns) -> Provider:
    provider = Provider.objects.get(slug=slug)
    for name, value in columns.items():
        setattr(provider, name, value)
    actions.save(provider, by=editor)
    return provider


# --- The command ----------------------------------------------------------------------


def test_an_undone_run_leaves_the_directory_as_it_was(run):
    out = command("--undo", run.pk)
    assert standing() == run.before
    undo = ImportRun.objects.get(undoes=run)
    paths = "contact, facts/payment/medicare, offerings/iv_infusion"
    assert out.splitlines()[0].startswith(f"{SLUG}: restored: {paths}")
    assert out.splitlines()[1:] == [
        "dry-creek-denver: deleted, as it was before the run",
        f"Run {undo.pk}.",
        f"Run {run.pk} (listings.csv): 2 listings restored, 0 stay in part or whole",
    ]
    # The same file then does the same again.
    assert (undo.changed, undo.rejected) == (2, 0)
    assert Change.objects.filter(run=undo).count() == 2


def test_the_last_run_is_the_last_that_is_no_undoing(run):
    command("--undo", "last")
    assert standing() == run.before
    with pytest.raises(CommandError, match=f"Run {run.pk} was undone already, by run"):
        command("--undo", "last")
    assert standing() == run.before


def test_a_dry_run_of_an_undo_keeps_nothing(run):
    before = standing()
    assert "Nothing of this was kept." in command("--undo", run.pk, "--dry-run")
    assert standing() == before
    assert not ImportRun.objects.filter(undoes=run).exists()


def test_later_edits_win_and_are_listed(run, editor):
    edit(editor, phone="+13035550199")
    edit(editor, slug="dry-creek-denver", city="Boulder")
    now = standing()
    out = command("--undo", run.pk)
    assert f"{SLUG}: edited since: phone" in out
    assert "dry-creek-denver: edited since: the listing" in out
    assert standing()["dry-creek-denver"] == now["dry-creek-denver"]
    assert standing()[SLUG] == run.before[SLUG] | {"phone": "+13035550199"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--undo", "99999"], "No run '99999': give its number, or last."),
        (["--undo", "x"], "No run 'x': give its number, or last."),
        (["--undo", "9" * 30], f"No run '{'9' * 30}': give its number, or last."),
        (["--undo", "²"], "No run '²': give its number, or last."),
        (["--undo", "last"], "There is no run yet."),
        (["listings", "x.csv", "--undo", "1"], "--undo takes no KIND and no FILE."),
        ([], "KIND and FILE are required."),
    ],
)
def test_what_cannot_be_undone_is_refused_in_one_line(words, message):
    with pytest.raises(CommandError) as error:
        command(*words)
    assert str(error.value) == message


def test_an_undoing_is_not_undone(run):
    command("--undo", run.pk)
    undo = ImportRun.objects.get(undoes=run)
    with pytest.raises(CommandError, match=f"Run {undo.pk} is itself an undoing"):
        command("--undo", undo.pk)
    with pytest.raises(ValueError, match="was undone already"):
        actions.undo_run(run)
    assert ImportRun.objects.filter(importer="undo").count() == 1


def test_an_export_after_an_undo_is_the_one_before_the_run_byte_for_byte(tmp_path):
    priced = {"price_min": "450", "price_currency": "USD", "price_unit": "session"}
    imported(listings(tmp_path, priced))
    before = [_export(kind) for kind in ("listings", "prices")]
    dearer = LATER | priced | {"price_min": "500", "kap": "yes"}
    report = imported(listings(tmp_path, dearer, {"name": "Dry Creek"}))
    assert [_export(kind) for kind in ("listings", "prices")] != before
    command("--undo", report.run)
    assert [_export(kind) for kind in ("listings", "prices")] == before


def _export(kind: str) -> bytes:
    file = io.BytesIO()
    exports.write(kind, Provider.objects.all(), file, "csv")
    return file.getvalue()


# --- What goes and what stays ---------------------------------------------------------


def test_the_file_that_was_undone_does_the_same_again(run, tmp_path):
    after = standing()
    actions.undo_run(run)
    imported(listings(tmp_path, LATER, {"name": "Dry Creek"}))
    assert standing() == after


def test_the_runs_checks_and_open_conflicts_go_with_it(tmp_path, editor):
    imported(listings(tmp_path))
    edit(editor, phone="+13035550199")
    asked = {"method": "phone", "checked_by": "Bo", "last_verified": "2024-05-04"}
    report = imported(listings(tmp_path, LATER, asked | {"name": "Dry Creek"}))
    assert (Check.objects.count(), Conflict.objects.count()) == (2, 1)
    actions.undo_run(ImportRun.objects.get(pk=report.run))
    assert (Check.objects.count(), Conflict.objects.count()) == (0, 0)


def test_an_added_listing_stays_with_what_people_left_about_it(run):
    provider = Provider.objects.get(slug="dry-creek-denver")
    actions.report_problem(provider=provider, group="contact", text="No such number")
    undo = actions.undo_run(run)
    assert "dry-creek-denver: edited since: the listing" in undo.report
    assert ProblemReport.objects.get().provider == provider


def test_an_added_listing_stays_with_a_call_that_nobody_answered(run, editor):
    provider = Provider.objects.get(slug="dry-creek-denver")
    actions.record_check(
        provider=provider,
        group="contact",
        outcome="no_answer",
        method="phone",
        source=Source.objects.get(code="clinic"),
        checked_on=factories.days_ago(1),
        by=editor,
    )
    actions.undo_run(run)
    assert Check.objects.get().provider == provider


@pytest.mark.parametrize("status", ["closed", "do_not_list"])
def test_an_undo_publishes_nothing_that_was_closed_since(run, editor, status):
    edit(editor, status=status, published=False)
    undo = actions.undo_run(run)
    listing = standing()[SLUG]
    assert (listing["status"], listing["published"]) == (status, False)
    assert f"{SLUG}: closed since, so it is not published" in undo.report
    assert listing["phone"] == "+13035550118"


def test_a_listing_of_another_address_by_now_is_still_restored(run, editor):
    edit(editor, slug=SLUG, email="front@example.org")
    provider = Provider.objects.get(slug=SLUG)
    provider.slug = "mesa"
    actions.save(provider, by=editor)
    actions.undo_run(run)
    assert standing()["mesa"]["phone"] == "+13035550118"


def test_a_listing_deleted_or_merged_since_is_named(run, editor):
    kept, gone = (Provider.objects.get(slug=s) for s in (SLUG, "dry-creek-denver"))
    actions.merge_listings(kept=kept, gone=gone, by=editor)
    undo = actions.undo_run(run)
    assert "dry-creek-denver: deleted or merged since" in undo.report
    actions.remove(Provider.objects.get(slug=SLUG), by=editor)
    assert standing() == {}


def test_a_later_import_wins_over_the_undoing_of_an_earlier_one(run, tmp_path):
    newest = {"last_verified": "2025-06-01", "phone": "303-555-0163"}
    imported(listings(tmp_path, newest))
    actions.undo_run(run)
    assert standing()[SLUG]["phone"] == "+13035550163"
    assert "payment" not in standing()[SLUG]["facts"]


def test_a_source_that_is_gone_is_said(tmp_path):
    imported(listings(tmp_path, {"source": "old_list"}))
    report = imported(listings(tmp_path, LATER))
    Source.objects.filter(code="old_list").update(code="older_list")
    with pytest.raises(CommandError, match=r"A source is gone: old_list\."):
        command("--undo", report.run)
    assert not ImportRun.objects.filter(importer="undo").exists()


def test_what_an_undo_brings_back_is_the_persons_again(tmp_path, editor):
    imported(listings(tmp_path, {"phone": "303-555-0118"}))
    provider = edit(editor, phone="+13035550199")
    called = {"method": "phone", "last_verified": factories.days_ago(0).isoformat()}
    on = factories.days_ago(3)
    Change.objects.filter(by=editor).update(made_at=f"{on}T12:00:00Z")
    assert touched_by_people([provider.pk]) == {provider.pk: {"phone": on}}
    report = imported(listings(tmp_path, called | {"phone": "303-555-0142"}))
    assert touched_by_people([provider.pk]) == {provider.pk: {}}
    actions.undo_run(ImportRun.objects.get(pk=report.run))
    assert touched_by_people([provider.pk]) == {provider.pk: {"phone": on}}


def test_what_happened_to_a_listing_that_was_merged_says_nothing_of_this_one(
    tmp_path, editor
):
    imported(listings(tmp_path, {}, {"name": "Dry Creek"}))
    kept = edit(editor, phone="+13035550199")
    imported(listings(tmp_path, {"name": "Dry Creek"} | LATER))
    gone = Provider.objects.get(slug="dry-creek-denver")
    actions.merge_listings(kept=kept, gone=gone, by=editor)
    touched = touched_by_people([kept.pk])[kept.pk]
    assert "phone" in touched  # though a run wrote the other's later
    newest = {"last_verified": "2025-06-01", "phone": "303-555-0163"}
    imported(listings(tmp_path, newest))
    assert standing()[SLUG]["phone"] == "+13035550199"


# --- Any directory, any import, any edits ---------------------------------------------

NAMES = ("Blue Mesa", "Dry Creek", "Quiet Harbor")
CELLS = {
    "phone": ["", "303-555-0142", "303-555-0118"],
    "street": ["100 Aspen Street", "7 Willow Way"],
    "payment": ["", "medicare", "medicaid;hsa_fsa"],
    "routes": ["iv", "im", "iv;im"],
    "kap": ["", "yes"],
    "last_verified": ["2022", "2024", "2024-05-04", "2025"],
    "method": ["", "phone"],
    "status": ["", "closed"],
}
FILES = st.lists(
    st.fixed_dictionaries(
        {name: st.sampled_from(values) for name, values in CELLS.items()}
        | {"source_id": st.sampled_from(["1", "2", "3"])}
    ),
    max_size=3,
    unique_by=lambda row: row["source_id"],
)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(
            [
                {"phone": "+13035550199"},
                {"city": "Boulder"},
                {"status": "closed", "published": False},
                {"status": "do_not_list", "published": False},
                {"offerings": {}},
                {"facts": {"payment": {}}},
                {"facts": {"language": {"es": statement(answer="yes")}}},
            ]
        ),
    ),
    max_size=4,
)


def _file(path, rows):
    named = [row | {"name": NAMES[int(row["source_id"]) - 1]} for row in rows]
    return listings(path, *named) if named else None


def _edit(editor, key: str, change: dict) -> None:
    provider = Provider.objects.filter(source_records__key=key).first()
    if provider is None:
        return
    wanted = standing()[provider.slug] | change
    if "language" in change.get("facts", {}):
        rest = {"scope": "treatment", "number": None, "note_en": "", "note_es": ""}
        es = change["facts"]["language"]["es"] | rest
        wanted["facts"] = standing()[provider.slug]["facts"] | {"language": {"es": es}}
    actions.apply([actions.Edit(provider, wanted)], by=editor)


@settings(max_examples=10)
@given(first=FILES, second=FILES.filter(bool), before=EDITS, since=EDITS)
def test_undo_restores_all_that_nobody_edited_and_keeps_all_that_somebody_did(
    tmp_path_factory, first, second, before, since
):
    path = tmp_path_factory.mktemp("files")
    with factories.rolled_back():
        editor = get_user_model().objects.create_user("hands")
        if file := _file(path, first):
            imported(file)
        for key, change in before:
            _edit(editor, key, change)
        was = standing()
        report = imported(_file(path, second))
        did = standing()
        for key, change in since:
            _edit(editor, key, change)
        now = standing()
        actions.undo_run(ImportRun.objects.get(pk=report.run))
        left = standing()
        assert [slug for slug in now if _wrong(slug, was, did, now, left)] == []


def _wrong(slug, was, did, now, left) -> list[str]:
    """What the undo should have left otherwise of one listing."""
    hands = set(differences(did[slug], now[slug]))
    if slug not in was:
        # An added listing goes whole, or stays whole with what was edited.
        wanted = now[slug] if hands else None
        return [] if left.get(slug) == wanted else ["the listing"]
    machine = set(differences(was[slug], did[slug]))
    not_back = differences(was[slug], left[slug]).keys() - hands
    wrong = [path for path in not_back if not _stays_with(path, machine, hands)]
    wrong += hands & differences(now[slug], left[slug]).keys()
    is_closed = now[slug]["status"] not in ("active", "temporarily_closed")
    if is_closed and left[slug]["published"] and not now[slug]["published"]:
        wrong.append("published")
    return wrong


ADDRESS = {"street", "street2", "city", "region", "postcode", "point"}
STATUS = {"status", "status_on", "status_reason"}


def _stays_with(path: str, machine: set[str], hands: set[str]) -> bool:
    """Whether a path rightly stays since what belongs to it was edited."""
    if path not in machine:
        return False
    if path.startswith("offerings/"):
        return any(hand.startswith("offerings/") for hand in hands)
    together = (ADDRESS, STATUS, {"phone", "phone_extension"}, {"published", *STATUS})
    return any(path in group and group & hands for group in together)
