"""What the panel "What it takes" and the findings need, for a design or an upload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nearmade.cloud.catalogue.looking_again import request_look
from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.slicing import may_slice_ahead
from nearmade.cloud.pages.findings import findings_of
from nearmade.cloud.pages.fit import Fit, blob_url
from nearmade.cloud.pages.near import place_named
from nearmade.cloud.pages.refining import Quote, ask_slicer, quote_known, refine
from nearmade.cloud.pages.takes import takes_of
from nearmade.cloud.pages.work import Choice, Planned, Work, choice_in, plan, work_of
from nearmade.cloud.throttling import PerClient
from nearmade.designs.design import Design
from nearmade.vocabulary.errors import Unavailable

#: Estimates from layers that one client may have found anew; known ones cost nothing.
NEW_LAYERS = PerClient("layers", "60/m")
#: Parts that one client may have sliced anew.
NEW_SLICES = PerClient("slices", "20/m")
#: Pauses between two looks at the slicer's count; then the page stops looking. [s]
PAUSES_S = (1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 15, 15, 15, 20, 30, 30, 30)
#: In the address: look no. so many; and: no script is there to ask, do it now.
TRY, REFINE = "quote-try", "quote-refine"


@dataclass(frozen=True, slots=True)
class Desk:
    """What is quoted, for whom, and where its page is.

    Parameters
    ----------
    work, choice, planned
        The pieces, what the visitor chose, and the pieces with their profiles.
    near
        The place as text.
    page_url, takes_url
        The page, and the panel's own address, both without a query.
    address
        What both must carry besides the choice and the place.
    slice_url
        Where a visitor asks for slicing; empty where it is asked for ahead.
    """

    work: Work
    choice: Choice
    planned: Planned
    near: str
    page_url: str
    takes_url: str
    address: dict[str, str]
    slice_url: str = ""

    def url(self, base: str, **more: str) -> str:
        """Give an address that comes back to this very quote."""
        query = {**self.address, "near": self.near, **self.choice.address, **more}
        return f"{base}?{urlencode({k: v for k, v in query.items() if v})}"


def design_desk(
    request: HttpRequest, shown: Fit, instance: Instance, wanted: Design
) -> Desk:
    """Lay out the desk of a drawn design."""
    marked = {
        row.pk: blob_url(row.marked_sha256, "webp") for row in instance.parts.all()
    }
    work = work_of(instance, wanted, marked)
    sent = request.POST if request.method == "POST" else request.GET
    choice = choice_in(sent)
    return Desk(
        work=work,
        choice=choice,
        planned=plan(work, choice),
        near=shown.near,
        page_url=reverse("pages:design", args=[wanted.id]),
        takes_url=reverse("pages:takes", args=[wanted.id]),
        address=dict(shown.address),
    )


def design_panel(
    request: HttpRequest, shown: Fit, instance: Instance | None, wanted: Design
) -> dict[str, Any]:
    """Give the panel as far as it is known; nothing before the parts are drawn."""
    if instance is None or shown.state != "ready":
        return {}
    desk = design_desk(request, shown, instance, wanted)
    request_look(instance)
    quote = quote_known(desk.work, desk.planned)
    if REFINE in request.GET:
        quote = refined(request, desk, quote, slices_by_itself=True)
    return panel_context(desk, quote, tries=0)


def refined(
    request: HttpRequest, desk: Desk, quote: Quote, *, slices_by_itself: bool
) -> Quote:
    """Bring a quote one level further, as often as this client may.

    Raises
    ------
    Unavailable
        When this client, or everybody together, asks too much.
    """
    now = timezone.now()
    if quote.coming == "layers":
        if not NEW_LAYERS.allow_request(request):
            raise Unavailable(
                "too many new estimates in one minute",
                remedy="wait a minute, then go on",
            )
        quote = refine(desk.work, desk.planned, now=now)
    if (
        slices_by_itself
        and quote.coming == "ask-slicer"
        and NEW_SLICES.allow_request(request)
        and may_slice_ahead()
    ):
        ask_slicer(desk.work, desk.planned, now=now)
        quote = quote_known(desk.work, desk.planned)
    return quote


def panel_context(desk: Desk, quote: Quote, *, tries: int) -> dict[str, Any]:
    """Give what ``pages/parts/takes.html`` and ``findings.html`` need."""
    place = place_named(desk.near)
    takes = takes_of(desk.work, desk.planned, quote, desk.choice, place)
    looking = quote.coming == "layers" or (
        quote.coming == "slicer" and tries < len(PAUSES_S)
    )
    pause_s = 0 if quote.coming == "layers" else PAUSES_S[min(tries, len(PAUSES_S) - 1)]
    later = str(tries + 1) if quote.coming == "slicer" else ""
    return {
        "takes": takes,
        "found": findings_of(desk.work, desk.choice),
        "takes_url": desk.takes_url,
        "next_url": desk.url(desk.takes_url, **{TRY: later}) if looking else "",
        "next_pause_s": pause_s,
        "next_failed": _("It stays at this estimate: too much is asked just now."),
        "slice_url": desk.slice_url,
        "slice_fields": {**desk.choice.address, "near": desk.near},
        "refine_url": desk.url(desk.page_url, **{REFINE: "1"}) + "#takes",
    }
