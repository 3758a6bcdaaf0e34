"""``nearmade inspect``: what a mesh file holds, or why it is refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from nearmade.adapters.gate import Admitted
from nearmade.cli.files import admit_given
from nearmade.cli.main import one_line, written
from nearmade.geometry.facts import Finding, PartFacts, Spot, Survey
from nearmade.quoting.limits import limits_named
from nearmade.screening.machine_verdict import MachineVerdict, judge

SIGNS = {"error": "✗", "warning": "!", "note": "·"}
VERDICTS = {
    "yes": "can make it",
    "with-care": "can make it, with care",
    "no": "cannot make it",
}
#: Errors that leave open what is inside.
_NOT_CLOSED = frozenset({"open-edges", "clashing-winding", "non-manifold-edges"})
#: Places that are shown of each finding.
PLACES_SHOWN = 3


@click.command(
    epilog="""\b
Examples:
  nearmade inspect frame.stl
  nearmade inspect frame.stl --machine mk3s-pla-0.20
  nearmade inspect frame.3mf --json | jq .volume_mm3
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option(
    "--machine",
    metavar="NAME",
    help="Judge it on this machine: a print profile such as mk3s-pla-0.20, or a "
    "machine of another process such as form-3-0.10.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(file: Path, machine: str | None, as_json: bool) -> None:
    """Measure a part and say what to know about it.

    Formats: STL, 3MF, OBJ, OFF, AMF, PLY, glTF and GLB; STEP where it is set up.
    The file is read in a child process with limits, so a hostile one harms nobody.
    Exit code 2 means that it was refused; findings alone leave it 0.
    """
    limits = None if machine is None else limits_named(machine)
    admitted = admit_given(file)
    verdict = None if limits is None else judge(admitted.facts, limits)
    if as_json:
        click.echo(json.dumps(_figures(admitted, verdict), indent=2))
    else:
        click.echo(written(_page(file, admitted, verdict)))


def _figures(admitted: Admitted, verdict: MachineVerdict | None) -> dict[str, object]:
    figures = asdict(admitted.facts)
    figures["volume_certain"] = _volume_certain(admitted.facts)
    figures["extents_mm"] = list(admitted.facts.extents_mm)
    figures["findings"] = [asdict(finding) for finding in admitted.facts.findings]
    figures["sha256"] = admitted.sha256
    figures["canonical_sha256"] = admitted.canonical_sha256
    if verdict is not None:
        figures["verdict"] = asdict(verdict)
    return figures


def _page(file: Path, admitted: Admitted, verdict: MachineVerdict | None) -> str:
    facts = admitted.facts
    size = " x ".join(f"{side:.2f}" for side in facts.extents_mm)
    tight = "watertight" if facts.watertight else "not watertight"
    bodies = "1 body" if facts.bodies == 1 else f"{facts.bodies} bodies"
    guess = "" if _volume_certain(facts) else " (estimated: the surface is not closed)"
    lines = [
        click.style(one_line(file.name), bold=True),
        f"  size       {size} mm",
        f"  surface    {facts.triangles:,} triangles, {bodies}, {tight}",
        f"  volume     {facts.volume_mm3 / 1000:.3f} cm3{guess}",
        f"  area       {facts.area_mm2 / 100:.2f} cm2",
        f"  overhang   {facts.overhang_mm2 / 100:.2f} cm2 need support as it lies",
        f"  on plate   {facts.contact_mm2 / 100:.2f} cm2",
    ]
    if facts.survey is not None:
        lines += _survey_lines(facts.survey)
    if verdict is None:
        lines += [f"  {SIGNS[one.severity]} {one.message}" for one in facts.findings]
    else:
        lines.append(f"  {verdict.machine} {VERDICTS[verdict.makeable]}")
        lines += [_finding_lines(one) for one in verdict.findings]
    return "\n".join(lines)


def _volume_certain(facts: PartFacts) -> bool:
    """Tell whether the volume is known: of an open surface it depends on the origin."""
    return not any(
        finding.severity == "error" and finding.code in _NOT_CLOSED
        for finding in facts.findings
    )


def _survey_lines(survey: Survey) -> list[str]:
    shadows = " x ".join(f"{area / 100:.2f}" for area in survey.shadows_mm2)
    lines = [
        f"  hull       {survey.hull_mm3 / 1000:.3f} cm3",
        f"  shadows    {shadows} cm2 along x, y, z",
    ]
    walls = [
        f"{size:.2f} mm {kind}"
        for kind, size in (
            ("wall", survey.min_wall_mm), ("floor", survey.min_floor_mm),
            ("hole", survey.smallest_hole_mm), ("pin", survey.smallest_pin_mm),
        )
        if size is not None
    ]  # fmt: skip
    if walls:
        lines.append(f"  finest     {', '.join(walls)}")
    if survey.bridge_count or survey.island_count:
        lines.append(
            f"  in the air {_counted(survey.bridge_count, 'bridge')}, the longest "
            f"{survey.longest_bridge_mm:.1f} mm; "
            f"{_counted(survey.island_count, 'island')}"
        )
    return lines


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _finding_lines(finding: Finding) -> str:
    """Write one finding: what, what to do, where."""
    text = f"  {SIGNS[finding.severity]} {finding.message}"
    if finding.remedy:
        text += f" {finding.remedy}"
    if finding.spots:
        shown = "; ".join(_spot(spot) for spot in finding.spots[:PLACES_SHOWN])
        more = len(finding.spots) - PLACES_SHOWN
        text += f"\n      at {shown}{f'; and {more} more' if more > 0 else ''} mm"
    return text


def _spot(spot: Spot) -> str:
    return ", ".join(f"{side:.1f}" for side in spot.centre_mm)
