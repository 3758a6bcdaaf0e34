"""A design as a folder of files, and its customised instances as cached meshes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from nearmade.adapters.openscad import Settings, engine_version, render
from nearmade.designs.assemble import ASSEMBLY, design_from
from nearmade.designs.design import Design, MadePart, ParameterValue
from nearmade.designs.manifest import Manifest, read_okh
from nearmade.designs.okh_values import is_safe_place
from nearmade.designs.values import instance_key, validate
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import Sha256, canonical_json, sha256_of

#: Name of the manifest in a design's folder.
MANIFEST = "okh.toml"

#: Most files and bytes that one design may have.
MAX_FILES = 500
MAX_BYTES = 50 * 2**20

#: Endings of files that belong to a version; others are left where they are.
ENDINGS = frozenset({".scad", ".toml", ".json", ".csv", ".md", ".txt", ".stl", ".svg"})

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class LoadedDesign:
    """A design and the files it came from.

    Parameters
    ----------
    design
        What the files say.
    files
        Content by path relative to the folder.
    sha256
        Name of this version: a digest over paths and contents.
    manifest
        The manifest, for export and its diagnoses.
    """

    design: Design
    files: Mapping[str, bytes]
    sha256: Sha256
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One part of an instance.

    Parameters
    ----------
    part
        What was made.
    stl
        Its mesh as binary STL, in millimetres.
    sha256
        Digest of that.
    engine
        Program that made it, with its version.
    """

    part: MadePart
    stl: bytes
    sha256: Sha256
    engine: str = ""


@dataclass(frozen=True, slots=True)
class _Mesh:
    """A mesh and the program that made it."""

    stl: bytes
    engine: str


@dataclass(frozen=True, slots=True)
class Instance:
    """A design with its values set, rendered.

    Parameters
    ----------
    key
        Name of the instance: design version, engine and values.
    values
        Every parameter.
    parts
        In the design's order.
    assembly_stl
        All parts together, for the eye; None when it was not asked for.
    """

    key: Sha256
    values: Mapping[str, ParameterValue]
    parts: tuple[RenderedPart, ...]
    assembly_stl: bytes | None


def load_design(folder: Path, name: str = MANIFEST) -> LoadedDesign:
    """Read a design from its folder.

    Parameters
    ----------
    folder
        Holds the manifest and the source.
    name
        Of the manifest in it.

    Raises
    ------
    NotFound
        When there is no such folder, or no manifest in it.
    InvalidInput
        When a file is missing, too large or wrong; all that the manifest lacks in one
        message.
    """
    if not (folder / name).is_file():
        raise NotFound(
            f"no design at {folder}: it has no {name}", code="design-not-found"
        )
    files = _files(folder)
    manifest = read_okh(_text(files, name))
    extra = manifest.extra
    main = str(extra.get("main") or f"{extra.get('id', folder.name)}.scad")
    design = design_from(
        manifest,
        _text(files, main),
        _optional(files, extra.get("presets"), "presets.json"),
        _optional(files, manifest.bom, "bom.csv"),
    )
    digest = sha256_of(
        canonical_json({name: sha256_of(files[name]) for name in sorted(files)})
    )
    return LoadedDesign(design, files, digest, manifest)


