"""The page on printability names what the program says."""

from __future__ import annotations

import ast
import re

from tests.architecture.sources import ROOT, SRC, tree_of

PAGE = ROOT / "docs" / "printability.md"
SAYING = (
    SRC / "geometry" / "findings.py",
    SRC / "screening" / "size_findings.py",
    SRC / "screening" / "shape_findings.py",
    SRC / "screening" / "machine_verdict.py",
)


def codes_said() -> set[str]:
    """Find the first argument of each finding that is made."""
    found = set()
    for path in SAYING:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding":
                assert isinstance(node.args[0], ast.Constant)
                found.add(str(node.args[0].value))
    return found


def test_every_finding_is_on_the_page_and_no_other() -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", PAGE.read_text("utf-8")))
    said = codes_said()
    assert len(said) > 20
    assert said - named == set()
    rows = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert set(rows) - said == set()
