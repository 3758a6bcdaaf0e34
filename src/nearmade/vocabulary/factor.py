"""A number from outside, with the source it came from."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Factor:
    """A constant that a person may ask the origin of.

    Parameters
    ----------
    id
        Stable name, such as ``freight/van-diesel-wtw``.
    value
        The median, in ``unit``.
    unit
        As written in the source, such as ``gCO2e/t.km``.
    source
        Publication, table and year, or why it is assumed.
    geometric_sd
        Geometric standard deviation of the value, 1 or more.
    year
        Year the value speaks of; 0 when the source does not say.
    assumed
        True when no source was found and the value is ours.

    Raises
    ------
    InvalidInput
        When the source is empty, or the geometric standard deviation is below 1.
    """

    id: str
    value: float
    unit: str
    source: str
    geometric_sd: float = 1.0
    year: int = 0
    assumed: bool = False

    def __post_init__(self) -> None:
        if not self.source:
            raise InvalidInput(f"factor {self.id}: a source is needed")
        if not self.geometric_sd >= 1:
            raise InvalidInput(f"factor {self.id}: geometric_sd must be 1 or more")
