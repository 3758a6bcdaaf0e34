"""``nearmade match`` of a design's folder: who can make each component, and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource

from nearmade.adapters.catalogue_folder import measure_design, render_cache
from nearmade.adapters.design_folder import MANIFEST, load_design
from nearmade.cli.main import emit
from nearmade.cli.whole_lines import whole_lines, whole_record
from nearmade.facilities.facility import Facility
from nearmade.matching.whole_design import whole_design
from nearmade.matching.whole_need import whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place, great_circle_km


def is_design(path: Path) -> bool:
    """Tell whether a path is the folder of a design."""
    return (path / MANIFEST).is_file()


def refuse_options(*names: str) -> None:
    """Refuse options of this command that the design itself answers.

    Raises
    ------
    InvalidInput
        When the caller gave one of them.
    """
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            option = next(one for one in context.command.params if one.name == name)
            raise InvalidInput(
                f"{option.opts[0]}: a design says this itself, for each component",
                remedy="leave it out, or match one mesh file",
            )


def by_distance(facilities: Sequence[Facility], place: Place) -> list[Facility]:
    """Put those near a place first."""
    return sorted(facilities, key=lambda each: great_circle_km(each.place, place))


def match_design(
    folder: Path,
    facilities: Sequence[Facility],
    place: Place,
    *,
    quantity: int = 1,
    as_json: bool = False,
) -> None:
    """Match a design as published to a network and print what is said.

    Parameters
    ----------
    folder
        With an ``okh.toml``.
    facilities
        The network.
    place
        Where it is wanted; who is near stands first.
    quantity
        How many products.
    """
    loaded = load_design(folder)
    facts = measure_design(loaded, {}, render_cache())
    need = whole_need(loaded.design, facts, profiles=MAKEABLE, quantity=quantity)
    nearest = by_distance(facilities, place)
    found = whole_design(need, nearest, datetime.now(UTC), profiles=MAKEABLE)
    names = {facility.id: facility.name for facility in facilities}
    result = {
        "design": loaded.design.id,
        "version": loaded.design.version,
        "quantity": quantity,
        "to": asdict(place),
        **whole_record(found, names),
    }
    emit(result, "\n".join(whole_lines(found, names)), as_json=as_json)
