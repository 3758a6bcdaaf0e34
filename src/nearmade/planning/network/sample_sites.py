"""Invented sites and hubs in clusters, for trying and measuring the planner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearmade.planning.network.legs import unit_vectors
from nearmade.planning.network.problem import Floats, Ints
from nearmade.vocabulary.place import EARTH_RADIUS_KM

#: Invented: what sites work and which parts ask for it.
MATERIALS = ("PLA", "PETG", "ASA", "TPU")
SITE_WORKS = (0.95, 0.7, 0.35, 0.3)
PART_ASKS = (0.55, 0.25, 0.12, 0.08)
#: Invented: beds of sites, and the beds that parts need. [mm]
BEDS_MM = (180.0, 250.0, 350.0)
SITE_BEDS = (0.25, 0.5, 0.25)
PART_BEDS = (0.6, 0.3, 0.1)

#: Clusters for each facility, so that 10,000 facilities stand in 300.
CLUSTERS_EACH = 0.03
REGIONS_EACH = 0.1
REGION_SPREAD_KM = 500.0
CLUSTER_SPREAD_KM = 25.0
CUSTOMER_SPREAD_KM = 35.0


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Centres of clusters, how many facilities and customers each draws."""

    lat_deg: Floats
    lon_deg: Floats
    facility_share: Floats
    customer_share: Floats
    price_level: Floats
    gco2e_per_kwh: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Facilities with one machine group each."""

    cluster: Ints
    lat_deg: Floats
    lon_deg: Floats
    speed: Floats
    machines: Ints
    usd_per_hour: Floats
    watts: Floats
    bed: Ints
    works: Ints
    vectors: Floats


def scatter(
    rng: np.random.Generator, lat_deg: Floats, lon_deg: Floats, spread_km: float
) -> tuple[Floats, Floats]:
    """Move places by a normal distance north and east. [°]"""
    degree_km = EARTH_RADIUS_KM * np.pi / 180
    north = lat_deg + rng.normal(0, spread_km / degree_km, len(lat_deg))
    north = np.clip(north, -85.0, 85.0)
    east = rng.normal(0, spread_km / degree_km, len(lat_deg))
    around = lon_deg + east / np.cos(np.radians(north))
    return north, (around + 180.0) % 360.0 - 180.0


def sample_clusters(rng: np.random.Generator, facilities: int) -> Clusters:
    """Draw clusters in regions; their shares of facilities and customers differ."""
    count = max(2, round(facilities * CLUSTERS_EACH))
    regions = max(1, round(count * REGIONS_EACH))
    region_lat = rng.uniform(-35, 55, regions)
    region_lon = rng.uniform(-180, 180, regions)
    region = rng.integers(0, regions, count)
    lat, lon = scatter(rng, region_lat[region], region_lon[region], REGION_SPREAD_KM)
    share = rng.lognormal(0, 0.7, count)
    asked = share * rng.lognormal(0, 0.15, count)
    return Clusters(
        lat,
        lon,
        share / share.sum(),
        asked / asked.sum(),
        rng.lognormal(0, 0.2, count),
        rng.uniform(40, 800, count),
    )


def sample_sites(
    rng: np.random.Generator, facilities: int, clusters: Clusters
) -> Sites:
    """Draw facilities, each with one group of like machines."""
    cluster = np.sort(
        rng.choice(len(clusters.lat_deg), facilities, p=clusters.facility_share)
    )
    lat, lon = scatter(
        rng, clusters.lat_deg[cluster], clusters.lon_deg[cluster], CLUSTER_SPREAD_KM
    )
    works = np.zeros(facilities, np.int32)
    for material, share in enumerate(SITE_WORKS):
        works |= (rng.random(facilities) < share).astype(np.int32) << material
    works[works == 0] = 1
    hourly = 2.0 * clusters.price_level[cluster] * rng.lognormal(0, 0.2, facilities)
    return Sites(
        cluster.astype(np.int32),
        lat,
        lon,
        rng.lognormal(0, 0.25, facilities),
        1 + rng.poisson(2.0, facilities).astype(np.int32),
        hourly,
        rng.uniform(60, 150, facilities),
        rng.choice(len(BEDS_MM), facilities, p=SITE_BEDS).astype(np.int32),
        works,
        unit_vectors(lat, lon),
    )
