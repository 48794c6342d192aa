"""The environment `.venv`: whether it fits the pins, and making it so."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from launch.python import WINDOWS, suitable
from launch.words import INSTALL_FAILED, Progress, Stop, say, timed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "start.json"
RUN_PINS = ROOT / "requirements.txt"
DEV_PINS = ROOT / "requirements-dev.txt"
PROJECT = ROOT / "pyproject.toml"


class Plan(NamedTuple):
    """What has to be done to ``.venv``, and why. ``afresh`` includes the other two, ``packages`` the last."""

    afresh: bool
    packages: bool
    project: bool
    why: str


READY = Plan(False, False, False, "")


def afresh(why: str) -> Plan:
    return Plan(True, True, True, why)


def plan(stamp: Mapping[str, str] | None, version: Sequence[int], wanted: Mapping[str, Sequence[str]]) -> Plan:
    """What ``.venv`` still needs.

    ``stamp`` is what was installed (None: not known), ``version`` its Python's (empty: there is none that starts), and
    ``wanted`` gives for each key of the stamp the values that will do. One that somebody made by hand is completed in
    place; one that stands elsewhere than it was made, or whose Python is gone, is made afresh.
    """
    if not version:
        return afresh("there is none yet")
    if not suitable(version):
        return afresh("its Python is not one of 3.11 to 3.13")
    if stamp is None:
        return Plan(False, True, True, "it is not known to be complete")
    if stamp.get("root") not in wanted["root"]:
        return afresh("the project has moved")
    if stamp.get("pins") not in wanted["pins"]:
        return Plan(False, True, True, "other packages are pinned now")
    if stamp.get("project") not in wanted["project"]:
        return Plan(False, False, True, "pyproject.toml has changed")
    return READY


def present_plan(pins: Path) -> Plan:
    """The plan for this checkout as it is now."""
    # The development pins contain the others (tests/domain/test_start.py holds that), so that they do for a run, too.
    accepted = [digest(pins)] if pins == DEV_PINS else [digest(RUN_PINS), digest(DEV_PINS)]
    wanted = {"root": [str(ROOT)], "pins": accepted, "project": [digest(PROJECT)]}
    version = venv_version(VENV / "pyvenv.cfg") if PYTHON.exists() else ()
    return plan(read_stamp(STAMP), version, wanted)


def digest(path: Path) -> str:
    """SHA-256 of a text, whichever line ends the checkout gave it."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_stamp(path: Path) -> dict[str, str] | None:
    try:
        stamp = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def venv_version(config: Path) -> tuple[int, ...]:
    """(major, minor, ...) of an environment, from its ``pyvenv.cfg``; empty when that does not say."""
    try:
        for line in config.read_text("utf-8").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == "version":
                return tuple(int(n) for n in value.split(".")[:2])
    except (OSError, ValueError):
        pass
    return ()


def carry_out(todo: Plan, pins: Path) -> None:
    """Do what the plan says, the stamp last. Raises `Stop`. Only for the holder of the lock."""
    say(f"Preparing {VENV}: {todo.why}.")
    if STAMP.exists():
        STAMP.unlink()
    if todo.afresh:
        _make()
    if todo.packages:
        _install_packages(pins)
    if todo.project:
        _install_project()
    stamp = {"root": str(ROOT), "pins": digest(pins), "project": digest(PROJECT)}
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def _make() -> None:
    import shutil
    import subprocess

    # Started from inside .venv, we must not build it with a Python that is about to be removed.
    builder = getattr(sys, "_base_executable", None) or sys.executable
    command = [builder, "-m", "venv", "--clear", str(VENV)]
    with timed(f"environment for Python {sys.version_info[0]}.{sys.version_info[1]}"):
        made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            raise Stop(f"{made.stdout.decode('utf-8', 'replace').strip()}\n.venv could not be made.", INSTALL_FAILED)


def _install_packages(pins: Path) -> None:
    """Exactly the pinned wheels, each checked against its hash."""
    total = sum(1 for line in pins.read_text("utf-8").splitlines() if line[:1].isalnum())
    # The pins name everything, so that pip need not resolve (--no-deps); and nothing is ever built here.
    arguments = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(pins)]
    if pins == DEV_PINS:  # of a hundred megabytes of Python the tests import a tenth, and keep that compiled
        arguments.append("--no-compile")
    with timed(f"packages of {pins.name}"):
        code, output = _pip_install(arguments, Progress(total))
        if code != 0:
            raise Stop(explain_failure(output), INSTALL_FAILED)


def _install_project() -> None:
    with timed("the centre itself"):
        code, output = _pip_install(["--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)])
        if code != 0:
            raise Stop("\n".join([*output[-15:], "The project could not be installed into .venv."]), INSTALL_FAILED)


def _pip_install(arguments: Sequence[str], progress: Progress | None = None) -> tuple[int, list[str]]:
    """Run pip in ``.venv``; returns its exit code and the lines it wrote."""
    import subprocess

    settings = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    output = []
    with subprocess.Popen(
        [str(PYTHON), "-m", "pip", "install", *settings, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=str(ROOT),
    ) as process:
        for line in process.stdout or ():
            output.append(line.rstrip())
            if progress and line.startswith(("Collecting ", "Requirement already satisfied")):
                progress.step(line.replace("Requirement already satisfied:", "Collecting").split()[1])
    if progress:
        progress.clear()
    return process.returncode, output


def explain_failure(output: Sequence[str]) -> str:
    """What to do about a failed pip, from what it wrote."""
    text = "\n".join(output)
    if "DO NOT MATCH THE HASHES" in text:
        return "\n".join([*output[-12:], "A package is not the one that was pinned, so nothing was installed."])
    refusals = [line for line in output if "Retrying (" in line or "Could not fetch URL" in line]
    if refusals:
        return (
            f"{refusals[-1][:300]}\n"
            "No package index could be reached. Connect this machine to the network (behind a proxy, or with an index\n"
            "of your own: set it in pip's configuration), then run the same command again. What was downloaded is kept."
        )
    if "No matching distribution found" in text:
        import platform

        here = f"{platform.system()} {platform.machine()}, {' '.join(platform.libc_ver())}, Python {sys.version[:6]}"
        advice = "docs/decisions/dependencies.md lists the systems that have all of them."
        return "\n".join([*output[-2:], f"This package is not published for this system ({here}).", advice])
    return "\n".join([*output[-15:], "The packages could not be installed."])
