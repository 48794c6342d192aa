"""Nothing is written outside the data folder, and what a script cannot be asked is said."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog

from coordination.errors import NoPassword, SignInFailed
from db.embedded import ServerWontStart
from ui.cli.opened import asked
from ui.sentences import sentence
from ui.window_ini import keep_settings_in


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[Path]:
    usual = Path(QSettings(QSettings.Scope.UserScope, "QtProject").fileName()).parent
    keep_settings_in(tmp_path / "data")
    yield tmp_path / "data"
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(usual))


def test_the_file_dialogue_remembers_inside_the_data_folder(own_place: Path, qtbot: Any) -> None:
    dialogue = QFileDialog(None, "Save", str(own_place))
    qtbot.addWidget(dialogue)
    dialogue.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialogue.show()
    dialogue.done(0)
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.sync()
    assert Path(kept.fileName()).is_relative_to(own_place)


def test_a_password_comes_on_standard_input_or_its_lack_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a password\nthe rest\n"))
    assert asked("Password: ") == "a password"
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(NoPassword) as caught:
        asked("Password: ")
    assert "standard input" in sentence(caught.value)
    assert sentence(caught.value) != sentence(SignInFailed())


def test_a_server_that_has_no_room_to_start_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = ServerWontStart("start", 1, tmp_path / "log" / "postgres.log")
    (tmp_path / "log").mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
    assert error.obstacle.code == "folder_no_space"
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000_000))
    assert error.obstacle.code == "server_wont_start"
