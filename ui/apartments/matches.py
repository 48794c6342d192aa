"""The best matches for a referral as cards: from when, how far, what speaks for each and what against (N4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.apartments.matching import Match
from ui import wording
from ui.apartments.board import describe_apartment
from ui.apartments.scheme_messages import said
from ui.widgets.basics import button, column, label, plane, row


class MatchCards(QWidget):
    """One under the other, the best first."""

    wanted = Signal(object)
    """a Match that is to be booked"""

    def __init__(self) -> None:
        super().__init__()
        self._cards = column(gap=2)
        self.setLayout(self._cards)
        self.shown: tuple[Match, ...] = ()

    def show_matches(self, best: Sequence[Match], today: date) -> None:
        self.shown = tuple(best)
        while self._cards.count():
            item = self._cards.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for number, match in enumerate(best, 1):
            self._cards.addWidget(_card(number, match, today, partial(self.wanted.emit, match)))
        if not best:
            self._cards.addWidget(label("No apartment is leased here.", quiet=True))


def _card(number: int, match: Match, today: date, pick: Callable[[], object]) -> QWidget:
    when = "No free days in sight"
    if match.free_from is not None:
        when = "Free today" if match.free_from == today else f"Free from {wording.day(match.free_from)}"
    words = "Book" if not match.unmet else "Book all the same"
    book = button(words, pick, kind="main" if match.possible and number == 1 else "")
    book.setEnabled(match.free_from is not None)
    book.setAccessibleName(words.replace("Book", f"Book {match.apartment.label}", 1))
    lines: list[QWidget] = [label(describe_apartment(match.apartment), quiet=True, size="small", wrap=True)]
    if match.pros:
        lines.append(label("For: " + _listing(match.pros), size="small", wrap=True))
    if match.cons:
        tone = "red" if match.unmet else ""
        lines.append(label("Against: " + _listing(match.cons), size="small", tone=tone, wrap=True))
    name = column(label(match.apartment.label, strong=True, wrap=True), label(when, size="small"), gap=0.5)
    return plane(column(row(name, None, book), *lines, gap=1, margins=3), "surface", "all")


def _listing(reasons: Sequence[object]) -> str:
    return wording.listing([said(each) for each in reasons])  # type: ignore[arg-type]
