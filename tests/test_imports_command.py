"""`manage.py import`: what it prints, and each way of refusing."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError

from providers import actions
from providers.models import Fact, ImportRun, Provider
from tests import factories
from tests.importing import DATA, command, facilities, listings, standing

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DIRECTORY = DATA / "directory.csv"


@pytest.fixture(autouse=True)
def _regions():
    factories.regions()


def last_line(*words) -> str:
    return command(*words).splitlines()[-1]


def test_the_last_line_is_the_summary():
    words = ("samhsa_directory", DIRECTORY, "--reported", "2024")
    assert last_line(*words) == (
        "2 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected"
    )
    assert last_line(*words) == (
        "0 new, 0 changed, 2 unchanged, 0 repeated, 0 rejected"
    )
    assert last_line(*words, "--all") == (
        "1 new, 0 changed, 2 unchanged, 0 repeated, 0 rejected"
    )


def test_a_date_may_be_reported():
    command("samhsa_directory", DIRECTORY, "--reported", "2024-05-31")
    checked = {str(fact.checked_on) for fact in Fact.objects.all()}
    assert checked == {"2024-05-31"}


def test_everything_that_is_not_plain_is_told(tmp_path, capsys):
    path = listings(tmp_path, {"phone": "303-555-0142"}, {"name": "Dry Creek"})
    command("listings", path)
    editor = get_user_model().objects.create_user("editor")
    provider = Provider.objects.get(name="Blue Mesa Clinic")
    provider.phone = "+13035550118"
    actions.save(provider, by=editor)
    path = listings(
        tmp_path,
        {"phone": "303-555-0142", "stars": "5"},
        {"name": "Dry Creek", "payment": "medicare"},
        {"name": "Dry Creek"},
        {"name": "Third", "phone": "ask us"},
        {"name": "Fourth", "latitude": "95", "longitude": "0"},
        {"name": "Fifth", "routes": ""},
    )
    with pytest.raises(SystemExit) as stop:
        call_command("import", "listings", str(path))
    assert stop.value.code == 1
    run = ImportRun.objects.first().pk
    assert capsys.readouterr().out.splitlines() == [
        "Unknown columns, left alone: stars",
        "line 6 rejected: latitude: 95 is off the globe",
        "line 4 repeats line 3",
        "line 5: phone 'ask us' is no telephone number; left blank",
        "line 3 changed dry-creek-denver: facts/payment/medicare",
        'conflict blue-mesa-clinic-denver: phone: kept "+13035550118", '
        'offered "+13035550142"',
        "Left aside, since they report no ketamine: 1 (--all keeps them as "
        "unpublished drafts).",
        "Listings made public: 1.",
        "Conflicts with what a person confirmed: 1.",
        f"Run {run}.",
        "1 new, 1 changed, 1 unchanged, 1 repeated, 1 rejected",
    ]


def test_a_rejected_row_makes_the_exit_code_one_and_keeps_the_rest(tmp_path):
    path = listings(tmp_path, {}, {"name": ""})
    with pytest.raises(SystemExit):
        command("listings", path)
    assert len(standing()) == 1


def test_strict_says_that_nothing_was_kept(tmp_path, capsys):
    path = listings(tmp_path, {}, {"name": ""})
    with pytest.raises(SystemExit):
        call_command("import", "listings", str(path), "--strict")
    assert "Nothing of this was kept.\n1 new" in capsys.readouterr().out
    assert standing() == {}


def test_a_dry_run_says_what_it_would_do(tmp_path):
    out = command("listings", listings(tmp_path), "--dry-run")
    assert out.splitlines()[-2:] == [
        "Nothing of this was kept.",
        "1 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected",
    ]
    assert standing() == {}


def test_the_end_of_the_samples_is_told(tmp_path):
    factories.provider(is_sample=True)
    out = command("listings", listings(tmp_path))
    assert "Sample listings deleted: 1." in out


def test_no_bar_is_drawn_where_there_is_no_terminal(tmp_path, capsys):
    command("listings", listings(tmp_path))
    assert capsys.readouterr().err == ""


def test_a_long_list_of_changes_is_cut_short_with_its_number(tmp_path):
    command("listings", listings(tmp_path))
    codes = "medicare;medicaid;tricare;self_pay;sliding_scale;hsa_fsa;superbill"
    path = listings(tmp_path, {"payment": codes, "languages": "en;es;fr"})
    assert "facts/payment/sliding_scale and 2 more" in command("listings", path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["maps", DIRECTORY], "No kind 'maps': choose from samhsa_directory, "),
        (["samhsa_directory", DIRECTORY], "directory.csv does not hold its date: "),
        (
            ["samhsa_directory", DIRECTORY, "--reported", "2999"],
            "--reported: '2999' is still to come.",
        ),
        (
            ["samhsa_directory", DIRECTORY, "--reported", "lately"],
            "--reported: 'lately' is no year ",
        ),
        (
            ["samhsa_directory", DIRECTORY, "--reported", ""],
            "--reported: '' is no year ",
        ),
        (
            ["samhsa_directory", "gone.csv", "--reported", "2024"],
            "Cannot read gone.csv: No such file or directory.",
        ),
        (
            ["samhsa_directory", DATA, "--reported", "2024"],
            "Cannot read imports: Is a directory.",
        ),
        (
            ["listings", DIRECTORY],
            "directory.csv lacks the column name, country.",
        ),
        (
            ["samhsa_directory", DATA / "listings.csv", "--reported", "2024"],
            "listings.csv lacks the column name1, street1, state, zip, ",
        ),
        (
            ["findtreatment_json", DIRECTORY, "--reported", "2024"],
            "directory.csv is not JSON: ",
        ),
        (
            ["findtreatment_csv", DIRECTORY, "--reported", "2024"],
            "directory.csv lacks the column kit, which says who reports ketamine",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(words, message):
    with pytest.raises(CommandError) as error:
        command(*words)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert standing() == {}
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "bad.csv is empty."),
        (b"name,city\xe9\n", "bad.csv is not UTF-8. Save it as CSV UTF-8."),
        (b"Blue Mesa,Denver,US\n", "bad.csv has no header: "),
        (b"name,city\nBlue Mesa,Denver\n", "bad.csv lacks the column country."),
        (b"name,city,country\nA\0,B,US\n", "bad.csv, line 2: NUL characters."),
        (
            b"name,city,country\n" + b"x" * 1_000_000 + b",B,US\n",
            "bad.csv, line 2: ",
        ),
        (b"PK\x03\x04 and no more", "bad.csv is not an XLSX workbook."),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_nothing_is_changed(
    tmp_path, content, message
):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        command("listings", path)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert not ImportRun.objects.exists()


def test_kind_and_file_are_needed():
    for words in ([], ["listings"]):
        with pytest.raises(CommandError, match="required"):
            command(*words)


def test_a_row_that_is_new_needs_no_line_of_its_own(tmp_path):
    out = command("samhsa_directory", facilities(tmp_path), "--reported", "2024")
    assert out.splitlines() == [
        "Listings made public: 1.",
        f"Run {ImportRun.objects.get().pk}.",
        "1 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected",
    ]


def test_a_dry_run_of_prices_names_what_matches_no_listing_and_writes_nothing(
    tmp_path, capsys
):
    """By hand: of six rows, two are of a listing that stands; one looks mistyped."""
    factories.provider(slug="blue-mesa", name="Blue Mesa", postcode="80202")
    head = "slug,name,postcode,route,setting,therapy,format,kind,unit,count_min,"
    head += "count_max,price_min,price_max,currency,checked_on,method"
    kap = "iv_infusion,in_clinic,full_kap,individual"
    rows = [
        f"blue-mesa,,,{kap},prep,visit,1,2,120,150,USD,2026-01-05,phone",
        f",Blue Mesa,80202,{kap},integration,visit,3,,20,,USD,2026-01-05,phone",
        f"gone,,,{kap},prep,visit,,,120,,USD,2026-01-05,phone",
        f",Nobody,99999,{kap},prep,visit,,,120,,USD,2026-01-05,phone",
        f"blue-mesa,,,{kap},prep,visit,3,2,120,,USD,2026-01-05,phone",
        f"blue-mesa,,,{kap},consult,visit,,,120,,USD,2026-01-05,",
    ]
    path = tmp_path / "prices.csv"
    path.write_text("\n".join([head, *rows]))
    before = standing()
    with pytest.raises(SystemExit):
        call_command("import", "prices", str(path), "--dry-run")
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "line 4 rejected: slug: no listing has this address: gone",
        "line 5 rejected: name: no listing has this name and postcode: Nobody, 99999",
        "line 6 rejected: count_max: is below the least",
        "line 7 rejected: method: is blank",
        "line 3: the price of integration is kept, but it is far from the 75 to 375 "
        "USD a visit that others post: is it right?",
        f"line 2 changed blue-mesa: {_price('integration')}, {_price('prep')}",
        "Nothing of this was kept.",
    ]
    assert standing() == before
    assert not ImportRun.objects.exists()
    with pytest.raises(SystemExit):
        command("prices", path)
    (offering,) = standing()["blue-mesa"]["offerings"].values()
    found = {key.split("|")[0]: line for key, line in offering["prices"].items()}
    ends = {kind: (p["count_min"], p["count_max"]) for kind, p in found.items()}
    assert ends == {
        "dose_visit": (None, None),
        "prep": (1, 2),
        "integration": (3, None),
    }


def _price(kind: str) -> str:
    offering = "iv_infusion|in_clinic|full_kap|individual|"
    return f"offerings/{offering}/prices/{kind}|clinic|visit|self_pay|1|"
