"""Where the test data shared with other projects lies, if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("NEARMADE_SHARED")
    or Path(__file__).resolve().parents[1] / "../shared/data"
)


def shared(*parts: str) -> Path:
    """Give a path below the shared data, or skip the test when it is absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared test data are absent: {'/'.join(parts)}")
    return path
