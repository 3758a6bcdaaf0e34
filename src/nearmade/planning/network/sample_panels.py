"""Invented panels beside the grid: electricity that emits less on sunny days."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from nearmade.planning.network.electricity import WH_PER_KWH
from nearmade.planning.network.problem import Floats
from nearmade.planning.network.tables import Network, OrderBook

#: Invented: what a site's own panels emit, and the share of a day's work that they
#: carry. [gCO2e/kWh]
PANEL_GCO2E_PER_KWH: Final = 45.0
SUN_SHARES: Final = (0.1, 0.9)
#: Tells this draw from all others of the same seed.
_DRAW: Final = 20_261


def with_panels(
    network: Network, grid_gco2e_per_kwh: Floats, fraction: float, seed: int
) -> Network:
    """Give a share of the sites panels, with what electricity emits there by day.

    Drawn apart from all else, so that the rest of the network stays as it is.

    Parameters
    ----------
    grid_gco2e_per_kwh
        Of each site, shape (S,). [gCO2e/kWh]
    fraction
        Share of sites, in 0..1.
    """
    rng = np.random.default_rng([seed, _DRAW])
    sites, days = len(network.site_id), network.group_hours.shape[1]
    panels = np.asarray(rng.random(sites) < fraction)
    if not panels.any():
        return network
    sun = rng.uniform(*SUN_SHARES, (sites, days))
    grid = grid_gco2e_per_kwh[:, None]
    table = sun * np.minimum(PANEL_GCO2E_PER_KWH, grid) + (1 - sun) * grid
    table[~panels] = np.nan
    return replace(network, site_gco2e_per_kwh=table)


def without_told(
    network: Network, book: OrderBook, grid_gco2e_per_kwh: Floats
) -> OrderBook:
    """Leave electricity out of candidates whose site tells what it emits by day."""
    if network.site_gco2e_per_kwh is None:
        return book
    site = network.group_site[book.group]
    told = np.asarray(np.isfinite(network.site_gco2e_per_kwh).all(axis=1))
    grams = np.where(
        told[site], book.energy_wh / WH_PER_KWH * grid_gco2e_per_kwh[site], 0.0
    )
    return replace(book, gco2e=np.maximum(0.0, book.gco2e - grams))
