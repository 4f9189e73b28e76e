"""What SAMHSA's survey of mental health facilities states, whatever the file's layout.

A blank code means not stated, never "no". The survey asks about ketamine infusion and
nothing else about ketamine, and its other answers hold for the whole facility.
"""

from __future__ import annotations

from collections.abc import Iterable

from providers import vocabulary
from providers.imports.cells import Cells
from providers.imports.rows import Refused, Reported, Row
from providers.vocabulary import FACT_OF_SAMHSA, NOT_STATED

SOURCE = "samhsa_mh_directory"
METHOD = "official_registry"

ROUTE_OF_CODE = vocabulary.ROUTES.from_standard("samhsa")
REPORTS_KETAMINE = frozenset(ROUTE_OF_CODE)

# Codes of the survey that tell a patient who looks for ketamine nothing.
_OTHER_CODES = """
ACT AIM ALZ ANTPYCH AOT ARIPI ASENA AT BREXP CARIP CBHC CBT CDM CFT CHLOR CIT CJ CLF
CLOZA CM CMHC CMHG COOT CRT CSBG DBT DDF DEC DROPE ECT EMDR ES FED FG FLUPH FPSY FQHC
FX GT HALOP HBT HCT HI HIVT HS HV ICM IDD IH ILOPE IMR IPC IPSY IPT LABT LAD LCCG LOXAP
LURAS MH MHC MSMH MST NRT NSC OLANZ OLANZF OMH OP ORES OSF PALIP PCF PED PEER PEFP
PEOFF PEON PERPH PH PHDT PIMOZ PROCH PRS PSY PVTN PVTP QUETI RES RISPE RTCA RTCC SA
SCJJ SED SEF SEMP SH SHP SMHA SMI SMON SMOP SMPD SPS STDT STG STU SUMH SWFS TAY TBG TBI
TBS TCC THIOR THIOT TMS TPC TRIFL VAHC VAMC VAPN VAPP VPPD VRS WI ZIPRA
"""
CODES = frozenset({*FACT_OF_SAMHSA, *ROUTE_OF_CODE, *_OTHER_CODES.split()})

# Four decimals and fewer are ZIP centres, which the files mix with street addresses.
_ADDRESS_DECIMALS = 5


def facility(
    cells: Cells, codes: Iterable[str], when: Reported, source_id: str = ""
) -> Row:
    """The row of one facility that reports these codes of the survey."""
    codes = set(codes)
    checked = when.checked(method=METHOD, source=SOURCE)
    return Row(
        line=cells.line,
        source=SOURCE,
        source_id=source_id,
        listing=_contact(cells)
        | {
            "contact": checked,
            "status": "",
            "offerings": offerings(codes, checked),
            "facts": facts(codes, checked),
        },
        reports_ketamine=bool(codes & REPORTS_KETAMINE),
        notes=tuple(cells.notes),
    )


def offerings(codes: Iterable[str], checked: dict) -> dict:
    """An offering for each code that reports ketamine: its route, and nothing more."""
    routes = sorted(ROUTE_OF_CODE[code] for code in codes if code in ROUTE_OF_CODE)
    rest = "|".join([NOT_STATED] * 3)
    return {f"{r}|{rest}|": checked | {"serves": [], "prices": {}} for r in routes}


def facts(codes: Iterable[str], checked: dict) -> dict[str, dict]:
    """A "yes" of the whole facility for each code; the facts share one dict."""
    yes = checked | {
        "answer": "yes",
        "scope": "facility",
        "number": None,
        "note_en": "",
        "note_es": "",
    }
    found: dict[str, dict] = {}
    for code in codes:
        if code in FACT_OF_SAMHSA:
            topic, ours = FACT_OF_SAMHSA[code]
            found.setdefault(topic, {})[ours] = yes
    return found


def _contact(cells: Cells) -> dict:
    street = cells.street("street1")
    return {
        "name": _name(cells),
        "street": street,
        "street2": cells.street("street2"),
        "city": cells.text("city", 120),
        "region": f"US-{cells.needed('state', 2).upper()}",
        "postcode": cells.postcode("zip", "US"),
        **cells.phone("phone", "US"),
        "email": "",
        "website": cells.website("website"),
        "point": _point(cells, street),
    }


def _name(cells: Cells) -> str:
    parts = (cells.needed("name1", 200), cells["name2"])
    name = " - ".join(part for part in parts if part)
    if len(name) > 200:
        raise Refused("name2", "with name1 longer than 200 characters")
    return name


def _point(cells: Cells, street: str) -> dict | None:
    decimals = max(len(cells[n].partition(".")[2]) for n in ("latitude", "longitude"))
    exact = street and decimals >= _ADDRESS_DECIMALS
    return cells.point("address" if exact else "postal")
