"""Places by name, offline."""

import pytest

from nearmade.adapters.places import find_places, fold, one_place
from nearmade.vocabulary.errors import NotFound


def test_places_come_by_their_beginning_with_the_most_people_first() -> None:
    assert str(find_places("nai")[0]) == "Nairobi, KE"
    # London in England has some nine million people, London in Ontario 0.4
    assert [place.country for place in find_places("london", 2)] == ["GB", "CA"]


@pytest.mark.parametrize(
    "text", ["sao paulo", "São Paulo", "SAO  PAULO", "são paulo, br"]
)
def test_accents_case_and_blanks_do_not_count(text: str) -> None:
    assert str(find_places(text, 1)[0]) == "São Paulo, BR"


@pytest.mark.parametrize("text", ["nai, ke", "Nai, Kenya", "nai,KEN", "nai, ken"])
def test_a_country_after_the_comma_narrows_the_search(text: str) -> None:
    assert [str(place) for place in find_places(text)] == [
        "Nairobi, KE",
        "Naivasha, KE",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [("Bombay", "Mumbai, IN"), ("नैरोबी", "Nairobi, KE"), ("Napoli", "Naples, IT")],
)
def test_names_in_other_languages_are_known(text: str, place: str) -> None:
    assert str(find_places(text, 1)[0]) == place


@pytest.mark.parametrize("text", ["", " ", ",", ", KE", "Nairobi, Atlantis", "qqqq"])
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert find_places(text) == []


def test_one_place_is_the_largest_of_exactly_that_name() -> None:
    nairobi = one_place("Nairobi, KE")
    assert (nairobi.lat_deg, nairobi.lon_deg) == (-1.28333, 36.81667)
    assert one_place("york").country == "GB"
    assert str(one_place("Lodwar")) == "Lodwar, KE"
    assert str(one_place("Bombay, IN")) == "Mumbai, IN"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("Nairobbi, KE", "Nairobi, KE"), ("Nairo", "Nairobi, KE"), ("Lyyon", "Lyon, FR")],
)
def test_a_misspelt_place_is_not_found_but_a_close_one_is_suggested(
    text: str, suggestion: str
) -> None:
    with pytest.raises(NotFound, match="no such city") as refusal:
        one_place(text)
    assert suggestion in refusal.value.remedy


@pytest.mark.parametrize("text", ["", "Nairobi, Atlantis", ", KE"])
def test_nonsense_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        one_place(text)


def test_folding_leaves_bare_letters() -> None:
    assert fold("  Tōkyō-to ") == "tokyo to"
