"""What templates say often: built files, icons, and figures with their units."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import duration_text, plain_name, significant
from nearmade.vocabulary.estimate import Estimate

register = template.Library()

#: What stands where a figure is not known.
NOTHING = "–"
#: Longer spans are nobody's: ten years. [s]
LONGEST_S = 10 * 366 * 86_400
BUILT = Path(__file__).resolve().parents[1] / "static" / "built"


@lru_cache(maxsize=8)
def _json_at(path: Path, changed_ns: int) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def _read_built(name: str) -> dict[str, Any]:
    """Read one of the build's JSON files; before the first build there is none."""
    path = BUILT / name
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _json_at(path, changed_ns)


@register.simple_tag
def built_page() -> SafeString:
    """Link the page's style and script, by the names the build gave them."""
    entry = _read_built("manifest.json").get("src/page.ts")
    if entry is None:
        return mark_safe("<!-- web/ is not built: run npm run build -->")
    styles = [
        format_html('<link rel="stylesheet" href="{}">', static(f"built/{name}"))
        for name in entry.get("css", [])
    ]
    script = format_html(
        '<script type="module" src="{}"></script>', static(f"built/{entry['file']}")
    )
    return mark_safe("".join([*styles, script]))  # noqa: S308 - formatted above


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the set beside a text; readers of the screen pass it over."""
    inside = _read_built("icons.json").get(name, "")
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        mark_safe(inside),  # noqa: S308 - our own build's drawing
    )


def _known(value: object) -> float | None:
    """Read a figure; what is no finite number counts as not known."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@register.filter
def sig(value: float | str | None, digits: int = 3) -> str:
    """Write a number with so many significant digits, in the reader's way."""
    number = _known(value)
    return NOTHING if number is None else significant(number, int(digits))


register.filter("plain_name", plain_name)


@register.filter
def percent(fraction: float | str | None) -> str:
    """Write a share of one as whole percent."""
    number = _known(fraction)
    return NOTHING if number is None else f"{number_format(round(number * 100))} %"


@register.filter
def duration(seconds: float | str | None) -> str:
    """Write seconds as people say them: minutes, hours, or days."""
    number = _known(seconds)
    if number is None or abs(number) > LONGEST_S:
        return NOTHING
    return duration_text(timedelta(seconds=number))


@register.filter
def span(estimate: Estimate | None, digits: int = 2) -> str:
    """Write the interval of an estimate, such as ``190 – 240``."""
    if estimate is None:
        return ""
    low, high = (significant(end, digits) for end in (estimate.low, estimate.high))
    return low if low == high else f"{low} – {high}"


@register.filter
def extents(sides: list[float] | None) -> str:
    """Write a size, such as ``138 x 52 x 9 mm``."""
    if not sides:
        return ""
    return " × ".join(significant(float(side), 3) for side in sides) + " mm"


@register.filter
def last_part(name: str) -> str:
    """Give what stands after the last slash of a name."""
    return name.rsplit("/", 1)[-1]


@register.filter
def within_site(name: str) -> str:
    """Give what stands after the site's part of a machine's id."""
    return name.partition("/")[2]


@register.filter
def at_key(mapping: dict[str, Any], key: str) -> Any:
    """Look a key up; nothing when it is not there."""
    return mapping.get(key)


@register.filter
def kind_name(kind: str) -> str:
    """Say what sort of place a facility is."""
    names = {
        "print-farm": _("print farm"),
        "fab-lab": _("fab lab"),
        "home": _("home workshop"),
        "off-grid": _("off-grid site"),
        "van": _("workshop in a van"),
        "commons": _("commons workshop"),
    }
    return names.get(kind, kind)


@register.filter
def status_name(status: str) -> str:
    """Say whether a facility works, in words."""
    names = {
        "active": _("open for work"),
        "planned": _("being set up"),
        "temporary-closure": _("closed for a while"),
        "closed": _("closed"),
    }
    return names.get(status, status)


