"""Writing the process database in openLCA's exchange format (JSON-LD, schema 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nearmade.impact.database import Database, Exchange, Flow, Method, Process
from nearmade.impact.olca_words import (
    ID_TAG,
    SCHEMA_VERSION,
    Unit,
    exact,
    kinds_of,
    reference_of,
    unit_named,
    uuid_of,
)

Record = dict[str, Any]
#: When these entities were last changed: always the same, so that exports agree.
LAST_CHANGE = "2026-01-01T00:00:00Z"


def openlca_files(database: Database) -> dict[str, Record]:
    """Give the files of an openLCA archive, by path.

    Each process has a product flow of its own; the exchange that takes it names the
    process as its default provider. Numbers keep their source, year, geography,
    boundary and spread: the spread as a lognormal distribution, the rest as lines of
    the exchange's description.

    References
    ----------
    .. [1] GreenDelta, olca-schema 2, https://greendelta.github.io/olca-schema
    """
    units = {one.unit for one in database.processes.values()}
    units |= {one.unit for one in database.flows.values()}
    entities = [
        *_unit_entities(units),
        *_location_entities(database),
        *(_elementary(one) for one in database.flows.values()),
        *(_product(one) for one in database.processes.values()),
        *(_process(one, database) for one in database.processes.values()),
        *(_category(one, database) for one in database.methods.values()),
        _method(database),
    ]
    files: dict[str, Record] = {"olca-schema.json": {"version": SCHEMA_VERSION}}
    for folder, entity in entities:
        files[f"{folder}/{entity['@id']}.json"] = entity
    return files


def _entity(kind: str, name: str, title: str, **fields: object) -> Record:
    return {
        "@type": kind,
        "@id": uuid_of(kind, name),
        "name": title,
        "version": "01.00.000",
        "lastChange": LAST_CHANGE,
        **fields,
    }


def _ref(kind: str, name: str, title: str, **fields: object) -> Record:
    return {"@type": kind, "@id": uuid_of(kind, name), "name": title, **fields}


def _unit_entities(units: set[str]) -> Iterator[tuple[str, Record]]:
    for kind, members in kinds_of(units).items():
        group = f"Units of {kind.lower()}"
        yield (
            "unit_groups",
            _entity(
                "UnitGroup",
                kind,
                group,
                defaultFlowProperty=_ref("FlowProperty", kind, kind),
                units=[
                    {
                        **_ref("Unit", one.theirs, one.theirs),
                        "conversionFactor": one.factor,
                        "isRefUnit": one.theirs == one.reference,
                    }
                    for one in members
                ],
            ),
        )
        yield (
            "flow_properties",
            _entity(
                "FlowProperty",
                kind,
                kind,
                flowPropertyType="PHYSICAL_QUANTITY",
                unitGroup=_ref("UnitGroup", kind, group),
            ),
        )


def _location_entities(database: Database) -> Iterator[tuple[str, Record]]:
    places = {one.location for one in database.processes.values()}
    for code in sorted(places):
        yield "locations", _entity("Location", code, code, code=code)


def _flow_record(name: str, title: str, unit: Unit, **fields: object) -> Record:
    return _entity(
        "Flow",
        name,
        title,
        tags=[ID_TAG + name],
        flowProperties=[
            {
                "@type": "FlowPropertyFactor",
                "flowProperty": _ref("FlowProperty", unit.kind, unit.kind),
                "conversionFactor": 1.0,
                "isRefFlowProperty": True,
            }
        ],
        **fields,
    )


def _elementary(flow: Flow) -> tuple[str, Record]:
    unit = unit_named(flow.unit)
    return "flows", _flow_record(
        flow.id,
        flow.name,
        unit,
        flowType="ELEMENTARY_FLOW",
        category=f"Elementary flows/{flow.id.split('/')[0]}",
        description=f"unit: {flow.unit}",
    )


def _product(process: Process) -> tuple[str, Record]:
    return "flows", _flow_record(
        f"product:{process.id}",
        process.name,
        unit_named(process.unit),
        flowType="PRODUCT_FLOW",
        category=process.group,
        location=_ref("Location", process.location, process.location),
    )


def _process(process: Process, database: Database) -> tuple[str, Record]:
    output = _exchange_record(
        1,
        f"product:{process.id}",
        process.name,
        "PRODUCT_FLOW",
        unit_named(process.unit),
        1.0,
        {"isInput": False, "isQuantitativeReference": True},
    )
    taken = [
        _taken(number, exchange, database)
        for number, exchange in enumerate(process.exchanges, start=2)
    ]
    return "processes", _entity(
        "Process",
        process.id,
        process.name,
        tags=[ID_TAG + process.id],
        description=process.note,
        category=process.group,
        processType="UNIT_PROCESS",
        location=_ref("Location", process.location, process.location),
        exchanges=[output, *taken],
        lastInternalId=len(taken) + 1,
    )


def _taken(number: int, exchange: Exchange, database: Database) -> Record:
    flow = database.flows.get(exchange.input)
    more: Record = {
        "isInput": flow is None,
        "isQuantitativeReference": False,
        "description": described(exchange),
    }
    if flow is None:
        process = database.process(exchange.input)
        more["defaultProvider"] = _ref("Process", process.id, process.name)
        name, title, kind, ours = (
            f"product:{process.id}",
            process.name,
            "PRODUCT_FLOW",
            process.unit,
        )
    else:
        name, title, kind, ours = flow.id, flow.name, "ELEMENTARY_FLOW", flow.unit
    unit = unit_named(ours)
    amount = exchange.amount
    if (
        flow is not None and unit.factor != 1
    ):  # readers take flows of nature in their reference unit
        amount, unit = exact(amount * unit.factor), reference_of(unit)
    if exchange.geometric_sd > 1:
        more["uncertainty"] = {
            "@type": "Uncertainty",
            "distributionType": "LOG_NORMAL_DISTRIBUTION",
            "geomMean": amount,
            "geomSd": exchange.geometric_sd,
        }
    return _exchange_record(number, name, title, kind, unit, amount, more)


def _exchange_record(
    number: int,
    name: str,
    title: str,
    kind: str,
    unit: Unit,
    amount: float,
    more: Record,
) -> Record:
    return {
        "@type": "Exchange",
        "internalId": number,
        "amount": amount,
        "flow": _ref("Flow", name, title, flowType=kind, refUnit=unit.reference),
        "flowProperty": _ref("FlowProperty", unit.kind, unit.kind),
        "unit": _ref("Unit", unit.theirs, unit.theirs),
        "isAvoidedProduct": False,
        **more,
    }


def described(exchange: Exchange) -> str:
    """Write an exchange's source and what else it tells, a line each."""
    lines = {
        "id": exchange.id,
        "drawn as": exchange.drawn_as,
        "year": exchange.year or "",
        "geography": exchange.geography,
        "boundary": exchange.boundary,
        "10th percentile": "" if exchange.low is None else exchange.low,
        "90th percentile": "" if exchange.high is None else exchange.high,
        "assumed": "yes" if exchange.assumed else "",
    }
    told = [f"{name}: {value}" for name, value in lines.items() if value != ""]
    return "\n".join([exchange.source, *told])


def _category(method: Method, database: Database) -> tuple[str, Record]:
    factors = []
    for name, value in method.factors.items():
        flow = database.flows[name]
        counted = unit_named(flow.unit)
        unit = reference_of(counted)
        factors.append(
            {
                "@type": "ImpactFactor",
                "flow": _ref(
                    "Flow",
                    flow.id,
                    flow.name,
                    flowType="ELEMENTARY_FLOW",
                    refUnit=unit.reference,
                ),
                "flowProperty": _ref("FlowProperty", unit.kind, unit.kind),
                "unit": _ref("Unit", unit.theirs, unit.theirs),
                "value": exact(value / counted.factor),
            }
        )
    return "lcia_categories", _entity(
        "ImpactCategory",
        method.id,
        method.name,
        tags=[ID_TAG + method.id],
        description=method.source,
        refUnit=method.unit,
        impactFactors=factors,
    )


def _method(database: Database) -> tuple[str, Record]:
    title = "Climate and energy"
    return "lcia_methods", _entity(
        "ImpactMethod",
        "climate-and-energy",
        title,
        description="Methods of the process database.",
        impactCategories=[
            _ref("ImpactCategory", one.id, one.name)
            for one in database.methods.values()
        ],
    )
