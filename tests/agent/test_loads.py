"""Loads of builds at a site, and what is done when power runs short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.agent.artefacts import Artefacts
from nearmade.agent.config import PrinterConfig
from nearmade.agent.loads import Loads
from nearmade.agent.power import PowerView
from nearmade.agent.power_watch import PowerWatch
from nearmade.agent.schedule import Situation
from nearmade.agent.store import JobRow, Store
from nearmade.energy.deciding.outlook import Outlook
from nearmade.energy.deciding.rules import RuleBook
from nearmade.energy.load.machine_power import MK3S
from nearmade.energy.supply.battery import Battery
from nearmade.production.job import JobState
from nearmade.production.ports import PrinterState, PrinterStatus
from nearmade.vocabulary.identity import JobId, MachineId
from tests.production.plain_files import build

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ONE = MachineId("lab/one")
REAL = PrinterConfig(ONE, "octoprint", {}, MK3S, clear_before_next=True)
ROW = JobRow(
    1, JobId("job-1"), 1, ONE, JobState.PRINTING, "a.gcode", "pla", 7200.0, None
)
PRINTING = PrinterStatus(PrinterState.PRINTING, "a.gcode", layer=3, done_fraction=0.5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "agent.sqlite3")
    yield store
    store.close()


def loads_of(store: Store, folder: Path, config: PrinterConfig = REAL) -> Loads:
    return Loads({ONE: config}, store, Artefacts(folder / "artefacts"))


def test_a_build_s_file_tells_what_it_draws(store: Store, tmp_path: Path) -> None:
    loads = loads_of(store, tmp_path)
    content = build()
    row = replace(ROW, gcode_sha256=Artefacts(tmp_path / "artefacts").keep(content))
    by_file, by_time = loads.of(row), loads.of(ROW)
    # Two hours at the model's 80 W and a heat-up, and a fifth more for what differs.
    assert by_time.work_wh == pytest.approx(
        1.2 * (MK3S.heatup_wh + 2 * MK3S.printing_w), rel=0.02
    )
    # The file's fan is off, which takes 2.4 W less.
    assert by_file.work_wh == pytest.approx(by_time.work_wh - 1.2 * 4.8, rel=0.01)
    assert len(loads.layer_starts_s(row)) == 2


def test_an_offer_s_energy_stands_in_for_the_file(store: Store, tmp_path: Path) -> None:
    loads = loads_of(store, tmp_path)
    offered = loads.of(replace(ROW, energy_wh=300.0))
    assert offered.work_wh == pytest.approx(1.2 * 300.0, rel=0.02)
    assert offered.peak_w == loads.of(ROW).peak_w


def test_what_is_done_is_not_reckoned_again(store: Store, tmp_path: Path) -> None:
    loads = loads_of(store, tmp_path)
    whole = loads.of(ROW)
    half = loads.left_of(ROW, PRINTING)
    assert half.work_s == pytest.approx(whole.work_s / 2)
    heating = replace(PRINTING, layer=0, done_fraction=0.0)
    assert loads.left_of(ROW, heating) == whole


def test_a_plug_is_believed_and_learned_from(store: Store, tmp_path: Path) -> None:
    plug = tmp_path / "plug.csv"
    loads = loads_of(store, tmp_path, replace(REAL, plug=plug))
    idle = PrinterStatus(PrinterState.IDLE)
    assert loads.draw_w(ONE, idle, NOW) == MK3S.idle_w
    for n in range(40):
        at = NOW + timedelta(seconds=10 * n)
        plug.write_text(f"{at.isoformat()},7.5\n")
        loads.note(ONE, idle, at, 10.0 * n)
    assert loads.draw_w(ONE, idle, at) == 7.5
    assert loads.learned(ONE).power.idle_w == pytest.approx(7.5)
    again = loads_of(store, tmp_path)  # as after a restart
    assert again.learned(ONE).power.idle_w == pytest.approx(7.5)


def test_a_simulated_printer_teaches_nothing(store: Store, tmp_path: Path) -> None:
    loads = loads_of(store, tmp_path, replace(REAL, driver="simulated"))
    for n in range(40):
        loads.note(ONE, PrinterStatus(PrinterState.IDLE, power_w=9.0), NOW, 10.0 * n)
    assert loads.learned(ONE).power is MK3S


def situation(stored_wh: float, loads: Loads | None = None, **book: bool) -> Situation:
    """Give a site with a battery of 400 Wh under a dark sky."""
    view = PowerView("solar", 600.0, battery=Battery(400.0), stored_wh=stored_wh)
    dark = Outlook(NOW, np.zeros((5, 288)), np.zeros(288))
    at_work = () if loads is None else (loads.left_of(ROW, PRINTING),)
    return Situation(view, dark, NOW, RuleBook(**book), at_work=at_work)


class Clock:
    """A clock for the watch."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def printer(tmp_path: Path) -> SimulatedPrinter:
    printer = SimulatedPrinter(tmp_path / "printer", MK3S)
    content = build() + b"; estimated printing time (normal mode) = 2h 0m 0s\n"
    printer.upload("a.gcode", content)
    printer.start("a.gcode")
    return printer


