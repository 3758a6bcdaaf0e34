"""YAML 1.2 as plain trees, by way of the nodes that ruamel.yaml composes.

Nothing is ever built from a tag: a tag that we do not know is named, and its content
read as if it had none.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nearmade.vocabulary.diagnosis import Diagnosis
from nearmade.vocabulary.document_trees import (
    MOST_LEVELS,
    MOST_NODES,
    OverBudget,
    differences,
    path_of,
)

_CORE = "tag:yaml.org,2002:"
_KNOWN = {
    f"{_CORE}{word}"
    for word in ("null", "bool", "int", "float", "timestamp", "str", "map", "seq")
}
_WIDEST = 100_000
_LONGEST_NUMBER = 1000
_MOMENT = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?"
    r"(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::?(\d\d))?))?)?"
)
_ZERO_FIRST = re.compile(r"0[0-9]{1,19}")
_HEAD = re.compile(r"\s*([%#][ \t]*Open[ \t]+Know-?how\b[^\n]*)", re.IGNORECASE)


def split_head(text: str) -> tuple[str, str]:
    """Give the line that declares the standard, and a text that YAML can read.

    A line such as ``%Open Know-How Manifest 1.0`` looks like a directive and is none:
    its sign becomes that of a comment, so that lines and columns stay.
    """
    found = _HEAD.match(text)
    if not found:
        return "", text
    at = found.start(1)
    return found[1].strip(), f"{text[:at]}#{text[at + 1 :]}"


#: Whole numbers with zeros at their front: the steps to each, and how it is written.
Zeros = tuple[tuple[tuple[Any, ...], str], ...]


def compose_tree(text: str) -> tuple[Any, tuple[Diagnosis, ...], Zeros]:
    """Read YAML 1.2 as a plain tree, with what is odd in it and its leading zeros.

    Raises
    ------
    OverBudget
        When it is too deep, or too large with its aliases written out.
    ValueError
        When it is no YAML: place, colon, what is wrong.
    """
    _check_brackets(text)
    yaml = YAML(typ="safe", pure=True)
    # YAML 1.2.2, 3.2.2.2: an anchor may be used again, the latest counts.
    yaml.composer.warn_double_anchors = False
    try:
        node = yaml.compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ValueError(f"{_at(mark)}: {error.problem or error.context}") from error
    except YAMLError as error:
        raise ValueError(f": {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise OverBudget(f"more than {MOST_LEVELS} levels") from error
    except (ValueError, IndexError, AttributeError, TypeError) as error:
        raise ValueError(f": {error}") from error
    if node is None:
        return {}, (), ()
    reader = _Reader(yaml.constructor)
    tree = reader.value(node, ())
    return tree, tuple(reader.odd), tuple(reader.zeros)


def _check_brackets(text: str) -> None:
    """Refuse brackets in brackets beyond measure: each level slows the reader down.

    Raises
    ------
    OverBudget
        When too many are open at once.
    """
    level = 0
    for sign in re.findall(r"[\[\]{}]", text):
        level = level + 1 if sign in "[{" else max(0, level - 1)
        if level > MOST_LEVELS:
            raise OverBudget(f"more than {MOST_LEVELS} levels")


class _Reader:
    """Makes plain values of nodes; counts them, so that aliases cannot explode."""

    def __init__(self, constructor: Any) -> None:
        self.constructor = constructor
        self.odd: list[Diagnosis] = []
        self.zeros: list[tuple[tuple[Any, ...], str]] = []
        self.count = 0

    def value(self, node: Node, steps: tuple[Any, ...]) -> Any:
        """Give a node as a plain value."""
        self.count += 1
        if self.count > MOST_NODES:
            raise OverBudget(f"more than {MOST_NODES} values")
        if len(steps) > MOST_LEVELS:
            raise OverBudget(f"more than {MOST_LEVELS} levels")
        tag = str(node.tag)
        if tag not in _KNOWN:
            suggestion = "leave the tag out: it is not read"
            self.odd.append(Diagnosis(path_of(steps), "tag", tag[:80], suggestion))
        if isinstance(node, SequenceNode):
            return [
                self.value(child, (*steps, index))
                for index, child in enumerate(node.value)
            ]
        if isinstance(node, MappingNode):
            return self._table(node, steps)
        if tag == f"{_CORE}int" and _ZERO_FIRST.fullmatch(str(node.value)):
            self.zeros.append((steps, str(node.value)))
        return self._leaf(node, tag, steps)

    def _table(self, node: MappingNode, steps: tuple[Any, ...]) -> dict[Any, Any]:
        own: dict[Any, Any] = {}
        merged: list[Node] = []
        for key_node, child in node.value:
            if str(key_node.tag) == f"{_CORE}merge":
                merged.append(child)
                continue
            if not isinstance(key_node, ScalarNode):
                raise ValueError(f"{_at(key_node.start_mark)}: a key that is no text")
            key = self._leaf(key_node, str(key_node.tag), steps)
            if key in own:
                raise ValueError(
                    f"{_at(key_node.start_mark)}: the key {str(key)[:40]!r} stands "
                    "twice"
                )
            own[key] = self.value(child, (*steps, key))
        for one in merged:
            for table in self._merged(one, steps):
                own = {**table, **own}
        return own

    def _merged(self, node: Node, steps: tuple[Any, ...]) -> Iterator[dict[Any, Any]]:
        """Give the tables of a merge key, the strongest first."""
        several = node.value if isinstance(node, SequenceNode) else [node]
        for one in several:
            if not isinstance(one, MappingNode):
                raise ValueError(f"{_at(one.start_mark)}: << takes tables only")
            yield self.value(one, (*steps, "<<"))

    def _leaf(self, node: Node, tag: str, steps: tuple[Any, ...]) -> Any:
        kind = tag.removeprefix(_CORE)
        text = str(node.value)
        if kind in ("int", "float") and len(text) > _LONGEST_NUMBER:
            raise OverBudget(f"{_at(node.start_mark)}: a number of endless length")
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return self.constructor.construct_yaml_bool(node)
                case "int":
                    return self.constructor.construct_yaml_int(node)
                case "float":
                    return self.constructor.construct_yaml_float(node)
                case "timestamp":
                    return _moment(text)
        except (ValueError, OverflowError, KeyError, IndexError):
            what = f"a {kind.replace('timestamp', 'date')} that there is, or quotes"
            self.odd.append(Diagnosis(path_of(steps), "value", text[:80], what))
        return text


def _moment(text: str) -> date | datetime:
    """Read a date, or a moment with the zone that it was written in."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError("no date")
    year, month, day = (int(found[index]) for index in (1, 2, 3))
    if found[4] is None:
        return date(year, month, day)
    zone = UTC if found[8] else None
    if found[9]:
        minutes = int(found[10]) * 60 + int(found[11] or 0)
        zone = timezone(timedelta(minutes=-minutes if found[9] == "-" else minutes))
    micro = int((found[7] or "").ljust(6, "0")[:6] or 0)
    clock = (int(found[4]), int(found[5]), int(found[6]))
    return datetime.combine(date(year, month, day), time(*clock, micro, zone))


