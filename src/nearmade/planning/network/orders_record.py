"""Orders as a record of plain values, and back; every refusal names its place."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise, repeat
from typing import Any, Final

import numpy as np

from nearmade.planning.network.network_record import MOST_DAYS, rounded
from nearmade.planning.network.problem import Floats, Ints
from nearmade.planning.network.tables import STRAIGHT, Network, OrderBook
from nearmade.vocabulary.record_checks import (
    Where,
    as_list,
    as_object,
    check_schema,
    field,
    index_of,
    numbers,
    one_number,
    only,
    refuse,
    texts,
)

SCHEMA: Final = "nearmade/plan/orders/1"
MOST_ORDERS: Final = 2_000_000
MOST_COMPONENTS: Final = 1000
MOST_CANDIDATES: Final = 1000
MOST_HUBS: Final = 20

_FILE: Final = frozenset({"schema", "note", "early_days", "late_days", "orders"})
_ORDER: Final = frozenset(
    {
        "id",
        "lat_deg",
        "lon_deg",
        "due_day",
        "assembly_hours",
        "leave_out_usd",
        "hubs",
        "components",
    }
)
_COMPONENT: Final = frozenset(
    {"id", "material", "bed_mm", "mass_g", "quantity", "central", "candidates"}
)
_CENTRAL: Final = frozenset({"usd", "gco2e", "days"})
_FIGURES: Final = ("hours", "energy_wh", "usd", "gco2e")
_CANDIDATES: Final = frozenset({"groups", *_FIGURES})


def orders_from_record(record: Any, network: Network) -> OrderBook:
    """Read orders for a network.

    Raises
    ------
    InvalidInput
        When a field is missing, of the wrong kind or out of range, when an id is there
        twice or names nothing; the message names the place.
    """
    top = check_schema(record, SCHEMA, "orders")
    only(top, _FILE, "orders")
    listed = as_list(field(top, "orders", "orders"), "orders", MOST_ORDERS)
    orders = [as_object(x, f"orders[{n}]") for n, x in enumerate(listed)]
    parts, sizes = _components(orders)
    first = _starts(sizes)

    def place(part: int) -> str:
        order = int(np.searchsorted(first, part, side="right")) - 1
        return f"orders[{order}].components[{part - first[order]}]"

    days: dict[str, Any] = {
        name: int(
            one_number(
                {name: 2} | dict(top), name, "orders", most=MOST_DAYS, whole=True
            )
        )
        for name in ("early_days", "late_days")
    }
    first_hub, hub = _hubs(orders, network)
    return OrderBook(
        **_order_columns(orders),
        first_hub=first_hub,
        hub=hub,
        first_component=first,
        **_component_columns(parts, first, network, place),
        **_candidates(parts, network, place),
        **days,
    )


def _starts(sizes: list[int]) -> Ints:
    total = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    if total[-1] >= np.iinfo(np.int32).max:
        raise refuse("orders", f"{total[-1]} entries in all are too many")
    return total.astype(np.int32)


def _components(
    orders: list[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[int]]:
    parts: list[Mapping[str, Any]] = []
    sizes = []
    for n, order in enumerate(orders):
        if not order.keys() <= _ORDER:
            only(order, _ORDER, f"orders[{n}]")
        where = f"orders[{n}].components"
        listed = as_list(
            field(order, "components", f"orders[{n}]"), where, MOST_COMPONENTS
        )
        if not listed:
            raise refuse(where, "must have at least one component")
        for m, part in enumerate(listed):
            if type(part) is not dict or not part.keys() <= _COMPONENT:
                only(as_object(part, f"{where}[{m}]"), _COMPONENT, f"{where}[{m}]")
        parts += listed
        sizes.append(len(listed))
    return parts, sizes


def _order_columns(orders: list[Mapping[str, Any]]) -> dict[str, Any]:
    def column(name: str, **rule: Any) -> Floats:
        values = [
            order[name] if name in order else field(order, name, f"orders[{n}]")
            for n, order in enumerate(orders)
        ]
        return numbers(values, lambda n: f"orders[{n}].{name}", **rule)

    ids = [field(order, "id", f"orders[{n}]") for n, order in enumerate(orders)]
    index_of(ids, lambda n: f"orders[{n}].id")
    return {
        "order_id": ids,
        "order_lat_deg": column("lat_deg", least=-90, most=90),
        "order_lon_deg": column("lon_deg", least=-180, most=180),
        "due_day": column("due_day", most=MOST_DAYS, whole=True).astype(np.int16),
        "assembly_hours": column("assembly_hours"),
        "leave_out_usd": column("leave_out_usd"),
    }


def _hubs(orders: list[Mapping[str, Any]], network: Network) -> tuple[Ints, Ints]:
    """Number each order's hubs; an order without any goes straight to its customer."""
    hub_of = {name: n for n, name in enumerate(network.hub_id)}
    found: list[int] = []
    sizes = []
    for n, order in enumerate(orders):
        named = as_list(order.get("hubs", []), f"orders[{n}].hubs", MOST_HUBS)
        for m, name in enumerate(named):
            hub = hub_of.get(name) if type(name) is str else None
            if hub is None:
                raise refuse(
                    f"orders[{n}].hubs[{m}]",
                    f"names no hub of the network: {name!r}"[:200],
                    "name a hub of the network file",
                )
            found.append(hub)
        if len(set(found[len(found) - len(named) :])) < len(named):
            raise refuse(f"orders[{n}].hubs", "names a hub twice", "name each once")
        sizes.append(max(1, len(named)))
        if not named:
            found.append(STRAIGHT)
    return _starts(sizes), np.array(found, dtype=np.int32)


