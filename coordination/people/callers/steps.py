"""Steps inside a transaction that is already open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import BadValue, BadValues, Conflict, NotFound
from coordination.people.callers import rules
from coordination.people.callers.model import Professional, ProfessionalDraft, ProfessionalId

if TYPE_CHECKING:
    from coordination.work import Work


def keep_professional(work: Work, draft: ProfessionalDraft) -> ProfessionalId:
    """In the register from now on; somebody who stands there already with all of it is that one. Raises BadValues."""
    checked = rules.check_professional(draft)
    if checked.practice_code and work.people.practice(checked.practice_code) is None:
        raise BadValues((BadValue("professional.practice_code", "unknown_practice"),))
    if work.callers.professional(checked.id) is None:
        there = work.callers.same_professional(checked)
        if there is not None:
            return there
        work.callers.add_professional(checked)
    return checked.id


def set_active(work: Work, professional_id: ProfessionalId, seen: int, active: bool) -> Professional:
    """Taken out, or put back. Raises Conflict, NotFound."""
    changed = work.callers.set_active(professional_id, seen, active)
    now = work.callers.professional(professional_id)
    if now is None:
        raise NotFound("callers", str(professional_id))
    if not changed:
        raise Conflict("callers", str(professional_id), seen, now)
    return now
