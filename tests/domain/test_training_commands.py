"""``centre training`` and ``centre admin import-reference`` as they speak."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from coordination.reference.model import Finding
from coordination.training.outcome import STEPS
from coordination.training.users import TRAINING_USERS
from ui.cli.main import main, parser
from ui.cli.reference import finding_lines
from ui.cli.training import Bar, list_users
from ui.reference.messages import FINDINGS
from ui.training.messages import STEPS as NAMES


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_users_are_listed_with_their_passwords() -> None:
    said: list[str] = []
    assert list_users(said.append) == 0
    assert len(said) == len(TRAINING_USERS) + 1
    assert any(line.startswith("nadia.coordinator") and "training-nadia.coordinator" in line for line in said)


def test_the_bar_only_ever_grows_and_ends_full() -> None:
    bar = Bar(io.StringIO(), 20_000)
    fractions = [bar.fraction(step, done, 4) for step in STEPS for done in range(5)]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert set(NAMES) == set(STEPS)


def test_the_bar_counts_people_where_somebody_watches() -> None:
    out = Terminal()
    bar = Bar(out, 20_000)
    bar.step("people", 20_000, 20_000)
    assert "People 20,000 of 20,000" in out.getvalue()
    bar.end()
    assert out.getvalue().endswith("\r")


def test_a_log_gets_one_line_a_step() -> None:
    out = io.StringIO()
    bar = Bar(out, 20_000)
    for done in (5_000, 10_000, 20_000):
        bar.step("people", done, 20_000)
    bar.step("queue", 1, 1)
    bar.end()
    assert out.getvalue().splitlines() == ["People", "Contacts and referrals"]


def test_findings_are_gathered_with_their_first_rows() -> None:
    findings = [Finding(row, "no_position", refused=True) for row in range(1, 9)] + [
        Finding(3, "ward_not_known", False)
    ]
    assert finding_lines(findings) == [
        f"lines 1, 2, 3, 4, 5 and 3 more: {FINDINGS['no_position']}; left out",
        f"line 3: {FINDINGS['ward_not_known']}",
    ]


@pytest.mark.parametrize("words", [["training", "load"], ["training", "users"], ["admin", "import-reference", "a.csv"]])
def test_commands_are_known(words: list[str]) -> None:
    assert callable(parser().parse_args(words).run)


def test_a_file_that_is_not_there_is_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "none.csv")
    assert main(["--data", str(tmp_path / "data"), "admin", "import-reference", missing]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_wrong_file_alone_opens_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,address\nX,Y\n", encoding="utf-8")
    assert main(["--data", str(tmp_path / "data"), "admin", "import-reference", str(wrong)]) == 1
    assert "neither a list of practices" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()
