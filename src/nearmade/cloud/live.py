"""Addresses that are no pages: health, files by content, live progress."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_GET

from nearmade.cloud.blobs import get_blob
from nearmade.cloud.catalogue.models import Instance, InstancePart
from nearmade.cloud.orders.models import Order
from nearmade.cloud.orders.services import order_seen_by
from nearmade.vocabulary.errors import NotFound

#: What may be fetched by its hash, by ending; anything else stays inside.
CONTENT_TYPES = {"glb": "model/gltf-binary", "webp": "image/webp", "stl": "model/stl"}
SHA256_DIGITS = 64
FOR_EVER = "public, max-age=31536000, immutable"
#: How often an order is looked at while somebody watches it. [s]
LOOK_EVERY_S = 1.0
#: A watcher is asked to connect again after this long. [s]
WATCH_AT_MOST_S = 600.0


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the platform can answer: 200 with the database up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@require_GET
def blob(request: HttpRequest, sha256: str, ending: str) -> HttpResponse:
    """Give a picture or mesh of an instance; other blobs are not public."""
    if ending not in CONTENT_TYPES or len(sha256) != SHA256_DIGITS:
        raise Http404
    if not _public(sha256):
        raise Http404
    try:
        content = get_blob(sha256)
    except NotFound as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=CONTENT_TYPES[ending])
    response["Cache-Control"] = FOR_EVER
    if ending == "stl":
        response["Content-Disposition"] = f'attachment; filename="{sha256[:12]}.stl"'
    return response


def _public(sha256: str) -> bool:
    assemblies = Instance.objects.filter(
        Q(glb_sha256=sha256) | Q(picture_sha256=sha256)
    )
    parts = InstancePart.objects.filter(
        Q(glb_sha256=sha256)
        | Q(picture_sha256=sha256)
        | Q(marked_sha256=sha256)
        | Q(mesh_sha256=sha256)
    )
    return assemblies.exists() or parts.exists()


def progress_of(order_id: UUID | str) -> dict[str, Any]:
    """What a watcher of an order needs to draw it anew."""
    order = Order.objects.get(pk=order_id)
    events = list(order.events.values("number", "kind", "at", "site_id"))
    return {
        "state": order.state,
        "events": [{**event, "at": event["at"].isoformat()} for event in events],
        "jobs": [
            {
                "id": str(job.pk),
                "state": job.state,
                "machine": job.machine_id,
                "site": job.site_id,
                "parts": job.parts,
                "progress": job.progress,
            }
            for job in order.jobs.exclude(state="cancelled")
        ],
        "card": order.impact is not None,
        "closed": order.closed_at is not None,
    }


async def order_events(request: HttpRequest, order_id: str) -> HttpResponseBase:
    """Stream an order's progress as server-sent events, to those who may see it."""
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponse(status=401)
    try:
        order = await sync_to_async(order_seen_by)(user, order_id)
    except NotFound as error:
        raise Http404 from error
    stream = StreamingHttpResponse(_watch(order.pk), content_type="text/event-stream")
    stream["Cache-Control"] = "no-store"
    stream["X-Accel-Buffering"] = "no"
    return stream


def look(order_id: UUID | str) -> dict[str, Any]:
    """Read an order's progress and keep no connection until the next look.

    A request's connection is closed when it ends; these requests last for minutes, and
    a database has fewer connections than an evening has watchers.
    """
    try:
        return progress_of(order_id)
    finally:
        close_old_connections()


async def _watch(order_id: UUID | str) -> AsyncIterator[str]:
    looking = sync_to_async(look)
    told = ""
    waited_s = 0.0
    while waited_s < WATCH_AT_MOST_S:
        progress = await looking(order_id)
        text = json.dumps(progress)
        if text != told:
            told = text
            yield f"event: progress\ndata: {text}\n\n"
        else:
            yield ": still here\n\n"
        if progress["closed"] and progress["card"]:
            yield "event: closed\ndata: {}\n\n"
            return
        await asyncio.sleep(LOOK_EVERY_S)
        waited_s += LOOK_EVERY_S
