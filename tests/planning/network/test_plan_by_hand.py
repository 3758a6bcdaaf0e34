"""What is planned stands by a program that shares nothing with the planner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nearmade.cli.plan import command
from tests.planning.network.plan_by_hand import add_up, bound_by_hours

SAMPLES = (
    ("--days", 3, "--hubs", 2, "--load", 0.9, "--off-grid", 0.4, "--scarce", 0.4),
    ("--days", 1, "--hubs", 1, "--load", 0.7),
    ("--days", 4, "--hubs", 0, "--load", 0.6, "--outsourcing", "dear"),
    ("--days", 5, "--hubs", 3, "--load", 1.5, "--off-grid", 0.3),
    ("--days", 3, "--hubs", 2, "--load", 0.8, "--panels", 0.6),
)


def run(*words: object) -> None:
    done = CliRunner().invoke(command, [str(word) for word in words])
    assert done.exit_code == 0, done.output


def read(folder: Path, *names: str) -> list[dict[str, Any]]:
    return [json.loads((folder / name).read_text("utf-8")) for name in names]


FILES = ("NETWORK.json", "ORDERS.json", "PLAN.json")


@pytest.mark.parametrize(("seed", "sample"), [*enumerate(SAMPLES, 1)])
def test_plans_of_all_kinds_stand_by_a_program_of_its_own(
    seed: int, sample: tuple[object, ...], tmp_path: Path
) -> None:
    begun, later, failed = (tmp_path / name for name in ("begun", "later", "failed"))
    run(
        "sample",
        "--facilities",
        12,
        "--orders",
        14,
        "--seed",
        seed,
        *sample,
        "-o",
        begun,
    )
    made = [begun / name for name in FILES]
    given = json.loads(made[1].read_text("utf-8"))
    new = given | {
        "orders": [x | {"id": f"new-{x['id']}"} for x in given["orders"][:4]]
    }
    (tmp_path / "NEW.json").write_text(json.dumps(new))
    run(*made[:2], "--seconds", 0.5, "--value-of-time", 0.5, "--out", made[2])
    run("insert", made[2], tmp_path / "NEW.json", "--out", later)
    (later / "NETWORK.json").write_bytes(made[0].read_bytes())
    site = read(begun, "NETWORK.json")[0]["sites"][0]["id"]
    run(
        *("replan", later / "PLAN.json", "--failed", site, "--begun", 0),
        *("--seconds", 0.5, "--out", failed),
    )
    (failed / "ORDERS.json").write_bytes((later / "ORDERS.json").read_bytes())
    for folder in (begun, later, failed):
        network, orders, plan = read(folder, *FILES)
        faults, cost_usd = add_up(network, orders, plan)
        assert faults == []
        assert cost_usd == pytest.approx(plan["cost_usd"], rel=1e-6)
        by_hours = bound_by_hours(network, orders, plan)
        if "bound_by_hours_usd" in plan:
            assert by_hours == pytest.approx(plan["bound_by_hours_usd"], rel=1e-5)
        assert by_hours <= plan["bound_usd"] + 1e-5 * abs(plan["bound_usd"])
        assert plan["bound_usd"] <= cost_usd + 1e-5 * cost_usd
    dead = {
        group["id"] for group in read(begun, "NETWORK.json")[0]["sites"][0]["groups"]
    }
    assert_carried_on(read(later, "PLAN.json")[0], read(failed, "PLAN.json")[0], dead)


def assert_carried_on(before: Any, after: Any, dead: set[str]) -> None:
    """What had begun stays, no promise is broken, and dead groups make nothing."""
    then = {one["id"]: one for one in before["orders"]}
    there = {one["id"]: one for one in after["orders"]}
    for name, order in there.items():
        old = then[name]
        if order.get("left_out"):
            continue
        parts = zip(order["components"], old.get("components", []), strict=False)
        for part, was in parts:
            assert part.get("group") not in dead
            if was.get("ready_day", 9) <= 0 and was["group"] not in dead:
                assert part["group"] == was["group"]
    for name, promise in after["promises"].items():
        assert there[name]["delivered_day"] <= promise["delivered_day"]
