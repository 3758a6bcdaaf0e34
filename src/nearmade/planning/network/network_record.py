"""A network as a record of plain values, and back; every refusal names its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final

import numpy as np

from nearmade.planning.network.problem import Days, Floats, Ints
from nearmade.planning.network.tables import LegRule, NamedLegs, Network
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    check_schema,
    field,
    index_of,
    known,
    numbers,
    one_number,
    only,
    refuse,
    texts,
)

SCHEMA: Final = "nearmade/plan/network/1"
MOST_SITES: Final = 1_000_000
MOST_DAYS: Final = 400
#: A bit for each material.
MOST_MATERIALS: Final = 31

_FILE: Final = frozenset(
    {
        "schema",
        "first_day",
        "note",
        "days",
        "assembly_days",
        "materials",
        "sites",
        "hubs",
        "leg_rule",
        "legs",
        "central",
    }
)
_SITE: Final = frozenset(
    {
        "id",
        "name",
        "lat_deg",
        "lon_deg",
        "energy_wh",
        "electricity",
        "stock",
        "groups",
    }
)
_ELECTRICITY: Final = frozenset({"gco2e_per_kwh", "usd_per_kwh"})
#: A kilowatt-hour from coal emits about 1,000 g; nothing emits so much. [gCO2e/kWh]
MOST_GCO2E_PER_KWH: Final = 5000.0
MOST_USD_PER_KWH: Final = 1000.0
_GROUP: Final = frozenset(
    {"id", "materials", "bed_mm", "hours", "usd_per_hour", "price_breaks"}
)
_HUB: Final = frozenset({"id", "name", "lat_deg", "lon_deg", "hours", "usd_per_hour"})


def network_from_record(record: Any) -> Network:
    """Read a network.

    Raises
    ------
    InvalidInput
        When a field is missing, of the wrong kind or out of range, when an id is there
        twice or names nothing; the message names the place.
    """
    top = check_schema(record, SCHEMA, "network")
    only(top, _FILE, "network")
    days = int(one_number(top, "days", "network", least=1, most=MOST_DAYS, whole=True))
    materials = as_list(top.get("materials", []), "network.materials", MOST_MATERIALS)
    material_of = index_of(materials, lambda n: f"network.materials[{n}]")
    listed = as_list(field(top, "sites", "network"), "network.sites", MOST_SITES)
    sites = [as_object(x, f"network.sites[{n}]") for n, x in enumerate(listed)]
    site_of = _ids(sites, "network.sites", _SITE)
    energy = [
        _each_day(x["energy_wh"], days, f"network.sites[{n}].energy_wh")
        if x.get("energy_wh") is not None
        else np.full(days, np.inf)
        for n, x in enumerate(sites)
    ]
    hubs = _hubs(top)
    hub_of = _ids(hubs, "network.hubs", _HUB)
    assembly_days = int(
        one_number(
            {"assembly_days": days + 8} | dict(top),
            "assembly_days",
            "network",
            least=2,
            most=MOST_DAYS + 100,
            whole=True,
        )
    )
    central = as_object(top.get("central", {}), "network.central")
    only(central, frozenset({"name"}), "network.central")
    return Network(
        materials=materials,
        site_id=[*site_of],
        site_name=_names(sites, "network.sites"),
        site_lat_deg=_column(sites, "lat_deg", "network.sites", least=-90, most=90),
        site_lon_deg=_column(sites, "lon_deg", "network.sites", least=-180, most=180),
        site_energy_wh=np.array(energy).reshape(len(sites), days),
        **_electricity(sites, days),
        **_groups(sites, days, material_of),
        **_stock(sites, material_of),
        hub_id=[*hub_of],
        hub_name=_names(hubs, "network.hubs"),
        hub_lat_deg=_column(hubs, "lat_deg", "network.hubs", least=-90, most=90),
        hub_lon_deg=_column(hubs, "lon_deg", "network.hubs", least=-180, most=180),
        hub_hours=np.array(
            [
                _each_day(
                    field(x, "hours", f"network.hubs[{n}]"),
                    assembly_days,
                    f"network.hubs[{n}].hours",
                )
                for n, x in enumerate(hubs)
            ]
        ).reshape(len(hubs), assembly_days),
        hub_usd_per_hour=_column(hubs, "usd_per_hour", "network.hubs"),
        rule=_rule(top),
        legs=_named_legs(top, site_of, hub_of),
        central_name=_text(central, "name", "network.central", "central factory", 200),
        note=_text(top, "note", "network", "", 1000),
        first_day=_first_day(top.get("first_day")),
    )


def _text(
    record: Mapping[str, Any], name: str, where: str, otherwise: str, most: int
) -> str:
    """Read a text of some length, if one is given."""
    value = record.get(name, otherwise)
    if type(value) is not str or len(value) > most:
        raise refuse(f"{where}.{name}", f"must be a text of at most {most} signs")
    return value


def _first_day(value: Any) -> date | None:
    """Read the date of day 0, if one is given."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refuse("network.first_day", "must be a date such as 2026-11-23") from None


