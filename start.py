#!/usr/bin/env python3
"""Start the co-ordination centre on a machine that has only Python and a network.

    python3 start.py [arguments of centre]     the application; where there is no display, the tour
    python3 start.py test [arguments of pytest]
    python3 start.py check [ruff] [format] [types] [layers]
    python3 start.py parts sbom [FILE]         what it is made of, as CycloneDX
    python3 start.py parts licences [--dev]    1 when one is not on the list

Makes ``.venv`` beside this file when it is missing or no longer matches the pins, then hands over to it.
Standard library only, and readable by Python 3.7, so that an old ``python3`` can hand over to a newer one.

Exit codes of its own: 2 no such check, 3 something must be installed first (the line to type is printed),
4 an installation failed, 130 stopped by Ctrl+C. Any other is that of the command that was started.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from launch import checks, environment, system
from launch.environment import DEV_PINS, PYTHON, READY, ROOT, RUN_PINS, SCRIPTS
from launch.lock import only_one
from launch.python import become, hand_on_to_suitable_python
from launch.words import Stop, say, timed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def make_ready(pins: Path, variables: Mapping[str, str]) -> None:
    """A Python that will do, the system's libraries, and a ``.venv`` that fits the pins."""
    todo = environment.present_plan(pins)
    if todo != READY:
        hand_on_to_suitable_python(Path(__file__).resolve(), sys.argv[1:])
    missing = system.packages_missing(system.libraries_wanted(variables, sys.platform))
    if todo.afresh:
        missing += system.venv_packages_missing()
    if missing:
        system.install(missing)
    if todo != READY:
        complete_environment(pins)


def complete_environment(pins: Path) -> None:
    with only_one(ROOT / ".venv.lock") as interrupted:
        todo = environment.present_plan(pins)  # again: whoever held the lock may have done it
        if interrupted:
            todo = environment.afresh("the last installation was interrupted")
        if todo != READY:
            environment.carry_out(todo, pins)


def run_centre(arguments: Sequence[str]) -> None:
    variables = dict(os.environ)
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__, flush=True)
        if environment.present_plan(RUN_PINS) != READY:  # nobody wants an installation for a question
            return
    if not arguments and not system.has_display(variables, sys.platform):
        arguments = ["tour", "--out", str(Path("out", "tour"))]
        variables["QT_QPA_PLATFORM"] = "offscreen"
        say(f"There is no display here, so this is the tour; its pictures and sheets go to {arguments[-1]}.")
    make_ready(RUN_PINS, variables)
    # -P: a folder named like one of ours, where the person happens to stand, is not imported.
    become([str(PYTHON), "-P", "-m", "ui.cli.main", *arguments], variables)


def run_tests(arguments: Sequence[str]) -> None:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    # Where nothing compiled may be kept, every process compiles every module, and the tests start hundreds.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    make_ready(DEV_PINS, variables)
    os.chdir(str(ROOT))
    workers = str(max(2, min(4, (os.cpu_count() or 1) + 1)))  # each waits for its server now and then
    # In the order of the folders: by size, long files of few tests would all run last, one core beside another idle.
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    # A worker that dies ends the run as failed: another in its place may wait for ever (pytest-xdist 784, 1378).
    spread += ["--max-worker-restart", "0"]
    become([str(PYTHON), "-m", "pytest", *spread, *arguments], variables)


def run_checks(names: Sequence[str]) -> int:
    """Run the named checks, or all, beside each other."""
    python = [str(PYTHON), "-m"]
    known = {
        "ruff": [*python, "ruff", "check", "."],
        "format": [*python, "ruff", "format", "--check", "."],
        "types": [*python, "mypy"],
        "layers": [str(SCRIPTS / "lint-imports"), "--no-logo"],
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Stop(f"No such check: {' '.join(unknown)}. There are: {' '.join(known)}.", 2)
    make_ready(DEV_PINS, {})
    with timed("checks"):
        failed = checks.failed({name: known[name] for name in names or known}, ROOT)
    say(f"Failed: {' '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def tell_parts(arguments: Sequence[str]) -> None:
    make_ready(DEV_PINS if "--dev" in arguments else RUN_PINS, {})
    become([str(PYTHON), "-P", str(ROOT / "launch" / "parts.py"), *arguments], dict(os.environ))


def main(arguments: Sequence[str]) -> int:
    try:
        if arguments[:1] == ["test"]:
            run_tests(arguments[1:])
        elif arguments[:1] == ["check"]:
            return run_checks(arguments[1:])
        elif arguments[:1] == ["parts"]:
            tell_parts(arguments[1:])
        else:
            run_centre(arguments)
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
