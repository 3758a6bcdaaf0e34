"""A visitor's own file: through the gate, quoted, forgotten after a few hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nearmade.cloud.catalogue import upload_files as files
from nearmade.cloud.catalogue.models import UploadedMesh
from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.catalogue.slicing import visitors_may_wait
from nearmade.cloud.catalogue.uploads import (
    ENDINGS,
    KEPT,
    LARGEST_BYTES,
    OF_ONE_VISITOR,
    admit_upload,
    find_upload,
    forget_upload,
    mend_upload,
    pose_of,
    turn_upload,
)
from nearmade.cloud.pages.near import asked_place, place_text, remember
from nearmade.cloud.pages.panel import NEW_LAYERS, Desk, panel_context
from nearmade.cloud.pages.refining import ask_slicer, quote_known
from nearmade.cloud.pages.uploaded import (
    card_of,
    file_url,
    fit_of_upload,
    offers_for,
)
from nearmade.cloud.pages.views.quoting import panel
from nearmade.cloud.pages.work import choice_in, plan, work_of_upload
from nearmade.cloud.throttling import PerClient
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.marks import SURFACE_CODES
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable

#: Files that one client may send.
NEW_UPLOADS = PerClient("uploads", "10/m")
#: Times that one client may ask the network about a file.
NEW_OFFERS = PerClient("upload-offers", "30/m")
#: Parts that one client may have sliced.
NEW_SLICES = PerClient("upload-slices", "12/h")
#: Where a session keeps the ids of what was sent in it, the newest last.
SESSION = "uploads"
CONTENT_TYPES = {
    files.GLB: "model/gltf-binary",
    files.PICTURE: "image/webp",
    files.MARKED: "image/webp",
}
MIB = 2**20
SLICED = 2


def _mine(request: HttpRequest) -> list[str]:
    kept = request.session.get(SESSION, [])
    return [str(one) for one in kept] if isinstance(kept, list) else []


def _found(request: HttpRequest, upload_id: UUID) -> UploadedMesh:
    return find_upload(upload_id, _mine(request), now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def quote_file(request: HttpRequest) -> HttpResponse:
    """Take a file, or show how to send one."""
    if request.method != "POST":
        return remember(request, _form(request))
    try:
        upload = _admitted(request)
    except InvalidInput as error:
        return _form(request, refusal=error, status=422)
    except Unavailable as error:
        return _form(request, refusal=error, status=503)
    return _go_to(request, upload)


def _go_to(request: HttpRequest, upload: UploadedMesh) -> HttpResponse:
    """Note a part as this visitor's, and show it."""
    mine = [*_mine(request), str(upload.pk)]
    for old in mine[:-OF_ONE_VISITOR]:
        forget_upload(old)
    request.session[SESSION] = mine[-OF_ONE_VISITOR:]
    return redirect("pages:uploaded", upload_id=upload.pk)


def _admitted(request: HttpRequest) -> UploadedMesh:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise InvalidInput(
            "no file came with the form", code="no-file", remedy="choose a file first"
        )
    if sent.size > LARGEST_BYTES:
        raise InvalidInput(
            f"the file has {sent.size / MIB:.0f} MiB, more than the "
            f"{LARGEST_BYTES // MIB} MiB taken for a quote",
            code="file-too-large",
            remedy="export it with fewer triangles, as a binary STL or a 3MF",
        )
    if not NEW_UPLOADS.allow_request(request):
        raise Unavailable(
            "too many files in one minute", remedy="wait a minute, then send it again"
        )
    return admit_upload(sent.read(), sent.name or "", now=timezone.now())


