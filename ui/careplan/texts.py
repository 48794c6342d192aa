"""The parts of the plan that are running text: each is written where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from coordination.careplan.model import Plan, Source
from ui.careplan.differing import ChangedTwice, Twice
from ui.careplan.item_words import from_words
from ui.careplan.messages import PLACES
from ui.style import fonts
from ui.widgets.basics import TextArea, label
from ui.widgets.panels import Section

HINTS = {
    "what_matters": "People, places, habits: what makes life theirs, in their words.",
    "strengths": "What goes well, what they can do, who and what they can count on.",
    "carers_part": "What they do, and what they would like to go on doing.",
    "self_care": "What the person looks after, and wants to keep doing.",
    "funding": "Free for so long, personal budget, direct payment, own money.",
}


class PlanText(Section):
    """One part. ``edited`` while it is typed; two versions are shown beneath when somebody else saved one."""

    edited = Signal(str, str)
    mine_kept = Signal(str, str)

    def __init__(self, field: str) -> None:
        super().__init__(PLACES[field])
        self.field = field
        self.area = TextArea(lines=2, most=20)
        fonts.dress(self.area)
        self.area.setAccessibleName(PLACES[field])
        self.area.setPlaceholderText(HINTS[field])
        self.reading = label("", wrap=True, selectable=True)
        self.came = label("", quiet=True, size="small", wrap=True)
        self.came.hide()
        self._differing: ChangedTwice | None = None
        self._quiet = False
        self.add(self.area)
        self.add(self.reading)
        self.add(self.came)
        self.area.textChanged.connect(self._typed)

    def _typed(self) -> None:
        if not self._quiet:
            self.edited.emit(self.field, self.area.value)

    def show_plan(self, plan: Plan, *, editing: bool) -> None:
        """Show what is saved, unless something unsaved stands here (``editing``)."""
        words = getattr(plan, self.field)
        ended = plan.state == "ended"
        self.area.setVisible(not ended)
        self.reading.setVisible(ended)
        self.reading.setText(words or "Nothing written")
        if not editing and self._differing is None and words != self.area.value.strip():
            self.put(words)

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Where words within it came from, quietly."""
        said = dict.fromkeys(from_words(s) for s in sources if s.place == self.field)
        self.came.setText("; ".join(said))
        self.came.setVisible(bool(said and self.area.value))

    def put(self, words: str) -> None:
        """Show words; nothing is emitted."""
        self._quiet = True
        self.area.set_value(words)
        self._quiet = False

    def show_differing(self, mine: str, theirs: str, was: str) -> None:
        """Ours and the saved one, beside what it was."""
        self._end_differing()
        made = ChangedTwice([Twice(self.field, PLACES[self.field], mine, theirs, was)])
        made.mine.connect(lambda: self._keep(mine))
        made.theirs.connect(lambda: self._take(theirs))
        made.chosen.connect(lambda ours: self._keep(mine) if ours else self._take(theirs))
        self._differing = made
        self.add(made)
        self.area.setEnabled(False)
        made.show()
        made.start()

    def _keep(self, words: str) -> None:
        self._end_differing()
        self.mine_kept.emit(self.field, words)

    def _take(self, words: str) -> None:
        self._end_differing()
        self.put(words)
        self.area.setFocus()

    def _end_differing(self) -> None:
        if self._differing is not None:
            self._differing.hide()
            self._differing.deleteLater()
            self._differing = None
            self.area.setEnabled(True)
