"""A site's own supply in an inventory: its sun, and its grid by its own word."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from nearmade.impact.account import account_order
from nearmade.impact.case import Printed, case_of
from nearmade.impact.case_record import case_from_record
from nearmade.impact.case_writing import record_of_case
from nearmade.impact.inventory import (
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place

LYON = Place("Lyon", "FR", 45.76, 4.84)
#: One kilowatt-hour from the grid alone, which the site says emitted 500 g.
GRID = SiteElectricity(
    "lyon",
    "FR",
    solar=False,
    energy_wh=Estimate.exact(1000.0),
    supply=(("electricity/fr", 1.0),),
    grid_gco2e_per_kwh=500.0,
)


def kgco2e(*sites: SiteElectricity) -> float:
    order = OrderInventory(
        "one part",
        (MadePart("part", "PLA", Estimate.exact(1.0)),),
        sites,
        (),
        central_alternative(LYON),
        reliability_fraction=1.0,
    )
    return account_order(order, draws=1, seed=1).here.kgco2e.value


def test_a_grid_emits_what_its_site_says_of_these_hours() -> None:
    none = replace(GRID, energy_wh=Estimate.exact(0.0))
    assert kgco2e(GRID) - kgco2e(none) == pytest.approx(0.5, rel=1e-6)


def test_the_sites_word_counts_for_the_share_of_the_grid_alone() -> None:
    shared = (("electricity/fr", 0.4), ("electricity/solar", 0.6))
    own = replace(GRID, supply=shared)
    less = replace(own, grid_gco2e_per_kwh=300.0)
    # 0.4 kWh by 200 g less.
    assert kgco2e(own) - kgco2e(less) == pytest.approx(0.08, rel=1e-6)


def test_a_country_without_figures_stands_in_the_supply_by_its_region() -> None:
    unknown = replace(
        GRID, country="XX", supply=(("electricity/xx", 1.0),), grid_gco2e_per_kwh=None
    )
    assert kgco2e(unknown) > kgco2e(replace(unknown, energy_wh=Estimate.exact(0.0)))


def test_a_grid_that_emits_less_than_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="grid_gco2e_per_kwh"):
        replace(GRID, grid_gco2e_per_kwh=-1.0)


def test_a_case_keeps_what_a_grid_emitted_by_its_sites_word() -> None:
    order = OrderInventory(
        "one part",
        (MadePart("part", "PLA", Estimate.exact(1.0)),),
        (GRID,),
        (),
        central_alternative(LYON),
    )
    record = record_of_case(case_of(order, LYON))
    again = case_from_record(json.loads(json.dumps(record)), _nowhere)
    (way,) = [one for one in again.ways.values() if isinstance(one, Printed)]
    (site,) = way.inventory.electricity
    assert site.grid_gco2e_per_kwh == 500.0


def _nowhere(name: str) -> Place:
    raise NotFound(f"{name}: no such place")
