"""The public page that compares any design, made anywhere for anywhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.catalogue.services import listed_versions, load_version
from nearmade.cloud.pages import comparing
from nearmade.cloud.pages.card import card_of
from nearmade.cloud.pages.comparing import Wish, wish_in
from nearmade.cloud.pages.comparing_machines import machines_for
from nearmade.cloud.pages.near import place_text, remember
from nearmade.cloud.pages.parameters import given_values
from nearmade.cloud.pages.refining import quote_known
from nearmade.cloud.pages.views.catalogue import fitted
from nearmade.cloud.pages.ways import ways_view
from nearmade.cloud.pages.work import USUAL_MACHINE, Choice, menu_of, plan, work_of
from nearmade.designs.design import Design
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from nearmade.vocabulary.place import Place

#: Shown first, where the catalogue has it.
USUAL_DESIGN = "spectacles"


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Compare a design made here with made centrally and bought in a shop."""
    context, status = _asked(request)
    response = render(request, "pages/compare.html", context, status=status)
    return remember(request, response)


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Show a comparison as a report that prints well; what stops it, as the page."""
    context, status = _asked(request)
    if "case" not in context:
        return render(request, "pages/compare.html", context, status=status)
    back = (_("To the comparison"), context["share_url"])
    return HttpResponse(comparing.report_html_of(context["case"], back))


def _asked(request: HttpRequest) -> tuple[dict[str, Any], int]:
    versions = listed_versions()
    usual = next(
        (v.design_id for v in versions if v.design_id == USUAL_DESIGN),
        versions[0].design_id if versions else "",
    )
    wish = wish_in(request.GET, place_text(request), usual)
    version = next((v for v in versions if v.design_id == wish.design_id), None)
    context: dict[str, Any] = {
        "here": "compare",
        "wish": wish,
        "fields": comparing,
        "designs": [(v.design_id, v.title) for v in versions],
        "most_pieces": comparing.MOST_PIECES,
    }
    if version is None:
        return context | {"problem": _("No design in the catalogue is called so.")}, 404
    return _compared(request, wish, version, context)


def _compared(
    request: HttpRequest, wish: Wish, version: DesignVersion, context: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    design = load_version(version).design
    given = given_values(design, request.GET)
    shown, instance = fitted(request, version, given, wish.to)
    query = urlencode({**shown.address, **wish.address})
    context |= {
        "design": design,
        "fit": shown,
        "address": shown.address,
        "share_url": request.build_absolute_uri(f"{reverse('pages:compare')}?{query}"),
        "report_url": f"{reverse('pages:compare_report')}?{query}",
        "design_url": f"{reverse('pages:design', args=[design.id])}?"
        + urlencode({**shown.address, "near": wish.to}),
    }
    made_in, to = comparing.places_of(wish)
    unknown = [
        text
        for text, place in ((wish.made_in, made_in), (wish.to, to))
        if place is None
    ]
    if unknown:
        return context | {"unknown_places": list(dict.fromkeys(unknown))}, 200
    if instance is None:
        return context | {"problem": shown.problem}, 422
    if shown.state != "ready":
        return context | {"waits": True}, 200
    assert made_in is not None
    assert to is not None
    try:
        return context | _result(request, wish, (made_in, to), design, instance), 200
    except InvalidInput as error:
        return context | {"problem": f"{error.message}. {error.remedy}"}, 422
    except Unavailable as error:
        return context | {"problem": f"{error.message}; {error.remedy}."}, 503


def _result(
    request: HttpRequest,
    wish: Wish,
    ends: tuple[Place, Place],
    design: Design,
    instance: Instance,
) -> dict[str, Any]:
    work = work_of(instance, design, {})
    sets = comparing.sets_quoted(wish)
    machines = machines_for(work, wish.material, sets, wish.machine)
    choice = Choice(machines.chosen or USUAL_MACHINE, wish.material, sets)
    menus = {
        "materials": menu_of(work, choice).materials,
        "machines": machines.options,
    }
    if machines.problem:
        return {"problem": machines.problem, **menus}
    planned = plan(work, choice)
    quote = quote_known(work, planned)
    if not quote.estimates:
        return {"problem": quote.problem, **menus}
    inventory = comparing.inventory_of(wish, ends, design, work, planned, quote)
    case = comparing.case_of(wish, ends[1], inventory, planned)
    record = comparing.comparison(request, case, inventory)
    return {
        "card": card_of(record),
        "ways": ways_view(record["ways"]),
        **menus,
        "case": case,
    }
