"""A design whose parts are mesh files: what its manifest says, and what it leaves open.

Manifests in the field seldom state all that matching has to know. What they leave open
stays open here, and is named, so that whoever matches may say what was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from nearmade.designs.assemble import DEFAULT_INFILL_PERCENT, read_bom
from nearmade.designs.design import BomLine, Design, MadePart
from nearmade.designs.manifest import Manifest, PartEntry, part_entry
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import DesignId, PartName
from nearmade.vocabulary.processes import find_process

#: Codes of OKH for what is bought, not made.
_BOUGHT: Final = frozenset({"COT", "STD"})
#: Code of OKH under which ``printing-process`` says how.
_PRINTED: Final = "3DP"
#: A licence that nobody named permits nothing (``licence.read_licence``).
NO_LICENCE: Final = "LicenseRef-not-named"
#: Most signs of a name that is made of a title.
_MOST_SIGNS: Final = 60

#: Whether a path of the manifest can be read as a mesh.
IsMesh = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class MeshPart:
    """One part of a manifest and the file that holds its shape.

    Parameters
    ----------
    part
        What the manifest says of it; an empty ``tsdc`` or no ``materials`` where it
        does not say.
    path
        Of its mesh file, relative to the manifest; empty where it names none.
    says_infill
        Whether the manifest names its infill.
    """

    part: MadePart
    path: str
    says_infill: bool = False


@dataclass(frozen=True, slots=True)
class MeshDesign:
    """A design in mesh files.

    Parameters
    ----------
    design
        Its parts are those of ``parts``, in their order.
    parts
        Each with its file.
    notes
        What was left out or could not be read, in sentences.
    unread
        Those of ``notes`` that tell of a bill of materials: bought things and hand
        work are not known then.
    """

    design: Design
    parts: tuple[MeshPart, ...]
    notes: tuple[str, ...]
    unread: tuple[str, ...] = ()


def mesh_of(raw: Mapping[str, Any], is_mesh: IsMesh, *keys: str) -> str:
    """Give the first mesh file that a table names under some keys; empty if none."""
    return next(iter(_meshes(raw, is_mesh, *keys)), "")


def _meshes(raw: Mapping[str, Any], is_mesh: IsMesh, *keys: str) -> list[str]:
    """Give every mesh file that a table names under some keys, in their order."""
    values = [raw.get(key) for key in keys]
    several = [one for v in values for one in (v if isinstance(v, list) else [v])]
    texts = [one.strip() for one in several if isinstance(one, str)]
    return [one for one in texts if is_mesh(one)]


def mesh_design(
    manifest: Manifest,
    is_mesh: IsMesh,
    *,
    folder: str,
    is_there: IsMesh = lambda _: True,
    bom_csv: str | None = "",
) -> MeshDesign:
    """Read a manifest of OKH 2.x as a design in mesh files.

    A manifest without ``[[part]]`` has one part for each mesh file that it names.

    Parameters
    ----------
    manifest
        As it was read.
    is_mesh
        Tells whether a path can be read as a mesh.
    folder
        Name of its folder, which names the design where nothing else does.
    is_there
        Tells whether there is a file at a path; of several meshes of one part the
        first that is there is taken, the source before what was exported.
    bom_csv
        Text of the bill of materials; empty when there is none, None when the one
        that the manifest names cannot be read.

    Raises
    ------
    InvalidInput
        When it names neither a part nor a mesh file; code ``design-without-parts``.
    """
    entries = []
    for entry in manifest.parts:
        meshes = _meshes(entry.raw, is_mesh, "source", "export")
        there = next(filter(is_there, meshes), "")
        entries.append((entry, there or next(iter(meshes), "")))
    if not entries:
        entries = list(_of_top(manifest, is_mesh))
    if not entries:
        raise without_parts(manifest.name or folder)
    names = _Names()
    parts: list[MeshPart] = []
    bought: list[BomLine] = []
    odd: list[str] = []
    for entry, path in entries:
        codes = _codes(entry.raw.get("tsdc"))
        if codes and set(codes) <= _BOUGHT and not path:
            bought.append(BomLine(entry.name or "part", 1, "pcs", "bought"))
            continue
        parts.append(_part(entry, path, codes, names, odd))
    lines, notes = _lines(bom_csv, manifest.bom)
    return MeshDesign(
        plain_design(
            name=manifest.name or folder,
            id_given=str(manifest.extra.get("id") or ""),
            version=manifest.version,
            licence=manifest.licence,
            licensor=manifest.licensor,
            parts=[each.part for each in parts],
            bom=(*bought, *lines),
            assembly_minutes=_amount(manifest.extra.get("assembly-minutes")),
        ),
        tuple(parts),
        (*odd, *notes),
        tuple(notes),
    )


def v1_mesh_design(
    tree: Mapping[str, Any], is_mesh: IsMesh, *, folder: str
) -> MeshDesign:
    """Read a manifest of OKH 1.0 as a design in mesh files.

    OKH 1.0 knows neither parts nor processes nor materials: each mesh file that it
    names among the files for manufacturing, else among the design's, is one part.

    Parameters
    ----------
    tree
        The manifest in the template's spelling (``okh_v1_rules.canonical``).
    is_mesh
        Tells whether a path can be read as a mesh.
    folder
        Names the design where the manifest has no title.

    Raises
    ------
    InvalidInput
        When it names no mesh file; code ``design-without-parts``.
    """
    title = str(tree.get("title") or folder)
    files: list[tuple[str, str]] = []
    for key in ("manufacturing-files", "design-files"):
        listed = tree.get(key)
        titles: dict[str, str] = {}
        for one in listed if isinstance(listed, list) else []:
            path = one.get("path") if isinstance(one, dict) else one
            if isinstance(path, str) and is_mesh(path.strip()):
                called = one.get("title") if isinstance(one, dict) else None
                titles.setdefault(path.strip(), str(called or _stem(path)))
        files = [(titles[path], path) for path in _once(titles)]
        if files:
            break
    if not files:
        raise InvalidInput(
            f"{title}: OKH 1.0 knows no parts, processes or materials, and the "
            "manifest names no mesh file that could be read",
            code="design-without-parts",
            remedy="name mesh files under manufacturing-files, or make it OKH 2.x "
            "(nearmade okh convert) and add a [[part]] table for each",
        )
    names = _Names()
    parts = tuple(
        MeshPart(_made(names.of(called), called, "", ()), path)
        for called, path in files
    )
    licences = tree.get("license")
    licence = ""
    if isinstance(licences, dict):
        named = (licences.get(key) for key in ("hardware", "documentation"))
        licence = next((str(one).strip() for one in named if one), "")
    return MeshDesign(
        plain_design(
            name=title,
            version=str(tree.get("version") or ""),
            licence=licence,
            parts=[each.part for each in parts],
        ),
        parts,
        (),
    )


def plain_design(
    *,
    name: str,
    parts: Sequence[MadePart],
    id_given: str = "",
    version: str = "",
    licence: str = "",
    licensor: str = "",
    bom: tuple[BomLine, ...] = (),
    assembly_minutes: float = 0.0,
) -> Design:
    """Give a design without parameters, with what is known of it."""
    return Design(
        id=DesignId(id_given or slug(name)),
        version=version,
        title=name,
        summary="",
        function="",
        licence=licence or NO_LICENCE,
        licensor=licensor,
        purpose="",
        main="",
        parameters=(),
        presets={},
        parts=tuple(parts),
        bom=bom,
        assembly_minutes=assembly_minutes,
    )


def without_parts(name: str) -> InvalidInput:
    """Say that a manifest holds nothing that could be matched."""
    return InvalidInput(
        f"{name}: its manifest names no part and no mesh file that could be read",
        code="design-without-parts",
        remedy="match the mesh files one by one, or add a [[part]] table for each that "
        "names its file as source or export",
    )


def slug(title: str) -> str:
    """Write a title in small letters, digits and hyphens."""
    words = re.findall(r"[a-z0-9]+", title.casefold())
    return "-".join(words)[:_MOST_SIGNS].rstrip("-") or "part"


class _Names:
    """Names of parts, each once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, title: str) -> PartName:
        name = slug(title)
        self._seen[name] = count = self._seen.get(name, 0) + 1
        return PartName(name if count == 1 else f"{name}-{count}")


