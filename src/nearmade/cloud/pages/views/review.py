"""The moderators' list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.moderation import services
from nearmade.cloud.moderation.models import Case
from nearmade.cloud.network import claims
from nearmade.cloud.network.models import Claim
from nearmade.cloud.pages.figures import plain_value
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.pages.parameters import control_groups
from nearmade.cloud.pages.views.asking import person
from nearmade.vocabulary.errors import InvalidInput, NearmadeError

#: Approved claims listed to be taken back, the newest.
HELD_SHOWN = 20


@login_required
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """List what waits, the oldest first."""
    return _list(request, {})


def _list(
    request: HttpRequest, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    cases = [_case(case) for case in services.open_cases(person(request))]
    waiting = [_claim(claim) for claim in claims.open_claims(person(request))]
    held = claims.approved_claims(person(request))[:HELD_SHOWN]
    context = {
        "here": "review",
        "cases": cases,
        "claims": waiting,
        "held": held,
        **more,
    }
    return render(request, "pages/review.html", context, status=status)


def _claim(claim: Claim) -> dict[str, Any]:
    """Lay out a claim beside what else was said of its place and by its person."""
    others = [one for one in claim.listing.claims.all() if one.pk != claim.pk]
    person = claim.person
    return {
        "row": claim,
        "person": person.email,
        "joined_at": person.date_joined,
        "same_host": _same_host(claim.evidence_url, claim.listing.url),
        "others": others,
    }


def _same_host(one: str, other: str) -> bool:
    """Tell whether evidence lies where the place's own entry does."""
    hosts = {urlsplit(url).hostname or "" for url in (one, other)}
    return len(hosts) == 1 and "" not in hosts


def _case(case: Case) -> dict[str, Any]:
    instance = case.order.instance
    version = instance.design_version
    return {
        "id": case.pk,
        "short": str(case.order_id)[:8],
        "title": version.title,
        "picture": blob_url(instance.picture_sha256, "webp"),
        "customer": case.order.customer.email,
        "opened_at": case.opened_at,
        "reasons": case.verdict.get("reasons", []),
        "values": _values(instance),
        "parts": [
            {
                "title": part.title,
                "extents": part.facts["extents_mm"],
                "sha": part.canonical_sha256,
            }
            for part in instance.parts.all()
        ],
    }


def _values(instance: Instance) -> list[tuple[str, str]]:
    """Give what was set, in the design's words; bare while it cannot be read."""
    try:
        design = load_version(instance.design_version).design
    except NearmadeError:
        return [(name, plain_value(value)) for name, value in instance.values.items()]
    return [
        (control.label, f"{control.value} {control.unit}".strip())
        for group in control_groups(design, instance.values, {})
        for control in group.controls
    ]


@login_required
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Allow or refuse, with a reason."""
    decision = request.POST.get("decision", "")
    if decision not in ("allow", "refuse"):
        raise InvalidInput(f"decision {decision!r}: must be allow or refuse")
    try:
        services.decide(
            person(request),
            case_id,
            allow=decision == "allow",
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except InvalidInput as error:
        more = {"problem": error.message, "problem_case": case_id}
        return _list(request, more, status=422)
    messages.success(request, _("Decided; the order goes on, or ends, now."))
    return redirect("pages:review")


@login_required
@require_POST
def decide_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Approve or refuse a claim, or take an approved one back, with a reason."""
    decision = request.POST.get("decision", "")
    if decision not in ("approve", "refuse", "revoke"):
        raise InvalidInput(f"decision {decision!r}: must be approve, refuse or revoke")
    reason, now = request.POST.get("reason", ""), timezone.now()
    try:
        if decision == "revoke":
            claims.revoke_claim(person(request), claim_id, reason=reason, now=now)
        else:
            claims.decide_claim(
                person(request),
                claim_id,
                approve=decision == "approve",
                reason=reason,
                now=now,
            )
    except InvalidInput as error:
        more = {"problem": error.message, "problem_claim": claim_id}
        return _list(request, more, status=422)
    messages.success(request, _("Decided; who claimed it reads your reason."))
    return redirect("pages:review")
