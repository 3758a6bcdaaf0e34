"""The first page, and the search for places."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nearmade.adapters.places import find_places
from nearmade.cloud.catalogue.services import listed_versions
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.maps import Spot, WorldMap, world_map
from nearmade.cloud.pages.things import things_of
from nearmade.cloud.shopfloor.models import Job

THINGS_SHOWN = 6
#: The thing that stands in the first picture, when the catalogue has it.
STAR = "spectacles"
PLACES_FOUND = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what can be had, who can make it, and what is being made."""
    things = things_of(listed_versions())
    star = next((t for t in things if t.id == STAR), things[0] if things else None)
    jobs = reading.jobs_on_machines()
    sites = reading.known_sites()
    labels = reading.site_labels() if jobs else {}
    context = {
        "here": "home",
        "star": star,
        "things": [thing for thing in things if thing is not star][:THINGS_SHOWN],
        "map": network_map(sites, jobs),
        "making": [_making(job, labels) for job in jobs],
        "network": reading.network_figures(sites),
    }
    return render(request, "pages/home.html", context)


def _making(job: Job, labels: Mapping[str, reading.SiteLabel]) -> dict[str, object]:
    return {
        "site_id": job.site_id,
        "site": labels[job.site_id].name,
        "place": labels[job.site_id].place,
        "thing": job.order.instance.design_version.title,
        "fraction": (job.progress or {}).get("done_fraction") or 0.0,
        "simulated": bool((job.site.snapshot or {}).get("simulated")),
    }


def network_map(sites: list[reading.KnownSite], jobs: list[Job]) -> WorldMap:
    """Draw every site; those with a build on a machine stand out."""
    busy = {job.site_id for job in jobs}
    spots = [
        Spot(
            id=site.row.pk,
            lat_deg=site.row.lat_deg,
            lon_deg=site.row.lon_deg,
            label=f"{site.row.name}, {site.facility.place}",
            href=reverse("pages:site", args=[site.row.pk]),
            solar=site.facility.power.kind == "solar",
            live=site.row.pk in busy,
            go=True,
        )
        for site in sites
    ]
    return world_map(spots, _("The workshops of the network"))


@require_GET
def places(request: HttpRequest) -> JsonResponse:
    """Find towns while somebody types."""
    found = find_places(request.GET.get("q", "")[:80], limit=PLACES_FOUND)
    return JsonResponse(
        {
            "places": [
                {"label": place.name, "note": place.country, "value": str(place)}
                for place in found
            ]
        }
    )
