"""The operator's editor: sections of the record, earlier versions, what it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nearmade.cloud.network import services
from nearmade.cloud.network.models import Site, SiteVersion
from nearmade.cloud.network.services import facility_of, site_operated_by
from nearmade.cloud.pages.editing.machine_form import MachineForm, machine_of
from nearmade.cloud.pages.editing.sections import (
    BY_KEY,
    SECTIONS,
    Section,
    SectionForm,
    obstacles_of,
)
from nearmade.cloud.pages.figures import plain_name
from nearmade.cloud.pages.makeable import makeable_at
from nearmade.cloud.pages.views.asking import person
from nearmade.cloud.throttling import PerClient
from nearmade.facilities.facility import Facility
from nearmade.vocabulary.errors import InvalidInput, NotFound, Unavailable

#: Earlier versions listed to be restored.
VERSIONS_SHOWN = 20
#: Previews that one person may ask for; each tries every purchase on every design.
PREVIEWS = PerClient("preview", "30/m")


@login_required
@require_GET
def edit(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show what is said of a site, what is missing, and what it said before."""
    row = site_operated_by(person(request), site_id)
    facility = facility_of(row)
    changed = set(row.versions.values_list("changed", flat=True))
    context = {
        **_frame(row),
        "sections": [
            {
                "section": section,
                "url": reverse("pages:edit_section", args=[row.pk, section.key]),
                "said": section.key in changed,
            }
            for section in SECTIONS
        ],
        "obstacles": obstacles_of(facility),
        "versions": _versions(row),
    }
    return render(request, "pages/edit.html", context)


def _frame(row: Site) -> dict[str, Any]:
    return {
        "here": row.pk,
        "site": {"id": row.pk, "name": plain_name(row.name), "demo": row.demo},
        "seen": row.updated_at.isoformat(),
    }


def _versions(row: Site) -> list[dict[str, Any]]:
    kept = row.versions.select_related("saved_by").defer("record")[:VERSIONS_SHOWN]
    return [
        {
            "id": version.pk,
            "at": version.saved_at,
            "by": version.saved_by.email if version.saved_by else "",
            "changed": _changed(version.changed),
        }
        for version in kept
    ]


def _changed(word: str) -> str:
    if word in BY_KEY:
        return str(BY_KEY[word].title)
    names = {
        "restored": _("an earlier version was restored"),
        "revoked": _("the place was taken back by a moderator"),
        "imported": _("brought up to date by the platform"),
    }
    return names.get(word, word)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is edited: the site, the section's words, where its form is sent."""

    row: Site
    section: Section
    action: str
    of: Callable[[QueryDict | None], SectionForm]


@login_required
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, site_id: str, key: str) -> HttpResponse:
    """Show one section's form; keep what was sent, or preview what it would open."""
    row = site_operated_by(person(request), site_id)
    if key not in BY_KEY:
        raise NotFound(f"section {key!r}: none such")
    wanted, facility = BY_KEY[key], facility_of(row)
    action = reverse("pages:edit_section", args=[row.pk, key])
    return _answer(
        request, _Desk(row, wanted, action, partial(wanted.form, facility, row))
    )


@login_required
@require_http_methods(["GET", "POST"])
def machine(request: HttpRequest, site_id: str, which: str = "") -> HttpResponse:
    """Write a machine down: a new one of any model, or one that stands there."""
    row = site_operated_by(person(request), site_id)
    facility = facility_of(row)
    found = machine_of(facility, which) if which else None
    title = found.make_model if found else _("A machine of any model")
    opens = _(
        "What you write decides which parts are sent to it. What stays empty is "
        "unknown: a design that asks for it is not sent without asking you."
    )
    wanted = replace(BY_KEY["machines"], title=title, opens=opens)
    name = "pages:edit_machine" if found else "pages:new_machine"
    action = reverse(name, args=[row.pk, which] if found else [row.pk])
    form = partial(MachineForm, facility, row, machine=found)
    return _answer(request, _Desk(row, wanted, action, form))


def _answer(request: HttpRequest, desk: _Desk) -> HttpResponse:
    row = desk.row
    if request.method != "POST":
        return _show(request, desk, desk.of(None))
    form = desk.of(request.POST)
    if not form.is_valid():
        return _show(request, desk, form, status=422)
    try:
        changed = replace(facility_of(row), **form.changes())
    except InvalidInput as error:
        return _show(request, desk, form, problem=error.message, status=422)
    if request.POST.get("act") == "preview":
        return _show(request, desk, form, preview=_preview(request, changed))
    if request.POST.get("seen", "") != row.updated_at.isoformat():
        said = _(
            "Somebody else changed this site while you wrote. Nothing was saved: "
            "compare with what stands there now, and save again."
        )
        return _show(request, desk, form, problem=said, status=409)
    try:
        services.save_facility(
            row.pk,
            form.changes(),
            by=person(request),
            changed=desk.section.key,
            now=timezone.now(),
        )
    except InvalidInput as error:
        return _show(request, desk, form, problem=error.message, status=422)
    messages.success(request, _("Saved. What it said before is kept below."))
    return redirect("pages:edit_site", row.pk)


def _preview(request: HttpRequest, facility: Facility) -> dict[str, Any]:
    if not PREVIEWS.allow_request(request):
        raise Unavailable("too many previews in one minute", remedy="wait a minute")
    return {
        "makeable": makeable_at(facility, timezone.now()),
        "obstacles": obstacles_of(facility),
    }


def _show(
    request: HttpRequest,
    desk: _Desk,
    form: SectionForm,
    *,
    problem: str = "",
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_frame(desk.row),
        "section": desk.section,
        "action": desk.action,
        "one_machine": isinstance(form, MachineForm),
        "form": form,
        "problem": problem or getattr(form, "fault", ""),
        "preview": preview,
    }
    return render(request, "pages/edit_section.html", context, status=status)


@login_required
@require_GET
def makeable(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show what a site could make of the catalogue, and what would open more."""
    row = site_operated_by(person(request), site_id)
    context = {**_frame(row), "preview": _preview(request, facility_of(row))}
    return render(request, "pages/makeable.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, site_id: str, version_id: int) -> HttpResponse:
    """Let a site say again what it said before; this too can be undone."""
    row = site_operated_by(person(request), site_id)
    version = SiteVersion.objects.filter(pk=version_id, site=row).first()
    if version is None:
        raise NotFound(f"version {version_id}: none of this site's")
    services.restore_version(version, by=person(request), now=timezone.now())
    messages.success(request, _("Restored. What it said until now is kept below."))
    return redirect("pages:edit_site", row.pk)
