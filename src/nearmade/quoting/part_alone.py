"""One copy of a part in a build of its own: where figures of plates begin."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class PartAlone:
    """One copy of a part in a build of its own.

    Parameters
    ----------
    facts
        Of the part as it will be printed.
    estimate
        Of that build, by any level; its quantity is 1.
    unslowed_s
        Time of one copy where no layer is slowed down to cool, without what a build
        adds once, where it is known. [s]
    mesh
        As it will be printed, where it is at hand: layers and skirts are then true to
        it, else those of a box.

    Raises
    ------
    InvalidInput
        When the estimate speaks of several copies.
    """

    facts: PartFacts
    estimate: BuildEstimate
    mesh: Mesh | None = None
    unslowed_s: float | None = None

    def __post_init__(self) -> None:
        if self.estimate.quantity != 1:
            raise InvalidInput(
                f"plate: an estimate of {self.estimate.quantity} copies; must be of 1"
            )
