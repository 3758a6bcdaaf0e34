"""The starter catalogue's spectacles: grams, minutes, watt-hours, money, by machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nearmade.adapters.design_folder import Instance, customise, load_design
from nearmade.adapters.gate import admit
from nearmade.adapters.slicers.prusa import slice_plate
from nearmade.impact.economics import making_usd
from nearmade.impact.household import Product, Rates
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.level2 import estimate_level2
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import ProfileId

ROOT: Final = Path(__file__).resolve().parents[2]

#: Sliced: all five parts on one plate.
SLICED: Final = (
    "mk3s-pla-0.30",
    "mk3s-pla-0.20",
    "mini-pla-0.25",
    "ender3-pla-0.28",
    "ender3-pla-0.20",
)
#: Estimated part by part, layer by layer: our slicer has no presets for these.
ESTIMATED: Final = ("a1mini-pla-0.20", "x1c-pla-0.20", "k1-pla-0.20")

#: PLA by the kilogram, from cheap spools to ethical filament (Feeley 2014: 35 to 50).
#: Cheap end assumed. [USD/kg]
FILAMENT_USD_PER_KG: Final = Estimate(25.0, 15.0, 50.0)
#: Households, from cheap to dear. Assumed. [USD/kWh]
ELECTRICITY_USD_PER_KWH: Final = Estimate(0.20, 0.05, 0.45)
#: Builds that fail. Assumed.
FAILED_FRACTION: Final = 0.05

MOST_USD: Final = 1.0
MOST_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Row:
    """One machine.

    Parameters
    ----------
    profile, level
        Machine and material; 2 sliced, 1 estimated.
    mass_g, time_s, energy_wh
        Of the whole frame without lenses. [g], [s], [Wh]
    usd, most_usd
        Material and energy, failed builds included: in the middle, and with every
        figure and price at its high end. [USD]
    """

    profile: str
    level: int
    mass_g: Estimate
    time_s: Estimate
    energy_wh: Estimate
    usd: float
    most_usd: float

    @property
    def lands(self) -> bool:
        """Under a dollar, and under an hour even at the slow end of the interval."""
        return self.most_usd < MOST_USD and self.time_s.high < MOST_S


def rows(cache: Path) -> Iterator[Row]:
    """Make the frame on every machine, default values, 20 % infill, no supports."""
    loaded = load_design(ROOT / "examples/designs/spectacles")
    made = customise(loaded, {}, cache=None, assembly=False)
    for name in SLICED:
        profile = find_profile(ProfileId(name))
        stls = [(one.stl, one.part.quantity) for one in made.parts]
        figures = slice_plate(stls, profile, cache=cache).figures
        yield _row(name, estimate_level2(figures, profile))
    for name in ESTIMATED:
        yield _estimated(name, made)


def _estimated(name: str, made: Instance) -> Row:
    """Add up parts, each heated up for on its own: on the slow side."""
    profile = find_profile(ProfileId(name))
    figures = []
    for one in made.parts:
        admitted = admit(one.stl, f"{one.part.name}.stl")
        figures.append(
            estimate_level1(admitted.mesh, admitted.facts, profile, one.part.quantity)
        )
    return _priced(
        name,
        1,
        _sum(one.mass_g for one in figures),
        _sum(one.time_s for one in figures),
        _sum(one.energy_wh for one in figures),
    )


def _row(name: str, build: BuildEstimate) -> Row:
    return _priced(name, 2, build.mass_g, build.time_s, build.energy_wh)


def _priced(
    name: str, level: int, mass_g: Estimate, time_s: Estimate, energy_wh: Estimate
) -> Row:
    middle = _usd(
        mass_g.value,
        energy_wh.value,
        FILAMENT_USD_PER_KG.value,
        ELECTRICITY_USD_PER_KWH.value,
    )
    most = _usd(
        mass_g.high,
        energy_wh.high,
        FILAMENT_USD_PER_KG.high,
        ELECTRICITY_USD_PER_KWH.high,
    )
    return Row(name, level, mass_g, time_s, energy_wh, middle, most)


def _usd(mass_g: float, energy_wh: float, per_kg: float, per_kwh: float) -> float:
    exact = Estimate.exact
    product = Product("frame", exact(mass_g), exact(energy_wh), exact(0.0), 1.0)
    rates = Rates(exact(per_kg), exact(per_kwh), failed_fraction=FAILED_FRACTION)
    return making_usd(product, rates)


def _sum(figures: Iterable[Estimate]) -> Estimate:
    total = Estimate.exact(0.0)
    for one in figures:
        total = total.plus(one)
    return total


def table(found: Iterable[Row]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [
        "| machine and profile | from | grams | minutes | Wh | USD | lands |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        minutes = one.time_s.times(1 / 60)
        origin = "slicer, one plate" if one.level == 2 else "estimate"
        lines.append(
            f"| {one.profile} | {origin} | "
            f"{one.mass_g.value:.1f} | {minutes.value:.0f} ({minutes.low:.0f} to "
            f"{minutes.high:.0f}) | {one.energy_wh.value:.0f} | {one.usd:.2f}, at most "
            f"{one.most_usd:.2f} | {'yes' if one.lands else 'no'} |"
        )
    return "\n".join(lines)
