"""The quote as it refines: the panel's own address, asked by the page itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nearmade.cloud.catalogue.services import current_version, load_version
from nearmade.cloud.pages.near import place_text, remember
from nearmade.cloud.pages.panel import (
    TRY,
    Desk,
    design_desk,
    panel_context,
    refined,
)
from nearmade.cloud.pages.parameters import given_values
from nearmade.cloud.pages.refining import quote_known
from nearmade.cloud.pages.views.catalogue import fitted
from nearmade.vocabulary.errors import Conflict, InvalidInput

#: The id of the element that holds the selects.
CHOICE = "takes-choice"


@require_GET
def takes(request: HttpRequest, design_id: str) -> HttpResponse:
    """Bring a design's quote one level further and show it."""
    version = current_version(design_id)
    wanted = load_version(version).design
    given = given_values(wanted, request.GET)
    shown, instance = fitted(request, version, given, place_text(request))
    if instance is None:
        raise InvalidInput(shown.problem)
    if shown.state != "ready":
        raise Conflict("its parts are not drawn yet", remedy="wait a few seconds")
    desk = design_desk(request, shown, instance, wanted)
    return remember(request, panel(request, desk, slices_by_itself=True))


def panel(request: HttpRequest, desk: Desk, *, slices_by_itself: bool) -> HttpResponse:
    """Answer with the panel, one level further."""
    number = request.GET.get(TRY, "0")
    tries = (
        int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    )
    quote = quote_known(desk.work, desk.planned)
    quote = refined(request, desk, quote, slices_by_itself=slices_by_itself)
    context = {**panel_context(desk, quote, tries=tries), "apart": True}
    response = render(request, "pages/parts/takes_answer.html", context)
    if request.headers.get("HX-Trigger") == CHOICE:
        response["HX-Replace-Url"] = desk.url(desk.page_url)
    return response
