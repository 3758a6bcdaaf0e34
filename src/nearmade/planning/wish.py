"""What an order wants of whoever makes it, parts aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nearmade.facilities.facility import Facility
from nearmade.matching.hand_work import hands_refused
from nearmade.matching.verdict import Reason
from nearmade.matching.whole_need import ASSEMBLY, HandWork
from nearmade.quoting.exchange import Rates
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place


@dataclass(frozen=True, slots=True)
class OrderWish:
    """Bought parts, hands, destination and what late or dirty goods cost.

    Parameters
    ----------
    bought_usd, bought_mass_g
        Bought parts. [USD], [g]
    assembly_s
        Hands. [s]
    promise_s
        From now until it should be there. [s]
    hands
        Hand work beside plain assembly that the place of assembly must offer.

    Raises
    ------
    InvalidInput
        When a figure is below zero.
    """

    bought_usd: float
    bought_mass_g: float
    assembly_s: float
    destination: Place
    deliver: bool
    rates: Rates
    promise_s: float
    carbon_price_usd_per_t: float
    lateness_usd_per_day: float
    making_gco2e: Callable[..., float]
    hands: tuple[HandWork, ...] = ()

    def __post_init__(self) -> None:
        for name in (
            "bought_usd",
            "bought_mass_g",
            "assembly_s",
            "promise_s",
            "carbon_price_usd_per_t",
            "lateness_usd_per_day",
        ):
            value = getattr(self, name)
            if not value >= 0:
                raise InvalidInput(f"order: {name} {value} must be zero or more")

    def unfinished_by(self, facility: Facility) -> tuple[Reason, ...]:
        """Say why the parts cannot come together at a facility; empty when they can."""
        reasons = []
        if self.assembly_s > 0 and not facility.assembles:
            message = (
                f"{self.assembly_s / 60:.0f} min of assembly needed; "
                "nobody there brings parts together"
            )
            remedy = "let it make parts for another site"
            reasons.append(Reason("no-assembly", message, remedy))
        other = [work for work in self.hands if work.service != ASSEMBLY]
        return (*reasons, *hands_refused(other, facility))
