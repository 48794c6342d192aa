"""Data folders that are dear to make: made once in a run, whichever process comes first, and copied for each test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from coordination.clock import SystemClock, local_date
from ui import root

PEOPLE, MANY = 200, 2_000
Copies = Callable[[Path], Path]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder ``name``, which nobody changes: other processes of this run have the same one."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name} is made"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def copy_tree(folder: Path, to: Path) -> None:
    """With owners, modes and times, as a restored backup has them."""
    subprocess.run(["cp", "-a", f"{folder}/.", to], check=True)


def _load(people: int) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        centre = root.open_embedded(folder)
        try:
            centre.load_training(people, 7)
        finally:
            centre.close()

    return make


def _copies(factory: pytest.TempPathFactory, people: int) -> Copies:
    def copy(to: Path) -> Path:
        today = local_date(SystemClock().now())  # a city stands around the day it was loaded: after midnight, another
        copy_tree(made_once(factory, f"a city of {people} on {today}", _load(people)), to)
        return to

    return copy


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """Puts a data folder with a training city of 200 people, and no server running, where it is asked to."""
    yield _copies(tmp_path_factory, PEOPLE)


@pytest.fixture(scope="session")
def larger_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """The same with 2,000 people."""
    yield _copies(tmp_path_factory, MANY)
