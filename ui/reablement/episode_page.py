"""The page of one episode of reablement: everything about it, and what can be done, by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.errors import BadValue, BadValues, NotFound
from coordination.reablement.model import EpisodeDetail, EpisodeDraft, EpisodeId
from coordination.values import TeamId, new_id
from ui import sentences
from ui.commands import Command
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.page import Page
from ui.reablement import words
from ui.reablement.deeds import EpisodeDeeds, Values
from ui.reablement.episode_view import EpisodeView
from ui.reablement.forms import begin_form
from ui.reablement.opening import OfPerson
from ui.widgets.basics import ask_again, column, command_button, plane
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling

_BUTTONS = {"review": "Review", "package": "Package", "offer": "Offer", "end": "End it"}
SERVICES = ("reablement", "complex_reablement")


class EpisodePage(Page):
    """``open`` takes the id of an episode, or ``OfPerson``."""

    id, title, icon = "episode", "Reablement episode", "person-simple-walk"
    areas: ClassVar[frozenset[str]] = frozenset({"reablement", "assessment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.detail: EpisodeDetail | None = None
        self.teams: list[Team] = []
        self.view: EpisodeView | None = None
        self._wanted: EpisodeId | None = None
        self.deeds = EpisodeDeeds(self)
        self._commands = self.deeds.commands()
        by = {c.id.removeprefix("episode."): c for c in self._commands}
        self._moves = [command_button(by[name], words=said) for name, said in _BUTTONS.items()]
        self.head = PageHead("Reablement", "", *self._moves)
        self._asked_here = column(margins=(6, 3, 6, 3))
        self._asking = plane(self._asked_here, "sunken", "below")
        self._asking.hide()
        self._area = scrolling(QWidget())
        self._area.setAccessibleName("The episode")
        layout = column(self.head, self._asking, self._area, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        Busy(self._area, desk.tasks, owner=self)
        self._show_nothing()

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- reading

    def open(self, key: object) -> None:
        self.key = key
        self.deeds.close_asking()
        if isinstance(key, OfPerson):
            self._open_person(key)
        elif isinstance(key, UUID):
            self.read(EpisodeId(key))

    def refresh(self) -> None:
        if self._wanted is not None:
            self.read(self._wanted)

    @property
    def whose(self) -> UUID | None:
        return self.detail.episode.person_id if self.detail is not None else None

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Offers are told of by their package; an assessment may have been scored."""
        detail = self.detail
        if RESYNC in changes or detail is None:
            return RESYNC in changes
        own = {str(detail.episode.id), str(detail.package.id) if detail.package else ""}
        return any(c.area == "reablement" and c.key in own for c in changes)

    def read(self, episode: EpisodeId) -> None:
        self._wanted = episode
        service = self.desk.services.reablement
        self.run(lambda: service.open_episode(episode), self.show_detail, self._not_there, latest="episode")

    def _not_there(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self._show_nothing(sentences.sentence(error))
            return True
        return False

    def show_detail(self, detail: EpisodeDetail) -> None:
        """As it is now; a form that is open stays."""
        before = self.detail
        same = before is not None and before.episode.id == detail.episode.id
        if same and before is not None and self.view is not None and before == replace(detail, as_of=before.as_of):
            return
        at = self._area.verticalScrollBar().value() if same else 0
        self.detail, self._wanted = detail, detail.episode.id
        self.view = EpisodeView(detail, local_date(self.desk.clock.now()), self.deeds)
        self._put(self.view)
        self.head.set_title(detail.listed)
        self.head.say(f"Reablement, {words.KINDS[detail.episode.kind].lower()}")
        self._area.verticalScrollBar().setValue(at)
        ask_again(*self._moves)

    def _put(self, content: QWidget) -> None:
        content.setContentsMargins(24, 16, 24, 16)
        old = self._area.takeWidget()  # which may be what was clicked just now: it goes a moment later
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)

    def _show_nothing(self, said: str = "Open one from People in reablement, or from a person’s record.") -> None:
        self.detail = self.view = self._wanted = None
        self.head.set_title("Reablement")
        self.head.say("")
        self._put(EmptyState("No episode is open here", said, icon="person-simple-walk"))
        ask_again(*self._moves)

    # ---------------------------------------------------------------- beginning one

    def _open_person(self, asked: OfPerson) -> None:
        """The episode that is open; without one the form that begins one, above the last that has ended."""
        service, deployment, person = self.desk.services.reablement, self.desk.services.deployment, asked.person_id

        def read() -> tuple[list[Any], list[Team]]:
            return service.of_person(person), deployment.teams()

        def show(found: tuple[list[Any], list[Team]]) -> None:
            rows, teams = found
            self.teams = [t for t in teams if t.service in SERVICES]
            open_ = next((r for r in rows if r.ended_on is None), None)
            if open_ is not None or (rows and not self.deeds.may_change):
                self.read((open_ or rows[0]).id)
                return
            said = "No reablement yet." if not rows else f"The last one ended {words.short_day(rows[0].ended_on)}."
            self._show_nothing(said)
            if self.deeds.may_change:
                self._ask_to_begin(asked)

        self.run(read, show, latest="episode")

    def _ask_to_begin(self, asked: OfPerson) -> None:
        key, service = EpisodeId(new_id()), self.desk.services.reablement
        kinds = {t.id: t.service for t in self.teams}

        def do(v: Values) -> None:
            if not v["started_on"] or not v["planned_end"]:
                missing = [BadValue(n, "missing") for n in ("started_on", "planned_end") if not v[n]]
                self.deeds.fail(BadValues(tuple(missing)))
                return
            draft = EpisodeDraft(
                key, asked.person_id, v["team_id"], v["started_on"], v["planned_end"],
                "complex" if kinds.get(v["team_id"]) == "complex_reablement" else "standard",
                v["aim"], v["complex_reason"], v["past_six_weeks_reason"], referral_id=asked.referral_id,
            )  # fmt: skip
            self.run(lambda: service.start(draft), begun, self.deeds.fail)

        def begun(episode: Any) -> None:
            self.deeds.close_asking()
            self.desk.notices.say("Reablement has begun, and its reviews are planned.", undo=lambda: undo(episode))
            self.read(episode.id)

        def undo(episode: Any) -> None:
            self.run(lambda: service.take_back(episode), lambda _done: self._taken_back(episode.id))

        today = local_date(self.desk.clock.now())
        team = team_for(self.teams, asked, self.desk.actor.team_id)
        self.deeds.ask(begin_form(self.teams, team, asked.words, today, do, self.deeds.close_asking))

    def _taken_back(self, episode: EpisodeId) -> None:
        self.desk.notices.say("Taken back: it was never begun.")
        if self._wanted == episode:
            self._show_nothing()

    # ---------------------------------------------------------------- what the deeds ask of the page

    def show_question(self, form: MoveForm) -> None:
        """A small form above the episode."""
        self._asked_here.addWidget(form)
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asked_here.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()
        self._area.setFocus()

    def activated(self) -> None:
        if self.deeds.form is None:
            self._area.setFocus()


def team_for(teams: Sequence[Team], asked: OfPerson, own: TeamId | None) -> TeamId | None:
    """The team to begin with: of the service and locality that a referral asks for, else one's own."""
    fits = [t for t in teams if t.service == asked.service]
    near = [t for t in fits if asked.locality and t.locality == asked.locality]
    return next((t.id for found in (near, [t for t in fits if t.locality is None], fits) for t in found), own)
