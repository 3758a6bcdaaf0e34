"""Run an outside program with limits, cut off from the machine and the network.

Bubblewrap gives the program namespaces of its own: no network, no other processes, a
read-only system, and only the folders that the caller names. Limits of the kernel
(address space, processor time, file size) and a watch on the clock hold it on top.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Top folders of the file system that hold programs and their libraries.
SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")

#: What the dynamic linker and Debian's alternatives need outside /usr.
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives")

#: Pause between two looks at the memory in use. [s]
WATCH_PERIOD_S = 0.05

#: Room of the private scratch folder, which is memory. [byte]
SCRATCH_BYTES = 256 * 2**20

#: Sets limits, then becomes the program; ``ulimit -f`` counts 512 bytes (POSIX).
LIMITING_SHELL = (
    'ulimit -c 0 && ulimit -t "$1" && ulimit -f "$2" && '
    '{ [ "$3" = none ] || ulimit -v "$3"; } && shift 3 && exec "$@"'
)


#: Whose turn it is among the cores; processes begin at different ones.
_TURNS = itertools.count(os.getpid())


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use before it is ended.

    Parameters
    ----------
    wall_s
        Time on the clock, above zero. [s]
    cpu_s
        Processor time of each process, above zero. [s]
    memory_bytes
        Address space of each process; None for programs such as Node that reserve
        far more than they use. [byte]
    file_bytes
        Largest file that may be written. [byte]
    rss_bytes
        Resident memory of all processes together, watched twenty times a second;
        None for no watch. [byte]
    output_bytes
        How much of stdout and of stderr is kept; the rest is thrown away. [byte]
    one_core
        Keep it to one core, so that threads which share the work out among themselves
        do it in the same order, and the output is the same, each time.

    Raises
    ------
    InvalidInput
        When a limit is not above zero.
    """

    wall_s: float
    cpu_s: int
    memory_bytes: int | None
    file_bytes: int
    rss_bytes: int | None = None
    output_bytes: int = 2**20
    one_core: bool = False

    def __post_init__(self) -> None:
        given = (self.wall_s, self.cpu_s, self.file_bytes, self.output_bytes)
        optional = (self.memory_bytes, self.rss_bytes)
        for value in (*given, *(value for value in optional if value is not None)):
            if not value > 0:
                raise InvalidInput(f"limits {self}: each must be above zero")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended.

    Parameters
    ----------
    returncode
        Exit status; 128 + n when signal n ended it.
    stdout, stderr
        The beginning of what it wrote, at most ``Limits.output_bytes`` each.
    timed_out
        True when the clock ended it.
    wall_s
        Time it took. [s]
    memory_exceeded
        True when the watch on resident memory ended it.
    isolated
        True when it ran under bubblewrap.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    timed_out: bool
    wall_s: float
    memory_exceeded: bool = False
    isolated: bool = True


@cache
def bubblewrap() -> Path | None:
    """Find a bubblewrap that works here; None when absent or not allowed to work.

    Unprivileged user namespaces may be switched off, so it is tried once.
    """
    found = shutil.which("bwrap")
    if found is None:
        return None
    command = [found, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/"]
    command += ["--proc", "/proc", "--dev", "/dev", "/bin/sh", "-c", "exit 0"]
    try:
        tried = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(found) if tried.returncode == 0 else None


def python_folders() -> list[Path]:
    """Give the folders that a child running this very Python must see."""
    program = Path(sys.executable).resolve().parents[1]
    folders = {Path(sys.prefix), Path(sys.base_prefix), program}
    return sorted(folder for folder in folders if folder != Path("/"))


def run_limited(
    argv: Sequence[str],
    *,
    limits: Limits,
    read_only: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    require_isolation: bool = True,
) -> Outcome:
    """Run a program to its end or to the first limit, and leave nothing running.

    Parameters
    ----------
    argv
        Program and arguments; the program is sought in /usr/bin and /bin unless
        it is a path.
    limits
        What it may use.
    read_only, writable
        Folders or files it sees, at their own absolute paths; nothing else but
        /usr and an empty scratch folder (``HOME`` and ``TMPDIR``). A Python child
        needs ``python_folders()`` and the folder of its sources.
    cwd
        Folder to start in, one of those above; the scratch folder when None.
    stdin
        What it reads.
    env
        Its environment beside ``PATH``, ``HOME``, ``TMPDIR`` and ``LANG``; nothing
        of ours is passed on.
    require_isolation
        False lets it run with limits alone where bubblewrap does not work. For
        programs and input that we trust only.

    Raises
    ------
    InvalidInput
        When a folder or file to be seen does not exist.
    Unavailable
        When isolation is required and bubblewrap does not work here, or the
        program cannot be started.
    """
    wrapper = bubblewrap()
    if wrapper is None and require_isolation:
        raise _not_isolated(argv[0])
    for path in (*read_only, *writable):
        if not path.exists():
            raise InvalidInput(f"sandbox: {path} does not exist")
    with tempfile.TemporaryDirectory(prefix="nearmade-run-") as scratch:
        home = scratch if wrapper is None else "/tmp"  # noqa: S108  # its own tmpfs
        command = [] if wrapper is None else _wrapped(wrapper, read_only, writable)
        if wrapper is not None:
            command += ["--chdir", str(cwd.absolute() if cwd else home), "--"]
        command += _limited(limits, argv)
        command = [*_kept_to_a_core(), *command] if limits.one_core else command
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home}
        environment |= {"TMPDIR": home, **(env or {})}
        start_in = str(cwd or home) if wrapper is None else "/"
        return _run(command, limits, stdin, environment, start_in, wrapper is not None)


