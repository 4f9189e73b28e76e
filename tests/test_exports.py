"""Exports: what is written, and that it imports again to no change."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import actions, exports, vocabulary
from providers.models import Provider
from tests import importing
from tests.factories import rolled_back
from tests.test_documents import listings, named  # noqa: F401


def tidy(listing):
    """The document as editors and imports write them; the layouts hold it whole."""
    tidied = past(stripped(listing))
    return tidied | {
        "is_sample": False,
        "name": tidied["name"] or "A",
        "street2": tidied["street2"] if tidied["street"] else "",
        "sources": listing["sources"],
    }


def stripped(value):
    """Texts without white space at their ends, of sources that an import may name."""
    if isinstance(value, dict):
        return {key: stripped(part) for key, part in value.items()}
    if isinstance(value, list):
        return [stripped(part) for part in value]
    if isinstance(value, str):
        text = value.strip()
        return "clinic" if text == "sample" else text
    return value


def past(value):
    """Nothing was checked on a day to come."""
    if isinstance(value, dict):
        value = {key: past(part) for key, part in value.items()}
        if value.get("checked_on", "") > "2026-01-02":
            value["checked_on"] = f"2020{value['checked_on'][4:]}"
        return value
    return value


# What the layouts do not hold, and what follows from a new start.
NOT_HELD = ("hours", "about_es", "time_zone", "status_reason", "organization")
NEW = ("sources", "status_on")


def held(listing):
    """What the layouts hold of a document."""
    rest = {k: v for k, v in listing.items() if k not in (*NOT_HELD, *NEW)}
    facts = {
        topic: {code: _without_odd_number(topic, code, f) for code, f in codes.items()}
        for topic, codes in listing["facts"].items()
    }
    return rest | {"facts": facts}


def _without_odd_number(topic, code, fact):
    has_unit = bool(vocabulary.TOPICS[topic][code].unit)
    return fact if has_unit else fact | {"number": None}


any_listings = settings(
    deadline=None, max_examples=10, suppress_health_check=list(HealthCheck)
)


def write_both(folder, format_):
    """The files of a whole directory, by kind."""
    paths = {kind: folder / f"{kind}.{format_}" for kind in exports.KINDS}
    for kind, path in paths.items():
        with path.open("wb") as file:
            exports.write(kind, Provider.objects.all(), file, format_)
    return paths


@any_listings
@given(
    wanted=st.lists(listings().map(tidy), max_size=3, unique_by=lambda d: d["slug"]),
    format_=st.sampled_from(exports.FORMATS),
)
def test_an_export_imports_to_no_change_and_restores_what_is_gone(
    named,  # noqa: F811
    tmp_path,
    wanted,
    format_,
):
    with rolled_back():
        for listing in wanted:
            actions.apply_one(listing)
        before = importing.standing()
        paths = write_both(tmp_path, format_)
        for kind, path in paths.items():
            assert summary(path, kind) == "0 new, 0 changed"
        assert importing.standing() == before
        Provider.objects.all().delete()
        for kind, path in paths.items():
            summary(path, kind)
        after = importing.standing()
        for slug, listing in before.items():
            if listing["status"] in ("active", "temporarily_closed"):
                assert held(after[slug]) == held(listing)


def summary(path, kind):
    """What an import counts; nothing may be rejected."""
    report = importing.imported(path, kind)
    assert not report.rejected, "\n".join(report.lines())
    return ", ".join(report.summary.split(", ")[:2])
