"""What of a board is seen: hours, zoom, rows, the warnings that are looked for, and all of it as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from coordination.reference import standing
from ui import wording
from ui.commands import Command
from ui.deployment import words
from ui.deployment.bars import HOURS, BoardTools
from ui.deployment.finding import looked_for
from ui.deployment.warning_bar import WarningBar

if TYPE_CHECKING:
    from ui.deployment.addition import WholePage

_CLOSE = "deployment/close rows"


class Seeing:
    """Of one page. ``tools`` and ``warnings`` are its bars."""

    def __init__(self, page: WholePage, tools: BoardTools, warnings: WarningBar) -> None:
        self._page, self._board = page, page.board
        self.tools, self.warnings = tools, warnings
        self._preset = "day"
        self._places: dict[int, str] | None = None
        self._board.show_close_rows(str(page.desk.settings.value(_CLOSE, "")) == "1")
        tools.hours.changed.connect(self.show_hours)
        tools.rows.textChanged.connect(lambda _text: self.find_rows())
        tools.rows.entered.connect(self._go_to_rows)
        tools.rows.left.connect(self._board.setFocus)
        warnings.chips.changed.connect(lambda _on: self.filter_warned(choose=True))
        warnings.beyond_asked.connect(lambda: self.show_hours(None))
        self._board.laid_out.connect(self._tell_beyond)

    # ------------------------------------------------------------------ hours and size

    def show_hours(self, hours: tuple[int, int] | None) -> None:
        """Any hours; None: as long as anything on the board lasts."""
        self._board.show_hours(hours)

    def next_hours(self) -> None:
        """Day, morning, afternoon, evening, and round again."""
        names = list(HOURS)
        self._preset = names[(names.index(self._preset) + 1) % len(names)]
        self.show_hours(HOURS[self._preset])
        self._page.desk.notices.say(f"{self._preset.capitalize()}: {self._hours_shown()}.")

    def _hours_shown(self) -> str:
        first, last = self._board.hours
        return f"{first:02d}:00–{last % 24:02d}:00"

    def zoom(self, step: int) -> None:
        """In (1), out (-1), the whole width (0); what is chosen stays where it is."""
        spot = self._board.spot
        at = self._board.box_of(spot).center().x() if spot is not None else None
        area = self._board.time_area()
        self._board.step_zoom(step, at if at is not None and area.left() < at < area.right() else None)

    def toggle_rows(self) -> None:
        """Rows of one line, or of two."""
        close = not self._board.close_rows
        self._board.show_close_rows(close)
        self._page.desk.settings.setValue(_CLOSE, "1" if close else "")

    def _tell_beyond(self) -> None:
        """Visits outside the hours shown are never left out silently."""
        laid = self._board.laid
        self.tools.hours.show_hours(self._board.hours)
        sums = [laid.beyond(w) for w in laid.workers] if laid is not None else []
        before, after = sum(b for b, _ in sums), sum(a for _, a in sums)
        first, last = self._board.hours
        parts = [f"{before} before {first:02d}:00"] if before else []
        parts += [f"{after} after {last % 24:02d}:00"] if after else []
        self.warnings.say_beyond(f"Not shown: {wording.listing(parts)}. Show all hours" if parts else "")

    # ------------------------------------------------------------------ rows

    def find(self) -> None:
        """To the field that finds rows."""
        self.tools.rows.setFocus()
        self.tools.rows.selectAll()

    def find_rows(self) -> None:
        """Show only the rows that are looked for."""
        board = self._board.board
        if board is None:
            return
        if self._places is None:
            self._places = {n.id: n.name for n in standing.read().neighbourhoods}
        self._board.show_workers(looked_for(self.tools.rows.text(), board, self._places))
        self._page.say_head()

    @property
    def rows_said(self) -> str:
        """``8 of 30 rows``, while rows are left out."""
        laid = self._board.laid
        if laid is None or laid.shown is None:
            return ""
        return f"{len(laid.workers)} of {wording.count(len(laid.board.workers), 'row')}"

    def _go_to_rows(self) -> None:
        laid = self._board.laid
        self._board.setFocus()
        if laid is not None:
            spot = next(iter(laid.placed), None)
            if spot is not None:
                self._board.choose(spot)

    # ------------------------------------------------------------------ what wants an eye

    def show_warnings(self) -> None:
        """The numbers of the board that is shown."""
        self.warnings.show(self._board.outlook)
        self.filter_warned()

    def step_warned(self, step: int) -> None:
        """To the next visit (1), or the one before (-1), that has a warning: of the types that are on."""
        outlook = self._board.outlook
        spot = self._board.next_of(outlook.spots(self.warnings.kinds), step) if outlook is not None else None
        if spot is None:
            self._page.desk.notices.say("No warnings on this board.")
        else:
            self._board.choose(spot)
            self._board.setFocus()

    def filter_warned(self, *, choose: bool = False) -> None:
        """What has no warning of the types that are on steps back."""
        outlook, on = self._board.outlook, self.warnings.is_filtered
        spots = outlook.spots(self.warnings.kinds) if outlook is not None and on else None
        self._board.show_warned(spots)
        if choose and spots and self._board.spot not in spots:
            self.step_warned(1)

    # ------------------------------------------------------------------ elsewhere

    def copy(self) -> None:
        """What is chosen, a line a visit, to paste into a message; all that is seen, when nothing is chosen."""
        from ui.deployment.as_list import lines_of, seen

        board, laid = self._board.board, self._board.laid
        if board is None or laid is None:
            return
        chosen = self._board.selected or tuple(line.spot for line in seen(self._board))
        QGuiApplication.clipboard().setText("\n".join(lines_of(self._board, chosen)))
        self._page.desk.notices.say(f"{words.visits(len(chosen))} copied.")

    def as_list(self) -> None:
        """All that is seen as a table: to sort, print and export."""
        from ui.deployment.as_list import BoardList

        if self._board.board is not None:
            BoardList(self._page, self._board, self.said()).show()

    def said(self) -> list[str]:
        """What is seen, in lines: team and day, rows, hours, warnings."""
        board = self._board.board
        if board is None:
            return []
        on = [self.warnings.words_of(kind) for kind in self.warnings.kinds] if self.warnings.is_filtered else []
        parts = [
            f"{board.team.name}, {wording.weekday(board.day)}", self._hours_shown(), self.rows_said,
            f"Only: {wording.listing(on)}" if on else "",
        ]  # fmt: skip
        return [part for part in parts if part]


def seeing_commands(page: WholePage) -> list[Command]:
    """Hours, zoom, rows, list: keys of one letter, and Ctrl with the wheel."""

    def one(name: str, title: str, run: object, keys: str = "", icon: str = "", also: str = "") -> Command:
        return Command(f"{page.id}.{name}", title, run, keys, group=page.title, icon=icon, also=also)  # type: ignore[arg-type]

    return [
        one("next_warning", "Next visit with a warning", lambda: page.seeing.step_warned(1), "F8", "warning"),
        one("last_warning", "Visit with a warning before", lambda: page.seeing.step_warned(-1), "Shift+F8"),
        one("find_rows", "Show only some workers", lambda: page.seeing.find(), "F", "funnel", "filter find skill"),
        one("hours", "Other hours", lambda: page.seeing.next_hours(), "H", "clock", "morning afternoon evening day"),
        one("zoom_in", "Zoom in", lambda: page.seeing.zoom(1), "+", "magnifying-glass-plus"),
        one("zoom_in_too", "Zoom in", lambda: page.seeing.zoom(1), "="),
        one("zoom_out", "Zoom out", lambda: page.seeing.zoom(-1), "-", "magnifying-glass-minus"),
        one("zoom_whole", "The whole width", lambda: page.seeing.zoom(0), "0", "arrows-out-line-horizontal"),
        one("close_rows", "Rows of one line, or of two", lambda: page.seeing.toggle_rows(), "C", "rows", "compact"),
        one("copy", "Copy what is chosen", lambda: page.seeing.copy(), "Ctrl+C", "copy"),
        one("as_list", "All that is seen, as a list", lambda: page.seeing.as_list(), "Ctrl+Shift+E", "table",
            "export print excel workbook csv"),
    ]  # fmt: skip
