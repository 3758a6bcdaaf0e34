"""``nearmade match``: who in a network can make a part, and who cannot, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Unpack

import click

from nearmade.adapters.design_place import is_design
from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.found_design import USUAL_PROCESS, Open
from nearmade.adapters.gate import admit
from nearmade.adapters.places import one_place
from nearmade.cli.customise import find_design
from nearmade.cli.figures import Figure
from nearmade.cli.files import read_given
from nearmade.cli.main import emit
from nearmade.cli.match_design import match_design
from nearmade.cli.match_records import (
    answer_lines,
    match_record,
    near_miss_records,
    network_given,
    place_record,
    refusal_records,
    unknown_records,
)
from nearmade.cli.match_wish import Wish, requirement_of, wish_options, wishes_of
from nearmade.cli.paths import GivenPath
from nearmade.matching.material_gates import suitable_materials
from nearmade.matching.materials import named_materials, usual_materials
from nearmade.matching.verdict import Wishes
from nearmade.planning.matching_answer import answer_part
from nearmade.planning.site_work import PartDemand
from nearmade.screening.printability import OF_LAYERS, check_makeable
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.processes import requested_process

#: Share of the inside that is filled where nobody says otherwise.
USUAL_INFILL_FRACTION: Final = 0.2


@click.command(
    "match",
    epilog="Exit codes: 0 answered, also when nobody can; 2 the file or a wish is "
    "refused, 3 no such design, place, network, process or material, 6 no engine or "
    "too slow.",
)
@click.argument("file", type=GivenPath(path_type=Path))
@click.option(
    "--network",
    required=True,
    type=GivenPath(path_type=Path),
    help="Facilities, ours or Open Know-Where: a file or a folder of files.",
)
@click.option("--to", required=True, metavar="PLACE", help='Such as "Nairobi, KE".')
@click.option(
    "--material",
    "materials",
    multiple=True,
    help="Feedstock allowed; may be repeated, best first.  [default: PLA, for other "
    "processes than printing filament what they usually work, or any that has each "
    "--property]",
)
@click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="What the material must be, such as food_contact, flexible=no or "
    "heat_deflection_degc=80; may be repeated.",
)
@click.option(
    "--process", help="Process that it asks for.  [default: FDM, or as a design says]"
)
@click.option(
    "--quantity", default=1, show_default=True, type=click.IntRange(1, 1_000_000)
)
@click.option(
    "--infill",
    type=Figure(0, 1),
    help="Share of the inside that is filled.  [default: 0.2, or as a design says]",
)
@wish_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    file: Path,
    network: Path,
    to: str,
    materials: tuple[str, ...],
    process: str | None,
    quantity: int,
    infill: float | None,
    properties: tuple[str, ...],
    as_json: bool,
    **wish: Unpack[Wish],
) -> None:
    """Match the mesh FILE to the machines of a network, the best score first.

    FILE may be a design: its folder, its manifest of Open Know-How, with parts drawn
    in OpenSCAD or in mesh files, or the id of a starter design. Then each component is
    matched as the design asks, with bought things and hand work. What you ask beside
    holds for every component, and for the place of assembly.

    Example: nearmade match frame.stl --network examples/networks/demo.json
    --to "Nairobi, KE"
    """
    file = _file_or_design(file)
    place = one_place(to)
    facilities, left_out = network_given(network)
    wishes = wishes_of(place, properties, wish)
    offered = {machine.process for each in facilities for machine in each.machines}
    said = Open(
        None if process is None else requested_process(process, offered),
        named_materials(materials, facilities),
        infill,
    )
    if is_design(file):
        match_design(
            file,
            facilities,
            place,
            said=said,
            wishes=wishes,
            quantity=quantity,
            left_out=left_out,
            as_json=as_json,
        )
        return
    demand = _demand(file, said, wishes, quantity)
    requirement = requirement_of(demand, wishes)
    answer = answer_part(
        demand, requirement, facilities, place, datetime.now(UTC), rates=latest_rates()
    )
    result = {
        "part": file.name,
        "to": place_record(place),
        "quantity": quantity,
        "matches": [match_record(each) for each in answer.matches],
        "refusals": refusal_records(answer.refusals, facilities),
        "unknowns": unknown_records(answer.unknowns, facilities),
        "near_misses": near_miss_records(answer.near_misses),
        "left_out": left_out,
    }
    emit(result, f"To {place}: {answer_lines(answer)}", as_json=as_json)


def _file_or_design(file: Path) -> Path:
    """Give a path that is there, or the folder of the starter design of that id.

    Raises
    ------
    NotFound
        When it is neither.
    """
    if file.exists():
        return file
    if len(file.parts) == 1 and not file.suffix:
        return find_design(str(file))
    raise NotFound(
        f"{file}: there is no such file",
        remedy="name a mesh file, a design, or the id of a starter design",
    )


def _demand(file: Path, said: Open, wishes: Wishes, quantity: int) -> PartDemand:
    """Measure a mesh file; what the call does not say is taken as usual."""
    process = USUAL_PROCESS if said.process is None else said.process
    materials = said.materials
    if not materials and wishes.properties:
        materials = suitable_materials(wishes.properties)
    elif not materials:
        materials = usual_materials(process)
    infill = said.infill_fraction
    return PartDemand(
        PartName(file.stem),
        file.name,
        quantity,
        materials,
        process,
        check_makeable(
            admit(read_given(file), file.name).facts, file.name, but=OF_LAYERS
        ),
        USUAL_INFILL_FRACTION if infill is None else infill,
    )
