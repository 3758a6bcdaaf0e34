"""Invented networks and orders by seed: to try, to measure, never to conclude from.

Facilities stand in clusters, customers around the same; hours are a part's own over a
site's speed. Load is what the cheapest candidates ask, over what the machines have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.legs import component_legs, unit_vectors
from nearmade.planning.network.problem import Floats, Ints, NetworkProblem
from nearmade.planning.network.sample_panels import with_panels, without_told
from nearmade.planning.network.sample_sites import (
    BEDS_MM,
    CUSTOMER_SPREAD_KM,
    MATERIALS,
    PART_ASKS,
    PART_BEDS,
    Clusters,
    Sites,
    sample_clusters,
    sample_sites,
    scatter,
)
from nearmade.planning.network.tables import LegRule, Network, OrderBook
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

Outsourcing = Literal["normal", "dear"]

#: Invented: share of orders with one, two ... components; 2.44 on average.
COMPONENT_SHARES = (0.28, 0.28, 0.24, 0.12, 0.08)
ORDERS_EACH = 4.0
#: Invented: hub hours of an order, and for each of its components. [h]
ASSEMBLY_HOURS, ASSEMBLY_HOURS_EACH = 0.1, 0.15
#: Invented: feedstock price, and emissions of making it. [USD/g], [gCO2e/g]
FEEDSTOCK_USD_PER_G, FEEDSTOCK_GCO2E_PER_G = 0.025, 2.5
#: Room at the hubs over what orders ask when each spreads over its hubs and days.
HUB_ROOM = 1.1
#: Share of a site's expected use that there is of scarce stock and of energy.
SCARCE = 0.9
LATE_DAYS = 2


@dataclass(frozen=True, slots=True)
class SampleWish:
    """What an invented network should be like.

    Parameters
    ----------
    facilities
        At least 10; each has one machine group.
    orders
        At least one; four for each facility where not told.
    seed
        The same seed gives the same network.
    load
        Hours of the cheapest candidates over hours of all machines, above zero.
    hubs
        Hubs that each order may choose among, 0 to 5; none goes to the customer.
    candidates
        Nearest capable groups of each component, at least one.
    days
        Days of making. With one day legs take no time, and there is one way a hub.
    outsourcing
        ``normal``: 10 USD and twice the third best; ``dear``: 10 to 15 times the mean.
    off_grid_fraction
        Share of sites with an energy budget, in 0..1.
    scarce_fraction
        Share of sites with scarce stock of one material, in 0..1.
    day
        Other orders of the same kind for the same network: a history of its days.
    panel_fraction
        Share of sites with panels beside their grid, whose electricity emits less on
        sunny days, in 0..1.
    """

    facilities: int
    orders: int | None = None
    seed: int = 1
    load: float = 0.6
    hubs: int = 1
    candidates: int = 16
    days: int = 1
    outsourcing: Outsourcing = "normal"
    off_grid_fraction: float = 0.0
    scarce_fraction: float = 0.0
    day: int = 0
    panel_fraction: float = 0.0

    def __post_init__(self) -> None:
        whole = {
            "facilities": (self.facilities, 10, 10_000_000),
            "orders": (self.order_count, 1, 10_000_000),
            "hubs": (self.hubs, 0, 5),
            "candidates": (self.candidates, 1, 100),
            "days": (self.days, 1, 60),
            "day": (self.day, 0, 1_000_000),
        }
        for name, (value, least, most) in whole.items():
            if not least <= value <= most:
                raise InvalidInput(f"sample: {name} {value} must be {least} to {most}")
        if not 0 < self.load < np.inf:
            raise InvalidInput(f"sample: load {self.load} must be above zero")
        for name in ("off_grid_fraction", "scarce_fraction", "panel_fraction"):
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidInput(f"sample: {name} must be in 0..1")

    @property
    def order_count(self) -> int:
        """How many orders there are."""
        if self.orders is None:
            return round(ORDERS_EACH * self.facilities)
        return self.orders


def sample_network(
    facilities: int,
    *,
    orders: int | None = None,
    seed: int = 1,
    load: float = 0.6,
    hubs: int = 1,
    candidates: int = 16,
    days: int = 1,
    outsourcing: Outsourcing = "normal",
    off_grid_fraction: float = 0.0,
    scarce_fraction: float = 0.0,
) -> NetworkProblem:
    """Invent a choice problem; see ``SampleWish`` for what each word means.

    ``days=1`` is the plain shape: one bucket of hours, ready on day 0, assembled on
    day 1, legs without days. ``days=5`` has budgets by day, legs of 0 to 3 days, and
    ways on days in time and up to two days late.
    """
    wish = SampleWish(
        facilities,
        orders,
        seed,
        load,
        hubs,
        candidates,
        days,
        outsourcing,
        off_grid_fraction,
        scarce_fraction,
    )
    return build_problem(*sample_tables(wish))


def sample_tables(wish: SampleWish) -> tuple[Network, OrderBook]:
    """Invent a network and its orders in people's terms."""
    rng = np.random.default_rng(wish.seed)
    clusters = sample_clusters(rng, wish.facilities)
    sites = sample_sites(rng, wish.facilities, clusters)
    network = _network(wish, clusters, sites)
    book = _book(rng, wish, clusters, sites)
    cheapest_hours, central_usd = _cheapest(rng, wish, network, book)
    network = _with_hours(rng, wish, network, sites, cheapest_hours)
    network = _with_hub_hours(network, book)
    network = _with_limits(rng, wish, network, sites)
    grid_gco2e_per_kwh = clusters.gco2e_per_kwh[sites.cluster]
    network = with_panels(network, grid_gco2e_per_kwh, wish.panel_fraction, wish.seed)
    if wish.day:
        rng = np.random.default_rng([wish.seed, wish.day])
        book = _book(rng, wish, clusters, sites)
        _, central_usd = _cheapest(rng, wish, network, book)
    order_usd = np.add.reduceat(central_usd, book.first_component[:-1])
    leave_out_usd = 50.0 + 2.0 * order_usd
    book = without_told(network, book, grid_gco2e_per_kwh)
    return network, replace(book, central_usd=central_usd, leave_out_usd=leave_out_usd)


