"""Published figures recomputed from documented inputs: where we land, and why not.

Only abstracts and press reports were at hand, so inputs that these do not state are
ours, marked, and each row says what they do to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Final

KREIGER: Final = (
    "Kreiger & Pearce 2013, ACS Sustainable Chem. Eng. 1:1511, abstract, "
    "doi:10.1021/sc400093k"
)
WITTBRODT: Final = (
    "Wittbrodt et al. 2013, Mechatronics 23:713, abstract and press, "
    "doi:10.1016/j.mechatronics.2013.06.002"
)
PETERSEN: Final = (
    "Petersen & Pearce 2017, Technologies 5(1):7, abstract, "
    "doi:10.3390/technologies5010007"
)
ZHONG: Final = (
    "Zhong et al. 2017, Recycling 2(2):10, abstract, doi:10.3390/recycling2020010"
)
WOERN: Final = (
    "Woern et al. 2018, HardwareX 4:e00026, abstract, doi:10.1016/j.ohx.2018.e00026"
)
CUBEFACTORY: Final = "CubeFactory2, power supply README, CC BY-SA 4.0"
OURS: Final = "assumed"


@dataclass(frozen=True, slots=True)
class Given:
    """One documented input.

    Parameters
    ----------
    name, value, unit
        What went in.
    source
        The paper, our database, a slicer; ``assumed: ...`` where it is ours.
    """

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Landing:
    """A published figure beside ours.

    Parameters
    ----------
    id
        Such as ``kreiger-grid``.
    paper, claim
        Who says what.
    unit
        Of the four figures.
    published_low, published_high
        The range; infinite where it is open.
    low, high
        Ours, from the least to the most of what was recomputed.
    inputs
        What went in.
    why
        Why we land there, and what would move us.
    """

    id: str
    paper: str
    claim: str
    unit: str
    published_low: float
    published_high: float
    low: float
    high: float
    inputs: tuple[Given, ...]
    why: str

    @property
    def lands(self) -> str:
        """``inside``, ``partly`` (the ranges overlap) or ``outside``."""
        if self.published_low <= self.low and self.high <= self.published_high:
            return "inside"
        if self.high >= self.published_low and self.low <= self.published_high:
            return "partly"
        return "outside"

    def record(self) -> dict[str, object]:
        """Give the row as plain values for JSON; an open end is None."""
        return {
            "id": self.id,
            "paper": self.paper,
            "claim": self.claim,
            "unit": self.unit,
            "published": [_closed(self.published_low), _closed(self.published_high)],
            "ours": [self.low, self.high],
            "lands": self.lands,
            "why": self.why,
            "inputs": [
                {"name": x.name, "value": x.value, "unit": x.unit, "source": x.source}
                for x in self.inputs
            ],
        }


def battery_ah(hours: float, current_a: float, depth_fraction: float) -> float:
    """Give the capacity that a current needs for a time, discharged so deep. [Ah]

    Parameters
    ----------
    hours, current_a
        How long, and how much. [h], [A]
    depth_fraction
        Share of the capacity that may be taken, above 0 to 1.
    """
    return hours * current_a / depth_fraction


def cubefactory() -> Landing:
    """Recompute CubeFactory2's battery from its published figures."""
    capacity_ah = battery_ah(8.0, 10.0, 0.9)
    return Landing(
        "cubefactory2",
        CUBEFACTORY,
        "8 h at 10 A and 90 % depth need 88.9 Ah, and 100 Ah are built in",
        "Ah",
        88.85,
        88.95,
        capacity_ah,
        capacity_ah,
        (
            Given("runtime", 8.0, "h", CUBEFACTORY),
            Given("current", 10.0, "A", CUBEFACTORY),
            Given("depth of discharge", 0.9, "1", CUBEFACTORY),
        ),
        "Exact: 8 x 10 / 0.9. The README's 100 W does not go with its 10 A, which are "
        "128 W at 12.8 V.",
    )


def table(rows: Iterable[Landing]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [
        "| paper | says | published | ours | lands | why |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        paper = row.paper.split(",", maxsplit=1)[0]
        published = _span(row.published_low, row.published_high, row.unit)
        ours = _span(row.low, row.high, row.unit)
        lines.append(
            f"| {paper} | {row.claim} | {published} | {ours} | {row.lands} | "
            f"{row.why} |"
        )
    return "\n".join(lines)


def _span(low: float, high: float, unit: str) -> str:
    if low == high:
        return f"{low:.3g} {unit}"
    if high == inf:
        return f"above {low:.3g} {unit}"
    if low == -inf:
        return f"below {high:.3g} {unit}"
    first, last = f"{low:.3g}", f"{high:.3g}"
    return f"{first} {unit}" if first == last else f"{first} to {last} {unit}"


def _closed(end: float) -> float | None:
    return end if abs(end) < inf else None
