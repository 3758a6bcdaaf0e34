"""A design wherever it is found: a folder or a manifest, drawn or in mesh files.

Parts drawn in OpenSCAD are rendered, parts that name a mesh file are read through the
gate. What a design leaves open is filled with what the caller says, else with what a
lone mesh file would get, and each such assumption is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from nearmade.adapters.design_folder import load_design
from nearmade.adapters.design_place import (
    inside,
    instead,
    manifest_at,
    names_mesh,
    some_of,
)
from nearmade.adapters.gate import admit
from nearmade.adapters.gate.admission import MAX_FILE_BYTES
from nearmade.adapters.measured_design import measure_design
from nearmade.designs.design import Design, MadePart
from nearmade.designs.licence import read_licence
from nearmade.designs.manifest import Manifest, manifest_of
from nearmade.designs.mesh_design import (
    NO_LICENCE,
    MeshDesign,
    MeshPart,
    mesh_design,
    mesh_of,
    v1_mesh_design,
)
from nearmade.designs.okh import OkhFile, read_manifest
from nearmade.designs.okh_v1_rules import canonical
from nearmade.designs.okh_values import is_safe_place
from nearmade.geometry.facts import PartFacts
from nearmade.matching.material_gates import identity_of, material_of
from nearmade.matching.materials import usual_materials
from nearmade.screening.printability import OF_LAYERS, check_makeable
from nearmade.vocabulary.documents import MAX_BYTES
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.processes import find_process

#: How a part is made where nobody says, as a lone mesh file is.
USUAL_PROCESS: Final = "FDM"
#: How a part is made that a design draws and says nothing more of.
DRAWN_PROCESS: Final = "3DP"


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A part whose shape nobody knows.

    Parameters
    ----------
    part
        What the manifest says of it.
    why
        Why it could not be measured, in one sentence.
    """

    part: MadePart
    why: str


@dataclass(frozen=True, slots=True)
class FoundDesign:
    """A design and the facts of its parts.

    Parameters
    ----------
    design
        Its parts are those that are measured.
    facts
        Of each part, at its initial values.
    unmeasured
        Parts whose shape is not known.
    assumed
        What the design does not say and how it was taken, in sentences.
    unread
        Those of ``assumed`` that tell of a bill of materials that was not read.
    """

    design: Design
    facts: Mapping[PartName, PartFacts]
    unmeasured: tuple[Unmeasured, ...] = ()
    assumed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """What the caller says of parts where their design does not; None leaves it open.

    Parameters
    ----------
    process
        Code of how they are made.
    materials
        What they may be made of; empty leaves it open.
    infill_fraction
        Share of the inside that is filled, 0..1.
    """

    process: str | None = None
    materials: tuple[str, ...] = ()
    infill_fraction: float | None = None


