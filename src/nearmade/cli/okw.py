"""``nearmade okw``: check records of Open Know-Where, or take them to another form."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from nearmade.adapters.places import is_swapped
from nearmade.cli.files import read_given
from nearmade.cli.main import emit, exit_code, tell, written
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.facilities.aas import capability_submodel
from nearmade.facilities.okw import REMARKS, OkwDocument, OkwRecord, read_okw
from nearmade.facilities.okw_conversion import Question, draft_from_okw
from nearmade.facilities.okw_known import facility_known
from nearmade.facilities.okw_network import matching_findings
from nearmade.facilities.okw_places import FAB_LABS, unclaimed_places, with_source
from nearmade.facilities.okw_record import okw_from_record
from nearmade.facilities.okw_rewriting import rewritten
from nearmade.vocabulary.addresses import facility_url
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.documents import read_document, write_document
from nearmade.vocabulary.errors import InvalidInput

#: So many findings and places are shown to people; programs get them all.
SHOWN: Final = 40

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)

_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")


@click.group(
    epilog="""\b
Examples:
  nearmade okw check workshop.yaml
  nearmade okw convert workshop.yaml --to nearmade -o workshop.json
  nearmade okw convert network.json --to aas -o capabilities.json
"""
)
def command() -> None:
    """Check or convert records of facilities in Open Know-Where (OKW) form.

    JSON and YAML of the class model, the relational form of 2024, lists of atoms, the
    list of fab labs, and records of our own. Nothing in them is guessed or changed.
    """


@command.command(
    epilog="""\b
Examples:
  nearmade okw check workshop.yaml
  nearmade okw check fablabs.json --json | jq .places.on_the_map
"""
)
@_file
@_json
def check(file: Path, as_json: bool) -> None:
    """Name every fault of a record, where it stands and what would mend it.

    Notes are told too: a box that is only axis travel, 0.4 mm where OKW counts in
    whole millimetres, keys of your own. Only faults make the exit code 2.
    """
    okw = read_okw(read_given(file, "record"), written(file.name))
    found = (*okw.diagnoses, *matching_findings(okw), *_swapped(okw))
    okw = replace(okw, diagnoses=found)
    figures, page = _figures(file, okw), _page(file, okw)
    if not okw.faults:
        emit(figures, page, as_json=as_json)
        return
    refusal = InvalidInput(
        f"{file.name}: {_counted(len(okw.faults), 'fault')}",
        code="okw-faults",
        remedy="mend the places that the findings name",
    )
    emit({"refused": refusal.as_dict()} | figures, page, as_json=as_json)
    tell(refusal)
    sys.exit(exit_code(refusal))


@command.command(
    "convert",
    epilog="""\b
Examples:
  nearmade okw convert network.json --to okw -o network-okw.json
  nearmade okw convert workshop.yaml --to nearmade -o workshop.json
  nearmade okw convert workshop.json --to aas --platform https://made.example
