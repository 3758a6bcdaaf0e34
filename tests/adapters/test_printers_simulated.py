from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.adapters.printers.drivers import make_driver
from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.load.machine_power import MachinePower
from nearmade.production.ports import PrinterState
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound, Unavailable
from tests.production.plain_files import build

#: Round figures: 10 Wh in 300 s is 120 W; printing draws 40 + 0.2 x 200 = 80 W.
POWER = MachinePower(
    machine_model="round figures",
    idle_w=3.0,
    base_w=40.0,
    bed_w=200.0,
    bed_duty_fraction=0.2,
    bed_degc=60.0,
    heatup_wh=10.0,
    heatup_s=300.0,
    peak_w=240.0,
    source="for this test",
)

FILE = build() + b"; estimated printing time (normal mode) = 1h 0m 0s\n"
NAME = "nm-job-1.gcode"


@dataclass
class Clock:
    now: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def printer(tmp_path: Path, clock: Clock) -> SimulatedPrinter:
    printer = SimulatedPrinter(tmp_path, POWER, clock=clock)
    printer.upload(NAME, FILE)
    return printer


def test_time_and_power_are_those_of_heat_up_then_print(
    printer: SimulatedPrinter, clock: Clock
) -> None:
    assert printer.status().power_w == 3.0
    printer.start(NAME)
    clock.wait(150)
    heating = printer.status()
    assert heating.power_w == pytest.approx(120.0)
    assert heating.energy_wh == pytest.approx(5.0)
    assert heating.nozzle_degc == pytest.approx(22 + (205 - 22) / 2)
    assert heating.left_s == pytest.approx(3750.0)
    clock.wait(150 + 1800)
    printing = printer.status()
    assert printing.state is PrinterState.PRINTING
    assert printing.power_w == pytest.approx(80.0)
    assert printing.energy_wh == pytest.approx(10.0 + 40.0)
    assert printing.done_fraction == pytest.approx(2100 / 3900)
    clock.wait(1800)
    done = printer.status()
    assert done.state is PrinterState.DONE
    assert done.energy_wh == pytest.approx(10.0 + 80.0)
    assert done.power_w == 3.0
    clock.wait(3600)
    assert (printer.status().nozzle_degc or 0) == pytest.approx(22.0, abs=0.1)


def test_speed_shortens_the_wait_and_not_the_energy(
    tmp_path: Path, clock: Clock
) -> None:
    fast = SimulatedPrinter(tmp_path, POWER, speed_factor=100.0, clock=clock)
    fast.upload(NAME, FILE)
    fast.start(NAME)
    clock.wait(38.9)
    assert fast.status().state is PrinterState.PRINTING
    clock.wait(0.2)
    assert fast.status().state is PrinterState.DONE
    assert fast.status().energy_wh == pytest.approx(90.0)


def test_it_prints_on_while_nobody_looks(
    printer: SimulatedPrinter, tmp_path: Path, clock: Clock
) -> None:
    printer.start(NAME)
    del printer
    clock.wait(3000)
    again = SimulatedPrinter(tmp_path, POWER, clock=clock)
    assert again.status().done_fraction == pytest.approx(3000 / 3900)
    assert again.starts_of(NAME) == 1


def test_a_pause_does_not_count(printer: SimulatedPrinter, clock: Clock) -> None:
    printer.start(NAME)
    clock.wait(1000)
    printer.pause()
    clock.wait(5000)
    assert printer.status().state is PrinterState.PAUSED
    printer.resume()
    clock.wait(500)
    assert printer.status().done_fraction == pytest.approx(1500 / 3900)
    with pytest.raises(Conflict):
        printer.resume()


def test_a_cancel_keeps_the_energy_so_far(
    printer: SimulatedPrinter, clock: Clock
) -> None:
    printer.start(NAME)
    clock.wait(300 + 900)
    printer.cancel()
    clock.wait(9000)
    status = printer.status()
    assert status.state is PrinterState.CANCELLED
    assert status.energy_wh == pytest.approx(10.0 + 20.0)
    with pytest.raises(Conflict):
        printer.pause()


def test_an_injected_failure_stays_until_the_printer_is_cleared(
    printer: SimulatedPrinter, clock: Clock
) -> None:
    printer.inject(fail_fraction=0.5)
    printer.start(NAME)
    clock.wait(1949)
    assert printer.status().state is PrinterState.PRINTING
    clock.wait(2)
    failed = printer.status()
    assert (failed.state, failed.file_name) == (PrinterState.ATTENTION, NAME)
    assert "simulated" in failed.words
    printer.inject()
    assert (printer.status().state, printer.status().file_name) == (
        PrinterState.IDLE,
        "",
    )
    assert printer.starts_of(NAME) == 1


def test_out_of_reach_it_prints_on(printer: SimulatedPrinter, clock: Clock) -> None:
    printer.start(NAME)
    printer.inject(offline=True)
    for call in (
        printer.status,
        printer.pause,
        printer.cancel,
        lambda: printer.start(NAME),
    ):
        with pytest.raises(Unavailable):
            call()
    clock.wait(4000)
    printer.inject(offline=False)
    assert printer.status().state is PrinterState.DONE


def test_the_file_being_printed_is_not_overwritten(printer: SimulatedPrinter) -> None:
    printer.start(NAME)
    with pytest.raises(Conflict):
        printer.upload(NAME, FILE)
    with pytest.raises(Conflict):
        printer.start(NAME)


@pytest.mark.parametrize("name", ["../x.gcode", "a/b.gcode", ".gcode", "x.txt", ""])
def test_a_file_name_cannot_leave_the_folder(
    printer: SimulatedPrinter, name: str
) -> None:
    with pytest.raises(InvalidInput):
        printer.upload(name, FILE)
    with pytest.raises(NotFound):
        printer.start(name)


def test_a_record_that_was_spoilt_is_unavailable(
    printer: SimulatedPrinter, tmp_path: Path
) -> None:
    (tmp_path / "printer.json").write_text("{")
    with pytest.raises(Unavailable):
        printer.status()


def test_drivers_are_made_by_name(tmp_path: Path) -> None:
    settings = {"folder": str(tmp_path / "new"), "power_model": "MINI"}
    assert make_driver("simulated", settings).status().state is PrinterState.IDLE
    with pytest.raises(NotFound, match="driver"):
        make_driver("steam", {})
    with pytest.raises(NotFound, match="power_model"):
        make_driver("simulated", {**settings, "power_model": "none"})
    with pytest.raises(InvalidInput, match="folder"):
        make_driver("simulated", {})
    with pytest.raises(InvalidInput, match="must be a number"):
        make_driver("simulated", {**settings, "speed_factor": "fast"})
    with pytest.raises(InvalidInput, match="above zero"):
        make_driver("simulated", {**settings, "speed_factor": 0})


@given(waits=st.lists(st.floats(0, 1000), min_size=1, max_size=8))
def test_energy_and_progress_never_shrink(
    tmp_path_factory: pytest.TempPathFactory, waits: list[float]
) -> None:
    clock = Clock()
    printer = SimulatedPrinter(tmp_path_factory.mktemp("p"), POWER, clock=clock)
    printer.upload(NAME, FILE)
    printer.start(NAME)
    energy_wh, done = 0.0, 0.0
    for wait in waits:
        clock.wait(wait)
        status = printer.status()
        assert (status.energy_wh or 0) >= energy_wh - 1e-9
        assert (status.done_fraction or 0) >= done - 1e-9
        energy_wh, done = status.energy_wh or 0, status.done_fraction or 0
