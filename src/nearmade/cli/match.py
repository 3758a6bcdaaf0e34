"""``nearmade match``: who in a network can make a part, and who cannot, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.gate import admit
from nearmade.adapters.network_file import load_network
from nearmade.adapters.places import one_place
from nearmade.cli.files import read_given
from nearmade.cli.main import emit
from nearmade.facilities.facility import Facility
from nearmade.matching.materials import named_materials
from nearmade.matching.verdict import Refusal
from nearmade.planning.offers import SiteOffer, quote_network
from nearmade.planning.site_work import PartDemand
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.place import Place
from nearmade.vocabulary.processes import requested_process


@click.command(
    "match",
    epilog="Exit codes: 0 answered, also when nobody can; 2 the file is refused, "
    "3 no such place or network.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--network",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Facilities as JSON, such as examples/networks/demo.json.",
)
@click.option("--to", required=True, metavar="PLACE", help='Such as "Nairobi, KE".')
@click.option(
    "--material",
    "materials",
    multiple=True,
    default=["PLA"],
    show_default=True,
    help="Feedstock allowed; may be repeated, best first.",
)
@click.option(
    "--process", default="FDM", show_default=True, help="Process that it asks for."
)
@click.option(
    "--quantity", default=1, show_default=True, type=click.IntRange(1, 1_000_000)
)
@click.option("--infill", default=0.2, show_default=True, type=click.FloatRange(0, 1))
@click.option(
    "--non-commercial", is_flag=True, help="The licence forbids paid production."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    file: Path,
    network: Path,
    to: str,
    materials: tuple[str, ...],
    process: str,
    quantity: int,
    infill: float,
    non_commercial: bool,
    as_json: bool,
) -> None:
    """Match the mesh FILE to the machines of a network, cheapest at the door first.

    Example: nearmade match frame.stl --network examples/networks/demo.json
    --to "Nairobi, KE"
    """
    place = one_place(to)
    facilities = load_network(network)
    allowed = named_materials(materials, facilities)
    offered = {machine.process for each in facilities for machine in each.machines}
    wanted = requested_process(process, offered)
    facts = check_makeable(admit(read_given(file), file.name).facts, file.name)
    demand = PartDemand(
        PartName(file.stem), file.name, quantity, allowed, wanted, facts, infill
    )
    quote = quote_network(
        [demand],
        0.0,
        0.0,
        0.0,
        facilities,
        place,
        deliver=True,
        now=datetime.now(UTC),
        rates=latest_rates(),
        promise_days=0,
        carbon_price_usd_per_t=0,
        commercial_use=not non_commercial,
    )
    result = {
        "part": file.name,
        "to": place_record(place),
        "quantity": quantity,
        "matches": [offer_record(offer) for offer in quote.offers],
        "refusals": refusal_records(quote.refusals, facilities),
    }
    emit(result, _page(quote.offers, quote.refusals), as_json=as_json)


def place_record(place: Place) -> dict[str, Any]:
    """Give a place as plain values."""
    return {
        "name": place.name,
        "country": place.country,
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
    }


def offer_record(offer: SiteOffer) -> dict[str, Any]:
    """Give an offer as plain values: who, how, and the parts of its score."""
    facility = offer.facility
    return {
        "facility_id": facility.id,
        "name": facility.name,
        "kind": facility.kind,
        "demo": facility.demo,
        "place": place_record(facility.place),
        "distance_km": offer.distance_km,
        "builds": [
            {
                "part": build.part,
                "quantity": build.quantity,
                "machines": list(build.machine_ids),
                "profile": build.profile_id,
                "material": build.material,
                "turned": build.turned,
                "time_s": build.estimate.time_s.as_dict(),
                "mass_g": build.estimate.mass_g.as_dict(),
            }
            for build in offer.builds
        ],
        "score": {
            "total_usd": offer.total_usd.as_dict(),
            "price_usd": offer.price_usd,
            "carriage_usd": offer.leg.price_usd.as_dict(),
            "days": offer.days.as_dict(),
            "gco2e": offer.gco2e.as_dict(),
            "energy_kwh": offer.energy_kwh.as_dict(),
        },
        "price": {
            "total": str(offer.price.total),
            "items": [
                {"code": item.code, "title": item.title, "amount": str(item.amount)}
                for item in offer.price.items
            ],
        },
        "carriage": {"mode": offer.leg.mode, "distance_km": offer.leg.distance_km},
        "labels": list(offer.labels),
    }


def refusal_records(
    refusals: Sequence[Refusal], facilities: Sequence[Facility]
) -> list[dict[str, Any]]:
    """Give refusals as plain values, each with rule, numbers and remedy."""
    names = {facility.id: facility.name for facility in facilities}
    return [
        {
            "facility_id": refusal.facility_id,
            "name": names[refusal.facility_id],
            "reasons": [
                {
                    "rule": reason.rule,
                    "message": reason.message,
                    "remedy": reason.remedy,
                }
                for reason in refusal.reasons
            ],
        }
        for refusal in refusals
    ]


def _page(offers: Sequence[SiteOffer], refusals: Sequence[Refusal]) -> str:
    lines = [f"{len(offers)} can make it, {len(refusals)} cannot."]
    for offer in offers:
        labels = f"  [{', '.join(offer.labels)}]" if offer.labels else ""
        lines.append(
            f"{offer.facility.name:<34} {offer.distance_km:7.0f} km "
            f"{offer.total_usd.value:8.2f} USD {offer.days.value:5.1f} d "
            f"{offer.gco2e.value:7.0f} g CO2e  {offer.builds[0].profile_id}{labels}"
        )
    lines += [
        f"- {refusal.facility_id}: {reason.rule}: {reason.message}"
        for refusal in refusals
        for reason in refusal.reasons
    ]
    return "\n".join(lines)
