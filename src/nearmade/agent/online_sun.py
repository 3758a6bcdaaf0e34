"""The forecast of a weather service: fetched beside the loop, kept over restarts."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Final

from nearmade.adapters.forecasts.open_meteo import OpenMeteo
from nearmade.agent.store import Store
from nearmade.energy.deciding.outlook import STEP_S
from nearmade.energy.forecast.port import SunCourses
from nearmade.energy.forecast.sky_ensemble import SkyEnsemble, ensemble_power_w
from nearmade.energy.panels.panel import Panel
from nearmade.energy.sky.sun import Array
from nearmade.vocabulary.errors import NearmadeError, Unavailable

#: Its name in the log of forecasts, and that of the last answer in the store.
ONLINE: Final = "online"
KEPT: Final = "sun-online"

#: An older forecast is not decided by.
OLDEST: Final = timedelta(hours=12)
#: After a failure it is asked again so much later.
AGAIN: Final = timedelta(minutes=15)
#: The very first answer is waited for so long. [s]
FIRST_S: Final = 5.0


class OnlineSun:
    """Fills ``SunForecast`` from a service; asks it anew every few hours.

    Parameters
    ----------
    service
        Asked in a thread of its own: a slow answer holds no printer up.
    panel
        Of the site.
    store
        Keeps the last good answer.
    refresh_h
        Pause between two good answers. [h]
    pool
        Where it is asked; a thread of its own when None.
    """

    def __init__(
        self,
        service: OpenMeteo,
        panel: Panel,
        store: Store,
        refresh_h: float,
        pool: Executor | None = None,
    ) -> None:
        self._service = service
        self._panel = panel
        self._store = store
        self._refresh = timedelta(hours=refresh_h)
        self._pool = pool or ThreadPoolExecutor(max_workers=1)
        self._asked: Future[bytes] | None = None
        self._asked_at: datetime | None = None
        self._error = ""
        self._sky: SkyEnsemble | None = None
        self._power_w: Array | None = None
        self._read_kept()

    def close(self) -> None:
        """Let the thread go; an answer that is under way ends within its time."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def foretell(self, at: datetime, steps: int) -> SunCourses:
        """Give one course for each member.

        Raises
        ------
        Unavailable
            When no answer reaches from the moment on over all steps.
        """
        self._ask_when_due(at)
        if self._sky is None or self._power_w is None:
            raise Unavailable(self._error or f"{self._service.host}: not answered yet")
        sky = self._sky
        age = at - sky.issued_at
        first = (at - sky.begins_at) // timedelta(seconds=STEP_S)
        if abs(age) > OLDEST:
            raise Unavailable(
                self._also(f"fetched {age.total_seconds() / 3600:.0f} h ago")
            )
        if first < 0 or first + steps > self._power_w.shape[1]:
            raise Unavailable(self._also("does not reach a whole day ahead"))
        paths_w = self._power_w[:, first : first + steps]
        return SunCourses(at, sky.issued_at, paths_w, ONLINE, sky.source)

    def _also(self, why: str) -> str:
        said = f"forecast of {self._service.host}: {why}"
        return f"{said}; then {self._error}" if self._error else said

    def _ask_when_due(self, at: datetime) -> None:
        if self._asked is not None:
            self._take(at)
            return
        pause = AGAIN if self._error or self._sky is None else self._refresh
        last_at = self._asked_at
        if last_at is None and self._sky is not None:
            last_at = self._sky.issued_at
        if last_at is not None and timedelta() <= at - last_at < pause:
            return
        self._asked_at = at
        self._asked = self._pool.submit(self._service.ask)
        if self._sky is None and not self._error:
            wait([self._asked], timeout=FIRST_S)
        self._take(at)

    def _take(self, at: datetime) -> None:
        """Take the answer, once it is there; a bad one leaves the last good one."""
        if self._asked is None or not self._asked.done():
            return
        asked, self._asked = self._asked, None
        try:
            content = asked.result()
            self._read(content, self._asked_at or at)
        except NearmadeError as error:
            self._error = error.message
            return
        self._error = ""
        kept = {
            "host": self._service.host,
            "issued_at": (self._asked_at or at).isoformat(),
            "answer": content.decode("utf-8"),
        }
        self._store.set_meta(KEPT, json.dumps(kept))

    def _read(self, content: bytes, issued_at: datetime) -> None:
        sky = self._service.read(content, issued_at)
        self._sky, self._power_w = sky, ensemble_power_w(self._panel, sky)

    def _read_kept(self) -> None:
        """Read the answer of before a restart; one of another service is left."""
        kept = json.loads(self._store.meta(KEPT) or "{}")
        if kept.get("host") != self._service.host:
            return
        try:
            issued_at = datetime.fromisoformat(kept["issued_at"])
            self._read(kept["answer"].encode(), issued_at)
        except NearmadeError as error:  # the place or the models are others now
            self._error = error.message
