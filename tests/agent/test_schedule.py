from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from nearmade.agent.power import PowerView
from nearmade.agent.schedule import Situation, Waiting, choose, never_possible
from nearmade.energy.deciding.outlook import Outlook
from nearmade.energy.deciding.rules import RuleBook
from nearmade.energy.deciding.windows import Band, Windows
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.energy.supply.battery import Battery
from nearmade.vocabulary.identity import JobId, MachineId

NOW = datetime(2026, 6, 1, 6, 40, tzinfo=UTC)
GRID = PowerView("grid", max_w=600.0, at=NOW)


def build(
    job: str, machine: str, *, wh: float = 100.0, peak_w: float = 250.0
) -> Waiting:
    """Give a build of two hours, its bed on for a tenth of the time."""
    low_w = (wh / 2 - 0.1 * peak_w) / 0.9
    load = JobLoad((Phase("print", 7200.0, low_w, peak_w, 0.1),), 0.0, "by hand")
    return Waiting(JobId(job), 1, MachineId(machine), load)


def on_grid(**more: object) -> Situation:
    nothing = Outlook(NOW, np.empty((0, 0)), np.empty(0))
    return replace(Situation(GRID, nothing, NOW), **more)  # type: ignore[arg-type]


def on_battery(stored_wh: float, capacity_wh: float = 400.0) -> Situation:
    view = PowerView(
        "solar", 600.0, battery=Battery(capacity_wh), stored_wh=stored_wh, at=NOW
    )
    sky = Outlook(NOW, np.zeros((0, 288)), np.full(288, 100.0))
    return Situation(view, sky, NOW)


def started(*waiting: Waiting, situation: Situation | None = None) -> list[str]:
    choice = choose(waiting, {}, situation or on_grid())
    assert len(choice.starts) + len(choice.reasons) == len(waiting)
    return [found.job_id for found, _ in choice.starts]


def test_each_machine_takes_its_oldest_build() -> None:
    assert started(build("a", "one"), build("b", "one"), build("c", "two")) == [
        "a",
        "c",
    ]


def test_a_machine_that_is_occupied_takes_none_and_says_why() -> None:
    choice = choose([build("a", "one")], {MachineId("one"): "paused"}, on_grid())
    assert choice.starts == ()
    assert choice.reasons == (("a", "paused"),)


def test_every_start_says_why() -> None:
    choice = choose([build("a", "one")], {}, on_battery(300.0))
    # 100 Wh at the plug take 105 Wh of 300, which leaves 195 of 400.
    assert choice.starts[0][1] == (
        "starts 06:40: the battery alone carries it, from 75 % to 49 % by 08:40 "
        "without any sun; 15 % must stay"
    )


def test_the_peaks_of_all_machines_stay_within_the_site() -> None:
    builds = [build(name, name) for name in ("a", "b", "c")]
    assert started(*builds) == ["a", "b"]  # 250 + 250 + 250 > 600 W
    busy = on_grid(at_work=(build("x", "x").load,))
    assert started(*builds, situation=busy) == ["a"]


def test_a_fuse_lets_more_machines_print_than_their_peaks_allow() -> None:
    # Three beds at a tenth of the time each: all on at once for 0.1 % of it.
    builds = [build(name, name) for name in ("a", "b", "c")]
    fuse = on_grid(book=RuleBook(exceed_fraction=0.002))
    assert started(*builds, situation=fuse) == ["a", "b", "c"]


def test_on_a_battery_a_build_starts_only_when_stored_whole() -> None:
    # 100 Wh at the plug take 105 Wh stored, and 15 % of 400 Wh stay: 165 Wh.
    for stored_wh, expected in ((164.0, []), (167.0, ["a"])):
        assert started(build("a", "one"), situation=on_battery(stored_wh)) == expected


def test_energy_promised_to_running_builds_is_not_given_twice() -> None:
    both = (build("a", "one"), build("b", "two"))
    assert started(*both, situation=on_battery(250.0)) == ["a"]
    busy = replace(on_battery(250.0), at_work=(build("x", "x").load,))
    assert started(build("a", "one"), situation=busy) == []


def test_a_small_build_does_not_drain_what_a_large_one_waits_for() -> None:
    large, small = build("a", "one", wh=200.0), build("b", "two", wh=51.0)
    assert started(large, small, situation=on_battery(200.0)) == []
    assert started(small, large, situation=on_battery(200.0)) == ["b"]


def test_on_the_grid_a_build_waits_for_its_window() -> None:
    night = Windows(tariff=(Band(22, 6, 0.10), Band(6, 22, 0.30)), patience_h=24)
    choice = choose([build("a", "one")], {}, on_grid(windows=night))
    assert choice.reasons[0][1].startswith("waits until Mon 22:10")


def test_what_a_full_battery_cannot_carry_is_never_possible() -> None:
    site = on_battery(10.0)
    assert never_possible(build("a", "one", wh=300.0), site) == ""
    assert "even when full" in never_possible(build("a", "one", wh=350.0), site)
    assert "600 W" in never_possible(build("a", "one", peak_w=700.0), site)
    assert "600 W" in never_possible(build("a", "one", peak_w=700.0), on_grid())
    brave = replace(site, book=RuleBook(large_builds=True))
    assert never_possible(build("a", "one", wh=350.0), brave) == ""
