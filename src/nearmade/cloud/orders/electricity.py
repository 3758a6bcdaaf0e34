"""Where the electricity of an order's builds came from, site by site.

A site with panels beside its grid, or one that tells what its grid emits by the hour,
is accounted by its own supply in the hours in which it built; builds that ran at one
time share its sun. All others are accounted by their country's mean, or by the sun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from nearmade.cloud.network.services import facility_of, find_site
from nearmade.facilities.facility import Facility
from nearmade.impact.grid import SOLAR, electricity_process
from nearmade.impact.inventory import SiteElectricity
from nearmade.planning.site_supply import (
    Sources,
    sources_of,
    supply_of,
    with_current_report,
)
from nearmade.vocabulary.estimate import Estimate

WH_PER_KWH: Final = 1000.0
STORED: Final = "electricity/solar-stored"
#: A share below this is not told.
LEAST_SHARE: Final = 5e-4


@dataclass(frozen=True, slots=True)
class Drew:
    """What one build drew at a site; hours and start are None where nobody told them.

    Parameters
    ----------
    energy_wh
        At the plug. [Wh]
    machine_h
        How long the machine ran. [h]
    started_at
        When it began.
    """

    site_id: str
    energy_wh: Estimate
    machine_h: Estimate | None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Builds of one site that ran at one time, as one load."""

    starts_at: datetime
    ends_at: datetime
    energy_wh: float

    @property
    def hours(self) -> float:
        """How long it lasted. [h]"""
        return (self.ends_at - self.starts_at).total_seconds() / 3600.0


def electricity_of(
    drawn: Sequence[Drew],
) -> tuple[tuple[SiteElectricity, ...], tuple[str, ...]]:
    """Add up what each site drew and tell where it came from.

    Returns
    -------
    Electricity by site, and what the reader should know of it.
    """
    by_site: dict[str, list[Drew]] = {}
    for one in drawn:
        by_site.setdefault(one.site_id, []).append(one)
    found, notes = [], []
    for site_id, builds in by_site.items():
        facility = facility_of(find_site(site_id))
        electricity, note = _of_site(site_id, facility, builds)
        found.append(electricity)
        notes.append(note)
    return tuple(found), tuple(note for note in dict.fromkeys(notes) if note)


def _of_site(
    site_id: str, facility: Facility, builds: Sequence[Drew]
) -> tuple[SiteElectricity, str]:
    energy_wh, machine_h = builds[0].energy_wh, builds[0].machine_h
    for one in builds[1:]:
        energy_wh = energy_wh.plus(one.energy_wh)
        if machine_h is None or one.machine_h is None:
            machine_h = None
        else:
            machine_h = machine_h.plus(one.machine_h)
    electricity = SiteElectricity(
        site=site_id,
        country=facility.place.country,
        solar=facility.power.kind == "solar",
        energy_wh=energy_wh,
        machine_h=machine_h,
    )
    if electricity.solar:
        return electricity, ""
    spans = spans_of(builds)
    if spans:  # what was reported too long before the last of them counts as none
        facility = with_current_report(facility, spans[-1].starts_at)
    sources = _sources(facility, spans, energy_wh.value)
    if sources is None:
        return electricity, (
            "Electricity from the grid counts its country's yearly mean at every hour: "
            "what the grid emits by the hour is not known."
        )
    shares = {
        SOLAR: sources.sun_fraction,
        STORED: sources.stored_fraction,
        electricity_process(facility.place.country, solar=False): (
            sources.grid_fraction
        ),
    }
    electricity = replace(
        electricity,
        supply=tuple((name, share) for name, share in shares.items() if share > 0),
        grid_gco2e_per_kwh=sources.grid_gco2e_per_kwh
        if _tells_grid(facility)
        else None,
    )
    return electricity, _note(facility, sources)


def spans_of(builds: Sequence[Drew]) -> list[Span]:
    """Join builds that ran at one time; those whose hours nobody told are left out."""
    told = [
        Span(
            one.started_at,
            one.started_at + timedelta(hours=one.machine_h.value),
            one.energy_wh.value,
        )
        for one in builds
        if one.started_at and one.machine_h and one.machine_h.value > 0
    ]
    spans: list[Span] = []
    for one in sorted(told, key=lambda span: span.starts_at):
        if spans and one.starts_at < spans[-1].ends_at:
            last = spans[-1]
            ends_at = max(last.ends_at, one.ends_at)
            energy_wh = last.energy_wh + one.energy_wh
            spans[-1] = Span(last.starts_at, ends_at, energy_wh)
        else:
            spans.append(one)
    return spans


def _sources(
    facility: Facility, spans: Sequence[Span], energy_wh: float
) -> Sources | None:
    """Weigh the sources of all spans; what nobody timed came from the grid."""
    sun_wh = stored_wh = grid_wh = grams = 0.0
    for span in spans:
        supply = supply_of(facility, span.starts_at)
        if supply is None or not span.energy_wh > 0:
            continue
        mean_w = span.energy_wh / span.hours
        one = sources_of(supply, mean_w, span.hours)
        sun_wh += one.sun_fraction * span.energy_wh
        stored_wh += one.stored_fraction * span.energy_wh
        if one.grid_gco2e_per_kwh is not None:
            here_wh = one.grid_fraction * span.energy_wh
            grid_wh += here_wh
            grams += here_wh * one.grid_gco2e_per_kwh
    if not sun_wh + stored_wh + grid_wh > 0:
        return None
    return Sources(
        sun_wh / energy_wh, stored_wh / energy_wh, grams / grid_wh if grid_wh else None
    )


def _tells_grid(facility: Facility) -> bool:
    reported = facility.power.reported
    return reported is not None and bool(reported.grid_gco2e_per_kwh)


def _note(facility: Facility, sources: Sources) -> str:
    """Tell where the electricity came from, by whose word, and what is not known."""
    reported = facility.power.reported
    whose = "by its record"
    if reported is not None:
        whose = (
            f"reported by the site on {reported.reported_at.astimezone(UTC):%Y-%m-%d}"
        )
    shares = [
        f"{share:.0%} {words}"
        for share, words in (
            (sources.sun_fraction, "from its own panels"),
            (sources.stored_fraction, "from them through its battery"),
            (sources.grid_fraction, "from the grid"),
        )
        if share >= LEAST_SHARE
    ]
    sun = "the sun is that of a typical day of the month"
    if reported is not None and reported.sun_wh:
        sun = "the sun is the site's forecast where it made one, else a typical day's"
    grid = "the grid counts its country's yearly mean at every hour"
    if _tells_grid(facility):
        grid = "the grid counts the site's own figures of these hours"
    known = [sun] if sources.sun_fraction + sources.stored_fraction > 0 else []
    return (
        f"Electricity at {facility.name} ({whose}): {', '.join(shares)}, in the hours "
        f"of the builds; {' and '.join([*known, grid])}."
    )
