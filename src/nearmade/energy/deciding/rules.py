"""May a build begin, must it wait, pause or stop: decided on numbers, said in words.

In the order of weight: peaks, quiet hours, the whole build stored, then what the sun
may do. A build that a full battery would carry waits until it does, so that no cloud
can ruin it. A build at work goes on until even a middling course of the sun would cut
it off; then it pauses at the end of a layer, or stops while there is still power to
stop well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor as whole

from nearmade.energy.deciding.outlook import (
    STEP_S,
    Low,
    Outlook,
    charged_by,
    dark_low,
    lows,
    steps_of,
)
from nearmade.energy.load.heat_up import heat_up_words
from nearmade.energy.load.machine_load import JobLoad
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.reserve import FULL_FRACTION, SPARE_FRACTION
from nearmade.vocabulary.errors import InvalidInput


class Verb(StrEnum):
    """What to do with a build."""

    START = "start"
    WAIT = "wait"
    GO_ON = "go on"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and why.

    Parameters
    ----------
    verb
        What to do.
    reason
        For people, with the numbers.
    rule
        Which rule decided: ``peak``, ``quiet``, ``stored``, ``sun``, ``size``, ``work``
        or ``grid``.
    low_fraction
        Lowest charge that was reckoned with; None where none was.
    """

    verb: Verb
    reason: str
    rule: str
    low_fraction: float | None = None

    @property
    def ok(self) -> bool:
        """True for a start."""
        return self.verb is Verb.START


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What a site wants of its decisions.

    Parameters
    ----------
    spare_fraction
        Kept in the battery above the cut-off.
    worst_fraction
        Share of the courses of the sun that need not carry a build: 0.1 is the 10 %
        worst day. 0: all of them must.
    large_builds
        True when builds are taken that not even a full battery carries; they start in
        hours that were always sunny enough.
    trust_sun
        True when the sun may carry a part of a build that a full battery would carry
        alone. More is printed, now and then a build is lost.
    night_fraction
        Charge that is kept, for lamps say, by builds that run while the sun is down.
    quiet_from_h, quiet_to_h
        Local hours in which nothing may be at work; none when they are equal. [h]
    storm_fraction
        Charge that is kept while a storm is expected.
    pause_fraction
        Below this charge a build at work that will not be carried pauses or stops.
    may_pause
        False when the machine or the part does not stand a pause: then it stops.
    exceed_fraction
        Share of the time that the machines may draw more than the site's limit, as a
        fuse allows. 0 for an inverter, which trips: then their peaks are added.
    """

    spare_fraction: float = SPARE_FRACTION
    worst_fraction: float = 0.0
    large_builds: bool = False
    trust_sun: bool = False
    night_fraction: float = 0.0
    quiet_from_h: float = 0.0
    quiet_to_h: float = 0.0
    storm_fraction: float = 0.5
    pause_fraction: float = 0.15
    may_pause: bool = True
    exceed_fraction: float = 0.0

    def __post_init__(self) -> None:
        shares = (
            self.spare_fraction,
            self.worst_fraction,
            self.night_fraction,
            self.storm_fraction,
            self.pause_fraction,
            self.exceed_fraction,
        )
        if not all(0 <= share < 1 for share in shares):
            raise InvalidInput(f"rules: shares {shares} must be in 0..1")
        if not all(0 <= hour <= 24 for hour in (self.quiet_from_h, self.quiet_to_h)):
            raise InvalidInput("rules: quiet hours must be in 0..24")


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site at the moment of a decision.

    Parameters
    ----------
    battery, stored_wh
        The battery and what it holds. [Wh]
    at_work
        What is left of the builds at work.
    max_w
        The most that the site gives at once. [W]
    standing_w
        What is always on, machines at rest included. [W]
    storm
        Words on a storm that is expected, as in ``until Tue 18:00``; empty for none.
    """

    battery: Battery
    stored_wh: float
    at_work: tuple[JobLoad, ...] = ()
    max_w: float = float("inf")
    standing_w: float = 0.0
    storm: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.stored_wh <= self.battery.usable_top_wh * (1 + 1e-9):
            raise InvalidInput(f"rules: battery holds {self.stored_wh} Wh")
        if not (self.max_w >= 0 and 0 <= self.standing_w < float("inf")):
            raise InvalidInput("rules: powers must be zero or more")

    @property
    def fraction(self) -> float:
        """State of charge."""
        full = self.battery.usable_top_wh
        return self.stored_wh / full if full else 0.0


