"""Published figures recomputed, and told apart from those that are not reached."""

from __future__ import annotations

from math import inf

import pytest

from nearmade.impact.published import Given, Landing, battery_ah, cubefactory, table
from nearmade.impact.published_energy import (
    PRODUCTS,
    SYSTEM_MJ,
    kreiger_savings,
    published,
    saved_mj_per_kg,
)
from nearmade.impact.published_money import petersen, wittbrodt, woern


def test_cubefactory_comes_out_exactly() -> None:
    # 8 h x 10 A / 0.9, which its README rounds to 88.9 Ah
    assert battery_ah(8, 10, 0.9) == pytest.approx(800 / 9, rel=1e-12)
    assert round(cubefactory().low, 1) == 88.9
    assert cubefactory().lands == "inside"


def test_wittbrodt_pays_back_as_by_hand() -> None:
    payback, rate = wittbrodt()
    # 600 / (1944 - 18) and 600 / (312 - 18) years
    assert payback.low == pytest.approx(12 * 600 / 1926)
    assert payback.high == pytest.approx(12 * 600 / 294)
    assert payback.lands == rate.lands == "inside"


def test_petersen_agrees_with_itself() -> None:
    dear, cheap = petersen()
    assert dear.high == pytest.approx(60 / 10.86)
    assert cheap.high == pytest.approx(30)
    assert dear.lands == cheap.lands == "inside"


def test_a_recyclebot_draws_ninety_six_watts() -> None:
    assert woern()[-1].low == pytest.approx(0.24 * 0.4 * 1000)


def test_zhongs_two_ends_stand_for_one_system() -> None:
    # 26.33 kg x 99.9 MJ/kg and 29.43 kg x 90.6 MJ/kg differ by 1.4 %
    assert pytest.approx(26.33 * 99.9, rel=0.01) == SYSTEM_MJ
    assert pytest.approx(29.43 * 90.6, rel=0.01) == SYSTEM_MJ


def test_recycling_saves_the_virgin_resin_less_the_recyclebots_electricity() -> None:
    # at least resin's 38.5 MJ less 0.24 kWh of sunshine, at most that and 5 MJ more
    assert 38.5 - 0.24 * 4 < saved_mj_per_kg("pla") < 38.5 + 5


def test_sunshine_saves_more_than_the_grid() -> None:
    for product in PRODUCTS:
        grid, sun = (
            kreiger_savings(product, power_w=47.2, solar=solar, draws=100)
            for solar in (False, True)
        )
        assert sun.fraction > grid.fraction
        assert grid.low < grid.fraction < grid.high


def test_every_row_names_its_paper_its_inputs_and_why() -> None:
    rows = published()
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.paper
        assert row.why
        assert row.inputs
        assert all(one.source for one in row.inputs)
        assert row.low <= row.high
    papers = " ".join(row.paper for row in rows)
    for name in ("Kreiger", "Wittbrodt", "Petersen", "Zhong", "Woern", "CubeFactory2"):
        assert name in papers
    assert table(rows).count("\n") == len(rows) + 1


@pytest.mark.parametrize(
    ("ours", "lands"),
    [
        ((2.0, 3.0), "inside"),
        ((0.0, 2.0), "partly"),
        ((5.0, 9.0), "partly"),
        ((6.0, 9.0), "outside"),
    ],
)
def test_a_row_says_whether_it_lands(ours: tuple[float, float], lands: str) -> None:
    given = Given("x", 1.0, "1", "by hand")
    row = Landing("x", "A, B", "c", "%", 1.0, 5.0, *ours, (given,), "why")
    assert row.lands == lands


def test_an_open_end_is_none_for_programs_and_a_word_for_people() -> None:
    given = Given("x", 1.0, "1", "by hand")
    row = Landing("x", "A, B", "c", "%", -inf, 5.0, 2.0, 2.0, (given,), "why")
    assert row.record()["published"] == [None, 5.0]
    assert "| below 5 % | 2 % | inside |" in table([row])