def _component_columns(
    parts: list[Mapping[str, Any]], first: Ints, network: Network, place: Where
) -> dict[str, Any]:
    def column(name: str, default: float, **rule: Any) -> Floats:
        values = [part.get(name, default) for part in parts]
        return numbers(values, lambda n: f"{place(n)}.{name}", **rule)

    ids = [
        part["id"] if "id" in part else field(part, "id", place(n))
        for n, part in enumerate(parts)
    ]
    texts(ids, lambda n: f"{place(n)}.id")
    starts = first.tolist()
    for order, (start, end) in enumerate(pairwise(starts)):
        if len(set(ids[start:end])) < end - start:
            raise refuse(
                f"orders[{order}].components",
                "two components have the same id",
                "give each its own",
            )
    material_of: dict[Any, int] = {name: n for n, name in enumerate(network.materials)}
    material_of[None] = -1
    numbered = [
        material_of.get(one, -2) if one is None or type(one) is str else -2
        for one in (part.get("material") for part in parts)
    ]
    if -2 in numbered:
        at = numbered.index(-2)
        raise refuse(
            f"{place(at)}.material",
            f"names no material of the network: {parts[at]['material']!r}"[:200],
            "name a material of the network file",
        )
    return {
        "component_id": ids,
        "component_material": np.array(numbered, dtype=np.int32),
        "component_bed_mm": column("bed_mm", 0.0),
        "component_mass_g": column("mass_g", 0.0),
        "component_quantity": column(
            "quantity", 1, least=1, most=2e9, whole=True
        ).astype(np.int32),
        **_central(parts, place),
    }


def _central(parts: list[Mapping[str, Any]], place: Where) -> dict[str, Any]:
    """Read what each component costs from the central factory, if it is sold there."""
    sold = [n for n, part in enumerate(parts) if part.get("central") is not None]
    records: list[Mapping[str, Any]] = [parts[n]["central"] for n in sold]
    for n, record in zip(sold, records, strict=True):
        if type(record) is not dict or not record.keys() <= _CENTRAL:
            where = f"{place(n)}.central"
            only(as_object(record, where), _CENTRAL, where)

    def column(name: str, **rule: Any) -> Floats:
        values = [
            record[name]
            if name in record
            else field(record, name, f"{place(n)}.central")
            for n, record in zip(sold, records, strict=True)
        ]
        return numbers(values, lambda at: f"{place(sold[at])}.central.{name}", **rule)

    usd, gco2e = np.full(len(parts), np.inf), np.zeros(len(parts))
    days = np.zeros(len(parts), np.int16)
    usd[sold], gco2e[sold] = column("usd"), column("gco2e")
    days[sold] = column("days", most=MOST_DAYS, whole=True).astype(np.int16)
    return {"central_usd": usd, "central_gco2e": gco2e, "central_days": days}


