"""``nearmade whatcanimake``: what one site could make, and what to buy to make more."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nearmade.adapters.catalogue_folder import Unread, read_catalogue, render_cache
from nearmade.adapters.examples import designs_dir
from nearmade.cli.files import make_folder, read_given
from nearmade.cli.main import emit, written
from nearmade.cli.whole_lines import (
    bought_line,
    bought_record,
    judgement_record,
    titles_of,
    work_record,
)
from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import read_okw
from nearmade.facilities.okw_conversion import Draft, draft_from_okw
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
@click.argument("facility", type=click.Path(path_type=Path), metavar="FACILITY")
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path),
    help="Folder of design folders, or one design; the starter designs if left out.",
)
@click.option("--site", metavar="ID", help="Which one, where the file holds several.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
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

    FACILITY is a record of one site or of a network, ours or Open Know-Where. Every
    design is judged as published: each component, its hand work, its bought things.
    Every purchase is tried on every design that the site cannot make: machine models,
    materials, nozzles, hand work.

    Example: nearmade whatcanimake my-lab.json --catalogue examples/designs
    """
    if platform:
        canonical_platform(platform)  # before any work is done
    chosen = read_facility(facility, site)
    kept = cache or render_cache()
    make_folder(kept)
    designs, unread = read_catalogue(
        catalogue or designs_dir(), cache=kept, progress=_say
    )
    needs = [
        whole_need(each.loaded.design, each.facts, profiles=MAKEABLE)
        for each in designs
    ]
    found = what_can_be_made(chosen, needs, datetime.now(UTC), profiles=MAKEABLE)
    emit(_record(found, unread, platform), _page(found, unread, most), as_json=as_json)


def read_facility(file: Path, site: str | None) -> Facility:
    """Read one facility of a file: ours, a network or Open Know-Where.

    Parameters
    ----------
    file
        JSON, YAML or TOML.
    site
        Its id; may be None where the file holds one.

    Raises
    ------
    InvalidInput
        When the file holds no facility, or several and none is named, or too little is
        known of it; the message asks what is missing.
    NotFound
        When no facility of the file has this id.
    """
    if not file.exists():
        raise NotFound(
            f"{file}: no such file",
            code="file-missing",
            remedy="name a record of a site, such as examples/networks/demo.json",
        )
    name = written(file.name)
    okw = read_okw(read_given(file), name)
    if not okw.records:
        told = "; ".join(f"{one.path}: {one.suggestion}" for one in okw.diagnoses[:3])
        raise InvalidInput(
            f"{name}: holds no facility: {told}",
            code="facility-record",
            remedy="name a record such as nearmade okw convert writes",
        )
    if site is None and len(okw.records) > 1:
        raise InvalidInput(
            f"{name}: holds {len(okw.records)} facilities",
            code="facility-unnamed",
            remedy="say which with --site ID",
        )
    if site is None:
        return _known(draft_from_okw(okw.records[0]), name)
    ids = []
    for record in okw.records:
        ids.append(str((record.model.get("nearmade") or {}).get("id", "")))
        if ids[-1] == site:
            return _known(draft_from_okw(record), name)
    raise NotFound(
        not_known("site", site, ids),
        code="site-unknown",
        remedy=f"{name} holds {', '.join(ids[:8])}{' ...' if len(ids) > 8 else ''}",
    )


def _known(draft: Draft, name: str) -> Facility:
    if draft.facility is not None:
        return draft.facility
    asked = [f"{one.path}: {one.text}" for one in draft.questions if one.needed]
    more = f" and {len(asked) - 5} more" if len(asked) > 5 else ""
    raise InvalidInput(
        f"{name}: too little is known: {' '.join(asked[:5])}{more}",
        code="facility-record",
        remedy="nearmade okw convert FILE --to nearmade writes a record to complete",
    )


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
    for answer in sorted(found.answers, key=lambda a: list(_WORDS).index(a.verdict)):
        lines += _design_lines(answer)
    lines += [f"-    {each.folder}: not read: {each.message}" for each in unread]
    if "no" in verdicts or "unknown" in verdicts:
        lines += ["", *_purchase_lines(found, most)]
    return "\n".join(lines)


def _design_lines(answer: DesignAnswer) -> list[str]:
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
    return "nothing to pay" if band[1] == 0 else f"{band[0]:.0f} to {band[1]:.0f} USD"
