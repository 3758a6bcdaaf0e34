"""``nearmade whatcanimake``: what one site could make, and what to buy to make more."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.catalogue_folder import Unread, read_catalogue
from nearmade.adapters.examples import designs_dir
from nearmade.adapters.measured_design import render_cache
from nearmade.adapters.network_file import complaints, read_network
from nearmade.cli.files import make_folder
from nearmade.cli.main import emit, written
from nearmade.cli.paths import GivenPath
from nearmade.cli.whole_lines import (
    bought_line,
    bought_record,
    judgement_record,
    titles_of,
    work_record,
)
from nearmade.facilities.facility import Facility
from nearmade.matching.reverse import DesignAnswer, Opening, Reverse, what_can_be_made
from nearmade.matching.whole_need import whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.addresses import (
    canonical_platform,
    design_url,
    facility_url,
)
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.nearest import not_known

#: So many sites of a file are named before the rest is only counted.
_MOST_CHOICES = 8
_WORDS = {"yes": "yes", "unknown": "ask", "no": "no"}


@click.command(
    "whatcanimake",
    epilog="""\b
Examples:
  nearmade whatcanimake my-lab.json --catalogue examples/designs
  nearmade whatcanimake examples/networks/demo.json --site nairobi-van
  nearmade whatcanimake my-lab.json --json | jq '.purchases[0]'