def _candidates(
    parts: list[Mapping[str, Any]], network: Network, place: Where
) -> dict[str, Any]:
    """Read candidates: groups, and for each its figures or one figure for all."""
    group_of = {name: n for n, name in enumerate(network.group_id)}
    named: list[list[Any]] = []
    figures: dict[str, list[list[Any]]] = {name: [] for name in _FIGURES}
    for n, part in enumerate(parts):
        record = part.get("candidates")
        if type(record) is not dict or not record.keys() <= _CANDIDATES:
            only(
                as_object(record, f"{place(n)}.candidates"),
                _CANDIDATES,
                f"{place(n)}.candidates",
            )
            continue
        groups = record.get("groups")
        if type(groups) is not list or len(groups) > MOST_CANDIDATES:
            as_list(groups, f"{place(n)}.candidates.groups", MOST_CANDIDATES)
            continue
        named.append(groups)
        for name, column in figures.items():
            value = record.get(name)
            if type(value) is not list:
                value = [value] * len(groups)
            elif len(value) != len(groups):
                raise refuse(
                    f"{place(n)}.candidates.{name}",
                    f"has {len(value)} values for {len(groups)} groups",
                )
            column.append(value)
    first = _starts([len(groups) for groups in named])

    def where(name: str) -> Where:
        def told(at: int) -> str:
            part = int(np.searchsorted(first, at, side="right")) - 1
            return f"{place(part)}.candidates.{name}[{at - first[part]}]"

        return told

    flat = list(chain.from_iterable(named))
    if set(map(type, flat)) <= {str}:
        group = list(map(group_of.get, flat, repeat(-1)))
    else:
        group = [group_of.get(name, -1) if type(name) is str else -1 for name in flat]
    columns: dict[str, Any] = {
        name: numbers([*chain.from_iterable(column)], where(name))
        for name, column in figures.items()
    }
    numbered = np.array(group, dtype=np.int32)
    _check_groups(numbered, flat, first, where("groups"))
    return {"first_candidate": first, "group": numbered, **columns}


def _check_groups(group: Ints, names: list[Any], first: Ints, where: Where) -> None:
    """Refuse groups that are unknown, or there twice for a component."""
    if (group < 0).any():
        at = int(np.argmax(group < 0))
        raise refuse(
            where(at),
            f"names no group of the network: {names[at]!r}"[:200],
            "name a group of the network file",
        )
    part = np.repeat(np.arange(len(first) - 1), np.diff(first))
    order = np.lexsort((group, part))
    twice = (np.diff(part[order]) == 0) & (np.diff(group[order]) == 0)
    if twice.any():
        at = int(order[1:][twice].min())
        raise refuse(where(at), f"{names[at]!r} is there twice", "name each group once")


def orders_record(book: OrderBook, network: Network) -> dict[str, Any]:
    """Give orders as plain values; figures are kept to six digits."""
    starts = book.first_component.tolist()
    parts = _part_records(book, network)
    hub_starts, hubs = book.first_hub.tolist(), book.hub.tolist()
    lat, lon = rounded(book.order_lat_deg), rounded(book.order_lon_deg)
    hours, leave = rounded(book.assembly_hours), rounded(book.leave_out_usd)
    due = book.due_day.tolist()
    return {
        "schema": SCHEMA,
        "note": network.note,
        "early_days": book.early_days,
        "late_days": book.late_days,
        "orders": [
            {
                "id": name,
                "lat_deg": lat[n],
                "lon_deg": lon[n],
                "due_day": due[n],
                "assembly_hours": hours[n],
                "leave_out_usd": leave[n],
                "hubs": [
                    network.hub_id[hub]
                    for hub in hubs[hub_starts[n] : hub_starts[n + 1]]
                    if hub != STRAIGHT
                ],
                "components": parts[starts[n] : starts[n + 1]],
            }
            for n, name in enumerate(book.order_id)
        ],
    }


def _part_records(book: OrderBook, network: Network) -> list[dict[str, Any]]:
    starts = book.first_candidate.tolist()
    groups = [network.group_id[g] for g in book.group.tolist()]
    figures = {name: rounded(getattr(book, name)) for name in _FIGURES}
    bed, mass = rounded(book.component_bed_mm), rounded(book.component_mass_g)
    usd, gco2e = rounded(book.central_usd), rounded(book.central_gco2e)
    material, quantity = book.component_material.tolist(), book.component_quantity
    days = book.central_days.tolist()
    records = []
    for n, name in enumerate(book.component_id):
        here = slice(starts[n], starts[n + 1])
        record: dict[str, Any] = {
            "id": name,
            "bed_mm": bed[n],
            "mass_g": mass[n],
            "quantity": int(quantity[n]),
            "candidates": {"groups": groups[here]}
            | {figure: values[here] for figure, values in figures.items()},
        }
        if material[n] >= 0:
            record["material"] = network.materials[material[n]]
        if np.isfinite(usd[n]):
            record["central"] = {"usd": usd[n], "gco2e": gco2e[n], "days": days[n]}
        records.append(record)
    return records
