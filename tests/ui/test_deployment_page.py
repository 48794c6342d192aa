"""The page of a board on a real database: what a team lead does in a morning, with keys and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.values import VisitId
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, NURSING, Kit, at
from tests.ui.fakes import make_desk, wait_idle
from ui.commands import Commands
from ui.deployment.layout import Spot
from ui.deployment.page import NursingPage, ReablementPage


@pytest.fixture
def morning(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Amina and Bola, a placed visit and an open one, and the page of their team."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    service = session.services.deployment
    amina, bola = kit.worker("Amina"), kit.worker("Bola", hours=[(12, 20)])
    placed, open_ = kit.draft(kit.person("Adams"), at(8)), kit.draft(kit.person("Davies"), at(9))
    service.plan_visits([placed, open_])
    service.allocate(placed.id, amina, at(8), seen=1)
    desk = make_desk(tmp_path, session.services)
    desk.actor = replace(session.actor, locality="north")
    page = ReablementPage(desk)
    qtbot.addWidget(page)
    page.resize(1400, 700)
    page.day = DAY
    page.show()
    page.come_forward()
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    wait_idle(qtbot, desk)
    yield SimpleNamespace(
        kit=kit, service=service, desk=desk, page=page, amina=amina, bola=bola, placed=placed.id, open=open_.id,
        idle=lambda: wait_idle(qtbot, desk), commands=commands, db=centre_db,
    )  # fmt: skip
    desk.tasks.close()


def choose(m, visit: VisitId, slot: int = 1) -> None:
    m.page.board.choose(Spot(visit, slot))
    m.idle()


def said(m) -> list[str]:
    return [str(words) for _kind, words in m.desk.notices.said]


def test_the_board_of_the_leads_own_team_is_shown(morning) -> None:
    board = morning.page.board.board
    assert board.team.id == morning.desk.actor.team_id
    assert [w.name for w in board.workers] == ["Amina", "Bola"] and len(board.visits) == 2
    assert [v.id for v in board.unplaced] == [morning.open]


def test_a_visit_that_the_board_is_opened_for_is_chosen_of_whatever_locality_its_team_is(morning, qtbot) -> None:
    team, page = morning.kit.team(), morning.page
    page.open((team, DAY, morning.open))
    morning.idle()
    assert page.board.spot == Spot(morning.open, 1)
    page.board.choose(None)
    page.refresh()
    morning.idle()
    assert page.board.spot is None  # chosen once
    with morning.db.owner.begin() as c:
        c.execute(text("update team set locality = 'north' where id = :t"), {"t": team})
    morning.desk.locality.set("South")
    qtbot.waitUntil(lambda: page.team != team or page.board.board is None, timeout=30_000)
    morning.idle()
    page.open((team, DAY, morning.placed))
    morning.idle()
    assert (page.team, page.board.spot) == (team, Spot(morning.placed, 1))


def test_p_and_enter_give_a_visit_to_the_best_worker(morning, qtbot) -> None:
    choose(morning, morning.open)
    morning.page.board.setFocus()
    qtbot.keyClick(morning.page.board, Qt.Key.Key_P)
    morning.idle()
    chosen = morning.page.side.list
    assert chosen.current.worker.name == "Amina" and chosen.current.start == at(9)
    assert morning.page.board.preview is not None
    qtbot.keyClick(chosen, Qt.Key.Key_Return)
    morning.idle()
    visit = morning.service.visit(morning.open)
    assert [(a.worker_id, a.window.start) for a in visit.allocations] == [(morning.amina, at(9))]
    assert said(morning) == ["DAVIES, Emmeline given to Amina at 09:00."]
    assert morning.page.board.visit == visit


def test_a_worker_who_cannot_is_refused_with_a_sentence(morning, qtbot) -> None:
    choose(morning, morning.open)
    morning.page.acts.give(Spot(morning.open, 1), morning.amina, at(8, 30))
    morning.idle()
    assert said(morning) == ["Not placed. Amina is with ADAMS, Emmeline from 08:00 to 08:45."]
    assert morning.service.visit(morning.open).allocations == ()


@pytest.mark.parametrize(
    ("key", "modifiers", "start"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, at(8, 5)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, at(7, 55)),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier, at(8, 15)),
    ],
)
def test_a_visit_is_shifted_with_keys(morning, qtbot, key, modifiers, start) -> None:
    choose(morning, morning.placed)
    morning.page.board.setFocus()
    qtbot.keyClick(morning.page.board, key, modifiers)
    morning.idle()
    assert morning.service.visit(morning.placed).starts == start


def test_a_visit_passes_to_the_next_worker_who_can(morning, qtbot) -> None:
    choose(morning, morning.placed)
    morning.page.on(morning.page.acts.pass_on, 1)
    morning.idle()
    assert "Nobody further down can take ADAMS" in said(morning)[0]
    morning.page.acts.give(Spot(morning.placed, 1), morning.amina, at(13))
    morning.idle()
    morning.page.on(morning.page.acts.pass_on, 1)
    morning.idle()
    assert morning.service.visit(morning.placed).allocations[0].worker_id == morning.bola


def test_take_back_pin_and_undo(morning, qtbot) -> None:
    board = morning.page.board
    choose(morning, morning.placed)
    board.setFocus()
    qtbot.keyClick(board, Qt.Key.Key_I)
    morning.idle()
    assert morning.service.visit(morning.placed).is_pinned
    qtbot.keyClick(board, Qt.Key.Key_Delete)
    morning.idle()
    assert "is pinned at 08:00" in said(morning)[-1]
    qtbot.keyClick(board, Qt.Key.Key_I)
    morning.idle()
    qtbot.keyClick(board, Qt.Key.Key_Delete)
    morning.idle()
    assert morning.service.visit(morning.placed).allocations == ()
    qtbot.keyClick(board, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    morning.idle()
    assert morning.service.visit(morning.placed).starts == at(8)
    assert said(morning)[-1] == "Undone: take ADAMS, Emmeline back."


def test_undo_of_what_somebody_else_has_changed_says_so(morning) -> None:
    choose(morning, morning.open)
    morning.page.acts.give(Spot(morning.open, 1), morning.amina, at(9))
    morning.idle()
    other = morning.db.sign_in("theo.lead").services.deployment
    other.move(morning.open, 1, morning.amina, at(10), seen=2)
    morning.page.undo_stack.undo()
    morning.idle()
    assert said(morning)[-1] == (
        "Not undone: give DAVIES, Emmeline to Amina, 09:00. Somebody has changed it since; "
        "the board shows it as it stands now."
    )
    assert not morning.page.undo_stack.can_undo
    assert morning.page.board.board.visit_by_id[morning.open].starts == at(10)


def test_a_stale_board_is_told_and_read_again(morning) -> None:
    choose(morning, morning.placed)
    morning.db.sign_in("theo.lead").services.deployment.move(morning.placed, 1, morning.amina, at(10), seen=2)
    morning.page.acts.shift(Spot(morning.placed, 1), 5)
    morning.idle()
    assert said(morning)[-1].startswith("Somebody was quicker with ADAMS, Emmeline: it is with Amina at 10:00 now.")
    assert morning.page.board.visit.starts == at(10)
    morning.commands.get("reablement.mine")()
    morning.idle()
    assert morning.service.visit(morning.placed).starts == at(10, 5)


def test_a_cancelled_visit_asks_why_in_the_panel(morning, qtbot) -> None:
    choose(morning, morning.placed)
    morning.page.ask_reason("cancelled")
    form = morning.page.panel.area.widget()
    form.save()
    assert form.form.field("reason").problem
    form.form.field("reason").set_value("In hospital")
    form.save()
    morning.idle()
    visit = morning.service.visit(morning.placed)
    assert (visit.state, visit.state_reason, visit.allocations) == ("cancelled", "In hospital", ())
    assert morning.page.panel.area.widget() is morning.page.side
    morning.page.board.choose(Spot(morning.placed, 1))
    morning.page.undo_stack.undo()
    morning.idle()
    assert morning.service.visit(morning.placed).starts == at(8)


def test_a_visit_goes_to_another_day(morning) -> None:
    choose(morning, morning.open)
    morning.page.ask_reason("moved")
    form = morning.page.panel.area.widget()
    later = DAY + timedelta(days=2)
    form.form.set_values({"day": later, "reason": "Appointment"})
    form.save()
    morning.idle()
    assert morning.service.visit(morning.open).state == "moved"
    (fresh,) = morning.service.board(morning.kit.team(), later).visits
    assert fresh.arrive.start == at(9, day=later)


def test_a_done_visit_that_is_still_to_come_is_refused(morning) -> None:
    choose(morning, morning.open)
    morning.page.end("done")
    morning.idle()
    assert "Nobody is going to DAVIES" in said(morning)[0]


def test_what_another_desk_does_appears_by_itself(morning, qtbot) -> None:
    from coordination.changes import Change

    other = morning.db.sign_in("theo.lead").services.deployment
    other.allocate(morning.open, morning.amina, at(9), seen=1)
    morning.desk.changes.deliver(Change("deployment", str(morning.open)))
    qtbot.waitUntil(lambda: not morning.page.board.board.unplaced, timeout=30_000)


def test_another_day_and_the_way_back(morning, qtbot) -> None:
    page = morning.page
    page.step_day(1)
    morning.idle()
    assert page.board.board.day == DAY + timedelta(days=1) and page.board.board.visits == ()
    page.step_day(-1)
    morning.idle()
    assert len(page.board.board.visits) == 2
    page.open((morning.kit.team(NURSING), DAY))
    morning.idle()
    assert page.board.board.team.service == "reablement"  # not one of this page's services


def test_a_co_ordinator_reads_the_board_and_changes_nothing(centre_db, qtbot, dressed, tmp_path) -> None:
    kit = Kit(centre_db)
    kit.worker("Nia", team=kit.team(NURSING))
    session = centre_db.sign_in("cora.coordinator")
    draft = kit.draft(kit.person(), team=kit.team(NURSING))
    session.services.deployment.plan_visits([draft])
    desk = make_desk(tmp_path, session.services)
    desk.actor = session.actor
    page = NursingPage(desk)
    qtbot.addWidget(page)
    page.day = DAY
    page.show()
    page.come_forward()
    wait_idle(qtbot, desk)
    page.board.choose(Spot(draft.id, 1))
    wait_idle(qtbot, desk)
    enabled = {c.id for c in page.commands() if c.enabled_when()}
    assert "nursing.place" in enabled and not enabled & {"nursing.pin", "nursing.cancel", "nursing.take_back"}
    assert not page.board.may_drag
    desk.tasks.close()


def test_no_two_commands_share_a_key(morning) -> None:
    keys = [c.shortcut for c in morning.page.commands() if c.shortcut]
    assert len(keys) == len(set(keys))


# ---------------------------------------------------------------- sheets


def test_sheets_are_previewed_printed_to_a_file_and_noted(morning, qtbot, tmp_path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    from ui.sheets.preview import open_preview
    from ui.sheets.printing import make_printer

    choose(morning, morning.placed)
    shown = open_preview(morning.page, morning.desk, morning.kit.team(), DAY, morning.amina)
    qtbot.waitUntil(lambda: shown.ready and not morning.desk.tasks.busy, timeout=30_000)
    assert len(shown.view.document) == 1
    shown.kind.set_value("all")
    qtbot.waitUntil(lambda: shown.ready and not morning.desk.tasks.busy, timeout=30_000)
    assert len(shown.view.document) == 3
    printer = make_printer("test")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    shown.print_on(printer)
    morning.idle()
    shown.save_to(tmp_path / "kept")
    shown.save_each_to(tmp_path / "each")
    morning.idle()
    from pypdfium2 import PdfDocument

    for name in ("printed.pdf", "kept.pdf"):
        document = PdfDocument(tmp_path / name)
        assert len(document) == 3
        document.close()
    assert len(list((tmp_path / "each").iterdir())) == 2  # the team, and Amina who has a visit
    assert not list(tmp_path.rglob("*.part"))
    shown.close()
    with morning.db.owner.begin() as c:
        rows = c.execute(
            text("select action, record from audit.entry where area = 'deployment' and record like 'sheets%'")
        )
        assert sorted((r.action, r.record.split(" ")[3]) for r in rows) == 6 * [("export", "all")] + 3 * [
            ("print", "all")
        ]  # of three people


def test_a_file_that_cannot_be_written_is_told(morning, qtbot, tmp_path) -> None:
    from ui.sheets.preview import open_preview

    shown = open_preview(morning.page, morning.desk, morning.kit.team(), DAY, None)
    qtbot.waitUntil(lambda: shown.ready and not morning.desk.tasks.busy, timeout=30_000)
    shown.save_to(tmp_path / "no such folder" / "x.pdf")
    morning.idle()
    assert "could not be written" in said(morning)[-1]
    shown.close()


def test_centre_sheets_writes_one_pdf_a_worker_and_one_a_team(morning, tmp_path, capsys) -> None:
    from ui.cli.sheets import choose as pick
    from ui.cli.sheets import read_day, write

    session = morning.db.sign_in("tess.lead")
    out = tmp_path / "out"
    assert write(session.services, session.actor.team_id, DAY, [], out) == 0
    names = sorted(p.name for p in out.iterdir())
    assert names == [
        f"{DAY} North reablement test team, team.pdf",
        f"{DAY} North reablement test team, worker {morning.amina}.pdf",
    ]
    assert write(session.services, None, DAY, ["nursing"], out) == 1
    assert write(session.services, None, DAY, ["no such team"], out) == 2
    assert write(session.services, None, DAY, [], out) == 2
    err = capsys.readouterr().err
    assert "no team “no such team”" in err and "nobody is visited" in err
    teams = session.services.deployment.teams()
    assert [t.name for t in pick(teams, None, ["North reablement test team"])[0]] == ["North reablement test team"]
    assert read_day(DAY.isoformat()) == DAY and read_day("the day after") is None
