"""Small networks that can be worked by hand, and drawn ones for laws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.network_record import network_from_record
from nearmade.planning.network.orders_record import orders_from_record
from nearmade.planning.network.plan import Prices
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.problem import NetworkProblem
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.weights import PricedProblem, Weights, price_problem

MONEY_ONLY = Weights(1.0, 0.0, 0.0, 10.0)


def two_sites() -> dict[str, Any]:
    """A hub with a site beside it, and a site 111.19 km (one degree) to the north.

    Near makes for 2 USD an hour and has 3 h on each of two days, far for 1 USD.
    """
    return {
        "schema": "nearmade/plan/network/1",
        "days": 2,
        "assembly_days": 5,
        "materials": ["PLA", "ASA"],
        "sites": [
            {
                "id": "near",
                "lat_deg": 0.0,
                "lon_deg": 0.0,
                "groups": [
                    {
                        "id": "near-1",
                        "materials": ["PLA"],
                        "bed_mm": 200,
                        "hours": 3.0,
                        "usd_per_hour": 2.0,
                        "price_breaks": [{"from_quantity": 10, "less_fraction": 0.25}],
                    }
                ],
            },
            {
                "id": "far",
                "lat_deg": 1.0,
                "lon_deg": 0.0,
                "energy_wh": [400.0, 100.0],
                "stock": [{"material": "PLA", "g": 50.0}],
                "groups": [
                    {
                        "id": "far-1",
                        "materials": ["PLA", "ASA"],
                        "bed_mm": 300,
                        "hours": [4.0, 4.0],
                        "usd_per_hour": 1.0,
                    }
                ],
            },
        ],
        "hubs": [
            {
                "id": "hub",
                "lat_deg": 0.0,
                "lon_deg": 0.0,
                "hours": 1.0,
                "usd_per_hour": 10.0,
            }
        ],
        "leg_rule": {
            "usd_each": 1.0,
            "usd_per_km": 0.0,
            "usd_per_kg_km": 0.0,
            "gco2e_per_kg_km": 0.0,
            "same_day_km": 10.0,
            "km_per_day": 200.0,
        },
    }


def part(name: str = "c1", **more: Any) -> dict[str, Any]:
    """A component of 3 h that near makes for 6 USD and far for 3 USD."""
    return {
        "id": name,
        "material": "PLA",
        "mass_g": 30.0,
        "central": {"usd": 20.0, "gco2e": 0.0, "days": 1},
        "candidates": {
            "groups": ["near-1", "far-1"],
            "hours": 3.0,
            "energy_wh": 300.0,
            "usd": [6.0, 3.0],
            "gco2e": 0.0,
        },
    } | more


def order(name: str = "o1", *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An order at the hub's door, due on day 2, with 0.5 h of assembly."""
    return {
        "id": name,
        "lat_deg": 0.0,
        "lon_deg": 0.0,
        "due_day": 2,
        "assembly_hours": 0.5,
        "leave_out_usd": 100.0,
        "hubs": ["hub"],
        "components": list(parts) or [part()],
    } | more


def orders(*listed: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "schema": "nearmade/plan/orders/1",
        "early_days": 1,
        "late_days": 1,
        "orders": list(listed) or [order()],
    } | more


def made_of(network: dict[str, Any], *listed: dict[str, Any]) -> Made:
    """Read a network and orders into what plans are made of."""
    read = network_from_record(network)
    book = orders_from_record(orders(*listed), read)
    return Made(read, book, build_problem(read, book))


def priced_of(made: Made, weights: Weights = MONEY_ONLY) -> PricedProblem:
    return price_problem(made.problem, weights)


@st.composite
def drawn(draw: st.DrawFn) -> PricedProblem:
    """A small invented network, day-resolved or plain, with all kinds of limits."""
    days = draw(st.sampled_from([1, 3]))
    wish = SampleWish(
        facilities=draw(st.integers(10, 14)),
        orders=draw(st.integers(1, 12)),
        seed=draw(st.integers(0, 10_000)),
        load=draw(st.sampled_from([0.4, 0.8, 1.5])),
        hubs=draw(st.integers(0, 3)),
        candidates=draw(st.integers(1, 5)),
        days=days,
        outsourcing=draw(st.sampled_from(["normal", "dear"])),
        off_grid_fraction=draw(st.sampled_from([0.0, 0.5])),
        scarce_fraction=draw(st.sampled_from([0.0, 0.5])),
        panel_fraction=draw(st.sampled_from([0.0, 0.5])),
    )
    weights = Weights(
        carbon_usd_per_t=draw(st.sampled_from([0.0, 200.0])),
        time_usd_per_day=draw(st.sampled_from([0.0, 1.5])),
    )
    return price_problem(build_problem(*sample_tables(wish)), weights)


def random_prices(problem: NetworkProblem, seed: int) -> Prices:
    """Prices of zero or more for all that has a limit."""
    rng = np.random.default_rng(seed)
    zero = Prices.zero(problem)
    limited = np.isfinite(problem.resources.site_energy_wh)
    return replace(
        zero,
        hour_usd=np.maximum(0.0, rng.normal(0, 1, zero.hour_usd.shape)),
        energy_usd=rng.uniform(0, 0.01, limited.shape) * limited,
        stock_usd=rng.uniform(0, 0.1, zero.stock_usd.shape),
        hub_usd=np.maximum(0.0, rng.normal(0, 3, zero.hub_usd.shape)),
    )
