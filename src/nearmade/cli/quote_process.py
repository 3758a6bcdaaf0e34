"""``nearmade quote --process``: processes other than material extrusion."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from nearmade.cli.main import one_line
from nearmade.cli.plain_list import in_currency
from nearmade.cli.quote_findings import finding_records
from nearmade.cli.repair import read_part, repair_record
from nearmade.geometry.facts import Finding
from nearmade.quoting.build_estimate import Price
from nearmade.quoting.processes.catalogue import (
    WORDS,
    estimate_on,
    find_machine,
    materials_of,
    plain_price,
    rates_of,
)
from nearmade.quoting.processes.evidence import LEVELS, Figure
from nearmade.quoting.processes.price_structures import (
    Asked,
    PublishedPrice,
    published_prices,
)
from nearmade.quoting.processes.process_estimate import PlainRates
from nearmade.screening.printability import OF_LAYERS, check_makeable

__all__ = ["WORDS", "quote_process"]

#: How people read each figure: name, divisor, unit.
_ROWS: Final = {
    "feedstock_mm3": ("feedstock", 1000.0, "cm3"),
    "mass_g": ("mass", 1.0, "g"),
    "time_s": ("machine", 3600.0, "h"),
    "ready_s": ("ready after", 3600.0, "h"),
    "hands_s": ("hands", 3600.0, "h"),
    "energy_wh": ("energy", 1000.0, "kWh"),
}


def quote_process(
    file: Path,
    word: str,
    machine_id: str | None,
    *,
    material: str | None,
    quantity: int,
    rates: tuple[Decimal | None, Decimal | None, str | None],
    mending: bool = False,
) -> tuple[dict[str, Any], str]:
    """Quote a file with another process; give plain values, and lines for people.

    ``rates`` are one machine hour, one gram and their currency, as far as given.

    Raises
    ------
    NotFound
        When the machine is not known.
    InvalidInput
        When the file is refused, or the machine cannot make it.
    """
    machine = find_machine(word, machine_id)
    chosen = material.upper() if material else materials_of(machine)[0]
    admitted, repaired = read_part(file, mending=mending)
    # Thinness is the process's own matter.
    check_makeable(admitted.facts, file.name, but=OF_LAYERS)
    asked = estimate_on(
        machine, admitted.mesh, admitted.facts, quantity, material=chosen
    )
    machine_hour, gram, currency = rates
    plain = in_currency(rates_of(machine, chosen), currency)
    price = plain_price(asked, plain, machine_hour=machine_hour, gram=gram)
    published = published_prices(asked)
    result = _values(asked, plain, price, published) | repair_record(repaired)
    return result, _page(file, asked, plain, price, published)


def _values(
    asked: Asked, rates: PlainRates, price: Price, published: list[PublishedPrice]
) -> dict[str, Any]:
    estimate = asked.estimate
    return {
        "process": estimate.process,
        "machine": estimate.machine,
        "material": estimate.material,
        "level": 0,
        "quantity": estimate.quantity,
        "builds": estimate.builds,
        **{name: figure.as_dict() for name, figure in estimate.figures().items()},
        "price": {
            "value": float(price.total.amount),
            "low": float(price.low.amount),
            "high": float(price.high.amount),
            "currency": price.total.currency,
            "tariff": "plain",
            "evidence": rates.evidence.as_dict(),
            "hands_included": not rates.labour_hour,
            "items": [
                {"code": item.code, "title": item.title, "amount": str(item.amount)}
                for item in price.items
            ],
        },
        "published_prices": [
            {
                "name": each.structure.name,
                "total": float(each.total.amount),
                "currency": each.total.currency,
                "evidence": each.structure.evidence.as_dict(),
            }
            for each in published
        ],
        "findings": finding_records(_findings(asked)),
    }


def _page(
    file: Path,
    asked: Asked,
    rates: PlainRates,
    price: Price,
    published: list[PublishedPrice],
) -> str:
    estimate = asked.estimate
    title = click.style(f"{one_line(file.name)} x {estimate.quantity}", bold=True)
    reads = LEVELS[rates.evidence.level]
    lines = [
        f"{title}, {estimate.title}, {estimate.material}, level 0: closed form",
        *(_row(name, figure) for name, figure in estimate.figures().items()),
        f"  {'price':<12}{price.total} ({price.low} to {price.high}), rates: {reads}",
        *(
            f"    {each.title}: {each.amount}"
            for each in price.items
            if each.amount.minor
        ),
        f"    {_hands_told(rates)}",
        f"    Rates: {rates.evidence.source}.",
        "  In brackets: four times in five the truth lies there.",
    ]
    if published:
        lines.append("  As others price such work, for comparison:")
    for each in published:
        amount = each.total.amount
        asks = f"{amount} (no currency)" if each.total.currency == "XXX" else each.total
        lines.append(f"    {each.structure.name}: {asks}")
    lines += [f"  {each.severity}: {each.message}" for each in _findings(asked)]
    return "\n".join(lines)


def _hands_told(rates: PlainRates) -> str:
    """Say who pays the hands."""
    if rates.labour_hour:
        hour = f"{rates.labour_hour:.2f} {rates.currency}"
        return f"Hands are priced apart, {hour} an hour."
    return "Hands are in the machine's hour; programming and drawing are not priced."


def _findings(asked: Asked) -> list[Finding]:
    """Give what to know of the mesh, and of making it this way."""
    of_mesh = [
        each
        for each in asked.facts.findings
        if each.severity == "warning" and each.code not in OF_LAYERS
    ]
    return [*of_mesh, *asked.estimate.findings]


def _row(name: str, figure: Figure) -> str:
    title, scale, unit = _ROWS[name]
    value, low, high = (
        end / scale
        for end in (
            figure.estimate.value,
            figure.estimate.low,
            figure.estimate.high,
        )
    )
    parts = sorted(figure.made_of().items(), key=lambda part: -part[1])[:3]
    total = figure.estimate.value
    shares = ", ".join(f"{each} {amount / total * 100:.0f} %" for each, amount in parts)
    return (
        f"  {title:<12}{value:9.2f} {unit:<4}({low:.2f} to {high:.2f})  "
        f"{LEVELS[figure.evidence.level]}: {shares}"
    )
