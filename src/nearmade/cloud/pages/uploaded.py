"""A visitor's own part as its page shows it: drawing, facts, offers of the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nearmade.adapters.exchange import latest_rates
from nearmade.cloud.catalogue import upload_files as files
from nearmade.cloud.catalogue.models import UploadedMesh
from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.network.services import facility_of, sites_near
from nearmade.cloud.orders.quotes import CARBON_PRICE_USD_PER_T, PROMISE_DAYS
from nearmade.cloud.pages.figures import plain_name, significant
from nearmade.cloud.pages.fit import SHOWN_PLATE_MM, Fit
from nearmade.cloud.pages.offers import days_words, mark_words
from nearmade.cloud.pages.work import Choice, Planned
from nearmade.planning.offers import PartDemand, SiteOffer, quote_network
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.identity import PartName
from nearmade.vocabulary.place import Place

#: Offers listed; the others are counted.
OFFERS_SHOWN = 8
#: Shares of inside and shell where nobody asks for other ones; as the profiles have it.
USUAL_INFILL_FRACTION = 0.2


@dataclass(frozen=True, slots=True)
class UploadCard:
    """One of this visitor's parts in the list."""

    id: str
    picture: str
    extents: tuple[float, float, float]
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class SiteLine:
    """What one workshop would ask."""

    site: str
    place: str
    km: float
    price: str
    price_usd: float
    days_text: str
    kgco2e: float
    solar: bool
    demo: bool
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteLines:
    """The cheapest workshops, and how many more there are."""

    lines: tuple[SiteLine, ...]
    offers: int
    asked: int
    why_not: tuple[tuple[str, int], ...]


def file_url(upload: UploadedMesh, name: str) -> str:
    """Address a file of an upload; only who sent it may fetch it."""
    return reverse("pages:uploaded_file", args=[upload.pk, name])


def card_of(upload: UploadedMesh) -> UploadCard:
    """Lay out an upload for the list."""
    return UploadCard(
        id=str(upload.pk),
        picture=file_url(upload, files.PICTURE),
        extents=facts_from(upload.facts).extents_mm,
        kept_until=upload.expires_at,
    )


def fit_of_upload(upload: UploadedMesh, near: str) -> Fit:
    """Lay out an upload as the viewer shows a drawn design."""
    facts = facts_from(upload.facts)
    plate = [
        max(side, facts.extents_mm[k] + 20) for k, side in enumerate(SHOWN_PLATE_MM)
    ]
    return Fit(
        state="ready",
        key=upload.mesh_sha256,
        picture=file_url(upload, files.PICTURE),
        sheet={
            "plate_mm": plate,
            "parts": [{"name": "part", "glb": file_url(upload, files.GLB)}],
            "together": "",
        },
        extents=facts.extents_mm,
        volume_cm3=facts.volume_mm3 / 1000,
        near=near,
    )


def offers_for(
    upload: UploadedMesh, planned: Planned, choice: Choice, place: Place, now: datetime
) -> SiteLines:
    """Ask the whole network at level 0; nothing is stored or promised.

    Raises
    ------
    InvalidInput
        When the part cannot be estimated.
    """
    materials = (choice.material,) if choice.material else _all_materials()
    facilities = [facility_of(site) for site in sites_near(place)]
    demand = PartDemand(
        name=PartName("part"),
        title=_("Your part"),
        quantity=choice.sets,
        materials=materials,
        process="FDM",
        facts=facts_from(upload.facts),
        infill_fraction=USUAL_INFILL_FRACTION,
    )
    quote = quote_network(
        [demand],
        0.0,
        0.0,
        0.0,
        facilities,
        place,
        deliver=True,
        now=now,
        rates=latest_rates(),
        promise_days=PROMISE_DAYS,
        carbon_price_usd_per_t=CARBON_PRICE_USD_PER_T,
        commercial_use=True,
    )
    shown = quote.offers[:OFFERS_SHOWN]
    return SiteLines(
        lines=tuple(_line(offer) for offer in shown),
        offers=len(quote.offers),
        asked=len(facilities),
        why_not=_commonest([r.reasons[0].message for r in quote.refusals if r.reasons]),
    )


def _all_materials() -> tuple[str, ...]:
    """Any feedstock will do; PLA first, which most sites have."""
    known = sorted({profile.material for profile in PROFILES.values()})
    return tuple(sorted(known, key=lambda material: material != "PLA"))


def _commonest(messages: Sequence[str]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for message in messages:
        counts[message] = counts.get(message, 0) + 1
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(ranked[:3])


def _line(offer: SiteOffer) -> SiteLine:
    facility = offer.facility
    return SiteLine(
        site=plain_name(facility.name),
        place=str(facility.place),
        km=offer.distance_km,
        price=_("%(n)s USD") % {"n": significant(offer.total_usd.value, 3)},
        price_usd=offer.total_usd.value,
        days_text=days_words(offer.days.as_dict()),
        kgco2e=offer.gco2e.value / 1000,
        solar=facility.power.kind == "solar",
        demo=facility.demo,
        marks=tuple(mark_words(label) for label in offer.labels),
    )
