"""The plan of a network as a case: all that it prints, beside moulding the same."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nearmade.adapters.places import one_place
from nearmade.impact.case import Case, case_of
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.sea import ROAD_DETOUR
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place, great_circle_km

if TYPE_CHECKING:
    from nearmade.cli.plan_verify import ReadPlan

NOWHERE: Final = "XX"
DEFAULT_MATERIAL: Final = "PLA"


def case_of_network_plan(
    path: Path,
    to: str,
    country: str,
    counted: Callable[[str], str],
    notes: tuple[str, ...],
) -> Case:
    """Account a PLAN.json of `nearmade plan`, beside moulding the same components.

    Parameters
    ----------
    path
        The plan; its network and orders stand beside it.
    to
        Where the factory's goods would land; the plan's own places have no country.
    country
        Of the sites' grid; empty: the country of ``to``.
    counted
        Gives the material that another is counted as.
    notes
        What the reader should know beside the plan's own.

    Raises
    ------
    InvalidInput
        When the plan was changed, prints nothing, or ``to`` is not given.
    """
    from nearmade.cli.plan_verify import read_plan, refuse_changed

    if not to:
        raise InvalidInput(
            "impact: a network's plan does not say in which country it works",
            remedy="add --to, such as --to 'Nairobi, KE'",
        )
    place = one_place(to)
    read = read_plan(path, None, None)
    refuse_changed(path, read)
    return _case(read, place, country or place.country, counted, notes)


def _case(
    read: ReadPlan,
    place: Place,
    country: str,
    counted: Callable[[str], str],
    notes: tuple[str, ...],
) -> Case:
    from nearmade.planning.network.plan import LEFT_OUT

    made = read.given.made
    book, network, candidates = made.book, made.network, made.problem.candidates
    picks, starts = read.plan.candidate.tolist(), book.first_component.tolist()
    chosen = [
        (order, component, picks[component])
        for order, way in enumerate(read.plan.way.tolist())
        for component in range(starts[order], starts[order + 1])
        if way != LEFT_OUT and picks[component] >= 0
    ]
    if not chosen:
        raise InvalidInput("plan: nothing in it is printed")
    grams: dict[str, float] = defaultdict(float)
    gram_km = energy_wh = hours = 0.0
    for order, component, k in chosen:
        number = int(book.component_material[component])
        mass_g = float(book.component_mass_g[component])
        material = network.materials[number] if number >= 0 else DEFAULT_MATERIAL
        grams[counted(str(material))] += mass_g
        energy_wh += float(candidates.energy_wh[k])
        hours += float(candidates.hours[k])
        gram_km += mass_g * _km(read, order, k)
    whole_g = sum(grams.values())
    printed = {order for order, _, _ in chosen}
    inventory = OrderInventory(
        functional_unit=f"The {len(chosen)} printed components of {len(printed)} "
        f"orders, at their customers around {place}",
        parts=tuple(
            MadePart(f"components of {name}", name, Estimate.exact(mass))
            for name, mass in sorted(grams.items())
        ),
        electricity=(
            SiteElectricity(
                "all sites",
                country,
                solar=False,
                energy_wh=Estimate.exact(energy_wh),
                machine_h=Estimate.exact(hours),
            ),
        ),
        legs=(FreightLeg("van", whole_g, gram_km / whole_g),),
        central=central_alternative(place, packaging_g=0.0),
        packaging_g=0.0,
        notes=(*notes, *_notes(read, len(chosen))),
    )
    return case_of(inventory, place)


def _km(read: ReadPlan, order: int, k: int) -> float:
    """Give the road from site to hub to customer, detours counted. [km]"""
    made = read.given.made
    book, network, problem = made.book, made.network, made.problem
    site = int(network.group_site[int(problem.candidates.group[k])])
    stops = [
        (network.site_lat_deg[site], network.site_lon_deg[site]),
        (book.order_lat_deg[order], book.order_lon_deg[order]),
    ]
    hub = int(problem.orders.way_hub[int(read.plan.way[order])])
    if hub >= 0:
        stops.insert(1, (network.hub_lat_deg[hub], network.hub_lon_deg[hub]))
    places = [Place("stop", NOWHERE, float(lat), float(lon)) for lat, lon in stops]
    direct_km = sum(
        great_circle_km(one, two) for one, two in itertools.pairwise(places)
    )
    return direct_km * ROAD_DETOUR.value


def _notes(read: ReadPlan, printed: int) -> tuple[str, ...]:
    whole = read.plan.candidate.size
    return (
        (
            f"{whole - printed} of {whole} components are bought or left out; they are "
            "in neither way."
        ),
        (
            "Carriage is by van over the great circle times the road's detour, each "
            "component on its own; boxes are left out of both ways."
        ),
    )
