"""Read XML as a stream of tags: no document type, no entities, bounded depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

from nearmade.vocabulary.errors import InvalidInput

MAX_DEPTH = 64

#: Called at each tag with the parent's and its own name as "namespace local", and its
#: attributes.
OnTag = Callable[[str, str, dict[str, str]], None]


def walk(
    chunks: Iterable[bytes],
    on_start: OnTag,
    on_end: Callable[[str], None],
    on_text: Callable[[str], None] | None = None,
) -> dict[str, str]:
    """Read a document and tell of each tag; give the prefixes it declares.

    Parameters
    ----------
    chunks
        The document in pieces.
    on_start
        Called with the parent's name, the own name and the attributes.
    on_end
        Called with the own name.
    on_text
        Called with text between tags, in pieces; None reads over it.

    Raises
    ------
    InvalidInput
        When it is not well-formed, has a document type, or nests too deep.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    prefixes: dict[str, str] = {}
    path = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) > MAX_DEPTH:
            raise InvalidInput(
                f"XML: tags nest deeper than {MAX_DEPTH}", code="xml-too-deep"
            )
        on_start(path[-1], name, attributes)
        path.append(name)

    def end(name: str) -> None:
        path.pop()
        on_end(name)

    def declare(prefix: str | None, uri: str | None) -> None:
        prefixes.setdefault(prefix or "", uri or "")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = on_text
    parser.StartNamespaceDeclHandler = declare
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise InvalidInput(
            f"XML is not well-formed: {error}",
            code="xml-malformed",
            remedy="export the file again",
        ) from error
    return prefixes


def _refuse_doctype(*_: object) -> NoReturn:
    raise InvalidInput(
        "XML: a document type is not allowed here", code="xml-document-type"
    )


def misread(name: str, error: Exception) -> str:
    """Say what is wrong with a tag whose numbers or names could not be read.

    Parameters
    ----------
    name
        Of the tag.
    error
        A ``KeyError`` for what is missing, else what reading a number raised.
    """
    said = str(error)[:80]
    if isinstance(error, KeyError):
        return f"a <{name}> lacks {said}"
    if isinstance(error, OverflowError):
        return f"a <{name}> holds a number out of range"
    _, colon, value = said.rpartition(": ")
    return f"a <{name}> holds {value if colon else repr(said)}, which is no number"
