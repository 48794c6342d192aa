"""``centre import`` on a real database: a line a file, findings beneath, exit codes."""

from __future__ import annotations

import argparse
import ast
import json
import os
from pathlib import Path

import pytest

from coordination.messages import model, reading
from tests.database import CentreDb
from tests.domain.messages_support import referral
from ui.messages import cli, wording
from ui.messages.messages import SENTENCES


@pytest.fixture
def desk(centre_db: CentreDb):
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def said() -> list[str]:
    return []


def run(desk, said: list[str], *files: Path, **how) -> int:
    return cli.import_files(desk.services.messages, list(files), say=said.append, **how)


def test_taken_in_and_findings_beneath(desk, said, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(referral({"birthDate": "2026-02-31"})))
    assert run(desk, said, file) == 0
    assert said[0].startswith("taken in") and "BaRS referral, referral " in said[0]
    assert any("Patient.birthDate: 2026-02-31 is no date, so it is not used. [not used]" in line for line in said)
    assert run(desk, said, file) == 0 and any(line.startswith("here already") for line in said)


def test_some_refused(desk, said, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.json", tmp_path / "b.xml"
    good.write_text(json.dumps(referral()))
    bad.write_text("<Bundle xmlns='http://hl7.org/fhir'><entry>")
    assert run(desk, said, good, bad, tmp_path) == 1
    assert said[-1] == "1 of 3 files are in, 2 refused."
    assert any("The file: That is a folder, not a file." in line for line in said)


def test_a_file_of_200_megabytes_is_not_read(desk, said, tmp_path: Path) -> None:
    big = tmp_path / "big.xml"
    with big.open("wb") as file:
        os.truncate(file.fileno(), 200 * 1024 * 1024)
    assert run(desk, said, big) == 1
    assert "209,715,200 bytes" in said[1] and "not read" in said[1]


def test_a_pipe_has_no_end(desk, said, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run(desk, said, tmp_path / "pipe") == 1


def test_json_lines(desk, said, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(referral({"birthDate": "2050-01-01"})))
    run(desk, said, file, as_json=True)
    found = json.loads(said[0])
    assert found["outcome"] == "new" and found["referral"] > 0
    assert "birth_date_in_future" in {f["code"] for f in found["findings"]}


def test_no_such_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    top = argparse.ArgumentParser()
    cli.add_parser(top.add_subparsers())
    options = top.parse_args(["import", str(tmp_path / "none.xml")])
    assert options.run(options, None) == 2
    assert "not found" in capsys.readouterr().out


def test_every_code_has_a_sentence() -> None:
    folder = Path(reading.__file__).parent
    codes = {code for file in folder.glob("*.py") for code in _codes(ast.parse(file.read_text()))}
    codes |= {f"birth_date_{end}" for end in ("impossible", "incomplete")}
    codes |= {f"date_{end}" for end in ("impossible", "incomplete")}
    codes |= {"nhs_number_needs_ten_digits", "nhs_number_check_digit_fails", "file_is_folder", "file_not_found"}
    assert len(codes) > 95
    assert sorted(code for code in codes if f"finding.{code}" not in SENTENCES) == []


def _codes(tree: ast.AST) -> set[str]:
    places = {"info": 1, "warn": 1, "refuse_field": 1, "fatal": 1, "Unreadable": 0, "_found": 1, "about_earlier": 0}
    found = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        place = 2 if name == "Finding" else places.get(name)
        if place is not None and len(call.args) > place and isinstance(call.args[place], ast.Constant):
            found.add(call.args[place].value)
    return {code for code in found if isinstance(code, str) and code.isidentifier()}


def test_a_sentence_never_fails_for_want_of_a_fact() -> None:
    for key in SENTENCES:
        code = key.removeprefix("finding.")
        assert wording.finding_words(model.Finding("x", model.Severity.INFO, code))


def test_an_original_shows_what_hides_in_it() -> None:
    shown = wording.shown_original("a\u202ebc\x00 d\r\ne".encode() + b"x" * 50_000)
    assert "a⟨U+202E⟩bc⟨U+0000⟩ d\ne" in shown
    assert max(map(len, shown.split("\n"))) <= 20_000
