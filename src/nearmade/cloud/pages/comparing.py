"""Any design, anywhere to anywhere: made here, made centrally, bought in a shop.

A comparison is worked out once for what it depends on and kept; new ones are counted
for each client, and only few are worked out at a time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.pages.near import LONGEST, place_named
from nearmade.cloud.pages.price_lists import price_list_near
from nearmade.cloud.pages.refining import Quote
from nearmade.cloud.pages.takes import price_estimate, price_of
from nearmade.cloud.pages.work import MOST_SETS, Planned, Work, machine_title
from nearmade.cloud.throttling import PerClient
from nearmade.designs.design import Design
from nearmade.impact.account import account_order
from nearmade.impact.axes import meet, varies
from nearmade.impact.case import Case, Meeting, Moulded, Printed, with_titles
from nearmade.impact.compare import compare
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    BoughtPart,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.opened import CURVE_DRAWS, open_case
from nearmade.impact.report import report_html
from nearmade.logistics.carry import carry, packed_mass_g
from nearmade.quoting.exchange import rate_between
from nearmade.quoting.level0 import estimate_level0
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import sha256_of
from nearmade.vocabulary.place import Place

#: Names of the form's fields; no design's parameter can have them, since they are no
#: names in OpenSCAD.
DESIGN, MATERIAL, MADE_IN, POWER = "the-design", "the-material", "made-in", "made-by"
PIECES, TRIP, MACHINE = "how-many", "shop-km", "made-on"
#: Pieces that may be compared at once.
MOST_PIECES: Final = 100_000
#: Farthest way to the shop and back that counts. [km]
MOST_TRIP_KM: Final = 500.0
#: By car to the shop and back when nobody says: assumed. [km]
USUAL_TRIP_KM: Final = 5.0
#: The trip may be half or twice as long. Assumed.
TRIP_FACTORS: Final = (0.5, 2.0)
#: Paired draws of a comparison, and their seed.
DRAWS, SEED = 1000, 1
#: Where things are made and needed when nobody says.
SOMEWHERE: Final = "Nairobi, KE"
#: Comparisons that one client may have worked out anew; known ones cost nothing.
NEW_COMPARISONS = PerClient("compare", "30/m")
#: Worked out at once by one process; more wait, then are sent away.
AT_ONCE, WAIT_S = 2, 8.0
#: Comparisons kept by one process.
KEPT: Final = 200
SECONDS_PER_HOUR = 3600.0

_KEPT: OrderedDict[str, dict[str, Any]] = OrderedDict()
_KEEPING = threading.Lock()
_PLACES = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be compared, as asked.

    Parameters
    ----------
    design_id, material
        Which design, of what; an empty material: as designed.
    made_in, to
        Places as text.
    solar
        True where the sun drives the machines.
    pieces
        Made and sent together.
    trip_km
        By car to the shop and back. [km]
    machine
        A machine model; empty: the fastest that fits.
    """

    design_id: str
    material: str
    made_in: str
    to: str
    solar: bool
    pieces: int
    trip_km: float
    machine: str = ""

    @property
    def address(self) -> dict[str, str]:
        """What an address must carry."""
        return {
            DESIGN: self.design_id,
            MATERIAL: self.material,
            MADE_IN: self.made_in,
            POWER: "sun" if self.solar else "grid",
            "near": self.to,
            PIECES: str(self.pieces),
            TRIP: f"{self.trip_km:g}",
            MACHINE: self.machine,
        }


def wish_in(sent: QueryDict, near: str, usual_design: str) -> Wish:
    """Read what was asked; what makes no sense is the usual."""
    to = near or SOMEWHERE
    made_in = sent.get(MADE_IN, "").strip()[:LONGEST] or to
    return Wish(
        design_id=sent.get(DESIGN, "")[:100] or usual_design,
        material=sent.get(MATERIAL, "")[:40],
        made_in=made_in,
        to=to,
        solar=sent.get(POWER) == "sun",
        pieces=_whole(sent.get(PIECES, ""), 1, MOST_PIECES),
        trip_km=_kilometres(sent.get(TRIP, "")),
        machine=sent.get(MACHINE, "")[:80],
    )


def _whole(text: str, least: int, most: int) -> int:
    known = text.isascii() and text.isdigit() and len(text) < 9
    return min(max(int(text), least), most) if known else least


