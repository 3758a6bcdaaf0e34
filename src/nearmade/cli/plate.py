"""``nearmade plate``: lay parts on beds, say what each plate takes, write 3MF."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import numpy as np

from nearmade.adapters.profile_store import known_profile
from nearmade.cli.figures import Figure
from nearmade.cli.files import admit_given, check_given
from nearmade.cli.main import emit, one_line, written
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.geometry.laying import placing_matrix
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import Kind, Plate, count_plates, nest_at_once
from nearmade.geometry.nesting_well import nest_well
from nearmade.geometry.silhouette import silhouette_of
from nearmade.geometry.threemf_writing import Item, write_3mf
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.level1 import estimate_alone
from nearmade.quoting.part_alone import PartAlone
from nearmade.quoting.plate import bed_of
from nearmade.quoting.plate_figures import PlateEstimate, estimate_plate
from nearmade.quoting.profile import Profile
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput

#: Of one file, on all its plates together; no number as long can be above it.
MOST_COPIES: Final = 1_000_000
MOST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class _Laid:
    """One plate, or several alike: where all lies, what it takes, where it is kept."""

    plate: Plate
    takes: PlateEstimate
    fill_fraction: float
    file: str | None


@click.command(
    epilog="""\b
Examples:
  nearmade plate frame.stl:4 temple.stl:8 --profile mk3s-pla-0.20 -o plate.3mf
  nearmade plate frame.stl:4 temple.stl:8 --profile mk3s-pla-0.20 --well --json
"""
)
@click.argument("parts", nargs=-1, required=True, metavar="FILE[:COPIES]...")
@click.option("--profile", "profile_id", required=True, help="Machine and material.")
@click.option(
    "--well", is_flag=True, help="Nest true outlines, which takes seconds, not boxes."
)
@click.option(
    "--level",
    type=click.Choice(["0", "1"]),
    default="1",
    show_default=True,
    help="Figures of each part: 0 closed form, 1 layers.",
)
@click.option("--infill", type=Figure(0, 1), help="Infill share, 0..1.")
@out_option("Write plates as 3MF; plate.3mf becomes plate-1.3mf, plate-2.3mf and on.")
@force_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    parts: tuple[str, ...],
    profile_id: str,
    well: bool,
    level: str,
    infill: float | None,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Lay copies of mesh FILEs on as few plates as are found, and estimate each.

    Time and filament of a plate are shared out part by part, to the second and the
    cubic millimetre. Plates written as 3MF open in slicers with all in its place.
    """
    if out is not None and out.suffix.lower() not in ("", ".3mf"):
        raise click.UsageError(f"{out.name}: plates are written as .3mf only")
    profile = known_profile(profile_id)
    wanted = _wanted(parts)
    files = _files(out, 1)
    _check_targets(files, wanted, force=force)
    meshes: dict[str, Mesh] = {}
    alone: dict[str, PartAlone] = {}
    for name in wanted:
        admitted = admit_given(Path(name))
        facts = check_makeable(
            admitted.facts, Path(name).name, layer_mm=profile.layer_mm
        )
        meshes[name] = admitted.mesh
        if level == "0":
            estimate = estimate_level0(facts, profile, 1, infill_fraction=infill)
            alone[name] = PartAlone(facts, estimate, admitted.mesh)
        else:
            alone[name] = estimate_alone(
                admitted.mesh, facts, profile, infill_fraction=infill
            )
    kinds = [
        Kind(name, alone[name].facts.extents_mm, copies, silhouette_of(meshes[name]))
        for name, copies in wanted.items()
    ]
    plates = _nested(kinds, profile, well=well)
    files = _files(out, len(plates))
    _check_targets(files, wanted, force=force)
    laid = [
        _Laid(
            plate,
            estimate_plate(plate, alone, profile),
            _fill_fraction(plate, kinds, profile),
            str(files[number]) if files else None,
        )
        for number, plate in enumerate(plates)
    ]
    for number, path in enumerate(files):
        content = _content(plates[number], number + 1, meshes, profile)
        write_new(path, content, force=force)
    emit(_figures(laid, profile), _page(laid, profile), as_json=as_json)


def _wanted(words: Sequence[str]) -> dict[str, int]:
    """Read file names with their copies; a file named twice counts twice."""
    wanted: dict[str, int] = {}
    for word in words:
        name, copies = _name_and_copies(word)
        check_given(Path(name))
        wanted[name] = wanted.get(name, 0) + copies
        if wanted[name] > MOST_COPIES:
            raise InvalidInput(
                f"{name}: copies must be {MOST_COPIES} at most in all",
                remedy="ask for fewer copies, or for several orders",
            )
    return wanted


