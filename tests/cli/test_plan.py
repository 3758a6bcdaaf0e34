"""``nearmade plan``: invent a network, plan it, check it, find what was changed."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from nearmade.adapters.plan_files import write_record
from nearmade.cli.plan import command
from nearmade.cli.plan_progress import ProgressBar, SearchClock
from nearmade.planning.network.plan_record import checksum
from nearmade.vocabulary.errors import InvalidInput, NotFound


def run(*arguments: object) -> str:
    done = CliRunner().invoke(
        command, [str(one) for one in arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small invented network with its plan."""
    made = tmp_path_factory.mktemp("plan")
    run("sample", "--facilities", 20, "--orders", 30, "--out", made)
    run(
        made / "NETWORK.json",
        made / "ORDERS.json",
        "--seconds",
        6,
        "--out",
        made / "PLAN.json",
    )
    return made


def changed(folder: Path, tmp_path: Path, name: str, change: Any) -> Path:
    """Copy the folder with one record changed; give the plan's file."""
    for path in folder.iterdir():
        record = json.loads(path.read_text("utf-8"))
        if path.name == name:
            change(record)
        (tmp_path / path.name).write_text(json.dumps(record, separators=(",", ":")))
    return tmp_path / "PLAN.json"


def verify(path: Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(command, ["verify", str(path), "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_the_same_seed_writes_the_same_files(folder: Path, tmp_path: Path) -> None:
    run("sample", "--facilities", 20, "--orders", 30, "--out", tmp_path)
    for name in ("NETWORK.json", "ORDERS.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_two_files_are_planned_without_naming_the_command(folder: Path) -> None:
    record, again = (
        json.loads(
            run(
                *(folder / "NETWORK.json", folder / "ORDERS.json"),
                *("--seconds", 6, "--json"),
            )
        )
        for _ in range(2)
    )
    assert record["bound_usd"] <= record["cost_usd"]
    assert len(record["orders"]) == 30
    assert record["orders"] == again["orders"]


def test_a_plan_stands_as_it_was_made(folder: Path) -> None:
    code, result = verify(folder / "PLAN.json")
    assert code == 0
    assert result["stands"] is True
    assert "It stands" in run("verify", folder / "PLAN.json")


def test_a_plan_of_other_files_is_found_out(folder: Path, tmp_path: Path) -> None:
    def more_hours(record: Any) -> None:
        record["sites"][0]["groups"][0]["hours"][0] += 1.0

    code, result = verify(changed(folder, tmp_path, "NETWORK.json", more_hours))
    assert code == 2
    assert any("not the file" in fault for fault in result["faults"])


def tamper_cost(record: Any) -> None:
    record["cost_usd"] *= 0.99


def tamper_bound(record: Any) -> None:
    record["bound_usd"] *= 1.01


def tamper_price(record: Any) -> None:
    record["prices"]["hour_usd"] = {"g00": [0.5, 0.0, 0.0, 0.0, 0.0]}


def tamper_payment(record: Any) -> None:
    for payment in record["prices"]["use_usd"]:
        payment["usd"] *= 1.5


def tamper_term(record: Any) -> None:
    record["terms"]["carbon_usd"] += 1


def tamper_day(record: Any) -> None:
    planned = next(one for one in record["orders"] if "hub" in one)
    planned["delivered_day"] -= 1


def tamper_saving(record: Any) -> None:
    record["beside"]["first_come_nearest_usd"] *= 1.5


def tamper_rival(record: Any) -> None:
    record["beside"]["commercial_planner_usd"] = 1e6


@pytest.mark.parametrize(
    "change",
    [
        tamper_cost,
        tamper_bound,
        tamper_price,
        tamper_payment,
        tamper_term,
        tamper_day,
        tamper_saving,
        tamper_rival,
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_a_changed_plan_is_found_out_even_when_it_is_sealed_again(
    folder: Path, tmp_path: Path, change: Any, sealed: bool
) -> None:
    def altered(record: Any) -> None:
        change(record)
        if sealed:
            record["sha256"] = checksum(record)

    code, result = verify(changed(folder, tmp_path, "PLAN.json", altered))
    assert code == 2
    assert result["faults"]
    assert sealed != any("SHA-256" in fault for fault in result["faults"])


@pytest.mark.parametrize("name", ["NETWORK.json", "ORDERS.json"])
def test_a_name_that_stands_twice_in_an_object_is_refused(
    folder: Path, tmp_path: Path, name: str
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / name).read_text("utf-8")
    (tmp_path / name).write_text('{"schema": "x",' + text.lstrip()[1:], "utf-8")
    with pytest.raises(InvalidInput, match=rf"{name}: not JSON: 'schema' stands twice"):
        run(tmp_path / "NETWORK.json", tmp_path / "ORDERS.json")


def test_what_is_no_plan_is_refused_with_its_place(folder: Path) -> None:
    with pytest.raises(InvalidInput, match=r"plan\.schema"):
        run("verify", folder / "NETWORK.json")
    with pytest.raises(InvalidInput, match=r"ORDERS\.json: network\.schema"):
        run(folder / "ORDERS.json", folder / "ORDERS.json")
    with pytest.raises(NotFound, match="no such file"):
        run(folder / "NETWORK.json", folder / "nothing.json")


def test_a_network_is_planned_in_regions_by_processes(
    folder: Path,
) -> None:
    out = folder / "REGIONS.json"
    files = (folder / "NETWORK.json", folder / "ORDERS.json")
    run(
        *files,
        *("--regions", 2, "--executor", "processes:1", "--seconds", 1, "--out", out),
    )
    code, result = verify(out)
    assert (code, result["faults"]) == (0, [])


@pytest.mark.parametrize("who", ["threads", "processes:0", "processes:x", ""])
def test_who_cannot_plan_regions_is_refused(folder: Path, who: str) -> None:
    files = (folder / "NETWORK.json", folder / "ORDERS.json")
    with pytest.raises(InvalidInput, match="executor"):
        run(*files, "--regions", 2, "--executor", who)


def test_the_plan_of_a_single_order_is_a_command_of_the_group() -> None:
    assert isinstance(command, click.Group)
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        assert found.name == name
    assert command.get_command(context, "nothing") is None
    assert "order" in command.list_commands(context)


@pytest.mark.parametrize("option", ["--seconds", "--carbon-price", "--value-of-time"])
def test_a_figure_without_an_end_is_refused(folder: Path, option: str) -> None:
    for figure in ("nan", "inf"):
        with pytest.raises(
            click.UsageError, match=r"not a finite number|not in the range"
        ):
            CliRunner().invoke(
                command,
                [
                    str(folder / "NETWORK.json"),
                    str(folder / "ORDERS.json"),
                    option,
                    figure,
                ],
                standalone_mode=False,
                catch_exceptions=False,
            )


def test_who_plans_is_checked_also_where_nobody_is_needed(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="executor 'nope'"):
        run(
            folder / "NETWORK.json",
            folder / "ORDERS.json",
            "--seconds",
            1,
            "--executor",
            "nope",
        )


@pytest.mark.parametrize(
    "options",
    [
        ("--seed", -1),
        ("--seed", 2**31),
        ("--carbon-price", 1e300),
        ("--value-of-time", 2e9),
        ("--lateness-price", -1),
    ],
)
def test_a_figure_that_no_search_can_take_is_refused(
    folder: Path, options: tuple[object, ...]
) -> None:
    files = (folder / "NETWORK.json", folder / "ORDERS.json")
    done = CliRunner().invoke(command, [str(one) for one in (*files, *options)])
    assert done.exit_code == 2
    assert "is not in the range" in done.stderr


@pytest.mark.parametrize("name", ["replan", "compare"])
def test_no_search_begins_with_a_seed_below_zero(folder: Path, name: str) -> None:
    done = CliRunner().invoke(command, [name, str(folder / "PLAN.json"), "--seed=-1"])
    assert done.exit_code == 2
    assert "is not in the range" in done.stderr


def test_half_a_sign_in_a_name_is_refused(folder: Path, tmp_path: Path) -> None:
    def half(record: Any) -> None:
        record["orders"][0]["id"] = "\ud83d"

    changed(folder, tmp_path, "ORDERS.json", half)
    with pytest.raises(InvalidInput, match=r"ORDERS\.json: not JSON.*surrogates"):
        run(tmp_path / "NETWORK.json", tmp_path / "ORDERS.json", "--seconds", 0)

    def whole(record: Any) -> None:
        record["orders"][0]["id"] = "\N{SNOWMAN} \N{GRINNING FACE}"

    changed(folder, tmp_path, "ORDERS.json", whole)
    run(tmp_path / "NETWORK.json", tmp_path / "ORDERS.json", "--seconds", 0)


def test_a_name_cannot_write_to_the_terminal(folder: Path, tmp_path: Path) -> None:
    def red(record: Any) -> None:
        for number, entry in enumerate(record["orders"]):
            entry |= {"id": f"\x1b[31mred {number}\n", "due_day": 0}

    changed(folder, tmp_path, "ORDERS.json", red)
    page = run(tmp_path / "NETWORK.json", tmp_path / "ORDERS.json", "--seconds", 0)
    assert "\\x1b[31mred " in page
    assert "\x1b" not in page


def test_ctrl_c_ends_the_search_and_keeps_the_best_plan(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []

    def tell(bar: object, cost_usd: float, bound_usd: float, seconds: float) -> None:
        if not told:
            signal.raise_signal(signal.SIGINT)
        told.append(seconds)

    monkeypatch.setattr(ProgressBar, "tell", tell)
    before = signal.getsignal(signal.SIGINT)
    for name in ("NETWORK.json", "ORDERS.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    made = (tmp_path / "NETWORK.json", tmp_path / "ORDERS.json")
    run(*made, "--seconds", 6, "--out", tmp_path / "PLAN.json")
    assert max(told) > 86_400  # by the clock, that Ctrl-C has set
    assert signal.getsignal(signal.SIGINT) is before
    assert verify(tmp_path / "PLAN.json")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "NETWORK.json", "ORDERS.json", "PLAN.json"
    ]  # fmt: skip


def test_ctrl_c_twice_ends_the_command() -> None:
    with SearchClock() as clock:
        begun = clock()
        signal.raise_signal(signal.SIGINT)
        assert clock.ended
        assert clock() > begun + 86_400
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_no_half_of_a_file_stays_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "PLAN.json").mkdir()
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_record(tmp_path / "PLAN.json", {"schema": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["PLAN.json"]


def test_a_plan_of_no_orders_has_no_gap(folder: Path, tmp_path: Path) -> None:
    def none(record: Any) -> None:
        record["orders"] = []

    changed(folder, tmp_path, "ORDERS.json", none)
    made = (tmp_path / "NETWORK.json", tmp_path / "ORDERS.json")
    run(*made, "--seconds", 0, "--out", tmp_path / "PLAN.json", "--force")
    code, result = verify(tmp_path / "PLAN.json")
    assert (code, result["gap_fraction"]) == (0, 0.0)
    assert "at most 0.000% above" in run("verify", tmp_path / "PLAN.json")


def misspell_prices(record: Any) -> None:
    record["prices"]["hours_usd"] = {}


def misspell_stock_price(record: Any) -> None:
    record["prices"]["stock_usd"] = [{"site": "s0", "material": "PLA", "usd": 1}]


def add_a_term(record: Any) -> None:
    record["terms"]["saved_usd"] = 1e6


def tell_no_savings(record: Any) -> None:
    record["beside"] = []


def blame_nobody(record: Any) -> None:
    record["reasons"] = [{"kind": "late", "order_id": "o0", "component_id": None,
                          "words": "", "frees": [], "usd": 1.0}]  # fmt: skip


def seed_in_words(record: Any) -> None:
    record["origin"]["seed"] = "lucky"


@pytest.mark.parametrize(
    "tamper",
    [misspell_prices, misspell_stock_price, add_a_term, tell_no_savings, blame_nobody,
     seed_in_words],
)  # fmt: skip
def test_a_field_that_nobody_reads_is_refused(
    folder: Path, tmp_path: Path, tamper: Any
) -> None:
    def change(record: Any) -> None:
        tamper(record)
        record["sha256"] = checksum(record)

    with pytest.raises(InvalidInput, match=r"plan\."):
        run("verify", changed(folder, tmp_path, "PLAN.json", change))


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "late"), ("order_id", "o99"), ("component_id", "c1"), ("usd", 1e6)],
)
def test_a_reason_of_what_is_not_so_is_found_out(
    tmp_path: Path, field: str, value: object
) -> None:
    run("sample", "--facilities", 12, "--orders", 12, "--load", 2, "--out", tmp_path)
    made = (tmp_path / "NETWORK.json", tmp_path / "ORDERS.json")
    run(*made, "--seconds", 0, "--out", tmp_path / "PLAN.json")
    record = json.loads((tmp_path / "PLAN.json").read_text("utf-8"))
    first = next(one for one in record["reasons"] if one["kind"] == "left_out")
    first[field] = value
    record["sha256"] = checksum(record)
    (tmp_path / "PLAN.json").write_text(json.dumps(record))
    code, result = verify(tmp_path / "PLAN.json")
    assert code == 2
    assert any("reasons[" in fault for fault in result["faults"])


@pytest.mark.parametrize(
    "address", ["tcp://", "tcp://here", "tcp://:8786", "tls://a:b"]
)
def test_an_address_of_no_cluster_is_refused(folder: Path, address: str) -> None:
    files = (folder / "NETWORK.json", folder / "ORDERS.json")
    with pytest.raises(InvalidInput, match="is no address"):
        run(*files, "--executor", address)
