"""Run a year of charging and discharging through PySAM's BatteryStateful.

Runs in ``.oracles-venv``, offline:

    .oracles-venv/bin/python tools/oracles/battery_years.py OUT.json

A lithium iron phosphate pack of 1.2 kWh and 12.8 V between 10 and 100 % of charge in a
room of 20 degC, as PySAM sizes it; without ageing, which is compared for itself.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

WH = 1200.0
VOLTS = 12.8
ROOM_DEGC = 20.0
#: Runs: profile and steps in an hour.
RUNS = (("chance", 1), ("site", 1), ("chance", 12), ("site", 12), ("beds", 12))
#: A year at rest: charge [%] and room [degC].
RESTS = ((50, 20), (50, 35), (90, 20))
#: Every so many steps the state of charge is kept.
KEPT_PER_YEAR = 730
NO_WEAR = [[depth, count, 100] for depth in (20, 80, 100) for count in (0, 10**6)]


def pack(ageing: bool, degc: float, charge: float, hours: float) -> Any:  # noqa: FBT001
    """Give a pack of PySAM's, ready to run."""
    program: Any = import_module("PySAM.BatteryStateful")
    tools: Any = import_module("PySAM.BatteryTools")
    found = program.default("LFPGraphite")
    tools.battery_model_sizing(found, 0.5, WH / 1000, VOLTS)
    found.ParamsCell.initial_SOC = charge
    found.ParamsCell.minimum_SOC = 10
    found.ParamsCell.maximum_SOC = 100
    found.ParamsPack.T_room_init = degc
    if not ageing:
        found.ParamsCell.calendar_choice = 0
    found.ParamsCell.cycling_matrix = NO_WEAR
    found.Controls.control_mode = 1
    found.Controls.dt_hr = hours
    found.Controls.input_power = 0
    found.setup()
    return found


def year(profile: list[float], steps_per_hour: int) -> dict[str, Any]:
    """Give energy in and out and the state of charge, of a year. [Wh], [%]"""
    battery = pack(False, ROOM_DEGC, 50, 1 / steps_per_hour)  # noqa: FBT003
    charged, given, states = 0.0, 0.0, []
    every = len(profile) // KEPT_PER_YEAR
    total = 0.0
    for step, power in enumerate(profile):
        battery.Controls.input_power = -power / 1000
        battery.execute(0)
        flow = -1000 * battery.StatePack.P / steps_per_hour
        charged += max(0.0, flow)
        given += max(0.0, -flow)
        total += battery.StatePack.SOC
        if step % every == every - 1:
            states.append(round(battery.StatePack.SOC, 3))
    return {
        "charged_wh": round(charged, 2),
        "given_wh": round(given, 2),
        "mean_charge_percent": round(total / len(profile), 4),
        "charge_percent": states,
        "capacity_ah": battery.StatePack.Q_max,
    }


def main(out: Path) -> None:
    """Write the golden file."""
    sys.path.insert(0, str(Path(__file__).parent))
    profile_w: Any = import_module("battery_profiles").profile_w
    example = pack(False, ROOM_DEGC, 50, 1.0)  # noqa: FBT003
    runs = [
        {"profile": name, "steps_per_hour": each} | year(profile_w(name, each), each)
        for name, each in RUNS
    ]
    rests = []
    for charge, degc in RESTS:
        battery = pack(True, degc, charge, 1.0)  # noqa: FBT003
        for _ in range(8760):
            battery.execute(0)
        kept = battery.StateCell.q_relative_calendar
        rests.append({"charge_percent": charge, "degc": degc, "kept_percent": kept})
    cell = {
        name: getattr(example.ParamsCell, name)
        for name in ("Vfull", "Vexp", "Vnom", "Qfull", "Qexp", "Qnom", "resistance")
    }
    golden = {
        "versions": {"NREL-PySAM": version("NREL-PySAM")},
        "cell": cell,
        "capacity_by_degc": example.ParamsPack.cap_vs_temp,
        "runs": runs,
        "rests": rests,
    }
    out.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
