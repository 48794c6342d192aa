"""Saving a paper sheet: in one transaction, with one undo, and what cannot be saved kept on this computer."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol

from coordination.deployment.outcomes.model import DaySaved, PaperSheet
from coordination.errors import BadValues, DatabaseAway, Refused
from coordination.values import VisitId
from ui import sentences, wording
from ui.deployment import words as board_words
from ui.outcomes import words
from ui.outcomes.lines import Sheet
from ui.outcomes.messages import OUTCOMES
from ui.page import OnDesk

DRAFT, PAGE = "paper", "papers"


class PaperShown(OnDesk, Protocol):
    """What saving asks of the page."""

    def after_saving(self, sheet: Sheet, refused: Container[VisitId], left: int) -> None: ...


class SheetSaving:
    """Nothing that was said of a visit is lost: it is in the database, or kept here under the sheet's name."""

    def __init__(self, page: PaperShown) -> None:
        self._page = page

    def keep(self, sheet: Sheet) -> None:
        """What is said so far, on this computer; nothing when nothing is."""
        kept, drafts = sheet.kept(), self._page.desk.drafts
        if kept["lines"]:
            drafts.keep(DRAFT, name_of(sheet.sheet), kept, title=f"Sheet of {title_of(sheet.sheet)}", page=PAGE)
        else:
            drafts.drop(DRAFT, name_of(sheet.sheet))

    def save(self, sheet: Sheet) -> None:
        """All lines of which something is said. What cannot be saved says why, and is kept."""
        entries, service = sheet.entries(), self._page.desk.services.outcomes
        self.keep(sheet)
        self._page.run(lambda: service.save_day(entries), lambda saved: self._saved(sheet, saved), self._failed)

    def _saved(self, sheet: Sheet, saved: DaySaved) -> None:
        refused = {each.visit: _why_not(each.error) for each in saved.refused}
        left = sheet.left
        sheet.refuse(refused)
        self.keep(sheet)
        notices = self._page.desk.notices
        if saved.steps:
            notices.say(_summary(sheet.sheet, saved), undo=lambda: self._undo(saved))
        if refused:
            rest = " The rest is saved." if saved.steps else ""
            notices.warn(f"{wording.count(len(refused), 'visit')} not saved: each says why on its line.{rest}")
        self._page.after_saving(sheet, refused, left)

    def _failed(self, error: Exception) -> bool:
        """Nothing is lost: it is kept, and stands there to be saved again."""
        if isinstance(error, DatabaseAway):
            self._page.desk.notices.warn(
                "The database cannot be reached. The sheet is kept on this computer as it stands: "
                "save it again when the connection is back."
            )
            return True
        return False

    def _undo(self, saved: DaySaved) -> None:
        service = self._page.desk.services.outcomes

        def undone(back: DaySaved) -> None:
            self._page.desk.notices.say(
                f"{wording.count(len(back.steps), 'visit')} as before.", undo=lambda: self._undo(back),
                undo_words="Enter again",
            )  # fmt: skip
            if back.refused:
                many = wording.count(len(back.refused), "visit")
                them = "it" if len(back.refused) == 1 else "them"
                self._page.desk.notices.warn(f"{many} not taken back: somebody has changed {them} since.")
            self._page.refresh()

        self._page.run(lambda: service.undo_day(saved), undone)


def name_of(sheet: PaperSheet) -> str:
    """Under which its draft is kept."""
    return f"{sheet.team}.{sheet.day.isoformat()}.{sheet.worker or 0}"


def title_of(sheet: PaperSheet) -> str:
    """``Amina Khan, Sat 21-Nov-2026``."""
    return f"{sheet.worker_name or words.NOBODY}, {wording.weekday(sheet.day)}"


def _why_not(error: Exception) -> str:
    if isinstance(error, BadValues):
        return " ".join(sentences.sentence(problem) for problem in error.problems)
    return board_words.refusal(error) if isinstance(error, Refused) else sentences.sentence(error)


def _summary(sheet: PaperSheet, saved: DaySaved) -> str:
    """``Amina Khan, Sat 21-Nov-2026: 14 visits saved, 1 no access, 1 declined.``"""
    counts: dict[str, int] = {}
    for step in saved.steps:
        counts[step.after.state] = counts.get(step.after.state, 0) + 1
    other = [f"{n} {OUTCOMES[state].lower()}" for state, n in counts.items() if state != "done"]
    return ", ".join([f"{title_of(sheet)}: {wording.count(len(saved.steps), 'visit')} saved", *other]) + "."
