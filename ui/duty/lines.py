"""The lines of the screen: what is outstanding and what becomes of it, or a signed handover and how it was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.duty import rules
from coordination.duty.model import Choice, HandoverItem, HandoverSheet, Offered, Outstanding
from ui import wording
from ui.duty import words
from ui.style.tokens import State
from ui.widgets.table_model import Column


@dataclass(frozen=True, slots=True)
class Line:
    """One row. While it is written ``choice`` counts; of a signed handover ``item``. ``offer``: it is handed over
    already, and waits."""

    subject: UUID
    about: Outstanding | None
    choice: Choice | None = None
    words: str = ""
    item: HandoverItem | None = None
    offer: Offered | None = None
    lying: bool = False

    @property
    def waits(self) -> bool:
        """Offered to me or a colleague, and not answered."""
        return self.item is not None and self.item.state == "offered"


def written(
    items: list[Outstanding], choices: dict[UUID, Choice], lines: dict[UUID, str],
    offer_of: Callable[[UUID], Offered | None], lying: Callable[[Offered], bool], now: datetime,
) -> list[Line]:  # fmt: skip
    """Rows of what is outstanding, with what was chosen so far, else what is suggested."""
    found = []
    for item in items:
        offer = offer_of(item.id)
        choice = None if offer else choices.get(item.id) or rules.suggested(item, now)
        found.append(Line(item.id, item, choice, lines.get(item.id, ""), None, offer, bool(offer and lying(offer))))
    return found


def signed(sheet: HandoverSheet) -> list[Line]:
    """Rows of a signed handover: what waits first, the rest as it was signed."""
    items = sorted(sheet.items, key=lambda item: (item.state != "offered", item.position))
    return [Line(item.subject, item.now, item.choice, item.line, item) for item in items]


def columns(now: Callable[[], datetime]) -> list[Column[Line]]:
    """``now`` is asked at each painting."""
    return [
        Column("time", "Time left", lambda r: _about(r, lambda a: words.time_left(a, now())), width=138,
               sort=lambda r: r.about.due_at if r.about else None,
               badge=lambda r: words.time_look(r.about, now()) if r.about else None,
               tip=lambda r: _about(r, lambda a: f"Due {wording.day_time(a.due_at)}" if a.due_at else "")),
        Column("person", "Person", lambda r: _about(r, _person, "No longer to be seen"), strong=True, width=158),
        Column("what", "What", lambda r: _about(r, words.about), stretch=True, width=110,
               tip=lambda r: _about(r, words.about)),
        Column("becomes", "Becomes", becomes, badge=look, width=152, tip=_tip),
        Column("line", "Line", lambda r: r.words, tip=lambda r: r.words, hidden=True, width=160),
        Column("state", "State", lambda r: _about(r, words.state), quiet=True, hidden=True, width=84),
        Column("number", "No.", lambda r: _about(r, lambda a: str(a.number or "")), numeric=True, hidden=True,
               width=72),
        Column("holder", "Who has it", lambda r: _about(r, lambda a: a.holder_name), hidden=True, width=120),
    ]  # fmt: skip


def becomes(line: Line) -> str:
    """In the words of the badge."""
    if line.item is not None:
        said = "Waits, changed" if line.waits and line.item.changed else words.SHORT_STATES[line.item.state]
    elif line.offer is not None:
        said = "Handed over"
    else:
        said = words.SHORT[line.choice] if line.choice else f"With {line.about.holder_name}" if line.about else ""
    return f"{said} · line" if line.words else said


def look(line: Line) -> State | None:
    if line.item is not None:
        return (
            State("amber", "warning-circle") if line.waits and line.item.changed else words.STATE_LOOKS[line.item.state]
        )
    if line.offer is not None:
        return State("amber" if line.lying else "accent", "hourglass")
    return words.LOOKS[line.choice] if line.choice else None


def _tip(line: Line) -> str:
    if line.item is not None:
        answer = f": {line.item.answer}" if line.item.answer else ""
        return f"{words.item_state(line.item)}{answer}" + (f"\n“{line.words}”" if line.words else "")
    if line.offer is not None:
        return words.capital(words.handed(line.offer))
    return line.words


def _person(item: Outstanding) -> str:
    return wording.name(item.surname, item.given)


def _about(line: Line, say: Callable[[Outstanding], str], nothing: str = "") -> str:
    return say(line.about) if line.about is not None else nothing
