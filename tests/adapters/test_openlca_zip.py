"""Archives of openLCA: written alike, and hostile ones refused within bounds."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from nearmade.adapters import openlca_zip
from nearmade.adapters.openlca_zip import read_openlca, write_openlca
from nearmade.impact.database import own_database
from nearmade.vocabulary.errors import InvalidInput, NotFound


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


def test_an_export_is_the_same_bytes_each_time_and_reads_back(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    write_openlca(own_database(), first)
    write_openlca(own_database(), second)
    assert first.read_bytes() == second.read_bytes()
    assert read_openlca(first).sha256 == own_database().sha256


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.zip"):
        read_openlca(tmp_path / "none.zip")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(InvalidInput, match="no sound archive"):
        read_openlca(path)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "a.zip"
    write_openlca(own_database(), whole)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-5000])
    with pytest.raises(InvalidInput, match="no sound archive"):
        read_openlca(cut)


def test_damage_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_openlca(own_database(), path)
    raw = bytearray(path.read_bytes())
    raw[2000:2100] = bytes(100)
    path.write_bytes(bytes(raw))
    with pytest.raises(InvalidInput):
        read_openlca(path)


def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlca_zip, "MAX_FILE_BYTES", 1_000_000)
    bomb = packed(tmp_path / "a.zip", {"processes/a.json": b" " * 30_000_000})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(InvalidInput, match="unpacks to more"):
        read_openlca(bomb)


def test_many_files_that_unpack_to_too_much_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlca_zip, "MAX_UNPACKED_BYTES", 100_000)
    raw = json.dumps({"@id": "x", "name": "y" * 30_000}).encode()
    files = {f"processes/{number}.json": raw for number in range(5)}
    with pytest.raises(InvalidInput, match="unpacks to more"):
        read_openlca(packed(tmp_path / "a.zip", files))


def test_too_many_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlca_zip, "MAX_FILES", 3)
    files = {f"flows/{number}.json": b"{}" for number in range(4)}
    with pytest.raises(InvalidInput, match="more than 3 files"):
        read_openlca(packed(tmp_path / "a.zip", files))


def test_a_large_archive_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlca_zip, "MAX_ARCHIVE_BYTES", 10)
    with pytest.raises(InvalidInput, match="larger than 10 bytes"):
        read_openlca(packed(tmp_path / "a.zip", {"flows/a.json": b"{}"}))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no entity"),
        (b'{"@id": 7}', "no entity"),
        (b'{"@id": "x", "name": "y"}', "missing"),
    ],
)
def test_what_is_no_entity_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = packed(tmp_path / "a.zip", {"processes/a.json": raw})
    with pytest.raises(InvalidInput, match=words):
        read_openlca(path)


def test_names_that_climb_out_are_never_paths(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.zip", {"../../processes/../../evil.json": b"{}", "evil": b"x"}
    )
    with pytest.raises(InvalidInput, match="no processes"):
        read_openlca(path)
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_what_is_encrypted_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"processes/a.json": b"{}"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the flag for encryption, in the local header
    central = raw.index(b"PK\x01\x02")
    raw[central + 8] |= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(InvalidInput, match="cannot be unpacked"):
        read_openlca(path)
