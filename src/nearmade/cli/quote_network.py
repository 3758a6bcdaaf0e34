"""``nearmade quote --network``: one part at every machine that can make it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import click

from nearmade.adapters.exchange import latest_rates
from nearmade.cli.main import one_line
from nearmade.cli.match_records import network_given, refusal_records
from nearmade.cli.quote_findings import (
    finding_records,
    findings_on,
    tell_findings,
    told_of,
)
from nearmade.cli.repair import read_part, repair_record
from nearmade.geometry.facts import Finding, PartFacts
from nearmade.matching.materials import named_materials
from nearmade.matching.verdict import Reason, Refusal
from nearmade.planning.machine_quotes import MachineQuotes, quote_machines
from nearmade.planning.site_work import PartDemand
from nearmade.quoting.exchange import Rates
from nearmade.quoting.processes.evidence import Evidence, Level
from nearmade.quoting.profile import Profile
from nearmade.screening.printability import OF_LAYERS, check_makeable
from nearmade.vocabulary.identity import FacilityId, PartName, ProfileId

#: Refusals written out for people; programs get all.
MOST_REFUSALS = 5
#: Findings that each machine's own profile says more exactly than the mesh alone.
_OF_MACHINE: Final = frozenset({"thin", *OF_LAYERS})
#: Currencies with a rate that most sites can name a price in.
_WIDELY_USED = ("EUR", "USD")


def quote_at_network(
    file: Path,
    network: Path,
    *,
    materials: tuple[str, ...],
    quantity: int,
    infill_fraction: float | None,
    by: Literal["price", "time"],
    most: int,
    mending: bool = False,
) -> tuple[dict[str, Any], str]:
    """Quote a file at every machine of a network; plain values, and lines for people.

    Raises
    ------
    NotFound
        When there is no such network file.
    InvalidInput
        When a file is refused, the part cannot be made at all, or nobody knows a
        material.
    """
    facilities, left_out = network_given(network)
    allowed = named_materials(materials, facilities)
    admitted, repaired = read_part(file, mending=mending)
    facts = check_makeable(admitted.facts, file.name, but=OF_LAYERS)
    findings = [
        each for each in told_of(facts.findings) if each.code not in _OF_MACHINE
    ]
    tell_findings(findings)
    infill = 0.2 if infill_fraction is None else infill_fraction
    demand = PartDemand(
        PartName(file.stem),
        file.name,
        quantity,
        allowed,
        "FDM",
        facts,
        infill,
    )
    quotes = quote_machines(demand, facilities, datetime.now(UTC), commercial_use=True)
    rates = latest_rates()
    told = _told_of_profiles(quotes, facts)
    ranked = [
        index
        for index in quotes.market.ranked(rates, by=by)
        if quotes.matches[index].facility.tariff.currency in rates.per_eur
        and not _errors(told[quotes.matches[index].profile_id])
    ]
    refused = (*_unrated(quotes, rates), *_unmakeable(quotes, told))
    quotes = replace(quotes, refusals=(*quotes.refusals, *refused))
    result = {
        "part": file.name,
        "quantity": quantity,
        "level": 0,
        "by": by,
        "rates_on": rates.date.isoformat(),
        "machines": [
            _machine(quotes, index, rates)
            | {"findings": finding_records(told[quotes.matches[index].profile_id])}
            for index in ranked
        ],
        "refusals": refusal_records(quotes.refusals, facilities),
        "left_out": left_out,
        "findings": finding_records(findings),
        **repair_record(repaired),
    }
    return result, _page(file, quotes, ranked[:most], rates, len(ranked))


def _told_of_profiles(
    quotes: MachineQuotes, facts: PartFacts
) -> dict[ProfileId, list[Finding]]:
    """Give what is to be said of the part on each machine's profile, worst first."""
    profiles = {
        match.profile_id: quotes.market.machines[index].profile
        for index, match in enumerate(quotes.matches)
    }
    of_mesh = {each.code for each in facts.findings} - _OF_MACHINE
    return {
        name: [
            each
            for each in findings_on(facts, profile, supports=False)
            if each.code not in of_mesh
        ]
        for name, profile in profiles.items()
    }


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    """Keep what no copy comes out with; other errors are told beside the price."""
    return [each for each in findings if each.code in OF_LAYERS]