def _network(wish: SampleWish, clusters: Clusters, sites: Sites) -> Network:
    """Give the network before its hours are known."""
    plain = wish.days == 1
    hubs = len(clusters.lat_deg) if wish.hubs else 0
    none = np.zeros(0, np.int32)
    width = len(str(wish.facilities))
    return Network(
        materials=MATERIALS,
        site_id=[f"s{n:0{width}d}" for n in range(wish.facilities)],
        site_name=[f"Invented site {n}" for n in range(wish.facilities)],
        site_lat_deg=sites.lat_deg,
        site_lon_deg=sites.lon_deg,
        site_energy_wh=np.full((wish.facilities, wish.days), np.inf),
        group_id=[f"g{n:0{width}d}" for n in range(wish.facilities)],
        group_site=np.arange(wish.facilities, dtype=np.int32),
        group_hours=np.zeros((wish.facilities, wish.days)),
        group_usd_per_hour=sites.usd_per_hour,
        group_bed_mm=np.array(BEDS_MM)[sites.bed],
        group_materials=sites.works,
        break_group=none,
        break_quantity=none,
        break_fraction=np.zeros(0),
        stock_site=none,
        stock_material=none,
        stock_g=np.zeros(0),
        hub_id=[f"h{n}" for n in range(hubs)],
        hub_name=[f"Invented hub {n}" for n in range(hubs)],
        hub_lat_deg=clusters.lat_deg[:hubs],
        hub_lon_deg=clusters.lon_deg[:hubs],
        hub_hours=np.zeros((hubs, wish.days + 1 if plain else wish.days + 5)),
        hub_usd_per_hour=12.0 * clusters.price_level[:hubs],
        rule=LegRule(km_per_day=np.inf if plain else 600.0),
        note=f"synthetic: invented by seed {wish.seed}, no real place or price",
    )


