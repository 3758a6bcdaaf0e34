"""Documents in TOML, YAML and JSON: read with their types, written without loss.

A document is kept as it came: bytes, hash and tree. What is written starts from the
bytes or from the tree, never from a view of it, so that unknown keys survive.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any, Literal

import tomli_w

from nearmade.vocabulary.diagnosis import Diagnosis, shown
from nearmade.vocabulary.document_trees import (
    MOST_LEVELS,
    MOST_NODES,
    BrokenText,
    OverBudget,
    differences,
    measure_tree,
)
from nearmade.vocabulary.document_yaml import (
    Zeros,
    compose_tree,
    split_head,
    write_yaml,
)
from nearmade.vocabulary.errors import InvalidInput

__all__ = ["Document", "Format", "differences", "read_document", "write_document"]

Format = Literal["toml", "yaml", "json"]

#: Largest document that is read, in bytes: what each reader takes in a few seconds.
MAX_BYTES: dict[Format, int] = {
    "toml": 1_000_000,
    "yaml": 300_000,
    "json": 16_000_000,
}

_YAML = "see https://yaml.org/spec/1.2.2/ for the syntax"
_MEND = "mend the value, or write to another format"
_JSON = "see https://www.json.org for the syntax"

#: A dotted key of this many parts is no key, and takes the reader of TOML for ever.
_ENDLESS_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])"""
    r"""(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){60}"""
)


#: A number of this many signs is none, and takes that reader for ever as well.
_ENDLESS_NUMBER = re.compile(r"[=\[,][ \t\n]*+[-+]?[0-9][0-9A-Za-z_.+-]{999}")