def _kilometres(text: str) -> float:
    try:
        km = float(text[:12])
    except ValueError:
        return USUAL_TRIP_KM
    return min(km, MOST_TRIP_KM) if km >= 0 else USUAL_TRIP_KM


def places_of(wish: Wish) -> tuple[Place | None, Place | None]:
    """Find where it is made and where it is needed; None for what nobody knows."""
    return place_named(wish.made_in), place_named(wish.to)


def inventory_of(
    wish: Wish,
    ends: tuple[Place, Place],
    design: Design,
    work: Work,
    planned: Planned,
    quote: Quote,
) -> OrderInventory:
    """Collect what the pieces take, from the quote for as many as are quoted at once.

    Raises
    ------
    InvalidInput
        When a figure is out of range.
    """
    made_in, to = ends
    more = wish.pieces / planned.sets
    names = [piece.name for piece, _profile in planned.lines]
    parts = tuple(
        MadePart(name, profile.material, estimate.mass_g.times(more))
        for name, (_piece, profile), estimate in zip(
            names, planned.lines, quote.estimates, strict=True
        )
    )
    energy, hours = Estimate.exact(0.0), Estimate.exact(0.0)
    for estimate in quote.estimates:
        energy = energy.plus(estimate.energy_wh.times(more))
        hours = hours.plus(estimate.time_s.times(more / SECONDS_PER_HOUR))
    bought = tuple(
        BoughtPart(line.name, line.mass_g * line.quantity * wish.pieces)
        for line in design.bom
        if line.kind == "bought"
    )
    goods_g = sum(part.mass_g.value for part in parts)
    goods_g += sum(one.mass_g for one in bought)
    leg = carry(made_in, to, packed_mass_g(goods_g))
    money = _price_usd(made_in, work, planned, quote)
    retail = design.commercial_price_usd
    packaging_g = packed_mass_g(goods_g) - goods_g
    return OrderInventory(
        functional_unit=_("%(n)s × %(title)s, to specification, at a door in %(to)s")
        % {"n": wish.pieces, "title": design.title, "to": to},
        parts=parts,
        electricity=(
            SiteElectricity("site", made_in.country, wish.solar, energy, hours),
        ),
        legs=(FreightLeg(leg.mode, leg.mass_g, leg.distance_km, leg.freight_gco2e),),
        central=central_alternative(
            to,
            retail_price_usd=Estimate.within(retail * wish.pieces, 0.5, 2.0)
            if retail
            else None,
            packaging_g=packaging_g,
        ),
        price_usd=None if money is None else money.times(more).plus(leg.price_usd),
        days=_days(quote, planned, more).plus(leg.time_s.times(1 / 86_400)),
        bought=bought,
        packaging_g=packaging_g,
        notes=_notes(wish, planned),
    )


def _notes(wish: Wish, planned: Planned) -> tuple[str, ...]:
    """Tell which machine is counted, and what days leave out."""
    machine = machine_title(planned.lines[0][1])
    said = (
        _("The pieces' figures are an estimate for the %s, as chosen.")
        if wish.machine
        else _("The pieces' figures are an estimate for the %s, the fastest here.")
    )
    days = _("Days count one machine's time and carriage, not waiting for a machine.")
    return said % machine, days


def _days(quote: Quote, planned: Planned, more: float) -> Estimate:
    """Give the time on one machine; waiting for one is not known. [d]"""
    total = Estimate.exact(0.0)
    for estimate in quote.estimates:
        total = total.plus(estimate.time_s.times(more / 86_400))
    return total


def _price_usd(
    place: Place, work: Work, planned: Planned, quote: Quote
) -> Estimate | None:
    """Price the sets by the nearest price list; None without an exchange rate."""
    profiles = [profile for _piece, profile in planned.lines]
    materials = [profile.material for profile in profiles]
    prices = price_list_near(place, {p.id for p in profiles}, set(materials))
    price = price_of(
        quote.estimates, quote.builds, materials, prices, work, planned.sets
    )
    try:
        rate = rate_between(price.total.currency, "USD", latest_rates())
    except InvalidInput:
        return None
    return price_estimate(price).times(float(rate))


def sets_quoted(wish: Wish) -> int:
    """Give how many are quoted at once; more are as many times that."""
    return min(wish.pieces, MOST_SETS)


