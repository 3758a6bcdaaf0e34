"""``nearmade orient``: compare ways to lay a part on the plate, and take the best."""

from __future__ import annotations

from pathlib import Path

import click

from nearmade.adapters.profile_store import known_profile
from nearmade.cli.main import emit, one_line
from nearmade.cli.plain_list import PLAIN_GRAM, PLAIN_HOUR
from nearmade.cli.repair import read_part, repair_record
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.geometry.orient import (
    LEAST_GAIN_FRACTION,
    Orientation,
    PoseFigures,
    in_pose,
    orient,
)
from nearmade.geometry.stl import write_stl
from nearmade.quoting.plate import EDGE_MM
from nearmade.quoting.pose_costs import (
    MM3_PER_CM3,
    SECONDS_PER_HOUR,
    fits,
    layers_score,
    pose_figures,
    pose_score,
    support_mm3,
    support_rules,
)
from nearmade.quoting.profile import Profile
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput

WORDS = {
    "author": "as given",
    "hull": "on a flat side",
    "face": "on a large face",
    "axis": "along an axis",
    "principal": "along its length",
}


@click.command(
    epilog="""\b
Examples:
  nearmade orient bracket.stl
  nearmade orient bracket.stl -o bracket-turned.stl --profile mk3s-petg-0.20 --json
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@out_option("Write the part in the chosen pose, as STL; FILE itself is never changed.")
@force_option
@click.option(
    "--profile",
    "--machine",
    "profile_id",
    default="mk3s-pla-0.20",
    show_default=True,
    help="Machine and material that poses are priced on.",
)
@click.option("--repair", "mending", is_flag=True, help="Mend a broken part first.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    file: Path,
    out: Path | None,
    force: bool,
    profile_id: str,
    mending: bool,
    as_json: bool,
) -> None:
    """List poses of FILE, cheapest first, with supports, feedstock and time.

    The pose that the author drew is always among them and stays chosen unless another
    is cheaper by 10 %, by its layers too. Prices are a plain list, as in ``quote``.
    Strength along the layers and the side that is seen are not weighed.
    """
    if out is not None and out.suffix.lower() != ".stl":
        raise click.UsageError(f"{out.name}: the new file must end in .stl")
    if out is not None:
        check_target(out, force=force, given=[file])
    profile = known_profile(profile_id)
    admitted, repaired = read_part(file, mending=mending)
    check_makeable(admitted.facts, file.name, layer_mm=profile.layer_mm)
    hour, gram = float(PLAIN_HOUR), float(PLAIN_GRAM)
    found = orient(
        admitted.mesh,
        admitted.facts,
        pose_score(profile, per_hour=hour, per_gram=gram),
        rules=support_rules(profile),
        fits=lambda extents_mm: fits(extents_mm, profile),
        confirm=layers_score(profile, per_hour=hour, per_gram=gram),
    )
    if not fits(found.chosen.facts.extents_mm, profile):
        room = " x ".join(f"{side:g}" for side in profile.bed_mm)
        raise InvalidInput(
            f"{file.name}: fits the {room} mm of {profile.id} in none of its poses, "
            f"{EDGE_MM:g} mm kept free around it",
            code="larger-than-bed",
            remedy="take a larger machine's profile, or split the part",
        )
    if out is not None:
        write_new(
            out, write_stl(in_pose(admitted.mesh, found.chosen.pose)), force=force
        )
    emit(
        _figures(found, profile) | repair_record(repaired),
        _page(file, found, profile, out),
        as_json=as_json,
    )


def _figures(found: Orientation, profile: Profile) -> dict[str, object]:
    return {
        "profile": profile.id,
        "chosen": found.poses.index(found.chosen),
        "author": found.poses.index(found.author),
        "poses": [
            _pose(one, profile, score)
            for one, score in zip(found.poses, found.scores, strict=True)
        ],
    }


def _pose(one: PoseFigures, profile: Profile, score: float) -> dict[str, object]:
    feedstock_mm3, time_s = pose_figures(one, profile)
    return {
        "origin": one.pose.origin,
        "rotation": one.pose.rotation.tolist(),
        "extents_mm": list(one.facts.extents_mm),
        "contact_mm2": one.facts.contact_mm2,
        "overhang_mm2": one.facts.overhang_mm2,
        "support_mm3": one.support.volume_mm3,
        "support_roof_mm2": one.support.roof_mm2,
        "support_feedstock_mm3": support_mm3(one, profile),
        "tip_deg": one.tip_deg,
        "risk_fraction": one.risk_fraction,
        "feedstock_mm3": feedstock_mm3,
        "time_s": time_s,
        "fits": fits(one.facts.extents_mm, profile),
        "score": score if score < float("inf") else None,
    }


def _page(file: Path, found: Orientation, profile: Profile, out: Path | None) -> str:
    columns = f"{'height':>9}{'contact':>10}{'support':>10}{'feedstock':>11}{'time':>9}"
    title = click.style(one_line(file.name), bold=True)
    lines = [
        f"{title}, {profile.title}, level 0 with supports",
        f"    {'pose':<18}{columns}",
    ]
    for one in found.poses:
        feedstock_mm3, time_s = pose_figures(one, profile)
        mark = "→" if one is found.chosen else " "
        wide = "" if fits(one.facts.extents_mm, profile) else "  does not fit"
        lines.append(
            f"  {mark} {WORDS[one.pose.origin]:<18}{one.height_mm:6.1f} mm"
            f"{one.facts.contact_mm2 / 100:6.2f} cm2"
            f"{one.support.volume_mm3 / MM3_PER_CM3:6.2f} cm3"
            f"{feedstock_mm3 / MM3_PER_CM3:7.2f} cm3"
            f"{time_s / SECONDS_PER_HOUR:7.2f} h{wide}"
        )
    kept = found.chosen is found.author
    lines.append(
        f"  kept as given: no other pose is cheaper by {LEAST_GAIN_FRACTION:.0%}"
        if kept
        else "  another pose is cheaper; → marks it"
    )
    if out is not None:
        lines.append(f"  written {one_line(out.name)}")
    return "\n".join(lines)
