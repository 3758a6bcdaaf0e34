"""The one forecast that an agent decides by: online when there is one, else its own."""

from __future__ import annotations

import logging
from datetime import datetime

from nearmade.energy.forecast.port import SunCourses, SunForecast
from nearmade.vocabulary.errors import Unavailable

log = logging.getLogger(__name__)


class SiteForecast:
    """Fills ``SunForecast`` with the first of two that can tell.

    Parameters
    ----------
    own
        Always tells.
    online
        None where no service is asked.
    """

    def __init__(self, own: SunForecast, online: SunForecast | None) -> None:
        self._own = own
        self._online = online
        self.note = ""

    def foretell(self, at: datetime, steps: int) -> SunCourses:
        """Give the online forecast, or the site's own and say in ``note`` why."""
        if self._online is None:
            return self._own.foretell(at, steps)
        try:
            courses = self._online.foretell(at, steps)
        except Unavailable as error:
            self._say(f"decides by its own forecast: {error.message}")
            return self._own.foretell(at, steps)
        self._say("")
        return courses

    def _say(self, words: str) -> None:
        """Keep why the online forecast is not used; tell it when it is new."""
        if words and words != self.note:
            log.warning("%s", words)
        self.note = words
