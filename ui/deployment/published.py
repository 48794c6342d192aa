"""Publishing on the boards: what workers were told, what has changed since, and telling them anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from coordination.deployment.model import Board
from coordination.deployment.published import Changes, Edition, Published, changes_since
from coordination.errors import Refused
from coordination.values import new_id
from ui import wording
from ui.commands import Command
from ui.deployment.layout import Spot
from ui.deployment.published_messages import DONE, STILL_OPEN
from ui.deployment.published_panel import ChangesPanel
from ui.deployment.published_words import ChangeRow, headline, of_visit, rows
from ui.widgets import LinkLabel

if TYPE_CHECKING:
    from ui.deployment.addition import Addition, BoardPage


class PublishedDeeds:
    """One page's. ``published`` is the newest version of the day that is shown, ``changes`` what differs from it."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self.published: Published | None = None
        self.changes = Changes()
        self.known = False
        self._confirmed: object = None
        self._asked = ""
        self.panel: ChangesPanel | None = None
        self.strip = LinkLabel("", self.show_changes)
        self.strip.setToolTip("What has changed since  (Shift+V)")
        self.strip.hide()
        self._placed = False
        page.shown.connect(self._follow)  # type: ignore[attr-defined]

    @property
    def board(self) -> Board | None:
        newest = self._page.board.newest
        return newest.board if newest is not None else None

    def may_publish(self) -> bool:
        return self._page.may_change and self.board is not None and self.known

    # ------------------------------------------------------------------ what stands

    def _follow(self) -> None:
        """Another board is shown: read its version, and work out what differs, on another thread."""
        if not self._placed:
            self._placed = True
            cast("Any", self._page).warnings.add(self.strip)
            self._page.desk.tasks.run(self.strip, _warm)
        board = self.board
        if board is None:
            self.strip.hide()
            return
        if self.published is not None and not self._is_of(board, self.published.edition):
            self._show(board, None, Changes(), known=False)
        service = self._page.desk.services.published

        def read() -> tuple[Board, Published | None, Changes]:
            found = service.published(board.team.id, board.day)
            return board, found, changes_since(board, found) if found else Changes()

        self._page.run(read, lambda found: self._show(*found), latest="published")

    def _show(self, board: Board, published: Published | None, changes: Changes, *, known: bool = True) -> None:
        now = self.board
        if now is None or (now.team.id, now.day) != (board.team.id, board.day):
            return
        other = (self.published and self.published.edition.id) != (published and published.edition.id)
        self.published, self.changes, self.known = published, changes, known
        self.strip.setText(headline(published.edition if published else None, changes))
        self.strip.setAccessibleName(self.strip.text())
        self.strip.setVisible(known)
        cast("Any", self._page).head.ask_again()
        names = {w.id: w.name for w in board.workers}
        self._page.board.show_changed({v: of_visit(found, names) for v, found in changes.of_visit.items()})
        if self.panel is not None and isValid(self.panel) and known:
            if other:
                self._read_versions()
            elif self.panel.compares[1] == 0:
                self._compare(*self.panel.compares)

    @staticmethod
    def _is_of(board: Board, edition: Edition) -> bool:
        return (edition.team_id, edition.day) == (board.team.id, board.day)

    # ------------------------------------------------------------------ publishing

    def publish(self) -> None:
        """Tell the workers: the board as it stands becomes the next version. What is open is said first; the same key
        once more, or the button, publishes all the same."""
        board = self.board
        if board is None:
            return
        open_ = self._open(board)
        if open_ and self._confirmed is not board:
            self._confirmed, self._asked = board, STILL_OPEN.format(what=open_)
            self._page.desk.notices.warn(self._asked, do=self._send, do_words="Publish  (Ctrl+Shift+P)")
            return
        self._send()

    def _open(self, board: Board) -> str:
        """``4 visits are not placed and 2 have a warning``, or nothing."""
        open_ = len(board.unplaced)
        outlook = cast("Any", self._page.board).outlook
        placed = {v.id for v in board.visits if v.is_placed}
        warned = len({s.visit for s in outlook.by_spot if s.visit in placed}) if outlook is not None else 0
        parts = []
        if open_:
            parts.append(f"{wording.count(open_, 'visit')} {'is' if open_ == 1 else 'are'} not placed")
        if warned:
            parts.append(f"{warned} {'has' if warned == 1 else 'have'} a warning")
        return " and ".join(parts)

    def _send(self) -> None:
        """One thing after another: what was done a moment ago is on the board before it is published."""
        self._confirmed = None
        self._page.desk.notices.withdraw(self._asked)
        service, again = self._page.desk.services.published, new_id()

        def prepare() -> Any:
            board = self.board
            if board is None:
                return None
            seen = self.published.version if self.published else 0
            return lambda: service.publish(board.team.id, board.day, seen=seen, new_id=again)

        cast("Any", self._page).in_order.do(prepare, self._published, self._refused)

    def _published(self, made: Published) -> None:
        placed = wording.count(len({r.visit_id for r in made.rows}), "visit")
        open_ = f", {made.edition.unplaced} not placed" if made.edition.unplaced else ""
        words = DONE.format(version=made.version, count=placed, open=open_)
        self._page.desk.notices.say(words, do=cast("Any", self._page).print_sheets, do_words="Print sheets")
        self._follow()

    def _refused(self, error: Exception) -> bool:
        """Somebody was first, or there is nothing new: the sentence says it, and the strip shows what stands."""
        if isinstance(error, Refused):
            self._follow()
        return False

    # ------------------------------------------------------------------ what has changed

    def show_changes(self) -> None:
        """The list beside the board."""
        if self.board is None:
            return
        panel = ChangesPanel()
        panel.opened.connect(self._go_to)
        panel.asked.connect(self._compare)
        panel.print_asked.connect(self._print)
        panel.left.connect(self._page.leave_beside)
        self.panel = panel
        self._page.show_beside("Published", panel)
        self._read_versions()
        panel.list.setFocus()

    def _read_versions(self) -> None:
        board, service = self.board, self._page.desk.services.published
        if board is None:
            return

        def show(found: Sequence[Edition]) -> None:
            if self.panel is not None and isValid(self.panel):
                self.panel.show_versions(found)
                self._compare(found[0].version if found else 0, 0)

        self._page.run(lambda: service.versions(board.team.id, board.day), show, latest="versions")

    def _compare(self, older: int, newer: int) -> None:
        """Two versions, or a version and the board (0)."""
        board, service = self.board, self._page.desk.services.published
        if board is None:
            return
        if newer == 0 and (not older or (self.published and older == self.published.version)):
            self._page.desk.tasks.drop(cast("QWidget", self._page), "compare")  # an older answer on its way
            head = headline(self.published.edition if self.published else None, self.changes)
            self._list(head, rows(board, self.changes), draft=self.published is None)
            return

        def read() -> list[ChangeRow]:
            if newer:
                return rows(board, service.compare(board.team.id, board.day, older, newer))
            return rows(board, service.since(board.team.id, board.day, older).changes)

        def show(found: list[ChangeRow]) -> None:
            count = wording.count(len({r.change.visit_id for r in found}), "visit")
            self._list(f"{count} differ{'s' if count.startswith('1 ') else ''}", found, draft=False)

        self._page.run(read, show, latest="compare")

    def _list(self, head: str, found: Sequence[ChangeRow], *, draft: bool) -> None:
        if self.panel is not None and isValid(self.panel):
            self.panel.show_changes(head, found, draft=draft)

    def _go_to(self, found: ChangeRow) -> None:
        """To the visit on the board, wherever it is now."""
        board = self.board
        visit = board.visit_by_id.get(found.change.visit_id) if board is not None else None
        if visit is None:
            self._page.desk.notices.say("That visit is not on the board any more.")
            return
        held = visit.of_worker(found.change.worker_id) or next(iter(visit.allocations), None)
        slots = visit.free_slots
        slot = held.slot if held is not None else slots[0] if slots else 1
        self._page.board.choose(Spot(visit.id, slot))
        self._page.board.setFocus()

    def _print(self) -> None:
        from ui.sheets.preview import open_preview

        board = self.board
        if board is not None:
            shown = open_preview(cast("QWidget", self._page), self._page.desk, board.team.id, board.day, None)
            shown.scope.set_value("changes")


def _warm() -> None:
    """What the first sheets of a sitting need, while nobody waits for it: ReportLab and the letters of the fonts."""
    import ui.sheets.pdf  # noqa: F401
    from ui.sheets import fonts

    fonts.warm()


def published_addition(page: BoardPage) -> Addition:
    """Ctrl+Shift+P publishes, Shift+V lists what has changed since."""
    from ui.deployment.addition import Addition

    deeds = PublishedDeeds(page)
    return Addition(
        commands=(
            Command(
                f"{page.id}.publish", "Publish the day", deeds.publish, "Ctrl+Shift+P", deeds.may_publish, page.title,
                "megaphone", also="version tell workers sheets",
            ),
            Command(
                f"{page.id}.published", "What has changed since it was published", deeds.show_changes, "Shift+V",
                lambda: deeds.board is not None, page.title, "git-diff", also="versions draft compare",
            ),
        ),
        in_head=("publish",),
        in_more=("published",),
    )  # fmt: skip
