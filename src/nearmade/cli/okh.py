"""``nearmade okh``: check a manifest of Open Know-How, or take it to OKH-LOSH."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from nearmade.cli.files import read_given
from nearmade.cli.main import emit, exit_code, tell, written
from nearmade.cli.targets import check_target, force_option, out_option, write_new
from nearmade.designs.okh import OkhFile, read_manifest
from nearmade.designs.okh_conversion import Conversion, convert
from nearmade.designs.okh_losses import losses
from nearmade.designs.okh_rules import is_fault
from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.errors import InvalidInput

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
_json = click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")


@click.group(
    epilog="""\b
Examples:
  nearmade okh check okh.toml
  nearmade okh check okh.yml --json | jq '.findings[].path'
  nearmade okh convert okh.yml -o okh.toml
"""
)
def command() -> None:
    """Check or convert a manifest of Open Know-How (OKH), 1.0 or 2.x.

    The manifest may be YAML, TOML or JSON. Nothing in it is guessed or changed.
    """


@command.command(
    epilog="""\b
Examples:
  nearmade okh check okh.toml
  nearmade okh check okh.yml --json | jq '.findings[].path'
"""
)
@_file
@_json
def check(file: Path, as_json: bool) -> None:
    """Name every fault of a manifest, where it stands and what would mend it.

    Notes are told too: other spellings, fields left empty, keys of your own. Only
    faults make the exit code 2.
    """
    manifest = read_manifest(read_given(file, "manifest"), written(file.name))
    figures, page = _figures(file, manifest), _page(file, manifest)
    if not manifest.faults:
        emit(figures, page, as_json=as_json)
        return
    refusal = InvalidInput(
        f"{file.name}: {_counted(len(manifest.faults), 'fault')}",
        code="manifest-faults",
        remedy="mend the places that the findings name",
    )
    emit({"refused": refusal.as_dict()} | figures, page, as_json=as_json)
    tell(refusal)
    sys.exit(exit_code(refusal))


@command.command(
    "convert",
    epilog="""\b
Examples:
  nearmade okh convert okh.yml -o okh.toml
  nearmade okh convert old/okh.toml > okh.toml
  nearmade okh convert okh.yml -o okh.toml --json | jq .moved
""",
)
@_file
@out_option("New file, TOML; without it the manifest goes to stdout.")
@force_option
@_json
def convert_command(file: Path, out: Path | None, force: bool, as_json: bool) -> None:
    """Write an OKH 1.0 manifest as OKH-LOSH, by the published mapping.

    What the mapping has no key for keeps its own, so no value is lost; comments are,
    and are counted. A manifest of OKH 2.x gets today's spelling of its keys. FILE
    itself is never changed. A new manifest with faults is written, and its faults make
    the exit code 2.
    """
    if out is not None:
        check_target(out, force=force, given=[file])
    manifest = read_manifest(read_given(file, "manifest"), written(file.name))
    made = convert(manifest)
    if out is not None:
        write_new(out, made.data, force=force)
    again = read_manifest(made.data, "okh.toml")
    lost = losses(manifest.document)
    refusal = InvalidInput(
        f"{out.name if out is not None else 'the new manifest'}: "
        f"{_counted(len(again.faults), 'fault')}",
        code="manifest-faults",
        remedy="mend the places that the findings name",
    )
    figures: dict[str, object] = {
        "file": file.name,
        "from": manifest.generation,
        "written": out.name if out is not None else None,
        "moved": [{"from": old, "to": new} for old, new in made.moved],
        "conforms": not made.schema,
        "lost": list(lost),
        "faults": len(again.faults),
        "findings": [_finding(one) for one in again.findings],
        "manifest": made.data.decode(),
    }
    if again.faults:
        figures = {"refused": refusal.as_dict()} | figures
    if out is None and not as_json:
        click.echo(made.data.decode(), nl=False)
        for line in _open_lines(again, lost):
            click.echo(written(line.strip()), err=True)
    else:
        emit(figures, _report(file, out, made, again, lost), as_json=as_json)
    if again.faults:
        tell(refusal)
        sys.exit(exit_code(refusal))


def _figures(file: Path, manifest: OkhFile) -> dict[str, object]:
    return {
        "file": file.name,
        "sha256": manifest.document.sha256,
        "format": manifest.document.format,
        "generation": manifest.generation,
        "conforms": manifest.conforms,
        "faults": len(manifest.faults),
        "findings": [_finding(one) for one in manifest.findings],
        "schema": [asdict(one) for one in manifest.schema or ()],
    }


def _finding(finding: Diagnosis) -> dict[str, object]:
    return asdict(finding) | {"fault": is_fault(finding)}


def _page(file: Path, manifest: OkhFile) -> str:
    faults, notes = len(manifest.faults), len(manifest.findings) - len(manifest.faults)
    generation = manifest.generation
    kind = "not readable" if generation == "unknown" else f"OKH {generation}"
    counts = f"{_counted(faults, 'fault')}, {_counted(notes, 'note')}"
    lines = [
        click.style(file.name, bold=True),
        f"  {kind}, {manifest.document.format}: {counts}",
    ]
    for fault in (True, False):
        lines += [
            f"  {'✗' if fault else '·'} {_line(one)}"
            for one in manifest.findings
            if is_fault(one) is fault
        ]
    if manifest.schema:
        paths = Counter(re.sub(r"\[\d+\]", "[]", one.path) for one in manifest.schema)
        told = (f"{path} ({n}x)" if n > 1 else path for path, n in paths.items())
        lines.append(f"  OKH-LOSH 1.0 schema refuses: {', '.join(told)}")
    elif manifest.schema is not None:
        lines.append("  OKH-LOSH 1.0 schema: conforms")
    return "\n".join(lines)


def _line(finding: Diagnosis) -> str:
    """Tell one finding: where, which rule, what stands there, what to do."""
    seen = f" {finding.value!r}" if finding.value else ""
    remedy = f" → {finding.suggestion}" if finding.suggestion else ""
    where = finding.path or "the file"
    return f"{where}: {finding.rule.replace('-', ' ')}{seen}{remedy}"


def _report(
    file: Path, out: Path | None, made: Conversion, again: OkhFile, lost: Sequence[str]
) -> str:
    name = out.name if out is not None else ""
    lines = [click.style(f"{file.name} → {name}", bold=True)]
    lines += [f"  {old} → {new}" for old, new in made.moved if old != new]
    kept = [old for old, new in made.moved if old == new]
    if kept:
        lines.append(f"  kept as they are: {', '.join(kept)}")
    lines += _open_lines(again, lost)
    conforms = "conforms" if not made.schema else "refuses it"
    lines.append(f"  OKH-LOSH 1.0 schema: {conforms}")
    return "\n".join(lines)


def _open_lines(again: OkhFile, lost: Sequence[str]) -> list[str]:
    """Tell what is amiss in the new manifest, and what of the old is not in it."""
    lines = [f"  lost: {', '.join(lost)}"] if lost else []
    return [*lines, *(f"  ✗ {_line(one)}" for one in again.faults)]


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
