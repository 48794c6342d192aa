"""Nobody was found: from the board to the case, its steps by keys, and the ending, on a real database."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from coordination.changes import Change
from coordination.deployment.outcomes.model import Entry
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from tests.ui.outcomes_kit import Yesterday
from ui.commands import Commands
from ui.deployment.layout import Spot
from ui.deployment.page import ReablementPage
from ui.outcomes.opening import OfVisit
from ui.outcomes.page import NoAccessPage
from ui.outcomes.watch import NoAccessWatch
from ui.people.sections import RecordSections
from ui.widgets import LinkLabel


@pytest.fixture
def found_nobody(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Nobody at Adams's, yesterday at seven; a daughter and a key safe are known."""
    team = Yesterday.make(centre_db, 2)
    desk = make_desk(tmp_path, team.session.services)
    team.dress(desk)
    service = team.session.services.outcomes
    rows = service.sheet(team.kit.team(), team.day, team.amina).rows
    adams = rows[0].visit
    with centre_db.owner.begin() as c:
        c.exec_driver_sql(
            "update person set phone = '0161 496 0101', access_notes = 'Key safe 4711' where surname = 'Adams'"
        )
        c.exec_driver_sql(
            "insert into person_around (id, person_id, name, relation, phone) select uuidv7(), id, 'June', 'Daughter',"
            " '0161 496 0102' from person where surname = 'Adams'"
        )
    team.kit.alert(adams.person.id, "key_safe", "Left of the door")
    service.record(Entry(adams.id, adams.revision, "no_access", "no_reply", began=team.at(7)))
    yield SimpleNamespace(
        team=team, desk=desk, adams=adams, bell=rows[1].visit, idle=lambda: wait_idle(qtbot, desk), qtbot=qtbot,
        cases=team.session.services.no_access, db=centre_db,
    )  # fmt: skip
    desk.tasks.close()


def shown(m: SimpleNamespace, page_class: type) -> object:
    page = page_class(m.desk)
    m.qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    m.qtbot.waitExposed(page)
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    page.keeps = commands
    page.activateWindow()
    return page


def texts(widget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def press(page, *keys, ctrl: bool = False) -> None:
    for key in keys:
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(page.focusWidget() or page, key, modifier)


def test_a_case_is_worked_through_by_keys(found_nobody) -> None:
    m = found_nobody
    page = shown(m, NoAccessPage)
    page.come_forward(OfVisit(m.adams.id))
    m.idle()
    m.qtbot.waitUntil(lambda: "0161 496 0102" in texts(page))
    said = texts(page)
    assert "0161 496 0101" in said and "There is one: ring the centre for the code" in said and "4711" not in said
    press(page, Qt.Key.Key_1)
    assert page.acts.form is not None and page.focusWidget() is page.acts.form.form.field("came_of_it").editor
    QTest.keyClicks(page.focusWidget(), "Rang twice")
    press(page.acts.form, Qt.Key.Key_Return, ctrl=True)
    m.idle()
    case = m.cases.of_visit(m.adams.id)
    assert case.steps[0].words == "Rang twice" and case.steps[0].done_by == "Tess Example"
    m.desk.notices.undo()
    m.idle()
    assert m.cases.of_visit(m.adams.id).steps[0].done_at is None
    press(page, Qt.Key.Key_I)
    m.idle()
    assert m.cases.of_visit(m.adams.id).steps[0].owner == "tess.lead"
    press(page, Qt.Key.Key_E)
    form = page.acts.form
    form.form.set_values({"ending": "with_family"})
    form.go()
    m.idle()
    assert form.form.field("came_of_it").problem, "with whom?"
    form.form.set_values({"came_of_it": "At her sister's since Friday"})
    form.go()
    m.idle()
    assert m.cases.cases() == [] and page.model.rowCount() == 0
    page.shown.set_value("ended")
    page.refresh()
    m.idle()
    assert page.model.rowCount() == 1
    page.table.selectRow(0)
    m.idle()
    press(page, Qt.Key.Key_O)
    m.idle()
    assert len(m.cases.cases()) == 1, "an ending by mistake"


def test_the_foot_counts_what_is_due_and_the_board_says_it(found_nobody) -> None:
    m = found_nobody
    watch = m.desk.no_access = NoAccessWatch(m.desk)
    m.idle()
    assert m.desk.foot.due_of() == {"no_access": 4} and m.desk.foot.counts["no_access"] == (1, "open")
    page = shown(m, ReablementPage)
    page.day = m.team.day
    page.come_forward()
    m.idle()
    page.board.choose(Spot(m.adams.id, 1))
    m.idle()
    m.qtbot.waitUntil(lambda: any("1 not found: ADAMS" in b.text() for b in page.findChildren(LinkLabel)))
    page.keeps.get("reablement.case")()
    assert m.desk.go.went[-1] == ("no_access", OfVisit(m.adams.id))
    page.keeps.get("reablement.trace")()
    m.idle()
    m.qtbot.waitUntil(lambda: "No reply at the door" in texts(page.panel))
    case = m.cases.cases()[0]
    for step in case.steps:
        case = m.cases.do_step(case, step.code, "Done").after
    assert m.cases.cases()[0].is_open
    watch.read()
    m.idle()
    assert m.desk.foot.due_of() == {"no_access": 1}, "every step is done and nobody has said where she is"
    m.cases.end(m.cases.cases()[0], "with_police", "Log 123")
    m.desk.changes.deliver(Change("outcomes", str(case.id)))
    m.qtbot.waitUntil(lambda: m.desk.foot.due_of() == {})


def test_a_visit_is_ended_with_a_coded_reason_on_the_board(found_nobody) -> None:
    m = found_nobody
    page = shown(m, ReablementPage)
    page.day = m.team.day
    page.come_forward()
    m.idle()
    page.board.choose(Spot(m.bell.id, 1))
    m.idle()
    page.keeps.get("reablement.missed")()
    m.idle()
    form = page.panel.area.widget()
    assert form.code.value is None, "nothing is chosen by itself"
    form.form.set_values({"code": "missed_other"})
    form.save()
    m.idle()
    assert form.form.field("reason").problem, "that one needs words"
    form.form.set_values({"code": "worker_ill"})
    form.save()
    m.idle()
    visit = m.team.session.services.deployment.visit(m.bell.id)
    assert (visit.state, visit.state_reason) == ("missed", "The worker fell ill")


def test_who_declines_often_is_listed(found_nobody) -> None:
    m = found_nobody
    page = shown(m, NoAccessPage)
    page.come_forward()
    page.shown.set_value("declined")
    page.refresh()
    m.idle()
    assert page.often_table.isVisible() and page.often.rowCount() == 0


def test_the_persons_record_says_that_nobody_was_found(found_nobody, qtbot) -> None:
    m = found_nobody
    record = m.team.session.services.people.open_record(m.adams.person.id)
    (found,) = record.not_found
    assert (found.team, found.owner_name) == ("North reablement test team", "Tess Example")
    went = []
    section = RecordSections(record, m.desk.clock.now(), lambda page, key: went.append((page, key)), lambda _what: None)
    qtbot.addWidget(section)
    section.show()
    qtbot.waitUntil(lambda: "Nobody found Yesterday 07:00" in texts(section), timeout=30_000)
    next(link for link in section.findChildren(LinkLabel) if link.text() == "What is being done").click()
    assert went == [("no_access", found.id)]
