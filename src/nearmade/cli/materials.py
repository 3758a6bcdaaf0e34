"""``nearmade materials``: what materials weigh, stand and replace, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from nearmade.cli.main import emit
from nearmade.cli.match_wish import read_properties
from nearmade.matching.material_gates import (
    NO,
    UNKNOWN,
    YES,
    check_properties,
    property_level,
)
from nearmade.matching.substitution import substitutes
from nearmade.vocabulary.material import Material
from nearmade.vocabulary.materials import MATERIALS, find_material
from nearmade.vocabulary.processes import process_title, requested_process, satisfies

#: What is a typical value of the plain grade, and no promise.
_FIGURES = frozenset(
    {
        "density_g_cm3",
        "heat_deflection_degc",
        "price_usd_per_kg",
        "nozzle_degc",
        "bed_degc",
    }
)
_ANSWERS = {YES: "yes", UNKNOWN: "unknown", NO: "no"}


@click.command(
    epilog="""\b
Examples:
  nearmade materials --process FDM --property heat_deflection_degc=80
  nearmade materials PLA --property outdoor
  nearmade materials stainless --json
"""
)
@click.argument("material", required=False)
@click.option("--process", help="Only what this process works; told of MATERIAL.")
@click.option(
    "--property",
    "wishes",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="What it must be, such as outdoor or heat_deflection_degc=80; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")
def command(
    material: str | None, process: str | None, wishes: tuple[str, ...], as_json: bool
) -> None:
    """List materials, or one MATERIAL with its figures and what may replace it.

    A figure that is not known is left out, and no answer is made of it: where a
    property is asked for that nobody states, the answer is unknown.
    """
    wanted = read_properties(wishes)
    check_properties(wanted)
    code = "" if process is None else requested_process(process)
    if material is not None:
        found = find_material(material)
        record = _record(found, wanted) | {
            "asked_process": code or None,
            "worked": _worked(found, code) if code else None,
            "substitutes": [
                {"material": s.material, "reason": s.reason, "source": s.source}
                for s in substitutes(found.code, code, wanted)
            ],
        }
        emit(record, "\n".join(_page(found, record)), as_json=as_json)
        return
    chosen = [each for each in MATERIALS.values() if _worked(each, code)]
    fit = [each for each in chosen if property_level(each.code, wanted) != NO]
    fit.sort(key=lambda each: -property_level(each.code, wanted))
    lines = [f"{'material':<22}{'g/cm3':>6}{'holds degC':>12}{'USD/kg':>12}  fit"]
    lines.insert(0, "Typical figures; nearmade materials NAME tells their sources.")
    lines += [_line(each, wanted) for each in fit]
    records = [_record(each, wanted) for each in fit]
    emit({"materials": records}, "\n".join(lines), as_json=as_json)


def _worked(material: Material, process: str) -> bool:
    return not process or any(satisfies(each, process) for each in material.processes)


def _record(material: Material, wanted: Mapping[str, object]) -> dict[str, object]:
    return {
        "code": material.code,
        "title": material.title,
        "family": material.family,
        "density_g_cm3": material.density_g_cm3,
        "heat_deflection_degc": material.heat_deflection_degc,
        "food_contact": material.food_contact,
        "skin_contact": material.skin_contact,
        "flexible": material.flexible,
        "outdoor": material.outdoor,
        "recycling_code": material.recycling_code or None,
        "hazards": list(material.hazards),
        "price_usd_per_kg": material.price_usd_per_kg,
        "nozzle_degc": material.nozzle_degc,
        "bed_degc": material.bed_degc,
        "needs_chamber": material.needs_chamber,
        "processes": list(material.processes),
        "aliases": list(material.aliases),
        "source": material.source,
        "answer": _ANSWERS[property_level(material.code, wanted)] if wanted else None,
    }


def _line(material: Material, wanted: Mapping[str, object]) -> str:
    band = material.price_usd_per_kg
    price = "-" if band is None else f"{band[0]:g} to {band[1]:g}"
    answer = _ANSWERS[property_level(material.code, wanted)] if wanted else ""
    return (
        f"{material.code:<22}{_figure(material.density_g_cm3):>6}"
        f"{_figure(material.heat_deflection_degc):>12}{price:>12}  {answer}"
    ).rstrip()


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _page(material: Material, record: Mapping[str, object]) -> Iterator[str]:
    yield f"{material.code}: {material.title} ({material.family})"
    skipped = {"code", "title", "family", "substitutes", "aliases", "source"}
    skipped |= {"asked_process", "worked", "processes"}
    if record["asked_process"] is not None:
        named = process_title(str(record["asked_process"]))
        does = "works it" if record["worked"] else "does not usually work it"
        yield f"  {'asked process':<22}{named} {does}"
    ways = ", ".join(map(process_title, material.processes))
    yield f"  {'usually worked by':<22}{ways or 'not known'}"
    for name, value in record.items():
        if name in skipped or value is None or value == []:
            continue
        told = f"{_words(value)} (typical)" if name in _FIGURES else _words(value)
        yield f"  {name:<22}{told}"
    yield f"  {'also called':<22}{', '.join(material.aliases)}"
    yield f"  {'source':<22}{material.source}"
    offered = record["substitutes"]
    assert isinstance(offered, list)
    for each in offered:
        yield f"- {each['reason']} ({each['source']})"


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, tuple):
        return " to ".join(f"{each:g}" for each in value)
    return str(value)
