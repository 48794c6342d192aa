"""The planner is compiled by a process of its own, once on a computer; a plan asked for meanwhile waits for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from coordination.deployment.planner import cache
from ui.deployment import planning_ready
from ui.deployment.planning_ready import WAIT, Readying, begin
from ui.tasks import Stopped

COMPILES = "from coordination.deployment.planner import cache; cache.note_ready()"
FAILS = "raise SystemExit(1)"
NEVER_ENDS = "import threading; threading.Event().wait()"


@pytest.fixture
def nothing_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[subprocess.Popen[bytes]]:
    pytest.importorskip("numba")
    monkeypatch.delenv("CENTRE_PLANNER", raising=False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    begun: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(planning_ready, "_begun", begun)
    return begun


def test_a_plan_waits_until_all_is_compiled_and_says_so(
    qtbot: QtBot, nothing_compiled: list[subprocess.Popen[bytes]]
) -> None:
    begin(COMPILES)
    begin(COMPILES)
    assert len(nothing_compiled) == 1
    waiting = Readying()
    told: list[str] = []
    waiting.said.connect(told.append)
    waiting.wait()
    assert cache.is_ready() and told in ([WAIT], [])  # nothing is said where it was ready at once
    assert nothing_compiled[0].wait() == 0


def test_where_nothing_can_be_compiled_the_plan_begins_without_waiting_longer(
    qtbot: QtBot, nothing_compiled: list[subprocess.Popen[bytes]]
) -> None:
    begin(FAILS)
    waiting, over = Readying(), []
    waiting.over.connect(lambda: over.append(True))
    waiting.wait()
    assert over == [True] and not cache.is_ready()


def test_whoever_stops_a_plan_does_not_wait_for_the_compiler(
    qtbot: QtBot, nothing_compiled: list[subprocess.Popen[bytes]]
) -> None:
    begin(NEVER_ENDS)
    with pytest.raises(Stopped):
        Readying().wait(lambda: True)
    nothing_compiled[0].kill()
    assert nothing_compiled[0].wait() != 0
