"""Open a ZIP package without trusting a word of it."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from nearmade.vocabulary.errors import InvalidInput

MAX_ENTRIES = 1_000
MAX_DIRECTORY_BYTES = 2**20
MAX_DECLARED_BYTES = 512 * 2**20
#: XML with long coordinates shrinks 5 to 30 times; a bomb 1,000 times.
MAX_RATIO = 200
#: Below this size a high ratio harms nobody.
RATIO_FREE_BYTES = 2**20
END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
CHUNK_BYTES = 2**16
ENCRYPTED_FLAG = 1
#: What the standard library raises on broken packages.
ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError,
    KeyError, IndexError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class ZipPackage:
    """A ZIP file whose directory passed every check, read as streams with a cap.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    InvalidInput
        When the directory is broken, too long, lies about sizes, or holds a name
        that could reach outside a folder.
    """

    def __init__(self, data: bytes) -> None:
        _check_end_record(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_FAULTS as error:
            raise _broken(str(error)) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _too_many(len(entries))
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            _check_entry(entry)
            key = entry.orig_filename.lower()
            if key in self._entries:
                raise InvalidInput(
                    f"ZIP: the name {entry.orig_filename!r} occurs twice",
                    code="zip-duplicate-name",
                )
            self._entries[key] = entry
        declared = sum(entry.file_size for entry in entries)
        if declared > MAX_DECLARED_BYTES:
            raise _too_large(declared)
        if declared > MAX_RATIO * len(data) + RATIO_FREE_BYTES:
            raise _too_dense(declared, len(data))

    @property
    def names(self) -> list[str]:
        """Paths of all parts that are files, in lower case."""
        return [name for name in self._entries if not name.endswith("/")]

    def stream(self, name: str, max_bytes: int) -> Iterator[bytes]:
        """Unpack one part piece by piece, stopping where the cap is passed.

        Parameters
        ----------
        name
            Path in the package, without a leading slash.
        max_bytes
            Most that may come out. [byte]

        Raises
        ------
        InvalidInput
            When the part is absent, broken or too large.
        """
        entry = self._entries.get(name.lower())
        if entry is None:
            raise InvalidInput(
                f"ZIP: the part {name[:80]!r} is missing", code="zip-part-missing"
            )
        count = 0
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(CHUNK_BYTES):
                    count += len(chunk)
                    if count > max_bytes:
                        raise _too_large(count)
                    yield chunk
        except ZIP_FAULTS as error:
            raise _broken(str(error)) from error


def _check_end_record(data: bytes) -> None:
    """Look at the counts before the standard library builds a list of entries."""
    at = data.rfind(END_RECORD, -(2**16 + END_RECORD_BYTES))
    if at < 0 or at + END_RECORD_BYTES > len(data):
        raise _broken("no end of the directory: the file is cut off or not a ZIP")
    count, directory_bytes = struct.unpack_from("<HI", data, at + 10)
    if count > MAX_ENTRIES:
        raise _too_many(count)
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise _broken(f"a directory of {directory_bytes} bytes")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.split("/")
    if (
        not name
        or name.startswith("/")
        or ".." in parts
        or any(sign in name for sign in "\\:\0")
        or stat.S_ISLNK(entry.external_attr >> 16)
    ):
        raise InvalidInput(
            f"ZIP: the name {name[:80]!r} could reach outside the package",
            code="zip-unsafe-name",
        )
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise InvalidInput(f"ZIP: {name!r} is encrypted", code="zip-encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InvalidInput(
            f"ZIP: {name!r} is packed by method {entry.compress_type}, not deflate",
            code="zip-method",
        )
    if entry.file_size > MAX_DECLARED_BYTES:
        raise _too_large(entry.file_size)
    if (
        entry.file_size > RATIO_FREE_BYTES
        and entry.file_size > MAX_RATIO * entry.compress_size
    ):
        raise _too_dense(entry.file_size, entry.compress_size)


def _broken(reason: str) -> InvalidInput:
    return InvalidInput(
        f"ZIP: {reason[:200]}", code="zip-broken", remedy="export the file again"
    )


def _too_many(count: int) -> InvalidInput:
    return InvalidInput(
        f"ZIP: {count} entries, more than {MAX_ENTRIES}", code="zip-too-many-entries"
    )


def _too_large(count_bytes: int) -> InvalidInput:
    return InvalidInput(
        f"ZIP: {count_bytes} bytes unpacked, more than allowed", code="zip-too-large"
    )


def _too_dense(unpacked_bytes: int, packed_bytes: int) -> InvalidInput:
    return InvalidInput(
        f"ZIP: {packed_bytes} bytes unpack to {unpacked_bytes}, more than "
        f"{MAX_RATIO} times",
        code="zip-bomb",
    )
