"""How a deed on an episode is done: asked in a small form above it, said with its undo, shown as it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Refused
from coordination.reablement.model import WRITERS, Episode, EpisodeDetail, EpisodeId
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk

Values = dict[str, Any]


class EpisodeShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    detail: EpisodeDetail | None

    def read(self, episode: EpisodeId) -> None: ...
    def show_detail(self, detail: EpisodeDetail) -> None: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...


class DoingForEpisodes:
    """``form`` is what is asked just now. Screens hand back the revision that was *seen*; what the database refuses is
    said where it belongs."""

    def __init__(self, page: EpisodeShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None

    @property
    def may_change(self) -> bool:
        """For the screen only; the database decides."""
        return self._desk.actor.role in WRITERS

    @property
    def _service(self) -> Any:
        return self._desk.services.reablement

    @property
    def _today(self) -> date:
        return local_date(self._desk.clock.now())

    def _need(self) -> EpisodeDetail | None:
        detail = self._page.detail
        return detail if detail is not None and detail.episode.is_open and self.may_change else None

    def _change(self, call: Callable[[], Episode], said: str, back: Callable[[Episode], Episode]) -> None:
        def done(after: Episode) -> None:
            self.close_asking()
            self._desk.notices.say(said, undo=lambda: self._again(lambda: back(after)))
            self._page.read(after.id)

        self._page.run(call, done, self.fail)

    def _again(self, call: Callable[[], Episode]) -> None:
        def done(after: Episode) -> None:
            self._desk.notices.say("Taken back.")
            self._page.read(after.id)

        self._page.run(call, done, self.fail)

    def _detail(
        self,
        call: Callable[[], EpisodeDetail],
        said: str,
        back: Callable[[EpisodeDetail], Callable[[], EpisodeDetail]] | None,
    ) -> None:
        def done(after: EpisodeDetail) -> None:
            self.close_asking()
            undo = (lambda: self._detail(back(after), "Taken back.", None)) if back is not None else None
            self._desk.notices.say(said, undo=undo)
            self._page.show_detail(after)

        self._page.run(call, done, self.fail)

    def fail(self, error: Exception) -> bool:
        """At the fields where it belongs; a conflict shows what it is now and keeps what is typed."""
        if isinstance(error, BadValue | BadValues):
            bad = error if isinstance(error, BadValues) else BadValues((error,))
            left = self.form.set_problems(bad) if self.form is not None else list(bad.problems)
            return not left
        if self.form is not None:
            self.form.ready()
        if isinstance(error, Conflict | Refused | BrokenRule | AlreadyExists) and self._page.detail is not None:
            self._page.read(self._page.detail.episode.id)
        return False

    def ask(self, form: MoveForm) -> None:
        self.close_asking()
        self.form = form
        self._page.show_question(form)

    def close_asking(self) -> None:
        """The question is done with."""
        if self.form is not None:
            form, self.form = self.form, None
            self._page.close_question(form)


def date_or(value: Any, otherwise: date) -> date:
    return value if isinstance(value, date) else otherwise
