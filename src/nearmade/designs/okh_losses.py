"""What of a manifest no conversion can carry: comments and tags."""

from __future__ import annotations

import re

from nearmade.vocabulary.document_trees import differences
from nearmade.vocabulary.documents import Document, read_document

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
#: So many places that look like comments are looked at one by one.
_MOST = 50


def losses(document: Document) -> tuple[str, ...]:
    """Name what stands in a document and is in no tree of its values.

    Parameters
    ----------
    document
        As it was read; JSON has no comments, so nothing of it is lost.
    """
    if document.format == "json" or not document.readable:
        return ()
    lost = []
    comments = _comments(document)
    if comments:
        lost.append(f"{comments} comment" + ("s" if comments > 1 else ""))
    lost += [
        f"the tag {one.value} of {one.path or 'the manifest'}"
        for one in document.diagnoses
        if one.rule == "tag"
    ]
    return tuple(lost)


def _comments(document: Document) -> int:
    """Count comments: what looks like one and can be left out with the tree unchanged.

    A heading in a long text looks like a comment and is none.
    """
    text = document.data.decode("utf-8-sig", "replace")
    start = text.index("\n") if document.head and "\n" in text else 0
    found = list(_COMMENT.finditer(text, start))
    if not found or _same(document, text[:start] + _COMMENT.sub("", text[start:])):
        return len(found)
    return sum(
        _same(document, text[: one.start()] + text[one.end() :])
        for one in found[:_MOST]
    )


def _same(document: Document, text: str) -> bool:
    again = read_document(text.encode(), f"x.{document.format}")
    return again.readable and not differences(again.tree, document.tree)
