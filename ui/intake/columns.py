"""The columns of the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from coordination.clock import local_date
from coordination.intake.queue import ReferralRow
from coordination.intake.reference import URGENCIES
from coordination.presence.model import Present
from ui import wording
from ui.duty.watch import NO_MARK, Mark
from ui.intake import words
from ui.presence import initials, sentence
from ui.style.tokens import State
from ui.widgets.table_model import Column

_URGENT = {code: place for place, code in enumerate(URGENCIES)}
_MARKS = {"two_hours": "warning-circle", "same_day": "clock"}


Others = Callable[[ReferralRow], Sequence[Present]]
"""who else has a referral in front of them"""
Left = Callable[[ReferralRow], bool]
"""whether a row does not belong to the list any more"""
OnDuty = Callable[[ReferralRow], Mark]
"""whether its holder is on a break, or hands it over"""


def queue_columns(
    now: Callable[[], datetime], me: str, others: Others = lambda _row: (), left: Left = lambda _row: False,
    duty: OnDuty = lambda _row: NO_MARK,
) -> list[Column[ReferralRow]]:  # fmt: skip
    """``now`` is asked at each painting, so that time left goes on without a query; ``me`` is who is signed in."""
    return [
        Column("time_left", "Time left", lambda r: words.time_left(r, now()), sort=lambda r: r.due_at, width=170,
               badge=lambda r: words.time_state(r, now()), tip=lambda r: words.deadlines_tip(r, now())),
        Column("urgency", "Urgency", lambda r: words.URGENCIES[r.urgency], sort=lambda r: _URGENT[r.urgency],
               badge=_urgency_look, width=104),
        Column("person", "Person", lambda r: wording.name(r.surname, r.given, r.title), strong=True, width=172),
        Column("age", "Age", lambda r: _age(r, now()), sort=lambda r: r.birth_date, numeric=True, width=52,
               value=lambda r: int(age) if (age := _age(r, now())).isdigit() else age),
        Column("need", "Need", _need, stretch=True, tip=lambda r: r.need, width=270),
        Column("source", "From", lambda r: words.source(r.source), quiet=True, width=92),
        Column("neighbourhood", "Neighbourhood", _place, quiet=True, tip=_place, width=130),
        Column("state", "State", lambda r: words.STATES[r.state],
               badge=lambda r: words.state_look(r, me, now()), width=104,
               tip=lambda r: _left_tip(r, now()) if left(r) else _state_tip(r, now())),
        Column("here", "Here", lambda r: _here(others(r)), badge=lambda r: _here_look(others(r)), width=62,
               tip=lambda r: _here_tip(others(r), now()), help="Who else has it in front of them"),
        Column("holder", "Who has it", lambda r: _holder(words.holder(r, me), duty(r)), badge=lambda r: duty(r).look,
               tip=lambda r: "\n".join(part for part in (duty(r).tip, _state_tip(r, now())) if part), width=116),
        Column("waiting", "Waiting", lambda r: words.waiting(r, now()), sort=lambda r: r.received_at,
               numeric=True, quiet=True, width=92),
        Column("service", "For", lambda r: r.service_name, hidden=True, width=150),
        Column("number", "No.", lambda r: str(r.number), sort=lambda r: r.number, numeric=True, hidden=True, width=72,
               value=lambda r: r.number),
        Column("locality", "Locality", lambda r: words.locality(r.locality), hidden=True, width=84),
        Column("due", "Due", lambda r: wording.near_time(r.due_at, now()), sort=lambda r: r.due_at, hidden=True,
               width=130, value=lambda r: r.due_at),
        Column("received", "Received", lambda r: wording.near_time(r.received_at, now()), sort=lambda r: r.received_at,
               hidden=True, width=130, value=lambda r: r.received_at),
    ]  # fmt: skip


def _urgency_look(row: ReferralRow) -> State | None:
    """Only what is urgent stands out."""
    tone = words.URGENCY_TONES.get(row.urgency)
    return State(tone, _MARKS[row.urgency]) if tone else None


def _age(row: ReferralRow, now: datetime) -> str:
    return wording.age(row.birth_date, local_date(now)) if row.birth_date else ""


def _need(row: ReferralRow) -> str:
    said = f"{row.service_name} · {row.need}"
    return f"Safeguarding · {said}" if row.safeguarding else said


def _place(row: ReferralRow) -> str:
    return row.neighbourhood or (f"{words.locality(row.locality)}, neighbourhood not known" if row.locality else "")


def _holder(name: str, mark: Mark) -> str:
    """``Nadia Hussain, break until 10:15`` · ``You → Declan O'Rourke``."""
    if not mark.words:
        return name
    return f"{name} {mark.words}" if mark.words.startswith("→") else f"{name}, {mark.words}"


def _here(others: Sequence[Present]) -> str:
    """``DB``; of several how many."""
    return initials(others[0].display_name) if len(others) == 1 else str(len(others) or "")


def _here_look(others: Sequence[Present]) -> State | None:
    if not others:
        return None
    return State("amber", "pencil-simple") if any(o.doing == "editing" for o in others) else State("neutral", "eye")


def _here_tip(others: Sequence[Present], now: datetime) -> str:
    return "\n".join(sentence(other, now) for other in others)


def _left_tip(row: ReferralRow, now: datetime) -> str:
    """What became of a row that stays only until the list is asked for anew."""
    return " ".join(part for part in ("Not in this view any more.", _state_tip(row, now)) if part)


def _state_tip(row: ReferralRow, now: datetime) -> str:
    parts = []
    if row.asked_at is not None:
        parts.append(f"More information was asked for {words.when(row.asked_at, now)}.")
    if row.holder is not None and row.claimed_at is not None:
        parts.append(f"{row.holder_name} since {wording.near_time(row.claimed_at, now)}")
    if words.is_stale(row, now):
        parts.append(words.stale_words(row, now))
    return "\n".join(parts)
