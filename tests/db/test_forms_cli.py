"""``centre admin`` for forms: what it prints, and its exit codes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import resources
from coordination.assessment.model import FormKey
from coordination.errors import Refused
from tests.database import CentreDb
from ui.cli.main import parser

ABOUT_ME = (Path(resources.__file__).parent / "forms" / "about-me.toml").read_text(encoding="utf-8")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    text = ABOUT_ME.replace('id = "about-me"', 'id = "mine"').replace('title = "About me"', 'title = "Mine"')
    file.write_text(text.replace("version = 1", 'version = 1\nafter = ["strengths-conversation"]'), encoding="utf-8")
    return file


def run(opened: Any, *words: str) -> int:
    options = parser().parse_args(["admin", *words])
    done: int = options.run(options, opened)
    return done


def test_a_file_is_checked_beside_the_shipped_forms_and_read_as_text(mine: Path, capsys: Any) -> None:
    assert run(None, "check-forms", str(mine)) == 0
    assert run(None, "preview-form", "--text", str(mine)) == 0
    said = capsys.readouterr().out
    assert "Mine, version 1" in said and "Signed only after: strengths-conversation" in said
    assert "If “Whose words are these?” is “The person’s, with somebody’s support” or" in said
    mine.write_text(mine.read_text(encoding="utf-8").replace('type = "date"', 'type = "day"'), encoding="utf-8")
    assert run(None, "check-forms", str(mine)) == run(None, "preview-form", str(mine)) == 1
    assert run(None, "preview-form", str(mine.parent / "none.toml")) == 1
    said = capsys.readouterr().out
    assert "mine.toml, line" in said and "“day” is no type that forms know" in said


def test_a_file_is_published_and_withdrawn(mine: Path, centre_db: CentreDb, capsys: Any) -> None:
    users = {"administrator": "ada.admin"}
    opened = SimpleNamespace(sign_in=lambda role: centre_db.sign_in(users[role]))
    shelf = centre_db.sign_in("ada.admin").services.forms

    def state() -> str:
        return next((f.state for f in shelf.shelf() if f.key == FormKey("mine", 1)), "")

    assert run(opened, "publish-form", "--draft", str(mine)) == 0
    assert state() == "draft"
    assert run(opened, "publish-form", str(mine)) == 0
    assert state() == "live"
    with pytest.raises(Refused):  # the command line says it in words, and ends with 1
        run(opened, "publish-form", str(mine))
    assert run(opened, "withdraw-form", "mine", "1", "Nobody asks it") == 0
    assert state() == "withdrawn"
    assert run(opened, "withdraw-form", "mine", "7", "Nobody asks it") == 1
    assert run(opened, "list-forms") == 0
    said = capsys.readouterr().out
    assert "is kept as a draft" in said and "assessments begin with it" in said
    assert any(line.split()[:3] == ["mine", "1", "Withdrawn"] for line in said.splitlines())
