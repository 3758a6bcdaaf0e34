"""``nearmade repair``: mend a mesh file within bounds, and say what was changed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from nearmade.adapters.gate import Admitted
from nearmade.adapters.mending import beyond_repair, mend, mended_part
from nearmade.cli.files import admit_given
from nearmade.cli.main import emit, exit_code, one_line, tell, written
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.geometry.repair_report import RepairReport
from nearmade.geometry.stl import write_stl
from nearmade.geometry.threemf_writing import write_3mf


@click.command(
    epilog="""\b
Examples:
  nearmade repair bracket.stl -o bracket-mended.stl
  nearmade repair bracket.3mf -o bracket-mended.3mf --json | jq .holes
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@out_option("New file, .stl or .3mf; FILE itself is never changed.", required=True)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(file: Path, out: Path, force: bool, as_json: bool) -> None:
    """Join corners, turn faces, close holes and part bodies that touch.

    The result is accepted only if it is watertight and keeps volume, area, bodies and
    box within stated bounds; the report says what was changed. Otherwise nothing is
    written, the broken edges are named, and the exit code is 2.
    """
    if out.suffix.lower() not in (".stl", ".3mf"):
        raise click.UsageError(f"{out.name}: the new file must end in .stl or .3mf")
    check_target(out, force=force, given=[file])
    mended = mend(admit_given(file))
    report = mended.report
    if mended.part is None:
        refusal = beyond_repair(report)
        if as_json:
            told = {"refused": refusal.as_dict()} | _figures(report)
            emit(told, "", as_json=True)
        tell(refusal)
        sys.exit(exit_code(refusal))
    write_new(out, _content(mended.part, out), force=force)
    emit(_figures(report), _page(file, out, report), as_json=as_json)


def read_part(file: Path, *, mending: bool) -> tuple[Admitted, RepairReport | None]:
    """Read a part for a command that takes ``--repair``; say what was changed.

    The report is None where no repair was asked for.

    Parameters
    ----------
    file
        Mesh file; never changed.
    mending
        Whether a broken part is mended; the changes go to stderr.

    Raises
    ------
    InvalidInput
        When the file is refused, or the part is beyond repair.
    """
    admitted = admit_given(file)
    if not mending:
        return admitted, None
    part, report = mended_part(admitted)
    for change in report.changes():
        click.echo(f"repaired: {change}", err=True)
    return part, report


def repair_record(report: RepairReport | None) -> dict[str, object]:
    """Give what ``--repair`` changed under ``repair``; nothing where it was not asked.

    Faults and holes stand in it as ``nearmade repair --json`` gives them.
    """
    return {} if report is None else {"repair": _figures(report)}


def _content(part: Admitted, out: Path) -> bytes:
    if out.suffix.lower() == ".stl":
        return write_stl(part.mesh)
    return write_3mf([(written(out.stem), part.mesh)])


def _figures(report: RepairReport) -> dict[str, object]:
    return asdict(report) | {"changes": list(report.changes())}


def _page(file: Path, out: Path, report: RepairReport) -> str:
    lines = [click.style(one_line(file.name), bold=True)]
    if report.verdict == "sound":
        lines.append(
            f"  sound: nothing was changed; {one_line(out.name)} holds the same part"
        )
        return "\n".join(lines)
    lines += [f"  · {change}" for change in report.changes()]
    estimated = "" if report.volume_certain else " (estimated)"
    volumes = (report.volume_before_mm3 / 1000, report.volume_after_mm3 / 1000)
    areas = (report.area_before_mm2 / 100, report.area_after_mm2 / 100)
    lines += [
        f"  volume     {volumes[0]:.3f}{estimated} to {volumes[1]:.3f} cm3",
        f"  area       {areas[0]:.2f} to {areas[1]:.2f} cm2",
        f"  bodies     {report.bodies_before} to {report.bodies_after}",
        f"  written    {one_line(out.name)}",
    ]
    return "\n".join(lines)
