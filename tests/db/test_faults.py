"""The fault table in small: a few saves of the kinds that cost little. All of it: ``python -m bench.faults``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.faults import KINDS, run, table
from bench.faults_lab import Outcome

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


def test_nothing_is_lost_or_there_twice_when_lines_are_cut(tmp_path: Path) -> None:
    """Killed servers and desks: test_outbox_crash.py."""
    outcomes = run(tmp_path, 5, 80, ["lines"])
    assert [wrong for outcome in outcomes for wrong in outcome.wrong] == []
    assert all(o.sound and o.tries == o.acknowledged == o.found > 0 for o in outcomes)
    assert outcomes[0].faults, "something was cut"


def test_a_table_says_what_is_wrong() -> None:
    lost = Outcome("server killed", 3, 3, 2, 1, 0, 0.25, "1 kills", ["server killed: contact x was promised"])
    lines = table([lost, Outcome("line cut", 2, 2, 2)]).splitlines()
    assert lines[0].split() == ["tries", "acknowledged", "found", "lost", "doubled", "worst", "wait", "faults"]
    assert lines[2].split() == ["server", "killed", "3", "3", "2", "1", "0", "0.25", "s", "1", "kills"]
    assert not lost.sound and Outcome("line cut").sound
    assert sum(share for _call, share in KINDS.values()) == pytest.approx(1.0)
