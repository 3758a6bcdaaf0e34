"""Tables at the end of the run, figures under ``build/bench/``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench"
TABLES = pytest.StashKey[dict[str, str]]()

Report = Callable[[str, str, Mapping[str, object]], None]


@pytest.fixture
def report(pytestconfig: pytest.Config) -> Report:
    """Give what keeps a benchmark's table and figures: name, table, figures."""

    def keep(name: str, table: str, figures: Mapping[str, object]) -> None:
        pytestconfig.stash.setdefault(TABLES, {})[name] = table
        FOLDER.mkdir(parents=True, exist_ok=True)
        text = json.dumps(dict(figures), indent=2, sort_keys=True)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")

    return keep


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show every table."""
    for name, table in sorted(config.stash.get(TABLES, {}).items()):
        terminalreporter.section(name)
        terminalreporter.write_line(table)
