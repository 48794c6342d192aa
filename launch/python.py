"""Which Python: 3.11 to 3.13, wherever on this machine it may be."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from launch.words import NOT_INSTALLED, Stop, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

WINDOWS = sys.platform == "win32"
MINORS = (13, 12, 11)
HANDED_ON = "CENTRE_HANDED_ON"


def suitable(version: Sequence[int]) -> bool:
    """Whether the pins hold for this (major, minor, ...) version of Python."""
    return len(version) > 1 and version[0] == 3 and version[1] in MINORS


def candidates(which: Callable[[str], str | None], pyenv: Path, windows: bool) -> list[list[str]]:
    """Commands that may start a suitable Python, the newest first. They may still fail: a pyenv shim often does."""
    found = []
    for minor in MINORS:
        on_path = which(f"python3.{minor}")
        if on_path:
            found.append([on_path])
        if windows and which("py"):
            found.append(["py", f"-3.{minor}"])
        patches = [p.name.rpartition(".")[2] for p in pyenv.glob(f"versions/3.{minor}.*")]
        newest_first = sorted((int(p) for p in patches if p.isdigit()), reverse=True)
        found += [[str(pyenv / "versions" / f"3.{minor}.{patch}" / "bin" / "python3")] for patch in newest_first]
    return found


def answers_as_suitable(command: Sequence[str]) -> bool:
    """Whether the command starts a Python that will do."""
    import subprocess

    ask = [*command, "-c", "import sys; print(sys.version_info[0], sys.version_info[1])"]
    try:
        answer = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=True)
        return suitable([int(n) for n in answer.stdout.split()])
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def hand_on_to_suitable_python(script: Path, arguments: Sequence[str]) -> None:
    """Return when this Python will do; else start again with one that does, or stop saying what to install."""
    if suitable(tuple(sys.version_info[:2])):
        return
    import shutil

    here = ".".join(str(n) for n in sys.version_info[:3])
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    if HANDED_ON not in os.environ:
        for command in candidates(shutil.which, pyenv, WINDOWS):
            if answers_as_suitable(command):
                say(f"This is Python {here}; going on with {' '.join(command)}.")
                become([*command, str(script), *arguments], {**os.environ, HANDED_ON: "1"})
    raise Stop(
        f"This is Python {here}, and no Python 3.11, 3.12 or 3.13 was found.\n"
        "Install one (Debian and Ubuntu: apt-get install python3 python3-venv; Windows and macOS: python.org),\n"
        "then run the same command again.",
        NOT_INSTALLED,
    )


def become(command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Run the command in place of this program."""
    sys.stdout.flush()
    if WINDOWS:  # exec there returns to the prompt at once and loses the exit code
        import subprocess

        sys.exit(subprocess.call(list(command), env=dict(environment)))
    os.execve(command[0], list(command), dict(environment))
