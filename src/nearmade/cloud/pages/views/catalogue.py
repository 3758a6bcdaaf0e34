"""The catalogue, one design, its fitting, and who near a place can make it."""

from __future__ import annotations

import json
import secrets
import time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.catalogue.services import (
    current_version,
    listed_versions,
    load_version,
    request_instance,
)
from nearmade.cloud.catalogue.slicing import request_slices
from nearmade.cloud.orders.quotes import profiles_worth_slicing, quote_near
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.figures import plain_value
from nearmade.cloud.pages.fit import Fit, fit_of, refused_fit
from nearmade.cloud.pages.near import asked_place, place_text, remember
from nearmade.cloud.pages.offers import (
    best_first,
    nearest_refusals,
    offer_view,
    quote_map,
    refusal_views,
)
from nearmade.cloud.pages.panel import design_panel
from nearmade.cloud.pages.parameters import (
    address_of,
    control_groups,
    given_values,
)
from nearmade.cloud.pages.prose import instructions_of
from nearmade.cloud.pages.things import narrow, search, things_of
from nearmade.cloud.pages.where import changes_that_open, where_of, where_view
from nearmade.cloud.throttling import PerClient
from nearmade.designs.design import Design
from nearmade.designs.licence import read_licence
from nearmade.designs.values import check
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.place import Place

#: New drawings that one client may begin.
NEW_FITS = PerClient("fit", "120/m")
OFFERS_BESIDE_DESIGN = 3
OFFERS_AT_FIRST = 12
SORTS = ("title", "newest", "parts")


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """List designs, narrowed down by words and facets."""
    q = request.GET.get("q", "").strip()[:100]
    things, facets = narrow(search(things_of(listed_versions()), q), request.GET)
    sort = request.GET.get("sort", "title")
    if sort == "newest":
        things.sort(key=lambda thing: -thing.published)
    elif sort == "parts":
        things.sort(key=lambda thing: (thing.parts, thing.title))
    words = dict(
        zip(SORTS, (_("by name"), _("newest first"), _("fewest parts")), strict=True)
    )
    context = {
        "here": "catalogue",
        "q": q,
        "things": things,
        "count": len(things),
        "facets": facets,
        "sort": sort,
        "sorts": words.items(),
        "filtered": bool(set(request.GET) - {"near", "sort"}),
    }
    return remember(request, render(request, "pages/catalogue.html", context))


def _not_too_often(request: HttpRequest) -> None:
    """Let one client begin only so many drawings; what is drawn already costs nothing.

    Raises
    ------
    Unavailable
        When there were too many in the last minute.
    """
    if not NEW_FITS.allow_request(request):
        raise Unavailable(
            "too many new fits in one minute", remedy="wait a minute, then go on"
        )


def _problems(design: Design, given: dict[str, str]) -> dict[str, str]:
    """Check each value by itself, so that the form can say it beside the field."""
    problems = {}
    for parameter in design.parameters:
        if parameter.name in given:
            try:
                check(parameter, given[parameter.name])
            except InvalidInput as error:
                problems[parameter.name] = error.message.split(": ", 1)[-1]
    return problems


def fitted(
    request: HttpRequest, version: DesignVersion, given: dict[str, str], near: str
) -> tuple[Fit, Instance | None]:
    """Ask for the instance with these values; none when they are out of range."""
    design = load_version(version).design
    try:
        instance = request_instance(
            version,
            given,
            now=timezone.now(),
            before_new=partial(_not_too_often, request),
        )
    except InvalidInput as error:
        groups = control_groups(design, given, _problems(design, given))
        said = [
            f"{control.label}: {control.problem}"
            for group in groups
            for control in group.controls
            if control.problem
        ]
        return refused_fit(version, "; ".join(said) or error.message, near), None
    shown = fit_of(instance, design, address_of(instance.values, design), near)
    return shown, instance


def _presets(design: Design, near: str, given: dict[str, str]) -> list[dict[str, Any]]:
    initial = {p.name: plain_value(p.initial) for p in design.parameters}
    shown = []
    for name, values in design.presets.items():
        full = {**initial, **{key: plain_value(value) for key, value in values.items()}}
        query = urlencode({**address_of(full, design), "near": near})
        page = reverse("pages:design", args=[design.id])
        shown.append(
            {
                "name": name.replace("-", " ").replace("_", " ").capitalize(),
                "href": f"{page}?{query}",
                "values_json": json.dumps(full),
                "chosen": {**initial, **given} == full,
            }
        )
    return shown


@require_GET
def design(request: HttpRequest, design_id: str) -> HttpResponse:
    """Show one design with its form, its drawing and its figures."""
    version = current_version(design_id)
    wanted = load_version(version).design
    given = given_values(wanted, request.GET)
    near = place_text(request)
    shown, instance = fitted(request, version, given, near)
    context = {
        "here": "catalogue",
        "design": wanted,
        "version": version,
        "licence": read_licence(wanted.licence),
        "groups": control_groups(wanted, given, _problems(wanted, given)),
        "presets": _presets(wanted, near, given),
        "fit": shown,
        "near": near,
        "instructions": instructions_of(version),
        "bought": [line for line in wanted.bom if line.kind == "bought"],
        "work": [line for line in wanted.bom if line.kind == "work"],
        **design_panel(request, shown, instance, wanted),
    }
    return remember(request, render(request, "pages/design.html", context))