def find_measured(
    path: Path, cache: Path | None, said: Open | None = None
) -> FoundDesign:
    """Read a design, render what is drawn, read what lies there, and measure all.

    Parameters
    ----------
    path
        Its folder or its manifest: OKH 2.x in TOML or YAML, or OKH 1.0.
    cache
        Folder where rendered meshes and facts are kept; None keeps nothing.
    said
        What the caller says of parts whose design does not.

    Raises
    ------
    NotFound
        When there is no manifest.
    InvalidInput
        When the manifest cannot be read or names nothing to make, a part is refused,
        or the caller says what the design says itself.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    asked = said or Open()
    file = manifest_at(path)
    read = _read(file)
    if read.generation == "1.0":
        tree = canonical(read.document.tree)
        home = file.absolute().parent
        try:
            named = v1_mesh_design(tree, names_mesh, folder=home.name)
        except InvalidInput as error:
            raise InvalidInput(
                error.message,
                code=error.code,
                remedy=f"{error.remedy}; {instead(home)}",
            ) from error
        return _from_meshes(named, home, asked)
    manifest = manifest_of(read.document)
    if _is_drawn(manifest, file):
        return _drawn(manifest, file, cache, asked)
    named = mesh_design(
        manifest,
        names_mesh,
        folder=file.absolute().parent.name,
        is_there=lambda path: inside(file.parent, path).is_file(),
        bom_csv=_bom_text(manifest, file.parent),
    )
    return _from_meshes(named, file.parent, asked)


def _read(file: Path) -> OkhFile:
    """Read a manifest of any generation, or say why it is none."""
    try:
        with file.open("rb") as opened:
            data = opened.read(max(MAX_BYTES.values()) + 1)
    except FileNotFoundError as error:
        raise NotFound(f"{file}: no such file", code="design-not-found") from error
    except OSError as error:
        raise InvalidInput(f"{file}: cannot be read ({error.strerror})") from error
    read = read_manifest(data, file.name)
    if read.generation == "unknown":
        why = read.findings[-1]
        raise InvalidInput(
            ": ".join(
                filter(None, (f"{file.name}: no manifest of OKH", why.path, why.value))
            ),
            code="manifest-unreadable",
            remedy=why.suggestion,
        )
    return read


def _is_drawn(manifest: Manifest, file: Path) -> bool:
    """Tell whether some part is drawn by the design's own OpenSCAD source."""
    if file.suffix.lower() != ".toml":
        return False
    extra = manifest.extra
    main = str(
        extra.get("main") or f"{extra.get('id', file.absolute().parent.name)}.scad"
    )
    if not (is_safe_place(main) and (file.parent / main).is_file()):
        return False
    return any(not mesh_of(each.raw, names_mesh, "source") for each in manifest.parts)


def _drawn(
    manifest: Manifest, file: Path, cache: Path | None, said: Open
) -> FoundDesign:
    """Render the parts that are drawn and read those whose source is a mesh."""
    loaded = load_design(file.parent, file.name)
    design, notes = loaded.design, list[str]()
    parts = [
        MeshPart(
            replace(part, tsdc=entry.tsdc or ""),
            mesh_of(entry.raw, names_mesh, "source"),
            entry.infill_percent is not None,
        )
        for part, entry in zip(design.parts, manifest.parts, strict=True)
    ]
    _refuse_said(said, parts, design.title)
    drawn = tuple(
        part for part, each in zip(design.parts, parts, strict=True) if not each.path
    )
    facts = measure_design(
        replace(loaded, design=replace(design, parts=drawn)), {}, cache
    )
    for each in parts:
        if each.path:
            facts[each.part.name] = _facts(file.parent, each.path, each.part.title)
    filled = tuple(_filled(each, said, notes, usual=DRAWN_PROCESS) for each in parts)
    chosen = _chosen(replace(design, parts=filled), said.materials)
    return FoundDesign(chosen, facts, assumed=tuple(notes))


def _from_meshes(named: MeshDesign, folder: Path, said: Open) -> FoundDesign:
    """Fill in what a design of mesh files leaves open, and measure it."""
    _refuse_said(said, named.parts, named.design.title)
    notes = list(named.notes)
    parts: list[MadePart] = []
    unmeasured: list[Unmeasured] = []
    facts: dict[PartName, PartFacts] = {}
    for each in named.parts:
        part = each.part
        why = _why_not(folder, each.path)
        if not why:
            try:
                facts[part.name] = _facts(folder, each.path, part.title)
            except InvalidInput as error:
                why = error.message
        if why:
            unmeasured.append(Unmeasured(part, why))
        else:
            parts.append(_filled(each, said, notes))
    if not parts:
        told = "; ".join(f"{one.part.title}: {one.why}" for one in unmeasured[:3])
        if len(unmeasured) > 3:
            told += f"; and {len(unmeasured) - 3} more"
        raise InvalidInput(
            f"{named.design.title}: no part of it can be measured: {told}",
            code="design-without-parts",
            remedy=instead(folder),
        )
    design = replace(named.design, parts=tuple(parts))
    licence = read_licence(design.licence)
    if not licence.known:
        called = f"the licence {design.licence}, of which no terms are known"
        if design.licence == NO_LICENCE:
            called = "no licence"
        notes.append(
            f"the manifest names {called}: only sites that work without pay are asked"
        )
    chosen = _chosen(design, said.materials)
    return FoundDesign(chosen, facts, tuple(unmeasured), tuple(notes), named.unread)


