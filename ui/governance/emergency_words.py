"""The review of emergency access in words (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coordination.clock import local_date
from coordination.governance.emergency import Deed, Reviewing
from ui import wording
from ui.people.glass_words import KINDS, SHUT
from ui.people.words import TABLES
from ui.style.tokens import State

OUTCOMES = {
    "appropriate": "It was right",
    "inappropriate": "It was not right",
    "needs_action": "Something must be done",
}
TOLD = {"told": "The person has been told", "not_yet": "The person will be told", "not_told": "The person is not told"}
_TABLES = {
    "person": ("the record", "the record"),
    "care_plan": ("the care plan", "the care plan"),
    "plan_outcome": ("an outcome of the plan", "outcomes of the plan"),
    "plan_action": ("an action of the plan", "actions of the plan"),
}
_DONE = {
    "view": "Looked at", "print": "Printed", "export": "Exported", "insert": "Added", "update": "Changed",
    "delete": "Taken out",
}  # fmt: skip


def state(row: Reviewing, now: datetime) -> str:
    """What a row waits for, or what came of it."""
    if row.in_force:
        return f"Open until {wording.clock_time(row.ends_at)}"
    if row.awaits:
        late = (local_date(now) - local_date(row.due_at)).days
        return f"{wording.count(late, 'day')} overdue" if row.overdue(now) else "Awaits review"
    return OUTCOMES[row.outcome]


def look(row: Reviewing, now: datetime) -> State:
    if row.in_force:
        return State("amber", "lock-key-open")
    if row.overdue(now):
        return State("red", "warning-octagon")
    if row.awaits:
        return State("amber", "timer")
    return {
        "appropriate": State("ok", "check"), "inappropriate": State("red", "prohibit"),
    }.get(row.outcome, State("plum", "flag"))  # fmt: skip


def lasted(row: Reviewing) -> str:
    """``14-Nov-2026 14:03 to 14:41``."""
    return f"{wording.day_time(row.began_at)} to {wording.clock_time(row.until)}"


def person(row: Reviewing) -> str:
    """Initials, and the beginning of the record's id: no name."""
    return f"{' '.join(row.initials)}, record {str(row.person_id)[-8:]}" if row.person_id is not None else ""


def facts(row: Reviewing) -> list[tuple[str, object | None]]:
    """What stands beside the list about the one that is chosen."""
    said: list[tuple[str, object | None]] = [("Who", f"{row.by_name}, {wording.role(row.by_role).lower()}")]
    if row.team:
        said.append(("Team", row.team))
    if row.person_id is not None:
        said.append(("Person", person(row)))
    said += [("When", lasted(row)), ("Why", KINDS[row.kind]), ("Kept back", SHUT[row.shut])]
    if not row.awaits:
        said.append(("Outcome", OUTCOMES[row.outcome]))
        said += [("Told", TOLD[row.told])]
        said.append(("Reviewed", f"{wording.day_time(row.reviewed_at)} by {row.reviewed_by_name}"))
    else:
        said.append(("To review by", wording.day_time(row.due_at)))
    return said


def done(row: Reviewing) -> str:
    """``3 views and 1 change while it lasted``."""
    return f"{wording.count(row.views, 'view')} and {wording.count(row.changes, 'change')} while it lasted"


def deed(found: Deed) -> str:
    """``Looked at the record, 3 times``."""
    one, many = _TABLES.get(found.area) or TABLES.get(found.area) or (wording.words(found.area).lower(),) * 2
    times = f", {found.many} times" if found.many > 1 and one == many else ""
    what = one if found.many == 1 or times else f"{found.many} {many}"
    return f"{_DONE.get(found.action, wording.words(found.action))}: {what}{times}"


def records(found: Deed) -> str:
    """The ids, short: enough to find each on the audit trail."""
    shown = [record[-8:] for record in found.records]
    more = "" if len(found.records) < 20 else " …"
    return ", ".join(shown) + more


def said(rows: Sequence[Reviewing], now: datetime) -> str:
    """Beside the title of the page."""
    if not rows:
        return ""
    waiting = sum(row.awaits for row in rows)
    late = sum(row.overdue(now) for row in rows)
    parts = [f"{waiting} to review" if waiting else "none to review"]
    if late:
        parts.append(f"{late} overdue")
    return ", ".join(parts)
