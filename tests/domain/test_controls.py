"""What is promised about safety and security is shown by a test that is there, and ratings follow from the matrix."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOG, CONTROLS, SECURITY = ROOT / "docs" / "hazard-log.md", ROOT / "docs" / "controls.md", ROOT / "SECURITY.md"
SEVERITY = ("minor", "significant", "considerable", "major", "catastrophic")
MATRIX = {  # DCB0129: risk by likelihood, in order of severity
    "very high": (3, 4, 4, 5, 5), "high": (2, 3, 3, 4, 5), "medium": (2, 2, 3, 3, 4), "low": (1, 2, 2, 3, 4),
    "very low": (1, 1, 2, 2, 3),
}  # fmt: skip


@cache
def named_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("page", [LOG, CONTROLS, SECURITY], ids=lambda page: page.name)
def test_every_test_that_is_named_is_there(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text("utf-8"))
    assert len(named) > 10
    gone = [
        f"{file}::{test}" for file, test in named
        if not (ROOT / file).exists() or (test and test not in named_in(ROOT / file))
    ]  # fmt: skip
    assert gone == []


def hazards() -> dict[str, str]:
    parts = re.split(r"^### (H\d\d) ", LOG.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_hazards_are_numbered_without_a_gap() -> None:
    assert list(hazards()) == [f"H{n:02}" for n in range(1, len(hazards()) + 1)]
    assert len(hazards()) >= 25


@pytest.mark.parametrize("number", hazards())
def test_a_hazard_has_cause_effect_controls_and_ratings_that_follow_from_the_matrix(number: str) -> None:
    words = hazards()[number]
    assert "Cause: " in words and "Effect: " in words and "Status: " in words and "`tests/" in words
    risks = []
    for which in ("Initial", "Residual"):
        said = re.search(rf"- {which}: (\w+) × ([\w ]+) = (\d)", words)
        assert said is not None
        risks.append(MATRIX[said[2]][SEVERITY.index(said[1])])
        assert risks[-1] == int(said[3]), which
    assert risks[1] <= risks[0] and (risks[1] <= 2 or "open" in words)


def test_the_matrix_that_is_printed_is_the_one_that_is_used() -> None:
    rows = dict(re.findall(r"^\| ((?:very )?(?:high|low)|medium) \| (.+?) \|$", LOG.read_text("utf-8"), re.MULTILINE))
    assert {name: tuple(map(int, row.split(" | "))) for name, row in rows.items()} == MATRIX
