"""``nearmade quote``: what a mesh file takes and costs, on one machine or on many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.gate import Admitted
from nearmade.adapters.profile_store import known_profile
from nearmade.cli.figures import Figure
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit, one_line
from nearmade.cli.plain_list import amount, plain_tariff
from nearmade.cli.quote_findings import finding_records, findings_on, tell_findings
from nearmade.cli.quote_network import quote_at_network
from nearmade.cli.quote_process import WORDS, quote_process
from nearmade.cli.repair import read_part, repair_record
from nearmade.cli.second_opinion import ask_second, compared, told
from nearmade.facilities.facility import Tariff
from nearmade.geometry.stl import write_stl
from nearmade.quoting.build_estimate import BuildEstimate, Price
from nearmade.quoting.exchange import check_currency
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.level1 import estimate_level1, widened_for_supports
from nearmade.quoting.plate import EDGE_MM, parts_per_build, plates_of
from nearmade.quoting.price import price_build
from nearmade.quoting.processes.evidence import LEVELS, Level
from nearmade.quoting.profile import Profile
from nearmade.screening.printability import check_makeable
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate

#: Machines of a network that are listed for people.
MOST_LINES: Final = 20

#: What each level looks at.
LEVEL_READS: Final = {
    0: "closed form of areas, volume and height",
    1: "layers",
    2: "the slicer, which binds",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one profile."""

    level: str
    quantity: int
    infill: float | None
    supports: bool
    second: bool
    cache: Path | None
    mending: bool


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
  nearmade quote torn.stl --profile mk3s-petg-0.20 --repair
  nearmade quote frame.stl --profile mini-pla-0.20 --level 2 --quantity 4 --json
  nearmade quote frame.stl --process sls --machine formiga-p110
  nearmade quote frame.stl --network examples/networks/demo.json --material PETG
"""
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option("--profile", "profile_id", help="Printer, material and quality.")
@click.option("--process", type=click.Choice(list(WORDS)), help="Another process.")
@click.option(
    "--network",
    type=click.Path(path_type=Path),
    help="Every machine of a network: a file or a folder of files.",
)
@click.option("--machine", help="With --process: which machine; else the first.")
@click.option(
    "--material",
    "materials",
    multiple=True,
    help="With --process or --network; PLA in a network.",
)
@click.option(
    "--by",
    type=click.Choice(["price", "time"]),
    show_default="price",
    help="With --network: cheapest or quickest first.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    show_default="20",
    help="With --network: lines for people.",
)
@click.option(
    "--level",
    type=click.Choice(["0", "1", "2"]),
    default="0",
    show_default=True,
    help="0 closed form, 1 layers, 2 the slicer.",
)
@click.option(
    "--quantity",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="Parts.",
)
@click.option("--infill", type=Figure(0, 1), help="Infill share, 0..1.")
@click.option("--supports", is_flag=True, help="Count supports (levels 1 and 2).")
@click.option(
    "--second-opinion",
    "second",
    is_flag=True,
    help="Ask CuraEngine too (level 2 only).",
)
@click.option("--repair", "mending", is_flag=True, help="Mend a broken part first.")
@click.option(
    "--hour",
    metavar="AMOUNT",
    help="Price of one machine hour, in --currency; else the process's own, or 1.50 "
    "EUR.",
)
@click.option(
    "--gram",
    metavar="AMOUNT",
    help="Price of one gram of material, in --currency; else the process's own, or "
    "0.04 EUR.",
)
@click.option(
    "--currency",
    metavar="CODE",
    help="ISO 4217 code of the price, and of --hour and --gram; the plain list is "
    "converted at the ECB's rates. Else the process's own, or EUR.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of earlier slices.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    file: Path,
    profile_id: str | None,
    process: str | None,
    network: Path | None,
    machine: str | None,
    materials: tuple[str, ...],
    by: str | None,
    most: int | None,
    level: str,
    quantity: int,
    infill: float | None,
    supports: bool,
    second: bool,
    mending: bool,
    hour: str | None,
    gram: str | None,
    currency: str | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Estimate feedstock, time, energy and price of FILE, each with its interval.

    Ask one print profile, another process, or every machine of a network. Without a
    network the price comes from a plain price list, not from a facility.
    """
    asked = _Asked(level, quantity, infill, supports, second, cache, mending)
    _check_options(
        profile_id,
        process,
        network,
        machine=machine,
        materials=materials,
        asked=asked,
        rates=(hour, gram, currency),
        listing=(by, most),
    )
    rates = amount("--hour", hour), amount("--gram", gram), currency
    if process is not None:
        result, page = quote_process(
            file,
            process,
            machine,
            material=materials[0] if materials else None,
            quantity=quantity,
            rates=rates,
            mending=mending,
        )
    elif network is not None:
        result, page = quote_at_network(
            file,
            network,
            materials=materials or ("PLA",),
            quantity=quantity,
            infill_fraction=infill,
            by="time" if by == "time" else "price",
            most=most or MOST_LINES,
            mending=mending,
        )
    else:
        profile = known_profile(profile_id or "")
        tariff = plain_tariff(*rates, profile.material)
        result, page = _quote_profile(file, profile, asked, tariff)
    emit(result, page, as_json=as_json)


