"""What matching says of whole designs, as plain values and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from nearmade.cli.match_records import near_miss_records
from nearmade.matching.near_misses import NearMiss
from nearmade.matching.verdict import Question, Reason
from nearmade.matching.whole_design import ComponentMatch, WholeJudgement, WholeMatch
from nearmade.matching.whole_need import Bought, HandWork, WholeNeed
from nearmade.vocabulary.identity import FacilityId, PartName
from nearmade.vocabulary.processes import process_title

#: Changes that people are shown of each uncovered component; programs get all.
CHANGES_SHOWN: Final = 3


def bought_record(need: WholeNeed) -> dict[str, Any]:
    """Give what is to be bought as plain values."""
    return {
        "lines": [_bought_line(each) for each in need.bought],
        "price_usd": need.bought_usd,
        "mass_g": need.bought_g,
        "unpriced": list(need.unpriced),
    }


def _bought_line(line: Bought) -> dict[str, Any]:
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "price_usd": line.price_usd,
        "mass_g": line.mass_g,
        "note": line.note,
    }


def work_record(work: HandWork) -> dict[str, Any]:
    """Give hand work as plain values."""
    return {
        "service": work.service,
        "tasks": list(work.tasks),
        "minutes": work.minutes,
    }


def reason_records(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """Give reasons as plain values."""
    return [
        {"rule": one.rule, "message": one.message, "remedy": one.remedy}
        for one in reasons
    ]


def question_records(questions: Iterable[Question]) -> list[dict[str, str]]:
    """Give questions as plain values."""
    return [
        {"rule": one.rule, "message": one.message, "ask": one.ask} for one in questions
    ]


def judgement_record(need: WholeNeed, judgement: WholeJudgement) -> dict[str, Any]:
    """Give what one facility alone says to a design as plain values."""
    titles = titles_of(need)
    return {
        "verdict": judgement.verdict,
        "makes_all": judgement.makes_all,
        "lacks": [
            {"what": what, "title": titles.get(what, what),
             "reasons": reason_records(reasons)}
            for what, reasons in judgement.reasons.items()
        ],
        "ask": [
            {"what": what, "title": titles.get(what, what),
             "questions": question_records(questions)}
            for what, questions in judgement.questions.items()
        ],
    }  # fmt: skip


def titles_of(need: WholeNeed) -> dict[str, str]:
    """Give what people call components and hand work."""
    titles = {str(each.name): each.title for each in need.components}
    return titles | {each.service: process_title(each.service) for each in need.work}


def whole_record(
    found: WholeMatch,
    names: Mapping[FacilityId, str],
    changes: Mapping[PartName, Sequence[NearMiss]],
) -> dict[str, Any]:
    """Give what a network says to a whole design as plain values.

    Parameters
    ----------
    names
        Of the facilities, for people.
    changes
        What would help, by component that nobody makes.
    """
    return {
        "verdict": found.verdict,
        "components": [
            {
                **_component_record(each, names),
                "changes": near_miss_records(changes.get(each.component.name, ())),
            }
            for each in found.components
        ],
        "uncovered": list(found.uncovered),
        "bought": bought_record(found.need),
        "work": [
            {
                **work_record(each.work),
                "hands": list(each.hands),
                "to_ask": list(each.to_ask),
                "nearest": _nearest_record(each.nearest, names),
            }
            for each in found.work
        ],
        "uncovered_work": list(found.uncovered_work),
        "alone": list(found.alone),
        "makers_of_all": list(found.makers_of_all),
        "assemblers": list(found.assemblers),
        "assemblers_to_ask": list(found.assemblers_to_ask),
    }


def _component_record(
    each: ComponentMatch, names: Mapping[FacilityId, str]
) -> dict[str, Any]:
    return {
        "part": each.component.name,
        "title": each.component.title,
        "quantity": each.component.requirement.quantity,
        "makers": [
            {
                "facility_id": match.facility.id,
                "machine_id": match.machine.id,
                "material": match.material,
                "profile": match.profile_id,
                "turned": match.turned,
            }
            for match in each.matches
        ],
        "to_ask": [
            {
                "facility_id": site,
                "questions": question_records(each.judgements[site].questions),
            }
            for site in each.to_ask
        ],
        "refusals": [
            {"facility_id": site, "name": names[site],
             "reasons": reason_records(judgement.reasons)}
            for site, judgement in each.judgements.items() if judgement.reasons
        ],
        "nearest": _nearest_record(each.nearest, names),
    }  # fmt: skip


def _nearest_record(
    nearest: tuple[FacilityId, tuple[Reason, ...]] | None,
    names: Mapping[FacilityId, str],
) -> dict[str, Any] | None:
    if nearest is None:
        return None
    site, reasons = nearest
    return {
        "facility_id": site,
        "name": names[site],
        "reasons": reason_records(reasons),
    }


def whole_lines(
    found: WholeMatch,
    names: Mapping[FacilityId, str],
    changes: Mapping[PartName, Sequence[NearMiss]],
    *,
    to: str = "",
) -> list[str]:
    """Tell people who makes what of a design, and what stays uncovered.

    Parameters
    ----------
    names, changes
        As in ``whole_record``.
    to
        The place where it is wanted, for the first line; empty leaves it out.
    """
    lines = [_headline(found, to)]
    for each in found.components:
        title = f"{each.component.title} x{each.component.requirement.quantity}"
        lines.append(f"  {title:<34} {_who(each.makers, each.to_ask, names, 'makes')}")
        lines += _nearest_lines(each.nearest, names)
        lines += [
            f"    would do: {one.message}: {_names(one.opens, names)}"
            for one in changes.get(each.component.name, ())[:CHANGES_SHOWN]
        ]
    for work in found.work:
        minutes = work.work.minutes
        told = f"{minutes:.0f} min" if minutes >= 0.5 else "under a minute"
        title = process_title(work.work.service)
        title += f", {told if minutes > 0 else 'time not said'}"
        lines.append(f"  {title:<34} {_who(work.hands, work.to_ask, names, 'does')}")
        lines += _nearest_lines(work.nearest, names)
    if found.need.bought:
        lines.append(f"  to be bought: {bought_line(found.need)}")
    lines.append(f"  makes all and assembles: {_names(found.alone, names)}")
    lines.append(f"  may come together at: {_names(found.assemblers, names)}")
    return lines


def open_lines(found: WholeMatch, names: Mapping[FacilityId, str]) -> list[str]:
    """Tell people what a plan of machines leaves open: things to buy, hands to find."""
    lines = []
    if found.need.bought:
        lines.append(f"To be bought: {bought_line(found.need)}.")
    for work in found.work:
        if not work.hands:
            title = process_title(work.work.service)
            told = _who(work.hands, work.to_ask, names, "is known to do")
            lines.append(f"Uncovered hand work: {title}: {told}.")
    return lines


def _headline(found: WholeMatch, to: str) -> str:
    title = found.need.title + (f", to {to}" if to else "")
    if found.verdict == "yes":
        return f"{title}: every component is covered."
    titles = titles_of(found.need)
    lacking = [titles[each] for each in (*found.uncovered, *found.uncovered_work)]
    if not lacking:
        return f"{title}: no one site does all of the hand work."
    told = f"{title}: uncovered: {', '.join(lacking)}"
    return f"{told}; some sites must be asked." if found.verdict == "unknown" else told


def _who(
    sites: tuple[FacilityId, ...],
    to_ask: tuple[FacilityId, ...],
    names: Mapping[FacilityId, str],
    verb: str,
) -> str:
    if sites:
        return _names(sites, names)
    return f"nobody {verb} it" + (f"; ask {_names(to_ask, names)}" if to_ask else "")


def _names(
    sites: tuple[FacilityId, ...], names: Mapping[FacilityId, str], most: int = 4
) -> str:
    more = f" and {len(sites) - most} more" if len(sites) > most else ""
    return ", ".join(names[site] for site in sites[:most]) + more or "nobody"


def _nearest_lines(
    nearest: tuple[FacilityId, tuple[Reason, ...]] | None,
    names: Mapping[FacilityId, str],
) -> list[str]:
    if nearest is None:
        return []
    site, reasons = nearest
    return [
        f"    nearest: {names[site]}: {one.message}"
        + (f" ({one.remedy})" if one.remedy else "")
        for one in reasons
    ]


def bought_line(need: WholeNeed) -> str:
    """Tell how much is to be bought and what it costs, as far as known."""
    count = len(need.bought)
    told = f"{count} {'thing' if count == 1 else 'things'}, {need.bought_usd:.2f} USD"
    if need.unpriced:
        told += f", and nobody says a price for {', '.join(need.unpriced)}"
    return f"{told}, {need.bought_g:.0f} g"
