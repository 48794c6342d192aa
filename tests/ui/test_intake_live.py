"""The queue keeps itself true: only what has changed is read, nothing jumps, words stay; and who else is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.changes import RESYNC, Change
from coordination.people.model import PersonDraft
from coordination.presence.model import Mark
from coordination.values import PersonId, new_id
from tests.database import CentreDb
from tests.db.test_people import statements
from tests.ui.test_intake_queue import Desks, refer, shown_words
from ui.at_desk import Changes
from ui.intake.own_views import views_of_before
from ui.intake.page import QueuePage
from ui.intake.wall import WallPage
from ui.widgets import tableio


@pytest.fixture
def desks(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Desks]:
    made = Desks(centre_db, qtbot, tmp_path)
    yield made
    made.desk.presence.stop()
    made.feed.stop()
    made.desk.tasks.close()


def listen(desks: Desks) -> None:
    """Connected, and the reading that follows is done."""
    shown = []
    desks.page.live.shown.connect(lambda _same: shown.append(1))
    desks.feed.start(desks.desk.changes.deliver, lambda _up: None)
    desks.qtbot.waitUntil(lambda: bool(shown), timeout=30_000)
    desks.idle()


def test_opening_is_three_queries_and_a_change_is_one(desks: Desks) -> None:
    first, _second = refer(desks.cole, "Stairs"), refer(desks.cole, "Bath", "routine")
    with statements(desks.cora.engine) as seen:
        page = desks.open()
    assert len(seen) <= 3
    listen(desks)
    page.live._count.stop()
    page.live._since_count.start()
    with statements(desks.cora.engine) as seen:
        desks.cole.services.intake.claim(first.id, first.revision)
        desks.qtbot.waitUntil(lambda: desks.cell(first, "holder") == "Cole Example", timeout=30_000)
    assert len(seen) == 1


def test_what_left_the_view_stays_quietly_and_says_what_became_of_it(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.filters.show_view("unclaimed")
    desks.idle()
    listen(desks)
    desks.cole.services.intake.claim(first.id, first.revision)
    desks.qtbot.waitUntil(lambda: first.id in page.model.left, timeout=30_000)
    assert [row.id for row in page.model.rows] == [first.id, second.id]
    column = next(c for c in page.model.columns if c.id == "state")
    assert column.tip is not None
    told = column.tip(page.model.rows[0])
    assert told.startswith("Not in this view any more.")
    assert "Cole Example" in told
    now = desks.cole.services.intake.referral(first.id)
    desks.cole.services.intake.release(first.id, now.revision)
    desks.qtbot.waitUntil(lambda: first.id not in page.model.left, timeout=30_000)
    desks.press(Qt.Key.Key_N)
    assert [row.id for row in page.model.rows] == [first.id, second.id]


def test_nothing_moves_however_much_comes(desks: Desks) -> None:
    """Lists that jump: selection, scroll and order stay through a storm of changes."""
    made = [refer(desks.cole, f"Need {n}", "routine") for n in range(40)]
    page = desks.open()
    page.resize(1200, 420)
    listen(desks)
    page.table.select_key(made[30].id)
    desks.idle()
    order, scroll = [row.id for row in page.model.rows], page.table.verticalScrollBar().value()
    assert scroll > 0
    for each in made[:12]:
        desks.cole.services.intake.claim(each.id, each.revision)
    fresh = [refer(desks.cole, f"Fresh {n}", "two_hours") for n in range(3)]
    desks.qtbot.waitUntil(lambda: page.model.held == len(fresh), timeout=30_000)
    desks.qtbot.waitUntil(lambda: desks.cell(made[11], "holder") == "Cole Example", timeout=30_000)
    assert [row.id for row in page.model.rows] == order
    assert page.table.current.id == made[30].id
    assert page.table.verticalScrollBar().value() == scroll


def test_two_fast_filter_changes_and_a_live_change_at_once(desks: Desks) -> None:
    first, second = refer(desks.cole, "Stairs", "two_hours"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    listen(desks)
    desks.cole.services.intake.claim(second.id, second.revision)
    page.filters.urgencies.set_value({"two_hours"})
    page.filters.urgencies.set_value({"routine"})
    page.live.changes_came(frozenset({Change("intake", str(second.id)), Change("intake", str(first.id))}))
    desks.idle()
    desks.qtbot.waitUntil(lambda: [row.id for row in page.model.rows] == [second.id], timeout=30_000)
    desks.qtbot.waitUntil(lambda: desks.cell(second, "holder") == "Cole Example", timeout=30_000)
    assert page.model.held == 0


def test_an_older_answer_never_takes_the_place_of_a_newer_one(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    old = desks.cora.services.intake.rows_now(frozenset({referral.id}), page.asked)
    desks.cole.services.intake.claim(referral.id, referral.revision)
    page.live.patch({referral.id})
    desks.idle()
    assert page.live.asked is not None
    page.live._patch(frozenset({referral.id}), page.live.asked, old)
    assert desks.cell(referral, "holder") == "Cole Example"


def test_c_pressed_twice_claims_once_and_undo_still_works(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.qtbot.keyClick(page.table, Qt.Key.Key_C)
    desks.qtbot.keyClick(page.table, Qt.Key.Key_C)
    desks.idle()
    now = desks.cora.services.intake.referral(referral.id)
    assert (now.holder, now.revision) == ("cora.coordinator", referral.revision + 1)
    desks.press(Qt.Key.Key_U)
    assert desks.cora.services.intake.referral(referral.id).state == "waiting"


def test_words_in_a_form_stay_when_somebody_else_saves_first(desks: Desks) -> None:
    """A lease never discards text."""
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_Space)
    listen(desks)
    desks.press(Qt.Key.Key_D)
    form = page.moves.form
    assert form is not None
    form.form.set_values({"reason": "Lives in Salford"})
    desks.cole.services.intake.claim(referral.id, referral.revision)
    desks.qtbot.waitUntil(lambda: desks.cell(referral, "holder") == "Cole Example", timeout=30_000)
    form.go()
    desks.idle()
    assert page.moves.form is form
    assert form.isVisible()
    assert form.form.field("reason").value == "Lives in Salford"
    assert "Cole Example" in desks.cell(referral, "holder")


def test_the_panel_beside_the_list_is_read_again_when_it_has_changed(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: page.detail is not None, timeout=30_000)
    listen(desks)
    desks.cole.services.intake.claim(referral.id, referral.revision)
    desks.qtbot.waitUntil(lambda: page.detail.referral.holder == "cole.coordinator", timeout=30_000)
    assert "Cole Example" in shown_words(page.panel) or page.detail.referral.holder_name == "Cole Example"


# ---------------------------------------------------------------- finding, order, past


def test_words_narrow_what_is_shown_and_enter_finds_among_all(desks: Desks) -> None:
    person = desks.cora.services.people.register(PersonDraft(surname="Okonkwo", given="Ada"), PersonId(new_id()))
    stairs, bath = refer(desks.cole, "Cannot manage the stairs"), refer(desks.cole, "Bath", "routine")
    closed = desks.cole.services.intake.close(bath.id, bath.revision, "Done").referral
    with desks.db.owner.begin() as c:
        c.execute(text("update referral set person_id = :p where id = :i"), {"p": person.id, "i": closed.id})
    page = desks.open()
    page.filters.find.setText("STAIRS manage")
    assert [row.id for row in page.model.rows] == [stairs.id]
    page.filters.find.setText("nothing of the kind")
    assert page.model.rows == []
    assert "Enter" in shown_words(page._empty)
    for asked in (str(closed.number), "okonkwo ada"):
        page.filters.find.setText(asked)
        desks.qtbot.keyClick(page.filters.find, Qt.Key.Key_Return)
        desks.idle()
        assert [row.id for row in page.model.rows] == [closed.id], asked
        assert asked in page.filters.said
    page.filters.show_view("past")
    desks.idle()
    assert [row.id for row in page.model.rows] == [closed.id]
    page.filters.show_view("open")
    desks.idle()
    assert [row.id for row in page.model.rows] == [stairs.id]


def test_a_head_orders_all_of_it_where_the_server_can(desks: Desks) -> None:
    routine, urgent = refer(desks.cole, "Bath", "routine"), refer(desks.cole, "Stairs", "two_hours")
    page = desks.open()
    page.table.sort_by("urgency")
    desks.idle()
    assert page.live.asked is not None
    assert page.live.asked.order == "urgency"
    page.table.sort_by("waiting")
    desks.idle()
    assert page.live.asked.order == "received"
    assert [row.id for row in page.model.rows] == [routine.id, urgent.id]
    page.table.sort_by("person")
    desks.idle()
    assert page.live.asked.order == "received"  # only what is shown


def test_the_next_page_stands_behind_what_is_shown(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [refer(desks.cole, f"Need {n}", "routine") for n in range(7)]
    page = desks.open()
    asked = type(page.asked)
    monkeypatch.setattr(QueuePage, "asked", property(lambda self: asked(limit=3)))
    page.live.begin_anew()
    desks.idle()
    assert len(page.model.rows) == 3
    page._show_more()
    desks.idle()
    page._show_more()
    desks.idle()
    assert [row.id for row in page.model.rows] == [each.id for each in sorted(made, key=lambda r: (r.due_at, r.id))]
    assert not page._foot.isVisible()
    page.refresh()
    desks.idle()
    assert len(page.model.rows) == 7


def test_filters_are_put_on_and_taken_off_one_by_one(desks: Desks) -> None:
    mine, other = refer(desks.cora, "Stairs", hold=True), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.filters.toggle(("holder", "me"))
    desks.idle()
    assert [row.id for row in page.model.rows] == [mine.id]
    page.filters.toggle(("colleague", "cole.coordinator"))  # in place of me
    desks.idle()
    assert page.model.rows == []
    page.filters.toggle(("colleague", "cole.coordinator"))
    page.filters.toggle(("service", "reablement"))
    desks.idle()
    assert {row.id for row in page.model.rows} == {mine.id, other.id}
    assert "Reablement" in page.filters.said
    words = [entry.text() for entry in page.filters.menu().actions()]
    assert words[:5] == ["Clock", "Service", "Who has it", "Neighbourhood", "From"]


def test_a_saved_view_brings_its_columns_and_gives_ones_own_back(desks: Desks) -> None:
    refer(desks.cora, "Stairs")
    page = desks.open()
    before = page.table.look()["columns"]
    page.table.take_look({"columns": ["number", "person", "need"], "sort": ["number", True]})
    page.own_views.ask_name()
    page.own_views.name.setText("By number")
    page.own_views.name_given()
    desks.idle()
    page.filters.show_view("open")
    page.table.take_look({"columns": before, "sort": None})
    desks.idle()
    code = str(page.filters.choices.own[0].id)
    page.filters.show_view(code)
    desks.idle()
    assert page.table.look() == {"columns": ["number", "person", "need"], "sort": ["number", True]}
    page.filters.show_view("open")
    desks.idle()
    assert page.table.look()["columns"] == before


def test_views_of_an_earlier_version_are_brought_over_once(desks: Desks) -> None:
    kept = (
        '{"Nights": {"states": ["waiting"], "holder": "nobody", "overdue": false, "safeguarding": false,'
        ' "urgencies": ["two_hours"], "services": []}}'
    )
    desks.desk.settings.setValue("queue/own-views", kept)
    page = desks.open()
    desks.idle()
    (own,) = page.filters.choices.own
    assert (own.name, own.filter.holder, own.filter.urgencies) == ("Nights", "nobody", frozenset({"two_hours"}))
    assert desks.desk.settings.value("queue/own-views") is None
    assert views_of_before("not json") == views_of_before(None) == []


# ---------------------------------------------------------------- who else is there


def test_who_is_there_shows_in_the_row_and_beside_it(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    listen(desks)
    desks.desk.presence.start()
    desks.idle()
    other = new_id()
    desks.cole.services.presence.say(other, [Mark("intake", referral.id, "editing")])
    desks.qtbot.waitUntil(lambda: desks.cell(referral, "here") == "CE", timeout=30_000)
    column = next(c for c in page.model.columns if c.id == "here")
    assert column.tip is not None
    assert column.tip(page.model.rows[0]).startswith("Cole Example is writing here, since ")
    desks.press(Qt.Key.Key_Space)
    desks.qtbot.waitUntil(lambda: "Cole Example is writing here" in shown_words(page.panel), timeout=30_000)
    desks.qtbot.waitUntil(lambda: bool(desks.cole.services.presence.others(other, [referral.id])), timeout=30_000)
    (me,) = desks.cole.services.presence.others(other, [referral.id])
    assert (me.display_name, me.doing) == ("Cora Example", "looking")
    assert not page.model.touched(referral.id)  # somebody who looks changes nothing
    desks.cole.services.presence.leave(other)
    desks.qtbot.waitUntil(lambda: desks.cell(referral, "here") == "", timeout=30_000)


def test_a_page_out_of_sight_marks_nothing(desks: Desks) -> None:
    referral = refer(desks.cole, "Stairs")
    page = desks.open()
    desks.desk.presence.start()
    desks.press(Qt.Key.Key_Space)
    others = desks.cole.services.presence.others
    desks.qtbot.waitUntil(lambda: bool(others(new_id(), [referral.id])), timeout=30_000)
    page.hide()
    desks.qtbot.waitUntil(lambda: not others(new_id(), [referral.id]), timeout=30_000)


# ---------------------------------------------------------------- gathering, export, wall


def test_a_single_change_is_passed_on_at_once_and_a_storm_is_gathered(qtbot: Any, qapp: Any) -> None:
    changes, bursts = Changes(wait_ms=5, rest_ms=40), []
    changes.batch.connect(bursts.append)
    for n in range(200):
        changes.deliver(Change("intake", str(n % 7)))
        if n % 10 == 0:
            qtbot.wait(2)
    qtbot.waitUntil(lambda: bool(bursts) and len(frozenset().union(*bursts)) == 7, timeout=30_000)
    assert len(bursts) < 25
    changes.deliver(Change("intake", "x"))
    changes.deliver(RESYNC)
    qtbot.waitUntil(lambda: frozenset({RESYNC}) in bursts, timeout=30_000)


def test_an_export_is_what_is_seen_and_is_on_the_audit_trail(
    desks: Desks, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refer(desks.cole, "=Stairs"), refer(desks.cole, "Bath", "routine")
    page = desks.open()
    page.filters.urgencies.set_value({"24_hours"})
    desks.idle()
    path = tmp_path / "queue.xlsx"
    monkeypatch.setattr(tableio.QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    next(c for c in page.commands() if c.id == "queue.export").run()
    desks.idle()
    book = load_workbook(path)
    rows = list(book.active.iter_rows(values_only=True))
    heads = [c.title for c in page.model.columns if c.id in page.table.look()["columns"]]
    assert set(rows[0]) <= set(heads)
    assert len(rows) == 2
    about = [cell.value for cell in next(book["About"].iter_cols())]
    assert about[0] == "Queue"
    assert about[1].startswith("All open, 24 hours. All localities. As at ")
    assert about[-1].endswith("by Cora Example")
    with desks.db.owner.connect() as c:
        noted = c.execute(text("select actor, area, record from audit.entry where action = 'export'")).all()
    assert [tuple(each) for each in noted] == [("cora.coordinator", "table queue", "1 row")]


def test_the_wall_keeps_itself_true_and_says_when_it_cannot(desks: Desks) -> None:
    person = desks.cora.services.people.register(PersonDraft(surname="Okonkwo", given="Ada"), PersonId(new_id()))
    page = WallPage(desks.desk)
    desks.qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.come_forward()
    desks.idle()
    assert page.view.sentences()[0] == "North: 0 overdue, 0 due within the hour, 0 unclaimed of 0 open"
    desks.feed.start(desks.desk.changes.deliver, lambda _up: None)
    referral = refer(desks.cole, "Stairs", "two_hours", locality="north")
    with desks.db.owner.begin() as c:
        c.execute(text("update referral set person_id = :p where id = :i"), {"p": person.id, "i": referral.id})
    page._since_read.invalidate()
    page.refresh()
    desks.idle()
    words = " ".join(page.view.sentences())
    assert "North: 0 overdue, 0 due within the hour, 1 unclaimed of 1 open" in words
    assert page.view.wall is not None
    assert page.view.wall.places[0].rows[0].initials == "AO"
    desks.desk.foot.set_connection(False, datetime.now(UTC))
    assert page.view.lost_since is not None
    page.grab()
    desks.desk.foot.set_connection(True, datetime.now(UTC))
    assert page.view.lost_since is None
    page.next_locality()
    desks.idle()
    assert [place.locality for place in page.view.wall.places] == ["north"]
    assert {command.shortcut for command in page.commands()} == {"F11", "Esc", "L"}