@register.filter
def rule_name(rule: str) -> str:
    """Say in a few words what a refusal is about."""
    names = {
        "arrives-too-late": _("too late"), "starts-too-late": _("too late"),
        "barred-country": _("not allowed there"),
        "certification-missing": _("no certificate"),
        "colour-missing": _("not in this colour"),
        "currency-without-rate": _("price cannot be converted"),
        "detail-too-fine": _("details too fine"),
        "facility-not-active": _("not open for work"),
        "machine-down": _("machine out of service"),
        "material-missing": _("material not in stock"),
        "material-not-worked": _("machine does not work the material"),
        "material-unpriced": _("material without a price"),
        "no-assembly": _("nobody puts parts together"),
        "no-instant-price": _("no instant price"),
        "no-visitors": _("does not let customers in"),
        "non-commercial-licence": _("licence forbids paid work"),
        "process-missing": _("other process"),
        "profile-missing": _("no print profile"),
        "property-missing": _("material has not the property"),
        "service-missing": _("hand work not offered"),
        "stock-too-low": _("too little material"),
        "stock-too-low-together": _("too little material for all parts"),
        "no-room-in-schedule": _("no room in its schedule"),
        "tolerance-too-wide": _("not precise enough"),
        "too-cold": _("not hot enough for the material"),
        "too-far": _("too far away"),
        "too-large": _("too large for the bed"),
        "too-tall": _("too tall for the machine"),
    }  # fmt: skip
    return names.get(rule, rule.replace("-", " "))


@register.filter
def claim_name(state: str) -> str:
    """Say what became of a claim, or what happened to it."""
    names = {
        "open": _("waits for a moderator"),
        "opened": _("claimed"),
        "approved": _("approved"),
        "refused": _("refused"),
        "withdrawn": _("taken back by you"),
        "revoked": _("taken away again"),
    }
    return names.get(state, state)


@register.filter
def state_name(state: str) -> str:
    """Say a job's, machine's or order's state in words."""
    names = {
        "planned": _("planned"), "sliced": _("sliced"), "offered": _("offered"),
        "committed": _("accepted, waiting for its machine"), "starting": _("starting"),
        "printing": _("printing"), "printed": _("printed, to be checked"),
        "checked": _("checked"), "attention": _("needs a person"),
        "failed": _("failed"), "cancelled": _("cancelled"), "idle": _("idle"),
        "ready": _("ready"), "busy": _("busy"), "down": _("out of service"),
        "paused": _("paused"), "done": _("done, to be cleared"),
        "offline": _("not reachable"), "ordered": _("ordered"),
        "review": _("held for review"), "screened": _("screened"),
        "in-production": _("being made"), "gathering": _("being brought together"),
        "assembled": _("assembled"), "travelling": _("on its way"),
        "delivered": _("delivered"), "accepted": _("accepted"),
        "refused": _("refused"), "arrived": _("arrived"),
    }  # fmt: skip
    return names.get(state, state)


@register.filter
def plan_state(state: str) -> str:
    """Say how far a plan of the network is."""
    names = {
        "waiting": _("waits its turn"),
        "working": _("is being made"),
        "ready": _("ready"),
        "empty": _("nothing to plan"),
        "failed": _("failed"),
    }
    return names.get(state, state)


@register.filter
def plan_source(source: str) -> str:
    """Say where a plan of the network comes from."""
    names = {
        "timer": _("made by the platform"),
        "asked": _("made when a planner asked"),
        "file": _("from files"),
    }
    return names.get(source, source)


@register.filter
def plan_word(key: str) -> str:
    """Name what the planner's desk is coloured, sorted or narrowed by."""
    names = {
        "price": _("dearest hours"),
        "load": _("fullest"),
        "parts": _("most components"),
        "name": _("by name"),
        "left_out": _("left out"),
        "late": _("late"),
        "central": _("bought centrally"),
    }
    return names.get(key, key)


@register.filter
def scenario_name(key: str) -> str:
    """Name a way to plan."""
    names = {
        "balanced": _("money, climate and days"),
        "cheapest": _("cheapest"),
        "fastest": _("soonest"),
        "greenest": _("greenest"),
        "nearest": _("least carried"),
        "unplanned": _("unplanned: first come, nearest with room"),
    }
    return names.get(key, key)


@register.filter
def gap(fraction: float | str | None) -> str:
    """Write how far a plan may be above the best, as percent with its digits."""
    number = _known(fraction)
    return NOTHING if number is None else f"{significant(number * 100, 2)} %"


@register.filter
def kilograms(grams: float | str | None) -> str:
    """Write grams as kilograms."""
    number = _known(grams)
    return NOTHING if number is None else significant(number / 1000, 3)
