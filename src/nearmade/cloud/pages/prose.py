"""A design's instructions, from its author's text to safe HTML.

Only what instructions need is read: headings, lists, tables, paragraphs, code words.
Everything else stays text; nothing of the author's is ever taken as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nearmade.cloud.catalogue.models import DesignVersion
from nearmade.cloud.catalogue.services import load_version

FILE = "assembly.md"
_NUMBERED = re.compile(r"^\d+[.)]\s+")
_BULLET = re.compile(r"^[-*]\s+")
_CODE = re.compile(r"`([^`]+)`")


def instructions_of(version: DesignVersion) -> SafeString:
    """Give a version's instructions as HTML; nothing when it has none."""
    content = load_version(version).files.get(FILE, b"")
    return html_of(content.decode("utf-8", errors="replace"))


def html_of(text: str) -> SafeString:
    """Turn plain instructions into HTML, every letter of them escaped."""
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", text.strip())]
    parts = [piece for block in blocks if block for piece in _block(block)]
    return mark_safe("".join(parts))  # noqa: S308 - each piece is escaped below


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", str(escape(text)))


def _block(lines: Sequence[str]) -> Iterator[str]:
    first = lines[0]
    if first.startswith("#"):
        # The page has its own title; the author's begin below it.
        level = len(first) - len(first.lstrip("#"))
        if level > 1:
            depth = min(level + 1, 6)
            yield f"<h{depth}>{_inline(first.lstrip('# '))}</h{depth}>"
        if lines[1:]:
            yield from _block(lines[1:])
    elif _NUMBERED.match(first):
        yield _list("ol", _NUMBERED, lines)
    elif _BULLET.match(first):
        yield _list("ul", _BULLET, lines)
    elif first.startswith("|"):
        yield _table(lines)
    else:
        yield f"<p>{_inline(' '.join(lines))}</p>"


def _list(tag: str, mark: re.Pattern[str], lines: Sequence[str]) -> str:
    entries: list[str] = []
    for line in lines:
        if mark.match(line) or not entries:
            entries.append(mark.sub("", line))
        else:
            entries[-1] += " " + line.strip()
    inside = "".join(f"<li>{_inline(entry)}</li>" for entry in entries)
    return f"<{tag}>{inside}</{tag}>"


def _table(lines: Sequence[str]) -> str:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not re.fullmatch(r"[|\s:-]+", line)
    ]
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>"
        for row in rows[1:]
    )
    return (
        f'<div class="table-box"><table class="sheet"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
