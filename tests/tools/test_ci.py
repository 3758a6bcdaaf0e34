"""The runner's closing line, with a suite of one's own choosing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

RUNNER = Path(__file__).resolve().parents[2] / ".ci" / "run"


@pytest.mark.parametrize(
    ("printed", "code", "closing"),
    [
        ("54 passed in 1.17s", 0, "54 passed, 0 failed, 0 skipped"),
        (
            "1 failed, 53 passed, 2 skipped, 1 error in 61.20s (0:01:01)",
            1,
            "53 passed, 2 failed, 2 skipped",
        ),
        ("== 3 passed, 1 warning in 0.20s ==", 0, "3 passed, 0 failed, 0 skipped"),
        (
            "5 passed, 9 deselected in 2.0s\n1 failed, 8 passed, 1 skipped in 3.1s",
            1,
            "13 passed, 1 failed, 1 skipped",
        ),
        ("no tests ran in 0.10s", 5, "0 passed, 0 failed: no test ran"),
        ("set-up stopped: no network", 1, "0 passed, 0 failed: no test ran"),
        ("", 0, "0 passed, 0 failed: no test ran"),
    ],
)
def test_the_last_line_counts_and_the_exit_code_agrees(
    tmp_path: Path, printed: str, code: int, closing: str
) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(RUNNER, tmp_path / ".ci" / "run")
    lines = " ".join(f"'{line}'" for line in printed.split("\n"))
    recipe = f"test:\n\t@printf '%s\\n' {lines}; exit {code}\n"
    (tmp_path / "Makefile").write_text(recipe)
    done = subprocess.run(
        [tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == closing
    passed = code == 0 and "passed" in printed
    assert (done.returncode == 0) == passed
