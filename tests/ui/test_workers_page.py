"""The pages of workers, rotas and months on a real database: what a team lead does with keys, and what others read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from coordination.clock import LONDON, FixedClock, at_local
from coordination.deployment.model import Place
from coordination.errors import BadValue
from coordination.values import new_id
from coordination.workforce.model import Assignment, Rota, Spell
from tests.database import CentreDb
from tests.db.deployment_kit import Kit
from tests.ui.fakes import make_desk, wait_idle
from ui.careplan.differing import ChangedTwice
from ui.workforce.month_page import MonthPage, lines_of
from ui.workforce.page import WorkersPage
from ui.workforce.rota_page import RotasPage
from ui.workforce.view import WorkerView
from ui.workforce.words import cell_words, parse_hours, parse_length


@pytest.fixture
def team(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Amina and Bola, at work tomorrow, and a desk of their lead."""
    kit = Kit(centre_db)
    kit.skill("insulin")
    session = centre_db.sign_in("tess.lead")
    day = kit.today() + timedelta(days=1)
    amina, bola = kit.worker("Amina", hours=[], skills=["insulin"]), kit.worker("Bola", hours=[])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    desks = []

    def sit(user: str):
        signed = session if user == "tess.lead" else centre_db.sign_in(user)
        desk = make_desk(tmp_path, signed.services)
        desk.actor, desk.clock = signed.actor, FixedClock(at_local(kit.today(), 9))
        desks.append(desk)
        return desk

    def open_(page, desk):
        qtbot.addWidget(page)
        page.resize(1170, 640)
        page.show()
        page.come_forward()
        wait_idle(qtbot, desk)
        return page

    yield SimpleNamespace(
        kit=kit, services=session.services, day=day, amina=amina, bola=bola, sit=sit, open=open_, bot=qtbot,
        idle=lambda: [wait_idle(qtbot, d) for d in desks],
    )  # fmt: skip
    for desk in desks:
        desk.tasks.close()


def said(desk) -> list[str]:
    return [str(words) for _kind, words in desk.notices.said]


def chosen(m, page: WorkersPage, worker) -> WorkersPage:
    page.table.select_key(worker)
    m.bot.waitUntil(lambda: page.sheet is not None and page.sheet.head.id == worker)
    m.idle()
    return page


def words_of(page: WorkersPage) -> str:
    view = page.findChild(WorkerView)
    return " | ".join(one.text() for one in view.findChildren(QLabel))


def test_a_lead_finds_a_worker_enters_sickness_and_takes_it_back(team) -> None:
    m, desk = team, team.sit("tess.lead")
    draft = m.kit.draft(m.kit.person("Adams"), at_local(m.day, 9))
    m.services.deployment.plan_visits([draft])
    m.services.deployment.allocate(draft.id, m.amina, at_local(m.day, 9), seen=1)
    page = m.open(WorkersPage(desk), desk)
    assert [r.name for r in page.model.rows] == ["Amina", "Bola"]
    QTest.keyClicks(page.typed, "insul ami")
    assert [r.name for r in page.model.rows] == ["Amina"]
    QTest.keyClick(page.typed, Qt.Key.Key_Return)
    m.bot.waitUntil(lambda: page.sheet is not None)
    assert "Works to no rota" in words_of(page)
    page.deeds.enter_absence("sickness")
    form = page.deeds.form
    form.form.set_values({"first": m.day + timedelta(days=1), "last": m.day})
    form.go()
    m.idle()
    assert form.form.field("last").problem == "It ends before it begins. The last day is the first day or a later one."
    form.form.set_values({"first": m.day, "free": True})
    form.go()
    m.idle()
    assert page.deeds.form is None and m.services.deployment.visit(draft.id).allocations == ()
    assert "1 visit taken back." in said(desk)[-1] and "Sickness" in words_of(page)
    desk.notices.undo()
    m.idle()
    assert len(m.services.deployment.visit(draft.id).allocations) == 1 and "Sickness" not in words_of(page)
    # entered without taking back: the visit is named with the worker, and a button takes it back
    page.deeds.enter_absence("leave")
    page.deeds.form.form.set_values({"first": m.day, "last": m.day})
    page.deeds.form.go()
    m.idle()
    assert "1 visit still given to them." in said(desk)[-1] and "ADAMS, Emmeline: away" in words_of(page)
    page.deeds.free(page._stranded)
    m.idle()
    assert m.services.deployment.visit(draft.id).allocations == ()