def customise(
    loaded: LoadedDesign,
    values: Mapping[str, object],
    *,
    cache: Path | None,
    progress: Progress | None = None,
    assembly: bool = True,
    wall_s: float = 60,
    settings: Settings | None = None,
) -> Instance:
    """Render every part of a design with these values, or take them from the cache.

    Parameters
    ----------
    loaded
        The design.
    values
        What the customer set; the rest is as the design says.
    cache
        Folder where meshes are kept for ever; None keeps nothing.
    progress
        Called from this thread with parts done, parts in all and what was done last.
    assembly
        Also render all parts together.
    wall_s
        Time on the clock for each part. [s]
    settings
        Where the engines are; looked up when None.

    Raises
    ------
    InvalidInput
        When a value is refused or a part does not render.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    known = settings or Settings.found()
    checked = validate(loaded.design.parameters, values)
    key = instance_key(loaded.sha256, engine_version(known), checked)
    kept = _Kept(cache / key[:2] / key) if cache is not None else None

    def made(name: str) -> _Mesh:
        mesh = kept.read(name) if kept else None
        if mesh is None:
            main = loaded.design.main
            rendered = render(
                loaded.files, main, checked, part=name, wall_s=wall_s, settings=known
            )
            mesh = _Mesh(rendered.stl, rendered.engine_version)
            if kept:
                kept.write(name, mesh)
        return mesh

    names = [str(part.name) for part in loaded.design.parts]
    meshes = _in_parallel([*names, ASSEMBLY] if assembly else names, made, progress)
    return Instance(
        key=key,
        values=checked,
        parts=tuple(
            _rendered_part(part, meshes[part.name]) for part in loaded.design.parts
        ),
        assembly_stl=meshes[ASSEMBLY].stl if assembly else None,
    )


def _rendered_part(part: MadePart, mesh: _Mesh) -> RenderedPart:
    """Put a part and its mesh together."""
    return RenderedPart(part, mesh.stl, sha256_of(mesh.stl), mesh.engine)


def _in_parallel(
    names: list[str], made: Callable[[str], _Mesh], progress: Progress | None
) -> dict[str, _Mesh]:
    """Make all by name, as many at once as there are processors."""
    meshes: dict[str, _Mesh] = {}
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
    try:
        waiting = {pool.submit(made, name): name for name in names}
        if progress:
            progress(0, len(names), "")
        for future in as_completed(waiting):
            name = waiting[future]
            meshes[name] = future.result()
            if progress:
                progress(len(meshes), len(names), name)
    finally:
        pool.shutdown(cancel_futures=True)
    return meshes


@dataclass(frozen=True, slots=True)
class _Kept:
    """The meshes of one instance in the cache, each checked when it is read.

    A mesh lies under its own digest and a small file names that digest, so writers
    that meet leave a whole pair whatever their order.
    """

    folder: Path

    def read(self, name: str) -> _Mesh | None:
        """Give a mesh; None when it is not kept, or no longer what it was."""
        try:
            note = json.loads((self.folder / f"{name}.json").read_text())
            digest, engine = str(note["sha256"]), str(note["engine"])
            stl = (self.folder / f"{name}-{digest[:16]}.stl").read_bytes()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return _Mesh(stl, engine) if sha256_of(stl) == digest else None

    def write(self, name: str, mesh: _Mesh) -> None:
        """Keep a mesh; each file appears whole or not at all."""
        digest = sha256_of(mesh.stl)
        note = canonical_json({"sha256": digest, "engine": mesh.engine})
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"{name}-{digest[:16]}.stl", mesh.stl)
        write_whole(self.folder / f"{name}.json", note)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, then rename into place."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _files(folder: Path) -> dict[str, bytes]:
    """Read the files of a version; links are not followed."""
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix not in ENDINGS or any(
            part.startswith(".") for part in relative.parts
        ):
            continue
        if path.is_symlink() or not path.is_file():
            continue
        total += path.stat().st_size
        if total > MAX_BYTES or len(files) >= MAX_FILES:
            raise InvalidInput(
                f"design {folder.name}: more than {MAX_FILES} files or {MAX_BYTES} "
                "bytes",
                code="design-too-large",
            )
        files[relative.as_posix()] = path.read_bytes()
    return files


def _text(files: Mapping[str, bytes], name: str) -> str:
    """Give a file that must be there as text."""
    path = name.removeprefix("./").removeprefix("/")
    if not is_safe_place(name) or path not in files:
        raise InvalidInput(f"design has no file {name!r}", code="file-missing")
    try:
        return files[path].decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{name}: is not UTF-8 ({error})", code="encoding"
        ) from error


def _optional(files: Mapping[str, bytes], named: object, usual: str) -> str:
    """Give a file that the manifest names, else the usual one; empty when absent."""
    if isinstance(named, str) and named and "://" not in named:
        return _text(files, named)
    return _text(files, usual) if usual in files else ""