#: Words that Python takes for numbers and JSON does not, and texts to pass over.
_NO_NUMBER = re.compile(r'"(?:\\.|[^"\\])*+"|(NaN|-?Infinity)')


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came, and the tree it holds.

    Parameters
    ----------
    data
        The bytes, untouched.
    sha256
        Their hash, in hexadecimal.
    format
        How it is written.
    head
        First line that declares the standard, such as ``%Open Know-How Manifest 1.0``;
        empty where there is none.
    tree
        Plain dictionaries, lists, texts, numbers, truths, dates and None; an empty
        dictionary when the document cannot be read.
    diagnoses
        Why it cannot be read, with line and column, and what is odd in it.
    readable
        Whether the tree is what the bytes say.
    zeros
        Whole numbers of YAML with zeros at their front, which the tree cannot hold:
        the keys and indices to each, and how it is written.
    """

    data: bytes
    sha256: str
    format: Format
    head: str
    tree: Any
    diagnoses: tuple[Diagnosis, ...]
    readable: bool = True
    zeros: Zeros = ()


class _Unreadable(Exception):
    """A document cannot be read: the one diagnosis that says why."""

    def __init__(self, path: str, rule: str, value: str, suggestion: str) -> None:
        super().__init__(value)
        self.diagnosis = Diagnosis(path, rule, shown(value), suggestion)


def read_document(data: bytes, name: str, *, times: int = 1) -> Document:
    """Read a document; what is wrong with it is said in its diagnoses.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        Its name; the ending tells the format, else the content does.
    times
        So many times the usual budget of bytes and values is allowed, for JSON that
        programs write for programs.
    """
    form = _format(data, name)
    digest = hashlib.sha256(data).hexdigest()
    try:
        room = times if form == "json" else 1
        text = _decoded(data, form, MAX_BYTES[form] * room)
        head, tree, odd, zeros = _parsed(text, form)
        odd = (*odd, *measure_tree(tree, MOST_NODES * room))
    except _Unreadable as error:
        return Document(data, digest, form, "", {}, (error.diagnosis,), readable=False)
    except OverBudget as error:
        remedy = "split the document or shorten it"
        why = Diagnosis("", "size", shown(str(error)), remedy)
        return Document(data, digest, form, "", {}, (why,), readable=False)
    except BrokenText as error:
        remedy = "write the whole character"
        why = Diagnosis(str(error), "encoding", "half a character", remedy)
        return Document(data, digest, form, "", {}, (why,), readable=False)
    return Document(data, digest, form, head, tree, odd, zeros=zeros)


def write_document(document: Document, tree: Any = None) -> bytes:
    """Write a document: its own bytes where nothing changed, else the changed tree.

    Parameters
    ----------
    document
        As it was read.
    tree
        What it shall hold; None for what it holds.

    Raises
    ------
    InvalidInput
        When the document could not be read and would be lost, or the format has no
        way to write a value; what is written is read again to make sure.
    """
    if tree is None or (document.readable and not differences(document.tree, tree)):
        return document.data
    if not document.readable:
        raise InvalidInput(
            "document: cannot be changed, for it could not be read",
            code="document-unreadable",
            remedy="mend the place that its diagnosis names",
        )
    written = _written(document, tree)
    again = read_document(written, f"x.{document.format}")
    lost = differences(again.tree, tree) if again.readable else ("",)
    if lost:
        raise InvalidInput(
            f"document: {document.format} cannot hold the value at "
            f"{lost[0] or 'its root'}",
            code="document-value",
            remedy=_MEND,
        )
    return written


def _written(document: Document, tree: Any) -> bytes:
    try:
        if document.format == "toml":
            return tomli_w.dumps(tree).encode()
        if document.format == "json":
            return _json(document.data, tree).encode()
        text = _decoded(document.data, "yaml", MAX_BYTES["yaml"])
        return write_yaml(text, document.tree, tree).encode()
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InvalidInput(
            f"document: {document.format} cannot hold the tree: {error}",
            code="document-value",
            remedy=_MEND,
        ) from error


def _json(data: bytes, tree: Any) -> str:
    """Write JSON with the indent that the document had."""
    found = re.match(rb"\s*[\[{]\r?\n( +|\t+)", data)
    indent = found[1].decode() if found else None
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, indent=indent)
    return text + ("\n" if data.endswith(b"\n") else "")


def _format(data: bytes, name: str) -> Format:
    """Tell the format by the ending, else by how the content begins."""
    ending = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    known: dict[str, Format] = {
        "toml": "toml", "yml": "yaml", "yaml": "yaml", "json": "json",
    }  # fmt: skip
    if ending in known:
        return known[ending]
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b'["', b"[{")):
        return "json"
    table = re.search(rb"^\s*(?:\[[^\]\n]+\]|[\w.\"-]+\s*=)", start, re.MULTILINE)
    mapping = re.search(rb"^(?:%|---|[\w\" -]+:(?:\s|$))", start, re.MULTILINE)
    at_table = table.start() if table else len(start)
    at_mapping = mapping.start() if mapping else len(start)
    return "toml" if at_table < at_mapping else "yaml"


def _decoded(data: bytes, form: Format, most_bytes: int) -> str:
    """Give the text of a document, or say where it is none."""
    if len(data) > most_bytes:
        raise _Unreadable("", "size", f"{len(data)} bytes", f"at most {most_bytes}")
    wide = form != "toml" and data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            _place(data[: error.start].decode("latin-1"), error.start),
            "encoding",
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "save the file as UTF-8",
        ) from error
    if "\x00" in text:
        at = text.index("\x00")
        raise _Unreadable(
            _place(text, at), "encoding", "a NUL byte", "save the file as text"
        )
    return text


def _parsed(text: str, form: Format) -> tuple[str, Any, tuple[Diagnosis, ...], Zeros]:
    """Give head, tree, what is odd, and leading zeros."""
    if form == "toml":
        return "", _toml(text), (), ()
    if form == "json":
        return "", _json_tree(text), (), ()
    head, body = split_head(text)
    try:
        tree, odd, zeros = compose_tree(body)
    except OverBudget:
        raise
    except ValueError as error:
        path, _, said = str(error).partition(": ")
        twice = said.endswith("stands twice")
        raise _Unreadable(
            path,
            "duplicate-key" if twice else "syntax",
            said,
            "keep one of the two" if twice else _YAML,
        ) from error
    return head, tree, odd, zeros


def _toml(text: str) -> Any:
    for pattern, said in (
        (_ENDLESS_KEY, "a key of endless parts"),
        (_ENDLESS_NUMBER, "a number of endless length"),
    ):
        endless = pattern.search(text)
        if endless:
            place = _place(text, endless.start())
            raise _Unreadable(place, "size", said, "shorten it")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise OverBudget(f"more than {MOST_LEVELS} levels") from error
    except ValueError as error:
        said = str(error)
        found = re.search(r"\(at line (\d+), column (\d+)\)", said)
        place = f"line {found[1]}, column {found[2]}" if found else ""
        if "(at end of document)" in said:
            place = _place(text, len(text))
        raise _Unreadable(
            place,
            "syntax",
            re.sub(r" \(at [^)]*\)$", "", said),
            "see https://toml.io for the syntax",
        ) from error


def _json_tree(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise _Unreadable(
            f"line {error.lineno}, column {error.colno}",
            "syntax",
            error.msg,
            _JSON,
        ) from error
    except RecursionError as error:
        raise OverBudget(f"more than {MOST_LEVELS} levels") from error
    except ValueError as error:
        found = next((one for one in _NO_NUMBER.finditer(text) if one[1]), None)
        place = _place(text, found.start()) if found else ""
        raise _Unreadable(place, "syntax", str(error), _JSON) from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Take the keys of one object; one that stands twice hides what it held."""
    table = dict(pairs)
    if len(table) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Unreadable(twice, "duplicate-key", twice, "keep one of the two")
    return table


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    start = text.rfind("\n", 0, at) + 1
    return f"line {line}, column {at - start + 1}"