def _book(
    rng: np.random.Generator, wish: SampleWish, clusters: Clusters, sites: Sites
) -> OrderBook:
    """Draw orders and components, and find who can make each."""
    count = wish.order_count
    cluster = rng.choice(len(clusters.lat_deg), count, p=clusters.customer_share)
    lat, lon = scatter(
        rng, clusters.lat_deg[cluster], clusters.lon_deg[cluster], CUSTOMER_SPREAD_KM
    )
    shares = np.array(COMPONENT_SHARES)
    sizes = 1 + rng.choice(len(shares), count, p=shares / shares.sum())
    first_component = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    total = int(first_component[-1])
    hours = np.clip(rng.lognormal(np.log(2.0), 0.7, total), 0.2, 24.0)
    mass_g = hours * 12.0 * rng.lognormal(0, 0.3, total)
    material = rng.choice(len(MATERIALS), total, p=PART_ASKS).astype(np.int32)
    bed = rng.choice(len(BEDS_MM), total, p=PART_BEDS).astype(np.int32)
    customer = unit_vectors(lat, lon)
    first, group = _nearest_capable(
        sites, np.repeat(customer, sizes, axis=0), material, bed, wish.candidates
    )
    counts = np.diff(first)
    first_hub, hub = _nearest_hubs(wish, clusters, customer)
    taken = np.repeat(hours, counts) / sites.speed[group]
    grams = np.repeat(mass_g, counts)
    energy_wh = taken * sites.watts[group]
    grid = clusters.gco2e_per_kwh[sites.cluster[group]]
    due = (
        np.zeros(count) if wish.days == 1 else rng.integers(2, wish.days + 2, count)
    ) + (1 if wish.hubs and wish.days == 1 else 0)
    digits = np.arange(total) - np.repeat(first_component[:-1], sizes) + 1
    return OrderBook(
        order_id=[f"o{n}" for n in range(count)],
        order_lat_deg=lat,
        order_lon_deg=lon,
        due_day=due.astype(np.int16),
        assembly_hours=(ASSEMBLY_HOURS + ASSEMBLY_HOURS_EACH * sizes).astype(float),
        leave_out_usd=np.zeros(count),
        first_hub=first_hub,
        hub=hub,
        first_component=first_component,
        component_id=[f"c{n}" for n in digits.tolist()],
        component_material=material,
        component_bed_mm=np.array(BEDS_MM)[bed],
        component_mass_g=mass_g,
        component_quantity=np.ones(total, np.int32),
        central_usd=np.full(total, np.inf),
        central_gco2e=mass_g * (FEEDSTOCK_GCO2E_PER_G + 3.0),
        central_days=np.full(total, 0 if wish.days == 1 else 2, np.int16),
        first_candidate=first,
        group=group,
        hours=taken,
        energy_wh=energy_wh,
        usd=taken * sites.usd_per_hour[group] + grams * FEEDSTOCK_USD_PER_G,
        gco2e=grams * FEEDSTOCK_GCO2E_PER_G + energy_wh / 1000.0 * grid,
        early_days=0 if wish.days == 1 else 2,
        late_days=0 if wish.days == 1 else LATE_DAYS,
    )


def _nearest_capable(
    sites: Sites, places: Floats, material: Ints, bed: Ints, wanted: int
) -> tuple[Ints, Ints]:
    """Find the nearest groups that work a material on a bed, nearest first."""
    nearest = np.full((len(places), wanted), -1, np.int32)
    for m in range(len(MATERIALS)):
        for b in range(len(BEDS_MM)):
            able = np.flatnonzero((sites.works >> m & 1 == 1) & (sites.bed >= b))
            rows = np.flatnonzero((material == m) & (bed == b))
            if not len(able) or not len(rows):
                continue
            k = min(wanted, len(able))
            _, found = cKDTree(sites.vectors[able]).query(
                places[rows], k=[*range(1, k + 1)]
            )
            nearest[rows[:, None], np.arange(k)] = able[found]
    has = nearest >= 0
    first = np.concatenate([[0], np.cumsum(has.sum(axis=1))]).astype(np.int32)
    return first, nearest[has]


