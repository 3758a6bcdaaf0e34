"""``nearmade okh`` checks and converts manifests."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.cli.okh import command
from nearmade.vocabulary.errors import InvalidInput

V1 = """%Open Know-How Manifest 1.0
---
title: Spout
description: Pours.
documentation-home: https://example.org/spout
version: "1.0"
license: {hardware: CERN-OHL-S-2.0}
licensor: {name: Ada}
keywords: [tea]
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "okh.yml"
    file.write_text(V1, "utf-8")
    return file


def test_a_manifest_without_faults_ends_well(manifest: Path) -> None:
    done = CliRunner().invoke(command, ["check", str(manifest)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "OKH 1.0, yaml: 0 faults, 0 notes" in done.stdout


def test_faults_are_told_with_place_and_remedy_and_end_with_2(tmp_path: Path) -> None:
    file = tmp_path / "okh.toml"
    file.write_text('okhv = "2.4"\nouter-dimensions = { widht = 3 }\nrpm = 6\n')
    done = CliRunner().invoke(command, ["check", str(file)])
    assert done.exit_code == 2
    assert "✗ outer-dimensions.widht: unknown key '3' → width" in done.stdout
    assert "· rpm: unknown key '6'" in done.stdout
    assert "schema refuses: name, repo" in done.stdout
    assert done.stderr.startswith("nearmade: okh.toml: 7 faults. Remedy: mend")


def test_json_holds_every_finding_and_whether_it_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "okh.toml"
    file.write_text('okhv = "2.4"\nrpm = 6\n')
    done = CliRunner().invoke(command, ["check", str(file), "--json"])
    told = json.loads(done.stdout)
    assert (told["generation"], told["conforms"], told["faults"]) == ("2.x", False, 6)
    assert told["refused"]["code"] == "manifest-faults"
    assert told["findings"][-1] == {
        "path": "rpm", "rule": "unknown-key", "value": "6", "suggestion": "",
        "fault": False,
    }  # fmt: skip


def test_what_cannot_be_read_is_a_finding_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "okh.yml"
    file.write_bytes(b"title: a\n\tb: c\n")
    done = CliRunner().invoke(command, ["check", str(file)])
    assert done.exit_code == 2
    assert "not readable, yaml: 1 fault" in done.stdout
    assert "line 2, column 1: syntax" in done.stdout


def test_a_converted_manifest_is_written_and_the_original_stays(manifest: Path) -> None:
    out = manifest.with_name("okh.toml")
    done = CliRunner().invoke(command, ["convert", str(manifest), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "title → name" in done.stdout
    assert "kept as they are: version, license, licensor, keywords" in done.stdout
    assert "schema: conforms" in done.stdout
    assert manifest.read_text("utf-8") == V1
    tree = tomllib.loads(out.read_text("utf-8"))
    assert (tree["name"], tree["keywords"]) == ("Spout", ["tea"])


def test_without_a_file_the_manifest_goes_to_stdout(manifest: Path) -> None:
    done = CliRunner().invoke(command, ["convert", str(manifest)])
    assert tomllib.loads(done.stdout)["licensor"] == "Ada"
    told = json.loads(
        CliRunner().invoke(command, ["convert", str(manifest), "--json"]).stdout
    )
    assert told["manifest"] == done.stdout
    assert {"from": "title", "to": "name"} in told["moved"]


def test_a_new_manifest_with_faults_is_written_and_ends_with_2(
    manifest: Path,
) -> None:
    manifest.write_text(V1.replace("https://example.org/spout", "ftp://x"), "utf-8")
    out = manifest.with_name("okh.toml")
    done = CliRunner().invoke(command, ["convert", str(manifest), "-o", str(out)])
    assert done.exit_code == 2
    assert "✗ repo: " in done.stdout
    assert "okh.toml: 1 fault" in done.stderr
    assert tomllib.loads(out.read_text("utf-8"))["repo"] == "ftp://x"
    done = CliRunner().invoke(command, ["convert", str(manifest)])
    assert done.exit_code == 2
    assert "✗ repo: " in done.stderr
    assert tomllib.loads(done.stdout)["repo"] == "ftp://x"
    done = CliRunner().invoke(command, ["convert", str(manifest), "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["faults"]) == (2, 1)
    assert told["refused"]["code"] == "manifest-faults"


def test_comments_that_are_lost_are_counted(manifest: Path) -> None:
    text = "# ours\nintended-use: |\n  # Tea\n  Pours it.  # still text\n"
    manifest.write_text(f"{V1}{text}contact: {{email: a@b.c}}  # me\n", "utf-8")
    done = CliRunner().invoke(command, ["convert", str(manifest)])
    assert (done.exit_code, done.stderr) == (0, "lost: 2 comments\n")
    told = CliRunner().invoke(command, ["convert", str(manifest), "--json"])
    assert json.loads(told.stdout)["lost"] == ["2 comments"]
    manifest.write_text(f"{V1}ours: !mine 3\n", "utf-8")
    done = CliRunner().invoke(command, ["convert", str(manifest)])
    assert done.stderr.startswith("lost: the tag !mine of ours")
    as_json = manifest.with_name("okh.json")
    as_json.write_text('{"okhv": "2.4", "name": "# x"}')
    told_json = CliRunner().invoke(command, ["convert", str(as_json), "--json"])
    assert json.loads(told_json.stdout)["lost"] == []
    toml = manifest.with_name("old.toml")
    toml.write_text(json.loads(told.stdout)["manifest"] + "# one\n", "utf-8")
    done = CliRunner().invoke(command, ["convert", str(toml)])
    assert done.stderr == "lost: 1 comment\n"


def test_a_file_that_is_there_is_kept_unless_forced(manifest: Path) -> None:
    out = manifest.with_name("okh.toml")
    out.write_text("mine")
    arguments = ["convert", str(manifest), "-o", str(out)]
    refused = CliRunner().invoke(command, arguments).exception
    assert isinstance(refused, InvalidInput)
    assert (refused.code, out.read_text()) == ("output-exists", "mine")
    assert CliRunner().invoke(command, [*arguments, "--force"]).exit_code == 0


def test_a_manifest_without_a_licence_is_not_converted(tmp_path: Path) -> None:
    file = tmp_path / "okh.yml"
    file.write_text("title: a\n")
    out = tmp_path / "okh.toml"
    done = CliRunner().invoke(command, ["convert", str(file), "-o", str(out)])
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "manifest-no-licence"
    assert not out.exists()
