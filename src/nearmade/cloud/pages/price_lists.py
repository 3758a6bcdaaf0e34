"""Whose prices a quote is written in: a workshop near by, or a plain price list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import facility_of, sites_near
from nearmade.cloud.pages.figures import plain_name
from nearmade.facilities.facility import Facility, Tariff
from nearmade.logistics.distance import great_circle_km
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.place import Place

#: The plain price list that ``nearmade quote`` on the command line takes: an hour and
#: a gram. Assumed, and labelled so wherever it shows.
PLAIN_HOUR, PLAIN_GRAM, PLAIN_CURRENCY = "1.50", "0.04", "EUR"
#: Sites looked at, the nearest first, for one that has the machine.
LOOKED_AT = 80


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list and whose it is.

    Parameters
    ----------
    tariff
        The prices.
    site_id, site, place
        Whose they are; empty for the plain list.
    km
        Great circle from where it is needed; None for the plain list. [km]
    demo
        True for a synthetic site.
    """

    tariff: Tariff
    site_id: str = ""
    site: str = ""
    place: str = ""
    km: float | None = None
    demo: bool = False

    @property
    def plain(self) -> bool:
        """True when it is nobody's own."""
        return not self.site_id


def plain_list(materials: Collection[str]) -> PriceList:
    """Give the plain price list, for these materials."""
    nothing = Decimal(0)
    return PriceList(
        Tariff(
            currency=PLAIN_CURRENCY,
            machine_hour=Decimal(PLAIN_HOUR),
            material_gram=dict.fromkeys(sorted(materials), Decimal(PLAIN_GRAM)),
            setup=nothing,
            labour_hour=nothing,
            minimum=nothing,
            margin_fraction=nothing,
        )
    )


def price_list_near(
    place: Place | None, profiles: Collection[ProfileId], materials: Collection[str]
) -> PriceList:
    """Give the nearest price list of a site with the machine and the materials."""
    if place is None:
        return plain_list(materials)
    around = sorted(
        ((_km_between(row, place), row.pk, row) for row in sites_near(place)),
        key=lambda entry: entry[:2],
    )
    for km, _pk, row in around[:LOOKED_AT]:
        facility = facility_of(row)
        if _can(facility, profiles, materials):
            return PriceList(
                facility.tariff,
                row.pk,
                plain_name(row.name),
                str(facility.place),
                km,
                row.demo,
            )
    return plain_list(materials)


def _km_between(row: Site, place: Place) -> float:
    return great_circle_km(
        Place(row.name, row.country, row.lat_deg, row.lon_deg), place
    )


def _can(
    facility: Facility, profiles: Collection[ProfileId], materials: Collection[str]
) -> bool:
    run = {profile for machine in facility.machines for profile in machine.profiles}
    return (
        facility.status == "active"
        and set(profiles) <= run
        and set(materials) <= set(facility.tariff.material_gram)
    )