def _nearest_hubs(
    wish: SampleWish, clusters: Clusters, customer: Floats
) -> tuple[Ints, Ints]:
    """Give each order its nearest hubs, or none but the customer's door."""
    count = len(customer)
    if not wish.hubs:
        return np.arange(count + 1, dtype=np.int32), np.full(count, -1, np.int32)
    tree = cKDTree(unit_vectors(clusters.lat_deg, clusters.lon_deg))
    k = min(wish.hubs, len(clusters.lat_deg))
    _, found = tree.query(customer, k=[*range(1, k + 1)])
    first = np.arange(0, count * k + 1, k, dtype=np.int32)
    return first, found.astype(np.int32).ravel()


def _cheapest(
    rng: np.random.Generator, wish: SampleWish, network: Network, book: OrderBook
) -> tuple[Floats, Floats]:
    """Give each component's hours at its cheapest candidate, and its central price."""
    one_hub = replace(
        book,
        first_hub=np.arange(len(book.order_id) + 1, dtype=np.int32),
        hub=book.hub[book.first_hub[:-1]],
    )
    leg_usd, _, _ = component_legs(network, one_hub)
    cost = book.usd + leg_usd[:, 0]
    hours, third, mean = _best_three(book.first_candidate, cost, book.hours)
    if wish.outsourcing == "dear":
        return hours, rng.uniform(10, 15, len(mean)) * np.where(mean > 0, mean, 50.0)
    return hours, 10.0 + 2.0 * np.where(mean > 0, third, 50.0)


@compiled
def _best_three(
    first: Ints, cost: Floats, hours: Floats
) -> tuple[Floats, Floats, Floats]:
    count = len(first) - 1
    best_hours, third, mean = np.zeros(count), np.zeros(count), np.zeros(count)
    for i in range(count):
        one, two, three, total = np.inf, np.inf, np.inf, 0.0
        for k in range(first[i], first[i + 1]):
            total += cost[k]
            if cost[k] < one:
                one, two, three = cost[k], one, two
                best_hours[i] = hours[k]
            elif cost[k] < two:
                two, three = cost[k], two
            elif cost[k] < three:
                three = cost[k]
        has = first[i + 1] - first[i]
        if has:
            mean[i] = total / has
            third[i] = three if has > 2 else (two if has == 2 else one)
    return best_hours, third, mean


def _with_hours(
    rng: np.random.Generator,
    wish: SampleWish,
    network: Network,
    sites: Sites,
    cheapest_hours: Floats,
) -> Network:
    """Give machines the hours that make the load what is wished."""
    share = sites.machines * rng.uniform(0.6, 1.0, wish.facilities)
    daily = rng.uniform(0.8, 1.2, (wish.facilities, wish.days)) * share[:, None]
    daily *= cheapest_hours.sum() / wish.load / daily.sum()
    return replace(network, group_hours=daily)


def _with_hub_hours(network: Network, book: OrderBook) -> Network:
    """Give hubs the hours that orders ask when each spreads evenly over its ways."""
    if not len(network.hub_id):
        return network
    orders = build_problem(network, book).orders
    ways = np.diff(orders.first_way)
    asked = np.repeat(book.assembly_hours / np.maximum(1, ways), ways)
    hub_hours = np.zeros_like(network.hub_hours)
    np.add.at(hub_hours, (orders.way_hub, orders.way_day), asked * HUB_ROOM)
    return replace(network, hub_hours=hub_hours)


def _with_limits(
    rng: np.random.Generator, wish: SampleWish, network: Network, sites: Sites
) -> Network:
    """Take some sites off the grid, and make one material scarce at some."""
    count = wish.facilities
    use_wh = network.group_hours * (sites.watts * wish.load * SCARCE)[:, None]
    sun = rng.uniform(0.6, 1.4, use_wh.shape)
    off_grid = rng.random(count) < wish.off_grid_fraction
    energy = np.where(off_grid[:, None], use_wh * sun, np.inf)
    scarce = np.flatnonzero(rng.random(count) < wish.scarce_fraction).astype(np.int32)
    material = np.zeros(len(scarce), np.int32)
    for m in range(len(MATERIALS)):
        material[(sites.works[scarce] >> m & 1 == 1) & (material == 0)] = m
    grams = network.group_hours[scarce].sum(axis=1) * wish.load * 12.0 * SCARCE * 0.5
    return replace(
        network,
        site_energy_wh=energy,
        stock_site=scarce,
        stock_material=material,
        stock_g=grams,
    )