def test_skills_people_and_exceptions_each_with_their_undo(team) -> None:
    m, desk = team, team.sit("tess.lead")
    person = m.kit.person("Davies")
    page = chosen(m, m.open(WorkersPage(desk), desk), m.bola)
    page.deeds.add_skill()
    page.deeds.form.form.set_values({"skill": "insulin", "expires_on": m.day})
    page.deeds.form.go()
    m.idle()
    assert [s.expires_on for s in page.sheet.skills] == [m.day]
    desk.notices.undo()
    m.idle()
    assert page.sheet.skills == ()
    page.deeds.say()
    form = page.deeds.form
    form.relation.set_value("not_to")
    form._ask_why()
    form.go()
    assert form.form.field("person").problem
    QTest.keyClicks(form.finder.field, "davies")
    m.bot.waitUntil(lambda: not form.finder.list.isHidden() and form.finder.list.people.rowCount() == 1)
    QTest.keyClick(form.finder.field, Qt.Key.Key_Return)
    m.bot.waitUntil(lambda: form.person_id == person)
    form.form.set_values({"reason": ""})
    form.ready()
    form.go()
    m.idle()
    assert form.form.field("reason").problem
    form.form.set_values({"reason": "A complaint"})
    form.go()
    m.idle()
    assert [(p.relation, p.reason) for p in page.sheet.people] == [("not_to", "A complaint")]
    page.deeds.unsay(page.sheet.people[0])
    m.idle()
    desk.notices.undo()
    m.idle()
    assert [p.reason for p in page.sheet.people] == ["A complaint"]
    page.deeds.add_exception()
    page.deeds.form.form.set_values({"kind": "extra", "day": m.day})
    page.deeds.form.go()
    m.idle()
    assert page.deeds.form.form.field("starts").problem == "From when?"
    page.deeds.form.form.set_values({"starts": at_local(m.day, 17).time(), "ends": at_local(m.day, 20).time()})
    page.deeds.form.go()
    m.idle()
    assert len(page.sheet.exceptions) == 1 and len(page.sheet.shifts) == 1
    page.deeds.remove_exception(page.sheet.exceptions[0])
    m.idle()
    assert page.sheet.shifts == ()
    # whoever does not lead reads it, without the reason and without anything to press
    other = m.sit("cora.coordinator")
    reading = chosen(m, m.open(WorkersPage(other), other), m.bola)
    assert "The reason is for team leads." in words_of(reading) and "A complaint" not in words_of(reading)
    assert reading._bar.isHidden()
    assert not any(c.enabled_when and c.enabled_when() for c in reading.deeds.commands())


def test_two_leads_at_one_worker_see_both_values_and_nothing_is_lost(team) -> None:
    m, desk = team, team.sit("tess.lead")
    page = chosen(m, m.open(WorkersPage(desk), desk), m.amina)
    page.deeds.head.change()
    form = page.deeds.form
    form.form.set_values({"grade": "Senior", "most_minutes": "6", "base": "home"})
    m.services.workforce.change(m.amina, {"languages": ("Urdu",)}, seen=1)
    form.go()
    m.idle()
    head = m.services.workforce.worker(m.amina, m.day).head
    assert (head.grade, head.most_minutes, head.languages, head.revision) == ("Senior", 360, ("Urdu",), 3)
    desk.notices.undo()
    m.idle()
    assert m.services.workforce.worker(m.amina, m.day).head.most_minutes is None
    page.deeds.head.change()
    form = page.deeds.form
    form.form.set_values({"grade": "Lead", "contracted_minutes": "a lot"})
    form.go()
    assert form.form.field("contracted_minutes").problem == "Write hours as 37.5 or 37:30."
    form.form.set_values({"contracted_minutes": "30"})
    m.services.workforce.change(m.amina, {"grade": "Officer"}, seen=4)
    form.go()
    m.idle()
    twice = form.findChild(ChangedTwice)
    assert "yours: Lead. Saved meanwhile: Officer. It was: Reablement officer" in twice.accessibleName()
    QTest.keyClick(twice, Qt.Key.Key_Return)
    m.idle()
    head = m.services.workforce.worker(m.amina, m.day).head
    assert (head.grade, head.contracted_minutes) == ("Lead", 1800)


def test_a_base_is_named_when_there_is_none_and_found_by_postcode(team) -> None:
    m, desk = team, team.sit("tess.lead")
    with m.kit.database.owner.begin() as c:
        c.execute(text("insert into postcode (postcode, lat, lon) values ('M9 4PA', 53.5, -2.2)"))
    m.services.workforce.change(m.bola, {"place": None}, seen=1)
    page = chosen(m, m.open(WorkersPage(desk), desk), m.bola)
    assert "Not known: ways to the first visit and home are not counted" in words_of(page)
    page.deeds.head.change()
    form = page.deeds.form
    form.form.set_values({"base": "base", "base_name": "Harpurhey"})
    form.go()
    assert form.form.field("postcode").problem
    form.form.set_values({"postcode": "M1 1AA"})
    form.go()
    m.idle()
    assert "register" in form.form.field("postcode").problem
    form.form.set_values({"postcode": "m94pa"})
    form.go()
    m.idle()
    assert page.sheet.head.place == Place(53.5, -2.2) and "Harpurhey" in words_of(page)


