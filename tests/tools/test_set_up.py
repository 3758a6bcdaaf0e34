"""Set-up: what is due, what is missing, what a failure says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "set_up.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["set_up"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_a_fingerprint_follows_content_and_name(
    tool: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    first = tool.fingerprint([file])
    assert tool.fingerprint([file]) == first
    file.write_text("two")
    assert tool.fingerprint([file]) != first
    other = tmp_path / "b.txt"
    other.write_text("one")
    assert tool.fingerprint([other]) != first


def test_a_fingerprint_reads_folders_to_the_bottom(
    tool: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "src/deep").mkdir(parents=True)
    before = tool.fingerprint([tmp_path / "src"])
    (tmp_path / "src/deep/file").write_text("x")
    assert tool.fingerprint([tmp_path / "src"]) != before


def test_a_missing_input_is_no_error(tool: ModuleType, tmp_path: Path) -> None:
    assert tool.fingerprint([tmp_path / "none"]) == tool.fingerprint([])


def test_a_step_is_due_until_done_and_again_when_its_input_changes(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, proof = tmp_path / "in", tmp_path / "out"
    source.write_text("1")
    step = tool.Step("s", "a thing", (source,), proof, proof.touch)
    stamps = tmp_path / "stamps"
    assert tool.due(step, stamps)
    tool.perform(step, stamps)
    assert not tool.due(step, stamps)
    source.write_text("2")
    assert tool.due(step, stamps)
    tool.perform(step, stamps)
    proof.unlink()
    assert tool.due(step, stamps)
    assert "setting up a thing" in capsys.readouterr().out


def test_a_step_that_leaves_nothing_behind_has_failed(
    tool: ModuleType, tmp_path: Path
) -> None:
    step = tool.Step("s", "a thing", (), tmp_path / "never", lambda: None)
    with pytest.raises(tool.SetUpFailed, match="did not appear"):
        tool.perform(step, tmp_path / "stamps")
    assert tool.due(step, tmp_path / "stamps")


@pytest.mark.parametrize(
    "output",
    [
        "Failed to establish a new connection: [Errno -2] Name or service not known",
        "error: Request failed\n  Caused by: dns error: failed to lookup address",
        "npm error code EAI_AGAIN",
        "Temporary failure resolving 'mirror.example'",
    ],
)
def test_without_network_the_message_says_so(tool: ModuleType, output: str) -> None:
    assert tool.explain(["x"], output).startswith("no network")


def test_a_missing_module_is_not_taken_for_a_missing_network(tool: ModuleType) -> None:
    said = tool.explain(["uv"], "ModuleNotFoundError: No module named 'editables'")
    assert said.startswith("uv failed:")


def test_a_wrong_hash_is_named_as_such(tool: ModuleType) -> None:
    said = tool.explain(["uv"], "error: Hash mismatch for `thing==1.0`")
    assert "not the one that was locked" in said


def test_any_other_failure_shows_the_end_of_the_log(tool: ModuleType) -> None:
    said = tool.explain(["npm", "ci"], "\n".join(f"line {n}" for n in range(99)))
    assert said.startswith("npm ci failed:")
    assert "line 98" in said
    assert "line 20" not in said


def test_a_package_is_seen_by_its_program_or_its_file(tool: ModuleType) -> None:
    assert tool.DebianPackage("sh", "sh", "").present()
    assert tool.DebianPackage("sh", "/bin/sh", "").present()
    assert not tool.DebianPackage("x", "no-such-program-here", "").present()
    assert not tool.DebianPackage("x", "/no/such/file", "").present()


def test_without_the_right_to_install_one_line_names_all_that_is_missing(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "privilege", lambda: None)
    needed = tool.DebianPackage("python3-venv", "/no", "Python", needed=True)
    other = tool.DebianPackage("slicer", "/no", "quotes")
    with pytest.raises(tool.SetUpFailed) as failed:
        tool.add_debian_packages([needed, other])
    assert str(failed.value) == (
        "install by hand: sudo apt-get install python3-venv slicer"
    )


def test_what_is_not_needed_is_named_and_done_without(
    tool: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tool, "privilege", lambda: None)
    tool.add_debian_packages([tool.DebianPackage("slicer", "/no", "quotes")])
    said = capsys.readouterr().err
    assert "going on without slicer for quotes" in said
    assert "sudo apt-get install slicer" in said


def test_a_command_that_cannot_start_is_named(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "LOG", tmp_path / "log")
    with pytest.raises(tool.SetUpFailed, match="cannot be started"):
        tool.run(["/no/such/program"], cwd=tmp_path)
    with pytest.raises(tool.SetUpFailed, match="failed"):
        tool.run([sys.executable, "-c", "print('why'); raise SystemExit(3)"])
    assert "why" in (tmp_path / "log").read_text()


def test_each_purpose_sets_up_what_it_needs_and_no_more(tool: ModuleType) -> None:
    def names(only: str) -> list[str]:
        return [step.name for step in tool.steps_for(only)]

    python = ["venv", "uv", "python-{}", "project", "compiled"]
    assert names("check") == [name.format("test") for name in python]
    assert names("run") == [name.format("run") for name in python] + ["npm", "page"]
    assert names("test") == [name.format("test") for name in python] + [
        "npm",
        "page",
        "octoprint",
        "opencascade",
    ]
    assert names("step") == ["venv", "uv", "opencascade"]
    assert names("oracles") == ["venv", "uv", "oracles"]


def test_every_input_of_every_step_is_there(tool: ModuleType) -> None:
    for only in ("run", "check", "test", "step", "oracles"):
        for step in tool.steps_for(only):
            assert [path for path in step.inputs if not path.exists()] == []


def test_machine_code_of_changed_functions_is_forgotten(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "src" / "room" / "__pycache__"
    cache.mkdir(parents=True)
    (tmp_path / "src" / "room" / "search.py").write_text("@compiled\ndef f(): ...\n")
    (tmp_path / "src" / "room" / "plain.py").write_text("def f(): ...\n")
    for name in ("search.f-1.py311.nbi", "search.f-1.py311.1.nbc", "plain.pyc"):
        (cache / name).write_bytes(b"x")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert tool.compiled_sources() == (tmp_path / "src" / "room" / "search.py",)
    tool.forget_compiled()
    assert [left.name for left in cache.iterdir()] == ["plain.pyc"]
