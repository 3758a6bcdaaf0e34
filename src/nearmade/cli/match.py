"""``nearmade match``: who in a network can make a part, and who cannot, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import click

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.gate import admit
from nearmade.adapters.network_file import load_network
from nearmade.adapters.places import one_place
from nearmade.cli.figures import Figure
from nearmade.cli.files import read_given
from nearmade.cli.main import emit
from nearmade.cli.match_design import is_design, match_design
from nearmade.cli.match_records import (
    answer_lines,
    match_record,
    near_miss_records,
    place_record,
    refusal_records,
    unknown_records,
)
from nearmade.cli.match_wish import Wish, read_property, requirement_of, wish_options
from nearmade.matching.material_gates import check_properties, suitable_materials
from nearmade.matching.materials import named_materials, usual_materials
from nearmade.planning.matching_answer import answer_part
from nearmade.planning.site_work import PartDemand
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.processes import requested_process


@click.command(
    "match",
    epilog="Exit codes: 0 answered, also when nobody can; 2 the file is refused, "
    "3 no such place or network.",
)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--network",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Facilities as JSON, such as examples/networks/demo.json.",
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
    "--process", default="FDM", show_default=True, help="Process that it asks for."
)
@click.option(
    "--quantity", default=1, show_default=True, type=click.IntRange(1, 1_000_000)
)
@click.option("--infill", default=0.2, show_default=True, type=Figure(0, 1))
@wish_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    file: Path,
    network: Path,
    to: str,
    materials: tuple[str, ...],
    process: str,
    quantity: int,
    infill: float,
    properties: tuple[str, ...],
    as_json: bool,
    **wish: Unpack[Wish],
) -> None:
    """Match the mesh FILE to the machines of a network, the best score first.

    FILE may be the folder of a design with its okh.toml: then each component is
    matched as the design asks, with bought things and hand work.

    Example: nearmade match frame.stl --network examples/networks/demo.json
    --to "Nairobi, KE"
    """
    place = one_place(to)
    facilities = load_network(network)
    if is_design(file):
        match_design(file, facilities, place, quantity=quantity, as_json=as_json)
        return
    must_be: dict[str, object] = dict(map(read_property, properties))
    check_properties(must_be)
    offered = {machine.process for each in facilities for machine in each.machines}
    wanted = requested_process(process, offered)
    if materials:
        allowed = named_materials(materials, facilities)
    elif must_be:
        allowed = suitable_materials(must_be)
    else:
        allowed = usual_materials(wanted)
    facts = check_makeable(admit(read_given(file), file.name).facts, file.name)
    demand = PartDemand(
        PartName(file.stem), file.name, quantity, allowed, wanted, facts, infill
    )
    requirement = requirement_of(demand, place, must_be, wish)
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
    }
    emit(result, answer_lines(answer), as_json=as_json)
