"""Use cases of callers, one method each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import NotFound
from coordination.people.callers import rules, steps
from coordination.people.callers.model import Caller, Professional, ProfessionalDraft, ProfessionalId

if TYPE_CHECKING:
    from coordination.work import Begin

_EACH = 12  # of one kind; so many share a number only where it is a switchboard


class Callers:
    """Whose a telephone number is, and the professionals who call."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def find(self, number: str) -> list[Caller]:
        """Everybody to whom a number belongs, however it is written: people, those around them, professionals and
        practices, teams, and who called from it before. Empty while there are too few digits."""
        keys = rules.number_keys(number)
        if not keys:
            return []
        with self._begin() as work:
            return rules.arrange(work.callers.by_number(keys, _EACH))

    def add_professional(self, draft: ProfessionalDraft) -> Professional:
        """Into the register. The same one twice is one. Raises BadValues (fields ``professional.…``)."""
        with self._begin() as work:
            return self._need(work.callers.professional(steps.keep_professional(work, draft)), draft.id)

    def take_out(self, professional_id: ProfessionalId, seen: int) -> Professional:
        """No longer found; contacts that name them still do. Raises Conflict, NotFound."""
        with self._begin() as work:
            return steps.set_active(work, professional_id, seen, active=False)

    def put_back(self, professional_id: ProfessionalId, seen: int) -> Professional:
        """What undoes ``take_out``. Raises Conflict, NotFound."""
        with self._begin() as work:
            return steps.set_active(work, professional_id, seen, active=True)

    def professional(self, professional_id: ProfessionalId) -> Professional:
        """Raises NotFound."""
        with self._begin() as work:
            return self._need(work.callers.professional(professional_id), professional_id)

    def professionals(self, text: str, limit: int = 8) -> list[Professional]:
        """Those in use whose name or organisation holds the text."""
        with self._begin() as work:
            return work.callers.professionals(text, limit) if len(text.strip()) >= 2 else []

    @staticmethod
    def _need(found: Professional | None, key: ProfessionalId) -> Professional:
        if found is None:
            raise NotFound("callers", str(key))
        return found
