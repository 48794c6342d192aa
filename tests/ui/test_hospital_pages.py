"""Ward notices on the Messages page and beside the queue, and receipts into the folder, on a real database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from coordination.changes import Change
from coordination.messages.inbox import SourceDraft
from coordination.messages.inbox_reader import Reader
from coordination.messages.prsb_write import written
from coordination.messages.reading import read_message
from coordination.values import ReferralId, new_id
from tests.database import CentreDb
from tests.domain import hospital_kit as ward
from tests.ui.fakes import make_desk, wait_idle
from tests.ui.test_intake_queue import Desks, shown_words
from tests.ui.test_messages_page import bring, words_of
from ui.messages import outgoing
from ui.messages.cli import import_files
from ui.messages.inbox_places import place_maker
from ui.messages.page import ImportsPage
from ui.messages.ward_watch import WardWatch

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "schemas"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ward, "NOW", datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.feed.stop()
    made.desk.tasks.close()


def file(folder: Path, notice: Any) -> Path:
    path = folder / f"{notice.head.message_id}.json"
    path.write_bytes(written(notice))
    return path


def test_the_examples_are_read_without_a_fault_and_come_in_from_the_command_line(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    paths = [EXAMPLES / f"hospital-{name}.example.json" for name in (
        "assessment-notice", "discharge-notice", "withdrawal-notice", "notice-receipt")]  # fmt: skip
    for path in paths:
        message = read_message(path.name, path.read_bytes(), today=ward.TODAY)
        assert {f.code for f in message.findings} == set() and written(message.notices[0]) == path.read_bytes()
    said: list[str] = []
    assert import_files(desk.services.messages, paths, quiet=True, say=said.append) == 0
    assert [line.split()[0] for line in said[:4]] == ["taken", "linked", "linked", "linked"]
    assert "Assessment notice, referral 1" in said[0] and "Withdrawal notice" in said[2]


def test_messages_page_shows_a_notice_in_words_and_gives_it_its_referral(
    qtbot: Any, centre_db: CentreDb, tmp_path: Path, dressed: object
) -> None:
    signed_in = centre_db.sign_in("cora.coordinator")
    desk = make_desk(tmp_path, signed_in.services)
    page = ImportsPage(desk)
    qtbot.addWidget(page)
    page.resize(1440, 860)
    page.show()
    page.come_forward()
    wait_idle(qtbot, desk)
    plain = json.loads(written(ward.assessment()))
    plain["Assessment notice"]["Person consent indicator"] = "Perhaps"
    plain["Something new"] = "which the standard has not"
    (tmp_path / "a.json").write_text(json.dumps(plain))
    bring(page, qtbot, tmp_path / "a.json")
    said = words_of(page)
    for words in ("Assessment notice, referral", "No Known Carer", "Dr O. Mensah", "25-Nov-2026", "Edith",
                  "“Perhaps” is not one of", "which the standard has not", "My cat, and being home"):  # fmt: skip
        assert words in said, words
    bring(page, qtbot, file(tmp_path, ward.withdrawal(head=ward.head("W-1", "unknown", nhs_number=""))))
    assert "It is kept, and applied by itself" in words_of(
        page
    ) and "Patient's condition has deteriorated" in said + words_of(page)
    which = next(b for b in page.panel.findChildren(QPushButton) if b.text() == "Say which referral…")
    qtbot.mouseClick(which, Qt.MouseButton.LeftButton)
    field = page.panel.findChild(QLineEdit)
    field.setText(str(signed_in.services.intake.queue().rows[0].number))
    apply = next(b for b in page.panel.findChildren(QPushButton) if b.text() == "Apply it")
    qtbot.mouseClick(apply, Qt.MouseButton.LeftButton)
    wait_idle(qtbot, desk)
    assert desk.notices.said[-1][1].startswith("It is on referral")
    assert signed_in.services.intake.queue().rows == ()
    desk.tasks.close()


def test_beside_the_queue_the_ward_is_answered(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From its acceptance to a withdrawal that is kept on, and one that is agreed to; by keys."""
    messages = desks.cole.services.messages
    taken = messages.take_in("a.json", written(ward.assessment()))
    referral_id = ReferralId(taken.record.referral_id)
    page = desks.open()
    desks.press(Qt.Key.Key_Return)
    assert "Accepting or declining sends the ward its receipt" in shown_words(page.panel)
    desks.press(Qt.Key.Key_A)
    desks.qtbot.waitUntil(
        lambda: "Accepted by Cora Example; the receipt goes out" in shown_words(page.panel), timeout=30_000
    )
    target = tmp_path / "saved.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(target), ""))
    page.ward.save()
    desks.idle()
    assert read_message("r", target.read_bytes(), today=ward.TODAY).notices[0].response == "1"
    assert desks.said()[-1] == "Saved. Send it to the ward."
    messages.take_in("w.json", written(ward.withdrawal(minutes_ago=4)))
    watch = WardWatch(desks.desk)
    desks.idle()
    kind, words = desks.desk.notices.said[-1]
    assert kind == "warn" and "withdraws referral no. 1" in words
    watch.look()
    desks.idle()
    assert [k for k, _w in desks.desk.notices.said].count("warn") == 1  # told once
    page.refresh()
    page.show_detail_again()
    desks.qtbot.waitUntil(lambda: "The ward waits for your answer" in shown_words(page.panel), timeout=30_000)
    desks.qtbot.keyClick(page.table, Qt.Key.Key_Y, Qt.KeyboardModifier.ShiftModifier)
    desks.idle()
    form = page.moves.form
    assert form is not None
    form.go()
    desks.idle()
    assert page.moves.form is form  # it wants words
    form.form.field("answer_words").editor.setPlainText("She is home already")
    form.go()
    desks.qtbot.waitUntil(lambda: "Rejected (“She is home already”)" in shown_words(page.panel), timeout=30_000)
    messages.take_in("w2.json", written(ward.withdrawal("NMGH-8", "3", "08", minutes_ago=1)))
    desks.desk.changes.deliver(Change("messages", "x"))
    page.refresh()
    page.show_detail_again()
    desks.qtbot.waitUntil(lambda: "08 Patient has died" in shown_words(page.panel), timeout=30_000)
    desks.press(Qt.Key.Key_Y)
    desks.qtbot.waitUntil(lambda: desks.said()[-1].startswith("Closed no. 1: withdrawn by the ward"), timeout=30_000)
    assert desks.cora.services.intake.open_referral(referral_id).referral.state == "closed"
    desks.idle()
    watch.deleteLater()


