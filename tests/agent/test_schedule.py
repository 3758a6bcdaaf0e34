from nearmade.agent.power import PowerView
from nearmade.agent.schedule import Running, Waiting, choose, never_possible
from nearmade.vocabulary.identity import JobId, MachineId

GRID = PowerView("grid", max_w=600.0)


def build(
    job: str, machine: str, *, wh: float = 100.0, peak_w: float = 250.0
) -> Waiting:
    return Waiting(JobId(job), 1, MachineId(machine), wh, peak_w)


def started(*waiting: Waiting, power: PowerView = GRID, **more: object) -> list[str]:
    running = more.get("running", Running())
    assert isinstance(running, Running)
    choice = choose(waiting, {}, power, running)
    assert len(choice.starts) + len(choice.reasons) == len(waiting)
    return [found.job_id for found in choice.starts]


def test_each_machine_takes_its_oldest_build() -> None:
    assert started(build("a", "one"), build("b", "one"), build("c", "two")) == [
        "a",
        "c",
    ]


def test_a_machine_that_is_occupied_takes_none_and_says_why() -> None:
    choice = choose([build("a", "one")], {MachineId("one"): "paused"}, GRID, Running())
    assert choice.starts == ()
    assert choice.reasons == (("a", "paused"),)


def test_the_peaks_of_all_machines_stay_within_the_site() -> None:
    builds = [build(name, name) for name in ("a", "b", "c")]
    assert started(*builds) == ["a", "b"]  # 250 + 250 + 250 > 600 W
    assert started(*builds, running=Running(peak_w=250.0)) == ["a"]


def test_on_a_battery_a_build_starts_only_when_stored_whole() -> None:
    # 100 Wh at the plug take 105 Wh stored, and 15 % of 400 Wh stay: 165 Wh.
    for stored_wh, expected in ((164.0, []), (167.0, ["a"])):
        power = PowerView("solar", 600.0, stored_wh=stored_wh, capacity_wh=400.0)
        assert started(build("a", "one"), power=power) == expected


def test_energy_promised_to_running_builds_is_not_given_twice() -> None:
    power = PowerView("solar", 600.0, stored_wh=250.0, capacity_wh=400.0)
    assert started(build("a", "one"), build("b", "two"), power=power) == ["a"]
    busy = Running(left_wh=100.0)
    assert started(build("a", "one"), power=power, running=busy) == []


def test_a_small_build_does_not_drain_what_a_large_one_waits_for() -> None:
    power = PowerView("solar", 600.0, stored_wh=200.0, capacity_wh=400.0)
    large, small = build("a", "one", wh=200.0), build("b", "two", wh=20.0)
    assert started(large, small, power=power) == []
    assert started(small, large, power=power) == ["b"]


def test_what_a_full_battery_cannot_carry_is_never_possible() -> None:
    power = PowerView("solar", 600.0, stored_wh=10.0, capacity_wh=400.0)
    assert never_possible(build("a", "one", wh=300.0), power) == ""
    assert "even when full" in never_possible(build("a", "one", wh=350.0), power)
    assert "W" in never_possible(build("a", "one", peak_w=700.0), power)
    assert "600 W" in never_possible(build("a", "one", peak_w=700.0), GRID)