def _unmakeable(
    quotes: MachineQuotes, told: Mapping[ProfileId, Sequence[Finding]]
) -> list[Refusal]:
    """Refuse facilities none of whose machines makes the part with its profile."""
    wrong: dict[FacilityId, dict[Reason, None]] = {}
    sound = set()
    for match in quotes.matches:
        errors = _errors(told[match.profile_id])
        if not errors:
            sound.add(match.facility.id)
        for each in errors:
            reason = Reason(
                each.code, f"{match.profile_id}: {each.message}", each.remedy
            )
            wrong.setdefault(match.facility.id, {})[reason] = None
    return [
        Refusal(site, tuple(reasons))
        for site, reasons in wrong.items()
        if site not in sound
    ]


def _unrated(quotes: MachineQuotes, rates: Rates) -> list[Refusal]:
    """Refuse facilities whose prices nobody can compare, as ``plan`` does."""
    currencies = {
        each.facility.id: each.facility.tariff.currency for each in quotes.matches
    }
    return [
        Refusal(
            site,
            (
                Reason(
                    "currency-without-rate",
                    f"no exchange rate for {currency}",
                    f"ask the site for prices in one of {', '.join(_WIDELY_USED)}",
                ),
            ),
        )
        for site, currency in currencies.items()
        if currency not in rates.per_eur
    ]


def _machine(quotes: MachineQuotes, index: int, rates: Rates) -> dict[str, Any]:
    match, market = quotes.matches[index], quotes.market
    build = market.build(index)
    value, low, high = market.price(index)
    return {
        "facility_id": match.facility.id,
        "name": match.facility.name,
        "demo": match.facility.demo,
        "machine_id": match.machine.id,
        "profile": match.profile_id,
        "material": match.material,
        "evidence": _evidence(market.machines[index].profile),
        "price": {
            "value": float(value.amount),
            "low": float(low.amount),
            "high": float(high.amount),
            "currency": value.currency,
            "usd": float(market.prices_usd(rates)[index]),
        },
        "mass_g": build.mass_g.as_dict(),
        "time_s": build.time_s.as_dict(),
        "energy_wh": build.energy_wh.as_dict(),
    }


def _evidence(profile: Profile) -> dict[str, str]:
    """Say how well the closed form is known for a profile."""
    spreads = (profile.level0.volume_spread, profile.level0.time_spread)
    level: Level = "assumed" if any(each.assumed for each in spreads) else "measured"
    return Evidence(level, profile.level0.source).as_dict()


def _page(
    file: Path, quotes: MachineQuotes, shown: list[int], rates: Rates, count: int
) -> str:
    market = quotes.market
    quantity = market.build(shown[0]).quantity if shown else 0
    name = one_line(file.name)
    title = click.style(f"{name} x {quantity}" if shown else name, bold=True)
    machines = "1 machine" if count == 1 else f"{count} machines"
    lines = [f"{title}: {machines} can make it; level 0, no carriage;"]
    lines[0] += f" rates of {rates.date}"
    in_dollars = market.prices_usd(rates)
    for index in shown:
        match, build = quotes.matches[index], market.build(index)
        value, low, high = market.price(index)
        time = build.time_s
        lines.append(
            f"  {match.machine.id:<34} {value!s:>14} ({low} to {high}) "
            f"{in_dollars[index]:8.2f} USD {time.value / 3600:6.2f} h "
            f"({time.low / 3600:.2f} to {time.high / 3600:.2f})  {match.profile_id}, "
            f"{_evidence(market.machines[index].profile)['reads']}"
        )
    if count > len(shown):
        lines.append(f"  and {count - len(shown)} more; --json gives all")
    if not count and quotes.refusals:
        lines.append(f"  why not, by number of facilities: {_why_not(quotes.refusals)}")
    for refusal in quotes.refusals[:MOST_REFUSALS]:
        lines += [
            f"- {refusal.facility_id}: {reason.rule}: {reason.message}"
            for reason in refusal.reasons
        ]
    hidden = len(quotes.refusals) - MOST_REFUSALS
    if hidden > 0:
        lines.append(f"- and {hidden} more facilities cannot; --json gives all reasons")
    return "\n".join(lines)


def _why_not(refusals: Sequence[Refusal]) -> str:
    """Count the facilities of each rule, the commonest first."""
    rules = Counter(
        rule for each in refusals for rule in {reason.rule for reason in each.reasons}
    )
    return ", ".join(
        f"{rule} {sites}"
        for rule, sites in sorted(rules.items(), key=lambda pair: (-pair[1], pair[0]))
    )