""",
)
@_file
@click.option(
    "--to",
    "form",
    type=click.Choice(["okw", "nearmade", "aas"]),
    default="okw",
    show_default=True,
    help="Class model of OKW, our record, or an AAS capability submodel.",
)
@click.option(
    "--platform",
    default="",
    metavar="URL",
    help="Platform whose addresses name the facilities in --to aas.",
)
@out_option("New file, .json or .yaml; without it the records go to stdout.")
@force_option
@_json
def convert(
    file: Path, form: str, platform: str, out: Path | None, force: bool, as_json: bool
) -> None:
    """Write the facilities of FILE in another form; what has no place is carried.

    To nearmade, whatever OKW does not say becomes a question on stderr, and nothing
    is invented. What needs no change is written as it was, byte for byte.
    """
    if out is not None:
        check_target(out, force=force, given=[file])
    okw = read_okw(read_given(file, "record"), written(file.name))
    if not okw.records:
        raise InvalidInput(
            f"{file.name}: {_line(okw.diagnoses[0])}",
            code="okw-unreadable",
            remedy="nearmade okw check FILE tells more",
        )
    made = _FORMS[form](okw, platform, out)
    if out is not None:
        write_new(out, made.content, force=force)
    figures = {
        "file": file.name,
        "to": form,
        "facilities": len(okw.records) - len(made.left_out),
        "written": out.name if out is not None else None,
        "questions": [
            {"facility": name} | asdict(question) for name, question in made.questions
        ],
        "left_out": list(made.left_out),
        "content": _text(made.content),
    }
    _ask(made.questions)
    for each in made.left_out[:SHOWN]:
        click.echo(written(f"left out: {each}"), err=True)
    if okw.faults:
        faults = _counted(len(okw.faults), "fault")
        told = f"{faults} of {file.name} carried over; nearmade okw check names them"
        click.echo(written(told), err=True)
    if out is None and not as_json:
        click.echo(made.content, nl=False)
        return
    count = len(okw.records) - len(made.left_out)
    shown = _counted(count, "facility", "facilities")
    questions = _counted(len(made.questions), "question")
    name = out.name if out is not None else ""
    emit(figures, f"{name}: {shown} written, {questions} open", as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Made:
    """A new document, what is open, by facility, and who is left out, and why."""

    content: bytes
    questions: tuple[tuple[str, Question], ...] = ()
    left_out: tuple[str, ...] = ()


def _to_okw(okw: OkwDocument, platform: str, out: Path | None) -> _Made:
    def conforming(record: OkwRecord) -> Mapping[str, Any]:
        if record.shape == "nearmade":
            return okw_from_record(record.model)
        return with_source(record)

    return _Made(_bytes(okw, rewritten(okw, conforming), out))


def _to_nearmade(okw: OkwDocument, platform: str, out: Path | None) -> _Made:
    drafts = {id(one): draft_from_okw(one) for one in okw.records}
    tree = rewritten(okw, lambda one: drafts[id(one)].record)
    if isinstance(tree, list):
        tree = {"facilities": tree}
    questions = tuple(
        (record.facility.name or record.path or "facility", question)
        for record in okw.records
        for question in drafts[id(record)].questions
    )
    return _Made(_bytes(okw, tree, out), questions)


def _to_aas(okw: OkwDocument, platform: str, out: Path | None) -> _Made:
    """Write a submodel for each facility that is sound and has an identity."""
    submodels, left_out = [], []
    for number, record in enumerate(okw.records, start=1):
        problems: list[str] = []
        facility, stated = facility_known(record, problems, number)
        if not stated:
            problems.append("nearmade.id: is not said, and its address needs it")
        if problems:
            name = record.facility.name or record.path or "facility"
            left_out.append(f"{name}: {'; '.join(problems)}")
            continue
        address = facility_url(platform, facility.id) if platform else ""
        submodels += capability_submodel(facility, address)["submodels"]
    if not submodels:
        raise InvalidInput(
            "; ".join(left_out[:3]),
            code="facility-incomplete",
            remedy="nearmade okw convert FILE --to nearmade tells the questions",
        )
    return _Made(_written_json({"submodels": submodels}), left_out=tuple(left_out))


_FORMS: Final[Mapping[str, Callable[[OkwDocument, str, Path | None], _Made]]] = {
    "okw": _to_okw,
    "nearmade": _to_nearmade,
    "aas": _to_aas,
}


def _ask(questions: tuple[tuple[str, Question], ...]) -> None:
    """Tell the operator on stderr what is open."""
    for name, question in questions[:SHOWN]:
        hint = f" ({question.hint})" if question.hint else ""
        aside = "" if question.needed else " [left aside until it is told]"
        told = f"{name}: {question.path}: {question.text}{hint}{aside}"
        click.echo(written(told), err=True)
    if len(questions) > SHOWN:
        click.echo(f"and {len(questions) - SHOWN} more questions", err=True)


def _bytes(okw: OkwDocument, tree: Any, out: Path | None) -> bytes:
    """Write a tree in the format that the new file's name asks for.

    Comments and layout are kept where the document keeps its shape and format.
    """
    document = okw.document
    wanted = out.suffix.lower() if out is not None else ""
    form = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}.get(wanted)
    if form is None and wanted:
        raise click.UsageError(f"{wanted}: the new file must end in .json or .yaml")
    form = form or ("yaml" if document.format == "yaml" else "json")
    kept = all(one.shape in ("class-model", "nearmade") for one in okw.records)
    if form == document.format and kept:
        return write_document(document, tree)
    if form == "yaml":
        return write_document(read_document(b"{}\n", "new.yaml"), tree)
    return _written_json(tree)


def _text(content: bytes) -> str:
    """Give the text of a document, which may be UTF-16 where it was written so."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if wide else "utf-8")


