"""Routes, settings and therapy levels, and the words people use for them."""

import pytest

from providers.vocabulary import (
    NASAL_ESKETAMINE,
    NO_MEDICINE,
    NOT_STATED,
    REMOTE_SETTINGS,
    ROUTES,
    SETTINGS,
    SUPERVISED_SETTINGS,
    THERAPIES,
)

HL7_AND_SNOMED = {
    "iv_infusion": ("IV", "47625008"),
    "im_injection": ("IM", "78421000"),
    "sc_injection": ("SQ", "34206005"),
    "nasal_esketamine": ("NASAL", "46713006"),
    "nasal_compounded": ("NASAL", "46713006"),
    "sublingual": ("SL", "37839007"),
    "oral": ("PO", "26643006"),
    "rectal": ("PR", "37161004"),
}


def test_routes_carry_the_codes_of_hl7_and_snomed():
    found = {
        code.code: (code.standards["hl7_v3"], code.standards["snomed"])
        for code in ROUTES.values()
        if "hl7_v3" in code.standards
    }
    assert found == HL7_AND_SNOMED
    assert ROUTES["sublingual"].standards["snomed"] != "37161004"


def test_a_route_settles_the_product():
    assert {code.code: code.product for code in ROUTES.values()} == {
        "iv_infusion": "racemic_injectable",
        "im_injection": "racemic_injectable",
        "sc_injection": "racemic_injectable",
        NASAL_ESKETAMINE: "esketamine_nasal",
        "nasal_compounded": "compounded",
        "sublingual": "compounded",
        "oral": "compounded",
        "rectal": "compounded",
        NO_MEDICINE: "",
        NOT_STATED: "",
    }


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("iv", "iv_infusion"),
        (" IV ", "iv_infusion"),
        ("IV infusion", "iv_infusion"),
        ("iv-infusion", "iv_infusion"),
        ("im", "im_injection"),
        ("sc", "sc_injection"),
        ("esketamine", "nasal_esketamine"),
        ("Spravato", "nasal_esketamine"),
        ("lozenge", "sublingual"),
        ("troche", "sublingual"),
        ("ODT", "sublingual"),
        ("sublingual", "sublingual"),
        ("nasal", None),
        ("nasal spray", None),
        ("ketamine", None),
        ("", None),
    ],
)
def test_a_route_is_known_by_its_common_names_and_never_guessed(word, code):
    assert ROUTES.resolve(word) == code


def test_only_the_drip_is_what_the_survey_asks_about():
    reported = [code.code for code in ROUTES.values() if code.reported_as]
    assert reported == ["iv_infusion"]
    assert str(ROUTES["iv_infusion"].reported_as) == "ketamine infusion"
    assert ROUTES.from_standard("samhsa") == {"KIT": "iv_infusion"}


def test_only_the_rarest_route_hides_its_filter():
    assert [code.code for code in ROUTES.values() if code.rare] == ["rectal"]


def test_esketamine_is_given_only_where_staff_watch():
    assert SUPERVISED_SETTINGS == ("in_clinic", "hospital")
    assert REMOTE_SETTINGS == ("home_live_video", "home_unwatched", "home_visit")
    assert set(SUPERVISED_SETTINGS) | set(REMOTE_SETTINGS) < set(SETTINGS)


def test_kap_means_full_kap():
    assert THERAPIES.resolve("KAP") == "full_kap"
