"""The list of messages: one line for each that was read, and for each file of this sitting that was not kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from coordination.messages.model import Finding, ParsedMessage, Severity
from coordination.messages.record import MessageRecord, Taken
from ui import wording as plain
from ui.messages import wording
from ui.messages.wording import URGENT_CODES
from ui.style.tokens import State
from ui.widgets.table_model import Column

_LOOKS = {
    "new": State("ok", "check"),
    "linked": State("accent", "arrow-right"),
    "again": State("neutral", "arrows-clockwise"),
    "taken_in": State("ok", "check"),
    "refused": State("plum", "x"),
}
SEVERITY_LOOKS = {
    Severity.FATAL: State("plum", "x"),
    Severity.REFUSED_FIELD: State("plum", "x"),
    Severity.WARNING: State("sand", "warning"),
    Severity.INFO: State("neutral", "info"),
}


@dataclass(frozen=True)
class Line:
    """``outcome`` is that of this sitting when the file was brought in now, else what was kept."""

    key: Hashable
    name: str
    kind: str
    outcome: str
    findings: tuple[Finding, ...]
    at: datetime
    by: str
    record: MessageRecord | None = None
    message: ParsedMessage | None = None

    @property
    def person(self) -> str:
        if self.record is None or self.record.outcome == "refused":
            return "–"
        return plain.name(*self.record.person_name) if self.record.person_id else "Not said yet"

    @property
    def became(self) -> str:
        if self.record is None or self.record.contact_id is None:
            return "–"
        if self.record.referral_number:
            return f"Referral {self.record.referral_number}"
        return "Contact" if self.record.contact_ended else "Open contact"

    @property
    def concern(self) -> Finding | None:
        """What must not wait, if there is any."""
        return next((f for f in self.findings if f.code in URGENT_CODES), None)


def of_record(record: MessageRecord, now_outcome: str = "") -> Line:
    """A message that is kept. ``now_outcome``: what bringing it in has just come to."""
    kind = wording.KINDS[record.kind]
    outcome = now_outcome or record.outcome
    return Line(record.id, record.name, kind, outcome, record.findings, record.read_at, record.read_by_name, record)


def of_taken(taken: Taken, number: int, at: datetime, by: str) -> Line:
    """A file of which nothing was kept, or whose message this desk may not see."""
    message = taken.message
    kind = wording.KINDS[message.kind]
    return Line(("file", number), message.name, kind, taken.outcome, message.findings, at, by, None, message)


def columns(now: Callable[[], datetime]) -> list[Column[Line]]:
    return [
        Column("outcome", "Outcome", lambda r: wording.outcome(r.outcome), badge=_look, width=116),
        Column("found", "Found", found, badge=_found_look, width=170, sort=_weight),
        Column("kind", "What it is", lambda r: r.kind, width=148),
        Column("person", "Person", lambda r: r.person, width=170, sort=_name),
        Column("became", "Became", lambda r: r.became, width=106, sort=_number),
        Column("at", "Read", lambda r: plain.near_time(r.at, now()), sort=lambda r: r.at, width=116),
        Column("name", "File", lambda r: r.name, width=140, quiet=True, stretch=True, tip=lambda r: r.name),
        Column("by", "By", lambda r: r.by, width=130, quiet=True, hidden=True),
    ]


def found(row: Line) -> str:
    """What was found, in two words; nothing when all is well."""
    if row.concern is not None:
        return "Safeguarding" if "safeguarding" in row.concern.code else "Act now"
    unused = sum(f.severity in (Severity.FATAL, Severity.REFUSED_FIELD) for f in row.findings)
    warned = sum(f.severity is Severity.WARNING for f in row.findings)
    parts = [f"{unused} not used" if row.outcome != "refused" else plain.count(unused, "reason")] if unused else []
    if warned:
        parts.append(f"{warned} more" if parts else f"{warned} to look at")
    return ", ".join(parts)


def summary(taken: list[Taken], asked: int) -> tuple[str, bool]:
    """What came of the files that were brought in, and whether somebody should look at it."""
    counts = {o: sum(t.outcome == o for t in taken) for o in ("new", "linked", "again", "refused")}
    words = {"new": "taken in", "linked": "linked to a referral", "again": "here already", "refused": "refused"}
    said = plain.listing([f"{n} {words[o]}" for o, n in counts.items() if n]) or "Nothing was brought in"
    if len(taken) < asked:
        said += f"; stopped, {asked - len(taken)} not read"
    concerns = sum(any(f.code in URGENT_CODES for f in t.findings) for t in taken if t.outcome != "again")
    if concerns:
        waiting = plain.count(concerns, "message")
        return f"{said}. {waiting} must not wait: look at the red ones first.", True
    return (f"{said}. The list says why.", True) if counts["refused"] else (f"{said}.", False)


def first_to_look_at(taken: list[Taken]) -> MessageRecord | None:
    """What must not wait, else the last."""
    kept = [one for one in taken if one.record is not None]
    urgent = (one.record for one in kept if any(f.code in URGENT_CODES for f in one.findings))
    return next(urgent, kept[-1].record if kept else None)


def _look(row: Line) -> State:
    return _LOOKS[row.outcome]


def _found_look(row: Line) -> State | None:
    if row.concern is not None:
        return State("red", "warning")
    weight = _weight(row)
    if weight == 0:
        return None
    return SEVERITY_LOOKS[Severity.REFUSED_FIELD] if weight >= 100 else SEVERITY_LOOKS[Severity.WARNING]


def _weight(row: Line) -> int:
    unused = sum(f.severity in (Severity.FATAL, Severity.REFUSED_FIELD) for f in row.findings)
    warned = sum(f.severity is Severity.WARNING for f in row.findings)
    return (10_000 if row.concern else 0) + unused * 100 + warned


def _name(row: Line) -> tuple[bool, str]:
    """Names first, then those of whom nobody has said."""
    known = row.record is not None and row.record.person_id is not None
    return (not known, row.person.casefold())


def _number(row: Line) -> int | None:
    return row.record.referral_number if row.record else None
