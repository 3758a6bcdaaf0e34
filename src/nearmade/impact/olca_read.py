"""Reading openLCA's exchange format (JSON-LD, schema 2) as a process database.

What another tool wrote is read too, as far as our database can say it: unit processes
with one product, whose inputs name a provider or have one producer, and elementary
flows. Waste flows, allocation, formulas and avoided products are refused by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from nearmade.impact.database import Database, Exchange, Flow, Method, Process
from nearmade.impact.olca_words import ID_TAG, LINES, UNITS, Files, exact
from nearmade.vocabulary.errors import InvalidInput

NO_SOURCE = "not told by the archive"
_OURS = {one.theirs: one.ours for one in UNITS.values()}

#: What Python says of a field that is missing or of the wrong kind.
_WRONG = (LookupError, TypeError, ValueError, AttributeError, StopIteration)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Archive:
    """An archive's entities by folder and id, with what several readers need.

    Parameters
    ----------
    units
        Unit id to its name in our words and its factor to the reference unit.
    names
        Id of a flow or process to our id.
    producers
        Product flow to the processes that make it.
    """

    folders: Mapping[str, Mapping[str, Record]]
    units: Mapping[str, tuple[str, float]]
    names: Mapping[str, str]
    producers: Mapping[str, tuple[str, ...]]


def database_from_openlca(files: Files) -> Database:
    """Build a database from the files of an openLCA archive.

    Parameters
    ----------
    files
        JSON objects by path.

    Raises
    ------
    InvalidInput
        When something is missing, of the wrong kind, or cannot be said in our database.
    """
    try:
        return _database(_archive(files))
    except (*_WRONG, ArithmeticError) as error:
        raise InvalidInput(
            f"openLCA archive: a field is missing or of the wrong kind ({error!r})"
        ) from error


def _archive(files: Files) -> _Archive:
    folders: dict[str, dict[str, Record]] = defaultdict(dict)
    for path, record in files.items():
        folder, _, name = path.rpartition("/")
        if folder and name.endswith(".json"):
            folders[folder.rpartition("/")[2]][str(record["@id"])] = record
    if not folders["processes"]:
        raise InvalidInput("openLCA archive: no processes are in it")
    units = {
        str(unit["@id"]): (
            _OURS.get(str(unit["name"]), str(unit["name"])),
            float(unit.get("conversionFactor", 1.0)),
        )
        for group in folders["unit_groups"].values()
        for unit in group["units"]
    }
    producers: dict[str, list[str]] = defaultdict(list)
    for uuid, process in folders["processes"].items():
        producers[str(_reference(process)["flow"]["@id"])].append(uuid)
    names = {
        uuid: _own_id(record)
        for folder in ("flows", "processes", "lcia_categories")
        for uuid, record in folders[folder].items()
    }
    return _Archive(
        folders, units, names, {key: tuple(one) for key, one in producers.items()}
    )


def _own_id(record: Record) -> str:
    for tag in record.get("tags") or ():
        if str(tag).startswith(ID_TAG):
            return str(tag).removeprefix(ID_TAG)
    return f"olca/{record['@id']}"


def _reference(process: Record) -> Record:
    references = [
        one for one in process["exchanges"] if one.get("isQuantitativeReference")
    ]
    if len(references) != 1:
        raise InvalidInput(
            f"openLCA process {process['name']!r}: {len(references)} quantitative "
            "references, one is needed"
        )
    found: Record = references[0]
    if found.get("isInput") or found["flow"].get("flowType") != "PRODUCT_FLOW":
        raise InvalidInput(
            f"openLCA process {process['name']!r}: its reference is no product"
        )
    return found


def _database(archive: _Archive) -> Database:
    flows = {}
    for uuid, record in archive.folders["flows"].items():
        if record["flowType"] == "ELEMENTARY_FLOW":
            name = archive.names[uuid]
            flows[name] = Flow(name, str(record["name"]), _flow_unit(record, archive))
    processes = [
        _process(uuid, one, archive)
        for uuid, one in archive.folders["processes"].items()
    ]
    methods = [
        _method(uuid, one, flows, archive)
        for uuid, one in archive.folders["lcia_categories"].items()
    ]
    return Database(
        {one.id: one for one in processes}, flows, {one.id: one for one in methods}
    )


def _flow_unit(record: Record, archive: _Archive) -> str:
    """Give the unit that we count a flow in: its own word, or its reference unit."""
    told = str(record.get("description") or "")
    if told.startswith("unit: ") and told.removeprefix("unit: ") in UNITS:
        return told.removeprefix("unit: ")
    factor = next(
        one for one in record["flowProperties"] if one.get("isRefFlowProperty", True)
    )
    found = archive.folders["flow_properties"][str(factor["flowProperty"]["@id"])]
    group = archive.folders["unit_groups"][str(found["unitGroup"]["@id"])]
    reference = next(one for one in group["units"] if one.get("isRefUnit"))
    return archive.units[str(reference["@id"])][0]


def _process(uuid: str, record: Record, archive: _Archive) -> Process:
    title = str(record["name"])
    if record.get("processType") not in (None, "UNIT_PROCESS", "LCI_RESULT"):
        raise InvalidInput(f"openLCA process {title!r}: no unit process")
    if record.get("parameters") or record.get("allocationFactors"):
        raise InvalidInput(
            f"openLCA process {title!r}: parameters and allocation are not read"
        )
    reference = _reference(record)
    unit, _ = archive.units[str(reference["unit"]["@id"])]
    per = float(reference["amount"])
    if not (isfinite(per) and per > 0):
        raise InvalidInput(f"openLCA process {title!r}: makes {per} of its product")
    place = record.get("location") or {}
    location = archive.folders["locations"].get(str(place.get("@id")), {})
    return Process(
        archive.names[uuid],
        title,
        unit,
        str(location.get("code") or "GLO"),
        tuple(
            _exchange(title, one, per, archive)
            for one in record["exchanges"]
            if one is not reference
        ),
        str(record.get("category") or ""),
        str(record.get("description") or ""),
    )


def _exchange(process: str, record: Record, per: float, archive: _Archive) -> Exchange:
    if record.get("amountFormula") or record.get("isAvoidedProduct"):
        raise InvalidInput(
            f"openLCA process {process!r}: formulas and avoided products are not read"
        )
    flow = archive.folders["flows"][str(record["flow"]["@id"])]
    amount = float(record["amount"]) / per
    if flow["flowType"] == "ELEMENTARY_FLOW":
        taken = archive.names[str(flow["@id"])]
        wanted = _flow_unit(flow, archive)
    elif flow["flowType"] == "PRODUCT_FLOW" and record.get("isInput"):
        provider = _provider(process, record, archive)
        taken = archive.names[provider]
        made = _reference(archive.folders["processes"][provider])
        wanted = archive.units[str(made["unit"]["@id"])][0]
    else:
        raise InvalidInput(
            f"openLCA process {process!r}: {flow['name']!r} is waste or a by-product"
        )
    amount = _converted(amount, record, wanted, archive)
    return Exchange(
        taken,
        amount,
        _geometric_sd(process, record),
        **_told(str(record.get("description") or "")),
    )


def _provider(process: str, record: Record, archive: _Archive) -> str:
    named = record.get("defaultProvider")
    if named:
        return str(named["@id"])
    makers = archive.producers.get(str(record["flow"]["@id"]), ())
    if len(makers) != 1:
        raise InvalidInput(
            f"openLCA process {process!r}: {record['flow'].get('name')!r} has "
            f"{len(makers)} producers and names none"
        )
    return makers[0]


def _converted(amount: float, record: Record, wanted: str, archive: _Archive) -> float:
    """Change an amount from the unit of its exchange into the one we count in."""
    unit, factor = archive.units[str(record["unit"]["@id"])]
    if unit == wanted:
        return amount
    factors = [one for name, one in archive.units.values() if name == wanted]
    if not factors:
        raise InvalidInput(f"openLCA archive: unit {wanted!r} is not in it")
    return exact(amount * factor / factors[0])


def _geometric_sd(process: str, record: Record) -> float:
    spread = record.get("uncertainty")
    if not spread or spread.get("distributionType") in (None, "NO_DISTRIBUTION"):
        return 1.0
    if spread["distributionType"] != "LOG_NORMAL_DISTRIBUTION":
        raise InvalidInput(
            f"openLCA process {process!r}: of distributions only the lognormal is read"
        )
    return float(spread["geomSd"])


def _told(description: str) -> dict[str, Any]:
    """Read what ``olca_write.described`` wrote; other texts are the source."""
    first, *rest = description.split("\n")
    told = {
        name: value
        for name, found, value in (line.partition(": ") for line in rest)
        if found and name in LINES
    }
    if not told:
        return {"source": " ".join(description.split()) or NO_SOURCE}
    fields: dict[str, Any] = {
        "source": first or NO_SOURCE,
        "year": int(told.get("year", 0)),
        "geography": told.get("geography", ""),
        "assumed": told.get("assumed") == "yes",
        "id": told.get("id", ""),
        "drawn_as": told.get("drawn as", ""),
        "boundary": told.get("boundary", ""),
    }
    if "10th percentile" in told and "90th percentile" in told:
        fields["low"] = float(told["10th percentile"])
        fields["high"] = float(told["90th percentile"])
    return fields


def _method(
    uuid: str, record: Record, flows: Mapping[str, Flow], archive: _Archive
) -> Method:
    factors = {}
    for one in record.get("impactFactors") or ():
        if one.get("formula"):
            raise InvalidInput(f"openLCA method {record['name']!r}: formulas not read")
        name = archive.names[str(one["flow"]["@id"])]
        value = float(one["value"])
        per_unit = _converted(1.0, one, flows[name].unit, archive)
        factors[name] = exact(value / per_unit)
        if not isfinite(factors[name]):
            raise InvalidInput(
                f"openLCA method {record['name']!r}: a factor is endless"
            )
    return Method(
        archive.names[uuid],
        str(record["name"]),
        str(record.get("refUnit") or ""),
        factors,
        str(record.get("description") or NO_SOURCE),
    )