\b
Exit codes: 0 answered, also when it can make nothing; 2 the record is refused,
3 no such file, site or design, 6 no engine or too slow.""",
)
@click.argument("facility", type=GivenPath(path_type=Path), metavar="FACILITY")
@click.option(
    "--catalogue",
    type=GivenPath(path_type=Path),
    help="Folder of design folders, or one design; the starter designs if left out.",
)
@click.option(
    "--site",
    metavar="ID",
    help="Which one, where the file holds several: its id, name or number.",
)
@click.option(
    "--cache",
    type=GivenPath(file_okay=False, path_type=Path),
    help="Folder where meshes and their facts are kept; this machine's if left out.",
)
@click.option(
    "--purchases",
    "most",
    default=5,
    show_default=True,
    type=click.IntRange(0),
    help="So many purchases are shown; JSON has all.",
)
@click.option(
    "--platform",
    default=lambda: os.environ.get("NEARMADE_PUBLIC_URL", ""),
    metavar="URL",
    help="Platform whose addresses name site and designs; NEARMADE_PUBLIC_URL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    facility: Path,
    catalogue: Path | None,
    site: str | None,
    cache: Path | None,
    most: int,
    platform: str,
    as_json: bool,
) -> None:
    """Tell what the site of FACILITY could make, and what to buy to make more.

    FACILITY is a record of one site or of a network, ours or Open Know-Where. What it
    does not say is asked, and nothing is promised on it. Every design is judged as
    published: each component, its hand work, its bought things. Every purchase is tried
    on every design that the site cannot make: machine models, materials, nozzles, hand
    work.

    Example: nearmade whatcanimake my-lab.json --catalogue examples/designs
    """
    if platform:
        canonical_platform(platform)  # before any work is done
    chosen = facility_given(facility, site)
    kept = cache or render_cache()
    make_folder(kept)
    designs, unread = read_catalogue(
        catalogue or designs_dir(), cache=kept, progress=_say
    )
    for each in designs:
        for line in each.assumed:
            click.echo(written(f"note: {each.design.id}: {line}"), err=True)
    needs = [whole_need(each.design, each.facts, profiles=MAKEABLE) for each in designs]
    found = what_can_be_made(chosen, needs, datetime.now(UTC), profiles=MAKEABLE)
    emit(_record(found, unread, platform), _page(found, unread, most), as_json=as_json)


def facility_given(file: Path, site: str | None) -> Facility:
    """Read one facility of a file or folder, of any shape that ``match`` reads.

    Parameters
    ----------
    file
        JSON, YAML or TOML, or a folder of such files.
    site
        Its id, its name or its number there; may be None where there is one.

    Raises
    ------
    InvalidInput
        When there is no facility, or several and none is named, or its record has
        faults.
    NotFound
        When there is no such file, or no such facility in it.
    """
    network = read_network(file)
    known, name = network.facilities, written(file.name)
    if site is None and len(known) + len(network.left_out) > 1:
        raise InvalidInput(
            f"{name}: holds {len(known)} facilities",
            code="facility-unnamed",
            remedy=f"say which with --site, by id, name or number: {_choices(known)}",
        )
    if site is None:
        return known[0]
    wanted = " ".join(site.split()).casefold()
    for number, facility in enumerate(known, start=1):
        names = (facility.id, " ".join(facility.name.split()), str(number))
        if wanted in (each.casefold() for each in names):
            return facility
    for one in network.left_out:
        if wanted == " ".join(one.name.split()).casefold():
            raise InvalidInput(
                f"{name}: {'; '.join(complaints((one,)))}",
                code="facility-record",
                remedy=f"mend the fields named; nearmade okw check {name} tells more",
            )
    raise NotFound(
        not_known("site", site, [each for one in known for each in (one.id, one.name)]),
        code="site-unknown",
        remedy=f"{name} holds {_choices(known)}",
    )


def _choices(facilities: Sequence[Facility]) -> str:
    """List the first facilities with their numbers, ids and names."""
    told = [
        f"{number} {one.id} ({one.name})"
        for number, one in enumerate(facilities[:_MOST_CHOICES], start=1)
    ]
    more = len(facilities) - _MOST_CHOICES
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _say(done: int, total: int, what: str) -> None:
    click.echo(f"{done} of {total} designs: {what}", err=True)


def _record(found: Reverse, unread: Sequence[Unread], platform: str) -> dict[str, Any]:
    site = found.facility
    return {
        "facility": {
            "id": site.id,
            "name": site.name,
            "url": facility_url(platform, site.id) if platform else None,
        },
        "designs": [_design_record(each, platform) for each in found.answers],
        "purchases": [_opening_record(each) for each in found.openings],
        "purchases_tried": found.tried,
        "unread": [{"folder": u.folder, "message": u.message} for u in unread],
    }


def _design_record(answer: DesignAnswer, platform: str) -> dict[str, Any]:
    need = answer.need
    return {
        "id": need.design_id,
        "url": design_url(platform, need.design_id) if platform else None,
        "title": need.title,
        **judgement_record(need, answer.judgement),
        "bought": bought_record(need),
        "work": [work_record(each) for each in need.work],
    }


def _opening_record(opening: Opening) -> dict[str, Any]:
    return {
        "things": [
            {
                "kind": one.kind,
                "code": one.code,
                "title": one.title,
                "price_usd": _band(one.price_usd),
                "source": one.source,
            }
            for one in opening.purchases
        ],
        "price_usd": _band(opening.price_usd),
        "opens": list(opening.opens),
    }


def _band(band: tuple[float, float] | None) -> dict[str, float] | None:
    return None if band is None else {"low": band[0], "high": band[1]}


def _page(found: Reverse, unread: Sequence[Unread], most: int) -> str:
    verdicts = [each.verdict for each in found.answers]
    head = (
        f"{found.facility.name}: can make {verdicts.count('yes')} of {len(verdicts)} "
        f"designs; must be asked for {verdicts.count('unknown')}, "
        f"cannot make {verdicts.count('no')}."
    )
    lines = [head]
    common = _asked_again(found.answers)
    lines += [f"ask first: {each}" for each in common]
    for answer in sorted(found.answers, key=lambda a: list(_WORDS).index(a.verdict)):
        lines += _design_lines(answer, common)
    lines += [f"-    {each.folder}: not read: {each.message}" for each in unread]
    if "no" in verdicts or "unknown" in verdicts:
        lines += ["", *_purchase_lines(found, most)]
    return "\n".join(lines)


def _asked_again(answers: Sequence[DesignAnswer]) -> list[str]:
    """Give what would be asked for more than one thing: the site must tell it once."""
    asked = Counter(
        question.ask
        for answer in answers
        for questions in answer.judgement.questions.values()
        for question in questions
    )
    return [ask for ask, times in asked.items() if times > 1]


def _design_lines(answer: DesignAnswer, common: Sequence[str]) -> list[str]:
    need, judgement = answer.need, answer.judgement
    head = f"{_WORDS[answer.verdict]:<4} {need.design_id:<30} {need.title}"
    if answer.verdict == "no" and judgement.makes_all:
        head += " (makes every component)"
    if answer.verdict == "yes" and need.bought:
        head += f" (to be bought: {bought_line(need)})"
    titles = titles_of(need)
    return [
        head,
        *(
            f"       {titles.get(what, what)}: {reason.message}"
            for what, reasons in judgement.reasons.items()
            for reason in reasons
        ),
        *(
            f"       {titles.get(what, what)}: {question.ask}"
            for what, questions in judgement.questions.items()
            for question in questions
            if question.ask not in common
        ),
    ]


def _purchase_lines(found: Reverse, most: int) -> list[str]:
    if not found.openings:
        return [f"No purchase opens a design; {found.tried} were tried."]
    what = "One purchase" if len(found.openings[0].purchases) == 1 else "Two things"
    lines = [f"{what} that would open designs, of {found.tried} tried:"]
    for each in found.openings[:most]:
        things = " with ".join(one.title for one in each.purchases)
        lines.append(
            f"+{len(each.opens):<3} {things}, {_price(each)}: {', '.join(each.opens)}"
        )
    more = len(found.openings) - most
    return [*lines, f"and {more} more"] if more > 0 else lines


def _price(opening: Opening) -> str:
    band = opening.price_usd
    if band is None:
        return "price not known"
    if band[1] == 0:
        return "nothing to pay"
    return f"typically {band[0]:.0f} to {band[1]:.0f} USD"
