"""Beside the board: who waits for an apartment, what each needs, and the three best matches with reasons (N4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from coordination.apartments.criteria import unmet
from coordination.apartments.matching import Asked, Match, matches
from coordination.apartments.model import ApartmentBoard
from coordination.apartments.referrals_model import RequestDraft, Waiting
from coordination.apartments.rules import USUAL_DAYS
from coordination.apartments.schemes_model import Scheme
from coordination.values import ApartmentId
from ui import wording
from ui.apartments import request_words
from ui.apartments.matches import MatchCards
from ui.apartments.two_lines import DETAIL, HEIGHT, TONE, TwoLines
from ui.style import theme
from ui.widgets.basics import button, column, label, row
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, Section

BEST = 3
KEY = Qt.ItemDataRole.UserRole


class WaitingList(QWidget):
    """Open referrals for an apartment, what the chosen one needs, and the three best matches with reasons."""

    chosen = Signal(object)
    """Waiting or None"""
    match_wanted = Signal(object)
    """a Match that was picked"""
    offers = Signal(object)
    """the best matches, to light up on the board"""
    record_wanted = Signal(object)
    """a Waiting whose needs are to be recorded"""

    def __init__(self) -> None:
        super().__init__()
        self._board: ApartmentBoard | None = None
        self._schemes: tuple[Scheme, ...] = ()
        self._today = date(2000, 1, 1)
        self._rows: dict[str, Waiting] = {}
        self.list = QListWidget()
        self.list.setAccessibleName("Referrals waiting for an apartment")
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.currentItemChanged.connect(lambda *_items: self._choose())
        self.none = EmptyState("Nobody waits", "Referrals for an apartment appear here.", icon="house")
        self._need = label("", wrap=True)
        self._facts = Facts()
        self._record = button("Record needs", lambda: self.record_wanted.emit(self.current))
        self.needs = NeedsBoxes()
        self.needs.changed.connect(self._match)
        self.cards = MatchCards()
        self.cards.wanted.connect(self.match_wanted)
        self._about = QWidget()
        self._about.setLayout(
            column(
                Section("What is asked for", self._record, content=self._need),
                self._facts,
                self.needs,
                Section("Best matches", content=self.cards),
                gap=4,
            )
        )
        self._about.hide()
        self.setLayout(column(self.none, self.list, self._about, None, gap=3))

    @property
    def current(self) -> Waiting | None:
        item = self.list.currentItem()
        return self._rows.get(item.data(KEY)) if item else None

    def show_rows(self, rows: Sequence[Waiting], now: datetime) -> None:
        """Show who waits; the chosen one stays chosen."""
        before = self.current
        self._rows = {str(r.referral_id): r for r in rows}
        self.list.blockSignals(True)
        self.list.clear()
        for waiting in rows:
            item = QListWidgetItem(waiting.who)
            left = wording.time_left(waiting.due_at, now)
            due = left if waiting.due_at < now else "due " + left
            item.setData(KEY, str(waiting.referral_id))
            item.setData(DETAIL, f"{request_words.short(waiting)} · {due}")
            item.setData(TONE, "red" if waiting.due_at < now else "")
            self.list.addItem(item)
            if before is not None and before.referral_id == waiting.referral_id:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(theme.px(HEIGHT) * min(max(len(rows), 1), 5) + theme.px(4))
        self._choose()

    def choose(self, whose: object) -> bool:
        """Choose a referral by its id or its person's; False when it does not wait."""
        ids = {key for key, row in self._rows.items() if whose in (row.referral_id, row.person_id)}
        for n in range(self.list.count()):
            if self.list.item(n).data(KEY) in ids:
                self.list.setCurrentRow(n)
                return True
        return False

    def show_board(self, board: ApartmentBoard, schemes: Sequence[Scheme], today: date) -> None:
        self._board, self._schemes, self._today = board, tuple(schemes), today
        self._match()

    def best(self) -> list[Match]:
        """The best matches of the chosen referral."""
        waiting = self.current
        if waiting is None or self._board is None:
            return []
        asked = Asked(waiting.birth_date, waiting.home, self._asked(waiting), waiting.locality)
        return matches(self._board, self._schemes, asked, USUAL_DAYS, self._today)[:BEST]

    def unmet(self, apartment: ApartmentId, first_day: date) -> tuple[str, ...]:
        """What the scheme of an apartment does not find met of the chosen referral, as it is recorded."""
        waiting = self.current
        for scheme in self._schemes if waiting is not None else ():
            for flat in scheme.flats:
                if flat.id == apartment and waiting is not None:
                    return unmet(scheme, flat, waiting.birth_date, waiting.home, waiting.request, first_day)
        return ()

    def _asked(self, waiting: Waiting) -> RequestDraft:
        """What is recorded, with the ticks as they are now."""
        ticked = self.needs.value()
        recorded: RequestDraft = waiting.request or RequestDraft(waiting.referral_id, "")
        rooms = max(recorded.bedrooms, 2) if ticked["bedrooms"] else min(recorded.bedrooms, 1)
        return replace(
            recorded, step_free=ticked["step_free"], hoist=ticked["hoist"], pets=ticked["pets"], bedrooms=rooms
        )

    def _choose(self) -> None:
        waiting = self.current
        self._about.setVisible(waiting is not None)
        if waiting is not None:
            self._need.setText(waiting.need)
            self._facts.set(request_words.facts(waiting, self._schemes, whole=False))
            self._record.setText("Record needs" if waiting.request is None else "Open")
            self.needs.show_needs(waiting)
        self._match()
        self.chosen.emit(waiting)

    def _match(self) -> None:
        best = self.best()
        self.cards.show_matches(best, self._today)
        self.offers.emit(best)


class NeedsBoxes(QWidget):
    """What the person needs of an apartment, ticked. To try what else would suit; what is recorded stays as it is."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._boxes = {
            "step_free": QCheckBox("Step-free"),
            "hoist": QCheckBox("Hoist"),
            "pets": QCheckBox("Pets"),
            "bedrooms": QCheckBox("Two bedrooms"),
        }
        for box in self._boxes.values():
            box.toggled.connect(lambda _on: self.changed.emit())
        boxes = list(self._boxes.values())
        self.setLayout(column(row(*boxes[:2], None, gap=4), row(*boxes[2:], None, gap=4), gap=1))

    def show_needs(self, waiting: Waiting) -> None:
        """As recorded; where nothing is, what the words of the referral name."""
        request = waiting.request
        if request is None:
            named = request_words.named_in(waiting.need)
        else:
            named = {
                "step_free": request.step_free, "hoist": request.hoist, "pets": request.pets,
                "bedrooms": request.bedrooms > 1,
            }  # fmt: skip
        self.blockSignals(True)
        for name, box in self._boxes.items():
            box.setChecked(named[name])
        self.blockSignals(False)

    def value(self) -> dict[str, bool]:
        return {name: box.isChecked() for name, box in self._boxes.items()}