def test_a_look_at_the_folder_reads_notices_and_leaves_receipts_beside_it(centre_db: CentreDb, tmp_path: Path) -> None:
    """In by the watched folder, out by the one beside it: each file whole and once; what cannot go out waits."""
    desk = centre_db.sign_in("cora.coordinator")
    inbox = tmp_path / "wards" / "inbox"
    inbox.mkdir(parents=True)
    manager = centre_db.sign_in("max.manager").services.inbox
    source = manager.add(SourceDraft(kind="folder", name="Wards", folder=str(inbox)), new_id())
    file(inbox, ward.assessment())
    reader = Reader(
        desk.services.inbox.reading, source.id, place_maker(tmp_path, lambda _s: None),
        after=outgoing.sender(lambda: desk.services.hospital, tmp_path),
    )  # fmt: skip
    while not reader.once().taken:  # a file must have lain still for a moment
        pass
    [row] = desk.services.intake.queue().rows
    desk.services.intake.decline(row.id, row.revision, "Lives in Salford", None)
    out = outgoing.folder_beside(source, tmp_path)
    assert out == tmp_path / "wards" / "outgoing"
    out.write_text("a file where the folder should be")
    assert reader.once().problem == "" and out.is_file()
    out.unlink()
    reader.once()
    reader.once()
    [sent] = out.iterdir()
    answer = read_message(sent.name, sent.read_bytes(), today=ward.TODAY).notices[0]
    assert (answer.response, answer.details, answer.answers) == ("2", ("Lives in Salford",), "NMGH-1")
    [receipt] = desk.services.hospital.story(row.id).receipts
    assert receipt.file_name == sent.name and receipt.state == "sent"
