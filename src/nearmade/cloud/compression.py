"""Public pages go compressed; pages that hold what is somebody's own do not.

The length of a compressed page tells how much of a text that somebody else put into it
repeats a secret that stands there too. So pages with somebody's orders, files, prices
or evidence stay as they are. A public page holds no secret but the token of its forms,
which is masked anew in every answer; and, signed in, who one is: there a page is
compressed only when its address asks nothing, so that nobody else's text is in it.
Django adds a random number of bytes to each.

References
----------
Y. Gluck, N. Harris, A. Prado, BREACH: reviving the CRIME attack, 2013.
Django 4.2 release notes, "Mitigation for the BREACH attack".
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: Pages that look the same to everybody, by the names of their addresses.
PUBLIC: Final = frozenset(
    f"pages:{name}"
    for name in (
        "home", "catalogue", "design", "fit", "takes", "offers", "quotes", "where",
        "sites", "site", "site_okw", "site_aas", "compare", "compare_report",
    )
)  # fmt: skip
#: Pages of many figures that repeat nothing of what their address asks.
_REPEATS_NOTHING: Final = frozenset({"pages:plan"})
#: Pages that show a signed-in person more than everybody.
_MORE_FOR_SOME: Final = frozenset({"pages:site"})


class CompressPublicPages(GZipMiddleware):
    """Compress what is public, as browsers ask for it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress an answer, or leave it."""
        if not may_be_compressed(request):
            return response
        return super().process_response(request, response)


def may_be_compressed(request: HttpRequest) -> bool:
    """Tell whether no secret stands in the answer beside somebody else's text."""
    match = request.resolver_match
    if match is None:
        return False
    if match.view_name in _REPEATS_NOTHING:
        return True
    if match.view_name not in PUBLIC:
        return False
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return True
    return not request.GET and match.view_name not in _MORE_FOR_SOME
