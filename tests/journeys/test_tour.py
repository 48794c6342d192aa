"""The whole main job through the real windows, in a process of its own, on a small training city."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_once import Copies
from ui import root

PICTURES = {
    "01-find",
    "01-record",
    "01-register",
    "01-contact",
    "02-announced",
    "02-queue",
    "02-queue-dark",
    "02-told-who-has-it",
    "03-record",
    "03-conversation",
    "03-before-signing",
    "03-signed",
    "04-suggestions",
    "04-plan",
    "05-plan-reablement",
    "05-refused-off-shift",
    "05-reablement",
    "05-refused-busy",
    "05-plan-nursing",
    "05-refused-lacks-skill",
    "05-who-could",
    "05-nursing",
    "06-matches",
    "06-booking",
    "06-booked",
    "06-refused",
    "07-preview-reablement",
    "07-preview-nursing",
    "07-team-nursing",
}
OPENING = ("Starting the database", "Joining the running database", "Bringing the database")


@pytest.fixture
def folder(tmp_path: Path, larger_city: Copies) -> Path:
    """A data folder with a small training city; its path holds a space."""
    return larger_city(tmp_path / "a shift")


def tour(folder: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli.main", "--data", str(folder), "tour", "--unseen", "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, encoding="utf-8")


def test_all_seven_steps_are_read_back(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    done = tour(folder, out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 of 7 steps read back from the database" in done.stdout
    assert [line for line in done.stderr.splitlines() if not line.startswith(OPENING)] == []
    pictures = {file.stem: file for file in out.glob("*.png")}
    assert set(pictures) == PICTURES
    assert all(file.stat().st_size > 10_000 for file in pictures.values())
    sheets = list((out / "sheets").glob("*.pdf"))
    assert len(sheets) > 2 and sum("team" in file.name for file in sheets) == 1
    assert all(file.read_bytes().startswith(b"%PDF-") for file in sheets)


def test_says_so_where_nobody_of_the_training_city_signs_in(tmp_path: Path) -> None:
    centre = root.open_embedded(tmp_path / "data")
    centre.mark_city("none")
    centre.close()
    done = tour(tmp_path / "data", tmp_path / "out")
    assert done.returncode == 4
    assert "invented people" in done.stderr
