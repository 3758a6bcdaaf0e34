"""The port that every forecast of the sun fills, and the courses that it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import numpy as np

from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import InvalidInput

#: Name of a site's own forecast; it is cautious by itself.
OWN: Final = "own"


@dataclass(frozen=True, slots=True, eq=False)
class SunCourses:
    """How the panels may go on from a moment, each course equally likely.

    Parameters
    ----------
    begins_at
        Of the first step, aware.
    issued_at
        When what they rest on was known, aware.
    paths_w
        Shape (k, steps), in steps of five minutes; k is 0 where nothing is known. [W]
    kind
        Which forecast it is, a word that does not change, as in ``own``.
    source
        What the courses are, for people.

    Raises
    ------
    InvalidInput
        When a moment has no zone, or a power is no number or below zero.
    """

    begins_at: datetime
    issued_at: datetime
    paths_w: Array
    kind: str
    source: str

    def __post_init__(self) -> None:
        if self.begins_at.tzinfo is None or self.issued_at.tzinfo is None:
            raise InvalidInput("forecast: moments need a zone")
        if self.paths_w.ndim != 2 or not bool(np.all(self.paths_w >= 0)):
            raise InvalidInput("forecast: courses must be (k, steps), zero or more")
        if not bool(np.all(np.isfinite(self.paths_w))):
            raise InvalidInput("forecast: courses must be finite")

    @property
    def known(self) -> bool:
        """True when there is any course."""
        return len(self.paths_w) > 0

    def energies_wh(self, first: int, last: int) -> Array:
        """Give what each course brings from one step up to another, shape (k,). [Wh]"""
        found: Array = self.paths_w[:, first:last].sum(axis=1) * (STEP_S / 3600.0)
        return found

    def step_of(self, at: datetime) -> int:
        """Give the step in which a moment lies, below zero before the first."""
        return (at - self.begins_at) // timedelta(seconds=STEP_S)

    def with_paths(self, paths_w: Array, source: str) -> SunCourses:
        """Give the same forecast with other courses."""
        return replace(self, paths_w=paths_w, source=source)


class SunForecast(Protocol):
    """Foretells the power of a site's panels.

    Filled by a site's own weeks (``LikeHours``), by a weather service (``OnlineSun``
    of the agent), and by the agent's choice between the two.
    """

    def foretell(self, at: datetime, steps: int) -> SunCourses:
        """Give courses of the sun from a moment on.

        Parameters
        ----------
        at
            The moment, aware.
        steps
            How many of five minutes.

        Raises
        ------
        Unavailable
            When it cannot tell now and another forecast must be asked.
        """
        ...
