"""What ``nearmade profiles`` says of machines of other processes than FDM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from nearmade.quoting.limits import process_limits
from nearmade.quoting.processes.catalogue import (
    MACHINES,
    WORDS,
    ProcessMachine,
    materials_of,
    rates_of,
)

#: What ``--process`` takes for a process's code.
_WORD_OF: Final = {code: word for word, code in WORDS.items()}


def of_process(word: str | None) -> list[ProcessMachine]:
    """Give the machines of one process, or of all where none is named."""
    return [each for each in MACHINES if word in (None, _WORD_OF[each.process])]


def machine_record(machine: ProcessMachine) -> dict[str, object]:
    """Give one machine as plain values for JSON."""
    materials = materials_of(machine)
    rates = rates_of(machine, materials[0])
    return {
        "id": machine.id,
        "title": machine.title,
        "process": machine.process,
        "build_volume_mm": list(process_limits(machine).build_mm),
        "layer_mm": process_limits(machine).layer_mm or None,
        "materials": list(materials),
        "power_w": machine.power_w.value,
        "source": machine.source,
        "rates": {
            "currency": rates.currency,
            "machine_hour": str(rates.machine_hour),
            "labour_hour": str(rates.labour_hour),
            "evidence": rates.evidence.as_dict(),
        },
    }


def table(machines: Sequence[ProcessMachine]) -> list[str]:
    """List machines for people, one in a line."""
    lines = [f"{'machine':<20}{'--process':<11}{'room for parts mm':<22}what"]
    lines += [
        f"{each.id:<20}{_WORD_OF[each.process]:<11}{_room(each):<22}{each.title}"
        for each in machines
    ]
    return lines


def page(machine: ProcessMachine) -> list[str]:
    """Tell one machine for people."""
    materials = materials_of(machine)
    rates = rates_of(machine, materials[0])
    layer_mm = process_limits(machine).layer_mm
    layers = f", layers of {layer_mm:g} mm" if layer_mm else ""
    word = _WORD_OF[machine.process]
    asks = f"{rates.machine_hour} {rates.currency} an hour"
    return [
        click.style(machine.title, bold=True),
        f"  {machine.process}; takes parts up to {_room(machine)} mm{layers}",
        f"  works {', '.join(materials)}",
        f"  draws {machine.power_w.value:.0f} W at work",
        f"  asks {asks}: {rates.evidence.source}",
        f"  source: {machine.source}",
        f"  quote with: nearmade quote FILE --process {word} --machine {machine.id}",
    ]


def _room(machine: ProcessMachine) -> str:
    return " x ".join(f"{side:g}" for side in process_limits(machine).build_mm)
