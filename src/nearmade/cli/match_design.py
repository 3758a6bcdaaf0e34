"""``nearmade match`` of a design's folder: who can make each component, and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from click.core import ParameterSource

from nearmade.adapters.catalogue_folder import measure_design, render_cache
from nearmade.adapters.design_folder import MANIFEST, load_design
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit
from nearmade.cli.whole_lines import whole_lines, whole_record
from nearmade.facilities.facility import Facility
from nearmade.matching.whole_changes import changes_of_uncovered
from nearmade.matching.whole_design import whole_design
from nearmade.matching.whole_need import whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place, great_circle_km


def is_design(path: Path) -> bool:
    """Tell whether a path is the folder of a design."""
    return (path / MANIFEST).is_file()


#: What may be said beside the folder of a design, which says all else itself.
_OPTIONS: Final = frozenset({"file", "network", "to", "quantity", "as_json"})


def _refuse_others() -> None:
    """Refuse options of this call that the design itself answers."""
    context = click.get_current_context(silent=True)
    for option in context.command.params if context else ():
        assert context is not None
        given = context.get_parameter_source(option.name or "")
        if given == ParameterSource.COMMANDLINE and option.name not in _OPTIONS:
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

    Raises
    ------
    InvalidInput
        When the call has options that the design answers itself, or it is refused.
    Unavailable
        When there is no engine, or a part takes too long.
    """
    _refuse_others()
    loaded = load_design(folder)
    make_folder(render_cache())
    facts = measure_design(loaded, {}, render_cache())
    need = whole_need(loaded.design, facts, profiles=MAKEABLE, quantity=quantity)
    nearest = by_distance(facilities, place)
    now = datetime.now(UTC)
    found = whole_design(need, nearest, now, profiles=MAKEABLE)
    changes = changes_of_uncovered(found, nearest, now, profiles=MAKEABLE)
    names = {facility.id: facility.name for facility in facilities}
    result = {
        "design": loaded.design.id,
        "version": loaded.design.version,
        "quantity": quantity,
        "to": asdict(place),
        **whole_record(found, names, changes),
    }
    emit(result, "\n".join(whole_lines(found, names, changes)), as_json=as_json)
