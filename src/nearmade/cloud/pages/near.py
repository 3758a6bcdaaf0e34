"""Where this person needs things: from the address bar, else remembered."""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse

from nearmade.adapters.places import one_place
from nearmade.vocabulary.errors import NotFound
from nearmade.vocabulary.place import Place

COOKIE = "near"
REMEMBERED_S = 31_536_000
LONGEST = 80


def place_text(request: HttpRequest) -> str:
    """Give what this person last wrote as the place, perhaps nothing."""
    given = request.GET.get("near")
    if given is None:
        given = unquote(request.COOKIES.get(COOKIE, ""))
    return given.strip()[:LONGEST]


def asked_place(request: HttpRequest) -> Place | None:
    """Find the place that this person named; nothing when none was named or found."""
    return place_named(place_text(request))


def place_named(text: str) -> Place | None:
    """Find a place by its name; nothing when there is none, or no such place."""
    if not text:
        return None
    try:
        return one_place(text)
    except NotFound:
        return None


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep a place that was named just now for the next pages."""
    if "near" in request.GET:
        response.set_cookie(
            COOKIE,
            quote(place_text(request)),
            max_age=REMEMBERED_S,
            samesite="Lax",
            httponly=True,
        )
    return response
