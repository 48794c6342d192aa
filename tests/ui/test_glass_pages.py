"""Emergency access and sharing on the screen (R2, R3): two desks, by keyboard, and what closes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import text

from coordination.changes import RESYNC, SHARING, Change
from coordination.clock import FixedClock
from coordination.governance.emergency import Look
from coordination.people.model import AroundDraft, PersonDraft
from coordination.people.sharing import SharingDraft
from coordination.values import NhsNumber, PersonId, TeamId, new_id
from db.listen import PgChangeFeed
from tests.database import CentreDb, password_of
from tests.ui.fakes import make_desk, wait_idle
from ui.desk import Desk
from ui.governance.emergency_page import EmergencyPage
from ui.governance.emergency_paper import emergency_list
from ui.governance.emergency_watch import EmergencyWatch
from ui.local.page import UnsentPage
from ui.people.glass_page import GlassPage
from ui.people.page import PersonPage
from ui.widgets.fields import Form

WHY = "She has collapsed and nobody is here who knows her"
NUMBER, REABLEMENT = "9434765919", "North reablement test team"


@pytest.fixture
def sit(centre_db: CentreDb, tmp_path: Path, dressed: object) -> Iterator[Callable[[str], Desk]]:
    """A desk of a user, with services of their own."""
    desks: list[Desk] = []

    def made(user: str) -> Desk:
        signed_in = centre_db.sign_in(user)
        (tmp_path / user).mkdir()
        desk = make_desk(tmp_path / user, signed_in.services)
        desk.actor, desk.clock = signed_in.actor, FixedClock(datetime.now(UTC))
        desks.append(desk)
        return desk

    yield made
    for desk in desks:
        desk.tasks.close()


def register(desk: Desk) -> PersonId:
    people = desk.services.people
    draft = PersonDraft("Pankhurst", "Emmeline", birth_date="14/7/1945", nhs_number=NUMBER)
    person = people.register(draft, PersonId(new_id())).id
    people.add_around(person, AroundDraft("Christabel"), new_id())
    return person


def team(db: CentreDb, name: str = REABLEMENT) -> TeamId:
    with db.owner.begin() as c:
        return TeamId(c.execute(text("select id from team where name = :n"), {"n": name}).scalar_one())


def shown(qtbot: Any, desk: Desk, page: Any, key: object = None) -> Any:
    qtbot.addWidget(page)
    page.resize(1180, 700)
    page.show()
    page.come_forward(key)
    wait_idle(qtbot, desk)
    return page


def test_a_change_of_level_on_one_desk_closes_the_record_on_another(
    centre_db: CentreDb, sit: Callable[[str], Desk], qtbot: Any
) -> None:
    tess, cora = sit("tess.lead"), sit("cora.coordinator")
    person = register(cora)
    theirs = shown(qtbot, cora, PersonPage(cora), person)
    theirs.show_tab(5)
    wait_idle(qtbot, cora)
    assert theirs.record.around
    up: list[bool] = []
    feed = PgChangeFeed(lambda: centre_db.where("cora.coordinator"), password_of("cora.coordinator"))
    feed.start(cora.changes.deliver, up.append)
    try:
        qtbot.waitUntil(lambda: bool(up), timeout=30_000)
        mine = shown(qtbot, tess, PersonPage(tess), person)
        mine.sharing.open()
        wait_idle(qtbot, tess)
        form, preview = mine.sharing.form, mine.sharing.preview
        assert form.form.field("level").editor.hasFocus()
        form.form.field("level").set_value("summary")
        form.teams.setFocus()
        form.teams.setCurrentRow(next(n for n in range(form.teams.count()) if form.teams.item(n).text() == REABLEMENT))
        qtbot.keyClick(form.teams, Qt.Key.Key_Space)
        assert form.teams.value == (team(centre_db),)
        wait_idle(qtbot, tess)
        around = next(row for row in preview.rows if row.table == "person_around")
        assert (around.as_it_is, around.summary) == ("seen", "kept_back")

        save = next(b for b in mine.panel.findChildren(QPushButton) if b.text() == "Write it down")
        save.click()  # how they agreed is missing: said at its field, and nothing is written
        wait_idle(qtbot, tess)
        assert form.form.field("how").problem
        form.form.field("how").set_value("phone")
        save.click()
        # On the other desk the record turns to a summary, with nobody having touched it.
        qtbot.waitUntil(lambda: theirs.record is not None and theirs.record.detail_hidden, timeout=30_000)
        wait_idle(qtbot, tess)
        assert not mine.record.detail_hidden
        assert "Carer Not shared with this desk" in words_of(theirs.banner), "kept back is not unknown"

        # Then to nothing: no word of the person is left on the page, in front or behind.
        latest = tess.services.sharing.of(person).latest
        named = SharingDraft("named_teams", (team(centre_db),), how="in_person")
        tess.services.sharing.agree(person, named, new_id(), seen=latest)
        qtbot.waitUntil(lambda: theirs.record is None, timeout=30_000)
        qtbot.waitUntil(lambda: not theirs.banner.isVisible(), timeout=30_000)
        wait_idle(qtbot, cora)
        qtbot.waitUntil(  # labels that were taken away go with the next turn of the loop
            lambda: "Christabel" not in words_of(theirs) and "PANKHURST" not in words_of(theirs), timeout=30_000
        )
    finally:
        feed.stop()


def test_an_agreement_that_is_being_written_down_outlives_whatever_happens(
    sit: Callable[[str], Desk], qtbot: Any
) -> None:
    cora = sit("cora.coordinator")
    person = register(cora)
    page = shown(qtbot, cora, PersonPage(cora), person)

    def opened() -> Any:
        wait_idle(qtbot, cora)
        return page.sharing.form.form

    page.sharing.open()
    form = opened()
    assert not cora.drafts.of("sharing_agreement"), "a form that nobody touched leaves none"
    for name, value in (("level", "summary"), ("how", "best_interests"), ("reason", "She cannot say, and")):
        form.field(name).set_value(value)
    form.field("reason").editor.appendPlainText("her daughter asked")
    (entry,) = cora.drafts.of("sharing_agreement")
    assert entry.data["title"] == "Sharing of PANKHURST, Emmeline"

    # Another page, as after the program died: it stands there again, and so it does from the list of what is not sent.
    page = shown(qtbot, cora, PersonPage(cora), person)
    form = opened()
    assert form.value("reason") == "She cannot say, and\nher daughter asked" and form.value("level") == "summary"
    not_sent = shown(qtbot, cora, UnsentPage(cora))
    not_sent.table.select_key(f"sharing_agreement {person}")
    not_sent.open_current()
    assert cora.go.went[-1] == ("person", person)

    # Another agreement came in between: what was typed stands in the form about the new state.
    other = cora.services.sharing
    other.agree(person, SharingDraft("summary", how="phone"), new_id(), seen=None)
    other.agree(person, SharingDraft("everything", how="phone"), new_id(), seen=other.of(person).latest)
    button_of(page, "Write it down").click()
    qtbot.waitUntil(lambda: page.sharing.form.form is not form, timeout=30_000)
    form = opened()
    assert form.value("reason") == "She cannot say, and\nher daughter asked"

    button_of(page, "Leave it").click()
    assert not cora.drafts.of("sharing_agreement")
    cora.notices.undo()
    form = opened()
    assert form.value("how") == "best_interests"
    button_of(page, "Write it down").click()
    qtbot.waitUntil(lambda: not cora.drafts.of("sharing_agreement"), timeout=30_000)
    wait_idle(qtbot, cora)
    assert cora.services.sharing.of(person).level == "summary"


def test_who_shares_what_is_no_matter_to_the_record_of_somebody_else(
    sit: Callable[[str], Desk], qtbot: Any, centre_db: CentreDb
) -> None:
    cora = sit("cora.coordinator")
    person = register(cora)
    page = shown(qtbot, cora, PersonPage(cora), person)
    views = text("select count(*) from audit.entry where action = 'view' and area = 'person'")

    def seen() -> int:
        with centre_db.owner.connect() as c:
            return int(c.execute(views).scalar_one())

    before, batches = seen(), []
    cora.changes.batch.connect(batches.append)
    cora.changes.deliver(Change(SHARING, str(new_id())))
    qtbot.waitUntil(lambda: len(batches) == 1, timeout=30_000)
    wait_idle(qtbot, cora)
    assert RESYNC in batches[0] and seen() == before, "lists read again; a record of somebody else does not"
    cora.changes.deliver(Change(SHARING, str(page.key)))
    qtbot.waitUntil(lambda: len(batches) == 2, timeout=30_000)
    wait_idle(qtbot, cora)
    assert seen() == before + 1


def button_of(page: Any, said: str) -> Any:
    return next(b for b in page.panel.findChildren(QPushButton) if b.text() == said and b.isVisible())


def words_of(page: Any) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel))


def test_by_keyboard_from_a_look_to_the_record_and_its_end(
    centre_db: CentreDb, sit: Callable[[str], Desk], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cora = sit("cora.coordinator")
    person = register(cora)
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams'"))
    went: list[tuple[str, object]] = []
    monkeypatch.setattr(cora.go, "to", lambda page, key=None, **_how: went.append((page, key)))
    page = shown(qtbot, cora, GlassPage(cora))
    go = next(command for command in page.commands() if command.id == "emergency_access.go")
    assert page.who.field("nhs_number").editor.hasFocus()
    go()
    assert page.who.field("nhs_number").problem
    qtbot.keyClicks(page.who.field("nhs_number").editor, NUMBER)
    go()
    wait_idle(qtbot, cora)
    assert page.found.isVisible() and "E P" in page.found.text() and "Emmeline" not in words_of(page)
    assert page.why.field("kind").editor.hasFocus()
    go()
    wait_idle(qtbot, cora)
    assert page.why.field("kind").problem and page.why.field("words").problem
    page.why.field("kind").set_value("life_at_risk")
    page.why.field("words").editor.setFocus()
    qtbot.keyClicks(page.why.field("words").editor, WHY)
    go()
    qtbot.waitUntil(lambda: bool(went), timeout=30_000)
    assert went == [("person", person)]
    assert page.who.values()["nhs_number"] == "" and page.answer is None

    record = shown(qtbot, cora, PersonPage(cora), person)
    bar = record.glass.bar
    assert bar.isVisible() and "59 min left" in bar._said.text()
    by = {command.id: command for command in record.commands()}
    assert by["person.emergency_end"].enabled_when() and not by["person.emergency"].enabled_when()
    told: list[Any] = []
    cora.changes.batch.connect(told.append)
    by["person.emergency_end"]()
    wait_idle(qtbot, cora)
    qtbot.waitUntil(lambda: bool(told))  # whatever else is open on this desk reads again
    qtbot.waitUntil(lambda: record.record is None, timeout=30_000)
    assert not bar.isVisible() and not record.banner.isVisible()


def test_it_closes_by_itself_and_a_clock_that_jumps_gives_no_time(
    centre_db: CentreDb, sit: Callable[[str], Desk], qtbot: Any
) -> None:
    cora = sit("cora.coordinator")
    person = register(cora)
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'summary'"))
    cora.services.emergency.open(new_id(), "safeguarding", WHY, person=person)
    page = shown(qtbot, cora, PersonPage(cora), person)
    bar = page.glass.bar
    assert bar.isVisible() and page.record.around
    before = cora.clock.now()
    cora.clock = FixedClock(before - timedelta(hours=5))
    assert bar.left() <= timedelta(minutes=60)
    cora.clock = FixedClock(before + timedelta(minutes=42))
    bar.look()
    assert "17 min left" in bar._said.text()
    with centre_db.owner.begin() as c:
        c.execute(text("update emergency_access set began_at = began_at - interval '1 hour', ends_at = now()"))
    cora.clock = FixedClock(before + timedelta(minutes=61))
    bar.look()
    qtbot.waitUntil(lambda: page.record is not None and page.record.detail_hidden, timeout=30_000)
    assert not bar.isVisible() and page.record.around == ()


def test_the_review_by_keyboard_and_on_paper(centre_db: CentreDb, sit: Callable[[str], Desk], qtbot: Any) -> None:
    cora, ida, theo = sit("cora.coordinator"), sit("ida.governance"), sit("theo.lead")
    person = register(cora)
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams'"))
    tess = centre_db.sign_in("tess.lead").services
    look = tess.emergency.look(Look(NhsNumber(NUMBER)), new_id())
    tess.emergency.open(new_id(), "serious_harm", WHY, look=look.look_id)
    tess.people.open_record(person)
    page = shown(qtbot, ida, EmergencyPage(ida))
    wait_idle(qtbot, ida)
    assert page.table.hasFocus() and page.table.current is not None
    assert WHY in words_of(page) and "Looked at" in words_of(page) and "Emmeline" not in words_of(page)
    by = {command.id: command for command in page.commands()}
    assert by["emergency.review"].enabled_when() and by["emergency.end"].enabled_when()
    by["emergency.review"]()
    assert page.acts.asking
    by["emergency.save"]()
    form = page.panel.area.widget().findChild(Form)
    wait_idle(qtbot, ida)
    assert form.field("outcome").problem
    form.set_values({"outcome": "appropriate", "told": "told"})
    by["emergency.save"]()
    wait_idle(qtbot, ida)
    qtbot.waitUntil(lambda: page.model.rows == [], timeout=30_000)
    assert "Nothing awaits review" in words_of(page)
    by["emergency.shown"]()
    wait_idle(qtbot, ida)
    assert page.table.current.outcome == "appropriate" and by["emergency.withdraw"].enabled_when()
    by["emergency.withdraw"]()
    wait_idle(qtbot, ida)
    qtbot.waitUntil(lambda: page.model.rows == [], timeout=30_000)

    rows = ida.services.emergency.accesses("all")
    longer = [replace(row, id=new_id(), note="n " * 400) for row in rows * 30]
    pdf, pages = emergency_list([*rows, *longer], "All", datetime.now(UTC), "Printed today")
    assert pdf.startswith(b"%PDF") and pages > 1

    lead = shown(qtbot, theo, EmergencyPage(theo))
    wait_idle(qtbot, theo)
    assert lead.table.current is not None and WHY not in words_of(lead)
    assert not any(c.enabled_when() for c in lead.commands() if c.id in ("emergency.review", "emergency.paper"))


def test_what_an_earlier_sitting_opened_ends_on_this_desk(
    centre_db: CentreDb, sit: Callable[[str], Desk], qtbot: Any
) -> None:
    cora = sit("cora.coordinator")
    person = register(cora)
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'summary'"))
    access = cora.services.emergency.open(new_id(), "safeguarding", WHY, person=person)
    told: list[Any] = []
    cora.changes.batch.connect(told.append)
    cora.clock = FixedClock(access.ends_at)
    watch = EmergencyWatch(cora)
    wait_idle(qtbot, cora)
    assert watch._end.isActive() and not told
    with centre_db.owner.begin() as c:
        c.execute(text("update emergency_access set began_at = began_at - interval '1 hour', ends_at = now()"))
    watch._end.start(0)
    qtbot.waitUntil(lambda: told == [frozenset({RESYNC})], timeout=30_000)
    wait_idle(qtbot, cora)
    assert not watch._end.isActive()
