"""Real manifests: time to judge them, agreement with the published schema, round trip.

Times are CPU seconds of this process; the verdicts are those of jsonschema with the
schema's pattern of language tags mended, which Python cannot compile as published.
"""

from __future__ import annotations

import copy
import importlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nearmade.designs.okh import OkhFile, read_manifest
from nearmade.designs.okh_conversion import convert
from nearmade.vocabulary.documents import differences, read_document, write_document
from nearmade.vocabulary.errors import InvalidInput

ENDINGS = (".toml", ".yml", ".yaml")


def found(folder: Path) -> dict[str, object]:
    """Judge every manifest below a folder.

    Parameters
    ----------
    folder
        Holds ``losh_list``, ``okh_toml``, ``okh_v1`` and ``schemas``.
    """
    paths = [
        path
        for name in ("losh_list", "okh_toml", "okh_v1")
        for path in sorted((folder / name).rglob("*"))
        if path.suffix in ENDINGS
    ]
    contents = [(path.name, path.read_bytes()) for path in paths]
    started = time.process_time()
    manifests = [read_manifest(data, name) for name, data in contents]
    judged_s = time.process_time() - started
    started = time.process_time()
    converted = Counter(_converted(one) for one in manifests)
    converted_s = time.process_time() - started
    readable = [one for one in manifests if one.document.readable]
    started = time.process_time()
    kept = sum(_comes_back(one) for one in readable)
    round_trip_s = time.process_time() - started
    rules = Counter(one.rule for each in manifests for one in each.findings)
    return {
        "files": len(contents),
        "bytes": sum(len(data) for _, data in contents),
        "readable": len(readable),
        "judged_cpu_s": round(judged_s, 3),
        "slowest_cpu_ms": _slowest_ms(contents),
        "round_trips": kept,
        "round_trip_cpu_s": round(round_trip_s, 3),
        "converted": dict(converted),
        "converted_cpu_s": round(converted_s, 3),
        "findings_by_rule": dict(rules),
        **_verdicts(readable, folder),
    }


def _slowest_ms(contents: Iterable[tuple[str, bytes]]) -> float:
    slowest = 0.0
    for name, data in contents:
        started = time.process_time()
        read_manifest(data, name)
        slowest = max(slowest, time.process_time() - started)
    return round(1000 * slowest, 1)


def _converted(manifest: OkhFile) -> str:
    try:
        made = convert(manifest)
    except InvalidInput as refusal:
        return refusal.code
    return "conforms" if not made.schema else "schema refuses"


def _comes_back(manifest: OkhFile) -> bool:
    """Import, export, import: untouched, and with one field changed."""
    document = manifest.document
    if not isinstance(document.tree, dict):
        return write_document(document) == document.data
    edited = copy.deepcopy(document.tree) | {"name": "Other"}
    again = read_document(write_document(document, edited), f"x.{document.format}")
    same = write_document(document) == document.data
    return same and not differences(again.tree, edited)


def _verdicts(readable: Iterable[OkhFile], folder: Path) -> dict[str, int]:
    """Compare our verdict with that of the published schema."""
    schema: dict[str, Any] = json.loads(
        (folder / "schemas/okh-losh.schema.json").read_text("utf-8")
    )
    language = schema["$defs"]["language"]
    language["pattern"] = re.sub(r"\(\?<\w+>", "(?:", language["pattern"])
    validator = importlib.import_module("jsonschema").Draft7Validator(schema)
    judged = [
        (validator.is_valid(one.document.tree), one.conforms)
        for one in readable
        if one.document.format == "toml"
    ]
    return {
        "verdicts": len(judged),
        "verdicts_agree": sum(theirs == ours for theirs, ours in judged),
        "schema_refuses": sum(not theirs for theirs, _ in judged),
    }


def table(figures: dict[str, object]) -> str:
    """Show the figures, one a line."""
    return "\n".join(f"{name:<20}{value}" for name, value in figures.items())
