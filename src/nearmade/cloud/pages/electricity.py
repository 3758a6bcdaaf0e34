"""What a site's page says of its electricity, in words, figures and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nearmade.cloud.network.models import Site
from nearmade.cloud.pages.builds import JobView
from nearmade.cloud.pages.day_picture import day_svg
from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.forecast_picture import forecast_svg
from nearmade.energy.day.forecast_said import ForecastSaid
from nearmade.energy.day.power_report import PowerReport, PowerTrace, report_from
from nearmade.facilities.facility import Facility

#: Widths of the picture on a desk and on a phone. [px]
WIDE_PX, SLIM_PX = 760.0, 350.0
#: Lines of the table beside the picture, at most about so many.
TABLE_LINES = 16


@dataclass(frozen=True, slots=True)
class Wait:
    """A build that waits, and why, in the agent's words."""

    title: str
    machine: str
    reason: str


@dataclass(frozen=True, slots=True)
class HourLine:
    """One line of the table beside the picture.

    Parameters
    ----------
    at
        On the site's clock.
    ahead
        True where it is expected, not known.
    battery, low
        Charge in the middle case, and on the bad day: shares of one; None: not said.
    pv_w, load_w
        From the panels, into the machines. [W]
    """

    at: datetime
    ahead: bool
    battery: float
    low: float | None
    pv_w: float
    load_w: float


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A forecast, how it has held, and its last days.

    Parameters
    ----------
    said
        In the agent's words.
    summary
        The picture in words.
    wide, slim
        The picture for desks and for phones; empty for few days.
    """

    said: ForecastSaid
    summary: str
    wide: SafeString
    slim: SafeString


@dataclass(frozen=True, slots=True)
class Electricity:
    """Everything the page shows.

    Parameters
    ----------
    solar
        False on the grid.
    said
        What the agent says; None before it said anything.
    max_w
        The most the site gives at once. [W]
    charge_wide
        Width of the filled part of the drawn cell, 0..74.
    summary
        The picture in words.
    wide, slim
        The picture for desks and for phones; empty where there is none.
    lines
        Its table.
    waits
        Builds that wait.
    zone
        The site's clock.
    forecast
        What the agent says of its forecast; None where it says nothing.
    """

    solar: bool
    said: PowerReport | None
    max_w: float
    charge_wide: float
    summary: str
    wide: SafeString
    slim: SafeString
    lines: tuple[HourLine, ...]
    waits: tuple[Wait, ...]
    zone: tzinfo
    forecast: ForecastView | None = None


def electricity_of(
    site: Site,
    facility: Facility,
    jobs: Sequence[JobView],
    now: datetime,
    zone: tzinfo,
) -> Electricity:
    """Lay out what an agent last said of its site's electricity.

    Parameters
    ----------
    site, facility
        With the snapshot; with what stands there.
    jobs
        Open at the site.
    now
        On our clock; the agent's own is taken where it says one.
    zone
        The clock on the site's wall.
    """
    solar = facility.power.kind == "solar"
    snapshot = site.snapshot or {}
    said = report_from(snapshot["power"]) if snapshot.get("power") else None
    if said is not None and solar and said.battery_fraction is None:
        said = None
    waits = tuple(_waits(snapshot, jobs))
    if said is None:
        nothing = mark_safe("")
        return Electricity(
            solar, None, facility.power.max_w, 0.0, "", nothing, nothing, (), waits,
            zone,
        )  # fmt: skip
    at = said.at or now
    summary = _summary(said, zone) if solar else ""
    wide, slim = (
        mark_safe(day_svg(said, at, zone, summary, wide_px=px) if solar else "")  # noqa: S308 - drawn by us, words escaped
        for px in (WIDE_PX, SLIM_PX)
    )
    return Electricity(
        solar=solar,
        said=said,
        max_w=said.max_w or facility.power.max_w,
        charge_wide=round(74 * (said.battery_fraction or 0.0), 1),
        summary=summary,
        wide=wide,
        slim=slim,
        lines=tuple(_lines(said, zone)),
        waits=waits,
        zone=zone,
        forecast=_forecast(said.forecast, zone) if solar and said.forecast else None,
    )


def _forecast(said: ForecastSaid, zone: tzinfo) -> ForecastView:
    """Lay out a forecast's last days."""
    over = [day for day in said.days if day.came_wh is not None]
    under = sum((day.came_wh or 0.0) < day.low_wh for day in over)
    summary = _(
        "Of %(days)s days that are over, %(under)s brought less than the worst day of "
        "ten that was foretold."
    ) % {"days": len(over), "under": under}
    wide, slim = (
        mark_safe(forecast_svg(said.days, zone, summary, wide_px=px))  # noqa: S308 - drawn by us, words escaped
        for px in (WIDE_PX, SLIM_PX)
    )
    return ForecastView(said, summary, wide, slim)


