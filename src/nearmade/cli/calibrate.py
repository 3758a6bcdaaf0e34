"""``nearmade calibrate``: fit a profile's estimators to the slicer on this machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from nearmade.adapters.calibration_set import (
    SlicedSet,
    own_parts,
    parts_of_folder,
    slice_set,
)
from nearmade.adapters.profile_store import fit_path, fits_dir, store_fit
from nearmade.adapters.slicers.flatten import flat_settings
from nearmade.adapters.slicers.prusa import slicer_version
from nearmade.adapters.slicers.settings import groups_that_differ
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit
from nearmade.cli.targets import check_target, force_option, out_option
from nearmade.quoting.calibration import check_enough
from nearmade.quoting.calibration_fits import ProfileFit, fit_profile
from nearmade.quoting.profile import FitErrors, Level0Fit, Level1Fit, Profile
from nearmade.quoting.profiles import find_profile


@click.command(
    epilog="""\b
Examples:
  nearmade calibrate voron300-abs-0.20
  nearmade calibrate mk3s-pla-0.20 --parts my-meshes --out fit.json --json
"""
)
@click.argument("profile_id", metavar="PROFILE")
@click.option(
    "--parts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of meshes instead of the house's own set; sub-folders are groups.",
)
@click.option("--supports", is_flag=True, help="Slice with supports.")
@out_option(
    "File for the fit; in the user's data, where quotes find it, when not given."
)
@force_option
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of earlier slices and meshes.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    profile_id: str,
    folder: Path | None,
    supports: bool,
    out: Path | None,
    force: bool,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Slice a calibration set with PROFILE and fit its estimators to it.

    Whole groups of parts are left out in turn to measure the errors. The fit, its
    errors and its 80 % intervals are stored; later quotes with PROFILE use them.
    """
    profile = find_profile(profile_id)
    path = out or fit_path(fits_dir(), profile, supports=supports)
    if out is not None:
        check_target(out, force=force)
    make_folder(path.parent)
    make_folder(cache)
    parts = list(own_parts(cache=cache) if folder is None else parts_of_folder(folder))
    check_enough([part.group for part in parts])
    version = slicer_version()
    differing = groups_that_differ(flat_settings(profile), profile.settings)
    sliced = slice_set(
        parts, profile, cache=cache, supports=supports, progress=_say_progress
    )
    source = _source(sliced, version, folder, supports=supports)
    fit = fit_profile(sliced.parts, profile, source)
    store_fit(path, profile, fit)
    emit(
        _figures(profile, fit, sliced, path) | {"settings_differ": differing},
        _page(profile, fit, sliced, path) + _told(differing, version),
        as_json=as_json,
    )


def _told(differing: list[str], version: str) -> str:
    """Say where the installed presets are not those that the facts were read off."""
    if not differing:
        return ""
    return (
        f"\n  the presets of {version} differ in {', '.join(differing)} from the facts "
        "that estimates draw with; the fit makes up for it in part"
    )


def _say_progress(done: int, total: int, what: str) -> None:
    click.echo(f"{done} of {total} sliced: {what}", err=True)


def _source(
    sliced: SlicedSet, version: str, folder: Path | None, *, supports: bool
) -> str:
    groups = len({part.group for part in sliced.parts})
    which = "meshes" if folder is not None else "own parts"
    with_supports = ", with supports" if supports else ""
    return (
        f"fitted on {len(sliced.parts)} {which} of {groups} groups{with_supports}, "
        f"{version}, {datetime.now(UTC).date()}"
    )


def _figures(
    profile: Profile, fit: ProfileFit, sliced: SlicedSet, path: Path
) -> dict[str, object]:
    return {
        "profile": profile.id,
        "file": str(path),
        "parts": len(sliced.parts),
        "left_out": list(sliced.left_out),
        "level0": errors_record(fit.level0),
        "level1": errors_record(fit.level1),
    }


def errors_record(fit: Level0Fit | Level1Fit) -> dict[str, object]:
    """Give what a fit is worth as plain values for programs."""
    spreads = {
        name: [spread.low, spread.high]
        for name, spread in (("volume", fit.volume_spread), ("time", fit.time_spread))
    }
    record: dict[str, object] = {
        "source": fit.source,
        "assumed": fit.volume_spread.assumed or fit.time_spread.assumed,
        "interval": spreads,
    }
    if fit.errors is None:
        return record
    names = ("median_fraction", "p90_fraction", "coverage_fraction")
    return record | {
        "parts": fit.errors.parts,
        "groups": fit.errors.groups,
        "volume": dict(zip(names, fit.errors.volume, strict=True)),
        "time": dict(zip(names, fit.errors.time, strict=True)),
    }


def _page(profile: Profile, fit: ProfileFit, sliced: SlicedSet, path: Path) -> str:
    head = f"{'percent off, left out':<24}{'median':>8}{'90th':>8}{'inside':>8}"
    lines = [
        f"{click.style(profile.title, bold=True)}: {fit.level0.source}",
        f"  {head}  interval",
        *_rows("level 0", fit.level0, fit.level0.errors),
        *_rows("level 1", fit.level1, fit.level1.errors),
        *(f"  left out {reason}" for reason in sliced.left_out),
        f"  stored in {path}",
    ]
    return "\n".join(lines)


def _rows(name: str, fit: Level0Fit | Level1Fit, errors: FitErrors | None) -> list[str]:
    if errors is None:
        return []
    rows = []
    for what, figures, spread in (
        ("feedstock", errors.volume, fit.volume_spread),
        ("time", errors.time, fit.time_spread),
    ):
        median, p90, inside = (100 * figure for figure in figures)
        rows.append(
            f"  {f'{name}, {what}':<24}{median:>8.1f}{p90:>8.1f}{inside:>8.0f}"
            f"  x {spread.low:.3f} to {spread.high:.3f}"
        )
    return rows
