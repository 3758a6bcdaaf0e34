"""Read an exported archive with two foreign readers and write what they find.

Runs in ``.oracles-venv``, offline:

    .oracles-venv/bin/python tools/oracles/openlca_readers.py ARCHIVE.zip OUT.json

``bw2io``'s importer builds a Brightway database of it, whose scores are written;
``olca-schema`` reads every entity into its own classes where it is installed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zipfile
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def brightway(archive: Path) -> dict[str, Any]:
    """Score one unit of every process under every method as bw2io reads them."""
    os.environ["BRIGHTWAY2_DIR"] = tempfile.mkdtemp()
    folder = Path(tempfile.mkdtemp())
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    bc: Any = import_module("bw2calc")
    bd: Any = import_module("bw2data")
    inventories: Any = import_module("bw2io.importers.json_ld")
    categories: Any = import_module("bw2io.importers.json_ld_lcia")
    bd.projects.set_current("read")
    read = inventories.JSONLDImporter(str(folder), "read")
    read.apply_strategies(no_warning=True)
    read.merge_biosphere_flows()
    unlinked = sum(1 for _ in read.unlinked)
    read.write_database()
    methods = categories.JSONLDLCIAImporter(str(folder))
    methods.apply_strategies()
    methods.match_biosphere_by_id("read")
    methods.write_methods()
    scores: dict[str, dict[str, float]] = {}
    products = {
        one["code"]: one["name"]
        for one in bd.Database("read")
        if one["type"] == "product"
    }
    start = next(iter(products))
    for key in bd.methods:
        wanted, objects, _ = bd.prepare_lca_inputs(
            {bd.get_node(database="read", code=start): 1.0}, method=key
        )
        lca = bc.LCA(demand=wanted, data_objs=objects)
        lca.lci(factorize=True)
        lca.lcia()
        for code in products:
            lca.lcia({bd.get_node(database="read", code=code).id: 1.0})
            scores.setdefault(code, {})[key[-1]] = float(lca.score)
    return {"unlinked": unlinked, "scores": scores, "bw2io": version("bw2io")}


def schema(archive: Path) -> dict[str, Any]:
    """Count the entities that olca-schema reads; nothing where it is not there."""
    if find_spec("olca_schema") is None:
        return {}
    olca: Any = import_module("olca_schema")
    zipio: Any = import_module("olca_schema.zipio")
    kinds = {
        "unit_groups": olca.UnitGroup,
        "flow_properties": olca.FlowProperty,
        "flows": olca.Flow,
        "locations": olca.Location,
        "processes": olca.Process,
        "lcia_categories": olca.ImpactCategory,
        "lcia_methods": olca.ImpactMethod,
    }
    counts = {}
    with zipio.ZipReader(archive) as reader:
        for name, kind in kinds.items():
            counts[name] = sum(1 for _ in reader.read_each(kind))
        exchanges = sum(len(one.exchanges) for one in reader.read_each(olca.Process))
    return {**counts, "exchanges": exchanges, "olca_schema": version("olca-schema")}


def main(archive: Path, out: Path) -> None:
    """Write what both readers find."""
    found = {"brightway": brightway(archive), "schema": schema(archive)}
    out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
