"""CASE.json: a case as plain values, read strictly and written whole.

``docs/impact.md`` explains every field, ``docs/case.schema.json`` is the same for
programs. A refusal names the place of the field, such as ``case.ways.here.parts[0]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from nearmade.impact.case import Case, Meeting, Moulded, Own, Printed, Way
from nearmade.impact.freight import FreightLeg
from nearmade.impact.grid import check_country
from nearmade.impact.household_record import household_from_record
from nearmade.impact.inventory import (
    PARCEL_BOARD_G,
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.record_fields import (
    can_be_shown,
    estimate_field,
    estimate_or_none,
    number_or,
    text_field,
)
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.place import Place
from nearmade.vocabulary.record_checks import (
    MOST,
    as_list,
    as_object,
    field,
    one_number,
    only,
    refuse,
)

SCHEMA: Final = "nearmade/impact/case/1"

#: Gives the place of a name.
PlaceOf = Callable[[str], Place]
Row = Mapping[str, Any]

MOST_WAYS: Final = 20
MOST_ROWS: Final = 10_000
_CASE: Final = frozenset(
    ("schema", "functional_unit", "goal", "to", "ways", "break_even", "cost", "notes")
)
_PRINTED: Final = frozenset(
    (
        "kind",
        "parts",
        "electricity",
        "legs",
        "bought",
        "reliability_fraction",
        "packaging_g",
        "price_usd",
        "days",
        "infill_fraction",
    )
)
_MOULDED: Final = frozenset(
    (
        "kind",
        "like",
        "product_mass_g",
        "packaging_g",
        "price_usd",
        "days",
        "batch",
        "trip_km",
        "unsold_fraction",
    )
)


def case_from_record(record: Any, place_of: PlaceOf) -> Case:
    """Read a case.

    Parameters
    ----------
    record
        As JSON gives it.
    place_of
        Looks a place up by its name.

    Raises
    ------
    InvalidInput
        When a field is missing, unknown, of the wrong kind or out of range; the message
        names its place.
    NotFound
        When a place is not known.
    """
    found = as_object(record, "case")
    if found.get("schema") != SCHEMA:
        raise refuse(
            "case.schema",
            f"must be {SCHEMA!r}, not {found.get('schema')!r}",
            "start from `nearmade impact compare --example`",
        )
    only(found, _CASE, "case")
    to = _place(field(found, "to", "case"), place_of)
    rows = as_object(field(found, "ways", "case"), "case.ways")
    if not 1 <= len(rows) <= MOST_WAYS:
        raise refuse("case.ways", f"must be 1 to {MOST_WAYS} ways, not {len(rows)}")
    unit = text_field(field(found, "functional_unit", "case"), "case.functional_unit")
    ways = _ways(rows, unit, to)
    return Case(
        unit,
        to,
        ways,
        text_field(found.get("goal", ""), "case.goal"),
        tuple(
            _meeting(row, f"case.break_even[{number}]", ways)
            for number, row in enumerate(
                as_list(found.get("break_even", []), "case.break_even", 100)
            )
        ),
        household_from_record(found["cost"], "case.cost") if "cost" in found else None,
        tuple(
            text_field(note, f"case.notes[{number}]")
            for number, note in enumerate(
                as_list(found.get("notes", []), "case.notes", 100)
            )
        ),
    )


def _ways(rows: Row, unit: str, to: Place) -> dict[str, Way]:
    """Read printed ways first: the others may take their product from them."""
    ways: dict[str, Way] = {}
    kinds = {}
    for name, row in rows.items():
        where = f"case.ways.{name}"
        if not name or "/" in name or len(name) > 60:
            raise refuse(where, "a way's name has 1 to 60 letters and no slash")
        if not can_be_shown(name):
            raise refuse(
                "case.ways", f"a name has no sign that no page shows: {name!r}"
            )
        kinds[name] = _kind(as_object(row, where), where)
        if kinds[name] == "printed":
            ways[name] = _printed(row, where, unit, to)
    for name, row in rows.items():
        where = f"case.ways.{name}"
        if kinds[name] in ("moulded", "shop"):
            ways[name] = _moulded(row, where, unit, to, ways)
        elif kinds[name] == "processes":
            ways[name] = _own(row, where)
    return {name: ways[name] for name in rows}


def _kind(row: Row, where: str) -> str:
    kind = field(row, "kind", where)
    if kind not in ("printed", "moulded", "shop", "processes"):
        raise refuse(
            f"{where}.kind",
            f"must be printed, moulded, shop or processes, not {kind!r}",
        )
    return str(kind)


def _printed(row: Row, where: str, unit: str, to: Place) -> Printed:
    only(row, _PRINTED, where)
    parts, solid = [], {}
    for number, one in enumerate(_rows(row, "parts", where, least=1)):
        at = f"{where}.parts[{number}]"
        only(
            one,
            frozenset(("name", "material", "mass_g", "waste_fraction", "solid_mass_g")),
            at,
        )
        part = MadePart(
            text_field(field(one, "name", at), f"{at}.name"),
            text_field(field(one, "material", at), f"{at}.material"),
            estimate_field(one, "mass_g", at),
            number_or(one, "waste_fraction", at, 0.0, most=1.0),
        )
        parts.append(part)
        if "solid_mass_g" in one:
            solid[part.name] = one_number(one, "solid_mass_g", at)
    inventory = OrderInventory(
        functional_unit=unit,
        parts=tuple(parts),
        electricity=_electricity(row, where),
        legs=_legs(row, where),
        central=central_alternative(to),
        price_usd=estimate_or_none(row, "price_usd", where),
        days=estimate_or_none(row, "days", where),
        bought=tuple(
            BoughtPart(
                text_field(field(one, "name", at), f"{at}.name"),
                one_number(one, "mass_g", at),
            )
            for at, one in _placed(row, "bought", where, ("name", "mass_g"))
        ),
        reliability_fraction=number_or(row, "reliability_fraction", where, 0.95),
        packaging_g=number_or(row, "packaging_g", where, PARCEL_BOARD_G),
    )
    infill = number_or(row, "infill_fraction", where, 0.2, most=0.99)
    return Printed(inventory, solid, infill)


def _electricity(row: Row, where: str) -> tuple[SiteElectricity, ...]:
    known = (
        "site", "country", "solar", "energy_wh", "machine_h", "supply",
        "grid_gco2e_per_kwh",
    )  # fmt: skip
    sites = []
    for at, one in _placed(row, "electricity", where, known):
        solar = one.get("solar", False)
        if type(solar) is not bool:
            raise refuse(f"{at}.solar", "must be true or false")
        supply = as_object(one.get("supply", {}), f"{at}.supply")
        sites.append(
            SiteElectricity(
                text_field(field(one, "site", at), f"{at}.site"),
                _country(one, at),
                solar,
                estimate_field(one, "energy_wh", at),
                estimate_or_none(one, "machine_h", at),
                tuple((key, one_number(supply, key, f"{at}.supply")) for key in supply),
                None
                if one.get("grid_gco2e_per_kwh") is None
                else one_number(one, "grid_gco2e_per_kwh", at, most=5000),
            )
        )
    return tuple(sites)


def _legs(row: Row, where: str) -> tuple[FreightLeg, ...]:
    legs = []
    for at, one in _placed(
        row, "legs", where, ("mode", "mass_g", "distance_km", "gco2e")
    ):
        mode = field(one, "mode", at)
        if mode not in ("collect", "van", "road", "sea", "air"):
            raise refuse(
                f"{at}.mode", f"must be collect, van, road, sea or air, not {mode!r}"
            )
        legs.append(
            FreightLeg(
                mode,
                one_number(one, "mass_g", at),
                one_number(one, "distance_km", at),
                estimate_or_none(one, "gco2e", at),
            )
        )
    return tuple(legs)


def _moulded(
    row: Row, where: str, unit: str, to: Place, ways: Mapping[str, Way]
) -> Moulded:
    only(row, _MOULDED, where)
    shop = row["kind"] == "shop"
    if not shop and ("trip_km" in row or "unsold_fraction" in row):
        raise refuse(f"{where}.kind", "only a shop has trip_km and unsold_fraction")
    central = central_alternative(
        to,
        retail_price_usd=estimate_or_none(row, "price_usd", where),
        days=estimate_or_none(row, "days", where),
        product_mass_g=estimate_or_none(row, "product_mass_g", where),
        packaging_g=number_or(row, "packaging_g", where, PARCEL_BOARD_G),
    )
    like = _like(row, where, ways)
    if like is None and central.product_mass_g is None:
        raise refuse(
            f"{where}.product_mass_g", "is missing, and there is no printed way to take"
        )
    inventory = (
        replace(like.inventory, central=central)
        if like is not None
        else OrderInventory(unit, (), (), (), central)
    )
    batch = one_number(row, "batch", where, least=1.0) if "batch" in row else None
    return Moulded(
        inventory,
        batch,
        estimate_or_none(row, "trip_km", where),
        number_or(row, "unsold_fraction", where, 0.0, most=0.99),
    )


def _like(row: Row, where: str, ways: Mapping[str, Way]) -> Printed | None:
    """Give the printed way whose product is moulded: the one named, or the first."""
    printed = {key: way for key, way in ways.items() if isinstance(way, Printed)}
    if "like" not in row:
        return next(iter(printed.values()), None)
    name = text_field(row["like"], f"{where}.like")
    if name not in printed:
        raise refuse(f"{where}.like", f"names no printed way: {name!r}")
    return printed[name]


def _own(row: Row, where: str) -> Own:
    only(row, frozenset(("kind", "processes")), where)
    at = f"{where}.processes"
    demand = as_object(field(row, "processes", where), at)
    if not demand:
        raise refuse(at, "must name at least one process")
    found: dict[str, float | Estimate] = {}
    for key in demand:
        figure = estimate_field(demand, key, at, least=-MOST)
        found[key] = figure if figure.low < figure.high else figure.value
    return Own(found)


def _meeting(row: Any, where: str, ways: Mapping[str, Way]) -> Meeting:
    one = as_object(row, where)
    only(one, frozenset(("over", "between")), where)
    between = as_list(field(one, "between", where), f"{where}.between", 2)
    names = [text_field(name, f"{where}.between") for name in between]
    if len(names) != 2 or not set(names) <= set(ways) or names[0] == names[1]:
        raise refuse(f"{where}.between", "must name two ways of the case")
    over = text_field(field(one, "over", where), f"{where}.over")
    if over not in ("batch", "distance", "infill", "grid"):
        raise refuse(
            f"{where}.over", f"must be batch, distance, infill or grid, not {over!r}"
        )
    return Meeting(over, *names)


def _rows(row: Row, name: str, where: str, *, least: int = 0) -> list[Row]:
    rows = as_list(row.get(name, []), f"{where}.{name}", MOST_ROWS)
    if len(rows) < least:
        raise refuse(f"{where}.{name}", f"must have at least {least} entry")
    return [as_object(one, f"{where}.{name}[{n}]") for n, one in enumerate(rows)]


def _placed(
    row: Row, name: str, where: str, known: tuple[str, ...]
) -> list[tuple[str, Row]]:
    placed = []
    for number, one in enumerate(_rows(row, name, where)):
        at = f"{where}.{name}[{number}]"
        only(one, frozenset(known), at)
        placed.append((at, one))
    return placed


def _country(row: Row, where: str) -> str:
    code = text_field(field(row, "country", where), f"{where}.country")
    check_country(code, f"{where}.country:")
    return code


def _place(where: Any, place_of: PlaceOf) -> Place:
    if type(where) is str:
        return place_of(where)
    row = as_object(where, "case.to")
    only(row, frozenset(("name", "country", "lat_deg", "lon_deg")), "case.to")
    lat, lon = (
        one_number(row, key, "case.to", least=-end, most=end)
        for key, end in (("lat_deg", 90.0), ("lon_deg", 180.0))
    )
    return Place(
        text_field(field(row, "name", "case.to"), "case.to.name"),
        _country(row, "case.to"),
        lat,
        lon,
    )
