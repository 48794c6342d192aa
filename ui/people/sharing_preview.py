"""What somebody of a team and role sees of this record now, and at each level: the database's own policies say so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from coordination.people.sharing import PreviewRow, Seen, Sharing
from coordination.values import PersonId, TeamId
from ui import wording
from ui.page import OnDesk
from ui.people import glass_words as words
from ui.style import fonts, icons, theme
from ui.widgets.basics import Choice, column, label
from ui.widgets.fields import Form
from ui.widgets.tips import plain_tip

ROLES = ("team_lead", "care_coordinator", "placement_coordinator", "trusted_assessor", "manager", "ig_lead")
LEVELS = (("", "Now"), ("everything", "Everything"), ("summary", "Summary"), ("named_teams", "Named"))
_MARKS = {"seen": ("eye", "text"), "part": ("circle-half", "tone:amber"), "kept_back": ("eye-slash", "tone:plum"),
          "unknown": ("question", "text-quiet")}  # fmt: skip


class SeenMark(QWidget):
    """An eye, open or crossed, with its word: never the picture alone."""

    def __init__(self, seen: Seen, *, changed: bool, about: str) -> None:
        super().__init__()
        self.seen, self._changed = seen, changed
        self._icon, self._ink = _MARKS[seen]
        said = f"{about}: {words.SEEN[seen]}" + (", changed" if changed else "")
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))

    def sizeHint(self) -> QSize:
        width = fonts.metrics("small", strong=self._changed).horizontalAdvance(words.SEEN[self.seen])
        return QSize(int(width) + theme.px(22), theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(40), theme.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = theme.px(14)
        icons.paint(painter, QRectF(0, (self.height() - size) / 2, size, size), self._icon, theme.colour(self._ink))
        painter.setFont(fonts.font("small", strong=self._changed))
        painter.setPen(theme.colour(self._ink))
        left = theme.px(18)
        room = QRectF(left, 0, self.width() - left, self.height())
        said = fonts.metrics("small", strong=self._changed).elidedText(
            words.SEEN[self.seen], Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        painter.end()


class PreviewPane(QWidget):
    """Choose a team and a role; beneath, the parts of the record. ``levels``: which columns stand there."""

    read = Signal()
    """an answer is shown"""

    def __init__(self, page: OnDesk, sharing: Sharing, levels: Sequence[tuple[str, str]] = LEVELS) -> None:
        super().__init__()
        self._page, self._sharing, self._levels = page, sharing, tuple(levels)
        self._person: PersonId = sharing.person_id
        self._named: tuple[TeamId, ...] = sharing.teams
        self.rows: list[PreviewRow] = []
        self.form = Form()
        none: list[tuple[TeamId | None, str]] = [(None, "No team")]
        teams = [*none, *((team.id, team.name) for team in sharing.all_teams)]
        self.team, self.role = Choice(teams), Choice([(role, wording.role(role)) for role in ROLES])
        own = page.desk.actor.team_id
        first = next((team.id for team in sharing.all_teams if team.id != own), None)
        self.form.add("team", "Team", self.team).set_value(first)
        self.form.add("role", "Role", self.role).set_value("team_lead")
        for choice in (self.team, self.role):
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(10)
        self.form.edited.connect(lambda _name: self.ask())
        self._holder = column(gap=0)
        self._grid: QWidget | None = None
        self._note = label("", quiet=True, wrap=True)
        self.setLayout(column(self.form, self._note, self._holder, gap=2))
        self.ask()

    def set_levels(self, levels: Sequence[tuple[str, str]]) -> None:
        self._levels = tuple(levels)
        self._draw()

    def set_named(self, teams: tuple[TeamId, ...]) -> None:
        """Other teams would be named."""
        if set(teams) != set(self._named):
            self._named = teams
            self.ask()

    def ask(self) -> None:
        sharing, team, role, named = self._page.desk.services.sharing, self.team.value, self.role.value, self._named

        def call() -> list[PreviewRow]:
            return sharing.preview(self._person, team, role, named)

        self._page.run(call, self._show, latest="sharing preview")

    def _show(self, rows: list[PreviewRow]) -> None:
        self.rows = rows
        self._draw()
        self.read.emit()

    def _draw(self) -> None:
        if self._grid is not None:
            self._holder.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
            self._grid = None
        if not self.rows:
            return
        team = "somebody without a team" if self.team.value is None else f"somebody of {self.team.currentText()}"
        self._note.setText(
            f"What {team} sees as {self.role.currentText().lower()}. Told by the rules of the database itself; "
            "grey: there is none yet, bold: it changes."
        )
        self._grid = self._made({row.table: row for row in self.rows})
        self._holder.addWidget(self._grid)

    def _made(self, rows: dict[str, PreviewRow]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(2))
        grid.setVerticalSpacing(theme.space(0.5))
        grid.setColumnStretch(0, 1)
        for number, (_code, said) in enumerate(self._levels, 1):
            grid.addWidget(label(said, size="small", quiet=True), 0, number)
        line = 1
        for tab, parts in words.PARTS:
            there = [(rows[table], said) for table, said in parts if table in rows]
            if not there:
                continue
            grid.addWidget(label(tab, size="small", strong=True), line, 0, 1, len(self._levels) + 1)
            for found, said in there:
                line += 1
                caption = label(said, size="small", quiet=found.there == 0, wrap=True)
                caption.setToolTip("None yet" if found.there == 0 else "")
                caption.setContentsMargins(theme.space(2), 0, 0, 0)
                grid.addWidget(caption, line, 0)
                for number, (code, column_said) in enumerate(self._levels, 1):
                    changed = bool(code) and found.at(code) != found.as_it_is
                    mark = SeenMark(found.at(code), changed=changed, about=f"{said}, {column_said}")
                    grid.addWidget(mark, line, number)
            line += 1
        return made


def says(rows: Sequence[PreviewRow], level: str) -> dict[str, Seen]:
    """By table, at a level ("" for as it is)."""
    return {row.table: row.at(level) for row in rows}
