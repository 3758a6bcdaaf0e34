"""What ``nearmade match`` tells: plain values for programs, lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.network_file import complaints, read_network
from nearmade.cli.main import one_line
from nearmade.facilities.facility import Facility
from nearmade.matching.near_misses import NearMiss
from nearmade.matching.verdict import Match, Refusal, Unknown
from nearmade.planning.matching_answer import MatchingAnswer, ScoredMatch
from nearmade.planning.offers import SiteOffer
from nearmade.vocabulary.place import Place

#: Most refusals and unknowns that people are shown; programs get all.
_MOST_LINES = 40


def network_given(path: Path) -> tuple[tuple[Facility, ...], list[dict[str, Any]]]:
    """Read a network, tell on stderr which records are left out, and give both.

    Parameters
    ----------
    path
        A file of any shape that is read, or a folder of such files.

    Raises
    ------
    NotFound
        When there is nothing of that name.
    InvalidInput
        When a file cannot be read, or no record of it is sound.
    """
    network = read_network(path)
    told = complaints(network.left_out)
    for each in told[:_MOST_LINES]:
        click.echo(one_line(f"left out: {each}"), err=True)
    if len(told) > _MOST_LINES:
        more = f"and {len(told) - _MOST_LINES} more are left out"
        click.echo(f"{more}; nearmade okw check tells why", err=True)
    records: list[dict[str, Any]] = [
        {"name": one.name, "path": one.path, "reasons": list(one.reasons)}
        for one in network.left_out
    ]
    return network.facilities, records


def place_record(place: Place) -> dict[str, Any]:
    """Give a place as plain values."""
    return {
        "name": place.name,
        "country": place.country,
        "lat_deg": place.lat_deg,
        "lon_deg": place.lon_deg,
    }


def offer_record(offer: SiteOffer) -> dict[str, Any]:
    """Give an offer as plain values: who, how, and the parts of its score."""
    return {
        **_facility_record(offer.facility, offer.distance_km),
        "builds": [
            {
                "part": build.part,
                "quantity": build.quantity,
                "machines": list(build.machine_ids),
                "profile": build.profile_id,
                "material": build.material,
                "turned": build.turned,
                "time_s": build.estimate.time_s.as_dict(),
                "mass_g": build.estimate.mass_g.as_dict(),
            }
            for build in offer.builds
        ],
        "score": {
            "total_usd": offer.total_usd.as_dict(),
            "price_usd": offer.price_usd,
            "carriage_usd": offer.leg.price_usd.as_dict(),
            "days": offer.days.as_dict(),
            "gco2e": offer.gco2e.as_dict(),
            "energy_kwh": offer.energy_kwh.as_dict(),
        },
        "price": {
            "total": str(offer.price.total),
            "items": [
                {"code": item.code, "title": item.title, "amount": str(item.amount)}
                for item in offer.price.items
            ],
        },
        "carriage": {"mode": offer.leg.mode, "distance_km": offer.leg.distance_km},
        "labels": list(offer.labels),
    }


def match_record(match: ScoredMatch) -> dict[str, Any]:
    """Give a match as plain values; price and figures are null without an offer."""
    if match.offer is not None:
        record = offer_record(match.offer)
    else:
        record = {
            **_facility_record(match.facility, match.distance_km),
            "builds": [_unpriced_build(match.matches[0])],
            "score": {},
            "price": None,
            "carriage": None,
            "labels": [],
        }
    record["score"]["parts"] = match.score.as_dict()
    return record


def _unpriced_build(match: Match) -> dict[str, Any]:
    return {
        "machines": [match.machine.id],
        "profile": None,
        "material": match.material,
        "turned": match.turned,
    }


def _facility_record(facility: Facility, distance_km: float) -> dict[str, Any]:
    return {
        "facility_id": facility.id,
        "name": facility.name,
        "kind": facility.kind,
        "demo": facility.demo,
        "place": place_record(facility.place),
        "distance_km": distance_km,
    }


def refusal_records(
    refusals: Sequence[Refusal], facilities: Sequence[Facility]
) -> list[dict[str, Any]]:
    """Give refusals as plain values, each with rule, numbers and remedy."""
    names = {facility.id: facility.name for facility in facilities}
    return [
        {
            "facility_id": refusal.facility_id,
            "name": names[refusal.facility_id],
            "reasons": [
                {
                    "rule": reason.rule,
                    "message": reason.message,
                    "remedy": reason.remedy,
                }
                for reason in refusal.reasons
            ],
        }
        for refusal in refusals
    ]


def unknown_records(
    unknowns: Sequence[Unknown], facilities: Sequence[Facility]
) -> list[dict[str, Any]]:
    """Give facilities that do not say enough as plain values, with what to ask."""
    names = {facility.id: facility.name for facility in facilities}
    return [
        {
            "facility_id": unknown.facility_id,
            "name": names[unknown.facility_id],
            "questions": [
                {"rule": each.rule, "message": each.message, "ask": each.ask}
                for each in unknown.questions
            ],
        }
        for unknown in unknowns
    ]


def near_miss_records(near_misses: Sequence[NearMiss]) -> list[dict[str, Any]]:
    """Give changes as plain values, with the facilities that each opens."""
    return [
        {
            "change": each.change,
            "message": each.message,
            "opens": list(each.opens),
            "asked_at": each.asked_at.isoformat(),
        }
        for each in near_misses
    ]


def answer_lines(answer: MatchingAnswer) -> str:
    """Write an answer for people."""
    lines = [_counts(answer)]
    lines += [_match_line(each) for each in answer.matches]
    told = [
        f"- {refusal.facility_id}: {reason.rule}: {reason.message}"
        for refusal in answer.refusals
        for reason in refusal.reasons
    ]
    told += [
        f"? {unknown.facility_id}: {question.rule}: {question.message}; "
        f"ask: {question.ask}"
        for unknown in answer.unknowns
        for question in unknown.questions
    ]
    lines += told[:_MOST_LINES]
    if len(told) > _MOST_LINES:
        lines.append(f"... and {len(told) - _MOST_LINES} more; --json has all of them.")
    lines += [
        f"+ {each.message} (opens {len(each.opens)}: {_some(each.opens)})"
        for each in answer.near_misses
    ]
    return "\n".join(lines)


def _counts(answer: MatchingAnswer) -> str:
    text = f"{len(answer.matches)} can make it, {len(answer.refusals)} cannot"
    if answer.unknowns:
        text += f", {len(answer.unknowns)} do not say enough"
    return f"{text}."


def _match_line(match: ScoredMatch) -> str:
    name, offer = match.facility.name, match.offer
    if offer is None:
        first = match.matches[0]
        return (
            f"{name:<34} {match.distance_km:7.0f} km  ask for a price: "
            f"{first.machine.make_model}, {first.material}"
        )
    labels = f"  [{', '.join(offer.labels)}]" if offer.labels else ""
    return (
        f"{name:<34} {offer.distance_km:7.0f} km "
        f"{offer.total_usd.value:8.2f} USD {offer.days.value:5.1f} d "
        f"{offer.gco2e.value:7.0f} g CO2e  {offer.builds[0].profile_id}{labels}"
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
