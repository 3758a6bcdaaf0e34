"""Name the offers that stand out: cheapest, soonest, greenest, and the knee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nearmade.vocabulary.estimate import Estimate


class Comparable(Protocol):
    """What is compared of an offer."""

    @property
    def total_usd(self) -> Estimate:
        """Price with carriage. [USD]"""

    @property
    def days(self) -> Estimate:
        """From now to the door. [d]"""

    @property
    def gco2e(self) -> Estimate:
        """Making and carriage. [gCO2e]"""


def label_offers(offers: Sequence[Comparable]) -> tuple[tuple[str, ...], ...]:
    """Give each offer its labels, in the order of the offers.

    The knee is the offer nearest to having all three at their best: among offers that
    no other beats in all three, each figure is scaled from its best (0) to its worst
    (1), and the shortest distance to (0, 0, 0) wins.

    References
    ----------
    M. Zeleny, "Compromise programming", in Multiple Criteria Decision Making, 1973.
    """
    if not offers:
        return ()
    figures = np.array(
        [[o.total_usd.value, o.days.value, o.gco2e.value] for o in offers]
    )
    labels: list[list[str]] = [[] for _ in offers]
    for column, label in enumerate(("cheapest", "soonest", "greenest")):
        labels[int(np.argmin(figures[:, column]))].append(label)
    no_worse = (figures[:, None, :] <= figures[None, :, :]).all(axis=2)
    better = (figures[:, None, :] < figures[None, :, :]).any(axis=2)
    front = np.flatnonzero(~(no_worse & better).any(axis=0))
    best, worst = figures[front].min(axis=0), figures[front].max(axis=0)
    scaled = (figures[front] - best) / np.where(worst > best, worst - best, 1.0)
    nearest = int(np.argmin(np.linalg.norm(scaled, axis=1)))
    labels[int(front[nearest])].append("knee")
    return tuple(tuple(each) for each in labels)
