"""``nearmade plan order``: who makes which part of a design, and where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.design_folder import Instance, customise, load_design
from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.gate import admit
from nearmade.adapters.places import one_place
from nearmade.cli.customise import find_design, given_values, preset_values
from nearmade.cli.figures import Figure
from nearmade.cli.main import emit
from nearmade.cli.match_design import by_distance
from nearmade.cli.match_records import (
    network_given,
    offer_record,
    place_record,
    refusal_records,
)
from nearmade.cli.whole_lines import open_lines, whole_lines, whole_record
from nearmade.facilities.facility import Facility
from nearmade.logistics.carry import SECONDS_PER_DAY
from nearmade.logistics.leg import Leg
from nearmade.matching.near_misses import NearMiss
from nearmade.matching.whole_changes import changes_of_uncovered
from nearmade.matching.whole_design import WholeMatch, whole_design
from nearmade.matching.whole_need import whole_need
from nearmade.planning.offers import NetworkQuote, quote_network
from nearmade.planning.order_plan import OrderPlan
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.profiles import MAKEABLE
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.identity import FacilityId, PartName


@click.command(
    "order",
    epilog="Exit codes: 0 answered, also when there is no plan; 2 a value or part is "
    "refused, 3 no such design, place or network, 6 no engine or too slow.",
)
@click.argument("design")
@click.option("--to", required=True, metavar="PLACE", help='Such as "Nairobi, KE".')
@click.option(
    "--network",
    required=True,
    type=click.Path(path_type=Path),
    help="Facilities, ours or Open Know-Where: a file or a folder of files.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter; may be repeated.",
)
@click.option(
    "--preset", metavar="NAME", help="Start from one of the design's presets."
)
@click.option(
    "--quantity", default=1, show_default=True, type=click.IntRange(1, 100_000)
)
@click.option("--promise-days", default=7.0, show_default=True, type=Figure(0))
@click.option(
    "--carbon-price",
    default=100.0,
    show_default=True,
    type=Figure(0),
    help="USD for each tonne of CO2e.",
)
@click.option("--collect", is_flag=True, help="Fetch it where that is within 3 km.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder where rendered meshes are kept.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    design: str,
    to: str,
    network: Path,
    settings: tuple[str, ...],
    preset: str | None,
    quantity: int,
    promise_days: float,
    carbon_price: float,
    collect: bool,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Plan an order of DESIGN over a network, best plan first, runners-up after.

    DESIGN is a folder with an okh.toml, or the id of a starter design.

    Example: nearmade plan order spectacles --to "Nairobi, KE"
    --network examples/networks/demo.json --set pupillary_distance=62
    """
    place = one_place(to)
    facilities, left_out = network_given(network)
    loaded = load_design(find_design(design))
    values = {**preset_values(loaded, preset), **given_values(settings)}
    instance = customise(loaded, values, cache=cache, assembly=False)
    demands = _demands(instance, quantity)
    need = whole_need(
        loaded.design,
        {demand.name: demand.facts for demand in demands},
        profiles=MAKEABLE,
        quantity=quantity,
    )
    now = datetime.now(UTC)
    nearest = by_distance(facilities, place)
    whole = whole_design(need, nearest, now, profiles=MAKEABLE)
    changes = changes_of_uncovered(whole, nearest, now, profiles=MAKEABLE)
    quote = quote_network(
        demands,
        need.bought_usd,
        need.bought_g,
        loaded.design.assembly_minutes * quantity,
        facilities,
        place,
        deliver=not collect,
        now=now,
        rates=latest_rates(),
        promise_days=promise_days,
        carbon_price_usd_per_t=carbon_price,
        commercial_use=need.commercial_use,
        hands=need.work,
    )
    known = {facility.id: facility for facility in facilities}
    names = {facility.id: facility.name for facility in facilities}
    result = {
        "design": loaded.design.id,
        "version": loaded.design.version,
        "instance": instance.key,
        "quantity": quantity,
        "to": place_record(place),
        "plans": [_plan_record(plan, known) for plan in quote.plans],
        "uncovered": list(quote.uncovered),
        "whole": whole_record(whole, names, changes),
        "offers": [offer_record(offer) for offer in quote.offers],
        "refusals": refusal_records(quote.refusals, facilities),
        "left_out": left_out,
    }
    emit(result, _page(quote, known, whole, changes), as_json=as_json)