def test_short_of_power_a_build_pauses_at_the_end_of_its_layer_and_goes_on(
    store: Store, tmp_path: Path, printer: SimulatedPrinter
) -> None:
    loads = loads_of(store, tmp_path)
    watch = PowerWatch({ONE: printer}, loads, store, Clock())
    short = situation(50.0, loads)  # 12 %
    watch.look([ROW], {ONE: PRINTING}, short)
    assert printer.status().state is PrinterState.PRINTING  # its layer is not over
    watch.look([ROW], {ONE: replace(PRINTING, layer=4)}, short)
    assert printer.status().state is PrinterState.PAUSED
    assert watch.paused(ROW)
    paused = replace(PRINTING, state=PrinterState.PAUSED)
    # A restarted agent knows that it was the power.
    watch = PowerWatch({ONE: printer}, loads, store, Clock())
    said = watch.look([ROW], {ONE: paused}, situation(100.0))
    assert said[0][1].startswith("paused: 25 % stored")
    watch.look([ROW], {ONE: paused}, situation(390.0))
    assert printer.status().state is PrinterState.PRINTING
    assert not watch.paused(ROW)


def test_a_build_that_may_not_pause_stops_while_it_can(
    store: Store, tmp_path: Path, printer: SimulatedPrinter
) -> None:
    loads, clock = loads_of(store, tmp_path), Clock()
    watch = PowerWatch({ONE: printer}, loads, store, clock)
    short = situation(50.0, loads, may_pause=False)
    watch.look([ROW], {ONE: PRINTING}, short)
    clock.now_s = 301.0  # the layer takes too long
    watch.look([ROW], {ONE: PRINTING}, short)
    assert printer.status().state is PrinterState.CANCELLED
    assert watch.stop_words(ROW).startswith("stops while it can: 13 % stored")


def test_a_paused_build_is_stopped_before_the_cut_off(
    store: Store, tmp_path: Path, printer: SimulatedPrinter
) -> None:
    loads = loads_of(store, tmp_path)
    watch = PowerWatch({ONE: printer}, loads, store, Clock())
    short = situation(50.0, loads)
    for layer in (3, 4):
        watch.look([ROW], {ONE: replace(PRINTING, layer=layer)}, short)
    paused = replace(PRINTING, state=PrinterState.PAUSED)
    watch.look([ROW], {ONE: paused}, situation(42.0))
    assert printer.status().state is PrinterState.CANCELLED
    assert "cut off at 10 %" in watch.stop_words(ROW)


def test_what_a_person_paused_is_left_alone(
    store: Store, tmp_path: Path, printer: SimulatedPrinter
) -> None:
    watch = PowerWatch({ONE: printer}, loads_of(store, tmp_path), store, Clock())
    printer.pause()
    paused = replace(PRINTING, state=PrinterState.PAUSED)
    assert watch.look([ROW], {ONE: paused}, situation(390.0)) == []
    assert printer.status().state is PrinterState.PAUSED