@require_POST
def fit(request: HttpRequest, design_id: str) -> HttpResponse:
    """Fit a design live: 202 while it is drawn, 422 when a value is out of range."""
    version = current_version(design_id)
    wanted = load_version(version).design
    near = request.POST.get("near", "")
    given = given_values(wanted, request.POST)
    shown, instance = fitted(request, version, given, near)
    context = {
        "fit": shown,
        "design": wanted,
        "near": near,
        **design_panel(request, shown, instance, wanted),
    }
    status = {"rendering": 202, "ready": 200}.get(shown.state, 422)
    response = render(request, "pages/parts/fit.html", context, status=status)
    if shown.state == "rendering" and shown.parts_total:
        response["X-Nearmade-Progress"] = f"{shown.parts_done}/{shown.parts_total}"
    return response


@require_GET
def offers(request: HttpRequest, design_id: str) -> HttpResponse:
    """Show the few best offers beside the design."""
    version = current_version(design_id)
    wanted = load_version(version).design
    near = place_text(request)
    place = asked_place(request)
    if place is None:
        context: dict[str, Any] = {"unknown_place": near}
        return render(request, "pages/parts/offers.html", context)
    shown, instance = fitted(
        request, version, given_values(wanted, request.GET), str(place)
    )
    if instance is None:
        raise InvalidInput(shown.problem)
    quote = quote_near(instance, place, deliver=True, now=timezone.now())
    key = secrets.token_urlsafe(9)
    labels = reading.site_labels()
    views = [
        offer_view(offer, shown, how="deliver", key=key, labels=labels)
        for offer in quote["offers"]
    ]
    context = {
        "offers": best_first(views)[:OFFERS_BESIDE_DESIGN],
        "quotes_url": shown.quotes_url,
        "counts": {"offers": len(views), "refusals": len(quote["refusals"])},
        "near": str(place),
    }
    return render(request, "pages/parts/offers.html", context)


@require_GET
def quotes(request: HttpRequest, design_id: str) -> HttpResponse:
    """Show every offer on a map and in its table twin."""
    version = current_version(design_id)
    wanted = load_version(version).design
    given = given_values(wanted, request.GET)
    near = place_text(request)
    place = asked_place(request)
    shown, instance = fitted(request, version, given, str(place) if place else near)
    deliver = request.GET.get("how", "deliver") != "collect"
    query = urlencode({**shown.address, "near": near})
    context: dict[str, Any] = {
        "here": "catalogue",
        "design": wanted,
        "design_url": f"{reverse('pages:design', args=[design_id])}?{query}",
        "fit": shown,
        "near": str(place) if place else near,
        "unknown_place": bool(near) and place is None,
        "deliver": deliver,
    }
    if place is not None and instance is not None and shown.state == "ready":
        context |= _quoted(request, instance, place, shown, deliver=deliver)
    return remember(request, render(request, "pages/quotes.html", context))


def _quoted(
    request: HttpRequest,
    instance: Instance,
    place: Place,
    shown: Fit,
    *,
    deliver: bool,
) -> dict[str, Any]:
    now = timezone.now()
    began = time.perf_counter()
    quote = quote_near(instance, place, deliver=deliver, now=now)
    took_ms = (time.perf_counter() - began) * 1000
    request_slices(instance, profiles_worth_slicing(quote))
    how = "deliver" if deliver else "collect"
    key = secrets.token_urlsafe(9)
    chosen = request.GET.get("take", "")
    labels = reading.site_labels()
    views = [
        offer_view(offer, shown, how=how, key=key, labels=labels, chosen=chosen)
        for offer in quote["offers"]
    ]
    views = best_first(views)
    views.sort(key=lambda view: not view.chosen)
    refused = nearest_refusals(quote)
    changes = changes_that_open(instance, [one["site_id"] for one in refused], now)
    everything = {**request.GET.dict(), "all": "1"}
    shown_count = len(views) if "all" in request.GET else OFFERS_AT_FIRST
    return {
        "offers": views[:shown_count],
        "offers_count": len(views),
        "all_url": f"?{urlencode(everything)}#quotes",
        "refusals": refusal_views(quote, labels, changes),
        "refused_count": len(quote["refusals"]),
        "map": quote_map(place, quote),
        "took_ms": took_ms,
    }


@require_GET
def where(request: HttpRequest, design_id: str) -> HttpResponse:
    """Show where in the world a fit can be made; a fragment when a page asks for it."""
    version = current_version(design_id)
    wanted = load_version(version).design
    given = given_values(wanted, request.GET)
    near = place_text(request)
    shown, instance = fitted(request, version, given, near)
    context: dict[str, Any] = {
        "here": "catalogue",
        "design": wanted,
        "design_url": f"{reverse('pages:design', args=[design_id])}?"
        + urlencode({**shown.address, "near": near}),
        "fit": shown,
    }
    if instance is not None and shown.state == "ready":
        found = where_of(instance, timezone.now())
        context["world"] = where_view(found, wanted.title)
    part = "HX-Request" in request.headers
    name = "pages/parts/where.html" if part else "pages/where.html"
    return render(request, name, context)