def _demands(instance: Instance, quantity: int) -> list[PartDemand]:
    """Measure each rendered part behind the gate."""
    demands = []
    for rendered in instance.parts:
        part = rendered.part
        facts = check_makeable(
            admit(rendered.stl, f"{part.name}.stl").facts, part.title
        )
        demands.append(
            PartDemand(
                part.name,
                part.title,
                part.quantity * quantity,
                part.materials,
                part.tsdc,
                facts,
                part.infill_fraction,
            )
        )
    return demands


def _plan_record(
    plan: OrderPlan, known: Mapping[FacilityId, Facility]
) -> dict[str, Any]:
    home = known[plan.assembly.facility_id]
    makers = sorted({option.facility_id for option in plan.made} - {home.id})
    return {
        "price_usd": plan.price_usd,
        "gco2e": plan.gco2e,
        "days": plan.ready_s / SECONDS_PER_DAY,
        "lateness_days": plan.lateness_s / SECONDS_PER_DAY,
        "objective_usd": plan.objective_usd,
        "made": [
            {
                "part": option.part,
                "facility_id": option.facility_id,
                "name": known[option.facility_id].name,
                "machine_id": option.machine_id,
                "profile": option.profile_id,
                "country": known[option.facility_id].place.country,
                "solar": known[option.facility_id].power.kind == "solar",
                "material": option.material,
                "mass_g": option.mass_g.as_dict() if option.mass_g else None,
                "energy_wh": option.energy_wh.as_dict() if option.energy_wh else None,
                "time_s": option.time_s.as_dict() if option.time_s else None,
                "price_usd": option.price_usd,
                "gco2e": option.making_gco2e,
                "ready_days": option.ready_s / SECONDS_PER_DAY,
            }
            for option in plan.made
        ],
        "assembly": {
            "facility_id": home.id,
            "name": home.name,
            "price_usd": plan.assembly.price_usd,
            "work_s": plan.assembly.work_s,
        },
        "legs": [
            _leg_record(origin, plan.assembly.inbound[origin]) for origin in makers
        ]
        + [_leg_record(home.id, plan.assembly.last_leg)],
    }


def _leg_record(origin: FacilityId, leg: Leg) -> dict[str, Any]:
    return {
        "from": origin,
        "to": str(leg.destination),
        "mode": leg.mode,
        "distance_km": leg.distance_km,
        "mass_g": leg.mass_g,
        "days": leg.time_s.times(1 / SECONDS_PER_DAY).as_dict(),
        "price_usd": leg.price_usd.as_dict(),
        "gco2e": leg.freight_gco2e.as_dict(),
    }


def _page(
    quote: NetworkQuote,
    known: Mapping[FacilityId, Facility],
    whole: WholeMatch,
    changes: Mapping[PartName, Sequence[NearMiss]],
) -> str:
    names = {site: facility.name for site, facility in known.items()}
    if quote.uncovered:
        head = f"No plan: nobody can make {', '.join(quote.uncovered)}."
        return "\n".join([head, *whole_lines(whole, names, changes)])
    if not quote.plans:
        head = "No plan: no facility can bring the parts together."
        return "\n".join([head, *whole_lines(whole, names, changes)])
    lines = []
    for rank, plan in enumerate(quote.plans, start=1):
        home = names[plan.assembly.facility_id]
        days = plan.ready_s / SECONDS_PER_DAY
        lines.append(
            f"{rank}. {plan.price_usd:.2f} USD, {days:.1f} d, "
            f"{plan.gco2e:.0f} g CO2e; together at {home}"
        )
        lines += _made_lines(plan, known)
    return "\n".join([*lines, *open_lines(whole, names)])


def _made_lines(plan: OrderPlan, known: Mapping[FacilityId, Facility]) -> Sequence[str]:
    parts: dict[FacilityId, list[str]] = {}
    for option in plan.made:
        parts.setdefault(option.facility_id, []).append(option.part)
    return [
        f"     {known[site].name}: {', '.join(names)}" for site, names in parts.items()
    ]
