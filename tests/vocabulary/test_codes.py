"""The table of codes itself."""

import pytest

from providers.vocabulary import (
    ROUTES,
    Code,
    Codes,
)


def code(name: str, *aliases: str, **standards: str) -> Code:
    return Code(
        code=name, label="l", definition="d", aliases=aliases, standards=standards
    )


def test_a_code_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Codes(code("a"), code("a"))


def test_an_alias_that_is_another_code_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Codes(code("a"), code("b", "a"))


def test_an_alias_of_two_codes_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Codes(code("a", "x"), code("b", "x"))


def test_a_foreign_code_that_two_claim_is_refused():
    table = Codes(code("a", hl7="IV IM"), code("b", hl7="IM"))
    with pytest.raises(ValueError, match="hl7"):
        table.from_standard("hl7")


def test_several_foreign_codes_of_one_code_all_lead_to_it():
    table = Codes(code("a", hl7="IV IM"), code("b"))
    assert table.from_standard("hl7") == {"IV": "a", "IM": "a"}


def test_a_table_keeps_its_order_and_labels():
    table = Codes(code("b"), code("a"))
    assert table.choices == [("b", "l"), ("a", "l")]
    assert len(table) == 2


def test_a_code_of_another_release_shows_as_itself():
    assert ROUTES.label("from_2031") == "from_2031"
    assert str(ROUTES.label("oral")) == "Swallowed ketamine"
