"""Names that a name, not known, may have been meant for."""

from __future__ import annotations

from nearmade.vocabulary.nearest import MOST_NAMES, nearest, not_known, slip_meant


def test_capitals_hide_no_likeness_and_names_are_told_as_they_are_written() -> None:
    assert nearest("eux", ["EUR", "USD"]) == ["EUR"]
    assert nearest("Mk3-pla", ["mk3s-pla-0.20", "Form-3"]) == ["mk3s-pla-0.20"]


def test_where_none_is_like_it_none_is_told() -> None:
    assert not_known("material", "UNOBTAINIUM", ["PLA"]) == (
        "material 'UNOBTAINIUM': not known"
    )


def test_one_is_and_several_are() -> None:
    assert not_known("machine", "mk3", ["mk3s"]).endswith("; near it is mk3s")
    told = not_known("machine", "mk3", ["mk3s", "mk3x"])
    assert told.endswith("; near it are mk3x, mk3s")


def test_no_more_are_told_than_are_read() -> None:
    assert len(nearest("mk3", [f"mk3-{n}" for n in range(9)])) == MOST_NAMES


def test_only_a_slip_is_taken_for_a_name() -> None:
    names = ["x_travel", "width", "Equipment"]
    assert slip_meant("widht", names) == "width"
    assert slip_meant("equipmnt", names) == "Equipment"
    assert slip_meant("extra", names) == ""
    assert slip_meant("e", names) == ""
