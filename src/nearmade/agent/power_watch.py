"""Keeps builds at work from being cut off: pause at a layer's end, go on, or stop.

A last resort. Nothing is started that counts on it: a paused part may come loose or
show a seam. What was asked of a printer is kept, so that a restarted agent goes on with
it, and a print that a person paused is left alone.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

from nearmade.agent.loads import Loads
from nearmade.agent.schedule import Situation
from nearmade.agent.store import JobRow, Store
from nearmade.energy.deciding.rules import Decision, Verb, may_go_on, while_at_work
from nearmade.production.ports import Printer, PrinterState, PrinterStatus
from nearmade.vocabulary.identity import MachineId

#: A layer that lasts longer is not waited for. [s]
LONGEST_LAYER_S = 300.0


class PowerWatch:
    """Watches the power under builds at work.

    Parameters
    ----------
    printers
        Their drivers.
    loads
        What builds take.
    store
        Keeps what was asked of printers.
    mono
        Monotonic clock. [s]
    """

    def __init__(
        self,
        printers: Mapping[MachineId, Printer],
        loads: Loads,
        store: Store,
        mono: Callable[[], float],
    ) -> None:
        self._printers = printers
        self._loads = loads
        self._store = store
        self._mono = mono
        self._asked: dict[str, tuple[int, float]] = {}
        self.last: Decision | None = None

    def paused(self, row: JobRow) -> bool:
        """Tell whether a build was paused for want of power."""
        return self._words(row) != ""

    def stop_words(self, row: JobRow) -> str:
        """Say why a build was stopped for want of power; empty when it was not."""
        words = self._words(row)
        return words if words.startswith("stops") else ""

    def look(
        self,
        rows: Sequence[JobRow],
        statuses: Mapping[MachineId, PrinterStatus],
        situation: Situation,
    ) -> list[tuple[JobRow, str]]:
        """Do what the power asks for; gives the paused builds, each with its reason.

        Parameters
        ----------
        rows
            Builds at work, paused ones too.
        statuses
            What the printers said last.
        situation
            With what is left of the builds that print.
        """
        said = []
        printing = []
        for row in rows:
            state = statuses[row.machine_id].state
            if state is PrinterState.PAUSED and self.paused(row):
                said.append((row, self._resume(row, statuses, situation)))
            elif state is PrinterState.PRINTING:
                printing.append(row)
        self._guard(printing, statuses, situation)
        return said

    def _guard(
        self,
        printing: Sequence[JobRow],
        statuses: Mapping[MachineId, PrinterStatus],
        situation: Situation,
    ) -> None:
        """Pause or stop the youngest build when what prints would be cut off."""
        if not printing:
            self._asked.clear()
            return
        decision = while_at_work(situation.site(), situation.outlook, situation.book)
        self.last = decision
        if decision.verb not in (Verb.PAUSE, Verb.STOP):
            self._asked.clear()
            return
        row = max(printing, key=lambda entry: entry.started_at)
        if not self._layer_is_over(row, statuses[row.machine_id]):
            return
        self._keep(row, decision.reason)
        printer = self._printers[row.machine_id]
        if decision.verb is Verb.PAUSE:
            printer.pause()
        else:
            printer.cancel()

    def _resume(
        self,
        row: JobRow,
        statuses: Mapping[MachineId, PrinterStatus],
        situation: Situation,
    ) -> str:
        """Let a paused build go on or stop; gives why it does neither."""
        rest = self._loads.left_of(row, statuses[row.machine_id])
        decision = may_go_on(rest, situation.site(), situation.outlook, situation.book)
        self.last = decision
        if decision.verb is Verb.GO_ON:
            self._printers[row.machine_id].resume()
            self._keep(row, "")
        elif decision.verb is Verb.STOP:
            self._keep(row, decision.reason)
            self._printers[row.machine_id].cancel()
        return decision.reason

    def _layer_is_over(self, row: JobRow, status: PrinterStatus) -> bool:
        """Wait for the layer that was being laid when it was first asked for."""
        key = f"{row.job_id}/{row.generation}"
        layer = status.layer
        if layer is None:
            load = self._loads.of(row)
            done_s = (status.done_fraction or 0.0) * load.work_s - load.heat_s
            layer = bisect_right(self._loads.layer_starts_s(row), done_s)
        first, since_s = self._asked.setdefault(key, (layer, self._mono()))
        return layer != first or self._mono() - since_s > LONGEST_LAYER_S

    def _keep(self, row: JobRow, words: str) -> None:
        kept = json.loads(self._store.meta("power-stops") or "{}")
        key = f"{row.job_id}/{row.generation}"
        kept.pop(key, None)
        if words:
            kept[key] = words
        newest = dict(list(kept.items())[-100:])
        with self._store.transaction():
            self._store.set_meta("power-stops", json.dumps(newest))

    def _words(self, row: JobRow) -> str:
        kept = json.loads(self._store.meta("power-stops") or "{}")
        return str(kept.get(f"{row.job_id}/{row.generation}", ""))
