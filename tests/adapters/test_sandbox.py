"""The sandbox holds a program to its limits and to its folders."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from nearmade.adapters import sandbox
from nearmade.adapters.sandbox import Limits, Outcome, bubblewrap, run_limited
from nearmade.vocabulary.errors import InvalidInput, Unavailable

MIB = 2**20
SMALL = Limits(wall_s=5, cpu_s=5, memory_bytes=256 * MIB, file_bytes=MIB)

isolated = pytest.mark.skipif(
    bubblewrap() is None, reason="bubblewrap is absent or not allowed to work here"
)


def sh(script: str, **kwargs: object) -> Outcome:
    """Run a shell script; isolated where that works."""
    kwargs.setdefault("limits", SMALL)
    return run_limited(["/bin/sh", "-c", script], require_isolation=False, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine one without bubblewrap."""
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: None)


def test_a_program_answers_with_status_and_both_streams() -> None:
    outcome = sh("cat; echo heard >&2; exit 7", stdin=b"hello")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (
        7,
        b"hello",
        b"heard\n",
    )
    assert not outcome.timed_out


def test_a_program_kept_to_one_core_sees_one() -> None:
    held = Limits(wall_s=5, cpu_s=5, memory_bytes=None, file_bytes=MIB, one_core=True)
    assert sh("nproc", limits=held).stdout == b"1\n"


def test_a_sleeper_is_ended_at_the_wall() -> None:
    limits = Limits(wall_s=0.3, cpu_s=5, memory_bytes=None, file_bytes=MIB)
    began = time.monotonic()
    outcome = sh("sleep 30 & sleep 30", limits=limits)
    assert outcome.timed_out
    assert outcome.returncode == 137
    assert time.monotonic() - began < 20


def test_children_that_hold_the_pipe_do_not_hold_the_caller() -> None:
    began = time.monotonic()
    outcome = sh("sleep 30 & exit 0")
    assert outcome.returncode == 0
    assert time.monotonic() - began < 20


def test_a_flood_of_output_is_cut_and_does_not_block() -> None:
    outcome = sh("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2")
    assert outcome.returncode == 0
    assert len(outcome.stdout) == len(outcome.stderr) == MIB


def test_input_that_nobody_reads_does_not_block() -> None:
    assert sh("exit 0", stdin=b"x" * 5_000_000).returncode == 0


def test_address_space_is_limited() -> None:
    outcome = run_limited(
        [sys.executable, "-I", "-c", "bytearray(2**29)"],
        limits=SMALL,
        read_only=[Path(sys.prefix), Path(sys.base_prefix)],
        require_isolation=False,
    )
    assert b"MemoryError" in outcome.stderr


def test_resident_memory_is_watched() -> None:
    limits = Limits(
        wall_s=10, cpu_s=10, memory_bytes=None, file_bytes=MIB, rss_bytes=100 * MIB
    )
    outcome = run_limited(
        [
            sys.executable,
            "-I",
            "-c",
            "import time; b = bytearray(b'x') * 2**28; time.sleep(9)",
        ],
        limits=limits,
        read_only=[Path(sys.prefix), Path(sys.base_prefix)],
        require_isolation=False,
    )
    assert outcome.memory_exceeded
    assert outcome.wall_s < 5


def test_processor_time_is_limited() -> None:
    limits = Limits(wall_s=20, cpu_s=1, memory_bytes=None, file_bytes=MIB)
    outcome = sh("while :; do :; done", limits=limits)
    assert not outcome.timed_out
    assert outcome.returncode > 128


def test_a_large_file_is_not_written(tmp_path: Path) -> None:
    outcome = sh(
        f"head -c 3000000 /dev/zero > {tmp_path}/big", writable=[tmp_path], cwd=tmp_path
    )
    assert outcome.returncode != 0
    assert (tmp_path / "big").stat().st_size == MIB


def test_the_environment_is_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "hush")
    outcome = sh("env", env={"GIVEN": "yes"})
    assert b"GIVEN=yes" in outcome.stdout
    assert b"A_SECRET" not in outcome.stdout


def test_home_is_an_empty_folder_one_can_write_in() -> None:
    outcome = sh('ls -A "$HOME"; echo x > "$TMPDIR/x" && echo written')
    assert outcome.stdout == b"written\n"


@isolated
def test_only_the_named_folders_are_seen(tmp_path: Path) -> None:
    (seen := tmp_path / "seen").mkdir()
    (hidden := tmp_path / "hidden").mkdir()
    (seen / "a").write_text("visible")
    (hidden / "b").write_text("invisible")
    outcome = sh(
        f"cat {seen}/a; cat {hidden}/b; cat /etc/passwd; echo > {seen}/c; echo > /d",
        read_only=[seen],
    )
    assert outcome.stdout == b"visible"
    assert outcome.returncode != 0
    assert [path.name for path in seen.iterdir()] == ["a"]


@isolated
def test_a_writable_folder_may_lie_in_a_read_only_one(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    outcome = sh(
        f"echo y > {tmp_path}/out/y; echo n > {tmp_path}/n",
        read_only=[tmp_path],
        writable=[tmp_path / "out"],
    )
    assert outcome.returncode != 0
    assert (tmp_path / "out/y").read_text() == "y\n"
    assert not (tmp_path / "n").exists()


@isolated
def test_there_is_no_network_but_an_empty_loopback() -> None:
    outcome = sh("cat /proc/net/dev | tail -n +3 | cut -d: -f1")
    assert outcome.stdout.split() == [b"lo"]


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_bubblewrap_an_untrusted_program_does_not_run() -> None:
    with pytest.raises(Unavailable, match="bubblewrap") as caught:
        run_limited(["/bin/true"], limits=SMALL)
    assert "install bubblewrap" in caught.value.remedy


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_bubblewrap_a_trusted_program_has_limits_still(tmp_path: Path) -> None:
    limits = Limits(wall_s=0.3, cpu_s=5, memory_bytes=None, file_bytes=MIB)
    assert sh("sleep 30 & sleep 30", limits=limits).timed_out
    outcome = sh("pwd; head -c 3000000 /dev/zero > big", cwd=tmp_path)
    assert outcome.stdout.strip() == bytes(tmp_path)
    assert (tmp_path / "big").stat().st_size == MIB
    assert not outcome.isolated


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        sh("true", read_only=[tmp_path / "nowhere"])


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="above zero"):
        Limits(wall_s=float("nan"), cpu_s=1, memory_bytes=None, file_bytes=1)
