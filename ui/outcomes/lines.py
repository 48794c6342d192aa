"""A paper sheet while it is entered: what each key does to a line. No Qt, no database.

A line says nothing until somebody presses a key on it: a visit is not done because nobody looked. What is said stands
beside the visit as it was read, and becomes entries for ``services.outcomes.save_day``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coordination.clock import LONDON, at_local
from coordination.deployment.model import Outcome
from coordination.deployment.outcomes.model import Choices, Entry, Happened, PaperSheet, Reason, SheetRow
from coordination.deployment.outcomes.rules import check_entry, ends_at
from coordination.errors import BadValues
from coordination.values import VisitId, Window

SHIFT = 5  # minutes an arrow is worth
_AFTER_MIDNIGHT, _AFTERNOON = 4, 12  # 00:30 on the sheet of a late shift is the next day's


@dataclass(frozen=True)
class Line:
    """One visit, which should be over when it is ``due``. ``outcome`` None: nothing is said of it here. ``began`` None:
    as planned. ``typed``: digits of a time that is being typed. ``error``: why it was not saved, in words."""

    row: SheetRow
    due: bool = True
    outcome: Outcome | None = None
    reason: Reason | None = None
    words: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    typed: str = ""
    error: str = ""

    @property
    def id(self) -> VisitId:
        return self.row.visit.id

    @property
    def planned(self) -> Window:
        """When it was to be: for one that nobody had, the earliest."""
        visit = self.row.visit
        return self.row.planned or Window.of(visit.arrive.start, visit.minutes)

    @property
    def happened(self) -> Happened | None:
        """What the database has of it."""
        return self.row.happened

    @property
    def is_said(self) -> bool:
        return self.outcome is not None

    @property
    def is_open(self) -> bool:
        """It should be over, has no outcome, and nothing is said of it."""
        return self.due and not self.is_said and not self.row.visit.is_over


class Sheet:
    """The lines of one sheet, in its order. Every method takes the number of a line."""

    def __init__(self, sheet: PaperSheet, choices: Choices) -> None:
        self.sheet, self.choices = sheet, choices
        self.lines = [self._blank(row) for row in sheet.rows]

    def _blank(self, row: SheetRow) -> Line:
        return Line(row, ends_at(row.visit) <= self.sheet.read_at)

    # ------------------------------------------------------------------ what is said

    def say(self, at: int, outcome: Outcome) -> None:
        """So it ended. Again: the next reason of the list. What was being typed was its time."""
        self._finish_typing(at)
        line = self.lines[at]
        if line.row.visit.state == "moved":
            return
        reasons = self.choices.of(outcome)
        if line.outcome != outcome:
            reason = reasons[0] if reasons else None
            times = (line.began, line.ended) if outcome in ("done", "no_access", "declined") else (None, None)
            self._put(at, replace(line, outcome=outcome, reason=reason, began=times[0], ended=times[1]))
        elif reasons:
            place = reasons.index(line.reason) if line.reason in reasons else -1
            self._put(at, replace(line, reason=reasons[(place + 1) % len(reasons)]))

    def agree(self, at: int) -> None:
        """Enter: as it is said; else done as planned, or missed when nobody was sent."""
        self._finish_typing(at)
        if self.lines[at].is_open:
            self._say_as_usual(at)

    def agree_with_the_rest(self) -> int:
        """The same for every line of which nothing is said. How many they were."""
        chosen = [n for n, line in enumerate(self.lines) if line.is_open]
        for at in chosen:
            self._say_as_usual(at)
        return len(chosen)

    def _say_as_usual(self, at: int) -> None:
        self.say(at, "done" if self.lines[at].row.visit.allocations else "missed")

    def clear(self, at: int) -> None:
        """Nothing is said of it."""
        self.lines[at] = self._blank(self.lines[at].row)

    def write(self, at: int, words: str) -> None:
        self._put(at, replace(self.lines[at], words=words))

    # ------------------------------------------------------------------ when it was

    def digit(self, at: int, digit: str) -> None:
        """Four digits are when it began, four more when it ended. With a time it is done, unless it says otherwise."""
        line = self.lines[at]
        if line.row.visit.state == "moved":
            return
        if not line.is_said:
            self.say(at, "done")
        elif line.outcome not in ("done", "no_access", "declined"):
            return
        typed = self.lines[at].typed + digit if len(self.lines[at].typed) < 8 else digit
        self._put(at, replace(self.lines[at], typed=typed))
        if len(typed) in (4, 8):
            self._read_typed(at)

    def back(self, at: int) -> None:
        """Backspace: the last digit, or the time that is there."""
        line = self.lines[at]
        if line.typed and len(line.typed) not in (4, 8):
            self._put(at, replace(line, typed=line.typed[:-1]))
        else:
            self._put(at, replace(line, typed="", began=None, ended=None))

    def shift(self, at: int, minutes: int) -> None:
        """So many minutes later or earlier than it says now."""
        self._finish_typing(at)
        line = self.lines[at]
        if not line.is_said:
            self.say(at, "done")
            line = self.lines[at]
        if line.outcome in ("done", "no_access", "declined"):
            step = timedelta(minutes=minutes)
            began = (line.began or line.planned.start) + step
            ended = (line.ended or line.planned.end) + step
            self._put(at, replace(line, began=began, ended=ended, typed=""))

    def leave(self, at: int) -> None:
        """The line is left: three digits are a time too, fewer are nothing."""
        if 0 <= at < len(self.lines):
            self._finish_typing(at)

    def _finish_typing(self, at: int) -> None:
        if self.lines[at].typed:
            self._read_typed(at)
            self._put(at, replace(self.lines[at], typed=""), keep_error=True)

    def _read_typed(self, at: int) -> None:
        line = self.lines[at]
        first, second = line.typed[:4], line.typed[4:]
        began = self._moment(line, first)
        if began is None:
            self.lines[at] = replace(line, typed="", error=f"{first} is not a time. Write it as 0905." if first else "")
            return
        ended = began + (line.planned.end - line.planned.start)
        if second:
            read = self._moment(line, second)
            if read is None:
                self.lines[at] = replace(line, typed=first, error=f"{second} is not a time. Write it as 0940.")
                return
            ended = read
        self._put(at, replace(line, began=began, ended=ended))

    def _moment(self, line: Line, digits: str) -> datetime | None:
        if len(digits) < 3:
            return None
        hour, minute = int(digits[:-2]), int(digits[-2:])
        if hour > 23 or minute > 59:
            return None
        starts = line.planned.start.astimezone(LONDON)
        late = hour < _AFTER_MIDNIGHT and starts.hour >= _AFTERNOON
        return at_local(line.row.visit.day + timedelta(days=late), hour, minute)

    # ------------------------------------------------------------------ to the service, and back

    def entries(self) -> list[Entry]:
        """What is to be saved."""
        for at in range(len(self.lines)):
            self._finish_typing(at)
        return [_entry(line) for line in self.lines if line.is_said]

    def problems(self, now: datetime) -> dict[VisitId, BadValues]:
        """What the service would refuse in any case, by line."""
        found = {}
        for line in self.lines:
            if line.is_said:
                try:
                    check_entry(_entry(line), line.row.visit, self.choices, now)
                except BadValues as error:
                    found[line.id] = error
        return found

    def refuse(self, reasons: Mapping[VisitId, str]) -> None:
        """Show at each line why it was not saved; the others say nothing any more."""
        self.lines = [
            replace(line, error=reasons[line.id]) if line.id in reasons else self._blank(line.row)
            for line in self.lines
        ]

    def mark(self, reasons: Mapping[VisitId, str]) -> None:
        """Errors that were shown, on lines that still say something."""
        self.lines = [
            replace(line, error=reasons.get(line.id, "")) if line.is_said else line for line in self.lines
        ]  # fmt: skip

    @property
    def said(self) -> int:
        return sum(line.is_said for line in self.lines)

    @property
    def left(self) -> int:
        """Lines that should be over, have no outcome, and of which nothing is said."""
        return sum(line.is_open for line in self.lines)

    # ------------------------------------------------------------------ drafts

    def kept(self) -> dict[str, Any]:
        """As it is kept on this computer."""
        return {
            "team": self.sheet.team,
            "day": self.sheet.day,
            "worker": self.sheet.worker,
            "worker_name": self.sheet.worker_name,
            "lines": [
                {
                    "visit": str(line.id), "outcome": line.outcome, "words": line.words,
                    "reason": line.reason.code if line.reason else None,
                    "began": line.began, "ended": line.ended, "typed": line.typed,
                }
                for line in self.lines if line.is_said or line.words
            ],
        }  # fmt: skip

    def restore(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """What was being entered, on the sheet as it is now: a visit that meanwhile says the same is left out."""
        kept = {VisitId(UUID(str(each["visit"]))): each for each in lines}
        for at, line in enumerate(self.lines):
            each = kept.get(line.id)
            if each is not None and not (line.row.visit.is_over and line.row.visit.state == each["outcome"]):
                self.lines[at] = replace(
                    line, outcome=each["outcome"], reason=self.choices.reason(each["reason"]), words=each["words"],
                    began=each["began"], ended=each["ended"], typed=each.get("typed", ""),
                )  # fmt: skip

    def _put(self, at: int, line: Line, *, keep_error: bool = False) -> None:
        self.lines[at] = line if keep_error else replace(line, error="")


def _entry(line: Line) -> Entry:
    assert line.outcome is not None
    return Entry(
        line.id, line.row.visit.revision, line.outcome, line.reason.code if line.reason else None, line.words,
        line.began, line.ended,
    )  # fmt: skip