def _waits(snapshot: Mapping[str, object], jobs: Sequence[JobView]) -> Iterator[Wait]:
    waiting = snapshot.get("waiting")
    by_id = {str(job.id): job for job in jobs}
    for entry in waiting if isinstance(waiting, list) else ():
        if isinstance(entry, Mapping) and entry.get("reason"):
            job = by_id.get(str(entry.get("job_id")))
            if job is not None:
                yield Wait(job.parts_text, job.machine, str(entry["reason"])[:500])


def _summary(said: PowerReport, zone: tzinfo) -> str:
    """Say in words what the picture shows."""
    told = [_("The battery holds %s now.") % _percent(said.battery_fraction or 0.0)]
    if said.past is not None:
        low, when = _lowest(said.past, said.past.battery_fraction)
        told.append(
            _("In the day behind it was at %(low)s at least, at %(when)s.")
            % {"low": _percent(low), "when": _hour(when, zone)}
        )
        told.append(
            _("The panels gave %s kWh.") % significant(_kwh(said.past.pv_w, said.past))
        )
    if said.ahead is not None:
        line = said.ahead.low_fraction or said.ahead.battery_fraction
        low, when = _lowest(said.ahead, line)
        say = (
            _("On a bad day it would fall to %(low)s, at %(when)s.")
            if said.ahead.low_fraction
            else _("It is expected to fall to %(low)s, at %(when)s.")
        )
        told.append(say % {"low": _percent(low), "when": _hour(when, zone)})
        told.append(
            _("The panels should give %s kWh more.")
            % significant(_kwh(said.ahead.pv_w, said.ahead))
        )
    return " ".join(told)


def _percent(fraction: float) -> str:
    return f"{round(100 * fraction)} %"


def _hour(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _kwh(watts: Sequence[float], trace: PowerTrace) -> float:
    return sum(watts) * trace.step_s / 3_600_000


def _lowest(trace: PowerTrace, line: Sequence[float]) -> tuple[float, datetime]:
    number = min(range(len(line)), key=lambda n: line[n])
    return line[number], trace.starts_at + timedelta(seconds=trace.step_s * number)


def _lines(said: PowerReport, zone: tzinfo) -> Iterator[HourLine]:
    """Give every so many steps of both traces, evenly over the clock."""
    traces = [(t, t is said.ahead) for t in (said.past, said.ahead) if t is not None]
    steps = sum(len(trace.battery_fraction) for trace, _ahead in traces)
    every = max(1, -(-steps // TABLE_LINES))
    for trace, ahead in traces:
        for n in range(0, len(trace.battery_fraction), every):
            yield HourLine(
                (trace.starts_at + timedelta(seconds=trace.step_s * n)).astimezone(
                    zone
                ),
                ahead,
                trace.battery_fraction[n],
                trace.low_fraction[n] if trace.low_fraction else None,
                trace.pv_w[n],
                trace.load_w[n],
            )
