"""Where OpenCASCADE is found on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nearmade.vocabulary.errors import Unavailable

#: Made by ``tools/set_up.py --only step``, apart from our own packages.
FOLDER = ".step-venv"


@dataclass(frozen=True, slots=True)
class Settings:
    """Which Python environment holds OpenCASCADE.

    Parameters
    ----------
    venv
        Folder of the environment; None when it is not set up.
    """

    venv: Path | None

    @classmethod
    def found(cls) -> Settings:
        """Look around on this machine.

        Environment: ``NEARMADE_STEP_VENV`` names another folder.
        """
        told = os.environ.get("NEARMADE_STEP_VENV")
        beside_sources = Path(__file__).resolve().parents[4] / FOLDER
        places = [Path(told)] if told else [beside_sources]
        return cls(next((one for one in places if _holds_opencascade(one)), None))

    def python(self) -> Path:
        """Give the environment's interpreter.

        Raises
        ------
        Unavailable
            When the environment is not set up.
        """
        if self.venv is None:
            raise Unavailable(
                "STEP files cannot be read here: OpenCASCADE is not installed",
                code="no-opencascade",
                remedy="run python3 tools/set_up.py --only step, or set "
                "NEARMADE_STEP_VENV, or export the part as STL or 3MF",
            )
        return self.venv / "bin" / "python"


def _holds_opencascade(venv: Path) -> bool:
    return any(venv.glob("lib/python3.*/site-packages/OCP"))
