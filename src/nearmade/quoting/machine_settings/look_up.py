"""Put a profile's print settings together from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.quoting.machine_settings.extras import ADHESION, SUPPORTS
from nearmade.quoting.machine_settings.limits import MOTION, RETRACTION
from nearmade.quoting.machine_settings.lines import LINES, SHELLS
from nearmade.quoting.machine_settings.paces import SPEEDS
from nearmade.quoting.machine_settings.rows import ROWS
from nearmade.quoting.print_settings import PrintSettings
from nearmade.vocabulary.identity import ProfileId

#: Tables in the order of a row.
_GROUPS = 7


@dataclass(frozen=True, slots=True)
class Feedstock:
    """What a profile asks of its material.

    Parameters
    ----------
    nozzle_degc, bed_degc
        Highest temperatures it asks for. [degC]
    """

    nozzle_degc: float
    bed_degc: float


def settings_of(profile_id: ProfileId) -> PrintSettings:
    """Give the print settings of a profile in the tables."""
    row = ROWS[profile_id]
    lines, shells, speeds, motion, retraction, adhesion, supports = map(
        int, row[:_GROUPS]
    )
    return PrintSettings(
        lines=LINES[lines],
        shells=SHELLS[shells],
        speeds=SPEEDS[speeds],
        motion=MOTION[motion],
        retraction=RETRACTION[retraction],
        adhesion=ADHESION[adhesion],
        supports=SUPPORTS[supports],
        nozzle_mm=row[_GROUPS],
        filament_mm=row[_GROUPS + 1],
        flow=row[_GROUPS + 2],
    )


def feedstock_of(profile_id: ProfileId) -> Feedstock:
    """Give temperatures of a profile in the tables."""
    return Feedstock(*ROWS[profile_id][_GROUPS + 3 :])
