"""What is typed and chosen of a handover, kept on this computer until it is signed."""

from __future__ import annotations

from collections.abc import Callable

from ui.desk import Desk
from ui.duty.writing import WritingForm

KIND = "handover"


class HandoverDraft:
    """One's own. ``restored`` is called when what was typed before a crash, or at an earlier sitting, is there."""

    def __init__(self, desk: Desk, form: WritingForm, restored: Callable[[], object]) -> None:
        self._desk, self._form, self._restored = desk, form, restored
        self._me = desk.actor.user_name

    @property
    def others(self) -> int:
        """What else was begun on this computer and not sent."""
        return sum(entry.kind != KIND for entry in self._desk.drafts.kept)

    def keep(self) -> None:
        """As it is typed now."""
        kept = self._form.kept()
        if kept:
            self._desk.drafts.keep(KIND, self._me, kept, title="Handover")
        else:
            self._desk.drafts.drop(KIND, self._me)

    def take(self) -> None:
        """Put back what is kept; over nothing that is typed."""
        kept = self._desk.drafts.take(KIND, self._me)
        if kept and not self._form.kept():
            self._desk.drafts.claim(KIND, self._me)
            self._form.restore(dict(kept))
            self._restored()

    def forget(self) -> None:
        """It is signed."""
        self._form.clear()
        self._desk.drafts.drop(KIND, self._me)
