"""Licences; the terms are those of the licence texts."""

from __future__ import annotations

import pytest

from nearmade.designs.licence import read_licence
from nearmade.vocabulary.errors import InvalidInput


@pytest.mark.parametrize(
    ("expression", "commercial", "adapt", "alike", "attribution"),
    [
        ("CC0-1.0", True, True, False, False),
        ("CC-BY-4.0", True, True, False, True),
        ("CC-BY-SA-4.0", True, True, True, True),
        ("CC-BY-SA-3.0", True, True, True, True),
        ("CC-BY-NC-4.0", False, True, False, True),
        ("CC-BY-NC-SA-4.0", False, True, True, True),
        ("CC-BY-ND-4.0", True, False, False, True),
        ("CC-BY-NC-ND-4.0", False, False, False, True),
        ("CERN-OHL-P-2.0", True, True, False, True),
        ("CERN-OHL-W-2.0", True, True, True, True),
        ("CERN-OHL-S-2.0", True, True, True, True),
        ("CERN-OHL-1.2", True, True, True, True),
        ("TAPR-OHL-1.0", True, True, True, True),
        ("MIT", True, True, False, True),
        ("Apache-2.0", True, True, False, True),
        ("GPL-3.0-or-later", True, True, True, True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True, True, True, True),
        ("MIT OR GPL-3.0-only", True, True, False, True),
        ("CC-BY-NC-4.0 OR CC-BY-SA-4.0", True, True, True, True),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", False, True, False, True),
        ("CC-BY-ND-4.0 AND MIT", True, False, False, True),
    ],
)
def test_terms_are_those_of_the_licence(
    expression: str, commercial: bool, adapt: bool, alike: bool, attribution: bool
) -> None:
    terms = read_licence(expression)
    assert terms.known
    assert (
        terms.commercial_use,
        terms.adapt,
        terms.share_alike,
        terms.attribution,
    ) == (commercial, adapt, alike, attribution)


@pytest.mark.parametrize(
    "expression",
    [
        "CC-BY-SA-9",
        "LicenseRef-CC BY-SA-4.0",
        "LicenseRef-Ours",
        "all rights reserved",
        "((",
        "Sleepycat",
        "MIT AND Sleepycat",
    ],
)
def test_an_unknown_licence_permits_nothing_and_says_so(expression: str) -> None:
    terms = read_licence(expression)
    assert not terms.known
    assert not terms.commercial_use
    assert not terms.adapt
    assert "do not know this licence" in terms.plain


def test_a_known_alternative_saves_an_unknown_one() -> None:
    assert read_licence("Sleepycat OR MIT").commercial_use


def test_the_spelling_becomes_canonical() -> None:
    assert read_licence(" cc-by-sa-4.0 ").expression == "CC-BY-SA-4.0"


@pytest.mark.parametrize(
    ("expression", "plain"),
    [
        ("CC0-1.0", "You may sell prints and share changed versions."),
        (
            "CC-BY-SA-4.0",
            (
                "You may sell prints and share changed versions, if you credit the "
                "author and keep changed versions under the same licence."
            ),
        ),
        (
            "CC-BY-ND-4.0",
            (
                "You may sell prints, if you credit the author. Changed versions, "
                "customised ones too, may not be shared."
            ),
        ),
        (
            "CC-BY-NC-4.0",
            (
                "You may print it and share changed versions, if you credit the "
                "author. Prints may not be sold."
            ),
        ),
        (
            "CC-BY-NC-ND-4.0",
            (
                "You may print it as it is, if you credit the author. Prints may "
                "not be sold and changed versions may not be shared."
            ),
        ),
    ],
)
def test_people_read_a_sentence_or_two(expression: str, plain: str) -> None:
    assert read_licence(expression).plain == plain


@pytest.mark.parametrize("expression", ["", "  ", "MIT OR " * 100])
def test_no_expression_at_all_is_refused(expression: str) -> None:
    with pytest.raises(InvalidInput):
        read_licence(expression)
