"""A site's page: for everyone what stands there, for its operators what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import (
    facility_of,
    find_site,
    is_live,
    site_operated_by,
)
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.builds import JobView, job_view, part_titles
from nearmade.cloud.pages.capability import itinerary_of, services_of, ways_of
from nearmade.cloud.pages.earnings import earnings_of
from nearmade.cloud.pages.electricity import electricity_of
from nearmade.cloud.pages.figures import plain_name, significant
from nearmade.cloud.pages.floor import floor_of, site_zone
from nearmade.cloud.pages.registers import stable_url
from nearmade.cloud.pages.todo import tasks_of
from nearmade.cloud.pages.views.asking import person
from nearmade.cloud.people.models import User
from nearmade.cloud.shopfloor import deciding
from nearmade.cloud.shopfloor import services as shopfloor
from nearmade.facilities.facility import Facility
from nearmade.planning.site_supply import with_current_report
from nearmade.vocabulary.errors import Conflict, InvalidInput, NotFound

#: Letters of a reason that are kept.
LONGEST_REASON = 500


@require_GET
def site(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show a site."""
    facility = facility_of(find_site(site_id))
    context = _site_context(request, site_id) | {
        "here": site_id,
        "ways": ways_of(facility),
        "itinerary": itinerary_of(facility, timezone.now()),
        "services": services_of(facility),
        "certifications": facility.certifications,
        "holidays": [d for d in facility.holidays if d >= timezone.now().date()],
        "access": facility.access,
        "own_page": facility.url,
        "stable_url": stable_url(site_id),
        "events_url": "poll:4",
        "fragment_url": reverse("pages:site_live", args=[site_id]),
    }
    return render(request, "pages/site.html", context)


