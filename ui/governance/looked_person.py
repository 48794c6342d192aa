"""Who has looked at one person: the list, its filters, what stands beside a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.governance.looked import Looking
from coordination.governance.looked_service import LookedAt
from ui import wording
from ui.desk import Desk
from ui.governance import looked_words as words
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.chips import FilterChips
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

CHIPS = (
    ("none", "No reason found", "question", "amber"),
    ("emergency", "Emergency", "warning-octagon-fill", "red"),
    ("taken", "Printed, saved", "printer", "accent"),
    ("changed", "Changed", "note-pencil", "neutral"),
    ("refused", "Refused", "prohibit", "neutral"),
)
_NOBODY = ("Whose trail?", "Press F and find the person. Everybody who saw, changed or printed anything is listed.")
_QUIET = ("Nobody in this period", "Nobody looked at this person’s record or changed it. Choose a longer period.")
_FILTERED = ("Nothing like that", "Take a filter off to see the rest.")


def kinds_of(looking: Looking) -> frozenset[str]:
    """Which filters let it through."""
    found: set[str] = set(looking.kinds)
    if looking.unexplained:
        found.add("none")
    if looking.by_emergency:
        found.add("emergency")
    return frozenset(found)


class PersonTrail(QWidget):
    """``current`` is the Looking that is chosen."""

    moved = Signal()
    more_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.found: LookedAt | None = None
        self._lookings: tuple[Looking, ...] = ()
        self.model = StableTableModel[Looking](self._columns(), key=lambda x: (x.day, x.actor))
        self._empty = EmptyState(*_NOBODY, icon="eye")
        self.table = Table(self.model, settings=desk.settings, name="looked", title="Who has looked", empty=self._empty)
        self.table.about = self.about
        self.chips = FilterChips(CHIPS)
        self.who = label("", strong=True)
        self.counts = label("", quiet=True)
        self._more = button("Older", self.more_asked.emit, kind="quiet", icon="caret-right")
        self._more.hide()
        bar = plane(row(self.chips, None, self._more, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self._of = plane(row(self.who, 2, self.counts, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self._of.hide()
        layout = column(self._of, bar, self.table, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.chips.changed.connect(lambda _on: self._show_rows())
        self.table.current_changed.connect(lambda _row: self.moved.emit())

    @property
    def current(self) -> Looking | None:
        found: Looking | None = self.table.current
        return found

    @property
    def shown(self) -> list[Looking]:
        """What the filters let through, in the order of the list."""
        on = self.chips.value
        return [looking for looking in self._lookings if not on or on <= kinds_of(looking)]

    def show_found(self, found: LookedAt, *, further: bool = False) -> None:
        """What was read, in place of what stands there, or ``further`` back in time."""
        before = self._lookings if further else ()
        self.found = found
        self._lookings = tuple(
            sorted((*before, *found.lookings), key=lambda x: (not x.unexplained, -x.last_at.timestamp(), x.actor))
        )
        counted: Counter[Hashable] = Counter(kind for looking in self._lookings for kind in kinds_of(looking))
        self.chips.set_counts(dict(counted))
        self._more.setVisible(found.more is not None)
        self._of.show()
        person = found.person
        self.who.setText(wording.name(person.surname, person.given, person.title))
        self._show_rows()

    def forget(self) -> None:
        """Nobody is chosen."""
        self.found, self._lookings = None, ()
        self._of.hide()
        self._more.hide()
        self.chips.set_counts({})
        self._show_rows()

    def _show_rows(self) -> None:
        rows = self.shown
        if self.found is None:
            self._empty.say(*_NOBODY)
        else:
            self._empty.say(*(_FILTERED if self._lookings else _QUIET))
        self.model.set_rows(rows)
        if self.found is not None:
            self.counts.setText(self._counted())
        if self.table.current is None and rows:
            self.table.selectRow(0)
        self.moved.emit()

    def _counted(self) -> str:
        users = len({looking.actor for looking in self._lookings})
        days = wording.count(len(self._lookings), "person-day", "person-days")
        open_ = sum(looking.unexplained for looking in self._lookings)
        said = f"{days}, {wording.count(users, 'user')}"
        return f"{said}; no reason found for {open_}" if open_ else said

    def about(self) -> list[str]:
        """For its print and its workbook."""
        if self.found is None:
            return []
        on = [str(words_) for value, words_, *_ in CHIPS if value in self.chips.value]
        return [f"Who has looked at {self.who.text()}", self._counted(), *([f"Only: {', '.join(on)}"] if on else [])]

    def _columns(self) -> list[Column[Looking]]:
        def of(say: Callable[[LookedAt, Looking], str]) -> Callable[[Looking], str]:
            return lambda x: say(self.found, x) if self.found is not None else ""

        return [
            Column("when", "When", words.when, sort=lambda x: x.last_at, value=lambda x: x.first_at, width=164),
            Column("who", "Who", of(lambda f, x: words.who(x, f.colleagues)), strong=True, width=128),
            Column("as", "As", of(words.stood_as), tip=of(words.stood_as), width=172),
            Column("did", "Did", words.did, tip=words.did, stretch=True, width=140),
            Column("why", "Why they could", words.why, badge=words.why_look, tip=words.why, width=176),
            Column("role", "Role", words.role, hidden=True, width=140),
            Column("team", "Team", of(lambda f, x: words.team(x, f.teams, f.colleagues)), hidden=True, width=138),
            Column("centre", "Centre", of(lambda f, x: words.centre(x, f.colleagues)), hidden=True, width=64),
            Column("sharing", "Shared then", words.could, quiet=True, hidden=True, width=180),
        ]  # fmt: skip


def beside(found: LookedAt, looking: Looking) -> Facts:
    """Everything about one row, in words."""
    known = found.colleagues.get(looking.actor)
    account = "" if known is None or known.active else "Switched off since"
    reasons = words.reasons_of(looking, found.emergencies)
    facts: list[tuple[str, object | None]] = [
        ("Who", words.who(looking, found.colleagues)), ("User name", looking.actor), ("Role then", words.role(looking)),
        ("Team then", words.team(looking, found.teams, found.colleagues) or "None"),
        ("Centre", words.centre(looking, found.colleagues) or "The city"), ("When", words.when(looking)),
        ("Did", "\n".join(words.did(looking).split("; "))), ("Why they could", words.why(looking)),
        ("What let them in", words.could(looking)),
    ]  # fmt: skip
    facts += [("Reason given", reason) for reason in reasons]
    if account:
        facts.append(("Account", account))
    return Facts(facts)
