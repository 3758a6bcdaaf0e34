"""A plan as a record of plain values, and back: choices by id, prices, terms, checks.

The record names the files that it was made from by their SHA-256 and ends with one of
its own: what was changed afterwards is found out, by verify as by this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np

from nearmade.planning.network.bound import lower_bound
from nearmade.planning.network.evaluate import Evaluation
from nearmade.planning.network.exact_bound import has_payments
from nearmade.planning.network.exact_record import payment_record, with_payments
from nearmade.planning.network.plan import CENTRAL, LEFT_OUT, NetworkPlan, Prices
from nearmade.planning.network.plan_fields import check_fields, reason_faults
from nearmade.planning.network.problem import Floats, NetworkProblem
from nearmade.planning.network.tables import Network, OrderBook
from nearmade.planning.network.verify import STATED_TOLERANCE, Verdict
from nearmade.planning.network.weights import Weights, price_problem
from nearmade.vocabulary.identity import canonical_json, sha256_of
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    check_schema,
    field,
    index_of,
    known,
    numbers,
    one_number,
    refuse,
)

SCHEMA: Final = "nearmade/plan/plan/1"
MOST_ENTRIES: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """What a plan was made from, and how.

    Parameters
    ----------
    network_file, orders_file
        Names of the files, relative to the plan's folder.
    network_sha256, orders_sha256
        Of the files' bytes.
    method
        How it was found.
    seed
        What chance was drawn from.
    """

    network_file: str
    orders_file: str
    network_sha256: str
    orders_sha256: str
    method: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What plan records are written from and read against."""

    network: Network
    book: OrderBook
    problem: NetworkProblem


