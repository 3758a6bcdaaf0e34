"""The process database: what each number tells, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from nearmade.impact.database import (
    TABLES,
    Database,
    Exchange,
    Flow,
    Method,
    Process,
    own_database,
    table,
)
from nearmade.impact.freight_rows import freight_rows
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.errors import InvalidInput, NotFound

DATABASE = own_database()


def scores(*names: str, methods: tuple[str, ...] = ("gwp100",)) -> dict[str, float]:
    study = Study("One", {name: {name: 1.0} for name in names}, methods=methods)
    solved = solve(study, 1).score
    return {name: sum(solved[name][one] for one in methods) for name in names}


def test_every_number_has_a_source_a_place_and_a_name() -> None:
    for process in DATABASE.processes.values():
        for exchange in process.exchanges:
            if not exchange.sourced:
                # what holds by definition: one of it, less or more never
                assert exchange.amount == 1.0, process.id
                continue
            assert exchange.id, process.id
            assert exchange.geography, exchange.id
            assert exchange.assumed == exchange.source.startswith("assumed:")
            assert "{" not in exchange.source, exchange.id


def test_a_number_that_is_no_assumption_names_its_publication() -> None:
    named = [
        "Ankathi",
        "codecarbon",
        "DEFRA",
        "EMEP/EEA",
        "Ember",
        "energy content",
        "GlobalSpec",
        "Hopewell",
        "IPCC",
        "Macknick",
        "nothing is burnt",
        "Plastribution",
        "Socks",
        "Vink",
        "Woern",
    ]
    for factor in DATABASE.numbers.values():
        assert factor.assumed or any(one in factor.source for one in named), factor.id


def test_no_process_stands_in_the_tables_twice() -> None:
    rows = [row["id"] for name in TABLES for row in table(name)["processes"]]
    rows += [row["id"] for row in freight_rows()]
    assert sorted(rows) == sorted(DATABASE.processes)


def test_embers_attribution_stands_on_every_figure_of_theirs() -> None:
    for process in DATABASE.processes.values():
        for exchange in process.exchanges:
            if "Ember yearly" in exchange.source:
                assert "CC BY-SA 4.0" in exchange.source, exchange.id


@pytest.mark.parametrize(
    ("process", "gco2e"),
    [
        # Ember; Hopewell Table 3; DEFRA 2025
        ("electricity/in", 708.96),
        ("electricity/fr", 44.18),
        ("resin/pp", 2000.0),
        ("moulded/hdpe", 3095.16),
        ("moulded/hdpe-recycled", 1770.79),
        ("waste/plastics-recycling", 4.68568),
        # TTW and WTT: 0.02779 + 0.00691
        ("freight/rail", 34.7),
        # with radiative forcing: 0.89939 + 0.13516
        ("freight/air-long", 1034.55),
        # 0.24 kWh/kg of sunshine at 48 g
        ("filament/recyclebot-solar", 11.52),
        # 100 kg of steel over 100,000 parts: 1 g
        ("mould/share", 2.863901),
        # 7 kg over 5000 h at 5647.946 g/kg
        ("machine/desktop-printer-hour", 7.9071244),
    ],
)
def test_processes_score_as_their_sources_say(process: str, gco2e: float) -> None:
    assert scores(process)[process] == pytest.approx(gco2e)


def test_flying_splits_into_fuel_burnt_fuel_made_and_forcing() -> None:
    parts = ("gwp100-ttw", "gwp100-wtt", "gwp100-forcing")
    whole = scores("freight/air-short")["freight/air-short"]
    split = scores("freight/air-short", methods=parts)["freight/air-short"]
    assert split == pytest.approx(whole)
    assert whole == pytest.approx(1483.5)


def test_energy_splits_into_renewable_and_not_for_every_process() -> None:
    names = tuple(DATABASE.processes)
    parts = ("ced-renewable", "ced-non-renewable", "ced-not-split")
    whole, split = scores(*names, methods=("ced",)), scores(*names, methods=parts)
    for name in names:
        assert split[name] == pytest.approx(whole[name]), name


def test_the_shares_of_a_countrys_generation_sum_to_one() -> None:
    for name, process in DATABASE.processes.items():
        if name.startswith("electricity/") and process.location != "GLO":
            shares = [
                one.amount
                for one in process.exchanges
                if one.input.startswith("primary-energy/")
            ]
            assert sum(shares) == pytest.approx(1.0), name


def test_recycling_spares_more_than_it_takes() -> None:
    # 4.69 g + 0.8 x (1400 - 2000)
    assert scores("recycling/pp")["recycling/pp"] == pytest.approx(-475.31432)


@pytest.mark.parametrize(
    ("process", "litres"),
    [
        # gallons a megawatt-hour of Macknick 2012, 3.785411784 litres a gallon
        ("generation/coal", 687 * 3.785411784e-3),
        ("generation/nuclear", 672 * 3.785411784e-3),
        ("generation/wind", 0.0),
        ("electricity/solar", 3.785411784e-3),
        # Kenya 2023: of 12.2 TWh 0.73 from oil, 0.24 from biomass, 0.49 from the sun
        (
            "electricity/ke",
            (0.73 * 826 + 0.24 * 553 + 0.49 * 1) / 12.2 * 3.785411784e-3,
        ),
    ],
)
def test_water_is_what_power_stations_consume(process: str, litres: float) -> None:
    found = scores(process, methods=("water",))[process]
    assert found == pytest.approx(litres, rel=2e-4)


def test_dust_is_what_their_stacks_emit() -> None:
    # 9 MJ of fuel a kilowatt-hour times 3.4 g/GJ, 0.89 g/GJ and 133 g/GJ (EMEP/EEA)
    told = scores(
        "generation/coal",
        "generation/gas",
        "generation/biomass",
        "generation/hydro",
        methods=("pm25",),
    )
    assert told == {
        "generation/coal": pytest.approx(0.0306),
        "generation/gas": pytest.approx(0.00801),
        "generation/biomass": pytest.approx(1.197),
        "generation/hydro": 0.0,
    }


CO2 = Flow("co2", "CO2", "g")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": inf}, "not finite"),
        ({"geometric_sd": 0.5}, "1 or more"),
        ({"source": ""}, "source is needed"),
        ({"low": 0.5}, "come together"),
        ({"low": 2.0, "high": 3.0}, "not in order"),
    ],
)
def test_an_impossible_number_is_refused(
    fields: dict[str, float | str], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        replace(Exchange("co2", 1.0, source="by hand"), **fields)  # type: ignore[arg-type]


def test_what_is_taken_must_be_there() -> None:
    lost = Process("a", "A", "kg", "GLO", (Exchange("wood", 1.0),))
    with pytest.raises(InvalidInput, match="'wood' is not known"):
        Database({"a": lost}, {"co2": CO2}, {})


def test_a_method_counts_flows_that_are_there() -> None:
    with pytest.raises(InvalidInput, match="flow ch4 is not known"):
        Database({}, {"co2": CO2}, {"m": Method("m", "M", "g", {"ch4": 1.0}, "x")})


def test_a_name_is_a_process_or_a_flow() -> None:
    both = Process("co2", "CO2", "kg", "GLO", ())
    with pytest.raises(InvalidInput, match="co2 is a process and a flow"):
        Database({"co2": both}, {"co2": CO2}, {})


def test_a_study_may_add_processes_but_not_change_them() -> None:
    mine = Process("mine", "Mine", "kg", "GLO", ())
    whole = DATABASE.with_processes((mine, mine))
    assert whole.process("mine") == mine
    with pytest.raises(InvalidInput, match="'mine': is there already"):
        whole.with_processes((replace(mine, unit="g"),))
    with pytest.raises(NotFound, match="'mine'"):
        DATABASE.process("mine")
