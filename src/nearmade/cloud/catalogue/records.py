"""Facts of parts as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nearmade.geometry.facts import Finding, PartFacts


def facts_record(facts: PartFacts) -> dict[str, Any]:
    """Give facts as plain values for a JSON column."""
    return asdict(facts)


def facts_from(record: Mapping[str, Any]) -> PartFacts:
    """Read facts back from a JSON column."""
    x_mm, y_mm, z_mm = record["extents_mm"]
    rest = {
        name: value
        for name, value in record.items()
        if name not in {"extents_mm", "findings"}
    }
    findings = tuple(Finding(**finding) for finding in record["findings"])
    return PartFacts(**rest, extents_mm=(x_mm, y_mm, z_mm), findings=findings)
