"""Archives of openLCA's exchange format: written alike each time, read with bounds."""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from nearmade.impact.database import Database
from nearmade.impact.olca_read import database_from_openlca
from nearmade.impact.olca_write import openlca_files
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: Largest archive, files in it, largest file, and all files unpacked. [bytes]
MAX_ARCHIVE_BYTES: Final = 50_000_000
MAX_FILES: Final = 50_000
MAX_FILE_BYTES: Final = 20_000_000
MAX_UNPACKED_BYTES: Final = 300_000_000
#: Date of every file in what is written, so that exports agree byte for byte.
_WRITTEN_AT: Final = (2026, 1, 1, 0, 0, 0)
_READ_FOLDERS: Final = frozenset(
    {
        "unit_groups",
        "flow_properties",
        "locations",
        "flows",
        "processes",
        "lcia_categories",
        "lcia_methods",
    }
)


def write_openlca(database: Database, path: Path) -> int:
    """Write a database as an archive and give how many files are in it.

    Parameters
    ----------
    database
        What is written.
    path
        Where to; a file there is replaced.

    Raises
    ------
    InvalidInput
        When it cannot be written.
    """
    files = openlca_files(database)
    try:
        _write(files, path)
    except OSError as error:
        raise InvalidInput(
            f"{path}: cannot be written ({error.strerror})",
            remedy="name a file in a folder that is there and may be written to",
        ) from error
    return len(files)


def _write(files: Mapping[str, Any], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _WRITTEN_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            text = json.dumps(files[name], ensure_ascii=False, indent=1)
            archive.writestr(entry, text.encode("utf-8"))


def read_openlca(path: Path) -> Database:
    """Read an archive as a database.

    Nothing is unpacked to disk; names in the archive are never used as paths.

    Raises
    ------
    NotFound
        When there is no such file.
    InvalidInput
        When it is no archive, too large, or cannot be said in our database.
    """
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise NotFound(f"{path}: there is no such file") from error
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror})") from error
    if not stat.S_ISREG(state.st_mode):
        raise InvalidInput(f"{path}: is no regular file", remedy="give an archive")
    if state.st_size > MAX_ARCHIVE_BYTES:
        raise InvalidInput(f"{path.name}: larger than {MAX_ARCHIVE_BYTES} bytes")
    try:
        with zipfile.ZipFile(path) as archive:
            return database_from_openlca(_files(path.name, archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InvalidInput(f"{path.name}: no sound archive ({error})") from error
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror})") from error
    except RuntimeError as error:  # zipfile says so of what is encrypted
        raise InvalidInput(f"{path.name}: cannot be unpacked ({error})") from error


def _files(name: str, archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    entries = [one for one in archive.infolist() if _wanted(one)]
    if len(entries) > MAX_FILES:
        raise InvalidInput(f"{name}: more than {MAX_FILES} files")
    files: dict[str, dict[str, Any]] = {}
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as packed:
            raw = packed.read(MAX_FILE_BYTES + 1)
        unpacked += len(raw)
        if len(raw) > MAX_FILE_BYTES or unpacked > MAX_UNPACKED_BYTES:
            raise InvalidInput(f"{name}: unpacks to more than is read")
        if entry.filename in files:
            raise InvalidInput(f"{name}: {entry.filename[:100]!r} is there twice")
        files[entry.filename] = _object(name, entry.filename, raw)
    return files


def _wanted(entry: zipfile.ZipInfo) -> bool:
    folder, _, file = entry.filename.rpartition("/")
    return file.endswith(".json") and folder.rpartition("/")[2] in _READ_FOLDERS


def _object(archive: str, name: str, raw: bytes) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{archive}: {name[:100]!r} is no JSON ({error})") from error
    if not isinstance(record, dict) or not isinstance(record.get("@id"), str):
        raise InvalidInput(f"{archive}: {name[:100]!r} is no entity with an @id")
    return record
