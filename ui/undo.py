"""Everything that was done on a board at this desk, and the way back: as far as one likes, and forward again.

    stack.push_steps("move PANKHURST to Flat 4", steps, service.take_back)      # rows of a board, in one transaction
    stack.push("Amina sick", lambda: service.well_again(...), lambda: service.sick(...))       # anything else

``undo`` and ``redo`` run on another thread and raise (Conflict, Refused, NotFound) when there is no way back any more:
that is said in a sentence, and the entry drops out. What they give back, steps or nothing, is shown on the board.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from coordination.errors import Conflict, IllegalMove, NotFound, Refused
from ui import sentences
from ui.in_order import InOrder
from ui.page import OnDesk

MOST = 100
GONE = (Conflict, Refused, NotFound, IllegalMove)
Back = Callable[[Sequence[Any]], Sequence[Any]]
"""Takes steps back, and gives the steps that did it. A step has ``before`` and ``after``: records with ``id`` and
``revision``."""


class ShowsSteps(OnDesk, Protocol):
    """What the stack asks of the page."""

    @property
    def in_order(self) -> InOrder: ...
    def show_steps(self, steps: Sequence[Any]) -> None: ...


@dataclass(eq=False)
class Entry:
    """One thing that was done. ``label`` follows "Undo: ". ``about``: ids of the rows that it changed."""

    label: str
    undo: Callable[[], Any]
    redo: Callable[[], Any] | None
    about: frozenset[Hashable] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Turned:
    """Rows that were turned back, and the first refusal if not all were."""

    steps: tuple[Any, ...] = ()
    refused: Exception | None = None


class UndoStack(QObject):
    """``done`` can be undone, the latest last; ``undone`` can be done again, the latest last."""

    changed = Signal()

    def __init__(self, page: ShowsSteps) -> None:
        super().__init__()
        self._page = page
        self.done: list[Entry] = []
        self.undone: list[Entry] = []
        self._now: dict[tuple[Hashable, int], int] = {}

    # ------------------------------------------------------------------ what is done

    def push(
        self, label: str, undo: Callable[[], Any], redo: Callable[[], Any] | None = None,
        about: Iterable[Hashable] = (),
    ) -> Entry:  # fmt: skip
        """Something was done, and ``undo`` takes it back. Without ``redo`` it cannot be done again."""
        return self._put(Entry(label, undo, redo, frozenset(about)))

    def push_steps(self, label: str, steps: Sequence[Any], back: Back) -> Entry:
        """Rows were changed. ``back`` takes steps back and gives the steps that did it, in one transaction."""
        return self._push_turning(label, steps, lambda held: Turned(tuple(back([self._as_now(s) for s in held]))))

    def _push_turning(self, label: str, steps: Sequence[Any], turning: Callable[[Sequence[Any]], Turned]) -> Entry:
        held = list(steps)

        def turn() -> Turned:
            turned = turning(held)
            self._stands_again(held, turned.steps)
            held[:] = turned.steps
            return turned

        return self._put(Entry(label, turn, turn, frozenset(s.after.id for s in steps)))

    def _put(self, entry: Entry) -> Entry:
        self.done = [*self.done[-MOST + 1 :], entry]
        self.undone = []
        self.changed.emit()
        return entry

    # ------------------------------------------------------------------ back and forth

    @property
    def can_undo(self) -> bool:
        return bool(self.done)

    @property
    def can_redo(self) -> bool:
        return bool(self.undone)

    @property
    def undo_label(self) -> str:
        return self.done[-1].label if self.done else ""

    @property
    def redo_label(self) -> str:
        return self.undone[-1].label if self.undone else ""

    def undo(self) -> None:
        """Take back what was done last, once everything before it is done."""
        self._turn(lambda: self.done[-1] if self.done else None, forward=False)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn(lambda: self.undone[-1] if self.undone else None, forward=True)

    def undo_entry(self, entry: Entry) -> None:
        """Take back this one: those after it that touch the same rows before it."""
        if entry in self.done:
            after = self.done[self.done.index(entry) + 1 :]
            for other in reversed([e for e in after if e.about & entry.about]):
                self._turn(lambda e=other: e if e in self.done else None, forward=False)  # type: ignore[misc]
            self._turn(lambda: entry if entry in self.done else None, forward=False)

    def _turn(self, which: Callable[[], Entry | None], *, forward: bool) -> None:
        chosen: list[Entry] = []

        def prepare() -> Callable[[], Any] | None:
            entry = which()
            if entry is None:
                return None
            chosen.append(entry)
            return entry.redo if forward else entry.undo

        self._page.in_order.do(
            prepare,
            lambda found: self._turned(chosen[0], found, forward),
            lambda error: self._failed(chosen[0], error, forward),
        )

    def _turned(self, entry: Entry, found: Any, forward: bool) -> None:
        self._drop(entry)
        if forward:
            self.done.append(entry)
        elif entry.redo is not None:
            self.undone.append(entry)
        self.changed.emit()
        turned = found if isinstance(found, Turned) else Turned()
        notices = self._page.desk.notices
        if turned.refused is not None:
            notices.warn(self.in_part(entry.label, len(turned.steps), turned.refused, forward=forward))
        else:
            notices.say(f"{'Done again' if forward else 'Undone'}: {entry.label}.")
        if turned.steps:
            self._page.show_steps(turned.steps)
        else:
            self._page.refresh()

    def _failed(self, entry: Entry, error: Exception, forward: bool) -> bool:
        """What cannot be turned back any more is said, and drops out; a line that is down drops nothing."""
        if not isinstance(error, GONE):
            return False
        self._drop(entry)
        self.changed.emit()
        self._page.desk.notices.warn(self.cannot(entry.label, error, forward=forward))
        self._page.refresh()
        return True

    # ------------------------------------------------------------------ words

    def cannot(self, label: str, error: Exception, *, forward: bool) -> str:
        """Why something cannot be undone or done again any more."""
        start = f"{'Not done again' if forward else 'Not undone'}: {label}. "
        if isinstance(error, Refused):
            return start + " ".join(sentences.obstacle_words(found) for found in error.obstacles)
        if isinstance(error, Conflict):
            return start + "Somebody has changed it since; the board shows it as it stands now."
        return start + sentences.sentence(error)

    def in_part(self, label: str, _turned: int, error: Exception, *, forward: bool) -> str:
        """Some of it went back, some did not."""
        return f"{'Done again' if forward else 'Undone'} in part. " + self.cannot(label, error, forward=forward)

    # ------------------------------------------------------------------ inside

    def _drop(self, entry: Entry) -> None:
        self.done = [e for e in self.done if e is not entry]
        self.undone = [e for e in self.undone if e is not entry]

    # ------------------------------------------------------------------ revisions

    def _stands_again(self, steps: Sequence[Any], turned: Sequence[Any]) -> None:
        """Rows stand again as they did at earlier revisions: what was done before that can be undone after it."""
        for step in reversed(steps):
            now = [t.after.revision for t in turned if t.after.id == step.after.id]
            if now:
                self._now[step.after.id, step.before.revision] = now[-1]

    def _as_now(self, step: Any) -> Any:
        """The step with the revision under which its outcome stands now."""
        revision = step.after.revision
        while (step.after.id, revision) in self._now:
            revision = self._now[step.after.id, revision]
        return step if revision == step.after.revision else replace(step, after=replace(step.after, revision=revision))
