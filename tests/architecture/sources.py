"""The project's own files and their syntax trees, read once."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "nearmade"

ROOMS = (
    "vocabulary",
    "geometry",
    "designs",
    "facilities",
    "energy",
    "logistics",
    "impact",
    "screening",
    "quoting",
    "matching",
    "planning",
    "production",
)

#: Folders that others made or that a build makes.
_NOT_OURS = {
    ".git",
    ".venv",
    ".octoprint-venv",
    ".step-venv",
    ".oracles-venv",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "node_modules",
    "dist",
    "built",
    "migrations",
}


def own_files() -> Iterator[Path]:
    """Walk every file of the project that we wrote."""
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name not in _NOT_OURS
            and not name.endswith(".egg-info")
            and not (here == ROOT and name == "build")
        )
        yield from (
            here / name for name in sorted(files) if not name.startswith(".coverage")
        )


@cache
def python_files() -> tuple[Path, ...]:
    """List the Python sources, tests and tools."""
    return tuple(path for path in own_files() if path.suffix == ".py")


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a source file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def room_files() -> list[Path]:
    """List the sources of the rooms."""
    return [path for room in ROOMS for path in sorted((SRC / room).rglob("*.py"))]


def shown(path: Path) -> str:
    """Name a file from the project's root."""
    return path.relative_to(ROOT).as_posix()
