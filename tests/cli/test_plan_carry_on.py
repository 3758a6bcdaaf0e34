"""``nearmade plan insert``, ``replan`` and ``compare``: plans are carried on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli.plan import command
from nearmade.cli.plan_progress import ProgressBar, bar_line
from nearmade.vocabulary.errors import InvalidInput, NotFound


def run(*arguments: object) -> str:
    done = CliRunner().invoke(
        command, [str(one) for one in arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def json_of(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small invented network with its plan, and new orders for it."""
    made = tmp_path_factory.mktemp("plan")
    run("sample", "--facilities", 20, "--orders", 30, "--load", 0.3, "--out", made)
    orders = made / "ORDERS.json"
    record = json.loads(orders.read_text("utf-8"))
    new = record | {"orders": record["orders"][25:]}
    record["orders"] = record["orders"][:25]
    orders.write_text(json.dumps(record))
    (made / "NEW.json").write_text(json.dumps(new))
    run(made / "NETWORK.json", orders, "--seconds", 1, "--out", made / "PLAN.json")
    return made


def test_new_orders_are_placed_and_the_plan_stands(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "after"
    plan = folder / "PLAN.json"
    result = json_of("insert", plan, folder / "NEW.json", "--out", out)
    assert [one["id"] for one in result["placed"]] == [f"o{n}" for n in range(25, 30)]
    run("verify", out / "PLAN.json")
    after = json.loads((out / "PLAN.json").read_text("utf-8"))
    before = json.loads(plan.read_text("utf-8"))
    assert len(after["orders"]) == 30
    for old, new in zip(before["orders"], after["orders"], strict=False):
        assert old.get("hub") == new.get("hub")
        assert old.get("delivered_day") == new.get("delivered_day")
    promised = {one["id"]: one["promise"] for one in result["placed"]}
    for one in after["orders"][25:]:
        if not one.get("left_out"):
            assert one["delivered_day"] == promised[one["id"]]["delivered_day"]
    assert after["promises"] == {key: one for key, one in promised.items() if one}
    run("replan", out / "PLAN.json", "--seconds", 0, "--out", tmp_path / "later")
    later = json.loads((tmp_path / "later" / "PLAN.json").read_text("utf-8"))
    assert later["promises"] == after["promises"]


def test_without_out_nothing_is_written_and_people_read_prices(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    text = run("insert", folder / "PLAN.json", folder / "NEW.json", "--stay")
    assert "0 pieces of planned work moved" in text
    assert "more to others" in text
    assert sorted(path.name for path in folder.iterdir()) == before


def test_prices_may_be_forecast_from_plans_of_earlier_days(folder: Path) -> None:
    plan = folder / "PLAN.json"
    result = json_of(
        "insert", plan, folder / "NEW.json", "--history", plan, "--history", plan
    )
    assert len(result["placed"]) == 5


def test_an_order_that_is_planned_already_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="'o0' is planned already"):
        run("insert", folder / "PLAN.json", folder / "ORDERS.json")


def test_a_plan_of_other_files_is_not_built_upon(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    orders = tmp_path / "ORDERS.json"
    orders.write_bytes(orders.read_bytes() + b"\n")
    with pytest.raises(InvalidInput, match="not the file that the plan was made from"):
        run("compare", tmp_path / "PLAN.json", "--order", "o1")


def test_a_failed_site_makes_nothing_more(folder: Path, tmp_path: Path) -> None:
    plan = json.loads((folder / "PLAN.json").read_text("utf-8"))
    busy = next(
        part["group"]
        for order in plan["orders"]
        for part in order.get("components", ())
        if "group" in part
    )
    site = busy.replace("g", "s")
    out = tmp_path / "after"
    result = json_of(
        "replan",
        folder / "PLAN.json",
        *("--failed", site, "--begun", 0, "--seconds", 1, "--out", out),
    )
    assert result["moved"] >= 1
    assert not set(result["later"]) & set(result["left_out"])
    run("verify", out / "PLAN.json")
    after = (out / "PLAN.json").read_text("utf-8")
    assert f'"group":"{busy}"' not in after
    before = json.loads((folder / "PLAN.json").read_text("utf-8"))
    assert json.loads(after)["bound_usd"] >= before["bound_usd"] * (1 - 1e-9)
    text = run("replan", folder / "PLAN.json", "--seconds", 0, "--may-be-later")
    assert "components moved, 0 orders later, 0 left out" in text
    with pytest.raises(NotFound, match="site 'nowhere'"):
        run("replan", folder / "PLAN.json", "--failed", "nowhere")


def test_an_order_s_choices_are_compared(folder: Path) -> None:
    result = json_of("compare", folder / "PLAN.json", "--order", "o3")
    assert result["cheapest"]["price_usd"] <= result["knee"]["price_usd"]
    assert result["fastest"]["delivered_day"] <= result["knee"]["delivered_day"]
    assert len(result["front"]) >= 1
    text = run("compare", folder / "PLAN.json", "--order", "o3")
    assert text.splitlines()[0].startswith("cheapest")
    with pytest.raises(NotFound, match="order 'zz'"):
        run("compare", folder / "PLAN.json", "--order", "zz")


def test_the_whole_plan_is_compared_by_scenarios(folder: Path) -> None:
    result = json_of("compare", folder / "PLAN.json", "--seconds", 0)
    names = [one["name"] for one in result["scenarios"]]
    assert names == ["balanced", "cheapest", "fastest", "greenest", "nearest"]
    assert result["knee"] in names
    assert "knee: " in run("compare", folder / "PLAN.json", "--seconds", 0)


def test_the_bar_tells_time_and_gap() -> None:
    line = bar_line(103.0, 100.0, 15.0, 60.0)
    assert line == "[######------------------]  15.0 of 60 s  gap  3.000%"
    assert "no plan yet" in bar_line(float("inf"), 100.0, 1.0, 60.0)
    assert bar_line(1.0, 1.0, 0.0, 0.0).startswith("[########################]")


def test_the_bar_keeps_the_best_and_is_silent_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ProgressBar(10.0) as bar:
        bar.tell(float("inf"), 90.0, 1.0)
        bar.tell(120.0, 80.0, 2.0)
    assert capsys.readouterr().err.count("\n") == 1  # not more often than every 5 s
    with ProgressBar(10.0, quiet=True) as bar:
        bar.tell(120.0, 80.0, 2.0)
    assert capsys.readouterr().err == ""
