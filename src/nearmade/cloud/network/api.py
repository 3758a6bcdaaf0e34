"""Sites and places over HTTP."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from nearmade.adapters.places import find_places
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import is_live
from nearmade.vocabulary.addresses import facility_url

router = Router(tags=["network"])


class PlaceOut(Schema):
    """A place that a search found."""

    name: str
    country: str
    lat_deg: float
    lon_deg: float


class SiteOut(Schema):
    """A site as everyone may see it."""

    id: str
    url: str
    name: str
    kind: str
    country: str
    lat_deg: float
    lon_deg: float
    demo: bool
    live: bool


@router.get("/places", response=list[PlaceOut], summary="Search places")
def get_places(request: HttpRequest, q: str) -> list[Any]:
    """Towns whose name begins like this, largest first."""
    return find_places(q, limit=8)


@router.get("/sites", response=list[SiteOut], summary="List the network")
def get_sites(request: HttpRequest) -> list[dict[str, Any]]:
    """Every site, demo sites marked."""
    now = timezone.now()
    return [
        {
            "id": site.pk,
            "url": facility_url(settings.CONFIGURATION.public_url, site.pk),
            "name": site.name,
            "kind": site.kind,
            "country": site.country,
            "lat_deg": site.lat_deg,
            "lon_deg": site.lon_deg,
            "demo": site.demo,
            "live": is_live(site, now),
        }
        for site in Site.objects.order_by("name")
    ]
