"""Put a design together from its manifest, source, presets and bill of materials."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any, Literal

from nearmade.designs.customizer import read_assignments, read_parameters
from nearmade.designs.design import BomLine, Design, MadePart, Parameter
from nearmade.designs.manifest import Manifest, PartEntry
from nearmade.designs.presets import read_presets
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import DesignId, PartName
from nearmade.vocabulary.processes import find_process

#: Infill where the author names none; what slicers commonly start from.
DEFAULT_INFILL_PERCENT = 20.0

#: Most lines that are read of a bill of materials.
MAX_BOM_LINES = 1000

#: Value of the source's ``part`` that shows all parts together.
ASSEMBLY = "assembly"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)


def design_from(
    manifest: Manifest, scad_source: str, presets_json: str, bom_csv: str
) -> Design:
    """Put a design together.

    Parameters
    ----------
    manifest
        Read from ``okh.toml``; its table ``[nearmade]`` names id, summary and purpose.
    scad_source
        Text of the main file; its hidden variable ``part`` chooses what is made.
    presets_json, bom_csv
        Texts of those files; empty when there are none.

    Raises
    ------
    InvalidInput
        With every problem in one message, code ``design``.
    """
    problems: list[str] = []
    extra = manifest.extra
    design_id = _word(extra, "id", problems)
    if design_id and not (_ID.fullmatch(design_id) and len(design_id) <= 60):
        problems.append(f"nearmade.id {design_id!r}: must be short kebab-case")
    problems.extend(
        f"manifest names no {field}"
        for field in ("name", "version", "function", "licence", "licensor")
        if not getattr(manifest, field)
    )
    parameters = read_parameters(scad_source)
    if not any(one.name == "part" for one in read_assignments(scad_source)):
        problems.append("the source has no variable part at its top")
    if any(one.name == "part" for one in parameters):
        problems.append("the source shows part to customers: put it under [Hidden]")
    design = Design(
        id=DesignId(design_id),
        version=manifest.version,
        title=manifest.name,
        summary=_word(extra, "summary", problems),
        function=manifest.function,
        licence=manifest.licence,
        licensor=manifest.licensor,
        purpose=_word(extra, "purpose", problems),
        main=str(extra.get("main") or f"{design_id}.scad"),
        parameters=parameters,
        presets=_presets(presets_json, parameters, problems),
        parts=_parts(manifest, problems),
        bom=read_bom(bom_csv, problems),
        assembly_minutes=_amount(extra, "assembly-minutes", problems) or 0.0,
        commercial_price_usd=_amount(extra, "commercial-price-usd", problems),
    )
    if problems:
        raise InvalidInput("; ".join(problems), code="design")
    return design


def _word(table: Mapping[str, Any], key: str, problems: list[str]) -> str:
    """Read a text that must be there."""
    value = table.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    problems.append(f"manifest names no nearmade.{key}")
    return ""


def _amount(table: Mapping[str, Any], key: str, problems: list[str]) -> float | None:
    """Read a number of zero or more that may be missing."""
    value = table.get(key)
    if value is None:
        return None
    usable = isinstance(value, (int, float)) and not isinstance(value, bool)
    if usable and 0 <= value < float("inf"):
        return float(value)
    problems.append(f"nearmade.{key} {value!r}: must be a number of zero or more")
    return None


def _presets(
    text: str, parameters: tuple[Parameter, ...], problems: list[str]
) -> Mapping[str, Any]:
    """Read the presets, if there are any."""
    if not text.strip():
        return {}
    try:
        return read_presets(text, parameters)
    except InvalidInput as error:
        problems.append(error.message)
        return {}


def _parts(manifest: Manifest, problems: list[str]) -> tuple[MadePart, ...]:
    """Read the parts; each has a name of its own."""
    parts = tuple(_made(entry, problems) for entry in manifest.parts)
    names = [part.name for part in parts]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems.extend(f"part {name!r} stands twice in the manifest" for name in twice)
    if not parts:
        problems.append("manifest names no [[part]]")
    return parts


def _made(entry: PartEntry, problems: list[str]) -> MadePart:
    """Read one part."""
    extra = entry.extra
    name = str(extra.get("part") or entry.name or "")
    if not _PART.fullmatch(name) or name == ASSEMBLY:
        problems.append(
            f"part {name!r}: needs [part.nearmade] part, letters, digits, _ and -"
        )
    quantity = extra.get("quantity", 1)
    if type(quantity) is not int or quantity < 1:
        problems.append(f"part {name}: quantity {quantity!r} must be 1 or more")
        quantity = 1
    materials = extra.get("materials") or ([entry.material] if entry.material else [])
    if not materials or not all(isinstance(one, str) for one in materials):
        problems.append(f"part {name}: names no material")
        materials = []
    infill = entry.infill_percent
    infill = DEFAULT_INFILL_PERCENT if infill is None else infill
    if not 0 <= infill <= 100:
        problems.append(f"part {name}: infill {infill} must be 0 to 100 percent")
    return MadePart(
        name=PartName(name),
        title=str(extra.get("title") or entry.name or name),
        quantity=quantity,
        tsdc=entry.tsdc or "3DP",
        materials=tuple(materials),
        infill_fraction=infill / 100,
        supports=bool(entry.supports),
    )


def read_bom(text: str, problems: list[str]) -> tuple[BomLine, ...]:
    """Read what is bought or done by hand; made parts stand in the manifest.

    Parameters
    ----------
    text
        CSV with a line of headings; empty when there is no bill of materials.
    problems
        Gets a sentence for each line that cannot be read.
    """
    if not text.strip():
        return ()
    lines: list[BomLine] = []
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as error:
        problems.append(f"bill of materials is not CSV: {error}")
        return ()
    if len(rows) > MAX_BOM_LINES:
        problems.append(f"bill of materials has {len(rows)} lines: too many")
        return ()
    for number, row in enumerate(rows, start=2):
        try:
            line = _bom_line({key: (row.get(key) or "").strip() for key in _COLUMNS})
        except ValueError as error:
            problems.append(f"bill of materials, line {number}: {error}")
            continue
        if line is not None:
            lines.append(line)
    return tuple(lines)


_COLUMNS = (
    "name", "quantity", "unit", "kind", "price_usd", "mass_g", "note", "service",
)  # fmt: skip


def _bom_line(row: Mapping[str, str]) -> BomLine | None:
    """Read one line; None for a part that is made."""
    kind: Literal["bought", "work"]
    match row["kind"]:
        case "made":
            return None
        case "bought":
            kind = "bought"
        case "work":
            kind = "work"
        case other:
            raise ValueError(f"kind {other!r} must be made, bought or work")
    if not row["name"]:
        raise ValueError("name is missing")
    price = row["price_usd"]
    return BomLine(
        name=row["name"],
        quantity=_positive(row["quantity"], "quantity"),
        unit=row["unit"] or "pcs",
        kind=kind,
        price_usd=_positive(price, "price_usd", zero=True) if price else None,
        mass_g=_positive(row["mass_g"] or "0", "mass_g", zero=True),
        note=row["note"],
        service=_service(row["service"], kind),
    )


def _service(text: str, kind: str) -> str:
    """Read what hand work asks of a facility; empty for plain assembly."""
    if not text:
        return ""
    if kind != "work":
        raise ValueError(f"service {text!r} stands on a line that is no work")
    try:
        return find_process(text).code
    except NotFound as error:
        raise ValueError(error.message) from error


def _positive(text: str, column: str, *, zero: bool = False) -> float:
    """Read a finite number above zero, or zero where that is allowed."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (0 < number < float("inf") or (zero and number == 0)):
        raise ValueError(f"{column} {text!r} is not a usable number")
    return number
