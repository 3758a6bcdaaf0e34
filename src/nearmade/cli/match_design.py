"""``nearmade match`` of a design: who can make each component, and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.found_design import FoundDesign, Open, find_measured
from nearmade.adapters.measured_design import render_cache
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit, one_line, written
from nearmade.cli.match_records import place_record
from nearmade.cli.whole_lines import whole_lines, whole_record
from nearmade.facilities.facility import Facility
from nearmade.matching.verdict import Wishes
from nearmade.matching.whole_changes import changes_of_uncovered
from nearmade.matching.whole_design import whole_design
from nearmade.matching.whole_need import whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.place import Place, great_circle_km


def by_distance(facilities: Sequence[Facility], place: Place) -> list[Facility]:
    """Put those near a place first."""
    return sorted(facilities, key=lambda each: great_circle_km(each.place, place))


def match_design(
    path: Path,
    facilities: Sequence[Facility],
    place: Place,
    *,
    said: Open,
    wishes: Wishes,
    quantity: int = 1,
    left_out: Sequence[dict[str, Any]] = (),
    as_json: bool = False,
) -> None:
    """Match a design as published to a network and print what is said.

    Parameters
    ----------
    path
        Its folder or its manifest.
    facilities
        The network.
    place
        Where it is wanted; who is near stands first.
    said
        How components are made of which the design does not say it.
    wishes
        What is asked of every component, and of the place of assembly.
    quantity
        How many products.
    left_out
        Records of the network that are left out, for programs.

    Raises
    ------
    NotFound
        When there is no design.
    InvalidInput
        When the call says what the design says itself, or it is refused.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    cache = render_cache()
    make_folder(cache)
    design = find_measured(path, cache, said)
    for line in (*design.assumed, *_unmeasured_lines(design)):
        click.echo(written(f"note: {line}"), err=True)
    need = whole_need(
        design.design,
        design.facts,
        profiles=MAKEABLE,
        quantity=quantity,
        wishes=wishes,
    )
    nearest = by_distance(facilities, place)
    now = datetime.now(UTC)
    found = whole_design(need, nearest, now, profiles=MAKEABLE)
    changes = changes_of_uncovered(found, nearest, now, profiles=MAKEABLE)
    names = {facility.id: facility.name for facility in facilities}
    result: dict[str, Any] = {
        "design": design.design.id,
        "version": design.design.version,
        "quantity": quantity,
        "to": place_record(place),
        **whole_record(found, names, changes),
        "unmeasured": [
            {"part": one.part.name, "title": one.part.title, "why": one.why}
            for one in design.unmeasured
        ],
        "assumed": list(design.assumed),
        "unread": list(design.unread),
        "left_out": list(left_out),
    }
    lines = whole_lines(found, names, changes, to=str(place))
    if design.unmeasured:
        # What nobody measured, nobody can promise.
        result["verdict"] = "no" if found.verdict == "no" else "unknown"
        lines[0] = f"{lines[0].rstrip('.')}; some parts could not be measured."
    if design.unread:
        # Nor what an unread bill may ask of hands.
        result["verdict"] = "no" if found.verdict == "no" else "unknown"
        lines[0] = (
            f"{lines[0].rstrip('.')}; its bill of materials was not read: what is to "
            "be bought and what hands do is unknown."
        )
    emit(result, "\n".join(lines), as_json=as_json)


def _unmeasured_lines(design: FoundDesign) -> Iterator[str]:
    for one in design.unmeasured:
        yield f"{one_line(one.part.title)} was not matched: {one.why}"