def _not_isolated(program: str) -> Unavailable:
    return Unavailable(
        f"{program} may not run: bubblewrap is absent or not allowed to work",
        code="no-isolation",
        remedy="install bubblewrap (apt-get install bubblewrap) and allow "
        "unprivileged user namespaces",
    )


def _wrapped(
    wrapper: Path, read_only: Sequence[Path], writable: Sequence[Path]
) -> list[str]:
    """Give the bubblewrap command up to the program."""
    command = [str(wrapper), "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for name in SYSTEM_FOLDERS:
        folder = Path("/", name)
        if folder.is_symlink():
            command += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            command += ["--ro-bind", str(folder), str(folder)]
    for file in SYSTEM_FILES:
        command += ["--ro-bind-try", file, file]
    command += ["--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp"]  # noqa: S108
    seen = [("--ro-bind", path.absolute()) for path in read_only]
    seen += [("--bind", path.absolute()) for path in writable]
    for option, path in sorted(seen, key=lambda pair: len(pair[1].parts)):
        command += [option, str(path), str(path)]
    return [*command, "--remount-ro", "/"]


def _limited(limits: Limits, argv: Sequence[str]) -> list[str]:
    """Give the command that sets the limits of the kernel, then becomes ``argv``."""
    space = limits.memory_bytes
    return [
        "/bin/sh",
        "-c",
        LIMITING_SHELL,
        "sh",
        str(limits.cpu_s),
        str(max(1, limits.file_bytes // 512)),
        "none" if space is None else str(max(1, space // 1024)),
        *argv,
    ]


def _kept_to_a_core() -> list[str]:
    """Give the command that keeps the next to one core, the cores taking turns."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "--cpu-list", str(cores[next(_TURNS) % len(cores)])]


def _run(
    command: list[str],
    limits: Limits,
    stdin: bytes,
    environment: Mapping[str, str],
    start_in: str,
    isolated: bool,  # noqa: FBT001
) -> Outcome:
    """Start the command in a session of its own, feed it, watch it, end it."""
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            cwd=start_in,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(f"{command[0]} does not start: {error}") from error
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    kept_out, kept_err = bytearray(), bytearray()
    cap = limits.output_bytes
    threads = [
        threading.Thread(target=_feed, args=(process.stdin, stdin), daemon=True),
        threading.Thread(
            target=_drain, args=(process.stdout, kept_out, cap), daemon=True
        ),
        threading.Thread(
            target=_drain, args=(process.stderr, kept_err, cap), daemon=True
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        ending = _watch(process, limits, began + limits.wall_s)
    finally:
        _end(process)
        for thread in threads:
            thread.join(timeout=2)
    code = process.returncode
    return Outcome(
        returncode=128 - code if code < 0 else code,
        stdout=bytes(kept_out),
        stderr=bytes(kept_err),
        timed_out=ending == "time",
        wall_s=time.monotonic() - began,
        memory_exceeded=ending == "memory",
        isolated=isolated,
    )


def _feed(pipe: IO[bytes], content: bytes) -> None:
    """Write all input; a program may well end before it has read it."""
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(content)


def _drain(pipe: IO[bytes], kept: bytearray, cap_bytes: int) -> None:
    """Read to the end so that the program never waits; keep the beginning."""
    with pipe:
        while chunk := os.read(pipe.fileno(), 65536):
            kept += chunk[: cap_bytes - len(kept)]


def _watch(process: subprocess.Popen[bytes], limits: Limits, until: float) -> str:
    """Wait for the end, the clock or the memory; give which: end, time, memory."""
    with _ending(process) as ended:
        while True:
            left = until - time.monotonic()
            if left <= 0:
                return "time"
            if ended(left if limits.rss_bytes is None else min(left, WATCH_PERIOD_S)):
                return "end"
            if limits.rss_bytes and _resident_bytes(process.pid) > limits.rss_bytes:
                return "memory"


@contextlib.contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Iterator[_Ended]:
    """Give a function that waits for the end of a process without turning."""
    handle = os.pidfd_open(process.pid)
    try:
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        yield _Ended(poller)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class _Ended:
    poller: select.poll

    def __call__(self, wait_s: float) -> bool:
        return bool(self.poller.poll(max(1, round(wait_s * 1000))))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole session and collect the process."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _resident_bytes(pid: int) -> int:
    """Sum resident memory over a process and all below it; 0 when it has gone."""
    page = os.sysconf("SC_PAGE_SIZE")
    total = 0
    waiting = [pid]
    while waiting:
        folder = Path("/proc", str(waiting.pop()))
        try:
            total += int((folder / "statm").read_text().split()[1]) * page
            for children in folder.glob("task/*/children"):
                waiting += [int(child) for child in children.read_text().split()]
        except (OSError, IndexError):
            continue
    return total