def case_of(wish: Wish, to: Place, inventory: OrderInventory, planned: Planned) -> Case:
    """Set the three ways side by side, with where they meet."""
    printed = Printed(inventory, *_infill(inventory, planned))
    trip = Estimate.within(wish.trip_km, *TRIP_FACTORS)
    over = ["distance", "grid", "batch", *(["infill"] if printed.solid_mass_g else [])]
    if wish.solar:
        over.remove("grid")
    return Case(
        inventory.functional_unit,
        to,
        {
            "here": printed,
            "central": Moulded(inventory),
            "shop": Moulded(inventory, trip_km=trip),
        },
        goal=_("To show anybody what one way costs the world beside the others."),
        meetings=tuple(Meeting(each, "here", "central") for each in over),
        notes=inventory.notes,
    )


def _infill(
    inventory: OrderInventory, planned: Planned
) -> tuple[Mapping[str, float], float]:
    """Give the parts' masses when solid, and the infill as it stands.

    Only where all parts have one infill; else nothing is varied.
    """
    fractions = {
        profile.infill_fraction if piece.infill_fraction is None
        else piece.infill_fraction
        for piece, profile in planned.lines
    }  # fmt: skip
    (first, *others) = sorted(fractions)
    if others or not first < 1:
        return {}, 0.2
    solid = {}
    for (piece, _profile), asked, part in zip(
        planned.lines, planned.asked, inventory.parts, strict=True
    ):
        now, full = (
            estimate_level0(
                asked.facts, asked.profile, asked.quantity, infill_fraction=fraction
            ).mass_g.value
            for fraction in (first, 1.0)
        )
        solid[piece.name] = part.mass_g.value * max(1.0, full / now)
    return solid, first


def comparison(request: HttpRequest, case: Case, inventory: OrderInventory) -> Any:
    """Give a case's record: what was worked out before, or anew.

    Raises
    ------
    Unavailable
        When this client, or everybody together, asks too much.
    InvalidInput
        When there are no figures for a material.
    """
    key = sha256_of(repr((case, inventory, DRAWS, SEED)).encode())
    with _KEEPING:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    if not NEW_COMPARISONS.allow_request(request):
        raise Unavailable(
            "too many new comparisons in one minute", remedy="wait a minute, then go on"
        )
    with _one_of_few():
        record = worked_out(case, inventory)
    with _KEEPING:
        _KEPT[key] = record
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return record


def report_html_of(case: Case, back: tuple[str, str]) -> str:
    """Write a case's report as one HTML page.

    Parameters
    ----------
    case
        Worked out for the page just now, so that asking costs little more.
    back
        Words and address of the comparison.

    Raises
    ------
    Unavailable
        When everybody together asks too much.
    """
    case = with_titles(case)
    with _one_of_few():
        found = [
            meet(case, one, draws=CURVE_DRAWS, seed=SEED)
            for one in case.meetings
            if not varies(case, one)
        ]
        return report_html(
            compare(case, draws=DRAWS, seed=SEED),
            break_evens=found,
            back=back,
            made_on=f"{timezone.now():%Y-%m-%d}",
            version=version("nearmade"),
        )


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Wait until one of the few places to work in is free."""
    if not _PLACES.acquire(timeout=WAIT_S):
        raise Unavailable(
            "too many comparisons at once", remedy="wait a few seconds, then ask again"
        )
    try:
        yield
    finally:
        _PLACES.release()


def worked_out(case: Case, inventory: OrderInventory) -> dict[str, Any]:
    """Work a case out: card, ways side by side, and what the card opens into."""
    comparison = compare(case, draws=DRAWS, seed=SEED)
    result = comparison.result
    card = account_order(inventory, draws=DRAWS, seed=SEED)
    ways = [
        {
            "name": name,
            "gwp100": asdict(result.interval(name, "gwp100")),
            "ced": asdict(result.interval(name, "ced")),
            "assumed_fraction": result.assumed_fraction(name, "gwp100"),
            "here_better": None
            if name == "here"
            else result.chance_below("here", name, "gwp100"),
        }
        for name in case.ways
    ]
    opened = open_case(comparison, "here", "central")
    return {**asdict(card), "ways": ways, "opened": asdict(opened)}
