"""The impact card of one order, from what really happened."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.network.services import facility_of, find_site
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.impact.account import account_order
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.vocabulary.estimate import Estimate

SECONDS_PER_DAY = 86_400
DRAWS = 2000
#: How far one printer's metered energy may be off. Assumed.
METER_FACTORS = (0.95, 1.05)


def inventory_of(order: Order) -> OrderInventory:
    """Collect what the order took: jobs as they ran, legs as they were travelled."""
    design = load_version(order.instance.design_version).design
    jobs = list(
        order.jobs.exclude(state="cancelled")
        .exclude(figures=None)
        .select_related("site")
    )
    figures = {job.pk: dict(job.figures or {}) for job in jobs}
    lost = _lost_tries(order)
    made = tuple(
        MadePart(
            name=str(job.pk),
            material=job.material,
            mass_g=Estimate(**figures[job.pk]["mass"]),
        )
        for job in jobs
    ) + tuple(part for part, _, _ in lost)
    drawn = [
        (job.site_id, _energy_wh(figures[job.pk], job.evidence or {})) for job in jobs
    ] + [(site_id, energy_wh) for _, site_id, energy_wh in lost]
    legs = tuple(
        FreightLeg(
            leg.leg["mode"],
            leg.leg["mass_g"],
            leg.leg["distance_km"],
            gco2e=Estimate(**leg.leg["gco2e"]),
        )
        for leg in order.legs.all()
    )
    promised = order.quote.get("promised", order.quote)  # what the customer pays
    retail = design.commercial_price_usd
    notes = (
        ["Printers, their power and the time to the door are simulated."]
        if order.demo
        else []
    )
    return OrderInventory(
        functional_unit=f"{design.title}: one, to specification, at the door",
        parts=made,
        electricity=_electricity(drawn),
        legs=legs,
        central=central_alternative(
            place_from(order.place),
            retail_price_usd=Estimate.within(retail, 0.5, 2.0) if retail else None,
        ),
        price_usd=Estimate.exact(promised["price"]["total_usd"]),
        days=_days(order),
        bought=tuple(
            BoughtPart(line.name, line.mass_g * line.quantity)
            for line in design.bom
            if line.kind == "bought"
        ),
        reliability_fraction=1.0,  # tries that were lost are counted as they happened
        notes=tuple(notes),
    )


def _electricity(drawn: list[tuple[str, Estimate]]) -> tuple[SiteElectricity, ...]:
    """Add up what each site drew. [Wh]"""
    energy: dict[str, Estimate] = {}
    for site_id, energy_wh in drawn:
        known = energy.get(site_id)
        energy[site_id] = energy_wh if known is None else known.plus(energy_wh)
    electricity = []
    for site_id, energy_wh in energy.items():
        facility = facility_of(find_site(site_id))
        electricity.append(
            SiteElectricity(
                site=site_id,
                country=facility.place.country,
                solar=facility.power.kind == "solar",
                energy_wh=energy_wh,
            )
        )
    return tuple(electricity)


def _lost_tries(order: Order) -> list[tuple[MadePart, str, Estimate]]:
    """Give what builds took that were made again: feedstock, site, energy. [Wh]

    A try that ended at an unknown share counts whole.
    """
    lost = []
    for line in order.events.filter(kind="print-again"):
        figures = line.body.get("figures")
        if not figures or line.site_id is None:
            continue
        share = line.body.get("done_fraction")
        share = 1.0 if share is None else min(max(float(share), 0.0), 1.0)
        part = MadePart(
            name=f"{line.body['job']} lost {line.body['generation']}",
            material=line.body["material"],
            mass_g=Estimate(**figures["mass"]).times(share),
        )
        evidence = line.body.get("evidence") or {}
        energy_wh = _energy_wh(figures, evidence)
        lost.append(
            (part, line.site_id, energy_wh if evidence else energy_wh.times(share))
        )
    return lost


def _energy_wh(figures: dict[str, Any], evidence: dict[str, Any]) -> Estimate:
    metered = evidence.get("energy_wh")
    if metered:
        return Estimate.within(float(metered), *METER_FACTORS)
    return Estimate(**figures["energy"])


def _days(order: Order) -> Estimate:
    """Time to the door: as it happened, or as promised while parts are simulated."""
    if order.demo:
        return Estimate(**order.quote["days"])
    delivered = order.events.filter(kind="delivered").values_list("at", flat=True)
    seconds = (delivered[0] - order.placed_at).total_seconds()
    return Estimate.exact(seconds / SECONDS_PER_DAY)


@transaction.atomic
def account(order_id: UUID | str, *, now: datetime) -> None:
    """Work out the impact card of a delivered order, once."""
    order = lock_order(order_id)
    if order.impact is not None:
        return
    seed = order.pk.int % 2**32
    card = account_order(inventory_of(order), draws=DRAWS, seed=seed)
    order.impact = asdict(card)
    order.save()
    record(
        order,
        "accounted",
        by="platform",
        at=now,
        body={
            "kgco2e_here": card.here.kgco2e.value,
            "kgco2e_central": card.central.kgco2e.value,
        },
    )
