"""Published figures recomputed: the page's table, and the inputs measured anew.

``python -m benchmarks.impact.published`` writes the table into docs/impact.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import trimesh

from nearmade.adapters.design_folder import customise, load_design
from nearmade.adapters.gate import admit
from nearmade.adapters.slicers.prusa import slice_plate
from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.impact.published import battery_ah, table
from nearmade.impact.published_energy import Printed, published
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.identity import PartName, ProfileId

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs/impact.md"
BEGIN: Final = "<!-- published: written by benchmarks/impact/published.py -->"
END: Final = "<!-- published: end -->"
PROFILE: Final = "ender3-pla-0.28"
INFILL_FRACTION: Final = 0.1
#: What stands for Kreiger's three products: starter designs and their parts.
PARTS: Final = {
    "water spout": ("water-spout", ("spout",)),
    "citrus juicer": ("citrus-juicer", ("reamer", "bowl")),
}
#: LiFePO4, four cells. [V]
BATTERY_V: Final = 12.8


def block_stl(side_mm: float) -> bytes:
    """Give a plain cube as binary STL."""
    content: bytes = trimesh.creation.box((side_mm,) * 3).export(file_type="stl")
    return content


def sliced_products(cache: Path) -> list[Printed]:
    """Render and slice the three products anew."""
    stls = {"block of 40 mm": [block_stl(40.0)]}
    for name, (design, parts) in PARTS.items():
        loaded = load_design(ROOT / "examples/designs" / design)
        made = customise(loaded, {}, cache=None, assembly=False)
        by_name = {one.part.name: one.stl for one in made.parts}
        stls[name] = [by_name[PartName(part)] for part in parts]
    products = []
    for name, bodies in stls.items():
        figures = slice_plate(
            [(stl, 1) for stl in bodies],
            find_profile(ProfileId(PROFILE)),
            cache=cache,
            infill_fraction=INFILL_FRACTION,
        ).figures
        solid_mm3 = sum(admit(stl, "part.stl").facts.volume_mm3 for stl in bodies)
        products.append(Printed(name, figures.mass_g, figures.time_s, solid_mm3 / 1000))
    return products


def cubefactory_hours() -> float:
    """Run our own battery, as large as published, under the published load. [h]"""
    capacity_wh = battery_ah(8.0, 10.0, 0.9) * BATTERY_V
    battery = Battery(
        capacity_wh,
        charge_fraction=1.0,
        discharge_fraction=1.0,
        max_charge_w=1000.0,
        max_discharge_w=1000.0,
        cutoff_fraction=0.1,
        reconnect_fraction=0.2,
    )
    state, hours, length = BatteryState(capacity_wh), 0.0, 1 / 60
    while hours < 24:
        ran = step(battery, state, panel_w=0, load_w=10 * BATTERY_V, hours=length)
        hours += ran.served_wh / (10 * BATTERY_V)
        if ran.served_wh < 10 * BATTERY_V * length * (1 - 1e-9):
            return hours
        state = ran.state
    return hours


def with_table(page: str) -> str:
    """Put the table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(published())}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8")
