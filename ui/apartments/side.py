"""The side of the apartments page: the stay that is open, and booking. Who waits stands in waiting.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.apartments import rules
from coordination.apartments.model import Apartment, Stay
from coordination.apartments.referrals_model import Override
from coordination.apartments.referrals_rules import in_force
from coordination.errors import BadValue, BadValues
from coordination.reference import standing
from coordination.values import DateRange
from ui import wording
from ui.apartments.messages import INSTEAD_WORDS, KIND_WORDS, PURPOSE_WORDS, USUALLY_INSTEAD
from ui.apartments.scheme_messages import criterion_words
from ui.widgets.badge import Badge
from ui.widgets.basics import Choice, TextArea, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form
from ui.widgets.panels import Facts


class BookingForm(QWidget):
    """Days, purpose and reason of a stay, or of closing an apartment. Ctrl+Enter books."""

    def __init__(
        self, apartment: Apartment, start: date, who: str, *, closing: bool = False, unmet: Sequence[str] = (),
        reason: str = "",
    ) -> None:  # fmt: skip
        """``unmet``: criteria that the scheme does not find met, which asks a reason; ``reason``: what the stay is for,
        as it was recorded."""
        super().__init__()
        self.apartment, self.closing, self._unmet = apartment, closing, tuple(unmet)
        days = 1 if closing else rules.USUAL_DAYS
        self.form = Form()
        if closing:
            kinds = Choice([(code, words) for code, words in KIND_WORDS.items()])
            self.form.add("kind", "Closed for", kinds, required=True)
        self.form.add("start", "From", _date(start), required=True)
        self.form.add("last", "Last day", _date(start + timedelta(days=days - 1)), required=True)
        if not closing:
            purposes = Choice([(each.code, each.words) for each in in_force(standing.read())], prompt="Why")
            self.form.add("purpose", "Purpose", purposes)
            instead = Choice([(code, words) for code, words in INSTEAD_WORDS.items()], prompt="Not said")
            self.form.add(
                "instead_of", "Without it they would be", instead, help="The figures of the apartments need it."
            )
            purposes.chosen.connect(lambda code: instead.set_value(USUALLY_INSTEAD.get(code or "") or instead.value))
            self.form.add(
                "past_six_weeks_reason", "Reason past six weeks", QLineEdit(), help="Needed past day 42 only."
            )
            if reason:
                purposes.set_value(reason)
                instead.set_value(USUALLY_INSTEAD.get(reason) or None)
            if unmet:
                lacking = wording.listing([criterion_words(code) for code in unmet])
                self.form.add(
                    "override", "Why here all the same?", TextArea(2), required=True, help=f"Not met here: {lacking}."
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

    def overrides(self) -> tuple[tuple[str, str], ...]:
        """The reason for each criterion that is not met. Raises BadValues at the field without one."""
        words = self.text("override")
        if self._unmet and not words:
            raise BadValues((BadValue("override", "override_missing"),))
        return tuple((code, words) for code in self._unmet)

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
        self._facts = facts
        self._shown = Facts(facts)
        self.setLayout(column(*parts, self._shown, None, gap=3))

    def show_overrides(self, found: Sequence[Override]) -> None:
        """N4: what it was booked against, why, by whom and when."""
        for each in found:
            words = f"{each.reason} ({each.by_name}, {wording.day_time(each.at)})"
            self._facts.append((f"Despite the {criterion_words(each.criterion).lower()}", words))
        self._shown.set(self._facts)
