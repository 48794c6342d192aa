"""The imports page on a real database: files in, findings shown, the original, whom it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QPushButton

from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.domain.messages_support import referral
from tests.shared_data import shared
from tests.ui.fakes import make_desk, wait_idle
from ui.messages.page import ImportsPage


@pytest.fixture
def page(dressed, qtbot, centre_db: CentreDb, tmp_path: Path):
    signed_in = centre_db.sign_in("cora.coordinator")
    desk = make_desk(tmp_path, signed_in.services)
    made = ImportsPage(desk)
    qtbot.addWidget(made)
    made.resize(1440, 860)
    made.show()
    made.come_forward()
    wait_idle(qtbot, desk)
    yield made
    desk.tasks.close()


def bring(page: ImportsPage, qtbot, *paths: Path) -> None:
    page.bringing.take_in(list(paths))
    wait_idle(qtbot, page.desk)


def write(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def words_of(page: ImportsPage) -> str:
    return "\n".join(found.text() for found in page.panel.findChildren(QLabel) if found.isVisibleTo(page))


def shown(page: ImportsPage, column: str) -> list[str]:
    number = next(n for n, c in enumerate(page.model.columns) if c.id == column)
    return [page.model.index(row, number).data() for row in range(page.model.rowCount())]


def test_files_become_lines_with_what_was_found(page, qtbot, tmp_path) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    good = write(tmp_path, "good.json", referral({"birthDate": "2026-02-31"}))
    broken = write(tmp_path, "broken.xml", "<Bundle><entry>")
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG....")
    bring(page, qtbot, good, broken, photo)
    assert sorted(shown(page, "outcome")) == ["Refused", "Refused", "Taken in"]
    assert "1 not used" in " ".join(shown(page, "found"))
    assert page.desk.notices.said[-1] == ("warn", "1 taken in and 2 refused. The list says why.")
    page.table.select_key(("file", 1))
    assert "This is a picture, which is no message." in words_of(page)


def test_one_message_says_field_by_field_what_is_wrong(page, qtbot, tmp_path) -> None:
    bring(page, qtbot, write(tmp_path, "a.json", referral({"birthDate": "2026-02-31", "gender": "F"})))
    told = words_of(page)
    assert "Patient.birthDate" in told and "2026-02-31 is no date, so it is not used." in told
    assert "Patient.gender" in told and "Cannot manage the stairs" in told


def test_original_is_plain_text(page, qtbot, tmp_path) -> None:
    bring(page, qtbot, write(tmp_path, "a.eml", "From: a@b.example\nSubject: x\n\n<script>alert(1)</script> \u202eabc"))
    page.one.show_original()
    text = page.panel.findChild(QPlainTextEdit)
    assert text.isReadOnly() and "<script>alert(1)</script>" in text.toPlainText()
    assert "⟨U+202E⟩abc" in text.toPlainText()


def test_again_is_said_to_be_here(page, qtbot, tmp_path) -> None:
    file = write(tmp_path, "a.json", referral())
    bring(page, qtbot, file)
    bring(page, qtbot, file)
    assert shown(page, "outcome") == ["Here already"]
    assert page.desk.notices.said[-1] == ("say", "1 here already.")


def test_safeguarding_is_said_at_once(page, qtbot) -> None:
    folder = shared("bars/examples")
    bring(page, qtbot, next(p for p in folder.iterdir() if p.name.startswith("REFREQ01")))
    assert shown(page, "found") == ["Safeguarding"]
    kind, said = page.desk.notices.said[-1]
    assert kind == "warn" and "must not wait" in said


def test_saying_whose_it_is(page, qtbot, tmp_path) -> None:
    person = PersonId(new_id())
    draft = PersonDraft(surname="Pankhurst", given="Emmeline", birth_date="1945-07-14")
    page.desk.services.people.register(draft, person)
    bring(page, qtbot, write(tmp_path, "a.json", referral()))
    assert shown(page, "person") == ["Not said yet"]
    choose = next(b for b in page.panel.findChildren(QPushButton) if b.text() == "This is the person")
    qtbot.mouseClick(choose, Qt.MouseButton.LeftButton)
    wait_idle(qtbot, page.desk)
    assert shown(page, "person") == ["PANKHURST, Emmeline"]
    page.one.go_person()
    assert page.desk.go.went[-1] == ("person", person)


def test_registering_from_a_message(page, qtbot, tmp_path) -> None:
    bring(page, qtbot, write(tmp_path, "a.json", referral()))
    page.one.register()
    wait_idle(qtbot, page.desk)
    assert shown(page, "person") == ["PANKHURST, Emmeline"]


def test_dropping_files_on_the_page(page, qtbot, tmp_path) -> None:
    file = write(tmp_path, "a.json", referral())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    wait_idle(qtbot, page.desk)
    assert shown(page, "outcome") == ["Taken in"]


def test_opening_with_paths_brings_them_in(page, qtbot, tmp_path) -> None:
    page.open([write(tmp_path, "a.json", referral())])
    wait_idle(qtbot, page.desk)
    assert shown(page, "outcome") == ["Taken in"]
    page.one.go_referral()
    went, key = page.desk.go.went[-1]
    assert went == "queue" and page.desk.services.intake.referral(key).is_open


def test_opening_an_original_and_coming_back(page, qtbot, tmp_path) -> None:
    files = [write(tmp_path, f"{n}.json", {**referral(), "id": f"b-{n}"}) for n in range(3)]
    page.open(files)
    wait_idle(qtbot, page.desk)
    said = len(page.desk.notices.said)
    page.open(files)  # Alt+Left and back again
    wait_idle(qtbot, page.desk)
    assert len(page.desk.notices.said) == said
    oldest = page.desk.services.messages.recent()[-1]
    page.open(oldest.original_id)
    wait_idle(qtbot, page.desk)
    assert page.table.current.record.id == oldest.id and "Cannot manage the stairs" in words_of(page)


def test_stopping_keeps_what_is_in(page, qtbot, tmp_path) -> None:
    files = [write(tmp_path, f"{n}.json", {**referral(), "id": f"b-{n}"}) for n in range(6)]

    def stop_after_two(progress) -> None:
        progress.moved.connect(
            lambda done, *_rest: progress.stop() if done == 1 else None, Qt.ConnectionType.DirectConnection
        )

    page.desk.tasks.long_started.connect(stop_after_two)
    bring(page, qtbot, *files)
    taken = page.model.rowCount()
    assert 1 <= taken < 6
    assert "stopped" in page.desk.notices.said[-1][1]


def test_attachment_is_saved_where_the_person_says(page, qtbot, tmp_path, monkeypatch) -> None:
    mail = (
        "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\n"
        "Content-Type: text/plain\n\nhello\n--X\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\naGk=\n--X--\n"
    )
    bring(page, qtbot, write(tmp_path, "a.eml", mail))
    target = tmp_path / "saved.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    save = next(b for b in page.panel.findChildren(QPushButton) if b.text() == "Save")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    wait_idle(qtbot, page.desk)
    assert target.read_bytes() == b"hi"
