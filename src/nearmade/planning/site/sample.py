"""Invented sites to try the schedule and the energy commands: same seed, same site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import numpy as np

from nearmade.planning.site.site_record import (
    MOST_BUILDS,
    MOST_MACHINES,
    SCHEMA,
)
from nearmade.vocabulary.errors import InvalidInput

Kind = Literal["farm", "off-grid", "van"]
KINDS: Final[tuple[Kind, ...]] = ("farm", "off-grid", "van")

START: Final = "2026-03-02T07:00:00+03:00"
_PARTS: Final = ("frame", "peg", "clip", "coupling", "spout", "bracket", "knob")
_COLOURS: Final = ("black", "white", "green")


@dataclass(frozen=True, slots=True)
class SiteWish:
    """What kind of site is invented.

    Parameters
    ----------
    kind
        A farm on a grid with some sun, a school off the grid, or a van.
    machines, builds
        How many.
    seed
        Same seed, same site.
    """

    kind: Kind = "off-grid"
    machines: int = 2
    builds: int = 8
    seed: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInput(
                f"sample: no kind {self.kind!r}", remedy="name " + ", ".join(KINDS)
            )
        if not 1 <= self.machines <= MOST_MACHINES:
            raise InvalidInput(
                f"sample: {self.machines} machines", remedy=f"name 1 to {MOST_MACHINES}"
            )
        if not 1 <= self.builds <= MOST_BUILDS:
            raise InvalidInput(
                f"sample: {self.builds} builds", remedy=f"name 1 to {MOST_BUILDS}"
            )


def sample_site(wish: SiteWish) -> dict[str, Any]:
    """Give the record of an invented site, with its energy part."""
    chance = np.random.default_rng(wish.seed)
    model = "MK3S" if wish.kind == "farm" else "MINI"
    sun_wp = {"farm": 2000.0, "off-grid": 200.0, "van": 250.0}[wish.kind]
    sun_wp *= 1 if wish.kind == "farm" else wish.machines
    battery_wh = 0.0 if wish.kind == "farm" else 500.0 * wish.machines
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "note": "Invented by nearmade schedule sample: no real place, price or person.",
        "name": {"farm": "Lake farm", "off-grid": "Hill school", "van": "Coast van"}[
            wish.kind
        ],
        "zone": "Africa/Nairobi",
        "start_at": START,
        "days": 3,
        "hands": {
            "days": [1, 2, 3, 4, 5, 6],
            "opens": "07:00",
            "closes": "19:00",
            "nights": wish.kind == "farm",
        },
        "power": _power(wish, sun_wp, battery_wh),
        "machines": [
            {
                "id": f"{model}-{n + 1}",
                "model": model,
                "material": "PLA",
                "colour": "black",
            }
            for n in range(wish.machines)
        ],
        "builds": [_build(chance, n) for n in range(wish.builds)],
        "energy": _energy(wish, model, sun_wp, battery_wh),
    }
    return record


def _power(wish: SiteWish, sun_wp: float, battery_wh: float) -> dict[str, Any]:
    """Give the power of the schedule: a bright day's sun, by the hour."""
    hours = np.arange(24)
    up = np.clip(np.cos((hours + 0.5 - 12.5) / 12 * np.pi), 0.0, 1.0)
    power: dict[str, Any] = {
        "limit_w": 3000 if wish.kind == "farm" else 0,
        "sun_w": [round(float(each), 1) for each in 0.6 * sun_wp * up],
    }
    if wish.kind == "farm":
        power["per_kwh"] = 0.20
    if battery_wh:
        power["battery"] = {
            "capacity_wh": battery_wh,
            "stored_wh": battery_wh / 2,
            "max_charge_w": battery_wh / 2,
            "max_discharge_w": battery_wh,
        }
    return power


def _build(chance: np.random.Generator, number: int) -> dict[str, Any]:
    due = datetime.fromisoformat(START) + timedelta(hours=11 + 24 * (number % 3))
    part = _PARTS[int(chance.integers(len(_PARTS)))]
    return {
        "id": f"{part}-{number + 1}",
        "material": "PLA",
        "colour": _COLOURS[int(chance.integers(len(_COLOURS)))],
        "minutes": int(chance.integers(8, 33)) * 5,
        "due_at": due.isoformat(),
    }


def _energy(
    wish: SiteWish, model: str, sun_wp: float, battery_wh: float
) -> dict[str, Any]:
    kisumu = {"name": "Kisumu", "country": "KE", "lat_deg": -0.09, "lon_deg": 34.77}
    energy: dict[str, Any] = {
        "place": kisumu,
        "panel": {"rated_wp": sun_wp, "tilt_deg": 0 if wish.kind == "van" else 10},
        "max_w": 3000 if wish.kind == "farm" else 300 * wish.machines,
        "work": {
            "model": model,
            "machines": wish.machines,
            "minutes": 90,
            "pieces": 2,
            "from": "07:00",
            "to": "19:00",
        },
        "wish": {"pieces_a_day": 6 * wish.machines, "days_fraction": 0.95},
    }
    if battery_wh:
        energy["battery"] = {"chemistry": "lifepo4", "capacity_wh": battery_wh}
    if wish.kind == "farm":
        energy["grid"] = {
            "limit_w": 3000,
            "per_kwh": 0.20,
            "outages_per_month": 4,
            "outage_hours": 3,
        }
    if wish.kind == "van":
        mombasa = {
            "name": "Mombasa",
            "country": "KE",
            "lat_deg": -4.05,
            "lon_deg": 39.67,
        }
        lodwar = {"name": "Lodwar", "country": "KE", "lat_deg": 3.12, "lon_deg": 35.6}
        energy["itinerary"] = [
            {"from": "2026-01-10", "to": "2026-03-20", "place": lodwar},
            {"from": "2026-06-01", "to": "2026-08-31", "place": mombasa},
        ]
        for stay in energy["itinerary"]:
            stay["zone"] = "Africa/Nairobi"
    return energy