def _written_json(tree: Any) -> bytes:
    try:
        text = json.dumps(
            tree, ensure_ascii=False, allow_nan=False, indent=2, default=_moment
        )
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            f"JSON cannot hold the records: {error}",
            code="document-value",
            remedy="write to a file that ends in .yaml",
        ) from error
    return f"{text}\n".encode()


def _moment(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _swapped(okw: OkwDocument) -> Iterator[Diagnosis]:
    """Tell of coordinates that lie in the country of the record only when swapped."""
    for record in okw.records:
        location = record.facility.location
        country = country_meant(location.address.country)
        if not (country and location.gps_coordinates):
            continue
        lat_deg, lon_deg = location.gps_coordinates
        if is_swapped(lat_deg, lon_deg, country):
            path = record.path
            if record.shape in ("class-model", "nearmade"):
                path = f"{path}.location.gps_coordinates".strip(".")
            yield Diagnosis(
                path,
                "coordinates",
                f"{lat_deg:g}, {lon_deg:g}",
                f'far from {country}: "{lon_deg:g}, {lat_deg:g}" lies in it, '
                "latitude first",
            )


def _figures(file: Path, okw: OkwDocument) -> dict[str, object]:
    return {
        "file": file.name,
        "sha256": okw.document.sha256,
        "format": okw.document.format,
        "facilities": len(okw.records),
        "shapes": dict(Counter(one.shape for one in okw.records)),
        "conforms": okw.conforms,
        "faults": len(okw.faults),
        "places": _places(okw),
        "findings": [
            asdict(one) | {"fault": one.rule not in REMARKS} for one in okw.diagnoses
        ],
    }


def _places(okw: OkwDocument) -> dict[str, object] | None:
    """Count the places that nobody has claimed, with the list they come from."""
    places = unclaimed_places(okw.records)
    if not places:
        return None
    return {
        "unclaimed": len(places),
        "on_the_map": sum(one.lat_deg is not None for one in places),
        "countries": len({one.country for one in places}),
        "source": FAB_LABS.record(),
    }


def _page(file: Path, okw: OkwDocument) -> str:
    faults, notes = len(okw.faults), len(okw.diagnoses) - len(okw.faults)
    shapes = ", ".join(dict.fromkeys(one.shape for one in okw.records))
    kind = f"OKW, {shapes}" if okw.records else "no facility"
    counts = (
        f"{_counted(len(okw.records), 'facility', 'facilities')}, "
        f"{_counted(faults, 'fault')}, {_counted(notes, 'note')}"
    )
    lines = [
        click.style(file.name, bold=True),
        f"  {kind}, {okw.document.format}: {counts}",
    ]
    places = _places(okw)
    if places is not None:
        told_of = f"{places['unclaimed']} unclaimed places"
        where = f"{places['on_the_map']} on the map, {places['countries']} countries"
        lines.append(f"  {told_of}, {where}")
        lines.append(f"  source: {FAB_LABS.attribution} ({FAB_LABS.licence})")
    told = [*okw.faults, *(one for one in okw.diagnoses if one.rule in REMARKS)]
    lines += [f"  {'·' if d.rule in REMARKS else '✗'} {_line(d)}" for d in told[:SHOWN]]
    if len(told) > SHOWN:
        lines.append(f"  and {len(told) - SHOWN} more; --json tells them all")
    return "\n".join(lines)


def _line(finding: Diagnosis) -> str:
    """Tell one finding: where, which rule, what stands there, what to do."""
    seen = f" {finding.value!r}" if finding.value else ""
    remedy = f" → {finding.suggestion}" if finding.suggestion else ""
    where = finding.path or "the file"
    return f"{where}: {finding.rule.replace('-', ' ')}{seen}{remedy}"


def _counted(number: int, word: str, several: str = "") -> str:
    return f"{number} {word}" if number == 1 else f"{number} {several or word + 's'}"
