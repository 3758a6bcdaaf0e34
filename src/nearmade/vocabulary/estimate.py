"""A figure with the interval that holds the truth four times in five."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Estimate:
    """A central value with its 80 % interval, in the unit of the field that holds it.

    Parameters
    ----------
    value
        The best guess (median).
    low, high
        The 10th and 90th percentile; ``low <= value <= high``.

    Raises
    ------
    InvalidInput
        When the three are not in order, or one is not a number.
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise InvalidInput(
                f"estimate {self.low} .. {self.value} .. {self.high}: not in order"
            )

    @classmethod
    def exact(cls, value: float) -> Estimate:
        """Give a figure that is known, with an interval of no width."""
        return cls(value, value, value)

    @classmethod
    def within(cls, value: float, low_factor: float, high_factor: float) -> Estimate:
        """Spread a value above zero by two factors, such as 0.9 and 1.12."""
        return cls(value, value * low_factor, value * high_factor)

    def times(self, factor: float) -> Estimate:
        """Scale by a factor of zero or more."""
        if not factor >= 0:
            raise InvalidInput(f"estimate factor {factor}: must be zero or more")
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    def plus(self, other: Estimate) -> Estimate:
        """Add bounds to bounds: on the safe side unless errors move together."""
        return Estimate(
            self.value + other.value, self.low + other.low, self.high + other.high
        )

    def as_dict(self) -> dict[str, float]:
        """Give the figure as plain values for JSON."""
        return {"value": self.value, "low": self.low, "high": self.high}
