"""Commands must not find what this machine's user has calibrated."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_fits_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give commands a folder of data of their own."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("NEARMADE_DATA_DIR", str(folder))
    return folder