def _hubs(top: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = as_list(top.get("hubs", []), "network.hubs", MOST_SITES)
    return [as_object(x, f"network.hubs[{n}]") for n, x in enumerate(listed)]


def _ids(
    records: Sequence[Mapping[str, Any]], where: str, allowed: frozenset[str]
) -> dict[str, int]:
    for n, record in enumerate(records):
        only(record, allowed, f"{where}[{n}]")
    ids = [field(record, "id", f"{where}[{n}]") for n, record in enumerate(records)]
    return index_of(ids, lambda n: f"{where}[{n}].id")


def _names(records: Sequence[Mapping[str, Any]], where: str) -> list[str]:
    names = [record.get("name", record["id"]) for record in records]
    texts(names, lambda n: f"{where}[{n}].name")
    return names


def _column(
    records: Sequence[Mapping[str, Any]], name: str, where: str, **rule: Any
) -> Floats:
    values = [field(record, name, f"{where}[{n}]") for n, record in enumerate(records)]
    return numbers(values, lambda n: f"{where}[{n}].{name}", **rule)


def _each_day(value: Any, days: int, where: str, **rule: Any) -> Floats:
    """Read a figure for each day, or one for all."""
    if type(value) is list:
        if len(value) != days:
            raise refuse(where, f"must have {days} days, not {len(value)}")
        return numbers(value, lambda n: f"{where}[{n}]", **rule)
    return np.full(days, numbers([value], lambda _: where, **rule)[0])


def _electricity(sites: Sequence[Mapping[str, Any]], days: int) -> dict[str, Any]:
    """Read what electricity emits and costs by day, where a site tells it."""
    told: dict[str, Any] = {}
    records: dict[int, Mapping[str, Any]] = {}
    for n, site in enumerate(sites):
        if site.get("electricity") is not None:
            where = f"network.sites[{n}].electricity"
            records[n] = as_object(site["electricity"], where)
            only(records[n], _ELECTRICITY, where)
    most = {"gco2e_per_kwh": MOST_GCO2E_PER_KWH, "usd_per_kwh": MOST_USD_PER_KWH}
    for name, limit in most.items():
        table = np.full((len(sites), days), np.nan)
        for n, record in records.items():
            if record.get(name) is not None:
                where = f"network.sites[{n}].electricity.{name}"
                table[n] = _each_day(record[name], days, where, most=limit)
        told[f"site_{name}"] = None if np.isnan(table).all() else table
    return told


def _groups(
    sites: Sequence[Mapping[str, Any]], days: int, material_of: Mapping[str, int]
) -> dict[str, Any]:
    """Read every site's machine groups and their price breaks."""
    groups, places, site = [], [], []
    for n, record in enumerate(sites):
        here = f"network.sites[{n}].groups"
        for m, group in enumerate(as_list(record.get("groups", []), here, 10_000)):
            groups.append(as_object(group, f"{here}[{m}]"))
            places.append(f"{here}[{m}]")
            site.append(n)
    ids = [
        field(group, "id", place) for group, place in zip(groups, places, strict=True)
    ]
    for group, place in zip(groups, places, strict=True):
        only(group, _GROUP, place)
    bits, breaks = np.zeros(len(groups), np.int32), []
    for n, (group, place) in enumerate(zip(groups, places, strict=True)):
        named = as_list(group.get("materials", []), f"{place}.materials", 1000)
        for material in named:
            bits[n] |= 1 << known(
                material_of, material, f"{place}.materials", "material of the network"
            )
        breaks += _price_breaks(group, n, place)
    table = np.array(breaks, dtype=np.float64).reshape(-1, 3)

    def column(name: str, **rule: Any) -> Floats:
        values = [
            field(group, name, place)
            for group, place in zip(groups, places, strict=True)
        ]
        return numbers(values, lambda n: f"{places[n]}.{name}", **rule)

    hours = [
        _each_day(field(group, "hours", place), days, f"{place}.hours")
        for group, place in zip(groups, places, strict=True)
    ]
    return {
        "group_id": [*index_of(ids, lambda n: f"{places[n]}.id")],
        "group_site": np.array(site, dtype=np.int32),
        "group_hours": np.array(hours).reshape(len(groups), days),
        "group_usd_per_hour": column("usd_per_hour"),
        "group_bed_mm": column("bed_mm"),
        "group_materials": bits,
        "break_group": table[:, 0].astype(np.int32),
        "break_quantity": table[:, 1].astype(np.int32),
        "break_fraction": np.ascontiguousarray(table[:, 2]),
    }


def _price_breaks(
    group: Mapping[str, Any], number: int, place: str
) -> list[tuple[float, float, float]]:
    where = f"{place}.price_breaks"
    rows = []
    for n, value in enumerate(as_list(group.get("price_breaks", []), where, 100)):
        here = f"{where}[{n}]"
        record = as_object(value, here)
        rows.append(
            (
                float(number),
                one_number(
                    record, "from_quantity", here, least=1, most=1e9, whole=True
                ),
                one_number(record, "less_fraction", here, most=1),
            )
        )
    return rows


def _stock(
    sites: Sequence[Mapping[str, Any]], material_of: Mapping[str, int]
) -> dict[str, Any]:
    """Read what feedstock is scarce where."""
    site, material, grams = [], [], []
    seen: set[tuple[int, int]] = set()
    for n, record in enumerate(sites):
        where = f"network.sites[{n}].stock"
        for m, value in enumerate(as_list(record.get("stock", []), where, 1000)):
            here = f"{where}[{m}]"
            entry = as_object(value, here)
            name = field(entry, "material", here)
            number = known(material_of, name, f"{here}.material", "material")
            if (n, number) in seen:
                raise refuse(here, f"stock of {name!r} is there twice", "add them up")
            seen.add((n, number))
            site.append(n)
            material.append(number)
            grams.append(one_number(entry, "g", here))
    return {
        "stock_site": np.array(site, dtype=np.int32),
        "stock_material": np.array(material, dtype=np.int32),
        "stock_g": np.array(grams, dtype=np.float64),
    }


def _rule(top: Mapping[str, Any]) -> LegRule:
    record = as_object(top.get("leg_rule", {}), "network.leg_rule")
    names = [one.name for one in fields(LegRule)]
    only(record, frozenset(names), "network.leg_rule")
    given = {
        name: one_number(record, name, "network.leg_rule")
        for name in names
        if record.get(name) is not None
    }
    if "km_per_day" in record and record["km_per_day"] is None:
        given["km_per_day"] = np.inf
    return LegRule(**given)


def _named_legs(
    top: Mapping[str, Any], site_of: Mapping[str, int], hub_of: Mapping[str, int]
) -> NamedLegs:
    listed = as_list(top.get("legs", []), "network.legs", 10_000_000)
    legs = [as_object(x, f"network.legs[{n}]") for n, x in enumerate(listed)]
    if not legs:
        return NamedLegs.none()
    ends: list[Ints] = []
    for name, numbers_of in (("site", site_of), ("hub", hub_of)):
        found = [
            known(numbers_of, x.get(name), f"network.legs[{n}].{name}", name)
            for n, x in enumerate(legs)
        ]
        ends.append(np.array(found, dtype=np.int32))
    keys = ends[0].astype(np.int64) * max(1, len(hub_of)) + ends[1]
    _, first = np.unique(keys, return_index=True)
    if len(first) < len(keys):
        twice = min(set(range(len(keys))) - set(first.tolist()))
        raise refuse(f"network.legs[{twice}]", "this leg is there twice", "remove one")
    days: Days = _column(
        legs, "days", "network.legs", most=MOST_DAYS, whole=True
    ).astype(np.int16)
    return NamedLegs(
        ends[0],
        ends[1],
        _column(legs, "usd", "network.legs"),
        _column(legs, "gco2e", "network.legs"),
        days,
    )


def network_record(network: Network) -> dict[str, Any]:
    """Give a network as plain values; figures are kept to six digits."""
    groups: dict[int, list[dict[str, Any]]] = {}
    breaks: dict[int, list[dict[str, Any]]] = {}
    for n, group in enumerate(network.break_group.tolist()):
        breaks.setdefault(group, []).append(
            {
                "from_quantity": int(network.break_quantity[n]),
                "less_fraction": float(network.break_fraction[n]),
            }
        )
    for n, site in enumerate(network.group_site.tolist()):
        bits = int(network.group_materials[n])
        group = {
            "id": network.group_id[n],
            "materials": [
                name for m, name in enumerate(network.materials) if bits >> m & 1
            ],
            "bed_mm": float(network.group_bed_mm[n]),
            "hours": rounded(network.group_hours[n]),
            "usd_per_hour": rounded(network.group_usd_per_hour[n : n + 1])[0],
        }
        if n in breaks:
            group["price_breaks"] = breaks[n]
        groups.setdefault(site, []).append(group)
    return {
        "schema": SCHEMA,
        "note": network.note,
        "first_day": network.first_day and network.first_day.isoformat(),
        "days": network.group_hours.shape[1],
        "assembly_days": network.hub_hours.shape[1],
        "materials": list(network.materials),
        "sites": _site_records(network, groups),
        "hubs": [
            {
                "id": network.hub_id[n],
                "name": network.hub_name[n],
                "lat_deg": rounded(network.hub_lat_deg[n : n + 1])[0],
                "lon_deg": rounded(network.hub_lon_deg[n : n + 1])[0],
                "hours": rounded(network.hub_hours[n]),
                "usd_per_hour": rounded(network.hub_usd_per_hour[n : n + 1])[0],
            }
            for n in range(len(network.hub_id))
        ],
        "leg_rule": {
            name: None if np.isinf(value := getattr(network.rule, name)) else value
            for name in (one.name for one in fields(LegRule))
        },
        "legs": [
            {
                "site": network.site_id[network.legs.site[n]],
                "hub": network.hub_id[network.legs.hub[n]],
                "usd": float(network.legs.usd[n]),
                "gco2e": float(network.legs.gco2e[n]),
                "days": int(network.legs.days[n]),
            }
            for n in range(len(network.legs.site))
        ],
        "central": {"name": network.central_name},
    }


def _site_records(
    network: Network, groups: Mapping[int, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    stock: dict[int, list[dict[str, Any]]] = {}
    for n, site in enumerate(network.stock_site.tolist()):
        stock.setdefault(site, []).append(
            {
                "material": network.materials[network.stock_material[n]],
                "g": rounded(network.stock_g[n : n + 1])[0],
            }
        )
    records = []
    lat, lon = rounded(network.site_lat_deg), rounded(network.site_lon_deg)
    for n, site_id in enumerate(network.site_id):
        record: dict[str, Any] = {
            "id": site_id,
            "name": network.site_name[n],
            "lat_deg": lat[n],
            "lon_deg": lon[n],
        }
        if np.isfinite(network.site_energy_wh[n]).all():
            record["energy_wh"] = rounded(network.site_energy_wh[n])
        record |= _electricity_record(network, n)
        if n in stock:
            record["stock"] = stock[n]
        record["groups"] = groups.get(n, [])
        records.append(record)
    return records


def _electricity_record(network: Network, site: int) -> dict[str, Any]:
    tables = {
        "gco2e_per_kwh": network.site_gco2e_per_kwh,
        "usd_per_kwh": network.site_usd_per_kwh,
    }
    told = {
        name: rounded(table[site])
        for name, table in tables.items()
        if table is not None and np.isfinite(table[site]).all()
    }
    return {"electricity": told} if told else {}


def rounded(values: Floats) -> list[float]:
    """Give numbers with at most six digits after the point."""
    plain: list[float] = np.round(values, 6).tolist()
    return plain
