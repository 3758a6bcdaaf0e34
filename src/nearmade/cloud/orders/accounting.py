"""The impact card of one order, from what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from nearmade.adapters.places import one_place
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.orders.electricity import Drew, electricity_of
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.records import place_from
from nearmade.cloud.orders.trail import lock_order, record
from nearmade.impact.account import account_order
from nearmade.impact.case import Case, case_of
from nearmade.impact.case_record import case_from_record
from nearmade.impact.case_writing import record_of_case
from nearmade.impact.compare import compare
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    BoughtPart,
    MadePart,
    OrderInventory,
    central_alternative,
)
from nearmade.impact.opened import open_case
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.estimate import Estimate

SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3600
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
    ) + tuple(part for part, _ in lost)
    drawn = [
        Drew(
            job.site_id,
            _energy_wh(figures[job.pk], job.evidence or {}),
            _machine_h(figures[job.pk]),
            job.started_at,
        )
        for job in jobs
    ] + [drew for _, drew in lost]
    promised = order.quote.get("promised", order.quote)  # what the customer pays
    retail = design.commercial_price_usd
    notes = (
        ["Printers, their power and the time to the door are simulated."]
        if order.demo
        else []
    )
    electricity, grid_notes = electricity_of(drawn)
    return OrderInventory(
        functional_unit=f"{design.title}: one, to specification, "
        + ("at the door" if order.deliver else "where its customer fetches it"),
        parts=made,
        electricity=electricity,
        legs=_legs(order),
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
        notes=(*notes, *grid_notes),
    )


def _legs(order: Order) -> tuple[FreightLeg, ...]:
    """Give the order's ways; the customer's own, when they fetch it, emits nothing.

    Both alternatives end where it is fetched, so that way is the same in both.
    """
    return tuple(
        FreightLeg("collect", leg.leg["mass_g"], leg.leg["distance_km"])
        if leg.destination_id is None and not order.deliver
        else FreightLeg(
            leg.leg["mode"],
            leg.leg["mass_g"],
            leg.leg["distance_km"],
            gco2e=Estimate(**leg.leg["gco2e"]),
        )
        for leg in order.legs.all()
    )


def _machine_h(figures: Mapping[str, Any]) -> Estimate | None:
    seconds = figures.get("time_s")
    if seconds is None:
        return None
    return Estimate.exact(float(seconds) / SECONDS_PER_HOUR)


def _lost_tries(order: Order) -> list[tuple[MadePart, Drew]]:
    """Give what builds took that were made again.

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
        hours = _machine_h(figures)
        drew = Drew(
            line.site_id,
            energy_wh if evidence else energy_wh.times(share),
            None if hours is None else hours.times(share),
        )
        lost.append((part, drew))
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


def case_of_order(order: Order) -> Case:
    """Give an order as a case: as its card was made of it, where that was kept.

    Raises
    ------
    NotFound
        When it was not accounted for yet.
    """
    if order.impact is None:
        raise NotFound(
            f"order {order.pk}: not accounted for yet",
            remedy="come back when it was delivered and accepted",
        )
    kept = order.impact.get("case")
    if kept is not None:
        return case_from_record(kept, one_place)
    return case_of(inventory_of(order), place_from(order.place))


def seed_of(order: Order) -> int:
    """Give the seed of an order's draws."""
    return int(order.pk.int % 2**32)


@transaction.atomic
def account(order_id: UUID | str, *, now: datetime) -> None:
    """Work out the impact card of a delivered order, once."""
    order = lock_order(order_id)
    if order.impact is not None:
        return
    seed = seed_of(order)
    inventory = inventory_of(order)
    card = account_order(inventory, draws=DRAWS, seed=seed)
    case = case_of(inventory, place_from(order.place))
    comparison = compare(case, draws=DRAWS, seed=seed)
    order.impact = {
        **asdict(card),
        "opened": asdict(open_case(comparison, "here", "central")),
        "case": record_of_case(case),
        "database_sha256": comparison.result.database.sha256,
    }
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
