"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nearmade.vocabulary import errors
from tests.architecture.sources import (
    ROOT,
    SRC,
    own_files,
    python_files,
    room_files,
    shown,
    tree_of,
)

MODULE_LINES = 500
FUNCTION_LINES = 60

FORBIDDEN_NAMES = {"utils", "util", "common", "misc", "manager", "base", "helpers"}

#: Outermost loops of processes, where a broad except keeps the process alive: file and
#: function, with the reason.
OUTERMOST_LOOPS = {
    ("src/nearmade/agent/loop.py", "run"): "one bad round must not end an agent",
    (
        "src/nearmade/cloud/moderation/tasks.py",
        "_verdict",
    ): "a check that breaks holds the order for a person",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: Function) -> int:
    """Count lines from the name to the end, the docstring left out."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_no_module_passes_500_lines() -> None:
    too_long = {
        shown(path): lines
        for path in python_files()
        if (lines := len(path.read_text("utf-8").splitlines())) > MODULE_LINES
    }
    assert too_long == {}


def test_no_function_passes_60_lines() -> None:
    too_long = {
        f"{shown(path)}:{function.lineno} {function.name}": body_lines(function)
        for path in python_files()
        for function in functions(tree_of(path))
        if body_lines(function) > FUNCTION_LINES
    }
    assert too_long == {}


def test_no_module_hides_behind_an_empty_name() -> None:
    hiding = [
        shown(path)
        for path in python_files()
        if {path.stem, path.parent.name} & FORBIDDEN_NAMES
    ]
    assert hiding == []


def broad_excepts(path: Path) -> Iterator[tuple[str, str]]:
    """Name file and function of each except that swallows everything."""
    tree = tree_of(path)
    owners: dict[ast.AST, str] = {}
    for function in functions(tree):
        for node in ast.walk(function):
            owners[node] = function.name
    for node in ast.walk(tree):
        if swallows_everything(node):
            yield shown(path), owners.get(node, "")


def swallows_everything(node: ast.AST) -> bool:
    """Tell an except, or a suppress, that ends what it did not foresee.

    One that tidies up and raises again is none.
    """
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        return any(catches_everything(argument) for argument in node.args)
    if not (isinstance(node, ast.ExceptHandler) and catches_everything(node.type)):
        return False
    last = node.body[-1]
    return not (isinstance(last, ast.Raise) and last.exc is None)


def catches_everything(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    names = {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_a_broad_except_stands_only_in_an_outermost_loop() -> None:
    found = {
        place
        for path in python_files()
        if SRC in path.parents
        for place in broad_excepts(path)
    }
    assert found - set(OUTERMOST_LOOPS) == set()


def public_things(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Name public classes, functions and methods of a module."""
    for node in tree_of(path).body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, Function) and not member.name.startswith("_"):
                    yield f"{node.name}.{member.name}", member


def test_every_public_thing_in_the_rooms_says_what_it_gives() -> None:
    silent = [
        f"{shown(path)} {name}"
        for path in room_files()
        for name, node in public_things(path)
        if isinstance(node, Function | ast.ClassDef) and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_room_says_what_it_knows_in_under_ten_lines() -> None:
    for path in room_files():
        if path.name == "__init__.py" and path.parent.parent == SRC:
            lines = (ast.get_docstring(tree_of(path)) or "").splitlines()
            assert 1 <= len(lines) < 10, shown(path)


def every_error() -> list[type[errors.NearmadeError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.NearmadeError)
        and kind is not errors.NearmadeError
    ]


def test_every_error_has_its_exit_code() -> None:
    from nearmade.cli.main import EXIT_CODES

    assert {kind: EXIT_CODES.get(kind) for kind in every_error()} == {
        errors.InvalidInput: 2,
        errors.NotFound: 3,
        errors.Refused: 4,
        errors.Conflict: 5,
        errors.Unavailable: 6,
    }


def test_every_error_has_its_http_status() -> None:
    from nearmade.cloud.errors import HTTP_STATUS

    assert {kind: HTTP_STATUS.get(kind) for kind in every_error()} == {
        errors.InvalidInput: 422,
        errors.NotFound: 404,
        errors.Refused: 403,
        errors.Conflict: 409,
        errors.Unavailable: 503,
    }


#: Put together here so that this file does not hold them.
FORBIDDEN_TEXT = (
    "py" + "pi.org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb." + "debian.org",
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/fa" + "rm/",
    "/home/" + "ubuntu",
)


@pytest.mark.parametrize("text", FORBIDDEN_TEXT)
def test_no_file_names_a_registry_or_a_path_of_one_machine(text: str) -> None:
    wanted = text.encode()
    found = [
        shown(path)
        for path in own_files()
        if path.is_file() and wanted in path.read_bytes()
    ]
    assert found == []


def test_npm_locks_hold_no_download_addresses() -> None:
    locks = [path for path in own_files() if path.name == "package-lock.json"]
    assert locks
    for path in locks:
        packages = json.loads(path.read_text("utf-8"))["packages"]
        fetched = [name for name, row in packages.items() if "resolved" in row]
        assert fetched == [], shown(path)
        loose = [
            name
            for name, row in packages.items()
            if name and not row.get("link") and "integrity" not in row
        ]
        assert loose == [], shown(path)


def test_requirements_are_pinned_with_hashes_and_hold_no_addresses() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert {path.stem for path in locks} >= {"run", "test", "build", "uv", "octoprint"}
    for path in locks:
        text = path.read_text("utf-8")
        assert "://" not in text, shown(path)
        assert not re.search(r"^\s*--(index|extra|find)", text, re.MULTILINE)
        entries = re.split(r"\n(?=\S)", text.strip())
        unpinned = [
            one.splitlines()[0]
            for one in entries
            if not ("==" in one and "--hash=sha256:" in one)
        ]
        assert unpinned == [], shown(path)


def test_no_lock_of_uv_is_kept() -> None:
    assert not (ROOT / ("uv" + ".lock")).exists()
