"""A team lead's day by keyboard only: the board of tomorrow from its first open visit to the sheets, and a bad morning
in between. No mouse anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from coordination.clock import SystemClock
from coordination.deployment.model import Visit
from coordination.deployment.planner.problem import Budget
from coordination.values import VisitId
from tests.database import CentreDb
from tests.db.deployment_kit import Kit, at
from tests.ui.fakes import make_desk
from ui.deployment.pairing_form import PairForm
from ui.deployment.planning_panel import ProposalPanel
from ui.deployment.planning_whynot import WhyNotPanel
from ui.deployment.planning_wrong import WrongForm
from ui.pages import pages_for
from ui.sheets.preview import SheetPreview
from ui.shell.window import MainWindow
from ui.style import theme
from ui.tour import hands
from ui.tour.hands import until

STAFF = ("Amina", "Bola", "Chidi")
PEOPLE = ("Adams", "Bell", "Chew", "Davies", "Evans", "Ford")


class Lead:
    """One desk over a real database, and what the database says."""

    def __init__(self, db: CentreDb, folder: Path) -> None:
        self.kit = kit = Kit(db)
        self.day: date = kit.today() + timedelta(days=1)
        self.session = db.sign_in("tess.lead")
        self.service: Any = self.session.services.deployment
        kit.skill("insulin")
        for name in STAFF:
            kit.shift(kit.worker(name, hours=[]), "work", self.at(7), self.at(20))
        drafts = [kit.draft(kit.person(name), self.at(8 + n)) for n, name in enumerate(PEOPLE)]
        self.skilled = kit.draft(kit.person("Gill"), self.at(10), skills=("insulin",))
        self.service.plan_visits([*drafts, self.skilled])
        self.desk = make_desk(folder, self.session.services)
        self.desk.clock, self.desk.actor = SystemClock(), self.session.actor
        self.window = MainWindow(self.desk, pages_for(self.session.actor.role), unlock=lambda _word: None, trainee=None)
        self.window.resize(1366, 768)
        self.window.show()

    def at(self, hour: int) -> Any:
        return at(hour, day=self.day)

    # hands

    def press(self, *keys: str) -> None:
        for each in keys:
            hands.press(self.window, each)
            self.quiet()

    def type(self, words: str) -> None:
        hands.say(self.window, words)
        self.quiet()

    def quiet(self) -> None:
        until(lambda: not self.desk.tasks.busy, "reading and saving to come to an end", 30)
        hands.settle()

    def do(self, words: str) -> None:
        """What has no key of its own: by its name."""
        self.press("Ctrl+K")
        self.type(words)
        self.press("Return")

    # eyes

    @property
    def page(self) -> Any:
        return self.window.page

    @property
    def board(self) -> Any:
        return self.page.board

    @property
    def beside(self) -> Any:
        return self.page.panel.area.widget()

    def said(self) -> str:
        return " ".join(notice.words for notice in self.window.notices.notices)

    # what the database has

    def visits(self) -> list[Visit]:
        return list(self.service.board(self.kit.team(), self.day).visits)

    def visit(self, key: VisitId) -> Visit:
        found: Visit = self.service.visit(key)
        return found

    def placed(self) -> int:
        return sum(v.is_placed for v in self.visits())

    def close(self) -> None:
        self.window.close()
        self.desk.tasks.close()
        self.window.deleteLater()
        app = QApplication.instance()
        if app is not None:
            app.sendPostedEvents()


@pytest.fixture
def lead(centre_db: CentreDb, qapp: Any, tmp_path: Path) -> Iterator[Lead]:
    theme.apply(qapp, "light")
    made = Lead(centre_db, tmp_path)
    yield made
    made.close()


def test_a_leads_day_without_a_mouse(lead: Lead) -> None:
    _open_the_board(lead)
    _give_one_by_hand(lead)
    _plan_the_rest(lead)
    _somebody_is_ill(lead)
    _why_not(lead)
    _join_and_part(lead)
    _publish_and_print(lead)
    _outcome_and_undo(lead)


def _open_the_board(lead: Lead) -> None:
    lead.do("reablement board")
    until(lambda: lead.page is not None and lead.page.id == "reablement", "the board (Ctrl+K)")
    lead.quiet()
    lead.press("]")
    until(lambda: lead.board.board is not None and lead.board.board.day == lead.day, "tomorrow's board (])")
    assert len(lead.board.board.unplaced) == 7 and lead.board.hasFocus()


def _give_one_by_hand(lead: Lead) -> None:
    """Unplaced, who could take it, give, pin."""
    lead.press("Home")
    first = lead.board.visit
    assert first.person.surname == "Adams" and not first.is_placed
    lead.press("P")
    until(lambda: lead.page.side.list.current is not None, "who could take it (P)")
    assert lead.board.preview is not None  # where it would go
    lead.press("Return")
    assert lead.visit(first.id).is_placed and lead.board.hasFocus()
    lead.press("I")
    assert lead.visit(first.id).is_pinned


def _plan_the_rest(lead: Lead) -> None:
    deeds = lead.page._commands["plan"].run.__self__
    deeds.budget, deeds.seed = Budget(iterations=150, chains=1), 7
    lead.press("L")
    assert isinstance(lead.beside, ProposalPanel) and lead.placed() == 1
    lead.press("B")
    until(lambda: lead.board.proposed is not None, "the board as proposed (B)")
    assert len(lead.board.board.unplaced) == 1 and lead.placed() == 1  # seen, not saved
    assert "Nothing is saved yet." in hands.reads(lead.page) and not lead.page.may_change
    lead.press("Down")
    assert lead.board.spot in lead.board.proposed.spots  # the list and the board go together
    lead.press("B")
    assert lead.board.proposed is None and len(lead.board.board.unplaced) == 6
    lead.press("Ctrl+Return")
    assert lead.placed() == 6 and lead.board.hasFocus()


def _somebody_is_ill(lead: Lead) -> None:
    """From a visit of theirs; seen on the whole board, as the one before; accepted there."""
    lead.press("Home", "Down")
    ill = lead.board.visit.allocations[0].worker_id
    lead.press("S")
    assert isinstance(lead.beside, WrongForm)
    lead.press("Ctrl+Return")
    until(lambda: isinstance(lead.beside, ProposalPanel), "the repair (S, Ctrl+Enter)")
    lead.press("B")
    until(lambda: lead.board.proposed is not None, "the repair on the board (B)")
    assert ill in lead.board.proposed.left and any(v.of_worker(ill) for v in lead.visits())
    lead.press("Ctrl+Return")
    assert not any(v.of_worker(ill) for v in lead.visits()) and lead.board.proposed is None


def _why_not(lead: Lead) -> None:
    lead.press("Home")
    assert lead.board.visit.id == lead.skilled.id
    lead.press("W")
    until(lambda: isinstance(lead.beside, WhyNotPanel) and lead.beside.list.lines, "why nobody goes (W)")
    assert "insulin" in lead.beside.list.lines[0].spoken.lower()
    lead.press("Escape")
    assert lead.board.hasFocus()


def _join_and_part(lead: Lead) -> None:
    """Another visit to the same person, at the same time: one for two workers, and parted again."""
    lead.service.plan_visits([lead.kit.draft(lead.skilled.person_id, lead.at(10), skills=("insulin",))])
    lead.press("]", "[")
    until(lambda: len(lead.board.board.unplaced) == 2, "the new visit")
    lead.press("Home", "J")
    assert isinstance(lead.beside, PairForm)
    lead.press("Ctrl+Return")
    until(lambda: lead.board.visit is not None and lead.board.visit.workers_needed == 2, "one visit for two (J)")
    lead.press("X")
    until(lambda: lead.board.visit.workers_needed == 1, "two visits again (X)")
    lead.press("U", "U")
    assert sorted(v.workers_needed for v in lead.visits()) == [1] * 8


def _publish_and_print(lead: Lead) -> None:
    lead.press("Ctrl+Shift+P")
    assert "2 visits are not placed" in lead.said()
    lead.press("Ctrl+Shift+P")
    service = lead.session.services.published
    until(lambda: service.published(lead.kit.team(), lead.day), "the day to be published (Ctrl+Shift+P)")
    lead.quiet()
    lead.press("Ctrl+P")
    paper = until(lambda: lead.page.findChild(SheetPreview), "the sheets (Ctrl+P)")
    until(lambda: paper.view.document is not None and not lead.desk.tasks.busy, "the sheets to be made")
    assert paper.data.edition.version == 1
    hands.press(paper, "Ctrl+W")
    until(lambda: not paper.isVisible(), "the sheets to be closed (Ctrl+W)")


def _outcome_and_undo(lead: Lead) -> None:
    lead.press("Home", "Down", "Down")
    visit = lead.board.visit
    assert visit.is_placed
    lead.do("declined")
    lead.press("Tab")
    lead.type("Rang to say no")
    lead.press("Ctrl+Return")
    until(lambda: lead.visit(visit.id).state == "declined", "the outcome (Ctrl+K, Ctrl+Enter)")
    lead.press("U")
    until(lambda: lead.visit(visit.id).state == "planned", "the outcome to be taken back (U)")
    assert lead.visit(visit.id).allocations == visit.allocations
