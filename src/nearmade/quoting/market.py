"""One part against many machines at once: what each would take and ask.

Figures are estimated once for each profile and history: like machines take the same.
Prices are worked on arrays over all machines and equal ``price_build`` to the minor
unit: what lies too near half a unit for binary fractions is worked again in decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from nearmade.facilities.facility import Machine, Tariff
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.exchange import Rates, usd
from nearmade.quoting.learned import NO_CORRECTION, Correction, corrected
from nearmade.quoting.level0 import check_request, estimate_level0
from nearmade.quoting.plate import builds_needed, parts_per_build
from nearmade.quoting.price import SECONDS_PER_HOUR
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, MachineId
from nearmade.vocabulary.money import Money, minor_digits

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]
Truths = NDArray[np.bool_]

#: A product of three floats is off by at most four units in the last place; what lies
#: nearer than this to half a minor unit is worked in decimals. Of the amount itself.
DOUBT_FRACTION: Final = 8 * 2.0**-53
#: The same near zero, where the decimals of the factors count. [minor units]
DOUBT_MINOR: Final = 1e-9
#: A rate of a price list beyond this is a slip of the pen. [major units]
MOST_RATE: Final = 10**9
#: No line of a price goes beyond this, so that sums of four stay whole. [minor units]
MOST_MINOR: Final = 2**60

End = Literal["value", "low", "high"]
ENDS: Final[tuple[End, ...]] = ("value", "low", "high")


@dataclass(frozen=True, slots=True)
class PricedMachine:
    """A machine with the profile it would run and the price list it works under.

    Parameters
    ----------
    facility_id, machine_id
        Where it stands, which it is.
    profile
        For the material asked.
    tariff
        Of its facility.
    build_volume_mm
        What the machine takes where that is less than its profile says; None when the
        profile decides. [mm]
    correction
        What its history teaches of its time.

    Raises
    ------
    InvalidInput
        When the price list has no price for the profile's material, or a rate below
        zero or beyond all reason.
    """

    facility_id: FacilityId
    machine_id: MachineId
    profile: Profile
    tariff: Tariff
    build_volume_mm: tuple[float, float, float] | None = None
    correction: Correction = NO_CORRECTION

    def __post_init__(self) -> None:
        if self.profile.material not in self.tariff.material_gram:
            raise InvalidInput(
                f"machine {self.machine_id}: no price for {self.profile.material!r}",
                code="material-unpriced",
                remedy="ask the site for a price, or take another material",
            )
        tariff = self.tariff
        rates = (tariff.machine_hour, tariff.setup, tariff.minimum)
        for rate in (*rates, tariff.margin_fraction, *tariff.material_gram.values()):
            if rate.is_nan() or not 0 <= rate <= MOST_RATE:
                raise InvalidInput(
                    f"machine {self.machine_id}: rate {rate:.6g} must be in "
                    f"0..{MOST_RATE:.0e}",
                    remedy="mend the price list",
                )

    @classmethod
    def of(
        cls,
        facility_id: FacilityId,
        machine: Machine,
        profile: Profile,
        tariff: Tariff,
        correction: Correction = NO_CORRECTION,
    ) -> PricedMachine:
        """Take a machine of a facility, with the build volume it states."""
        return cls(
            facility_id,
            machine.id,
            profile,
            tariff,
            machine.build_volume_mm,
            correction,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What each machine asks, in minor units of its own currency, shape (n,).

    Parameters
    ----------
    value, low, high
        At the estimate and at the ends of its interval.
    """

    value: Wholes
    low: Wholes
    high: Wholes


