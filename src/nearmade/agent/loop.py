"""The agent's loop: look, work, tell the platform, wait."""

from __future__ import annotations

import fcntl
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from nearmade.adapters.printers.drivers import make_driver
from nearmade.agent.artefacts import Artefacts
from nearmade.agent.config import AgentConfig
from nearmade.agent.desk import Desk
from nearmade.agent.site import Site
from nearmade.agent.store import BATCH, Store
from nearmade.agent.supply_report import SupplyReport
from nearmade.agent.sync import PROTO, Platform
from nearmade.vocabulary.errors import Conflict, NearmadeError

log = logging.getLogger(__name__)

#: Waits after failed syncs double from the first to the longest. [s]
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 300.0

#: News is told at once, but not more often than this. [s]
NEWS_S = 0.2

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Agent:
    """One agent over one state folder.

    Parameters
    ----------
    config
        Read once.
    clock
        Tells the time of day; may jump.
    mono
        Monotonic clock. [s]
    chance
        Spreads the waits of many agents.
    """

    def __init__(
        self,
        config: AgentConfig,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        mono: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        self._config = config
        self._clock = clock
        self._mono = mono
        self._chance = chance or random.Random()  # noqa: S311 (jitter, no secret)
        self._boot_id = _boot_id()
        self._store = Store(config.state_dir / "agent.sqlite3")
        artefacts = Artefacts(config.state_dir / "artefacts")
        printers = {
            printer.machine_id: make_driver(printer.driver, printer.settings)
            for printer in config.printers
        }
        self.site = Site(config, self._store, artefacts, printers, mono)
        self._platform = Platform(config.platform_url, config.token)
        self._desk = Desk(
            self._store,
            artefacts,
            self.site,
            config.platform_key,
            self._platform.fetch,
            mono,
        )
        self._supply = SupplyReport(config.power, self._store)
        self._failures = 0
        self._next_sync_s = mono()
        self._last_sync_s = mono() - NEWS_S

    def close(self) -> None:
        """Let go of database, threads and connection."""
        self._supply.close()
        self.site.close()
        self._platform.close()
        self._store.close()

    def once(self) -> None:
        """Look, tell, and do what the answer asks for.

        Raises
        ------
        NearmadeError
            When the platform cannot be reached or refuses.
        """
        self.site.tick(self._clock())
        self.sync()
        self.site.tick(self._clock())

    def run(self, stop: threading.Event) -> None:
        """Go on until somebody asks to stop."""
        while not stop.is_set():
            try:
                self.site.tick(self._clock())
                self._sync_when_due()
            except NearmadeError as error:
                log.warning("%s", error.message)
            except Exception:  # the outermost loop: one bad turn must not end it
                log.exception("this turn failed; the next one follows")
            stop.wait(self._pause_s())

    def sync(self) -> None:
        """Make one call: events and snapshot out, acknowledgement and commands in."""
        events = self._store.pending()
        arrived_s = self._mono()
        self._last_sync_s = arrived_s
        answer = self._platform.exchange(
            {
                "proto": PROTO,
                "agent": self._config.site,
                "epoch": self._store.epoch,
                "boot_id": self._boot_id,
                "mono_s": round(arrived_s, 3),
                "wall_at": self._clock().isoformat(),
                "events": [event.as_dict() for event in events],
                "snapshot": self.site.snapshot(),
            }
        )
        self._take_ack(answer.ack, events[-1].seq if events else 0)
        arrived_s = self._mono()
        for command in answer.commands:
            try:
                self._desk.handle(command, self._clock(), arrived_s)
            except NearmadeError as error:
                log.warning("command %s: %s", command.id, error.message)
        self._failures = 0
        more = len(events) == BATCH
        self._next_sync_s = self._mono() + (NEWS_S if more else answer.next_in_s)
        self._report_supply(self._clock())

    def _report_supply(self, now: datetime) -> None:
        """Tell of the site's electricity when it changed; jobs never wait for it."""
        if not self._supply.due(now):
            return
        record = self._supply.record(now)
        try:
            self._platform.report_supply(record)
        except NearmadeError as error:
            log.warning("%s", error.message)
            self._supply.failed(now)
        else:
            self._supply.told(record, now)

    def _take_ack(self, ack: int, last_sent: int) -> None:
        """Forget what the platform has; begin anew when it has forgotten itself."""
        with self._store.transaction():
            if ack < self._store.acknowledged():
                log.warning("the platform has lost events: a new epoch begins")
                self._store.begin_epoch()
            else:
                self._store.acknowledge(min(ack, last_sent))

    def _sync_when_due(self) -> None:
        now_s = self._mono()
        news = self._failures == 0 and self._store.has_news()
        if now_s >= self._next_sync_s or (news and now_s >= self._last_sync_s + NEWS_S):
            try:
                self.sync()
            except NearmadeError:
                self._back_off()
                raise

    def _back_off(self) -> None:
        """Wait somewhere between nothing and a ceiling that doubles (full jitter)."""
        self._failures += 1
        ceiling = min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2 ** min(self._failures, 20))
        self._next_sync_s = self._mono() + max(NEWS_S, self._chance.uniform(0, ceiling))

    def _pause_s(self) -> float:
        due_s = self._next_sync_s - self._mono()
        if self._failures == 0 and self._store.has_news():
            due_s = NEWS_S
        return min(self._config.poll_s, max(due_s, 0.02))


@contextmanager
def only_agent(state_dir: Path) -> Iterator[None]:
    """Hold a state folder for one agent alone.

    Raises
    ------
    Conflict
        When another agent holds it.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(
                f"state_dir {state_dir}: another agent works here"
            ) from error
        yield


def _boot_id() -> str:
    """Name this start of the machine; monotonic clocks compare only within it."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return uuid4().hex
