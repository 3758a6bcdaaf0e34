"""One set of promises, held by the simulated printer and by a real OctoPrint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from nearmade.adapters.printers.drivers import make_driver
from nearmade.adapters.printers.octoprint import OctoPrint
from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.load.machine_power import MK3S
from nearmade.production.ports import Printer, PrinterState, PrinterStatus
from nearmade.vocabulary.errors import Conflict, NotFound, Unavailable
from tests.octoprint_host import OctoPrintHost, octoprint
from tests.production.plain_files import build

#: Rings of 160 mm: long enough to be seen half done, done within seconds.
LOOPS = "G1 X20 Y20 F6000\n" + (
    "G1 X60 Y20 E1.5 F3000\nG1 X60 Y60 E1.5\nG1 X20 Y60 E1.5\nG1 X20 Y20 E1.5\n" * 12
)
FILE = build(LOOPS)


def until(
    printer: Printer, wanted: Callable[[PrinterStatus], bool], within_s: float = 60.0
) -> PrinterStatus:
    """Look until a state is a fact."""
    end = time.monotonic() + within_s
    status = printer.status()
    while not wanted(status):
        assert time.monotonic() < end, f"still {status}"
        time.sleep(0.1)
        status = printer.status()
    return status


def a_new_name() -> str:
    return f"nm-{uuid4().hex}-1.gcode"


class PrinterContract:
    """What the agent counts on, whatever printer stands there."""

    @pytest.fixture
    def printer(self) -> object:
        raise NotImplementedError

    def test_a_file_is_printed_to_its_end_under_its_own_name(
        self, printer: Printer
    ) -> None:
        name = a_new_name()
        printer.upload(name, FILE)
        assert printer.status().state in (
            PrinterState.IDLE,
            PrinterState.DONE,
            PrinterState.CANCELLED,
        )
        printer.start(name)
        seen = until(printer, lambda status: bool(status.done_fraction))
        assert seen.state is PrinterState.PRINTING
        assert seen.file_name == name
        assert 0 < (seen.done_fraction or 0) < 1
        with pytest.raises(Conflict):
            printer.start(name)
        done = until(printer, lambda status: status.state is PrinterState.DONE)
        assert done.file_name == name
        assert done.done_fraction == pytest.approx(1.0)
        assert (done.nozzle_degc or 0) > 20

    def test_a_cancelled_print_is_neither_going_on_nor_done(
        self, printer: Printer
    ) -> None:
        name = a_new_name()
        printer.upload(name, FILE)
        printer.start(name)
        printer.cancel()
        stopped = until(
            printer, lambda status: status.state is not PrinterState.PRINTING
        )
        assert stopped.state in (PrinterState.CANCELLED, PrinterState.IDLE)
        with pytest.raises(Conflict):
            printer.cancel()

    def test_a_paused_print_goes_on(self, printer: Printer) -> None:
        name = a_new_name()
        printer.upload(name, FILE)
        printer.start(name)
        until(printer, lambda status: status.state is PrinterState.PRINTING)
        printer.pause()
        until(printer, lambda status: status.state is PrinterState.PAUSED)
        printer.resume()
        done = until(printer, lambda status: status.state is PrinterState.DONE)
        assert done.file_name == name

    def test_a_file_that_was_never_uploaded_does_not_start(
        self, printer: Printer
    ) -> None:
        with pytest.raises(NotFound):
            printer.start(a_new_name())
        assert printer.status().state is not PrinterState.PRINTING


class TestSimulatedPrinter(PrinterContract):
    @pytest.fixture
    def printer(self, tmp_path: Path) -> Printer:
        # Heat-up of 300 s and 38 s of moves, in about two seconds.
        return make_driver(
            "simulated", {"folder": str(tmp_path / "printer"), "speed_factor": 150}
        )

    def test_a_printer_that_is_off_is_unavailable(self, tmp_path: Path) -> None:
        printer = SimulatedPrinter(tmp_path / "off", MK3S)
        printer.inject(offline=True)
        with pytest.raises(Unavailable):
            printer.status()


@pytest.fixture(scope="module")
def host() -> Iterator[OctoPrintHost]:
    with octoprint(room_degc=180.0) as running:
        yield running


@pytest.mark.outside
class TestOctoPrint(PrinterContract):
    @pytest.fixture
    def printer(self, host: OctoPrintHost) -> Iterator[Printer]:
        with OctoPrint(host.url, host.api_key) as printer:
            until(printer, lambda status: status.state is not PrinterState.PRINTING)
            yield printer

    def test_a_wrong_key_is_unavailable_and_says_what_to_check(
        self, host: OctoPrintHost
    ) -> None:
        with OctoPrint(host.url, "0" * 32) as stranger:
            with pytest.raises(Unavailable, match="403") as refusal:
                stranger.status()
            assert "key" in refusal.value.remedy

    def test_a_printer_that_is_off_is_unavailable(self) -> None:
        nobody = OctoPrint("http://127.0.0.1:9", "0" * 32, timeout_s=2.0)
        with nobody, pytest.raises(Unavailable):
            nobody.status()

    def test_a_pulled_plug_is_offline(self, host: OctoPrintHost) -> None:
        with OctoPrint(host.url, host.api_key) as printer:
            host.debug("action_disconnect")
            until(printer, lambda status: status.state is PrinterState.OFFLINE)
            with pytest.raises(Conflict):
                printer.start(a_new_name())
            host.connect()
            until(printer, lambda status: status.state is PrinterState.IDLE)
