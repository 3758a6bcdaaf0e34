"""A place that nobody has claimed, claiming it, and one's own claims."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nearmade.cloud.network import claims
from nearmade.cloud.network.listings import find_listing
from nearmade.cloud.network.models import Listing
from nearmade.cloud.pages.claim_form import ClaimForm
from nearmade.cloud.pages.maps import Spot, world_map
from nearmade.cloud.pages.registers import stable_url
from nearmade.cloud.pages.views.asking import person
from nearmade.cloud.people.models import User
from nearmade.cloud.throttling import PerClient
from nearmade.vocabulary.countries import country_name
from nearmade.vocabulary.errors import Conflict, Refused, Unavailable

#: Claims that one person may try to open.
CLAIMS = PerClient("claim", "30/h")
#: So far around the point the map of a place reaches. [deg]
AROUND_DEG = 4.0


def place(
    request: HttpRequest,
    listing: Listing,
    form: ClaimForm | None = None,
    problem: str = "",
) -> HttpResponse:
    """Show an unclaimed place: what its source says, and how to claim it."""
    user = request.user
    own = claims.waiting_claim(listing, user) if isinstance(user, User) else None
    context = {
        "here": "sites",
        "place": listing,
        "country": country_name(listing.country),
        "map": _map(listing),
        "source": listing.source,
        "own_claim": own,
        "form": form or ClaimForm(listing),
        "problem": problem,
        "stable_url": stable_url(listing.pk),
    }
    status = 422 if problem or (form is not None and form.errors) else 200
    return render(request, "pages/place.html", context, status=status)


def _map(listing: Listing) -> object:
    lat_deg, lon_deg = listing.lat_deg, listing.lon_deg
    if lat_deg is None or lon_deg is None:
        return None
    spot = Spot(
        listing.pk,
        lat_deg,
        lon_deg,
        listing.name,
        reverse("pages:site", args=[listing.pk]),
        nobodys=True,
        go=True,
    )
    corners = [
        (max(-89.0, min(89.0, lat_deg + north)), lon_deg + east)
        for north in (-AROUND_DEG, AROUND_DEG)
        for east in (-AROUND_DEG, AROUND_DEG)
    ]
    label = _("Where %(name)s stands") % {"name": listing.name}
    return world_map([spot], label, corners)


@login_required
@require_POST
def claim(request: HttpRequest, site_id: str) -> HttpResponse:
    """Claim a place: a moderator decides."""
    listing = find_listing(site_id)
    if not CLAIMS.allow_request(request):
        raise Unavailable("too many claims in one hour", remedy="try again later")
    form = ClaimForm(listing, request.POST)
    if not form.is_valid():
        return place(request, listing, form)
    try:
        claims.open_claim(person(request), site_id, form.grounds(), now=timezone.now())
    except (Conflict, Refused) as error:
        if error.code not in ("claim-waits", "too-many-claims", "refused-too-often"):
            raise
        said = f"{error.message}. {error.remedy}" if error.remedy else error.message
        return place(request, listing, form, said)
    messages.success(request, _("Your claim is with the moderators."))
    return redirect("pages:claims")


@login_required
@require_GET
def own_claims(request: HttpRequest) -> HttpResponse:
    """List what this person claimed, and what became of it."""
    rows = claims.claims_of(person(request)).prefetch_related("events")
    return render(request, "pages/claims.html", {"here": "claims", "claims": rows})


@login_required
@require_POST
def withdraw(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take an own claim back."""
    claims.withdraw_claim(person(request), claim_id, now=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect("pages:claims")
