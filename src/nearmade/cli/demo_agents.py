"""Configuration files of the demo's agents: simulated printers, named so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import tomli_w

from nearmade.cloud.configuration import Configuration
from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.opening import is_zone

#: Power model by the profiles that a machine runs, such as ``mk3s-pla-0.20``.
POWER_MODELS = {"mk3s": "MK3S", "mini": "MINI", "ender3": "Ender-3"}


def _power_model(machine: Machine) -> str:
    return POWER_MODELS[str(machine.profiles[0]).partition("-")[0]]


def _power(facility: Facility, speed: float) -> dict[str, object]:
    power = facility.power
    if power.kind == "grid":
        return {"kind": "grid", "max_w": float(power.max_w)}
    return {
        "kind": "solar",
        "max_w": float(power.max_w),
        "pv_wp": float(power.pv_wp),
        "battery_wh": float(power.battery_wh),
        "lat_deg": facility.place.lat_deg,
        "lon_deg": facility.place.lon_deg,
        "zone": facility.zone if is_zone(facility.zone) else "",
        "utc_offset_h": facility.opening.utc_offset_h,
        "speed_factor": speed,
    }


def write_agent_config(
    configuration: Configuration, site_id: str, *, speed: float, now: datetime
) -> Path:
    """Write the configuration of one demo site's agent, with a token of its own."""
    from nearmade.cloud.demo import agent_token
    from nearmade.cloud.keys import platform_key
    from nearmade.cloud.network.services import facility_of, find_site
    from nearmade.production.signing import public_key_text

    folder = configuration.data_dir / "agents" / site_id
    agent_token(site_id, folder / "token", now=now)
    facility = facility_of(find_site(site_id))
    config = {
        "platform_url": configuration.public_url,
        "site": site_id,
        "token_file": "token",
        "state_dir": "state",
        "platform_key": public_key_text(
            platform_key(configuration.data_dir).public_key()
        ),
        "poll_s": 0.5,
        "power": _power(facility, speed),
        "printer": [
            {
                "machine_id": str(machine.id),
                "driver": "simulated",
                "settings": {
                    "speed_factor": speed,
                    "power_model": _power_model(machine),
                },
            }
            for machine in facility.machines
        ],
    }
    path = folder / "agent.toml"
    path.write_text(tomli_w.dumps(config), encoding="utf-8")
    return path
