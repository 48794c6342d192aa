"""What the operating system must have: the libraries Qt loads, and on Debian the parts of Python that are apart."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

from launch.words import INSTALL_FAILED, NOT_INSTALLED, Stop, say, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Shared libraries, each with the Debian package that has it.
QT = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
PRINTING = {"libcups.so.2": "libcups2"}  # without it, Qt's print dialog knows no printers
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be shown; somebody who chose a Qt platform knows what they do."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def libraries_wanted(environment: Mapping[str, str], platform: str) -> dict[str, str]:
    """Libraries of the platform plugin that Qt will choose. Other systems than Linux have all of it."""
    if not platform.startswith("linux"):
        return {}
    by_display = "wayland" if environment.get("WAYLAND_DISPLAY") else "xcb" if environment.get("DISPLAY") else ""
    chosen = environment.get("QT_QPA_PLATFORM") or by_display
    if chosen.startswith("xcb"):
        return {**QT, **PRINTING, **X11}
    if chosen.startswith("wayland"):
        return {**QT, **PRINTING, **WAYLAND}
    return QT


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def packages_missing(libraries: Mapping[str, str], loads: Callable[[str], bool] = loads) -> list[str]:
    """Packages of the libraries that cannot be loaded here."""
    return [package for library, package in libraries.items() if not loads(library)]


def venv_packages_missing() -> list[str]:
    """Debian's python3 comes without ensurepip, and then cannot make an environment."""
    import importlib.util

    return [] if importlib.util.find_spec("ensurepip") else [f"python3.{sys.version_info[1]}-venv"]


def install(packages: Sequence[str]) -> None:
    """Install Debian packages when that is allowed here, else stop with the line to type."""
    import shutil

    if shutil.which("apt-get") is None:
        raise Stop(
            f"This system lacks {', '.join(packages)} (the names of Debian's packages).\n"
            "Install what holds the same here, then run the same command again.",
            NOT_INSTALLED,
        )
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    as_typed = f"  sudo apt-get update && sudo {line}"
    if os.geteuid() != 0:
        raise Stop(
            f"This system lacks some packages. Type this line, then run the same command again:\n{as_typed}",
            NOT_INSTALLED,
        )
    say(f"Installing system packages: {' '.join(packages)}")
    with timed("system packages"):
        # A new machine has no lists of packages yet; with old lists the first try may do.
        done = _succeeds(line) or (_succeeds("apt-get update") and _succeeds(line))
        if not done:
            raise Stop(f"apt-get could not install them. Type this line to see why:\n{as_typed}", INSTALL_FAILED)


def _succeeds(line: str) -> bool:
    import subprocess

    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = subprocess.run(
        line.split(), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return run.returncode == 0
