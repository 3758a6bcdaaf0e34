"""What is kept in a battery, and what is lost on the way out of it."""

from __future__ import annotations

from typing import Final

#: Efficiency from battery to plug. Assumed.
OUT_FRACTION: Final = 0.95

#: State of charge at which the load is cut off and the build is ruined.
CUTOFF_FRACTION: Final = 0.10

#: Kept above the cut-off for what the estimate does not know.
SPARE_FRACTION: Final = 0.05

#: A battery this full counts as full: a build that needs more than this does not fit.
FULL_FRACTION: Final = 0.98