def _at(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def write_yaml(text: str, old: Any, new: Any) -> str:
    """Write a changed tree into its own text: comments and quotes stay.

    Parameters
    ----------
    text
        As it was read.
    old
        The tree that it holds.
    new
        The tree that it shall hold.

    Raises
    ------
    ValueError
        When YAML has no way to write a value.
    """
    if "\r\n" in text:  # written on Windows: so it stays
        plain = write_yaml(text.replace("\r\n", "\n"), old, new)
        return plain.replace("\n", "\r\n")
    cut = _directive_end(text)
    head, body = text[:cut], text[cut:]
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = _WIDEST
    yaml.composer.warn_double_anchors = False
    yaml.allow_unicode = True
    if re.search(r"^  +- ", body, re.MULTILINE):
        yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        tree = _changed(yaml.load(body), old, new)
        written = head + _dumped(yaml, tree)
        if not differences(compose_tree(split_head(written)[1])[0], new):
            return written
    except (YAMLError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        pass  # its own text cannot carry the change: it is written anew
    try:
        return head + _dumped(yaml, copy.deepcopy(new))
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _directive_end(text: str) -> int:
    """Give where the head ends that looks like a directive, its dashes included."""
    found = re.match(r"\s*%[ \t]*Open[^\n]*\n(?:\s*---[ \t]*\n)?", text, re.IGNORECASE)
    return found.end() if found else 0


def _dumped(yaml: YAML, tree: Any) -> str:
    stream = io.StringIO()
    yaml.dump(tree, stream)
    return stream.getvalue()


def _changed(place: Any, old: Any, new: Any) -> Any:
    """Put what changed into a tree with comments; give what stands there now."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() - new.keys():
            del place[key]
        for key, value in new.items():
            if key not in old:
                place[key] = value
            elif differences(old[key], value):
                place[key] = _changed(place[key], old[key], value)
        return place
    if isinstance(old, list) and isinstance(new, list):
        del place[len(new) :]
        for index, value in enumerate(new):
            if index >= len(old):
                place.append(value)
            elif differences(old[index], value):
                place[index] = _changed(place[index], old[index], value)
        return place
    return new
