"""One line of G-code as a command with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Longest line that every firmware takes whole. Marlin's MAX_CMD_SIZE is 96 and
#: OctoPrint sends lines as they are; comments are what makes lines long.
LONGEST_LINE = 256

_LINE_NUMBER = re.compile(r"^N\d+\s*")
_CHECKSUM = re.compile(r"\s*\*\d{1,3}$")
_COMMAND = re.compile(r"([GMT])0*(\d{1,4}(?:\.\d)?)\s*")
_WORD = re.compile(r"([A-Z])\s?([+-]?(?:\d+\.?\d*|\.\d+))?\s*")
_EXPONENT = re.compile(r"[\d.]E[+-]?\d+(?=[A-Z\s]|$)")
_PRINTABLE = re.compile(r"^[\t\x20-\x7e]*$")
_MODEL_CHECK = re.compile(r'M862\.3\s*P\s*"[A-Z0-9+ .]{1,24}"$')


class BadLine(ValueError):
    """A line that cannot be read in one way only; the message says why."""


@dataclass(slots=True)
class Command:
    """A command with its words.

    Parameters
    ----------
    name
        Such as ``G1``, without leading zeros.
    words
        Number of each letter; None for a letter that stands alone.
    """

    name: str
    words: dict[str, float | None] = field(default_factory=dict)

    def number(self, letter: str) -> float | None:
        """Give the number of a word, None when it is absent or bare."""
        return self.words.get(letter)


def code_of(line: str) -> str:
    """Take comment, line number, checksum and surrounding blanks off a line.

    Raises
    ------
    BadLine
        When it is too long, not printable ASCII, or holds brackets: some firmwares
        take them for comments and others do not.
    """
    if len(line) > LONGEST_LINE:
        raise BadLine(f"line of {len(line)} characters; at most {LONGEST_LINE}")
    line = line.removesuffix("\r")
    if not _PRINTABLE.match(line):
        raise BadLine("characters that are not printable ASCII")
    code = line.partition(";")[0].strip().upper()
    if "(" in code or ")" in code:
        raise BadLine("brackets mean a comment to some firmwares only")
    return _CHECKSUM.sub("", _LINE_NUMBER.sub("", code))


def parse(code: str) -> Command:
    """Read a command and its words from text that ``code_of`` gave.

    Raises
    ------
    BadLine
        When it is not a command, a letter comes twice, or a number can be read in two
        ways.
    """
    if _MODEL_CHECK.match(code):
        return Command("M862.3")
    head = _COMMAND.match(code)
    if head is None:
        raise BadLine(f"not a command: {code[:24]!r}")
    command = Command(head[1] + head[2])
    place = head.end()
    if _EXPONENT.search(code, place):
        raise BadLine("a number that may be an exponent or an extrusion")
    while place < len(code):
        word = _WORD.match(code, place)
        if word is None:
            raise BadLine(f"cannot read {code[place : place + 16]!r}")
        letter = word[1]
        if letter in command.words:
            raise BadLine(f"{letter} comes twice")
        command.words[letter] = None if word[2] is None else float(word[2])
        place = word.end()
    return command
