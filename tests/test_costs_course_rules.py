"""What always holds of a first course, whatever is posted and asked for."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from tests.price_lists import CENTS, COUNTS, WEEKS, line, lines

NEW = ("prep", "drug", "lab_test", "monthly_membership")


@given(
    lines(currencies=("USD",), packages=False),
    COUNTS,
    WEEKS,
    st.sampled_from(NEW),
    CENTS | st.none(),
    st.sampled_from(["visit", "month", "course"]),
)
def test_a_line_of_a_kind_not_yet_there_never_lowers_a_total(
    drawn, counts, weeks, kind, cents, unit
):
    others = [part for part in drawn if part.kind != kind]
    before = costs.course(others, counts, weeks)
    after = costs.course([*others, line(kind, cents, unit=unit)], counts, weeks)
    if before is not None:
        assert (after.low_cents or 0) >= (before.low_cents or 0)
    if before is not None and None not in (before.high_cents, after.high_cents):
        assert after.high_cents >= before.high_cents


@given(lines(), COUNTS, WEEKS)
def test_unknown_never_counts_as_nothing(drawn, counts, weeks):
    """Each kind asked for is paid for, covered, or named as missing."""
    found = costs.course(drawn, counts, weeks)
    if found is None:
        return
    if found.missing:
        assert found.high_cents is None
    usable = [
        part
        for part in drawn
        if part.amount_min_cents is not None and not part.disputed
    ]
    spoken_of = {part.kind for part in usable}
    spoken_of |= {kind for part in drawn for kind in part.includes}
    if not any(part.kind == "package" for part in usable):
        asked = {kind for kind, (_, most) in counts.items() if most != 0}
        assert asked - {"package"} - spoken_of <= set(found.missing)


@given(lines(), COUNTS, WEEKS)
def test_a_course_is_no_fresher_than_any_line_in_it(drawn, counts, weeks):
    found = costs.course(drawn, counts, weeks)
    if found:
        assert found.checked_on in {part.checked_on for part in drawn}
        assert set(found.missing) <= set(costs.COURSE_KINDS)


@given(lines())
def test_one_dosing_visit_and_no_more_is_the_session(drawn):
    in_session = [
        replace(part, unit=part.unit if part.unit in ("visit", "dose") else "visit")
        for part in drawn
        if part.kind in costs.SESSION_KINDS and part.unit in ("visit", "hour")
    ]
    single = {(part.kind, part.payee): part for part in in_session}.values()
    assert costs.course(single, {"dose_visit": (1, 1)}) == costs.session(single)
