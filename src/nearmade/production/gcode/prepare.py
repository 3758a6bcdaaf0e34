"""Make a slicer's file ready for the gate: only what a printer needs stays."""

from __future__ import annotations

import re

#: Commands that are taken out, because the print does not need them.
#: Anything else that the gate does not know stays, and is refused there.
TAKEN_OUT: dict[str, str] = {
    "M115": "asks for the firmware version; with U the printer may wait for a person",
    "M117": "text on the screen, which may hold names",
    "M118": "text to the host, which may hold commands for it",
    "M300": "a sound",
    "M907": "sets motor currents, which belong to the machine and not to a file",
    "M914": "sets the crash sensitivity, which belongs to the machine",
}

_NAME = re.compile(r"(?:N\d+\s*)?([GM])0*(\d+)(?![\d.])", re.IGNORECASE)
_TIME = re.compile(
    r"^; estimated printing time \(normal mode\) = "
    r"(?:(\d+)d ?)?(?:(\d+)h ?)?(?:(\d+)m ?)?(?:(\d+)s)?\s*$",
    re.MULTILINE,
)


def expected_s(content: bytes) -> int | None:
    """Read the print time that the slicer wrote into the file. [s]"""
    found = _TIME.search(content.decode("latin-1"))
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def prepare(content: bytes) -> bytes:
    """Take out comments, blank lines and the commands of ``TAKEN_OUT``.

    Comments hold whole slicer settings and, from some programs, keys. The print time
    alone is written again at the end, since printers and hosts read it there.
    """
    kept = []
    for line in content.decode("latin-1").split("\n"):
        code = _without_brackets(line.partition(";")[0]).strip()
        name = _NAME.match(code)
        if code and not (name and f"{name[1].upper()}{name[2]}" in TAKEN_OUT):
            kept.append(code)
    total_s = expected_s(content)
    if total_s is not None:
        hours, minutes = total_s // 3600, total_s // 60 % 60
        kept.append(
            "; estimated printing time (normal mode) = "
            f"{hours}h {minutes}m {total_s % 60}s"
        )
    return ("\n".join(kept) + "\n").encode("latin-1")


def _without_brackets(code: str) -> str:
    """Take out what stands in brackets; those without a partner stay."""
    if "(" not in code or ")" not in code:
        return code
    kept: list[str] = []
    opened: list[int] = []
    for character in code:
        kept.append(character)
        if character == "(":
            opened.append(len(kept) - 1)
        elif character == ")" and opened:
            del kept[opened.pop() :]
    return "".join(kept)
