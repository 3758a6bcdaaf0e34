"""Moments of a record on the grid of a schedule, and back for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from nearmade.planning.site.site import STEP_S, Site
from nearmade.vocabulary.record_checks import as_moment, refuse

#: No due or release is further away from the start than this. [s]
MOST_AWAY_S: Final = 10 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class Clock:
    """Start of a schedule, its steps, and the zone that people read."""

    start_at: datetime
    steps: int
    zone: tzinfo

    def at(self, step: int) -> datetime:
        """Give the moment of a step."""
        return self.start_at + timedelta(seconds=step * STEP_S)

    def local_hour(self, step: int) -> float:
        """Give the hour of the day of a step, 0 to below 24. [h]"""
        local = self.at(step).astimezone(self.zone)
        return local.hour + local.minute / 60 + local.second / 3600

    def floor_s(self, at: datetime) -> int:
        """Give seconds from the start, down to a whole step. [s]"""
        return int((at - self.start_at).total_seconds() // STEP_S) * STEP_S

    def ceil_s(self, at: datetime) -> int:
        """Give seconds from the start, up to a whole step. [s]"""
        return -int(-(at - self.start_at).total_seconds() // STEP_S) * STEP_S

    def due_s(self, record: Mapping[str, Any], where: str) -> int | None:
        """Read ``due_at`` down to a whole step, None when it is not given. [s]"""
        if record.get("due_at") is None:
            return None
        seconds = self.floor_s(as_moment(record["due_at"], f"{where}.due_at"))
        return _near(seconds, f"{where}.due_at")

    def release_s(self, record: Mapping[str, Any], where: str) -> int:
        """Read ``release_at`` up to a whole step, 0 when it is not given. [s]"""
        if record.get("release_at") is None:
            return 0
        seconds = self.ceil_s(as_moment(record["release_at"], f"{where}.release_at"))
        return max(0, min(_near(seconds, f"{where}.release_at"), self.steps * STEP_S))


def clock_of(site: Site) -> Clock:
    """Give the clock of a site's schedule."""
    return Clock(site.start_at, site.steps, _zone_named(site.zone))


def _zone_named(name: str) -> tzinfo:
    """Give an IANA zone, or one at a fixed distance such as ``+05:30``."""
    if name[:1] in ("+", "-"):
        minutes = 60 * int(name[1:3]) + int(name[4:6])
        return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    return ZoneInfo(name)


def _near(seconds: int, where: str) -> int:
    if abs(seconds) > MOST_AWAY_S:
        raise refuse(where, "is more than ten years from the start")
    return seconds
