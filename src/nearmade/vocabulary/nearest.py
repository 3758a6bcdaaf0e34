"""The known names that a name, not known, may have been meant for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

#: Names told at once; more are no longer read.
MOST_NAMES = 5
#: Least likeness of a slip: ``widht`` to ``width`` has 0.8, ``extra`` to
#: ``x_travel`` 0.62.
_SLIP = 0.75
#: Longer names are cut before they are compared or told.
MOST_SIGNS = 60


def not_known(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and name at most five that are near.

    Parameters
    ----------
    kind
        What it should be the name of, such as ``profile``.
    name
        As the caller gave it.
    known
        Names that there are, in the order in which they are told.
    """
    cut = name[:MOST_SIGNS]
    near = nearest(cut, list(known))
    stands = "is" if len(near) == 1 else "are"
    tail = f"; near it {stands} {', '.join(near)}" if near else ""
    return f"{kind} {cut!r}: not known{tail}"


def slip_meant(name: str, known: Iterable[str]) -> str:
    """Give the one known name of which a name is plainly a slip, or nothing.

    Parameters
    ----------
    name
        As it is written; capitals do not matter.
    known
        Names that there are.
    """
    written = {each.casefold(): each for each in known}
    folded = name[:MOST_SIGNS].casefold()
    alike = difflib.get_close_matches(folded, written, n=1, cutoff=_SLIP)
    return written[alike[0]] if alike else ""


def nearest(name: str, known: list[str]) -> list[str]:
    """Give at most five known names like this one, then of the same first word."""
    written = {each.casefold(): each for each in known}
    folded = name.casefold()
    alike = difflib.get_close_matches(folded, written, n=MOST_NAMES, cutoff=0.6)
    first = folded.split("-")[0]
    akin = (each for each in written if first and each.startswith(first))
    near = islice(dict.fromkeys((*alike, *akin)), MOST_NAMES)
    return [written[each] for each in near]