def plan_record(
    made: Made,
    plan: NetworkPlan,
    weights: Weights,
    evaluation: Evaluation,
    origin: Origin,
    reasons: Sequence[Mapping[str, Any]] = (),
    beside: Mapping[str, float] | None = None,
    promises: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a plan as plain values.

    ``reasons`` is what ``explain`` says of it, ``beside`` what simpler plans cost,
    ``promises`` the price and day that customers were told, by order.
    """
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "origin": asdict(origin),
        "weights": asdict(weights),
        "cost_usd": plan.cost_usd,
        "bound_usd": plan.bound_usd,
        "gap_fraction": plan.gap_fraction if np.isfinite(plan.gap_fraction) else None,
        "terms": asdict(evaluation.terms),
        "beside": dict(beside or {}),
        "promises": dict(promises or {}),
        "reasons": list(reasons),
        "orders": order_records(made, plan),
        "prices": _price_record(made.network, plan.prices)
        | payment_record(made.network, made.book, made.problem, plan.prices),
    }
    if has_payments(plan.prices):
        by_hours = lower_bound(price_problem(made.problem, weights), plan.prices)
        record["bound_by_hours_usd"] = by_hours
    record["sha256"] = checksum(record)
    return record


def checksum(record: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a plan's record without its own."""
    rest = {name: value for name, value in record.items() if name != "sha256"}
    return sha256_of(canonical_json(rest))


def order_records(made: Made, plan: NetworkPlan) -> list[dict[str, Any]]:
    """Give every order's hub, days and components, in words of ids."""
    network, book, problem = made.network, made.book, made.problem
    orders, candidates = problem.orders, problem.candidates
    starts = book.first_component.tolist()
    last_day = network.group_hours.shape[1] - 1
    picks = plan.candidate.tolist()
    records = []
    for n, way in enumerate(plan.way.tolist()):
        if way == LEFT_OUT:
            records.append({"id": book.order_id[n], "left_out": True})
            continue
        day, slot = int(orders.way_day[way]), int(orders.way_slot[way])
        hub, delivered = int(orders.way_hub[way]), int(orders.way_delivered_day[way])
        parts: list[dict[str, Any]] = []
        for i in range(starts[n], starts[n + 1]):
            k = picks[i]
            if k < 0:
                parts.append({"id": book.component_id[i], "central": True})
                continue
            ready = min(day - 1 - int(candidates.leg_days[k, slot]), last_day)
            parts.append(
                {
                    "id": book.component_id[i],
                    "group": network.group_id[candidates.group[k]],
                    "ready_day": ready,
                }
            )
        records.append(
            {
                "id": book.order_id[n],
                "hub": network.hub_id[hub] if hub >= 0 else None,
                "assembly_day": day,
                "delivered_day": delivered,
                "late_days": max(0, delivered - int(book.due_day[n])),
                "components": parts,
            }
        )
    return records


def _price_record(network: Network, prices: Prices) -> dict[str, Any]:
    """Give prices above zero by id."""
    return {
        "hour_usd": _rows(network.group_id, prices.hour_usd),
        "energy_usd": _rows(network.site_id, prices.energy_usd),
        "stock_usd": [
            {
                "site": network.site_id[network.stock_site[n]],
                "material": network.materials[network.stock_material[n]],
                "usd_per_g": float(prices.stock_usd[n]),
            }
            for n in np.flatnonzero(prices.stock_usd).tolist()
        ],
        "hub_usd": _rows(network.hub_id, prices.hub_usd),
        "component_usd": prices.component_usd.tolist(),
    }


def _rows(names: Sequence[str], values: Floats) -> dict[str, list[float]]:
    return {
        names[n]: values[n].tolist()
        for n in np.flatnonzero(values.any(axis=1)).tolist()
    }


def stated_faults(
    record: Mapping[str, Any], made: Made, plan: NetworkPlan, verdict: Verdict
) -> list[str]:
    """Name every stated term, day and gap that is not what the choices come to."""
    if verdict.evaluation is None:
        return []
    by_id = {entry["id"]: entry for entry in record["orders"]}
    faults = [
        f"order {true['id']}: what is stated is not what its choices come to"
        for true in order_records(made, plan)
        if by_id.get(true["id"]) != true
    ][:1]
    faults += broken_promises(promises_from_record(record), by_id)
    true = asdict(verdict.evaluation.terms)
    stated = as_object(record.get("terms"), "plan.terms")
    for name, value in true.items():
        faults += _stated_otherwise(f"terms.{name}", stated.get(name), value)
    gap = verdict.gap_fraction
    told: Any = record.get("gap_fraction")
    if np.isfinite(gap) or told is not None:
        faults += _stated_otherwise("gap_fraction", told, gap)
    weights = weights_from_record(record.get("weights"))
    reasons = record.get("reasons", [])
    faults += reason_faults(reasons, made.book, made.problem, weights, plan)
    if has_payments(plan.prices):
        told = record.get("bound_by_hours_usd")
        faults += _stated_otherwise("bound_by_hours_usd", told, verdict.by_hours_usd)
    return faults


def _stated_otherwise(name: str, told: Any, true: float) -> list[str]:
    """Name a figure that is stated otherwise than it is."""
    wrong = type(told) not in (int, float)
    if wrong or not abs(told - true) <= STATED_TOLERANCE * max(1.0, abs(true)):
        return [f"{name}: stated {told!r}, it is {true!r}"]
    return []


def promises_from_record(record: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Read the price and day that customers were told, by order.

    Raises
    ------
    InvalidInput
        When one is no price and day.
    """
    found = as_object(record.get("promises", {}), "plan.promises")
    promises = {}
    for name, value in found.items():
        where = f"plan.promises.{name}"
        promise = as_object(value, where)
        promises[name] = {
            "price_usd": one_number(promise, "price_usd", where),
            "delivered_day": int(
                one_number(promise, "delivered_day", where, whole=True)
            ),
        }
    return promises


def broken_promises(
    promises: Mapping[str, Mapping[str, float]], by_id: Mapping[str, Any]
) -> list[str]:
    """Name every order that is not there by the day that its customer was told."""
    broken = []
    for name, promise in promises.items():
        entry, day = by_id.get(name, {}), int(promise["delivered_day"])
        there = entry.get("delivered_day")
        if there is None:
            broken.append(f"order {name}: promised by day {day}, it is left out")
        elif there > day:
            broken.append(f"order {name}: promised by day {day}, it comes on {there}")
    return broken


def weights_from_record(record: Any) -> Weights:
    """Read a plan's weights.

    Raises
    ------
    InvalidInput
        When one is missing, no number, or below zero.
    """
    found = as_object(record, "plan.weights")
    return Weights(
        **{
            one.name: one_number(found, one.name, "plan.weights")
            for one in fields(Weights)
        }
    )


def origin_from_record(record: Any) -> Origin:
    """Read what a plan was made from.

    Raises
    ------
    InvalidInput
        When a field is missing or no text.
    """
    top = check_schema(record, SCHEMA, "plan")
    found = as_object(field(top, "origin", "plan"), "plan.origin")
    texts: dict[str, Any] = {}
    names = ("network_file", "orders_file", "network_sha256", "orders_sha256")
    for name in names:
        value = field(found, name, "plan.origin")
        if type(value) is not str or not 0 < len(value) <= 4000:
            raise refuse(f"plan.origin.{name}", "must be a text")
        texts[name] = value
    return Origin(**texts, method=str(found.get("method", ""))[:200])


def plan_from_record(record: Any, made: Made) -> NetworkPlan:
    """Read a plan's choices and prices for the data that it was made from.

    A choice that names nothing in the data is refused; one that may not stand is left
    for ``verify`` to find.

    Raises
    ------
    InvalidInput
        When a field is missing, of the wrong kind, or names nothing.
    """
    top = check_schema(record, SCHEMA, "plan")
    check_fields(top)
    way, candidate = _choices(top, made)
    prices = prices_from_record(top, made.network, len(made.book.component_id))
    found = as_object(field(top, "prices", "plan"), "plan.prices")
    return NetworkPlan(
        way,
        candidate,
        with_payments(found, made.network, made.book, made.problem, prices),
        one_number(top, "cost_usd", "plan", least=-1e18, most=1e18),
        one_number(top, "bound_usd", "plan", least=-1e18, most=1e18),
    )


def _choices(
    top: Mapping[str, Any], made: Made
) -> tuple[np.ndarray[Any, np.dtype[np.int32]], np.ndarray[Any, np.dtype[np.int32]]]:
    book = made.book
    listed = as_list(field(top, "orders", "plan"), "plan.orders", MOST_ENTRIES)
    entries = [as_object(x, f"plan.orders[{n}]") for n, x in enumerate(listed)]
    ids = [field(x, "id", f"plan.orders[{n}]") for n, x in enumerate(entries)]
    place_of = index_of(ids, lambda n: f"plan.orders[{n}].id")
    if len(ids) != len(book.order_id):
        raise refuse(
            "plan.orders", f"has {len(ids)} orders, the data {len(book.order_id)}"
        )
    reader = _ChoiceReader(made)
    way = np.full(len(ids), LEFT_OUT, np.int32)
    candidate = np.full(len(book.component_id), LEFT_OUT, np.int32)
    for order, name in enumerate(book.order_id):
        at = known(place_of, name, "plan.orders", "order of the plan")
        entry, where = entries[at], f"plan.orders[{at}]"
        if entry.get("left_out") is True:
            continue
        way[order] = reader.way(order, entry, where)
        reader.components(order, entry, where, candidate)
    return way, candidate


class _ChoiceReader:
    """Finds ways and candidates by the ids that a plan names."""

    def __init__(self, made: Made) -> None:
        self.hub_of = {name: n for n, name in enumerate(made.network.hub_id)}
        self.group_of = {name: n for n, name in enumerate(made.network.group_id)}
        orders, candidates = made.problem.orders, made.problem.candidates
        self.first_way = orders.first_way.tolist()
        self.way_hub, self.way_day = orders.way_hub.tolist(), orders.way_day.tolist()
        self.first_part = made.book.first_component.tolist()
        self.ids = made.book.component_id
        self.first_candidate = candidates.first_candidate.tolist()
        self.group = candidates.group

    def way(self, order: int, entry: Mapping[str, Any], where: str) -> int:
        """Find the way of an order's hub and day."""
        hub = entry.get("hub")
        number = -1
        if hub is not None:
            number = known(self.hub_of, hub, f"{where}.hub", "hub of the network")
        day = entry.get("assembly_day")
        for w in range(self.first_way[order], self.first_way[order + 1]):
            if self.way_hub[w] == number and self.way_day[w] == day:
                return w
        raise refuse(where, f"has no way to assemble on day {day!r} at {hub!r}"[:200])

    def components(
        self,
        order: int,
        entry: Mapping[str, Any],
        where: str,
        candidate: np.ndarray[Any, np.dtype[np.int32]],
    ) -> None:
        """Fill in the candidates of an order's components."""
        here = f"{where}.components"
        parts = as_list(field(entry, "components", where), here, MOST_ENTRIES)
        first, end = self.first_part[order], self.first_part[order + 1]
        if len(parts) != end - first:
            raise refuse(here, f"has {len(parts)} components, not {end - first}")
        for n, i in enumerate(range(first, end)):
            part = as_object(parts[n], f"{here}[{n}]")
            if part.get("id") != self.ids[i]:
                raise refuse(f"{here}[{n}].id", f"must be {self.ids[i]!r}")
            if part.get("central") is True:
                candidate[i] = CENTRAL
                continue
            group = known(
                self.group_of,
                part.get("group"),
                f"{here}[{n}].group",
                "group of the network",
            )
            start, stop = self.first_candidate[i], self.first_candidate[i + 1]
            found = np.flatnonzero(self.group[start:stop] == group)
            if not len(found):
                raise refuse(f"{here}[{n}].group", "is no candidate of this component")
            candidate[i] = start + int(found[0])


def prices_from_record(top: Mapping[str, Any], network: Network, parts: int) -> Prices:
    """Read a plan's prices; those of components are left out where ``parts`` is 0.

    Raises
    ------
    InvalidInput
        When a price is no number, below zero, or of what the network does not have.
    """
    found = as_object(field(top, "prices", "plan"), "plan.prices")
    stock = np.zeros(len(network.stock_g))
    stock_of = {
        (network.site_id[s], network.materials[m]): n
        for n, (s, m) in enumerate(
            zip(
                network.stock_site.tolist(),
                network.stock_material.tolist(),
                strict=True,
            )
        )
    }
    where = "plan.prices.stock_usd"
    for n, value in enumerate(as_list(found.get("stock_usd", []), where, MOST_ENTRIES)):
        entry = as_object(value, f"{where}[{n}]")
        at = stock_of.get((str(entry.get("site")), str(entry.get("material"))))
        if at is None:
            raise refuse(f"{where}[{n}]", "names no scarce stock of the network")
        stock[at] = one_number(entry, "usd_per_g", f"{where}[{n}]")
    where = "plan.prices.component_usd"
    worth = as_list(found.get("component_usd", []), where, MOST_ENTRIES)
    worth = worth if parts else []
    if worth and len(worth) != parts:
        raise refuse(where, f"has {len(worth)} prices for {parts} components")
    return Prices(
        _price_rows(found, "hour_usd", network.group_id, network.group_hours.shape),
        _price_rows(found, "energy_usd", network.site_id, network.site_energy_wh.shape),
        stock,
        _price_rows(found, "hub_usd", network.hub_id, network.hub_hours.shape),
        numbers(worth, lambda n: f"{where}[{n}]", least=-1e15),
    )


def _price_rows(
    found: Mapping[str, Any], name: str, ids: Sequence[str], shape: tuple[int, ...]
) -> Floats:
    where = f"plan.prices.{name}"
    rows = as_object(found.get(name, {}), where)
    values = np.zeros(shape)
    if not rows:
        return values
    number_of = {one: n for n, one in enumerate(ids)}
    for one, row in rows.items():
        at = known(number_of, one, where, "row of the network")
        listed = as_list(row, f"{where}.{one}", shape[1])
        if len(listed) != shape[1]:
            raise refuse(f"{where}.{one}", f"must have {shape[1]} prices")
        place = f"{where}.{one}"
        values[at] = numbers(listed, lambda n, place=place: f"{place}[{n}]")  # type: ignore[misc]
    return values
