"""An order's impact card, laid out from its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from nearmade.cloud.pages.charts import dumbbells, energy_in_all, stacks
from nearmade.cloud.pages.opened import opened_view
from nearmade.cloud.pages.sources import factors_named
from nearmade.impact.partial import PartialScore, partial_words
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor

#: Closer than this, in percent, the alternatives count as equal in the headline.
ALIKE_PERCENT = 3
#: And where here is better in a share of the cases between these.
UNSURE = (0.35, 0.65)
#: Shares of assumed factors from which on the words change.
FEW_FRACTION = 0.1
MANY_FRACTION = 0.4


def card_of(impact: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Lay out an impact card's record; nothing while there is none."""
    if impact is None:
        return None
    activities: dict[str, str] = {}
    for side in (impact["here"], impact["central"]):
        for entry in side["contributions"]:
            activities.setdefault(entry["activity"], entry["title"])
    return {
        "headline": _headline(impact),
        "functional_unit": impact["functional_unit"],
        "dumbbells": dumbbells(impact),
        "energy": energy_in_all(impact),
        "stacks": stacks(impact),
        "legend": [
            {"activity": activity, "title": title}
            for activity, title in activities.items()
        ],
        "notes": impact["notes"],
        "assumed_words": _assumed_words(float(impact["assumed_fraction"])),
        "sources": _sources(impact),
        "hazards": impact.get("hazards", ()),
        "ends_of_life": impact.get("ends_of_life", ()),
        "partial": _partial(impact),
        "opened": opened_view(impact["opened"]) if impact.get("opened") else None,
    }


def _partial(impact: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give water and fine dust: alternative, category, and the score with its cover."""
    sides = ((_("Made here"), "here"), (_("Made centrally"), "central"))
    return [
        (title, str(one["name"]), partial_words(_partial_score(one)))
        for title, side in sides
        for one in impact[side].get("partial", ())
    ]


def _partial_score(record: Mapping[str, Any]) -> PartialScore:
    score = record["score"]
    return PartialScore(**{**record, "score": Estimate(**score) if score else None})


def _sources(impact: Mapping[str, Any]) -> list[Factor]:
    """Give every factor as it was when the card was made; else as it is now."""
    kept = impact.get("factors")
    if kept:
        return [Factor(**record) for record in kept]
    ids = [
        name
        for side in (impact["here"], impact["central"])
        for entry in side["contributions"]
        for name in entry["factor_ids"]
    ]
    return factors_named(ids)


def _assumed_words(fraction: float) -> str:
    share = round(100 * fraction)
    if not fraction > 0:
        return _("No part of the CO₂e rests on an assumed factor: each has a source.")
    if fraction < FEW_FRACTION:
        said = _("%(n)d %% of the CO₂e rests on factors that we assumed: little.")
    elif fraction < MANY_FRACTION:
        said = _(
            "%(n)d %% of the CO₂e rests on factors that we assumed: enough to move the "
            "figures, which their intervals allow for."
        )
    else:
        said = _(
            "%(n)d %% of the CO₂e rests on factors that we assumed: compare with care."
        )
    return said % {"n": share}


def _headline(impact: Mapping[str, Any]) -> str:
    here = float(impact["here"]["kgco2e"]["value"])
    central = float(impact["central"]["kgco2e"]["value"])
    if not central > 0:
        return _("What this order took")
    share = round(100 * abs(1 - here / central))
    chance = impact.get("better_here_fraction", {}).get("kgco2e", float(here < central))
    if share < ALIKE_PERCENT or UNSURE[0] < chance < UNSURE[1]:
        return _("About as much CO₂e as making it centrally")
    if here < central:
        return _("%(n)d %% less CO₂e than making it centrally") % {"n": share}
    return _("%(n)d %% more CO₂e than making it centrally") % {"n": share}
