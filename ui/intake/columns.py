"""The columns of the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coordination.clock import local_date
from coordination.intake.model import URGENCIES, ReferralRow
from ui import wording
from ui.intake import words
from ui.style.tokens import State
from ui.widgets.table_model import Column

_URGENT = {code: place for place, code in enumerate(URGENCIES)}
_MARKS = {"two_hours": "warning-circle", "same_day": "clock"}


def queue_columns(now: Callable[[], datetime], me: str) -> list[Column[ReferralRow]]:
    """``now`` is asked at each painting, so that time left goes on without a query; ``me`` is who is signed in."""
    return [
        Column("time_left", "Time left", lambda r: words.time_left(r, now()), sort=lambda r: r.due_at, width=142,
               badge=lambda r: words.time_state(r, now()), tip=lambda r: f"Due {words.due(r.due_at, now())}"),
        Column("urgency", "Urgency", lambda r: words.URGENCIES[r.urgency], sort=lambda r: _URGENT[r.urgency],
               badge=_urgency_look, width=104),
        Column("person", "Person", lambda r: wording.name(r.surname, r.given, r.title), strong=True, width=180),
        Column("age", "Age", lambda r: _age(r, now()), sort=lambda r: r.birth_date, numeric=True, width=52),
        Column("need", "Need", _need, stretch=True, tip=lambda r: r.need, width=200),
        Column("source", "From", lambda r: words.source(r.source), quiet=True, width=92),
        Column("neighbourhood", "Neighbourhood", _place, quiet=True, tip=_place, width=130),
        Column("state", "State", lambda r: words.STATES[r.state],
               badge=lambda r: words.state_look(r, me, now()), tip=lambda r: _state_tip(r, now()), width=104),
        Column("holder", "Who has it", lambda r: words.holder(r, me), tip=lambda r: _state_tip(r, now()), width=116),
        Column("waiting", "Waiting", lambda r: words.short(now() - r.received_at), sort=lambda r: r.received_at,
               numeric=True, quiet=True, width=92),
        Column("service", "For", lambda r: r.service_name, hidden=True, width=150),
        Column("number", "No.", lambda r: str(r.number), sort=lambda r: r.number, numeric=True, hidden=True, width=72),
        Column("locality", "Locality", lambda r: words.locality(r.locality), hidden=True, width=84),
        Column("due", "Due", lambda r: wording.near_time(r.due_at, now()), sort=lambda r: r.due_at, hidden=True,
               width=130),
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


def _state_tip(row: ReferralRow, now: datetime) -> str:
    if row.holder is None or row.claimed_at is None:
        return ""
    since = wording.near_time(row.claimed_at, now)
    left = "; not accepted since, so it may be lying" if words.is_stale(row, now) else ""
    return f"{row.holder_name} since {since}{left}"