@dataclass(frozen=True, slots=True, eq=False)
class MarketQuote:
    """What one part takes and costs at every machine of a market.

    Parameters
    ----------
    machines
        Those asked, in the order of the arrays.
    kinds
        Figures of each kind of machine: one profile and one history.
    row
        The kind of each machine, shape (n,).
    fits
        Where the part goes on the bed, shape (n,).
    prices
        Of all copies; without meaning where the part does not fit.
    """

    machines: tuple[PricedMachine, ...]
    kinds: tuple[BuildEstimate, ...]
    row: Wholes
    fits: Truths
    prices: Prices

    def build(self, index: int) -> BuildEstimate:
        """Give the figures of one machine."""
        return self.kinds[int(self.row[index])]

    def price(self, index: int) -> tuple[Money, Money, Money]:
        """Give what one machine asks: the price and the ends of its interval."""
        currency = self.machines[index].tariff.currency
        prices = self.prices
        value, low, high = (
            Money(int(each[index]), currency)
            for each in (prices.value, prices.low, prices.high)
        )
        return value, low, high

    def prices_usd(self, rates: Rates) -> Floats:
        """Give the prices in dollars, to compare with; NaN without a rate. [USD]"""
        per_minor = {
            currency: usd(Money(1, currency), rates)
            if currency in rates.per_eur
            else np.nan
            for currency in {each.tariff.currency for each in self.machines}
        }
        factors = [per_minor[each.tariff.currency] for each in self.machines]
        prices: Floats = self.prices.value.astype(np.float64)
        return prices * np.array(factors, dtype=np.float64)

    def times_s(self) -> Floats:
        """Give the time of all copies on each machine, shape (n,). [s]"""
        times: Floats = np.array([build.time_s.value for build in self.kinds])
        return times[self.row]

    def ranked(self, rates: Rates, *, by: Literal["price", "time"]) -> list[int]:
        """Order the machines that take the part, the cheapest or the quickest first.

        Equals stand in the order of the other figure, then of their ids; a currency
        without a rate comes last.
        """
        prices, times = self.prices_usd(rates), self.times_s()
        first, second = (prices, times) if by == "price" else (times, prices)
        ids = np.array([each.machine_id for each in self.machines])
        order = np.lexsort((ids, second, first))
        return [int(index) for index in order if self.fits[index]]


class Market:
    """Machines and their price lists as arrays, ready for any part.

    Parameters
    ----------
    machines
        Whom to ask, in any order.
    """

    def __init__(self, machines: Sequence[PricedMachine]) -> None:
        self.machines = tuple(machines)
        alike = _Alike()
        kinds = [(alike.first(one.profile), one.correction) for one in self.machines]
        # Two profiles of one name may differ: a site keeps fits of its own.
        numbers = [(id(profile), correction) for profile, correction in kinds]
        self._kinds = tuple(dict(zip(numbers, kinds, strict=True)).values())
        rows = {number: row for row, number in enumerate(dict.fromkeys(numbers))}
        self._row = np.array([rows[number] for number in numbers], dtype=np.int64)
        boxes = [each.build_volume_mm or each.profile.bed_mm for each in self.machines]
        self._box_mm = np.array(boxes, dtype=np.float64).reshape(-1, 3)
        tariffs = [each.tariff for each in self.machines]
        self._hour = _Rate(
            [each.machine_hour for each in tariffs], tariffs, SECONDS_PER_HOUR
        )
        self._gram = _Rate(
            [
                each.tariff.material_gram[each.profile.material]
                for each in self.machines
            ],
            tariffs,
        )
        self._setup = _Rate([each.setup for each in tariffs], tariffs)
        self._least = _minor([each.minimum for each in tariffs], tariffs)
        self._margin = [each.margin_fraction for each in tariffs]
        self._margin_float = np.array([float(each) for each in self._margin])

    def quote(
        self,
        facts: PartFacts,
        quantity: int = 1,
        *,
        infill_fraction: float | None = None,
    ) -> MarketQuote:
        """Estimate and price all copies of a part at every machine.

        Parameters
        ----------
        facts
            Of one part, lying as it will be printed.
        quantity
            How many, 1 or more; each machine is asked for all of them.
        infill_fraction
            Instead of the profiles', 0..1.

        Raises
        ------
        InvalidInput
            When the facts have no volume, or quantity or infill are out of range.
        """
        check_request(facts, quantity, infill_fraction)
        plates = [
            builds_needed(facts.extents_mm, profile, quantity)
            for profile, _ in self._kinds
        ]
        kinds = tuple(
            corrected(
                estimate_level0(
                    facts, profile, quantity, infill_fraction=infill_fraction
                ),
                profile,
                builds,
                correction,
            )
            for (profile, correction), builds in zip(self._kinds, plates, strict=True)
        )
        setups = self._setup.times(np.array(plates, dtype=np.float64), self._row)
        prices = Prices(*(self._totals(kinds, setups, end) for end in ENDS))
        return MarketQuote(self.machines, kinds, self._row, self._fits(facts), prices)

    def _fits(self, facts: PartFacts) -> Truths:
        """Tell where the profile's bed and the machine's own box take the part."""
        on_bed = [
            parts_per_build(facts.extents_mm, profile) > 0 for profile, _ in self._kinds
        ]
        x, y, z = facts.extents_mm
        wide, deep, high = self._box_mm.T
        flat = ((x <= wide) & (y <= deep)) | ((y <= wide) & (x <= deep))
        fits: Truths = np.array(on_bed, dtype=bool)[self._row] & flat & (z <= high)
        return fits

    def _totals(
        self, kinds: Sequence[BuildEstimate], setups: Wholes, end: End
    ) -> Wholes:
        """Write the lines as ``price_build`` does, each rounded once, and sum them."""
        seconds = [_at(build.time_s, end) for build in kinds]
        grams = [_at(build.mass_g, end) for build in kinds]
        lines: Wholes = (
            self._hour.times(np.array(seconds), self._row)
            + self._gram.times(np.array(grams), self._row)
            + setups
        )
        margin = _rounded(lines * self._margin_float, partial(self._margin_of, lines))
        total: Wholes = np.maximum(lines + margin, self._least)
        return total

    def _margin_of(self, lines: Wholes, index: int) -> int:
        margin = int(lines[index]) * self._margin[index]
        return int(margin.to_integral_value(ROUND_HALF_EVEN))


