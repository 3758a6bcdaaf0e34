"""``nearmade profiles``: the machines and profiles that the house knows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from nearmade.adapters.profile_store import fits_dir, known_profile
from nearmade.cli.calibrate import errors_record
from nearmade.cli.main import emit
from nearmade.cli.profiles_process import machine_record, of_process, page, table
from nearmade.quoting.machines import MACHINES, MachineModel, find_machine
from nearmade.quoting.processes.catalogue import WORDS, ProcessMachine
from nearmade.quoting.profile import FitErrors, Profile
from nearmade.quoting.profiles import PROFILES
from nearmade.quoting.qualities import quality_of
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.nearest import not_known

#: Heads of an estimator's two columns.
_COLUMNS = f"{'feedstock':>12}{'time':>12}"


@click.command(
    epilog="""\b
Examples:
  nearmade profiles
  nearmade profiles mk3s
  nearmade profiles form-3-0.10
  nearmade profiles --process sls
  nearmade profiles voron300 --json
"""
)
@click.argument("machine", required=False)
@click.option(
    "--process",
    type=click.Choice(["fdm", *WORDS]),
    help="Only machines of this process.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(machine: str | None, process: str | None, as_json: bool) -> None:
    """List machines, or the profiles of one MACHINE with facts and fits.

    Facts that no maker states, and fits carried over from a like machine, are marked
    as assumed; `nearmade calibrate` replaces such a fit by one of its own. Machines of
    other processes than FDM have no profiles: they are asked for with
    `nearmade quote --process`.
    """
    if machine is not None and process is not None:
        raise click.UsageError("give MACHINE or --process, not both")
    chosen, others = _chosen(machine, process)
    folder = fits_dir()
    own = {
        each.key: [
            known_profile(profile_id, folder=folder)
            for profile_id in PROFILES
            if profile_id.startswith(f"{each.key}-")
        ]
        for each in chosen
    }
    result = {
        "machines": [_record(each, own[each.key]) for each in chosen],
        "of_other_processes": [machine_record(each) for each in others],
    }
    if machine is not None:
        lines = page(others[0]) if others else _page(chosen[0], own[chosen[0].key])
    else:
        lines = []
        if chosen:
            lines = [f"{'machine':<16}{'build volume mm':<18}{'profiles':<10}what"]
            lines += [_line(each, own[each.key]) for each in chosen]
        if others:
            lines += [*([""] if lines else []), *table(others)]
    emit(result, "\n".join(lines), as_json=as_json)


def _chosen(
    name: str | None, process: str | None
) -> tuple[list[MachineModel], list[ProcessMachine]]:
    """Give the machines asked for: those with profiles, and the others."""
    if name is None:
        wanted = list(MACHINES.values()) if process in (None, "fdm") else []
        return wanted, [] if process == "fdm" else of_process(process)
    others = [each for each in of_process(None) if each.id == name]
    if others:
        return [], others
    if name not in MACHINES:
        known = [*MACHINES, *(each.id for each in of_process(None))]
        raise NotFound(
            not_known("machine", name, known),
            code="machine-unknown",
            remedy="run nearmade profiles, which lists all",
        )
    return [find_machine(name)], []


def _record(machine: MachineModel, profiles: Sequence[Profile]) -> dict[str, object]:
    power = machine.power
    return {
        "key": machine.key,
        "title": machine.title,
        "machine_model": machine.machine_model,
        "kinematics": machine.kinematics,
        "build_volume_mm": list(machine.bed_mm),
        "nozzles_mm": list(machine.nozzles_mm),
        "filament_mm": machine.filament_mm,
        "most_nozzle_degc": machine.most_nozzle_degc,
        "most_bed_degc": machine.most_bed_degc,
        "most_mm_s": machine.most_mm_s,
        "most_mm_s2": machine.most_mm_s2,
        "enclosed": machine.enclosed,
        "source": machine.source,
        "assumed": list(machine.assumed),
        "power": {
            "printing_w": power.printing_w,
            "peak_w": power.peak_w,
            "heatup_wh": power.heatup_wh,
            "idle_w": power.idle_w,
            "source": power.source,
            "assumed": power.assumed,
        },
        "profiles": [_profile_record(profile) for profile in profiles],
    }


def _profile_record(profile: Profile) -> dict[str, object]:
    return {
        "id": profile.id,
        "material": profile.material,
        "quality": quality_of(profile.layer_mm),
        "layer_mm": profile.layer_mm,
        "nozzle_mm": profile.nozzle_mm,
        "sliced": profile.presets is not None,
        "makeable": profile.makeable,
        "level0": errors_record(profile.level0),
        "level1": errors_record(profile.level1),
    }


def _line(machine: MachineModel, profiles: Sequence[Profile]) -> str:
    volume = " x ".join(f"{side:g}" for side in machine.bed_mm)
    return (
        f"{machine.key:<16}{volume:<18}{len(profiles):<10}{machine.title}"
        f"{'' if machine.sliced else ', estimated only'}"
    )


def _page(machine: MachineModel, profiles: Sequence[Profile]) -> list[str]:
    power = machine.power
    volume = " x ".join(f"{side:g}" for side in machine.bed_mm)
    nozzles = ", ".join(f"{nozzle:g}" for nozzle in machine.nozzles_mm)
    assumed = f"; assumed: {', '.join(machine.assumed)}" if machine.assumed else ""
    chamber = ", enclosed" if machine.enclosed else ""
    builds = f"{volume} mm, nozzles {nozzles} mm, filament {machine.filament_mm} mm"
    moves = f"up to {machine.most_mm_s:g} mm/s and {machine.most_mm_s2:g} mm/s2"
    heats = f"nozzle to {machine.most_nozzle_degc:g} degC"
    draws = f"{power.printing_w:.0f} W at 60 degC, {power.peak_w:.0f} W at most"
    return [
        click.style(machine.title, bold=True),
        f"  builds {builds}",
        f"  {machine.kinematics}{chamber}, {moves}",
        f"  {heats}, bed to {machine.most_bed_degc:g} degC",
        f"  prints with {draws}; power_model = {machine.machine_model!r}",
        f"  source: {machine.source}{assumed}",
        f"  power: {power.source}",
        "",
        f"  {'':<36}{'closed form':^24}{'layers':^24}",
        f"  {'profile':<26}{'quality':<10}{_COLUMNS}{_COLUMNS}  fit",
        *(_fit_line(profile) for profile in profiles),
        "  median and 90th percentile of errors on parts left out, percent",
    ]


def _fit_line(profile: Profile) -> str:
    note = "carried over, assumed" if profile.level0.time_spread.assumed else "fitted"
    makeable = "" if profile.makeable else ", not made here"
    return (
        f"  {profile.id:<26}{quality_of(profile.layer_mm):<10}"
        f"{_off(profile.level0.errors)}{_off(profile.level1.errors)}  {note}{makeable}"
    )


def _off(errors: FitErrors | None) -> str:
    """Show how far off feedstock and time are, where that was kept."""
    if errors is None:
        return f"{'-':>12}{'-':>12}"
    pairs = (
        f"{100 * m:.1f} / {100 * p:.1f}" for m, p, _ in (errors.volume, errors.time)
    )
    return "".join(f"{pair:>12}" for pair in pairs)