def may_start(
    job: JobLoad, site: SiteNow, outlook: Outlook, book: RuleBook
) -> Decision:
    """Decide on a build that would begin now.

    Parameters
    ----------
    job
        Its load; the high end of what it may take.
    site, outlook
        How things stand, and what the sun may do.
    book
        What the site wants.
    """
    now, work = outlook.clock(0), steps_of(job.work_s)
    limit_w = min(site.max_w, site.battery.max_discharge_w)
    peak = heat_up_words(
        job, site.at_work, limit_w, book.exceed_fraction, site.standing_w
    )
    if peak:
        return Decision(Verb.WAIT, peak, "peak")
    quiet = quiet_words(job, outlook, book)
    if quiet:
        return Decision(Verb.WAIT, quiet, "quiet")
    floor, why = _floor(site, outlook, book, work)
    works = (*site.at_work, job)
    dark = dark_low(site.battery, site.stored_wh, works, site.standing_w)
    if dark.fraction >= floor:
        words = (
            f"starts {now}: the battery alone carries it, from "
            f"{_percent(site.fraction)} to {_percent(dark.fraction)} by "
            f"{outlook.clock(dark.step)} without any sun; {_percent(floor)} {why}"
        )
        return Decision(Verb.START, words, "stored", dark.fraction)
    full = site.battery.usable_top_wh
    best = dark_low(site.battery, full * FULL_FRACTION, works, site.standing_w)
    too_small = best.fraction < floor
    if too_small or book.trust_sun:
        by_sun = _by_sun(works, site, outlook, book, floor, why)
        if by_sun is not None and (by_sun.ok or too_small):
            return by_sun
    if too_small:
        words = (
            f"waits: a full battery would fall {_to(best)} without sun, "
            f"{_percent(floor)} {why}; what the sun may give is not known yet"
        )
        return Decision(Verb.WAIT, words, "size", best.fraction)
    return _wait_for_charge(works, site, outlook, floor, why)


def quiet_words(job: JobLoad, outlook: Outlook, book: RuleBook) -> str:
    """Say into which quiet hours a build would run; empty when into none."""
    if book.quiet_from_h == book.quiet_to_h:
        return ""
    local = outlook.local(0)
    begin = local.hour + local.minute / 60
    lasts_h = job.work_s / 3600
    turned_h = outlook.turned_h(job.work_s)  # the clock may be put on meanwhile
    quiet = (book.quiet_to_h - book.quiet_from_h) % 24
    since = (begin - book.quiet_from_h) % 24
    until = (book.quiet_from_h - begin) % 24
    if since >= quiet and max(lasts_h, lasts_h + turned_h) <= until:
        return ""
    hours = f"{_hour(book.quiet_from_h)} to {_hour(book.quiet_to_h)}"
    over = outlook.clock(steps_of(job.work_s))
    return f"waits: it would be at work until {over}, and {hours} is quiet"