def _form(
    request: HttpRequest,
    *,
    refusal: InvalidInput | Unavailable | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = UploadedMesh.objects.filter(
        pk__in=_mine(request), expires_at__gt=timezone.now()
    ).order_by("-created_at")
    context = {
        "here": "quote",
        "refusal": refusal,
        "endings": ", ".join(ending.removeprefix(".").upper() for ending in ENDINGS),
        "accept": ",".join(ENDINGS),
        "most_bytes": LARGEST_BYTES,
        "most_mib": LARGEST_BYTES // MIB,
        "kept_h": int(KEPT.total_seconds() // 3600),
        "mine": [card_of(row) for row in rows],
    }
    return render(request, "pages/quote_file.html", context, status=status)


def _desk(request: HttpRequest, upload: UploadedMesh) -> Desk:
    marked = file_url(upload, files.MARKED) if upload.marked else ""
    work = work_of_upload(upload, marked)
    sent = request.POST if request.method == "POST" else request.GET
    choice = choice_in(sent)
    near = (
        sent.get("near", "")[:80] if request.method == "POST" else place_text(request)
    )
    return Desk(
        work=work,
        choice=choice,
        planned=plan(work, choice),
        near=near,
        page_url=reverse("pages:uploaded", args=[upload.pk]),
        takes_url=reverse("pages:uploaded_takes", args=[upload.pk]),
        address={},
        slice_url=reverse("pages:uploaded_slice", args=[upload.pk]),
    )


@require_GET
def uploaded(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Show a visitor's own part: drawing, facts, findings, quote, offers."""
    upload = _found(request, upload_id)
    desk = _desk(request, upload)
    quote = quote_known(desk.work, desk.planned)
    context: dict[str, Any] = {
        "here": "quote",
        "upload": upload,
        "design": {"title": desk.work.pieces[0].title},
        "facts": facts_from(upload.facts),
        "fit": fit_of_upload(upload, desk.near),
        "near": desk.near,
        "form_id": "quote-form",
        "kept_until": upload.expires_at,
        "mendable": _mendable(facts_from(upload.facts)),
        "choice_fields": desk.choice.address,
        "offers_url": desk.url(reverse("pages:uploaded_offers", args=[upload.pk])),
        **panel_context(desk, quote, tries=0),
    }
    if "offers" in request.GET:  # asked for without scripts
        context |= _offers(request, upload, desk)
    return remember(request, render(request, "pages/uploaded.html", context))


def _mendable(facts: PartFacts) -> bool:
    """Say whether its surface is such as a repair might close."""
    codes = {finding.code for finding in facts.findings}
    return not facts.watertight or bool(codes & SURFACE_CODES - {"degenerate-faces"})


@require_GET
def takes(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Bring the quote of a visitor's part one level further."""
    desk = _desk(request, _found(request, upload_id))
    return panel(request, desk, slices_by_itself=False)


@require_POST
def slice_it(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Have the slicer count a visitor's part."""
    desk = _desk(request, _found(request, upload_id))
    quote = quote_known(desk.work, desk.planned)
    if quote.level < SLICED and not quote.slicing and not quote.problem:
        if not (NEW_SLICES.allow_request(request) and visitors_may_wait()):
            raise Unavailable(
                "the slicer has too much to do",
                remedy="the estimate stands; try again in some minutes",
            )
        ask_slicer(desk.work, desk.planned, now=timezone.now())
    if "HX-Request" in request.headers:
        return panel(request, desk, slices_by_itself=False)
    return redirect(desk.url(desk.page_url))


@require_GET
def offers(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Ask every workshop near a place what it would want for the part."""
    upload = _found(request, upload_id)
    context = _offers(request, upload, _desk(request, upload))
    return render(request, "pages/parts/uploaded_offers.html", context)


def _offers(request: HttpRequest, upload: UploadedMesh, desk: Desk) -> dict[str, Any]:
    place = asked_place(request)
    if place is None:
        return {"unknown_place": desk.near}
    if not NEW_OFFERS.allow_request(request):
        raise Unavailable(
            "the network was asked too often in one minute",
            remedy="wait a minute, then go on",
        )
    try:
        asked = offers_for(upload, desk.planned, desk.choice, place, timezone.now())
    except InvalidInput as error:
        return {"no_offers": error}
    return {"asked": asked, "near": str(place)}


@require_POST
def change(request: HttpRequest, upload_id: UUID, how: str) -> HttpResponse:
    """Mend or turn a part into a new one; the part given stays as it is."""
    upload = _found(request, upload_id)
    acts = {"mend": mend_upload, "turn": turn_upload}
    if how not in acts:
        raise Http404
    if not NEW_UPLOADS.allow_request(request):
        raise Unavailable(
            "too many parts in one minute", remedy="wait a minute, then try again"
        )
    try:
        return _go_to(request, acts[how](upload, now=timezone.now()))
    except InvalidInput as error:
        messages.warning(request, f"{error.message}. {error.remedy}".strip())
        return redirect("pages:uploaded", upload_id=upload.pk)


@require_GET
def pose(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Say whether a part would better lie on another side."""
    upload = _found(request, upload_id)
    if upload.pose is None and not NEW_LAYERS.allow_request(request):
        raise Unavailable(
            "too many new estimates in one minute", remedy="wait a minute, then go on"
        )
    context: dict[str, Any] = {"upload": upload}
    try:
        found = pose_of(upload)
    except InvalidInput as error:
        context["no_pose"] = error.message
    else:
        saved_s = found["author_s"] - found["best_s"]
        context["pose"] = {
            "better": found["better"],
            "quicker_fraction": saved_s / max(found["author_s"], 1e-9),
            "support_saved_cm3": (
                found["author_support_mm3"] - found["best_support_mm3"]
            )
            / 1000,
        }
    return render(request, "pages/parts/uploaded_pose.html", context)


@require_POST
def forget(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Delete a visitor's part now."""
    upload = _found(request, upload_id)
    forget_upload(upload.pk)
    request.session[SESSION] = [one for one in _mine(request) if one != str(upload.pk)]
    return redirect("pages:quote_file")


@require_GET
def file(request: HttpRequest, upload_id: UUID, name: str) -> HttpResponse:
    """Give a picture or the viewer's file of a part, to who sent it."""
    if name not in CONTENT_TYPES:
        raise Http404
    try:
        upload = _found(request, upload_id)
        content = files.read_file(upload.pk, name)
    except NotFound as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=CONTENT_TYPES[name])
    response["Cache-Control"] = "private, max-age=3600"
    return response
