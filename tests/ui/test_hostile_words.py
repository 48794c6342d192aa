"""What people typed is shown as words: no markup, nothing fetched; and what leaves as a file carries nothing to run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTextEdit, QWidget

from tests.care_kit import add_person, add_referral
from tests.database import CentreDb
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, opened
from ui import window_ini
from ui.intake.lists import last_known
from ui.intake.page import QueuePage
from ui.messages.page import ImportsPage
from ui.people.page import PeoplePage, PersonPage
from ui.shell.refusals import Refusals
from ui.widgets.panels import splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel
from ui.widgets.tips import plain_tip

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "<img src=file:///etc/passwd>"
EVIL = f"{IMAGE}<a href='http://x.invalid/'>here</a><b>O’Neill</b>"
PLAIN_MAKERS = {"plain_tip"}


# -------------------------------------------------------------------- the house's habit, in the code


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted((ROOT / "ui").rglob("*.py")):
        text = path.read_text("utf-8")
        if name in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                    if called == name:
                        yield path, node


def is_own(node: ast.expr) -> bool:
    """Words that stand in the code, or that ``plain_tip`` made plain."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp(body=body, orelse=other):
            return is_own(body) and is_own(other)
        case ast.Call(func=ast.Name(id=name)):
            return name in PLAIN_MAKERS
        case ast.Name(id=name):
            return name.isupper()
    return False


def test_every_tip_is_of_the_program_or_made_plain() -> None:
    loose = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in calls("setToolTip")
        if not is_own(call.args[0]) and not made_plain_before(path, call)
    ]
    assert loose == [], "give it words of the code, or ui.widgets.tips.plain_tip(…)"


def made_plain_before(path: Path, call: ast.Call) -> bool:
    """``says = plain_tip(…)`` or ``words.tip(…)`` in the same function, then ``setToolTip(says)``."""
    if not isinstance(call.args[0], ast.Name):
        return False
    name = call.args[0].id
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.lineno <= call.lineno <= (node.end_lineno or 0):
            made = [a.value for a in ast.walk(node) if isinstance(a, ast.Assign) and name in ast.unparse(a.targets[0])]
            return bool(made) and all("plain_tip(" in ast.unparse(m) or "words.tip(" in ast.unparse(m) for m in made)
    return False


@pytest.mark.parametrize(
    "name", ["setHtml", "insertHtml", "setWhatsThis", "QTextBrowser", "QMessageBox", "setMarkdown", "openUrl", "addRow"]
)
def test_nothing_in_the_windows_reads_markup_or_opens_an_address(name: str) -> None:
    own = {"fields.py"}  # its addRow is a form's of the house
    assert [f"{path.name}:{call.lineno}" for path, call in calls(name) if path.name not in own] == []


def test_labels_are_made_plain_where_they_are_made() -> None:
    for path, call in calls("QLabel"):
        text = path.read_text("utf-8")
        assert not call.args or "PlainText" in text, f"{path.name}:{call.lineno}"
    for path in sorted((ROOT / "ui").rglob("*.py")):
        text = path.read_text("utf-8")
        assert "(QLabel)" not in text or "PlainText" in text, path.name


# -------------------------------------------------------------------- as it is shown


@given(st.text(max_size=60) | st.sampled_from([EVIL, f"{IMAGE}\nsecond", "a < b & c", "<?xml", "</qt><img>"]))
@settings(max_examples=80, deadline=None)
def test_a_tip_shows_the_words_themselves(words: str) -> None:
    made = plain_tip(words)
    if "<" in made:
        assert made.count("<") == 2  # the house's own
        shown = QTextDocumentFragment.fromHtml(made).toPlainText()
        assert [line.split() for line in shown.split()] == [
            line.split() for line in words.split()
        ] or not words.isascii()


def indexes(view: QAbstractItemView) -> Iterator[QModelIndex]:
    model = view.model()
    for number in range(min(model.rowCount(), 50) if model is not None else 0):
        for column in range(model.columnCount()):
            yield model.index(number, column)


def looks(root: QWidget) -> int:
    """How many labels, tips and cells hold the words; fails for one that Qt would read as markup."""
    found = 0
    for widget in [root, *root.findChildren(QWidget)]:
        assert IMAGE not in widget.toolTip(), widget
        if isinstance(widget, QLabel) and "<" in widget.text():
            assert widget.textFormat() is Qt.TextFormat.PlainText, widget.text()
            found += IMAGE in widget.text()
        if isinstance(widget, QTextEdit):
            assert not widget.acceptRichText()
        if isinstance(widget, QAbstractItemView):
            for index in indexes(widget):
                found += IMAGE in str(index.data() or "")
                assert IMAGE not in str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
                assert IMAGE not in str(index.data(Qt.ItemDataRole.WhatsThisRole) or "")
    return found


def test_windows_full_of_markup_show_it_as_words(
    centre_db: CentreDb, qtbot: Any, tmp_path: Path, dressed: object
) -> None:
    person = add_person(
        centre_db, EVIL, EVIL, known_as=EVIL, address=EVIL, access_notes=EVIL, language=EVIL, phone="0161 496 0000"
    )
    add_referral(centre_db, person, EVIL, caller=EVIL, relation=EVIL)
    signed_in = centre_db.sign_in("cora.coordinator")
    mail = (
        f"From: {IMAGE} <a@b.example>\r\nSubject: {IMAGE}\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\n{IMAGE}\r\n"
    )
    signed_in.services.messages.take_in(f"{IMAGE}.eml", mail.encode())
    desk = desk_of(signed_in, tmp_path)
    try:
        seen = 0
        queue = opened(QueuePage, desk, qtbot)
        queue.table.select_key(queue.table.table_model.row_at(0).id)
        wait_idle(qtbot, desk)
        seen += looks(queue)
        record = PersonPage(desk)
        qtbot.addWidget(record)
        record.show()
        record.come_forward(person)
        wait_idle(qtbot, desk)
        seen += looks(record)
        people = opened(PeoplePage, desk, qtbot)
        people.field.setText("img src")
        qtbot.waitUntil(lambda: looks(people) > 0, timeout=30_000)
        messages = opened(ImportsPage, desk, qtbot)
        seen += looks(messages)
        assert seen >= 6
        for window in QApplication.topLevelWidgets():
            assert "<img" not in window.windowTitle()
    finally:
        desk.tasks.close()


# -------------------------------------------------------------------- a settings file that anybody wrote in


@pytest.mark.parametrize(
    "nonsense", ["", "x", "@ByteArray(\\xff\\x0)", "1e999", "nan", "-1", "[" * 5000, "\u202e", "1@1"]
)
def test_a_settings_file_that_says_nonsense_keeps_nobody_out(
    nonsense: str, qtbot: Any, tmp_path: Path, dressed: object
) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    for key in ("look/wish", "look/scale", "table/t", "splitter/s", "window/locality", "contact/lists"):
        settings.setValue(key, nonsense)
    wish, scale = window_ini.look(settings)
    assert wish in ("light", "dark", "system") and 0.5 <= scale <= 3
    table = Table(StableTableModel([Column("a", "A", str)], str), settings=settings, name="t")
    qtbot.addWidget(table)
    qtbot.addWidget(splitter(QWidget(), QWidget(), settings=settings, name="s"))
    assert window_ini.locality(settings, None) == "" and last_known(settings).services
    refusals = Refusals(settings, "an address")
    settings.setValue(refusals._key("u"), f"7@{nonsense or '0001-01-01T00:00:00+14:00'}")
    assert refusals._kept("u")[0] in (0, 7)
