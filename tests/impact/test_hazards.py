"""Flags of feedstocks and what becomes of them afterwards."""

from __future__ import annotations

import pytest

from nearmade.impact.hazards import ends_of_life, material_hazards


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("PLA", []),
        ("ABS", ["fumes"]),
        ("PA-CF", ["fibre"]),
        ("PETG CF15", ["fibre"]),
        ("PP-GF30", ["fibre"]),
        ("Carbon fiber nylon", ["fibre"]),
        ("PLA with CNT", ["engineered-nanomaterial"]),
        ("3DXSTAT MWCNT-PETG", ["engineered-nanomaterial"]),
        ("Graphene PLA", ["engineered-nanomaterial"]),
        ("Nanodiamond ABS", ["engineered-nanomaterial"]),
        ("unheard-of resin", []),
    ],
)
def test_names_and_kinds_of_feedstocks_tell_their_hazards(
    name: str, kinds: list[str]
) -> None:
    assert [one.kind for one in material_hazards([name])] == kinds


def test_each_flag_says_who_says_so() -> None:
    for one in material_hazards(["ABS", "PA-CF", "Graphene PLA", "RESIN"]):
        assert one.source
        assert one.message


def test_styrene_is_told_with_the_study_that_measured_it() -> None:
    (fumes,) = material_hazards(["ABS"])
    assert "10.1021/acs.est.5b04983" in fumes.source


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("HDPE", "2", "recycled in many places"),
        ("PLA", "7", "recyclebot"),
        ("PA-CF", "7", "no stream takes it"),
        ("unheard-of", "", "no resin code is known"),
    ],
)
def test_a_resin_code_says_whether_it_is_recycled(
    name: str, code: str, words: str
) -> None:
    (end,) = ends_of_life([name, name])
    assert end.resin_code == code
    assert words in end.message


def test_cured_resin_is_not_recycled_and_touches_the_skin_before() -> None:
    (end,) = ends_of_life(["RESIN"])
    assert end.message == "cured resin does not melt: no recycling"
    (hazard,) = material_hazards(["RESIN"])
    assert hazard.kind == "contact"
