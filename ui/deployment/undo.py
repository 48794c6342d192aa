"""What was done with visits on a deployment board, and the way back (see ui/undo.py).

stack.push_steps("move PANKHURST to Amina, 10:15", [step])                  # steps of visits: back and forth
stack.push_steps("plan of the day", steps, planning.take_back)              # many visits in one transaction
"""

from __future__ import annotations

from collections.abc import Sequence

from coordination.deployment.model import Step
from ui import undo
from ui.deployment import words
from ui.undo import GONE, Back, Entry, ShowsSteps, Turned

__all__ = ["GONE", "Back", "Entry", "ShowsSteps", "Turned", "UndoStack"]


class UndoStack(undo.UndoStack):
    """Of visits: without a way back of their own, each is taken back by itself."""

    def push_steps(self, label: str, steps: Sequence[Step], back: Back | None = None) -> Entry:
        """Visits were changed. By default each is taken back by itself, the last first, as far as that goes."""
        if back is not None:
            return super().push_steps(label, steps, back)
        return self._push_turning(label, steps, self._one_by_one)

    def cannot(self, label: str, error: Exception, *, forward: bool) -> str:
        return words.cannot_turn(label, error, forward=forward)

    def in_part(self, label: str, turned: int, error: Exception, *, forward: bool) -> str:
        return words.turned_in_part(label, turned, error, forward=forward)

    def _one_by_one(self, steps: Sequence[Step]) -> Turned:
        service = self._page.desk.services.deployment
        made: list[Step] = []
        refused: Exception | None = None
        for step in reversed(steps):
            try:
                made.append(service.undo(self._as_now(step)))
                self._stands_again([step], made[-1:])
            except GONE as error:
                refused = refused or error
        if refused is not None and not made:
            raise refused
        return Turned(tuple(made), refused)