def while_at_work(site: SiteNow, outlook: Outlook, book: RuleBook) -> Decision:
    """Decide on the builds at work together.

    Nothing is done while the battery carries them without sun, nor while a middling
    course of the sun does and the charge is above ``pause_fraction``.
    """
    if not site.at_work:
        return Decision(Verb.GO_ON, "nothing is at work", "work")
    dark = dark_low(site.battery, site.stored_wh, site.at_work, site.standing_w)
    if dark.fraction >= 0:
        words = (
            f"goes on: without any sun the battery ends at {_percent(dark.fraction)}"
        )
        return Decision(Verb.GO_ON, words, "work", dark.fraction)
    off_at = outlook.clock(dark.step)
    if outlook.known:
        found = lows(
            site.battery,
            site.stored_wh,
            outlook.paths_w,
            site.at_work,
            site.standing_w,
        )
        middle = found[len(found) // 2]
        carried = sum(low.fraction >= 0 for low in found)
        words = f"{carried} of {len(found)} courses of the sun carry it"
        if middle.fraction >= 0 and site.fraction > book.pause_fraction:
            words = f"goes on: {words}, and {_percent(site.fraction)} are stored"
            return Decision(Verb.GO_ON, words, "work", middle.fraction)
    else:
        words = "what the sun may give is not known"
    left_s = dark.step * STEP_S
    if site.fraction > book.pause_fraction and left_s > 2 * STEP_S:
        words = f"goes on for now: without sun it is cut off at {off_at}; {words}"
        return Decision(Verb.GO_ON, words, "work", dark.fraction)
    verb = Verb.PAUSE if book.may_pause else Verb.STOP
    done = "pauses at the end of this layer" if book.may_pause else "stops while it can"
    words = (
        f"{done}: {_percent(site.fraction)} stored, without sun it would be cut off at "
        f"{off_at}; {words}"
    )
    return Decision(verb, words, "work", dark.fraction)


def may_go_on(
    rest: JobLoad, site: SiteNow, outlook: Outlook, book: RuleBook
) -> Decision:
    """Decide on a build that was paused: go on, wait, or stop for good.

    ``rest`` is what is left of it. It goes on when the battery carries it whole; it is
    stopped when the battery is about to be cut off.
    """
    works = (*site.at_work, rest)
    floor = site.battery.cutoff_fraction + book.spare_fraction
    dark = dark_low(site.battery, site.stored_wh, works, site.standing_w)
    if dark.fraction >= floor:
        words = (
            f"goes on {outlook.clock(0)}: {_percent(site.fraction)} stored carry the "
            f"rest down to {_percent(dark.fraction)}"
        )
        return Decision(Verb.GO_ON, words, "stored", dark.fraction)
    last = site.battery.cutoff_fraction + book.spare_fraction / 2
    if site.fraction < last:
        words = (
            f"stops: paused and down to {_percent(site.fraction)}, the load is cut off "
            f"at {_percent(site.battery.cutoff_fraction)}"
        )
        return Decision(Verb.STOP, words, "work", site.fraction)
    wait = _wait_for_charge(works, site, outlook, floor, "must stay")
    return Decision(
        Verb.WAIT, wait.reason.replace("waits", "paused", 1), "stored", dark.fraction
    )


def _by_sun(
    works: Sequence[JobLoad],
    site: SiteNow,
    outlook: Outlook,
    book: RuleBook,
    floor: float,
    why: str,
) -> Decision | None:
    """Ask the courses of the sun; None when there are none or it is dark."""
    if not outlook.known or outlook.clear_w[0] <= 0:
        return None
    found = lows(site.battery, site.stored_wh, outlook.paths_w, works, site.standing_w)
    bad = found[min(len(found) - 1, int(book.worst_fraction * len(found)))]
    day = (
        f"the {100 * book.worst_fraction:.0f} % worst day"
        if book.worst_fraction
        else f"the worst of {outlook.source}"
    )
    if bad.fraction >= floor:
        words = (
            f"starts {outlook.clock(0)}: the battery would reach "
            f"{_percent(bad.fraction)} by {outlook.clock(bad.step)} even on {day}; "
            f"{_percent(floor)} {why}"
        )
        return Decision(Verb.START, words, "sun", bad.fraction)
    words = (
        f"waits: {_percent(site.fraction)} stored, and on {day} it would fall "
        f"{_to(bad)} by {outlook.clock(bad.step)}; {_percent(floor)} {why}"
    )
    return Decision(Verb.WAIT, words, "sun", bad.fraction)


def _wait_for_charge(
    works: Sequence[JobLoad],
    site: SiteNow,
    outlook: Outlook,
    floor: float,
    why: str,
) -> Decision:
    """Say how much charge a build waits for, and when it may be there."""
    battery, full = site.battery, site.battery.usable_top_wh
    best = dark_low(battery, full, works, site.standing_w)
    # Without sun the charge falls alike from wherever it begins.
    needed = min(1.0, floor + 1.0 - max(best.fraction, 0.0))
    load_w = site.standing_w + sum(_mean_w(work) for work in site.at_work)
    step = charged_by(battery, site.stored_wh, needed * full, outlook, load_w)
    when = "" if step is None else f"; on a middling day there by {outlook.clock(step)}"
    words = (
        f"waits: {_percent(site.fraction)} stored, {_percent(needed)} carry "
        f"it without sun ({_percent(floor)} {why}){when}"
    )
    return Decision(Verb.WAIT, words, "stored", needed)


def _floor(
    site: SiteNow, outlook: Outlook, book: RuleBook, work: int
) -> tuple[float, str]:
    """Give the charge that must be left, and why."""
    floor, why = site.battery.cutoff_fraction + book.spare_fraction, "must stay"
    if outlook.dark_within(work) and book.night_fraction > floor:
        floor, why = book.night_fraction, "stay for the night"
    if site.storm and book.storm_fraction > floor:
        floor, why = book.storm_fraction, f"stay for the storm {site.storm}"
    return floor, why


def _mean_w(work: JobLoad) -> float:
    return work.work_wh * 3600 / work.work_s if work.work_s else 0.0


def _to(low: Low) -> str:
    return f"to {_percent(low.fraction)}" if low.fraction >= 0 else "to its cut-off"


def _percent(fraction: float) -> str:
    return f"{whole(100 * fraction + 0.5)} %"


def _hour(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
