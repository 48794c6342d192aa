"""The side of the apartments page: who waits and what suits them, the stay that is open, and booking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from coordination.apartments import rules
from coordination.apartments.model import Apartment, ApartmentBoard, Needs, Stay, Waiting
from coordination.apartments.rules import Match
from coordination.errors import BadValue, BadValues
from coordination.reference import standing
from coordination.values import DateRange
from ui import wording
from ui.apartments.board import describe_apartment
from ui.apartments.messages import INSTEAD_WORDS, KIND_WORDS, NEED_WORDS, PURPOSE_WORDS, USUALLY_INSTEAD
from ui.apartments.two_lines import DETAIL, HEIGHT, TONE, TwoLines
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import Choice, TextArea, button, column, label, plane, row
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
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

    def __init__(self) -> None:
        super().__init__()
        self._board: ApartmentBoard | None = None
        self._today = date(2000, 1, 1)
        self._rows: dict[str, Waiting] = {}
        self.list = QListWidget()
        self.list.setAccessibleName("Referrals waiting for an apartment")
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.currentItemChanged.connect(lambda *_items: self._choose())
        self.none = EmptyState("Nobody waits", "Referrals for an apartment appear here.", icon="house")
        self._need = label("", wrap=True)
        self.needs = NeedsBoxes()
        self.needs.changed.connect(self._match)
        self._cards = column(gap=2)
        holder = QWidget()
        holder.setLayout(self._cards)
        self._about = QWidget()
        self._about.setLayout(
            column(
                Section("What is asked for", content=self._need),
                self.needs,
                Section("Best matches", content=holder),
                gap=4,
            )
        )
        self._about.hide()
        self.setLayout(column(self.none, self.list, self._about, None, gap=3))

    @property
    def current(self) -> Waiting | None:
        item = self.list.currentItem()
        return self._rows.get(item.data(KEY)) if item else None

    def show_rows(self, rows: list[Waiting], now: datetime) -> None:
        """Show who waits; the chosen one stays chosen."""
        before = self.current
        self._rows = {str(r.referral_id): r for r in rows}
        self.list.blockSignals(True)
        self.list.clear()
        for waiting in rows:
            item = QListWidgetItem(waiting.who)
            left = wording.time_left(waiting.due_at, now)
            item.setData(KEY, str(waiting.referral_id))
            item.setData(DETAIL, f"{_from(waiting)} · {left if waiting.due_at < now else 'due ' + left}")
            item.setData(TONE, "red" if waiting.due_at < now else "")
            self.list.addItem(item)
            if before is not None and before.referral_id == waiting.referral_id:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(theme.px(HEIGHT) * min(max(len(rows), 1), 5) + theme.px(4))
        self._choose()

    def choose(self, referral: object) -> bool:
        """Choose a referral by id; False when it does not wait."""
        for n in range(self.list.count()):
            if self.list.item(n).data(KEY) == str(referral):
                self.list.setCurrentRow(n)
                return True
        return False

    def show_board(self, board: ApartmentBoard, today: date) -> None:
        self._board, self._today = board, today
        self._match()

    def _choose(self) -> None:
        waiting = self.current
        self._about.setVisible(waiting is not None)
        if waiting is not None:
            self._need.setText(waiting.need)
            self.needs.suggest(waiting.need)
        self._match()
        self.chosen.emit(waiting)

    def best(self) -> list[Match]:
        """The best matches of the chosen referral."""
        waiting = self.current
        if waiting is None or self._board is None:
            return []
        age = None if waiting.birth_date is None else wording.age_on(waiting.birth_date, self._today)
        needs = self.needs.value(waiting.locality, age)
        return rules.matches(self._board, needs, rules.USUAL_DAYS, self._today)[:BEST]

    def _match(self) -> None:
        while self._cards.count():
            item = self._cards.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().deleteLater()
        best = self.best()
        for number, match in enumerate(best, 1):
            self._cards.addWidget(_card(number, match, self._today, lambda m=match: self.match_wanted.emit(m)))
        self.offers.emit(best)


def _from(waiting: Waiting) -> str:
    return waiting.locality.capitalize() if waiting.locality else "Locality not known"


def _card(number: int, match: Match, today: date, pick: Callable[[], object]) -> QWidget:
    """One match: the apartment, from when it is free, what speaks for it and against it."""
    when = "No free days in sight"
    if match.free_from is not None:
        when = "Free today" if match.free_from == today else f"Free from {wording.day(match.free_from)}"
    book = button("Book", pick, kind="main" if match.possible and number == 1 else "")
    book.setEnabled(match.possible)
    book.setAccessibleName(f"Book {match.apartment.label}")
    lines: list[QWidget] = [label(describe_apartment(match.apartment), quiet=True, size="small", wrap=True)]
    if match.suits:
        lines.append(label("For: " + wording.listing([NEED_WORDS[n] for n in match.suits]), size="small", wrap=True))
    against = [*match.wanting, *match.drawbacks]
    if against:
        tone = "red" if match.wanting else ""
        lines.append(
            label("Against: " + wording.listing([_lacks(n) for n in against]), size="small", tone=tone, wrap=True)
        )
    head = row(
        column(label(match.apartment.label, strong=True, wrap=True), label(when, size="small"), gap=0.5), None, book
    )
    return plane(column(head, *lines, gap=1, margins=3), "surface", "all")


def _lacks(need: str) -> str:
    return {
        "step_free": "not step-free", "hoist": "no hoist", "pets": "no pets", "bedrooms": "too few bedrooms",
        "age": "too young for the scheme", "locality": "another locality", "later": "not free at once",
    }[need]  # fmt: skip


class NeedsBoxes(QWidget):
    """What the person needs of an apartment, ticked."""

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

    def suggest(self, need: str) -> None:
        """Tick what the words of the referral name; the co-ordinator decides."""
        words = need.lower()
        named = {
            "step_free": "step-free" in words or "step free" in words or "wheelchair" in words,
            "hoist": "hoist" in words,
            "pets": any(pet in words for pet in (" dog", " cat", " pet")),
            "bedrooms": "two bedroom" in words or "2 bedroom" in words or "two-bedroom" in words,
        }
        self.blockSignals(True)
        for name, box in self._boxes.items():
            box.setChecked(named[name])
        self.blockSignals(False)

    def value(self, locality: str | None, age: int | None) -> Needs:
        ticked = {name: box.isChecked() for name, box in self._boxes.items()}
        return Needs(
            ticked["step_free"], ticked["hoist"], ticked["pets"], 2 if ticked["bedrooms"] else 0, locality, age
        )


class BookingForm(QWidget):
    """Days, purpose and reason of a stay, or of closing an apartment. Ctrl+Enter books."""

    def __init__(self, apartment: Apartment, start: date, who: str, *, closing: bool = False) -> None:
        super().__init__()
        self.apartment, self.closing = apartment, closing
        days = 1 if closing else rules.USUAL_DAYS
        self.form = Form()
        if closing:
            kinds = Choice([(code, words) for code, words in KIND_WORDS.items()])
            self.form.add("kind", "Closed for", kinds, required=True)
        self.form.add("start", "From", _date(start), required=True)
        self.form.add("last", "Last day", _date(start + timedelta(days=days - 1)), required=True)
        if not closing:
            purposes = Choice([(code, words) for code, words in PURPOSE_WORDS.items()], prompt="Why")
            self.form.add("purpose", "Purpose", purposes)
            instead = Choice([(code, words) for code, words in INSTEAD_WORDS.items()], prompt="Not said")
            self.form.add(
                "instead_of", "Without it they would be", instead, help="The figures of the apartments need it."
            )
            purposes.chosen.connect(lambda code: instead.set_value(USUALLY_INSTEAD.get(code or "") or instead.value))
            self.form.add(
                "past_six_weeks_reason", "Reason past six weeks", QLineEdit(), help="Needed past day 42 only."
            )
        self.form.add("reason", "Note", TextArea(2))
        self._count = label("", quiet=True)
        self.form.edited.connect(lambda _name: self._say_days())
        title = label(who or "Close the apartment", strong=True)
        self.setLayout(column(title, label(apartment.label, quiet=True), self.form, self._count, None, gap=3))
        self._say_days()

    def period(self) -> DateRange:
        """Raises BadValues at the field."""
        values = {name: self.form.value(name) for name in ("start", "last")}
        missing = [BadValue(name, "required") for name, value in values.items() if value is None]
        if missing:
            raise BadValues(tuple(missing))
        if values["last"] < values["start"]:
            raise BadValues((BadValue("last", "ends_before_it_starts"),))
        return DateRange(values["start"], values["last"] + timedelta(days=1))

    def text(self, name: str) -> str:
        return str(self.form.value(name) or "") if name in self.form.fields else ""

    def _say_days(self) -> None:
        try:
            days = self.period().days
        except (BadValue, BadValues):
            self._count.setText("")
            return
        over = days > rules.SIX_WEEKS and not self.closing
        self._count.setText(wording.count(days, "day") + (", past six weeks: a reason is needed" if over else ""))


def _date(value: date) -> DateEdit:
    editor = DateEdit()
    editor.set_value(value)
    return editor


def held_words(stay: Stay) -> str:
    """``In hospital since 20-Nov-2026; kept until 27-Nov-2026``."""
    if stay.away_since is None or stay.hold_until is None:
        return ""
    return f"In hospital since {wording.day(stay.away_since)}; kept until {wording.day(stay.hold_until)}"


def went_words(stay: Stay) -> str:
    """``Nursing home. Near her son.``"""
    name = next((each.name for each in standing.read().went_to if each.code == stay.went_to), "")
    return ". ".join(part for part in (name, stay.move_on) if part)


class StayDetails(QWidget):
    """One stay: who, days, the marks that are reached, notes."""

    def __init__(self, stay: Stay, apartment: Apartment, today: date) -> None:
        super().__init__()
        what = stay.who or ("Not shared with you" if stay.hidden else KIND_WORDS.get(stay.kind, ""))
        state = {"booked": "Booked", "in_stay": "In the apartment", "ended": "Moved on", "cancelled": "Cancelled"}
        parts: list[QWidget] = [label(what, size="body", strong=True, wrap=True), label(apartment.label, quiet=True)]
        mark = rules.nearness(stay, today)
        if mark is not None and stay.state == "in_stay":
            over = (rules.day_of_stay(stay, today) or 0) > rules.SIX_WEEKS
            words = "Past six weeks" if over else f"Past day {mark}"
            parts.append(Badge(words, "red" if over else "amber", "warning-octagon-fill" if over else "timer"))
        facts: list[tuple[str, object | None]] = [
            ("From", wording.day(stay.period.start)),
            ("Last day", wording.day(stay.period.last)),
            ("Length", wording.count(stay.period.days, "day")),
        ]
        if stay.kind == "stay" and not stay.hidden:
            day = rules.day_of_stay(stay, today)
            facts += [("State", state[stay.state]), ("Day of stay", day if day is not None else "Not begun")]
            facts += [(f"Day {n}", wording.day(on)) for n, on in rules.mark_days(stay).items()]
            facts.append(("Purpose", PURPOSE_WORDS.get(stay.purpose)))
        for name, text in (
            ("Note", stay.reason),
            ("Past six weeks", stay.past_six_weeks_reason),
            ("Held", held_words(stay)),
            ("Moved on to", went_words(stay)),
            ("Booked by", stay.booked_by),
        ):
            if text:
                facts.append((name, text))
        self.setLayout(column(*parts, Facts(facts), None, gap=3))