def test_a_rota_is_written_with_the_keyboard_and_makes_its_shifts(team) -> None:
    m, desk = team, team.sit("tess.lead")
    page = m.open(RotasPage(desk), desk)
    page.begin_new()
    QTest.keyClicks(page.form.field("name").editor, "Nights")
    page.weeks.set_value(2)
    page.weeks.chosen.emit(2)
    page.grid.start()
    first = page.grid._cells[0][0]
    QTest.keyClicks(first, "6-14")
    QTest.keyClick(first, Qt.Key.Key_Return)
    QTest.keyClick(page.grid._cells[0][1], Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.grid._cells[1][6], "22-7")
    page.save()
    m.idle()
    assert page.grid._cells[0][0].property("wrong") and page.grid._cells[1][6].property("wrong")
    assert "Nobody works twice at once" in page.grid.said.text() and not page.grid.said.isHidden()
    page.grid._cells[1][6].setText("22-5:30")
    page.save()
    m.idle()
    (rota,) = m.services.rotas.rotas(m.kit.team())
    assert (rota.weeks, len(rota.spells), page.may_leave()) == (2, 3, True)
    m.services.rotas.assign(Assignment(new_id(), m.bola, rota.id, m.kit.today()))
    # a colleague is faster: both are shown, and mine goes over theirs
    page.refresh()
    m.idle()
    m.services.rotas.save(replace(m.services.rotas.rota(rota.id), spells=(Spell(0, 0, 420, 900),)))
    page.grid._cells[0][2].setFocus()
    QTest.keyClicks(page.grid._cells[0][2], "8-12")
    page.save()
    m.idle()
    assert "Week 1: Mon 07:00–15:00." in page.question.text() and not page._both.isHidden()
    page._keep_mine()
    m.idle()
    now = m.services.rotas.rota(rota.id)
    assert len(now.spells) == 4 and Spell(0, 2, 480, 720) in now.spells
    page.roll_out()
    m.idle()
    assert any(
        "Amina works to no rota" in one.text() for one in page._told.parentWidget().findChildren(type(page.question))
    )
    month = m.open(MonthPage(desk), desk)
    assert [line.name for line in month.model.rows][4:] == ["Amina", "Bola"]
    here = month.desk.clock.now().astimezone(LONDON).day
    assert [c.id for c in month.model.columns if c.strong] == ["name", f"d{here}"]
    assert month.model.badge_at(0, here) is not None and month.model.badge_at(1, here) is None
    month.step(1)
    m.idle()
    assert [c.id for c in month.model.columns if c.strong] == ["name"]
    assert any(line.total for line in month.model.rows if line.name == "Bola")


def test_a_month_says_where_hours_are_short(team) -> None:
    m = team
    draft = m.kit.draft(m.kit.person(), at_local(m.day, 9), minutes=480, workers_needed=2)
    m.services.deployment.plan_visits([draft])
    month = m.services.rotas.month(m.kit.team(), m.day, 3)
    _days, asked, there, short, amina, bola = lines_of(month, m.day)
    assert (asked.says, there.says, short.says) == (("16", "", ""), ("8", "", ""), ("8", "", ""))
    assert (amina.says, amina.total, bola.total) == (("8", "", ""), "8", "")


def test_rotas_of_nobody_are_empty_and_say_how_to_begin(team) -> None:
    desk = team.sit("tess.lead")
    page = team.open(RotasPage(desk), desk)
    assert page.model.rows == [] and page.shown is None
    rota = Rota(new_id(), team.kit.team(), "Days", 1, date(2026, 1, 5), (Spell(0, 0, 420, 900),))
    kept, _ = team.services.rotas.save(rota)
    page.refresh()
    team.idle()
    assert page.shown == kept
    page.remove()
    team.idle()
    assert team.services.rotas.rotas(team.kit.team()) == []
    desk.notices.undo()
    team.idle()
    assert [r.name for r in team.services.rotas.rotas(team.kit.team())] == ["Days"]


# ---------------------------------------------------------------- what is typed


def test_hours_are_read_as_people_type_them() -> None:
    assert (
        parse_hours("7-15", "x") == parse_hours("07:00–15:00", "x") == parse_hours("0700 to 1500", "x") == [(420, 900)]
    )
    assert parse_hours("22-7", "x") == [(1320, 420)] and parse_hours("16-0", "x") == [(960, 1440)]
    assert parse_hours("7-11, 16.30-20", "x") == [(420, 660), (990, 1200)]
    assert parse_hours(" off ", "x") == parse_hours("", "x") == []
    assert cell_words([(990, 1200), (420, 660)]) == "07–11, 16:30–20"
    for wrong in ("7", "25-3", "7-15-20", "early", "7-7"):
        with pytest.raises(BadValue):
            parse_hours(wrong, "x")
    assert [parse_length(t, "x") for t in ("37.5", "37:30", "37h30", "37,5 h", "")] == [2250, 2250, 2250, 2250, None]
    with pytest.raises(BadValue):
        parse_length("a lot", "x")


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda p: p[0] != p[1]), max_size=3))
def test_what_a_cell_shows_is_read_back(pairs: list[tuple[int, int]]) -> None:
    assert parse_hours(cell_words(pairs), "x") == sorted(pairs)
