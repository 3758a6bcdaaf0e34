"""The moderators' list."""

from __future__ import annotations

from typing import Any

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
from nearmade.cloud.pages.figures import plain_value
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.pages.parameters import control_groups
from nearmade.cloud.pages.views.asking import person
from nearmade.vocabulary.errors import InvalidInput, NearmadeError


@login_required
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """List what waits, the oldest first."""
    return _list(request, {})


def _list(
    request: HttpRequest, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    cases = [_case(case) for case in services.open_cases(person(request))]
    context = {"here": "review", "cases": cases, **more}
    return render(request, "pages/review.html", context, status=status)


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
