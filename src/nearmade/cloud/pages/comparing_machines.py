"""Which machine a comparison prints on: the visitor's, or the fastest that fits."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nearmade.cloud.pages.work import Choice, Option, Work, machine_title, plan
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.pose_costs import fits
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines for one thing.

    Parameters
    ----------
    options
        What may be chosen; the first is the fastest that fits.
    chosen
        The model that is counted; empty where none can make it.
    problem
        Why the visitor's machine cannot make it, and which would; else empty.
    """

    options: tuple[Option, ...]
    chosen: str
    problem: str = ""


def machines_for(work: Work, material: str, sets: int, asked: str) -> Machines:
    """Find the machines that have the material and the room, and choose one.

    Parameters
    ----------
    work
        What is made.
    material
        A feedstock, or empty: as the design asks.
    sets
        How many are quoted at once.
    asked
        A machine model; empty, or none of ours: the fastest that fits.
    """
    titles = {one.machine_model: machine_title(one) for one in PROFILES.values()}
    hours = {
        model: found
        for model in titles
        if (found := _time_s(work, Choice(model, material, sets))) is not None
    }
    fastest = min(hours, key=lambda model: (hours[model], model), default="")
    wanted = asked if asked in titles else ""
    usual = _("fastest: %s") % titles[fastest] if fastest else _("none")
    options = (
        Option("", usual, not wanted),
        *(
            Option(model, title, model == wanted)
            for model, title in sorted(titles.items(), key=lambda entry: entry[1])
            if model in hours or model == wanted
        ),
    )
    if not fastest:
        problem = _("No machine known here has the room and the material for it.")
        return Machines(options, "", problem)
    if wanted and wanted not in hours:
        words = {"machine": titles[wanted], "other": titles[fastest]}
        problem = _(
            "The %(machine)s has not the room or the material for it; the %(other)s "
            "has both."
        )
        return Machines(options, "", problem % words)
    return Machines(options, wanted or fastest)


def _time_s(work: Work, choice: Choice) -> float | None:
    """Estimate the time on a machine; None where it cannot make it. [s]"""
    planned = plan(work, choice)
    if not planned.lines:
        return None
    if not all(fits(each.facts.extents_mm, each.profile) for each in planned.asked):
        return None
    try:
        return sum(
            estimate_level0(
                each.facts,
                each.profile,
                each.quantity,
                infill_fraction=each.infill_fraction,
            ).time_s.value
            for each in planned.asked
        )
    except InvalidInput:
        return None
