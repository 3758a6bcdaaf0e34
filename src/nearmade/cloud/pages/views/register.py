"""The register of places, and one place of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from nearmade.cloud.network.listings import find_listing
from nearmade.cloud.network.models import Listing, ListingSource, Site
from nearmade.cloud.network.register import (
    MOST_PAGES,
    PAGE,
    asked_in,
    choices_and_figures,
    counts_of,
    page_of,
)
from nearmade.cloud.network.services import facility_of, find_site
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.near import remember
from nearmade.cloud.pages.registers import (
    address,
    lines_of,
    listing_record,
    pages_of,
    places_text,
    register_map,
    selects_of,
    stable_url,
)
from nearmade.cloud.pages.views import places, workshop
from nearmade.facilities.aas import capability_submodel
from nearmade.facilities.okw_record import okw_from_record


@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    """Show the register on the map and in its table twin, as far as it is meant."""
    ask = asked_in(request.GET)
    now = timezone.now()
    busy = {job.site_id for job in reading.jobs_on_machines()}
    choices, figures = choices_and_figures()
    found_sites, found_places = counts_of(ask, now=now)
    number = _page_number(request, found_sites + found_places)
    lines = lines_of(page_of(ask, number, now=now), busy, now)
    context = {
        "here": "sites",
        "ask": ask,
        "sites": lines,
        "found": found_sites + found_places,
        "found_text": places_text(found_sites, found_places),
        "figures": figures,
        "selects": selects_of(ask, choices),
        "map": register_map(ask, busy, now),
        "pages": pages_of(ask, number, found_sites + found_places, PAGE),
        "wider_url": address(ask, area="") if ask.area else "",
        "all_sources": ListingSource.objects.all() if figures.unclaimed else [],
    }
    return remember(request, render(request, "pages/sites.html", context))


def _page_number(request: HttpRequest, entries: int) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    last = max(1, -(-entries // PAGE))
    return min(max(number, 1), last, MOST_PAGES)


@require_GET
def site(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show a site of the network, or a place that nobody has claimed."""
    if Site.objects.filter(pk=site_id).exists():
        return workshop.site(request, site_id)
    listing = Listing.objects.select_related("source").filter(pk=site_id).first()
    if listing is None:
        return workshop.site(request, site_id)  # which says that there is none
    return places.place(request, listing)


@require_GET
def aas(request: HttpRequest, site_id: str) -> JsonResponse:
    """Give what a site can do as an AAS capability submodel (IDTA 02020)."""
    facility = facility_of(find_site(site_id))
    environment = capability_submodel(facility, stable_url(site_id))
    return JsonResponse(environment, json_dumps_params={"ensure_ascii": False})


@require_GET
def okw(request: HttpRequest, site_id: str) -> JsonResponse:
    """Give a place as Open Know-Where; one of a public list with its licence."""
    row = Site.objects.filter(pk=site_id).first()
    if row is not None:
        record = {"@id": stable_url(row.pk), **okw_from_record(row.record)}
    else:
        record = listing_record(find_listing(site_id))
    return JsonResponse(record, json_dumps_params={"ensure_ascii": False, "indent": 2})
