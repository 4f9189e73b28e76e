"""A module imports only from a lower rank, or leftward on its own (design 3)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each line is a rank, lowest first; on a line a module may import what is left of it.
RANKS = [
    "remembered text place_names npi geo vocabulary",
    "costs question",
    "translated fields searching region place checked provider offering fact provenance"
    " desk regulation models",
    "wording crisis asked places documents story revisions actions estimates rights"
    " queue freshness groups checks forms priced matching"
    " filters",
    "search imports exports",
    "views admin bench commands templatetags",
    "urls apps",
]
ORDER = {
    name: (rank, column)
    for rank, line in enumerate(RANKS)
    for column, name in enumerate(line.split())
}


def modules():
    folder = ROOT / "providers"
    files = [f for f in folder.rglob("*.py") if "migrations" not in f.parts]
    return sorted(f.relative_to(ROOT) for f in files if f.parent.name != "data")


def unit(parts):
    """The unit of RANKS to which a module belongs."""
    names = [p.removesuffix(".py") for p in parts if p != "__init__.py"]
    if names[:2] == ["providers", "management"]:
        return "commands"
    if names[:2] == ["providers", "models"]:
        return names[2] if len(names) > 2 else "models"
    return names[1] if len(names) > 1 else "providers"


def imported(path):
    """Our modules that a file imports at its top level, as tuples of their names."""
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            names = [module]
            if module in ("providers", "providers.models"):
                names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            names = []
        yield from (tuple(n.split(".")) for n in names if n.startswith("providers"))


@pytest.mark.parametrize("path", modules(), ids=str)
def test_a_module_imports_only_from_a_lower_rank_or_leftward(path):
    here = unit(path.parts)
    for name in imported(path):
        there = unit(name)
        if name[:2] == ("providers", "models") and there not in ORDER:
            there = "models"  # a class that the folder hands out
        if there == here:
            continue
        assert ORDER[there] < ORDER[here], f"{path} imports {'.'.join(name)}"


def test_a_breach_would_be_seen():
    assert ORDER["views"] > ORDER["models"] > ORDER["costs"]
    assert unit(("providers", "models", "fact.py")) == "fact"
    assert ("providers", "models", "Fact") in set(
        imported(Path("providers/matching.py"))
    )
