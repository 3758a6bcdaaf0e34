"""The agents' door: one token, one site, two calls."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer

from nearmade.cloud.blobs import get_blob
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import keep_supply, site_of_token
from nearmade.cloud.shopfloor import sync as syncing
from nearmade.cloud.shopfloor.models import Job
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import NotFound

SHA256 = re.compile(r"[0-9a-f]{64}")
#: A design is for who makes it, while it is made.
MAY_FETCH = [
    state.value
    for state in (
        JobState.COMMITTED,
        JobState.STARTING,
        JobState.PRINTING,
        JobState.ATTENTION,
    )
]


class AgentAuth(HttpBearer):
    """A token opens its own site and nothing else."""

    def authenticate(self, request: HttpRequest, token: str) -> Site:
        """Find the site of a token, or refuse."""
        return site_of_token(token)


class SyncIn(Schema):
    """What an agent tells."""

    proto: int
    agent: str
    epoch: str
    boot_id: str
    mono_s: float
    wall_at: str
    events: list[dict[str, Any]]
    snapshot: dict[str, Any]


class SyncOut(Schema):
    """What the platform answers."""

    ack: int
    commands: list[dict[str, Any]]
    next_in_s: float
    server_at: str


router = Router(tags=["agents"], auth=AgentAuth())


def _site(request: HttpRequest) -> Site:
    site: Site = request.auth  # type: ignore[attr-defined]
    return site


@router.post("/sync", response=SyncOut, summary="Tell and be told")
def post_sync(request: HttpRequest, body: SyncIn) -> dict[str, Any]:
    """Deliver events, get commands; safe to repeat."""
    return syncing.sync(_site(request), body.dict(), now=timezone.now())


class SupplyIn(Schema):
    """What an agent reports of its site's electricity."""

    supply: dict[str, Any] | None


class SupplyOut(Schema):
    """What was kept."""

    kept: bool


@router.put("/supply", response=SupplyOut, summary="Report the site's electricity")
def put_supply(request: HttpRequest, body: SupplyIn) -> dict[str, Any]:
    """Keep panels, battery and hourly grid of the token's site; null takes them back.

    What breaks a rule is refused with the field's name, and what was kept stays.
    """
    keep_supply(_site(request), body.supply, now=timezone.now())
    return {"kept": body.supply is not None}


@router.get("/artefacts/{sha256}", summary="Fetch the G-code of one's own job")
def get_artefact(request: HttpRequest, sha256: str) -> HttpResponse:
    """Give a file that a job at this agent's site needs, once the site accepted it."""
    mine = Job.objects.filter(
        site=_site(request), gcode_sha256=sha256, state__in=MAY_FETCH
    )
    if not SHA256.fullmatch(sha256) or not mine.exists():
        raise NotFound(f"artefact {sha256[:12]!r}: not for a job at your site")
    return HttpResponse(get_blob(sha256), content_type="text/x-gcode")
