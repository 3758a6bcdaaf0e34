"""Where the starter designs are."""

from __future__ import annotations

from pathlib import Path

import pytest

from nearmade.adapters import examples
from nearmade.vocabulary.errors import NotFound


def test_the_repository_holds_the_starter_designs() -> None:
    assert examples.designs_dir().name == "designs"
    assert all((folder / "okh.toml").is_file() for folder in examples.list_designs())


def test_an_installed_package_holds_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lib" / "python" / "nearmade"
    (package / "_examples" / "networks").mkdir(parents=True)
    monkeypatch.setattr(examples, "_PACKAGE", package)
    assert examples.networks_dir() == package / "_examples" / "networks"
    with pytest.raises(NotFound, match="starter designs are not here"):
        examples.designs_dir()
