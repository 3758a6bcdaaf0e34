"""Read what a customer may set from the comments of an OpenSCAD source.

OpenSCAD's customizer shows a variable when it is given a literal at the top level,
above the first line with a ``{``. Comments around it say how.

Two readings differ from the program on purpose: a one-line block comment without
brackets does not end a section (so what is hidden stays hidden), and the options of a
text are texts even when they look like numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from nearmade.designs.design import Option, Parameter, ParameterKind, ParameterValue
from nearmade.vocabulary.errors import InvalidInput

#: Longest source that is read, in characters.
MAX_SOURCE_CHARS = 1_000_000

#: Sections with a meaning of their own: not shown; shown with every section.
HIDDEN, GLOBAL = "Hidden", "Global"

#: Longest comment that is read for a widget or a section, in characters.
MAX_REMARK_CHARS = 2000

#: Heading of what stands above the first section.
UNTITLED = "Parameters"

_DEPTH = {"[": 1, "(": 1, "{": 1, "]": -1, ")": -1, "}": -1}

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SIGNED = rf"\s*([+-]?\s*{_NUMBER})\s*"
_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\f\v]+)"
    r"|(?P<newline>\n)"
    r"|(?P<remark>//[^\n]*)"
    r"|(?P<block>/\*.*?(?:\*/|\Z))"
    r"|(?P<include>\b(?:include|use)\s*<[^>\n]*>)"
    r'|(?P<text>"(?:\\.|[^"\\])*(?:"|\Z))'
    rf"|(?P<number>{_NUMBER}(?![A-Za-z_]))"
    r"|(?P<name>\$?[A-Za-z0-9_]+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-7][0-9a-fA-F])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL
)
_RANGE = re.compile(rf"\[{_SIGNED}(?::{_SIGNED})?(?::{_SIGNED})?\]")
_PIECE = re.compile(r'"[^"]*"|[,:"]|[^",:]+')


@dataclass(frozen=True, slots=True)
class Assignment:
    """A literal that the source gives to a variable at the top level.

    Parameters
    ----------
    name
        The variable.
    value
        The literal.
    line
        Where it begins, from 1.
    group
        Heading of its section; may be ``Hidden``.
    """

    name: str
    value: ParameterValue
    line: int
    group: str


@dataclass(slots=True)
class _Reading:
    """What one pass over the source found."""

    assignments: dict[str, Assignment | None] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)
    captions: dict[int, str] = field(default_factory=dict)
    statements_on: dict[int, int] = field(default_factory=dict)


def read_parameters(source: str) -> tuple[Parameter, ...]:
    """Read the parameters of a source in its order, hidden ones left out.

    Parameters
    ----------
    source
        Text of an OpenSCAD file; nothing is included or run.

    Raises
    ------
    InvalidInput
        When the source is longer than a million characters.

    References
    ----------
    .. [1] OpenSCAD User Manual, "Customizer",
       https://en.wikibooks.org/wiki/OpenSCAD_User_Manual/Customizer
    """
    reading = _read(source)
    return tuple(
        _parameter(assignment, reading)
        for assignment in reading.assignments.values()
        if assignment is not None and assignment.group != HIDDEN
    )


def read_assignments(source: str) -> tuple[Assignment, ...]:
    """Read every literal that the customizer could see, hidden ones too."""
    found = _read(source).assignments.values()
    return tuple(assignment for assignment in found if assignment is not None)


def read_literal(text: str) -> ParameterValue | None:
    """Read one OpenSCAD literal; None when the text is anything else."""
    tokens = [(kind, content) for kind, content, _ in _tokens(text) if kind != "blank"]
    return _literal(tokens)


def _tokens(source: str) -> Iterator[tuple[str, str, int]]:
    """Give kind, text and line of every token."""
    line = 1
    for match in _TOKEN.finditer(source):
        text = match.group()
        yield str(match.lastgroup), text, line
        line += text.count("\n")


def _read(source: str) -> _Reading:
    """Pass once over the source."""
    if len(source) > MAX_SOURCE_CHARS:
        raise InvalidInput(
            f"OpenSCAD source has {len(source)} characters: "
            f"at most {MAX_SOURCE_CHARS} are read",
            code="source-too-long",
        )
    text = source.removeprefix("\ufeff").replace("\r\n", "\n")
    reading = _Reading()
    sections: list[tuple[int, str]] = []
    statement: list[tuple[str, str]] = []
    begins, depth, stop_line = 0, 0, 0
    at_column_0 = True
    for kind, content, line in _tokens(text):
        if kind == "remark":
            _keep_remark(reading, content, line, at_column_0=at_column_0)
        elif kind == "block":
            sections += [(line, heading) for heading in _heading(content)]
        elif kind == "sign" and content in ";}" and depth == (content == "}"):
            reading.statements_on[line] = reading.statements_on.get(line, 0) + 1
            _keep(reading, statement, begins, sections)
            statement, depth = [], 0
        elif kind not in ("blank", "newline", "include"):
            if content == "{":
                stop_line = stop_line or line
            depth = max(0, depth + _DEPTH.get(content, 0))
            begins = begins if statement else line
            statement.append((kind, content))
        at_column_0 = content.endswith("\n")
    if stop_line:
        _forget_from(reading, stop_line)
    return reading


def _keep_remark(
    reading: _Reading, comment: str, line: int, *, at_column_0: bool
) -> None:
    """Keep a comment to the end of its line, as widget and as caption."""
    remark = comment[2:MAX_REMARK_CHARS].strip()
    reading.remarks.setdefault(line, remark)
    if at_column_0:
        reading.captions[line] = remark


def _heading(comment: str) -> list[str]:
    """Give the section that a block comment opens, if it opens one."""
    if "\n" in comment or len(comment) > MAX_REMARK_CHARS:
        return []
    brackets = re.findall(r"\[([^\[\]]*)\]", comment)
    return ["-".join(brackets).strip()] if brackets else []


def _keep(
    reading: _Reading,
    statement: list[tuple[str, str]],
    line: int,
    sections: list[tuple[int, str]],
) -> None:
    """Keep a statement if it gives a literal to a name; a later one wins."""
    if len(statement) < 3 or statement[1] != ("sign", "="):
        return
    kind, name = statement[0]
    if kind != "name":
        return
    value = _literal(statement[2:])
    above = bisect_left(sections, (line, ""))
    group = sections[above - 1][1] if above else UNTITLED
    reading.assignments[name] = (
        None if value is None else Assignment(name, value, line, group)
    )


def _forget_from(reading: _Reading, line: int) -> None:
    """Drop what stands on the stopping line or is given again below it."""
    for name, assignment in reading.assignments.items():
        if assignment is not None and assignment.line >= line:
            reading.assignments[name] = None


def _literal(tokens: list[tuple[str, str]]) -> ParameterValue | None:
    """Read a number, text, truth value or vector of one to four numbers."""
    single = _scalar(tokens)
    if single is not None:
        return single
    if len(tokens) < 3 or tokens[0][1] != "[" or tokens[-1][1] != "]":
        return None
    parts: list[list[tuple[str, str]]] = [[]]
    for token in tokens[1:-1]:
        if token == ("sign", ","):
            parts.append([])
        else:
            parts[-1].append(token)
    if not parts[-1]:
        parts.pop()
    numbers = [_scalar(part) for part in parts]
    if 1 <= len(numbers) <= 4 and all(type(number) is float for number in numbers):
        return tuple(number for number in numbers if isinstance(number, float))
    return None


def _scalar(tokens: list[tuple[str, str]]) -> float | str | bool | None:
    """Read a number with or without a sign, a text or a truth value."""
    match tokens:
        case [("number", digits)] | [("sign", "+"), ("number", digits)]:
            return float(digits)
        case [("sign", "-"), ("number", digits)]:
            return -float(digits)
        case [("name", "true" | "false" as word)]:
            return word == "true"
        case [("text", quoted)] if len(quoted) > 1 and quoted.endswith('"'):
            return _ESCAPE.sub(_unescape, quoted[1:-1])
    return None


def _unescape(match: re.Match[str]) -> str:
    """Give the character that an escape stands for."""
    code = match[1] or match[2] or match[3]
    if code:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else ""
    known = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
    return known.get(match[4], match[0])


def _parameter(assignment: Assignment, reading: _Reading) -> Parameter:
    """Put a literal and the comments around it together."""
    value, line = assignment.value, assignment.line
    # OpenSCAD reads no widget from a line with several statements.
    alone = reading.statements_on.get(line, 0) == 1
    remark = reading.remarks.get(line, "") if alone else ""
    caption = reading.captions.get(line - 1, "")
    group = assignment.group

    def built(kind: ParameterKind, **known: object) -> Parameter:
        return Parameter(
            assignment.name,
            kind,
            value,
            caption,
            group,
            **known,  # type: ignore[arg-type]
        )

    if isinstance(value, bool):
        return built("switch")
    if isinstance(value, str):
        options = _options(remark, value)
        if options:
            return built("choice", options=options)
        length = int(remark) if re.fullmatch(r"\d{1,6}", remark) else None
        return built("text", max_length=length)
    kind: ParameterKind = "vector" if isinstance(value, tuple) else "number"
    limits = _limits(remark)
    if not limits and kind == "number":
        options = _options(remark, float(value))  # type: ignore[arg-type]
        if options:
            return built("choice", options=options)
    return built(kind, **limits)


def _limits(remark: str) -> dict[str, float]:
    """Read ``[max]``, ``[min:max]``, ``[min:step:max]`` or a bare step."""
    if re.fullmatch(_SIGNED, remark):
        step = float(remark.replace(" ", ""))
        return {"step": step} if step > 0 else {}
    match = _RANGE.fullmatch(remark)
    if match is None:
        return {}
    numbers = [float(text.replace(" ", "")) for text in match.groups() if text]
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return {"minimum": 0.0, "step": 1.0, "maximum": last}
    step = numbers[1] if len(numbers) == 3 else 1.0
    return {"minimum": first, "step": step, "maximum": last}


def _options(remark: str, initial: float | str) -> tuple[Option, ...]:
    """Read ``[a, b]`` or ``[10:S, 20:M]``; the initial value is always among them."""
    if not (remark.startswith("[") and remark.endswith("]")):
        return ()
    inside = remark[1:-1]
    if not inside.strip() or (_RANGE.fullmatch(remark) and ":" in remark):
        return ()
    entries = _entries(inside)
    options = [_option(value, label, initial) for value, label in entries]
    if not options:
        return ()
    if all(option.value != initial for option in options):
        shown = initial if isinstance(initial, str) else f"{initial:g}"
        options.insert(0, Option(initial, shown))
    return tuple(options)


def _entries(inside: str) -> list[tuple[str, str]]:
    """Split a list at its commas into value and label; empty when it makes no sense.

    Quotes keep commas and colons together.
    """
    entries: list[list[str]] = [[""]]
    for piece in _PIECE.findall(inside):
        if piece == '"':
            return []
        if piece == ",":
            entries.append([""])
        elif piece == ":":
            entries[-1].append("")
        else:
            entries[-1][-1] += piece
    texts = [[text.strip() for text in entry] for entry in entries]
    if texts[-1] == [""]:
        texts.pop()
    if any(len(entry) > 2 or not all(map(_is_word, entry)) for entry in texts):
        return []
    return [(entry[0].strip('"'), entry[-1].strip('"')) for entry in texts]


def _is_word(text: str) -> bool:
    """Tell whether a text has no quotes, or is quoted as a whole."""
    return text.strip('"').count('"') == 0 and text.count('"') in (0, 2)


def _option(text: str, label: str, initial: float | str) -> Option:
    """Give one entry of a dropdown its value's type."""
    if not isinstance(initial, str) and re.fullmatch(_SIGNED, text):
        return Option(float(text.replace(" ", "")), label or text)
    return Option(text, label or text)