def _of_top(manifest: Manifest, is_mesh: IsMesh) -> Iterator[tuple[PartEntry, str]]:
    """Take each mesh file of the manifest itself for a part."""
    top = part_entry(manifest.raw).raw
    for key in ("source", "export"):
        found = _once(_meshes(top, is_mesh, key))
        for path in found:
            called = manifest.name if len(found) == 1 else _stem(path)
            yield replace(part_entry(manifest.raw), name=called, extra={}), path
        if found:
            return


def _once(paths: Iterable[str]) -> list[str]:
    """Keep the first of files that differ in their ending alone: one part each."""
    endings: dict[str, str] = {}
    kept = []
    for path in paths:
        ending = path.rpartition(".")[2].casefold()
        if endings.setdefault(_stem(path).casefold(), ending) == ending:
            kept.append(path)
    return list(dict.fromkeys(kept))


def _part(
    entry: PartEntry, path: str, codes: Sequence[str], names: _Names, odd: list[str]
) -> MeshPart:
    title = str(entry.extra.get("title") or entry.name or _stem(path) or "part")
    quantity = entry.extra.get("quantity", 1)
    if type(quantity) is not int or quantity < 1:
        odd.append(f"{title}: quantity {quantity!r} is no number of parts: 1 was taken")
        quantity = 1
    materials = entry.extra.get("materials")
    if not (isinstance(materials, list) and all(isinstance(m, str) for m in materials)):
        materials = [entry.material] if entry.material else []
    infill = entry.infill_percent
    if infill is not None and not 0 <= infill <= 100:
        odd.append(f"{title}: infill {infill:g} is no share from 0 to 100 percent")
        infill = None
    part = _made(
        names.of(str(entry.extra.get("part") or title)),
        title,
        _process(codes, entry.raw.get("printing-process")),
        tuple(materials),
        quantity=quantity,
        infill_percent=infill,
        supports=bool(entry.supports),
    )
    return MeshPart(part, path, infill is not None)