class _Alike:
    """Profiles met so far; each object is compared by value once only."""

    def __init__(self) -> None:
        self._by_value: dict[Profile, Profile] = {}
        self._by_object: dict[int, Profile] = {}

    def first(self, profile: Profile) -> Profile:
        """Give the first profile met that equals this one."""
        if id(profile) not in self._by_object:
            known = self._by_value.setdefault(profile, profile)
            self._by_object[id(profile)] = known
        return self._by_object[id(profile)]


class _Rate:
    """A price for one hour or one gram at each machine."""

    def __init__(
        self, rates: Sequence[Decimal], tariffs: Sequence[Tariff], per_unit: int = 1
    ) -> None:
        self._rates = rates
        self._per_unit = per_unit
        self._currencies = [tariff.currency for tariff in tariffs]
        scales = [10.0 ** minor_digits(each) for each in self._currencies]
        self._minor = np.array([float(rate) for rate in rates]) * scales / per_unit

    def times(self, figures: Floats, row: Wholes) -> Wholes:
        """Give the line of each machine, rounded half to even. [minor units]"""
        taken = figures[row]
        return _rounded(taken * self._minor, partial(self._exactly, taken))

    def _exactly(self, taken: Floats, index: int) -> int:
        units = Decimal(str(float(taken[index]))) / self._per_unit
        return Money.of(units * self._rates[index], self._currencies[index]).minor


def _rounded(amounts: Floats, exactly: Callable[[int], int]) -> Wholes:
    """Round to whole units; ask for the exact figure where rounding is in doubt."""
    from_half = np.abs(amounts - np.floor(amounts) - 0.5)
    doubtful = ~(from_half > DOUBT_MINOR + np.abs(amounts) * DOUBT_FRACTION)
    whole: Wholes = np.where(doubtful, 0.0, np.rint(amounts)).astype(np.int64)
    for index in np.flatnonzero(doubtful):
        whole[index] = _countable(exactly(int(index)))
    return whole


def _minor(amounts: Sequence[Decimal], tariffs: Sequence[Tariff]) -> Wholes:
    """Round amounts of major units once, as ``Money.of`` does."""
    pairs = zip(amounts, tariffs, strict=True)
    return np.array(
        [_countable(Money.of(each, of.currency).minor) for each, of in pairs],
        dtype=np.int64,
    )


def _countable(minor: int) -> int:
    if not abs(minor) <= MOST_MINOR:
        raise InvalidInput(
            f"price list: a line of {minor:.3g} minor units cannot be counted",
            remedy="mend the price list",
        )
    return minor


def _at(figure: Estimate, end: End) -> float:
    return {"value": figure.value, "low": figure.low, "high": figure.high}[end]
