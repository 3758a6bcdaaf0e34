"""The page on matching names every rule and every change, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "matching.md"
MATCHING = ROOT / "src" / "nearmade" / "matching"
SAYING = (
    MATCHING / "site_gates.py",
    MATCHING / "machine_gates.py",
    MATCHING / "material_gates.py",
    MATCHING / "judge.py",
    MATCHING / "match.py",
    ROOT / "src" / "nearmade" / "planning" / "matching_answer.py",
)


def rules_said() -> set[str]:
    """Find the first argument of each reason and question that is made."""
    return {
        str(node.args[0].value)
        for path in SAYING
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"Reason", "Question"}
        and isinstance(node.args[0], ast.Constant)
    }


def rows() -> set[str]:
    """Find the rules that stand first in a row of the page's tables."""
    return set(
        re.findall(r"^\| `([a-z][a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    )


def test_every_rule_is_on_the_page_and_no_other() -> None:
    assert rows() == rules_said()


def test_every_change_is_on_the_page() -> None:
    source = (MATCHING / "near_misses.py").read_text("utf-8")
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"self._changed", "_Change"}
    ]
    named = {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.args[0], ast.Constant)
    }
    assert len(named) == 11
    page = PAGE.read_text("utf-8")
    assert {name for name in named if f"`{name}`" not in page} == set()