@require_GET
def site_live(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show the part of a site's page that changes."""
    return render(
        request, "pages/parts/site_live.html", _site_context(request, site_id)
    )


def _operates(user: object, site_id: str) -> bool:
    if not isinstance(user, User):
        return False
    return any(site.pk == site_id for site in reading.sites_operated_by(user))


def _site_context(request: HttpRequest, site_id: str) -> dict[str, Any]:
    row = find_site(site_id)
    facility = facility_of(row)
    works = _operates(request.user, site_id)
    jobs = [job_view(j, part_titles(j.order)) for j in reading.open_jobs_at(row)]
    now = timezone.now()
    return {
        "site": {
            "id": row.pk,
            "name": plain_name(row.name),
            "place": str(facility.place),
            "kind": facility.kind,
            "solar": facility.power.kind == "solar",
            "power_text": _power_text(with_current_report(facility, now)),
            "demo": row.demo,
            "live": is_live(row, now),
            "seen_at": row.seen_at,
            "status": "" if facility.status == "active" else facility.status,
        },
        "may_work": works,
        "todo": tasks_of(row, jobs) if works else [],
        "machines": [_machine(m, row, jobs) for m in facility.machines],
        "floor": floor_of(row, facility, jobs, now),
        "zone": site_zone(facility),
        "power": electricity_of(row, facility, jobs, now, site_zone(facility)),
        "feedstocks": facility.feedstocks,
        "earnings": earnings_of(row, now) if works else [],
        "tariff": _tariff(facility),
        "opening": _opening(facility),
        "out_of_use": [
            {"machine": machine.id.rsplit("/", 1)[-1], "span": span}
            for machine in facility.machines
            for span in machine.out_of_use
            if span.ends_at > now
        ],
    }


def _power_text(facility: Facility) -> str:
    power = facility.power
    reported = power.reported
    if power.kind == "grid" and reported is not None:
        if reported.pv_wp > 0:
            return _("on the grid with %(pv)s W of panels, reported by the site") % {
                "pv": significant(reported.pv_wp, 3)
            }
        return _("on the grid, its hours reported by the site")
    if power.kind == "grid":
        return _("on the grid")
    return _("%(pv)s W of panels, %(kwh)s kWh of battery") % {
        "pv": significant(power.pv_wp, 3),
        "kwh": significant(power.battery_wh / 1000, 2),
    }


def _machine(machine: Any, row: Site, jobs: list[JobView]) -> dict[str, Any]:
    said: dict[str, Any] = next(
        (
            printer
            for printer in (row.snapshot or {}).get("printers", [])
            if printer["machine_id"] == machine.id
        ),
        {},
    )
    short = machine.id.rsplit("/", 1)[-1]
    at_work = ("printing", "starting", "attention")
    job = next((j for j in jobs if j.machine == short and j.state in at_work), None)
    sides = " × ".join(significant(side, 3) for side in machine.build_volume_mm)
    profile_materials = {profile.split("-")[1].upper() for profile in machine.profiles}
    profile_materials |= set(machine.materials)
    return {
        "name": machine.make_model,
        "short": short,
        "size": f"{sides} mm",
        "state": said.get("state") or machine.status,
        "fraction": said.get("done_fraction") if job else None,
        "left_s": said.get("left_s") if job else None,
        "nozzle_degc": said.get("nozzle_degc"),
        "power_w": said.get("power_w"),
        "materials": sorted(profile_materials),
        "simulated": machine.driver == "simulated",
        "job_text": f"{job.parts_text} ({job.title})" if job else "",
    }


def _tariff(facility: Facility) -> list[dict[str, str]]:
    tariff = facility.tariff
    if not tariff.machine_hour and not tariff.material_gram:
        return []
    lines = [
        (_("machine hour"), tariff.machine_hour),
        (_("set-up of a build"), tariff.setup),
        (_("hour of hands"), tariff.labour_hour),
        (_("least for an order"), tariff.minimum),
    ]
    grams = [
        (_("gram of %(m)s") % {"m": material}, price)
        for material, price in tariff.material_gram.items()
    ]
    return [
        {"title": title, "amount": f"{_at_least_cents(amount)} {tariff.currency}"}
        for title, amount in [*lines, *grams]
    ]


def _at_least_cents(amount: Decimal) -> str:
    """Write two decimals, or as many as the price list has."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:.{places}f}"


def _opening(facility: Facility) -> str:
    hours = facility.opening
    if not facility.machines and not facility.tariff.material_gram:
        return _("Nobody has said yet when it is open.")
    if (hours.opens_hour, hours.closes_hour) == (0, 24) and len(hours.days) == 7:
        return _("Always open.")
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    days = ", ".join(names[day - 1] for day in hours.days)
    return _("Open %(days)s, %(a)s to %(b)s h local time.") % {
        "days": days,
        "a": significant(hours.opens_hour, 3),
        "b": significant(hours.closes_hour, 3),
    }


@login_required
@require_POST
def act_on_job(request: HttpRequest, site_id: str, job_id: str) -> HttpResponse:
    """An operator answers an offer, confirms a check, or decides on a failed build."""
    row = site_operated_by(person(request), site_id)
    by, now = person(request).email, timezone.now()
    act = request.POST.get("act", "")
    why = request.POST.get("why", "").strip()[:LONGEST_REASON]
    if act in ("accept", "decline"):
        shopfloor.answer_offer(
            row, job_id, accept=act == "accept", reason=why, by=by, now=now
        )
    elif act == "checked":
        shopfloor.confirm_checked(row, job_id, by=by, note=why, now=now)
    elif act == "again":
        deciding.print_again(row, job_id, by=by, why=why, now=now)
    elif act == "give-up":
        deciding.give_up(row, job_id, by=by, why=why, now=now)
    else:
        raise InvalidInput(
            f"act {act!r}: must be accept, decline, checked, again or give-up"
        )
    messages.success(request, _("Written down."))
    return redirect("pages:site", site_id)


@login_required
@require_POST
def act_on_order(request: HttpRequest, site_id: str, order_id: str) -> HttpResponse:
    """An operator says that parts are here, it is assembled, or handed over."""
    row = site_operated_by(person(request), site_id)
    order = orders.order_seen_by(person(request), order_id)
    if order.site_id != row.pk:
        raise NotFound(f"order {order_id}: does not come together at {row.pk}")
    acts = {
        "arrived": orders.confirm_arrived,
        "assembled": orders.confirm_assembled,
        "handed-over": orders.hand_over,
    }
    act = request.POST.get("act", "")
    if act not in acts:
        raise InvalidInput(f"act {act!r}: must be one of {', '.join(acts)}")
    if act == "arrived" and order.state != Order.State.GATHERING:
        raise Conflict(f"{order}: {order.state}, no parts are awaited")
    acts[act](order_id, by=person(request).email, now=timezone.now())
    messages.success(request, _("Written down."))
    return redirect("pages:site", site_id)
