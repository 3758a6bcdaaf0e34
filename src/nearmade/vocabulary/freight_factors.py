"""Greenhouse gas of carriage by mass and distance: the one table of vehicles.

Two rooms need it, logistics and impact, and neither may read the other: logistics takes
the ``Factor`` of a vehicle, impact makes the processes of its database from the rows.
``TTW`` counts the fuel burnt, ``WTT`` its making, ``WTW`` both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.factor import Factor

YEAR: Final = 2025

#: How a row was checked; none could be held against the official workbook.
SEEN_TWICE: Final = "three transcriptions agree on TTW, two on WTT"
SEEN_FLYING: Final = (
    "three transcriptions agree on TTW with radiative forcing, two on WTT; TTW without "
    "forcing is in one only"
)
SEEN_ONCE: Final = "one transcription only, not checked further"

_SOURCE: Final = (
    "UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ/DEFRA), "
    "Freighting goods and WTT - delivery vehicles and freight; read from a third-party "
    "transcription, not from the official workbook ({checked}); geometric_sd is ours; "
    "{row}"
)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What carries goods, by the tonne-kilometre, as DEFRA prints it.

    Parameters
    ----------
    id
        Such as ``van-diesel``.
    name
        For people.
    row
        Where it stands in the source.
    ttw_kgco2e, wtt_kgco2e
        Fuel burnt, without a flight's radiative forcing; making the fuel. [kgCO2e/t.km]
    geometric_sd
        Ours, 1 or more.
    with_forcing_kgco2e
        Fuel burnt with the flight's radiative forcing; None on the ground.
        [kgCO2e/t.km]
    fuel
        True where it burns a fuel whose energy may be read back from its gas.
    checked
        Against what the row was checked.
    """

    id: str
    name: str
    row: str
    ttw_kgco2e: float
    wtt_kgco2e: float
    geometric_sd: float = 1.3
    with_forcing_kgco2e: float | None = None
    fuel: bool = True
    checked: str = SEEN_ONCE

    @property
    def source(self) -> str:
        """Publication, table and row."""
        return _SOURCE.format(row=self.row, checked=self.checked)

    def factor(self) -> Factor:
        """Give both parts together, well to wheel, without radiative forcing."""
        return self._factor("wtw", self.ttw_kgco2e, self.geometric_sd)

    def factor_with_forcing(self) -> Factor:
        """Give both parts with what height adds; flights only."""
        assert self.with_forcing_kgco2e is not None
        return self._factor("rf-wtw", self.with_forcing_kgco2e, 1.5)

    def _factor(self, ending: str, ttw_kgco2e: float, geometric_sd: float) -> Factor:
        return Factor(
            id=f"freight/{self.id}-{ending}",
            value=round((ttw_kgco2e + self.wtt_kgco2e) * 1000, 3),
            unit="gCO2e/t.km",
            source=f"{self.source}: TTW {ttw_kgco2e} + WTT {self.wtt_kgco2e} "
            "kgCO2e/tonne.km",
            geometric_sd=geometric_sd,
            year=YEAR,
        )


#: Every vehicle, by id.
VEHICLES: Final = {
    one.id: one
    for one in (
        Vehicle(
            "van-diesel",
            "Van, diesel, average up to 3.5 t",
            "vans, average up to 3.5 t, diesel",
            0.6313,
            0.15095,
            1.5,
        ),
        Vehicle(
            "van-petrol",
            "Van, petrol, average up to 3.5 t",
            "vans, average up to 3.5 t, petrol",
            0.85537,
            0.22943,
            1.5,
        ),
        Vehicle(
            "van-electric",
            "Van, electric, average up to 3.5 t",
            "vans, average up to 3.5 t, battery electric",
            0.21992,
            0.05633,
            1.5,
            fuel=False,
        ),
        Vehicle(
            "van-small-diesel",
            "Van, diesel, class I",
            "vans, class I (up to 1.305 t), diesel",
            0.87423,
            0.20817,
            1.5,
        ),
        Vehicle(
            "hgv-rigid-small",
            "Lorry, rigid, 3.5 to 7.5 t",
            "HGV rigid 3.5 to 7.5 t, average laden",
            0.52761,
            0.12296,
        ),
        Vehicle(
            "hgv-rigid",
            "Lorry, rigid, all",
            "HGV all rigids, average laden",
            0.19748,
            0.04332,
        ),
        Vehicle(
            "hgv-artic",
            "Lorry, articulated, all",
            "HGV all artics, average laden",
            0.078,
            0.01823,
        ),
        Vehicle(
            "hgv-all",
            "Lorry, all",
            "HGV all diesel, average laden",
            0.10163,
            0.02359,
            checked="two transcriptions agree on TTW, WTT is in one only",
        ),
        Vehicle(
            "rail",
            "Freight train",
            "rail, freight train",
            0.02779,
            0.00691,
            checked=SEEN_TWICE,
        ),
        Vehicle(
            "ship-container",
            "Container ship, average",
            "container ship, average",
            0.01612,
            0.00365,
            checked=SEEN_TWICE,
        ),
        Vehicle(
            "ship-container-large",
            "Container ship, 8000 TEU and more",
            "container ship, 8000+ TEU",
            0.01266,
            0.00287,
        ),
        Vehicle(
            "ship-general",
            "General cargo ship, average",
            "general cargo ship, average",
            0.01321,
            0.003,
        ),
        Vehicle(
            "ship-bulk",
            "Bulk carrier, average",
            "bulk carrier, average",
            0.00353,
            0.0008,
            checked="two transcriptions agree on TTW and WTT",
        ),
        Vehicle(
            "air-long",
            "Air freight, long haul",
            "freight flights, long haul",
            0.5313,
            0.13516,
            with_forcing_kgco2e=0.89939,
            checked=SEEN_FLYING,
        ),
        Vehicle(
            "air-short",
            "Air freight, short haul",
            "freight flights, short haul",
            0.75539,
            0.20515,
            with_forcing_kgco2e=1.27835,
            checked=SEEN_FLYING,
        ),
    )
}

VAN_DIESEL: Final = VEHICLES["van-diesel"].factor()
HGV: Final = VEHICLES["hgv-all"].factor()
CONTAINER_SHIP: Final = VEHICLES["ship-container"].factor()
AIR_LONG: Final = VEHICLES["air-long"].factor()
AIR_LONG_WITH_RF: Final = VEHICLES["air-long"].factor_with_forcing()
AIR_SHORT: Final = VEHICLES["air-short"].factor()
AIR_SHORT_WITH_RF: Final = VEHICLES["air-short"].factor_with_forcing()


def freight_gco2e(factor: Factor, mass_g: float, distance_km: float) -> float:
    """Give what carrying a mass over a distance emits. [gCO2e]

    Parameters
    ----------
    factor
        Of a vehicle. [gCO2e/t.km]
    mass_g
        Goods and packaging. [g]
    distance_km
        Along the way. [km]
    """
    return factor.value * mass_g / 1e6 * distance_km
