"""What codes of the vocabulary are called, for people."""

from __future__ import annotations

from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.processes import PROCESSES


def process_name(code: str) -> str:
    """Give a process's title; of one that the vocabulary lacks, its own word."""
    return PROCESSES[code].title if code in PROCESSES else code


def material_name(code: str) -> str:
    """Give a material's code, and its title where that says more."""
    title = MATERIALS[code].title if code in MATERIALS else code
    return code if title.casefold() == code.casefold() else f"{code}, {title}"