def _made(
    name: PartName,
    title: str,
    process: str,
    materials: tuple[str, ...],
    *,
    quantity: int = 1,
    infill_percent: float | None = None,
    supports: bool = False,
) -> MadePart:
    percent = DEFAULT_INFILL_PERCENT if infill_percent is None else infill_percent
    return MadePart(name, title, quantity, process, materials, percent / 100, supports)


def _codes(tsdc: object) -> list[str]:
    """Give the codes of a part; several mean that any of them will do."""
    several = tsdc if isinstance(tsdc, list) else [tsdc]
    return [one.strip() for one in several if isinstance(one, str) and one.strip()]


def _process(codes: Sequence[str], printing: object) -> str:
    """Give how a part is made: the first way that is not buying; empty if unsaid."""
    code = next((one for one in codes if one not in _BOUGHT), "")
    if code == _PRINTED and isinstance(printing, str):
        try:
            return find_process(printing).code
        except NotFound:
            return code
    return code


def _lines(bom_csv: str | None, path: str) -> tuple[tuple[BomLine, ...], list[str]]:
    """Read the bill of materials, or say that it is laid out otherwise than ours."""
    problems: list[str] = []
    if bom_csv is None:
        problems.append("it is no file here that can be read as UTF-8 text")
    lines = read_bom(bom_csv or "", problems)
    if problems:
        return (), [
            f"the bill of materials {path} was left out: {problems[0]}",
        ]
    return lines, []


def _amount(value: object) -> float:
    """Read a number of zero or more; zero where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < float("inf") else 0.0


def _stem(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].rpartition(".")[0]