def _filled(
    each: MeshPart, said: Open, notes: list[str], *, usual: str = USUAL_PROCESS
) -> MadePart:
    """Say how, of what and how full a part is made where its manifest does not."""
    part = each.part
    process = part.tsdc or said.process or ""
    if not process:
        process = usual
        notes.append(f"{part.title}: how it is made is not said: {process} was taken")
    materials = part.materials or said.materials
    if not materials:
        materials = usual_materials(_code(process))
        if materials:
            told = some_of(materials)
            notes.append(f"{part.title}: its material is not said: {told} was taken")
    notes.extend(
        f"{part.title}: {name} is no material known here: it goes by its name alone"
        for name in part.materials
        if material_of(name) is None
    )
    infill = part.infill_fraction
    if not each.says_infill and said.infill_fraction is not None:
        infill = said.infill_fraction
    return replace(part, tsdc=process, materials=materials, infill_fraction=infill)


def _code(process: str) -> str:
    try:
        return find_process(process).code
    except NotFound:
        return process


def _refuse_said(said: Open, parts: Sequence[MeshPart], title: str) -> None:
    """Refuse what the caller says and the design says itself, for every part."""
    if said.process is not None and all(each.part.tsdc for each in parts):
        raise InvalidInput(
            f"--process: {title} says of each component how it is made",
            remedy="leave it out, or match one mesh file",
        )
    if said.infill_fraction is not None and all(each.says_infill for each in parts):
        raise InvalidInput(
            f"--infill: {title} says of each component how full it is",
            remedy="leave it out, or match one mesh file",
        )


def _chosen(design: Design, materials: tuple[str, ...]) -> Design:
    """Keep of the materials that each component allows those that the caller names.

    Raises
    ------
    InvalidInput
        When a component allows none of them.
    """
    if not materials:
        return design
    wanted = {identity_of(name): name for name in materials}
    parts = []
    for part in design.parts:
        allowed = {identity_of(name) for name in part.materials}
        kept = tuple(name for key, name in wanted.items() if key in allowed)
        if part.materials and not kept:
            raise InvalidInput(
                f"{part.title} is made of {' or '.join(part.materials)}, not of "
                f"{' or '.join(materials)}",
                code="material-not-allowed",
                remedy="name a material that every component allows, or none",
            )
        parts.append(replace(part, materials=kept))
    return replace(design, parts=tuple(parts))


def _facts(folder: Path, path: str, title: str) -> PartFacts:
    """Read a mesh file of a design through the gate and measure it."""
    file = inside(folder, path)
    name = file.name
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise InvalidInput(
                f"{name}: more than {MAX_FILE_BYTES} bytes", code="file-too-large"
            )
        data = file.read_bytes()
        return check_makeable(admit(data, name).facts, title, but=OF_LAYERS)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror})") from error
    except InvalidInput as error:
        if error.message.startswith((name, title)):
            raise
        raise InvalidInput(
            f"{name}: {error.message}", code=error.code, remedy=error.remedy
        ) from error


def _why_not(folder: Path, path: str) -> str:
    """Say why a part cannot be measured; empty when it can."""
    if not path:
        return "its manifest names no mesh file of it that could be read"
    if not inside(folder, path).is_file():
        return f"its file {path} is not there"
    return ""


def _bom_text(manifest: Manifest, folder: Path) -> str | None:
    """Give the text of the bill of materials; empty without one, None if unreadable."""
    path = manifest.bom
    if not path:
        return ""
    if "://" in path or not is_safe_place(path):
        return None
    try:
        file = inside(folder, path)
        if file.stat().st_size > max(MAX_BYTES.values()):
            return None
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None
