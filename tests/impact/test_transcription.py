"""DEFRA's figures of carriage beside the transcription that they were read from."""

from __future__ import annotations

import csv
from functools import cache

import pytest

from nearmade.vocabulary.freight_factors import VEHICLES
from tests.shared_data import shared

#: Level 3, level 4 and column of each vehicle; a flight's column says its forcing.
ROWS = {
    "van-diesel": ("Average (up to 3.5 tonnes)", "", "Diesel"),
    "van-petrol": ("Average (up to 3.5 tonnes)", "", "Petrol"),
    "van-small-diesel": ("Class I (up to 1.305 tonnes)", "", "Diesel"),
    "hgv-rigid-small": ("Rigid (>3.5 - 7.5 tonnes)", "", "Average laden"),
    "hgv-rigid": ("All rigids", "", "Average laden"),
    "hgv-artic": ("All artics", "", "Average laden"),
    "hgv-all": ("All HGVs", "", "Average laden"),
    "van-electric": ("Average (up to 3.5 tonnes)", "", "Battery Electric Vehicle"),
    "rail": ("Freight train", "", ""),
    "ship-container": ("Container ship", "Average", ""),
    "ship-container-large": ("Container ship", "8000+ TEU", ""),
    "ship-bulk": ("Bulk carrier", "Average", ""),
    "ship-general": ("General cargo", "Average", ""),
    "air-long": ("Long-haul, to/from UK", "", "Without RF"),
    "air-short": ("Short-haul, to/from UK", "", "Without RF"),
}


@cache
def printed(file: str) -> dict[tuple[str, str, str], float]:
    """Give kgCO2e per tonne.km of every row, refrigerated lorries left out."""
    path = shared("lca", "defra2025", file)
    with path.open(encoding="latin-1", newline="") as text:
        return {
            (row["Level 3"], row["Level 4"], row["Column Text"]): float(
                row["GHG Conversion Factor 2025"]
            )
            for row in csv.DictReader(text)
            if row["UOM"] == "tonne.km"
            and row["GHG/Unit"] == "kg CO2e"
            and row["GHG Conversion Factor 2025"]
            and "refrigerated" not in row["Level 2"].lower()
        }


def test_no_vehicle_is_left_out() -> None:
    assert set(ROWS) == set(VEHICLES)


@pytest.mark.parametrize("name", ["air-long", "air-short"])
def test_what_height_adds_is_as_printed(name: str) -> None:
    haul, _, _ = ROWS[name]
    burnt = printed("category_freighting_goods.csv")
    assert VEHICLES[name].with_forcing_kgco2e == burnt[haul, "", "With RF"]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_fuel_burnt_and_fuel_made_are_as_printed(name: str) -> None:
    vehicle = VEHICLES[name]
    burnt = printed("category_freighting_goods.csv")
    made = printed("category_wtt_delivery_vehs_&_freight.csv")
    assert vehicle.ttw_kgco2e == burnt[ROWS[name]]
    assert vehicle.wtt_kgco2e == made[ROWS[name]]
