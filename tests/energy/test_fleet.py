"""Many sites at once give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from nearmade.energy.panels.fleet import SunnySite, fleet_power_w, in_chunks
from nearmade.energy.panels.panel import Panel, panel_power_w
from nearmade.energy.sky.clear import clear_year
from nearmade.energy.sky.made import made_up_weather
from nearmade.vocabulary.errors import InvalidInput


def the_sites() -> list[SunnySite]:
    skies = [
        made_up_weather("a", 10.0, 20.0, seed=1),
        made_up_weather("b", -40.0, -70.0, seed=2),
        clear_year("c", 60.0, 10.0),
    ]
    return [
        SunnySite(Panel(100 + 10 * i, 5.0 * i, azimuth_deg=30.0 * i), skies[i % 3])
        for i in range(11)
    ]


@pytest.mark.parametrize("step_s", [None, 1200])
def test_a_fleet_is_the_sum_of_its_sites(step_s: int | None) -> None:
    sites = the_sites()
    table = fleet_power_w(sites, step_s)
    assert table.dtype == np.float32
    for row, site in zip(table, sites, strict=True):
        alone = panel_power_w(site.panel, site.weather, step_s)
        assert row == pytest.approx(alone, rel=1e-6, abs=1e-4)


def test_chunks_are_the_whole_in_order() -> None:
    sites = the_sites()
    chunks = list(in_chunks(sites, at_once=4))
    assert [some for some, _ in chunks] == [slice(0, 4), slice(4, 8), slice(8, 11)]
    whole = np.concatenate([table for _, table in chunks])
    assert (whole == fleet_power_w(sites)).all()


def test_many_weathers_do_not_fill_the_memory_and_change_nothing() -> None:
    sites = [
        SunnySite(Panel(100, 20), made_up_weather("x", 5.0 * i, 0.0, seed=i))
        for i in range(12)
    ]
    table = fleet_power_w(sites)
    assert table[11] == pytest.approx(
        panel_power_w(sites[11].panel, sites[11].weather), rel=1e-6, abs=1e-4
    )


def test_fleets_that_do_not_march_in_step_are_refused() -> None:
    sites = the_sites()
    with pytest.raises(InvalidInput):
        fleet_power_w([])
    with pytest.raises(InvalidInput):
        fleet_power_w(sites, 7200)
    with pytest.raises(InvalidInput):
        fleet_power_w(
            [*sites, SunnySite(Panel(1, 0), clear_year("d", 0, 0, step_s=1800))]
        )
    with pytest.raises(InvalidInput):
        list(in_chunks(sites, at_once=0))
