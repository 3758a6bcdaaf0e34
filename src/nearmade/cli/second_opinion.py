"""What another slicer says of a quote that was sliced: for judging, not binding."""

from __future__ import annotations

from nearmade.adapters.gate import Admitted
from nearmade.adapters.slicers.cura import SecondOpinion, second_opinion
from nearmade.geometry.stl import write_stl
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.profile import Profile

#: Where two slicers differ by more than this, a person should look. Measured: on ten of
#: our calibration parts filament differed by up to 5 % but for one of 20 %, time by up
#: to 27 %.
APART_FRACTION = 0.30


def ask_second(
    admitted: Admitted, profile: Profile, *, infill: float | None, supports: bool
) -> SecondOpinion:
    """Ask CuraEngine what one copy takes.

    Raises
    ------
    Unavailable
        When it is not installed, or gives no figures.
    """
    stl = write_stl(admitted.mesh)
    return second_opinion(stl, profile, supports=supports, infill_fraction=infill)


def compared(
    opinion: SecondOpinion, build: BuildEstimate, profile: Profile
) -> dict[str, object]:
    """Set the opinion beside the slice, as plain values.

    A plate shares skirt and heat-up, so one copy of it is compared roughly.
    """
    filament = _ratio(opinion, build)
    time = _time_ratio(opinion, build, profile)
    return {
        "slicer": opinion.slicer_version,
        "filament_mm3": opinion.filament_mm3,
        "time_s": opinion.time_s,
        "filament_over_slice": round(filament, 3),
        "time_over_slice": round(time, 3),
        "apart": max(abs(filament - 1), abs(time - 1)) > APART_FRACTION,
    }


def told(opinion: SecondOpinion, build: BuildEstimate, profile: Profile) -> str:
    """Say the opinion in lines for people."""
    filament = _ratio(opinion, build) - 1
    time = _time_ratio(opinion, build, profile) - 1
    apart = max(abs(filament), abs(time)) > APART_FRACTION
    advice = "; far apart: look at the part before trusting either" if apart else ""
    return (
        f"  {opinion.slicer_version} says of one copy, without heat-up: "
        f"{opinion.filament_mm3 / 1000:.2f} cm3 ({100 * filament:+.0f} %), "
        f"{opinion.time_s / 3600:.2f} h ({100 * time:+.0f} %){advice}."
    )


def _ratio(opinion: SecondOpinion, build: BuildEstimate) -> float:
    return opinion.filament_mm3 * build.quantity / build.feedstock_mm3.value


def _time_ratio(
    opinion: SecondOpinion, build: BuildEstimate, profile: Profile
) -> float:
    """Compare printing times; one heat-up is taken off the slice at least."""
    printing_s = max(build.time_s.value - profile.power.heatup_s, 1.0)
    return opinion.time_s * build.quantity / printing_s
