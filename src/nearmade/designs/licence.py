"""What an SPDX licence expression lets a workshop and a customer do.

No legal advice: a table of the duties that matter for making things, and a version of
that table to store beside each decision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

from nearmade.vocabulary.errors import InvalidInput

#: Version of the table below; a new one whenever a row changes.
TABLE_VERSION = "2026-1"

#: Longest expression that is read, in characters.
MAX_EXPRESSION_CHARS = 500


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms of one design, as far as making and selling goes.

    Parameters
    ----------
    expression
        SPDX expression in its canonical spelling, or as given when not known.
    commercial_use
        Prints may be sold.
    adapt
        Changed versions may be shared.
    share_alike
        Changed versions keep the same terms.
    attribution
        The author must be named.
    plain
        One or two sentences for people.
    known
        False when a part of the expression is not in the table.
    """

    expression: str
    commercial_use: bool
    adapt: bool
    share_alike: bool
    attribution: bool
    plain: str
    known: bool = True


#: Terms by SPDX identifier without version: (commercial_use, adapt, share_alike,
#: attribution). Source: the licence texts, https://spdx.org/licenses/; Creative
#: Commons deeds, https://creativecommons.org/licenses/; CERN-OHL-2.0 sections 3 to 5,
#: https://ohwr.org/cernohl; TAPR-OHL-1.0 sections 3 to 5, https://tapr.org/ohl.
_TERMS: dict[str, tuple[bool, bool, bool, bool]] = {
    "CC0": (True, True, False, False),
    "Unlicense": (True, True, False, False),
    "0BSD": (True, True, False, False),
    "MIT-0": (True, True, False, False),
    "PDDL": (True, True, False, False),
    "MIT": (True, True, False, True),
    "ISC": (True, True, False, True),
    "BSD-2-Clause": (True, True, False, True),
    "BSD-3-Clause": (True, True, False, True),
    "Apache": (True, True, False, True),
    "SHL": (True, True, False, True),
    "CERN-OHL-P": (True, True, False, True),
    "CERN-OHL-W": (True, True, True, True),
    "CERN-OHL-S": (True, True, True, True),
    "CERN-OHL": (True, True, True, True),
    "TAPR-OHL": (True, True, True, True),
    "MPL": (True, True, True, True),
    "LGPL": (True, True, True, True),
    "GPL": (True, True, True, True),
    "AGPL": (True, True, True, True),
    "EUPL": (True, True, True, True),
    "CC-BY": (True, True, False, True),
    "CC-BY-SA": (True, True, True, True),
    "CC-BY-NC": (False, True, False, True),
    "CC-BY-NC-SA": (False, True, True, True),
    "CC-BY-ND": (True, False, False, True),
    "CC-BY-NC-ND": (False, False, False, True),
}


_NOTHING = Licence(
    expression="",
    commercial_use=False,
    adapt=False,
    share_alike=False,
    attribution=True,
    plain="",
    known=False,
)


def read_licence(expression: str) -> Licence:
    """Read an SPDX expression; what is not known permits nothing.

    With ``AND`` all terms bind; with ``OR`` the reader may choose, so the side with
    the fewer duties counts.

    Raises
    ------
    InvalidInput
        When the text is empty, too long or no SPDX expression at all.
    """
    text = expression.strip()
    if not text or len(text) > MAX_EXPRESSION_CHARS:
        raise InvalidInput(
            f"licence {text[:40]!r}: name one SPDX expression of at most "
            f"{MAX_EXPRESSION_CHARS} characters",
            code="licence",
            remedy="see https://spdx.org/licenses/ for the names",
        )
    try:
        tree = _spdx().parse(text, validate=True, strict=True)
    except ExpressionError as error:
        return _unknown(text, str(error).rstrip("."))
    terms = _terms(tree)
    return replace(terms, expression=str(tree), plain=_plain(terms))


def is_spdx(expression: str) -> bool:
    """Tell whether a text is an SPDX expression of listed names, known terms or not."""
    text = expression.strip()
    if not text or len(text) > MAX_EXPRESSION_CHARS:
        return False
    try:
        tree = _spdx().parse(text, validate=True, strict=True)
    except ExpressionError:
        return False
    return "LicenseRef-" not in str(tree)


@cache
def _spdx() -> Licensing:
    """Load the list of SPDX names once."""
    return get_spdx_licensing()


def _terms(tree: object) -> Licence:
    """Read the terms of a parsed expression."""
    if isinstance(tree, (AND, OR)):
        several = [_terms(argument) for argument in tree.args]
        if isinstance(tree, OR):
            return max(several, key=_freedom)
        return Licence(
            expression="",
            commercial_use=all(terms.commercial_use for terms in several),
            adapt=all(terms.adapt for terms in several),
            share_alike=any(terms.share_alike for terms in several),
            attribution=any(terms.attribution for terms in several),
            plain="",
            known=all(terms.known for terms in several),
        )
    if isinstance(tree, LicenseWithExceptionSymbol):
        tree = tree.license_symbol
    assert isinstance(tree, LicenseSymbol)
    row = _TERMS.get(_family(str(tree.key)))
    if row is None:
        return _NOTHING
    return Licence("", *row, plain="")


def _freedom(terms: Licence) -> tuple[bool, bool, bool, bool, bool]:
    """Order licences by how much they permit."""
    return (
        terms.known,
        terms.commercial_use,
        terms.adapt,
        not terms.share_alike,
        not terms.attribution,
    )


def _family(key: str) -> str:
    """Take version, port and ``only`` / ``or-later`` off an SPDX identifier."""
    if key in _TERMS:
        return key
    words = key.removesuffix("+").split("-")
    kept: list[str] = []
    for word in words:
        if word[:1].isdigit():
            break
        kept.append(word)
    return "-".join(kept)


def _plain(terms: Licence) -> str:
    """Say the terms in a sentence or two."""
    if not terms.known:
        return (
            "We do not know this licence, so nothing may be sold or changed under it "
            "until a person has read it."
        )
    duties = [
        *(["credit the author"] if terms.attribution else []),
        *(
            ["keep changed versions under the same licence"]
            if terms.share_alike
            else []
        ),
    ]
    condition = f", if you {' and '.join(duties)}" if duties else ""
    if terms.commercial_use and terms.adapt:
        return f"You may sell prints and share changed versions{condition}."
    if terms.commercial_use:
        return (
            f"You may sell prints{condition}. Changed versions, customised ones too, "
            "may not be shared."
        )
    if terms.adapt:
        return (
            f"You may print it and share changed versions{condition}. "
            "Prints may not be sold."
        )
    return (
        f"You may print it as it is{condition}. Prints may not be sold and changed "
        "versions may not be shared."
    )


def _unknown(text: str, reason: str) -> Licence:
    """Give the licence that permits nothing, with the reason."""
    return replace(_NOTHING, expression=text, plain=f"{reason}. {_plain(_NOTHING)}")
