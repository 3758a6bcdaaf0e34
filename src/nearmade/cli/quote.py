"""``nearmade quote``: what a mesh file takes and costs on one profile."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from nearmade.adapters.gate import Admitted, admit
from nearmade.cli.main import emit
from nearmade.facilities.facility import Tariff
from nearmade.geometry.stl import write_stl
from nearmade.quoting.build_estimate import BuildEstimate, Price
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.level2 import estimate_level2
from nearmade.quoting.plate import EDGE_MM, parts_per_build
from nearmade.quoting.price import price_build
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.money import Money

#: A plain price list for asking without a facility. Assumed, and labelled so.
PLAIN_HOUR, PLAIN_GRAM = "1.50", "0.04"


def _check_fits(extents_mm: tuple[float, float, float], profile: Profile) -> None:
    if parts_per_build(extents_mm, profile) == 0:
        part = " x ".join(f"{side:.1f}" for side in extents_mm)
        room = " x ".join(f"{side:g}" for side in profile.bed_mm)
        raise InvalidInput(
            f"part {part} mm: larger than the {room} mm of {profile.id}, "
            f"{EDGE_MM:g} mm kept free around it",
            code="larger-than-bed",
            remedy="take a larger machine's profile, or a smaller part",
        )


@click.command(
    epilog="""\b
Examples:
  nearmade quote frame.stl --profile mk3s-petg-0.20
  nearmade quote frame.stl --profile mini-pla-0.20 --level 2 --quantity 4 --json
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--profile", "profile_id", required=True, help="Machine and material.")
@click.option(
    "--level",
    type=click.Choice(["0", "1", "2"]),
    default="0",
    show_default=True,
    help="0 closed form, 1 sampled layers, 2 the slicer.",
)
@click.option(
    "--quantity",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Parts.",
)
@click.option("--infill", type=click.FloatRange(0, 1), help="Infill share, 0..1.")
@click.option("--supports", is_flag=True, help="Slice with supports (level 2 only).")
@click.option("--hour", default=PLAIN_HOUR, show_default=True, help="One machine hour.")
@click.option("--gram", default=PLAIN_GRAM, show_default=True, help="One gram.")
@click.option("--currency", default="EUR", show_default=True, help="ISO 4217 code.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of earlier slices.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    file: Path,
    profile_id: str,
    level: str,
    quantity: int,
    infill: float | None,
    supports: bool,
    hour: str,
    gram: str,
    currency: str,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Estimate feedstock, time, energy and price of FILE, each with its interval.

    The price comes from a plain price list, not from a facility: an hour, a gram.
    """
    if supports and level != "2":
        raise click.UsageError("--supports needs --level 2")
    profile = find_profile(profile_id)
    tariff = _plain_tariff(_decimal(hour), _decimal(gram), currency, profile.material)
    admitted = admit(file.read_bytes(), file.name)
    _check_fits(admitted.facts.extents_mm, profile)
    if level == "0":
        facts = admitted.facts
        build = estimate_level0(facts, profile, quantity, infill_fraction=infill)
    elif level == "1":
        build = estimate_level1(
            admitted.mesh, admitted.facts, profile, quantity, infill_fraction=infill
        )
    else:
        build = _slice(
            admitted, profile, quantity, infill=infill, supports=supports, cache=cache
        )
    price = price_build([build], tariff, [profile.material])
    emit(_figures(build, price), _page(file, profile, build, price), as_json=as_json)


def _slice(
    admitted: Admitted,
    profile: Profile,
    quantity: int,
    *,
    infill: float | None,
    supports: bool,
    cache: Path | None,
) -> BuildEstimate:
    """Slice one full plate, or what is asked for where that is less."""
    from nearmade.adapters.slicers.prusa import slice_plate

    on_plate = parts_per_build(admitted.facts.extents_mm, profile)
    sliced = slice_plate(
        [(write_stl(admitted.mesh), min(quantity, max(1, on_plate)))],
        profile,
        cache=cache,
        supports=supports,
        infill_fraction=infill,
    )
    return estimate_level2(sliced.figures, profile, quantity)


def _plain_tariff(hour: Decimal, gram: Decimal, currency: str, material: str) -> Tariff:
    """Give a price list of machine time and material only."""
    nothing = Decimal(0)
    Money(0, currency)  # refuses what is no currency
    return Tariff(
        currency=currency,
        machine_hour=hour,
        material_gram={material: gram},
        setup=nothing,
        labour_hour=nothing,
        minimum=nothing,
        margin_fraction=nothing,
    )


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError as error:
        raise click.UsageError(f"{text!r} is not an amount") from error
    if not (value.is_finite() and value >= 0):
        raise click.UsageError(f"{text!r} must be zero or more")
    return value


def _figures(build: BuildEstimate, price: Price) -> dict[str, object]:
    return {
        "profile": build.profile_id,
        "level": build.level,
        "quantity": build.quantity,
        "feedstock_mm3": build.feedstock_mm3.as_dict(),
        "mass_g": build.mass_g.as_dict(),
        "time_s": build.time_s.as_dict(),
        "energy_wh": build.energy_wh.as_dict(),
        "price": {
            "value": float(price.total.amount),
            "low": float(price.low.amount),
            "high": float(price.high.amount),
            "currency": price.total.currency,
            "tariff": "plain",
        },
    }


def _page(file: Path, profile: Profile, build: BuildEstimate, price: Price) -> str:
    def row(name: str, figure: Estimate, scale: float, unit: str) -> str:
        value, low, high = (x / scale for x in (figure.value, figure.low, figure.high))
        return f"  {name:<11}{value:9.2f} {unit:<4}({low:.2f} to {high:.2f})"

    title = click.style(f"{file.name} x {build.quantity}", bold=True)
    lines = [
        f"{title}, {profile.title}, level {build.level}",
        row("feedstock", build.feedstock_mm3, 1000, "cm3"),
        row("mass", build.mass_g, 1, "g"),
        row("time", build.time_s, 3600, "h"),
        row("energy", build.energy_wh, 1000, "kWh"),
        f"  {'price':<11}{price.total} ({price.low} to {price.high}), plain price list",
    ]
    return "\n".join(lines)
