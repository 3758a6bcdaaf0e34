"""``nearmade inspect``: what a mesh file holds, or why it is refused."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from nearmade.adapters.gate import Admitted, admit
from nearmade.vocabulary.errors import InvalidInput

SIGNS = {"error": "✗", "warning": "!", "note": "·"}


@click.command(
    epilog="""\b
Examples:
  nearmade inspect frame.stl
  nearmade inspect frame.3mf --json | jq .volume_mm3
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(file: Path, as_json: bool) -> None:
    """Measure a part and say what to know about it.

    Formats: STL, 3MF, OBJ, OFF, AMF, PLY, glTF and GLB; STEP where it is set up.
    The file is read in a child process with limits, so a hostile one harms nobody.
    Exit code 2 means that it was refused; findings alone leave it 0.
    """
    try:
        admitted = admit(file.read_bytes(), file.name)
    except InvalidInput as refusal:
        click.echo(_refusal_line(file, refusal), err=True)
        if as_json:
            click.echo(json.dumps({"refused": refusal.as_dict()}))
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(_figures(admitted), indent=2))
    else:
        click.echo(_page(file, admitted))


def _figures(admitted: Admitted) -> dict[str, object]:
    figures = asdict(admitted.facts)
    figures["extents_mm"] = list(admitted.facts.extents_mm)
    figures["findings"] = [asdict(finding) for finding in admitted.facts.findings]
    figures["sha256"] = admitted.sha256
    figures["canonical_sha256"] = admitted.canonical_sha256
    return figures


def _page(file: Path, admitted: Admitted) -> str:
    facts = admitted.facts
    size = " x ".join(f"{side:.2f}" for side in facts.extents_mm)
    tight = "watertight" if facts.watertight else "not watertight"
    bodies = "1 body" if facts.bodies == 1 else f"{facts.bodies} bodies"
    lines = [
        click.style(file.name, bold=True),
        f"  size       {size} mm",
        f"  surface    {facts.triangles:,} triangles, {bodies}, {tight}",
        f"  volume     {facts.volume_mm3 / 1000:.3f} cm3",
        f"  area       {facts.area_mm2 / 100:.2f} cm2",
        f"  overhang   {facts.overhang_mm2 / 100:.2f} cm2 need support as it lies",
        f"  on plate   {facts.contact_mm2 / 100:.2f} cm2",
    ]
    lines += [f"  {SIGNS[one.severity]} {one.message}" for one in facts.findings]
    return "\n".join(lines)


def _refusal_line(file: Path, refusal: InvalidInput) -> str:
    remedy = f"; {refusal.remedy}" if refusal.remedy else ""
    return f"refused: {file.name}: {refusal.message}{remedy} [{refusal.code}]"