def _check_options(
    profile_id: str | None,
    process: str | None,
    network: Path | None,
    *,
    machine: str | None,
    materials: tuple[str, ...],
    asked: _Asked,
    rates: tuple[str | None, ...],
    listing: tuple[str | int | None, ...],
) -> None:
    """Refuse options that would be passed over in silence, and unknown currencies."""
    if rates[2] is not None:
        check_currency(rates[2], latest_rates())
    if [profile_id, process, network].count(None) != 2:
        raise click.UsageError("give one of --profile, --process and --network")
    if asked.supports and asked.level == "0":
        raise click.UsageError("--supports needs --level 1 or 2")
    if asked.second and asked.level != "2":
        raise click.UsageError("--second-opinion needs --level 2")
    if profile_id is None and asked.level != "0":
        raise click.UsageError("--level needs --profile; the others know level 0 only")
    if machine is not None and process is None:
        raise click.UsageError("--machine needs --process")
    if materials and profile_id is not None:
        raise click.UsageError("--material: the profile says which it is")
    if len(materials) > 1 and network is None:
        raise click.UsageError("--material: one only, without a network")
    if asked.infill is not None and process is not None:
        raise click.UsageError("--infill: parts of that process are solid")
    if network is None and any(one is not None for one in listing):
        raise click.UsageError("--by and --most need --network")
    if asked.cache is not None and asked.level != "2":
        raise click.UsageError("--cache needs --level 2: only slices are kept")
    if network is not None and any(rate is not None for rate in rates):
        raise click.UsageError("--hour, --gram, --currency: facilities have their own")


def _quote_profile(
    file: Path, profile: Profile, asked: _Asked, tariff: Tariff
) -> tuple[dict[str, object], str]:
    """Estimate at the level asked for; give plain values, and lines for people."""
    admitted, repaired = read_part(file, mending=asked.mending)
    facts = check_makeable(admitted.facts, file.name, layer_mm=profile.layer_mm)
    _check_fits(facts.extents_mm, profile)
    findings = findings_on(facts, profile, supports=asked.supports)
    tell_findings(findings)
    if asked.level == "0":
        build = estimate_level0(
            facts, profile, asked.quantity, infill_fraction=asked.infill
        )
    elif asked.level == "1":
        build = estimate_level1(
            admitted.mesh,
            facts,
            profile,
            asked.quantity,
            infill_fraction=asked.infill,
            supports=asked.supports,
        )
    else:
        build = _slice(admitted, profile, asked)
    price = price_build([build], tariff, [profile.material])
    known = _evidence(profile, build.level, supports=asked.supports)
    figures = _figures(build, price, known)
    figures["findings"] = finding_records(findings)
    figures |= repair_record(repaired)
    page = _page(file, profile, build, price, known)
    if asked.second:
        opinion = ask_second(
            admitted, profile, infill=asked.infill, supports=asked.supports
        )
        figures["second_opinion"] = compared(opinion, build, profile)
        page = f"{page}\n{told(opinion, build, profile)}"
    return figures, page


def _slice(admitted: Admitted, profile: Profile, asked: _Asked) -> BuildEstimate:
    """Slice one full plate and the rest, or what is asked for where that is less."""
    from nearmade.adapters.slicers.prusa import slice_copies

    make_folder(asked.cache)
    plates = plates_of(admitted.facts.extents_mm, profile, asked.quantity)
    if asked.quantity > 1:
        told = " and ".join(f"a plate of {copies}" for copies in plates)
        click.echo(f"slicing {told}; this may take minutes", err=True)
    return slice_copies(
        write_stl(admitted.mesh),
        profile,
        asked.quantity,
        cache=asked.cache,
        supports=asked.supports,
        infill_fraction=asked.infill,
    )


def _evidence(profile: Profile, level: int, *, supports: bool) -> dict[str, str]:
    """Say how well the figures are known: of the slicer, and beyond it."""
    level1 = profile.level1
    if supports:
        level1 = profile.level1_supported or widened_for_supports(level1)
    spreads = {
        0: (profile.level0.volume_spread, profile.level0.time_spread),
        1: (level1.volume_spread, level1.time_spread),
    }.get(level, ())
    known: Level = "assumed" if any(each.assumed for each in spreads) else "measured"
    sources = [each.source for each in spreads] or ["sliced by PrusaSlicer"]
    beyond = profile.time_reality
    return {
        "level": known,
        "reads": LEVELS[known],
        "source": "; ".join(dict.fromkeys(sources)),
        "beyond_slicer": beyond.source
        if beyond.source.startswith("assumed") or not beyond.assumed
        else f"assumed: {beyond.source}",
    }


def _figures(
    build: BuildEstimate, price: Price, known: dict[str, str]
) -> dict[str, object]:
    return {
        "profile": build.profile_id,
        "level": build.level,
        "quantity": build.quantity,
        "evidence": known,
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
            "items": [
                {"code": item.code, "title": item.title, "amount": str(item.amount)}
                for item in price.items
            ],
        },
    }


def _page(
    file: Path,
    profile: Profile,
    build: BuildEstimate,
    price: Price,
    known: dict[str, str],
) -> str:
    def row(name: str, figure: Estimate, scale: float, unit: str) -> str:
        value, low, high = (x / scale for x in (figure.value, figure.low, figure.high))
        return f"  {name:<11}{value:9.2f} {unit:<4}({low:.2f} to {high:.2f})"

    title = click.style(f"{one_line(file.name)} x {build.quantity}", bold=True)
    lines = [
        f"{title}, {profile.title}, level {build.level}: {LEVEL_READS[build.level]}",
        row("feedstock", build.feedstock_mm3, 1000, "cm3"),
        row("mass", build.mass_g, 1, "g"),
        row("time", build.time_s, 3600, "h"),
        row("energy", build.energy_wh, 1000, "kWh"),
        f"  {'price':<11}{price.total} ({price.low} to {price.high}), plain price list",
        *(
            f"    {each.title}: {each.amount}"
            for each in price.items
            if each.amount.minor
        ),
        "  In brackets: four times in five the truth lies there.",
        f"  Evidence: {known['reads']} ({known['source']});",
        f"    beyond the slicer {known['beyond_slicer']}.",
    ]
    return "\n".join(lines)
