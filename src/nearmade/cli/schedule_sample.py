"""``nearmade schedule sample``: invent a site, to try schedule and energy."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nearmade.cli.main import emit
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.planning.site.sample import KINDS, Kind, SiteWish, sample_site
from nearmade.vocabulary.identity import sha256_of


@click.command(
    "sample",
    epilog="""\b
Examples:
  nearmade schedule sample --kind off-grid --out school.json
  nearmade schedule sample --kind farm --machines 6 --builds 40 --out farm.json
  nearmade schedule sample --kind van --seed 7 --out van.json
""",
)
@click.option(
    "--kind",
    default=KINDS[1],
    show_default=True,
    type=click.Choice(KINDS),
    help="On a grid with panels, on sun and battery, or on the road.",
)
@click.option("--machines", default=2, show_default=True, type=int)
@click.option("--builds", default=8, show_default=True, type=int)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@out_option("The file to write.", required=True)
@force_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    kind: Kind,
    machines: int,
    builds: int,
    seed: int,
    out: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Invent a site with machines, builds and power: the same seed, the same file.

    Everything in it is made up. nearmade schedule and nearmade energy both read it.
    """
    wish = SiteWish(kind, machines, builds, seed)
    check_target(out, force=force)
    content = json.dumps(sample_site(wish), indent=1).encode() + b"\n"
    write_new(out, content, force=force)
    found = {
        "file": str(out),
        "sha256": sha256_of(content),
        "kind": kind,
        "machines": machines,
        "builds": builds,
    }
    page = f"{out}: an invented {kind} site, {machines} machines, {builds} builds"
    emit(found, page, as_json=as_json)
