"""``nearmade customise``: set a design's parameters and write its meshes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.design_folder import (
    MANIFEST,
    Instance,
    LoadedDesign,
    customise,
    load_design,
)
from nearmade.adapters.examples import designs_dir, list_designs
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit
from nearmade.cli.targets import (
    check_folder,
    check_target,
    force_option,
    out_option,
    write_new,
)
from nearmade.designs.assemble import ASSEMBLY
from nearmade.designs.values import canonical
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.identity import sha256_of


@click.command(
    "customise",
    epilog="Exit codes: 0 done, 2 a value or part is refused, "
    "3 no such design, 6 no engine or too slow.",
)
@click.argument("design")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter; may be repeated.",
)
@click.option(
    "--preset", metavar="NAME", help="Start from one of the design's presets."
)
@out_option("Folder for the meshes; made when missing.", required=True, folder=True)
@force_option
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder where rendered meshes are kept.",
)
@click.option(
    "--wall-s", default=60.0, show_default=True, help="Seconds that one part may take."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    design: str,
    settings: tuple[str, ...],
    preset: str | None,
    out: Path,
    force: bool,
    cache: Path | None,
    wall_s: float,
    as_json: bool,
) -> None:
    """Set the parameters of DESIGN and write one STL a part.

    DESIGN is a folder with an okh.toml, or the id of a starter design.

    Example: nearmade customise spectacles --set pupillary_distance=62 --out frame
    """
    loaded = load_design(find_design(design))
    values = {**preset_values(loaded, preset), **given_values(settings)}
    _check_out(loaded, out, force=force)
    make_folder(cache)
    instance = customise(
        loaded, values, cache=cache, progress=_say_progress, wall_s=wall_s
    )
    result = _write(loaded, instance, out, force=force)
    lines = [f"{loaded.design.title} {loaded.design.version}, instance {instance.key}"]
    lines += [
        f"{part['file']}  x{part['quantity']}  {part['sha256']}"
        for part in result["parts"]
    ]
    emit(result, "\n".join(lines), as_json=as_json)


def find_design(design: str) -> Path:
    """Find a design: a folder with a manifest, else an id of the starter catalogue.

    Raises
    ------
    NotFound
        Naming the starter designs.
    """
    folder = Path(design)
    if (folder / MANIFEST).is_file():
        return folder
    known = {path.name: path for path in list_designs()}
    if design in known:
        return known[design]
    raise NotFound(
        f"no design {design!r}: neither a folder with {MANIFEST} nor a starter design",
        code="design-not-found",
        remedy=f"starter designs in {designs_dir()}: {', '.join(known) or 'none'}",
    )


def given_values(settings: tuple[str, ...]) -> dict[str, str]:
    """Split ``name=value`` pairs; the value may hold further equals signs.

    Raises
    ------
    InvalidInput
        When a pair has no equals sign, or a name comes twice.
    """
    given: dict[str, str] = {}
    for pair in settings:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise InvalidInput(f"--set {pair!r}: must be NAME=VALUE")
        if name in given:
            raise InvalidInput(f"--set {name}: is given twice")
        given[name] = value
    return given


def preset_values(loaded: LoadedDesign, preset: str | None) -> Mapping[str, object]:
    """Give the values of a preset; none when no preset is named.

    Raises
    ------
    NotFound
        Naming the presets that the design has.
    """
    if preset is None:
        return {}
    if preset not in loaded.design.presets:
        names = ", ".join(loaded.design.presets) or "none"
        raise NotFound(
            f"design {loaded.design.id} has no preset {preset!r}; it has {names}",
            code="preset-not-found",
        )
    return loaded.design.presets[preset]


def _say_progress(done: int, total: int, what: str) -> None:
    """Tell people on stderr how far it is."""
    click.echo(f"{done} of {total} rendered{f': {what}' if what else ''}", err=True)


def _check_out(loaded: LoadedDesign, out: Path, *, force: bool) -> None:
    """Refuse a folder that the meshes cannot be written to, before they are made."""
    check_folder(out)
    if out.is_dir():
        for name in (*(part.name for part in loaded.design.parts), ASSEMBLY):
            check_target(out / f"{name}.stl", force=force)


def _write(
    loaded: LoadedDesign, instance: Instance, out: Path, *, force: bool
) -> dict[str, Any]:
    """Write the meshes and give the result as plain values."""
    parts: list[dict[str, Any]] = []
    meshes: dict[str, bytes] = {}
    for rendered in instance.parts:
        file = f"{rendered.part.name}.stl"
        meshes[file] = rendered.stl
        parts.append(
            {
                "name": rendered.part.name,
                "title": rendered.part.title,
                "quantity": rendered.part.quantity,
                "file": str(out / file),
                "sha256": rendered.sha256,
                "engine": rendered.engine,
            }
        )
    assembly = None
    if instance.assembly_stl is not None:
        file = f"{ASSEMBLY}.stl"
        meshes[file] = instance.assembly_stl
        assembly = {
            "file": str(out / file),
            "sha256": sha256_of(instance.assembly_stl),
        }
    make_folder(out)
    for file, stl in meshes.items():
        write_new(out / file, stl, force=force)
    return {
        "design": loaded.design.id,
        "version": loaded.design.version,
        "design_sha256": loaded.sha256,
        "instance": instance.key,
        "values": canonical(instance.values),
        "parts": parts,
        "assembly": assembly,
    }
