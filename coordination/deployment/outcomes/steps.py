"""Steps that several use cases share, inside an open transaction: a visit ends, or stands again as it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from coordination.deployment import rules as board_rules
from coordination.deployment.model import Outcome, Visit
from coordination.deployment.outcomes.model import Entry
from coordination.errors import Refused

if TYPE_CHECKING:
    from coordination.work import Work


def finish(work: Work, before: Visit, outcome: Outcome, reason: str) -> None:
    """The visit ends, with a reason in words. Raises Refused('end', …)."""
    in_the_way = board_rules.may_end(before, outcome, work.now)
    if in_the_way:
        raise Refused("end", in_the_way)
    _end(work, before, outcome, reason)


def may_correct(before: Visit, entry: Entry, now: datetime) -> None:
    """Whether ``entry`` may be said of a visit, in place of what is said of it now. Raises Refused('end', …)."""
    found = board_rules.may_end(_opened(before), entry.outcome, now)
    if entry.began is not None:  # they were there sooner than planned
        found = tuple(o for o in found if o.code != "not_yet")
    if found:
        raise Refused("end", found)


def correct(work: Work, before: Visit, entry: Entry, reason: str, *, from_paper: bool) -> None:
    """``entry`` is what happened. What was said before is kept by the database. Checked by ``may_correct`` first."""
    if before.is_over:
        work.deployment.set_state(before.id, "planned", "")
    work.outcomes.put(entry, from_paper=from_paper)
    _end(work, before, entry.outcome, reason)


def _opened(visit: Visit) -> Visit:
    """As if nothing had been said of it; one that was moved is another visit now, and stays so."""
    return visit if visit.state == "moved" else replace(visit, state="planned", state_reason="")


def _end(work: Work, before: Visit, outcome: Outcome, reason: str) -> None:
    """Cancelled, or declined before its time, it frees its workers; otherwise who went stays on record."""
    if outcome == "cancelled" or (outcome == "declined" and (before.starts or work.now) > work.now):
        work.deployment.remove_allocations(before.id, before.allocations)
    work.deployment.set_state(before.id, outcome, reason)


def restore(work: Work, wanted: Visit, before: Visit) -> None:
    """The visit as it stood: its workers, its state and, if it was over, what was entered of it then."""
    if before.is_over:
        work.deployment.set_state(before.id, "planned", "")
    work.deployment.hold_workers([a.worker_id for a in wanted.allocations])
    work.deployment.remove_allocations(before.id, before.allocations)
    for held in wanted.allocations:
        work.deployment.put_allocation(before.id, held)
    if wanted.is_over:
        work.outcomes.put_former(before.id, wanted.state)
        work.deployment.set_state(before.id, wanted.state, wanted.state_reason)
