"""When a file changes what draws power: heaters, fan, layers."""

from __future__ import annotations

from nearmade.energy.load.machine_load import WorkTimes
from nearmade.production.timeline import timeline


def work_times(content: bytes, *, total_s: float | None = None) -> WorkTimes:
    """Read from a file when it sets heaters and fan and when its layers begin.

    The set-points that a file heats up to, before its first layer, hold from the
    beginning. Any bytes give times: what cannot be read is passed over.

    Parameters
    ----------
    content
        G-code.
    total_s
        Time of the moves; by default what the slicer wrote, else a bare estimate. [s]

    Raises
    ------
    InvalidInput
        When a time is out of range.
    """
    read = timeline(content, total_s=total_s)
    first_s = read.layer_starts_s[0] if read.layer_starts_s else 0.0

    def steps(heater: str, first_degc: float) -> list[tuple[float, float]]:
        later = [
            (at_s, degc)
            for at_s, name, degc in read.heat_steps
            if name == heater and at_s > first_s
        ]
        return [(0.0, first_degc), *later]

    return WorkTimes(
        moves_s=read.moves_s,
        bed_steps=steps("bed", read.first_bed_degc),
        nozzle_steps=steps("nozzle", read.first_nozzle_degc),
        fan_steps=read.fan_steps,
        layer_starts_s=read.layer_starts_s,
    )