def _name_and_copies(word: str) -> tuple[str, int]:
    """Part a word at its last colon, unless the whole is the name of a file."""
    name, colon, number = word.rpartition(":")
    if not colon or "/" in number or os.path.lexists(word):
        return word, 1
    plain = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    if not (plain and 1 <= int(number) <= MOST_COPIES):
        raise InvalidInput(
            f"{word}: copies {number[:20]!r} must be a whole number from 1 to "
            f"{MOST_COPIES}",
            remedy=f"write {name or 'part.stl'}:4 for four copies",
        )
    return name, int(number)


def _nested(
    kinds: Sequence[Kind], profile: Profile, *, well: bool
) -> tuple[Plate, ...]:
    if not well:
        return nest_at_once(kinds, bed_of(profile))
    from nearmade.adapters.strip_packing import pack_strip

    return nest_well(kinds, bed_of(profile), pack_strip)


def _fill_fraction(plate: Plate, kinds: Sequence[Kind], profile: Profile) -> float:
    """Give the share of the bed that shadows cover."""
    shadow_mm2 = {
        kind.part: kind.silhouette.area_mm2
        for kind in kinds
        if kind.silhouette is not None
    }
    covered_mm2 = sum(n * shadow_mm2[part] for part, n in plate.counts().items())
    return covered_mm2 / float(np.prod(profile.bed_mm[:2]))


def _files(out: Path | None, count: int) -> list[Path]:
    """Name the files of so many plates; none where nothing is written."""
    if out is None:
        return []
    ending = out.suffix or ".3mf"
    return [out.with_name(f"{out.stem}-{n}{ending}") for n in range(1, count + 1)]


def _check_targets(files: Sequence[Path], parts: Iterable[str], *, force: bool) -> None:
    given = [Path(name) for name in parts]
    for path in files:
        check_target(path, force=force, given=given)


def _content(
    plate: Plate, number: int, meshes: Mapping[str, Mesh], profile: Profile
) -> bytes:
    """Give one plate as 3MF."""
    names = list(plate.counts())
    items = [
        Item(names.index(each.part), placing_matrix(meshes[each.part], each))
        for each in plate.placements
    ]
    title = f"Plate {number}, {profile.title}"
    parts = [(written(Path(name).name), meshes[name]) for name in names]
    return write_3mf(parts, items, title=title)


def _figures(laid: Sequence[_Laid], profile: Profile) -> dict[str, object]:
    return {
        "profile": profile.id,
        "plates": count_plates([each.plate for each in laid]),
        "builds": [
            {
                "times": each.plate.times,
                "file": each.file,
                "fill_fraction": each.fill_fraction,
                "level": each.takes.build.level,
                "feedstock_mm3": each.takes.build.feedstock_mm3.as_dict(),
                "mass_g": each.takes.build.mass_g.as_dict(),
                "time_s": each.takes.build.time_s.as_dict(),
                "energy_wh": each.takes.build.energy_wh.as_dict(),
                "shares": [
                    {
                        "part": share.part,
                        "copies": share.copies,
                        "feedstock_mm3": share.feedstock_mm3,
                        "time_s": share.time_s,
                        "energy_wh": share.energy_wh,
                    }
                    for share in each.takes.shares
                ],
                "placements": [
                    {
                        "part": where.part,
                        "copy": where.copy,
                        "x_mm": where.x_mm,
                        "y_mm": where.y_mm,
                        "turn_deg": where.turn_deg,
                    }
                    for where in each.plate.placements
                ],
            }
            for each in laid
        ],
    }


def _page(laid: Sequence[_Laid], profile: Profile) -> str:
    plates = count_plates([each.plate for each in laid])
    plural = "plate" if plates == 1 else "plates"
    lines = [click.style(f"{plates} {plural}, {profile.title}", bold=True)]
    density = profile.density_g_cm3 / 1000
    for number, each in enumerate(laid, start=1):
        build, times = each.takes.build, each.plate.times
        kept = f", {each.file}" if each.file else ""
        often = f", {times} times" if times > 1 else ""
        lines.append(
            f"plate {number}{often}: {_parts(len(each.plate.placements))}, "
            f"{each.fill_fraction:.0%} covered, {_clock(build.time_s.value)} "
            f"({_clock(build.time_s.low)} to {_clock(build.time_s.high)}), "
            f"{build.mass_g.value:.1f} g "
            f"({build.mass_g.low:.1f} to {build.mass_g.high:.1f}){kept}"
        )
        lines += [
            f"  {share.copies:4d} x {one_line(Path(share.part).name):<32}"
            f"{_clock(share.time_s):>10}{share.feedstock_mm3 * density:9.1f} g"
            for share in each.takes.shares
        ]
    return "\n".join(lines)


def _parts(number: int) -> str:
    return "1 part" if number == 1 else f"{number} parts"


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}h {minutes % 60:02d}m"
