"""Sankeys: small flows, loops, credits and the balance of nodes."""

from __future__ import annotations

import pytest

from nearmade.impact.database import Database, Exchange, Flow, Method, Process
from nearmade.impact.sankey import OTHER, ROOT, Sankey
from nearmade.impact.study import Study, solve

CO2 = Flow("co2", "CO2", "g")
GWP = Method("gwp", "Climate", "g", {"co2": 1.0}, "by hand")


def drawn(demand: dict[str, float], *processes: Process) -> Sankey:
    database = Database({one.id: one for one in processes}, {"co2": CO2}, {"gwp": GWP})
    return solve(Study("A thing", {"a": demand}), 3, database=database).sankey(
        "a", "gwp"
    )


def process(name: str, emitted: float, **taken: float) -> Process:
    exchanges = [Exchange("co2", emitted)]
    exchanges += [Exchange(supplier, amount) for supplier, amount in taken.items()]
    return Process(name, name.title(), "kg", "GLO", tuple(exchanges))


def links(sankey: Sankey) -> dict[tuple[str, str], float]:
    return {(one.source, one.target): one.sign * one.value for one in sankey.links}


def test_what_is_below_a_hundredth_is_drawn_as_one() -> None:
    sankey = drawn(
        {"thing": 1.0},
        process("thing", 0.0, steel=1.0, ink=1.0, glue=1.0),
        process("steel", 100.0),
        process("ink", 0.4),
        process("glue", 0.5),
    )
    assert links(sankey) == pytest.approx(
        {("thing", ROOT): 100.9, ("steel", "thing"): 100.0, (OTHER, "thing"): 0.9}
    )
    assert {one.id: one.label for one in sankey.nodes}[ROOT] == "A thing"
    assert sankey.imbalance() == pytest.approx(0)


def test_a_loop_is_opened_and_the_nodes_still_balance() -> None:
    sankey = drawn(
        {"print": 1.0},
        process("print", 0.0, filament=1.0),
        process("filament", 9.0, print=0.1),
    )
    # 9 / (1 - 0.1) = 10 in all, a tenth of which comes round again
    assert links(sankey)["again/print", "filament"] == pytest.approx(10 / 9)
    assert links(sankey)["print", ROOT] == pytest.approx(10.0)
    assert sankey.imbalance() == pytest.approx(0)
    sources = {one.source for one in sankey.links}
    assert ROOT not in sources
    label = next(one.label for one in sankey.nodes if one.id == "again/print")
    assert label == "Print, come round again"


def test_a_credit_carries_its_sign() -> None:
    sankey = drawn(
        {"product": 1.0, "recycling": 1.0},
        process("product", 10.0),
        process("recycling", 1.0, virgin=-0.5),
        process("virgin", 8.0),
    )
    by_link = {(one.source, one.target): one for one in sankey.links}
    assert by_link["virgin", "recycling"].sign == -1
    assert by_link["virgin", "recycling"].value == pytest.approx(4.0)
    assert links(sankey)["recycling", ROOT] == pytest.approx(-3.0)
    assert sankey.imbalance() == pytest.approx(0)


def test_nothing_at_all_draws_nothing() -> None:
    sankey = drawn({"idle": 1.0}, process("idle", 0.0))
    assert sankey.links == ()
    assert sankey.imbalance() == 0.0
