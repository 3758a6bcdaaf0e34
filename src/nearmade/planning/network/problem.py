"""The network plan's choice problem as arrays.

An order consists of components and has several *ways* to be fulfilled: a hub and the
day on which it is assembled there. Each component is made by one of its candidates, a
group of like machines at one site, or bought from a central factory. A way may also
deliver straight to the customer: it then has no hub.

Days are whole and count from 0. A component that is *ready* on day ``t`` has been made
by the end of that day; a leg of ``n`` days brings it to the hub by the end of day
``t + n``; assembly on day ``a`` needs all components there by the end of day ``a - 1``.
So under a way of day ``a`` a candidate with a leg of ``n`` days must be ready on day
``a - 1 - n``, and it is not to be had where that is before day 0. (A later day would be
too late, an earlier one saves nothing, as all earlier days count together below.)
Days of assembly may lie past the last day ``D - 1`` of making; what need not be ready
before then is ready on the last day: ``min(a - 1 - n, D - 1)``.

Hours, energy and stock are used up cumulatively: for every day ``t``, what is ready on
day ``t`` or before may use what is there on the days up to ``t``. For one machine this
is exact (work by earliest day first), for a group it holds up to the last build's
length. Hub hours are counted on the day of assembly itself.

The problem, for orders ``o``, ways ``w``, components ``i``, candidates ``k``::

    min  sum_w f_w y_w + sum_{i,k,w} (c_ik + leg_ikw) x_ikw + sum_{i,w} d_iw z_iw
         + sum_o l_o (1 - sum_w y_w)
    sum_w y_w <= 1                         for every order   (else it is left out)
    sum_k x_ikw + z_iw = y_w               for every component and way of its order
    sum_{ready <= t} hours_ik x_ikw <= H_g(t)       for every group and day
    sum_{ready <= t} energy_ik x_ikw <= E_s(t)      for every site off the grid and day
    sum stock_ik x_ikw <= S_r                       for every stock
    sum assembly_o y_w <= A_h(a)                    for every hub and day

with ``H_g(t)`` and ``E_s(t)`` the sums of the days up to ``t``.

A site may tell what its electricity emits and costs by day. ``leg_ikw`` then holds what
the machine draws at the figures of the day on which the component is ready, above those
of the site's best day, which ``c_ik`` holds; see ``electricity``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Ints = NDArray[np.int32]
Days = NDArray[np.int16]
#: Which leg a way takes; two bytes only where there are many.
Slots = NDArray[np.int8] | NDArray[np.int16]

#: A leg's days where there is no leg.
NO_LEG: Final = 32_000


@dataclass(frozen=True, slots=True, eq=False)
class Resources:
    """What is there to be used.

    Parameters
    ----------
    group_site
        Site of each machine group, shape (G,).
    group_hours
        Machine hours on each day, shape (G, D), zero or more. [h]
    site_energy_wh
        Energy on each day, shape (S, D); infinite on the grid. [Wh]
    stock_g
        Feedstock of one material at one site, shape (R,). [g]
    hub_hours
        Assembly hours on each day, shape (H, A). [h]
    """

    group_site: Ints
    group_hours: Floats
    site_energy_wh: Floats
    stock_g: Floats
    hub_hours: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """What is wanted, order by order; component and way indices are contiguous.

    Parameters
    ----------
    first_component
        Where each order's components start, shape (O + 1,).
    first_way
        Where each order's ways start, shape (O + 1,).
    assembly_hours
        Hub hours that an order takes, shape (O,). [h]
    due_day
        Day by whose end the customer should have it, shape (O,).
    leave_out_usd
        What leaving the order out costs in the objective, shape (O,). [USD]
    way_hub
        Hub of each way, shape (W,); -1 where it goes straight to the customer.
    way_slot
        Which leg of a component's candidates the way takes, shape (W,), in 0..K-1:
        ways to the same place share a slot, unless electricity changes from day to
        day: each way then has its own.
    way_day
        Day of assembly (or of handing over to the last carrier), shape (W,).
    way_delivered_day
        Day by whose end the customer has it, shape (W,). Straight to the customer
        (no hub) that is the day before ``way_day``, when all components are there.
    way_usd
        Assembly and last leg, shape (W,). [USD]
    way_gco2e
        Assembly and last leg, shape (W,). [gCO2e]
    """

    first_component: Ints
    first_way: Ints
    assembly_hours: Floats
    due_day: Days
    leave_out_usd: Floats
    way_hub: Ints
    way_slot: Slots
    way_day: Days
    way_delivered_day: Days
    way_usd: Floats
    way_gco2e: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Who can make each component; candidate indices are contiguous by component.

    Parameters
    ----------
    first_candidate
        Where each component's candidates start, shape (N + 1,).
    group
        Machine group, shape (M,).
    hours
        Machine time of the whole quantity, shape (M,). [h]
    energy_wh
        Electricity, shape (M,). [Wh]
    stock
        Which stock it draws on, shape (M,); -1 where feedstock is not scarce.
    stock_g
        How much of it, shape (M,). [g]
    making_usd
        Price of making, with price breaks for the quantity, shape (M,). [USD]
    making_gco2e
        Material and electricity, shape (M,). [gCO2e]
    leg_usd, leg_gco2e
        Carriage to the place of each slot, shape (M, K), and what the day's electricity
        adds to the site's best day. [USD], [gCO2e]
    leg_days
        Whole days on the way, shape (M, K); ``NO_LEG`` where there is none.
    central_usd, central_gco2e
        Bought from a central factory, brought to the place of each slot,
        shape (N, K); infinite price where it cannot be bought. [USD], [gCO2e]
    central_days
        Day by whose end it is there, shape (N, K), 0 being today: a way of day ``a``
        has it where this is at most ``a - 1``.
    power_usd, power_gco2e
        The share of ``leg_usd`` and ``leg_gco2e`` that is electricity, shape (M, K);
        none where no site's electricity changes from day to day. [USD], [gCO2e]
    """

    first_candidate: Ints
    group: Ints
    hours: Floats
    energy_wh: Floats
    stock: Ints
    stock_g: Floats
    making_usd: Floats
    making_gco2e: Floats
    leg_usd: Floats32
    leg_gco2e: Floats32
    leg_days: Days
    central_usd: Floats
    central_gco2e: Floats
    central_days: Days
    power_usd: Floats32 | None = None
    power_gco2e: Floats32 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NetworkProblem:
    """Resources, orders and candidates of one planning horizon."""

    resources: Resources
    orders: Orders
    candidates: Candidates
