"""Where our own starter designs and demo networks are on this machine."""

from __future__ import annotations

from pathlib import Path

from nearmade.vocabulary.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[1]


def designs_dir() -> Path:
    """Give the folder with one folder per starter design.

    Raises
    ------
    NotFound
        When neither the repository nor the installed package holds it.
    """
    return _examples("designs")


def networks_dir() -> Path:
    """Give the folder with the demo networks.

    Raises
    ------
    NotFound
        When neither the repository nor the installed package holds it.
    """
    return _examples("networks")


def list_designs() -> list[Path]:
    """Give the folders of the starter designs, by name."""
    return sorted(manifest.parent for manifest in designs_dir().glob("*/okh.toml"))


def _examples(name: str) -> Path:
    """Find a folder of examples: the repository's first, else the packaged copy."""
    places = (_PACKAGE.parents[1] / "examples" / name, _PACKAGE / "_examples" / name)
    for place in places:
        if place.is_dir():
            return place
    raise NotFound(f"starter {name} are not here: {places[0]}, {places[1]}")
