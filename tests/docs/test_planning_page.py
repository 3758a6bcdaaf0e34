"""The planner's page: its example runs, its commands and modules are there."""

from __future__ import annotations

import re

from nearmade.cli.plan import NAMES
from tests.architecture.sources import ROOT, SRC

PAGE = (ROOT / "docs" / "planning.md").read_text("utf-8")


def test_the_example_for_python_runs_as_it_is_written() -> None:
    (code,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
    exec(compile(code, "planning.md", "exec"), {})


def test_every_command_of_the_group_has_its_row() -> None:
    rows = set(re.findall(r"^\| `plan (\w+)` \|", PAGE, re.MULTILINE))
    assert rows | {"network"} == set(NAMES)


def test_the_modules_named_are_there() -> None:
    folder = SRC / "planning" / "network"
    named = set(re.findall(r"`(?:planning/network/)?(\w+)\.py", PAGE))
    there = {path.stem for path in folder.glob("*.py")} | {"plan_files"}
    assert named <= there
    called = re.findall(r"`(\w+)\.(\w+)(?:`|\()", PAGE)
    for module, name in called:
        path = folder / f"{module}.py"
        if name != "py" and path.exists():
            code = path.read_text("utf-8")
            assert re.search(rf"^(?:def|class) {name}\b", code, re.MULTILINE), name
