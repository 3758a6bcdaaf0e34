"""Read print settings off the installed slicer's presets into facts of our own.

Writes ``src/nearmade/quoting/machine_settings/``: lines, speeds, limits and supports of
every profile named in ``quoting/presets.py``, each different group of numbers once.
Nothing of the vendors' files is copied but numbers, under our own names.

    .venv/bin/python tools/read_presets.py
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING

from nearmade.adapters.slicers.flatten import flatten
from nearmade.adapters.slicers.settings import print_settings
from nearmade.quoting.presets import PRESETS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "nearmade" / "quoting" / "machine_settings"

#: Share of the inside that the house fills unless a design says otherwise.
INFILL = "20%"

#: Which groups stand in which module.
MODULES = {
    "lines": ("lines", "shells"),
    "paces": ("speeds",),
    "limits": ("motion", "retraction"),
    "extras": ("adhesion", "supports"),
}
GROUPS = tuple(group for groups in MODULES.values() for group in groups)


def main() -> None:
    """Read every profile's presets and write the modules."""
    found: dict[str, list[DataclassInstance]] = {group: [] for group in GROUPS}
    rows = []
    for profile_id, names in PRESETS.items():
        flat = flatten(names)
        settings = print_settings(flat | {"fill_density": INFILL})
        numbers = []
        for group in GROUPS:
            value = getattr(settings, group)
            if value not in found[group]:
                found[group].append(value)
            numbers.append(found[group].index(value))
        heat = [_hottest(flat, kind) for kind in ("temperature", "bed_temperature")]
        row = (*numbers, settings.nozzle_mm, settings.filament_mm)
        row = (*row, settings.flow, *heat)
        rows.append((str(profile_id), row))
    TARGET.mkdir(exist_ok=True)
    for module, groups in MODULES.items():
        write_groups(module, {group: found[group] for group in groups})
    write_rows(rows)
    subprocess.run([Path(sys.executable).parent / "ruff", "format", TARGET], check=True)
    print({group: len(values) for group, values in found.items()}, len(rows))


def _hottest(flat: dict[str, str], kind: str) -> float:
    """Give the highest temperature that first and other layers ask for."""
    asked = (flat.get(key, "0") for key in (kind, f"first_layer_{kind}"))
    return max(float(value.split(",")[0]) for value in asked)


def write_groups(module: str, groups: dict[str, list[DataclassInstance]]) -> None:
    """Write one module with the different values of some groups, a row for each."""
    kinds = ", ".join(sorted(group.capitalize() for group in groups))
    text = '"""Facts read off vendors\' presets by ``tools/read_presets.py``."""\n\n'
    text += "from __future__ import annotations\n\n"
    text += f"from nearmade.quoting.print_settings import {kinds}\n"
    for group, values in groups.items():
        names = ", ".join(field.name for field in fields(values[0]))
        text += "\n" + indent(fill(f"{names}.", 84), "#: ") + "\n"
        text += f"{group.upper()} = tuple({group.capitalize()}(*row) for row in (\n"
        for value in values:
            figures = tuple(getattr(value, field.name) for field in fields(value))
            text += f"    {_plain(figures)},\n"
        text += "))\n"
    (TARGET / f"{module}.py").write_text(text, encoding="utf-8")


def _plain(value: object) -> str:
    """Write a number without needless digits."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))})"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value)


def write_rows(rows: list[tuple[str, tuple[float, ...]]]) -> None:
    """Write which groups each profile has, and its temperatures and density."""
    text = (
        '"""Which settings each profile has; written by ``tools/read_presets.py``."""'
    )
    text += "\n\nfrom __future__ import annotations\n\n"
    text += f"#: Of each profile the places of {', '.join(GROUPS[:4])},\n"
    text += f"#: {', '.join(GROUPS[4:])}; then nozzle and filament diameter [mm],\n"
    text += "#: flow, hottest nozzle and bed [degC].\n"
    text += "ROWS: dict[str, tuple[float, ...]] = {\n"
    for name, row in rows:
        text += f'    "{name}": ({", ".join(map(_plain, row))}),\n'
    text += "}\n"
    (TARGET / "rows.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
