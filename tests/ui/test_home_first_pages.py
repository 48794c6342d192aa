"""Anybody on the list, lights that open, what one more costs, the morning's list, the caseload, and what a workbook
says, by keyboard on a real database (T2-T6, O3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.clock import local_date
from coordination.reference import standing
from coordination.transfer.report import DAILY
from coordination.transfer.workbook import read_book
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.ui.fakes import wait_idle
from tests.ui.test_transfer_page import NOW, cora, desk, form_of, opened, press
from ui.desk import Desk
from ui.transfer import morning_words as words
from ui.transfer.caseload_page import CaseloadPage
from ui.transfer.morning_page import MorningPage
from ui.transfer.page import TransferPage
from ui.transfer.putting_on import PutOn
from ui.transfer.report_page import SituationPage
from ui.transfer.workbook_file import read_file
from ui.widgets.tableio import shown, values

__all__ = ["cora", "desk"]
HOME = next(d.code for d in standing.read().destinations if d.list.startswith("acute") and d.pathway == "P1")


def test_anybody_goes_on_the_list_and_off_again(qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb) -> None:
    page: TransferPage = opened(TransferPage, desk, qtbot)
    person = add_person(centre_db, "Kenney", "Annie")
    press(page, qtbot, Qt.Key.Key_N)
    assert page.acts.asking
    page.acts.leave()
    page.open(PutOn(person, "KENNEY, Annie"))
    qtbot.waitUntil(lambda: page.acts.asking, timeout=30_000)
    form_of(page).field("hospital").editor.set_value("WYTH")
    page.acts.save()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=30_000)
    on = next(t for t in page.model.rows if t.person_id == person)
    assert [c.kind for c in on.clocks] == ["assess_4h"]
    page.open(PutOn(person, "KENNEY, Annie"))  # once more: to where they stand
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.table.current is not None and page.table.current.person_id == person, timeout=30_000)
    assert not page.acts.asking
    desk.services.transfer.take_off(on)
    page.refresh()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=30_000)


def test_a_light_opens_with_one_key_and_one_more_is_told_in_words(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: TransferPage = opened(TransferPage, desk, qtbot)
    press(page, qtbot, Qt.Key.Key_6)  # transport
    qtbot.waitUntil(lambda: page.acts.asking, timeout=30_000)
    form_of(page).field("note").editor.set_value("Patient transport, 14:00")
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "transport" not in [light.kind for light in page.table.current.open_lights], timeout=30_000)
    told = next(light for light in page.table.current.lights if light.kind == "transport")
    assert told.note == "Patient transport, 14:00" and told.by_name == "Cora Example"
    gone: list[Any] = []
    desk.go.to = lambda *where: gone.append(where)  # type: ignore[method-assign]
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_2)
    assert gone == [("visits", page.table.current.person_id)]
    press(page, qtbot, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: page.acts.asking, timeout=30_000)
    told = [w.text() for w in page.panel.area.widget().findChildren(type(page._about))]
    assert told[0].startswith("There is room") and "Nobody else begins later." in told


def test_the_morning_list_is_said_and_taken_back_(qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb) -> None:
    page: MorningPage = opened(MorningPage, desk, qtbot)
    page.sites.set_value("NMGH")
    page._show_site()
    assert [line.who for line in page.model.rows] == ["PANKHURST, Emmeline", "RYLANDS, Emmeline"]
    page.activated()
    press(page, qtbot, Qt.Key.Key_M)
    assert page.acts.asking
    page.acts.save()
    wait_idle(qtbot, desk)
    assert page.acts.asking  # why, is not chosen yet
    form = page.panel.area.widget().layout().itemAt(0).widget()
    form.field("reason").editor.set_value("r24_fluids")
    form.field("told_by").editor.setText("Sister Khan")
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [line.verdict for line in page.model.rows] == ["no_longer", "meets"], timeout=30_000)
    assert "Sister Khan to Cora Example" in page.table.model().index(1, 6).data()
    page.table.selectRow(1)
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_T)  # still so
    wait_idle(qtbot, desk)
    press(page, qtbot, Qt.Key.Key_R)  # no longer, after all
    qtbot.waitUntil(lambda: page.acts.asking, timeout=30_000)
    page.acts.save()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: [line.verdict for line in page.model.rows] == ["no_longer", "no_longer"], timeout=30_000)
    assert page.shown is not None and len(words.paper(page.shown).parts[0].lines) == 2


def test_the_caseload_opens_to_its_people_and_somebody_ends(qtbot: Any, dressed: Any, desk: Desk) -> None:
    service = desk.services.transfer
    first = service.worklist().rows[0]
    until = local_date(NOW) + timedelta(days=4)
    service.left(first.id, first.revision, NOW, HOME, recovery="intermediate_care", until=until)
    page: CaseloadPage = opened(CaseloadPage, desk, qtbot)
    assert page.model.rowCount() == 14 and page.model.rows[0].all == 2  # one in it, one who can come today
    page.table.selectRow(4)
    assert [p.what for p in page.behind_model.rows] == ["Planned to end"]
    page.view.set_value("people")
    page._show_view()
    page.activated()
    press(page, qtbot, Qt.Key.Key_D)
    assert page.acts.asking
    page.acts.save()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.people_model.rowCount() == 0, timeout=30_000)
    page.view.set_value("queue")
    page._show_view()
    page.activated()
    press(page, qtbot, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: page._said.text().startswith("There is room"), timeout=30_000)


def test_small_numbers_stay_and_a_published_workbook_is_read(
    qtbot: Any, dressed: Any, desk: Desk, tmp_path: Path
) -> None:
    page: SituationPage = opened(SituationPage, desk, qtbot)
    assert page.model.rows[-1].numbers["NMGH"] == 2  # on screen it opens to its people
    leaves = [cell for row in shown(page.table)[1] for cell in row[1:]]
    assert "*" in leaves and "0" in leaves and not {"1", "2"} & set(leaves)
    assert values(page.table)[-1][1] == "*"
    path = tmp_path / "national.xlsx"
    page.write_workbook(path)
    wait_idle(qtbot, desk)
    lists = standing.read()
    back = read_book(read_file(path), lists.delay_reasons, lists.destinations)
    assert back.troubles == () and back.collection == "acute"  # ours is read as theirs is
    daily = back.table("daily")
    assert daily is not None and daily.rows[0].code == "R0A"
    assert daily.on("NMGH", local_date(NOW), DAILY[0]) is None  # hidden
    page.open_workbook(path)
    qtbot.waitUntil(lambda: page.published_model.rowCount() == 37, timeout=30_000)
    assert {line.match for line in page.published_model.rows} == {"same", "added"}
    assert "R0A is in it" in page._published_words()
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK nothing")
    page.open_workbook(broken)
    wait_idle(qtbot, desk)
    assert page.published_model.rowCount() == 37


def test_nothing_there_is_said_so(qtbot: Any, dressed: Any, desk: Desk, centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as c:
        c.execute(text("truncate transfer cascade"))
    for kind, rows in ((TransferPage, 0), (MorningPage, 0), (CaseloadPage, 14), (SituationPage, 21)):
        page = opened(kind, desk, qtbot)
        assert page.table.model().rowCount() == rows
