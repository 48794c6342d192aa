"""What is done with a plan as a whole: activate, issue, acknowledge, review, end; which teams are on it."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from coordination.careplan.model import Plan, TeamChoice
from coordination.careplan.version_model import PlanReview, PlanVersion, ReviewDraft
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.values import TeamId, new_id
from ui import wording
from ui.careplan.asking import Ask, end_form, issue_form, review_form, team_form
from ui.careplan.deeds import PlanDeeds, PlanShown
from ui.careplan.rounds import Rounds
from ui.sentences import sentence
from ui.widgets.basics import LinkLabel, column, label
from ui.widgets.panels import SidePanel


class PlanWithRounds(PlanShown, Protocol):
    """What these deeds ask of the page."""

    @property
    def deeds(self) -> PlanDeeds: ...
    @property
    def side(self) -> SidePanel: ...
    @property
    def teams(self) -> list[TeamChoice]: ...
    def show_side(self, title: str, content: QWidget, *actions: QWidget) -> None: ...
    def hide_side(self) -> None: ...


class RoundDeeds:
    """The page's verbs about versions, reviews and the state of the plan."""

    def __init__(self, page: PlanWithRounds) -> None:
        self._page = page
        self.asking: Ask | None = None
        self._reading_past = False
        self._in_the_way = ""

    def _ask(self, title: str, ask: Ask) -> None:
        self.asking = ask
        self._page.show_side(title, ask, ask.confirm, ask.back)
        ask.start()

    def leave(self) -> None:
        """What is asked is left; what there is to read stands there again."""
        self.asking = None
        self.show()

    def show(self) -> None:
        """Who works by it, versions, reviews."""
        sheet = self._page.sheet
        if sheet is None:
            return
        self.asking, self._reading_past = None, False
        self._page.show_side(
            "Who works by it",
            Rounds(
                sheet,
                self._page.desk.clock.now(),
                self._page.desk.actor.team_id,
                acknowledge=self.acknowledge,
                put_on=self.ask_team,
                take_off=self.take_off,
                compare=self.compare,
                review=self.ask_review,
            ),
        )

    def refresh(self) -> None:
        """The panel as the plan is now; a question that is being answered stays."""
        if self.asking is None and not self._reading_past and not self._page.side.isHidden():
            self.show()

    def compare(self) -> None:
        """Versions side by side."""
        self._page.desk.go.to("plan_versions", self._page.deeds.plan)

    def _failed(self, error: Exception) -> bool:
        return self.asking is not None and self.asking.failed(error)

    # versions

    def activate(self) -> None:
        """From now on everyone works by it. What is being written is saved first."""
        page = self._page
        if page.saver is None:
            return
        if page.saver.busy:
            page.saver.flush()
            page.desk.notices.say("Saving first. Activate again in a moment.")
            return
        seen, plan, service = page.saver.plan.revision, page.deeds.plan, page.desk.services.careplan
        notices = page.desk.notices

        def done() -> None:
            notices.withdraw(self._in_the_way)
            notices.say("The plan is active. Everyone works by version 1 now.")

        def refused(error: Exception) -> bool:
            self._in_the_way = sentence(error)
            return False  # it is told as ever; once the plan is active, it does not hold any more

        page.deeds.do(lambda: service.activate(plan, seen), done, refused)

    def ask_issue(self) -> None:
        said = "What stands on the plan now is frozen as its next version. Every team acknowledges it again."
        self._ask("A new version", Ask("Issue it", issue_form(), self._issue, self.leave, said))

    def _issue(self, values: dict[str, Any]) -> None:
        page, key = self._page, new_id()
        if page.saver is None:
            return
        if page.saver.busy:
            page.saver.flush()
            page.desk.notices.say("Saving first. Issue it again in a moment.")
            return
        seen, plan, service = page.saver.plan.revision, page.deeds.plan, page.desk.services.careplan
        made: list[PlanVersion] = []

        def done() -> None:
            self.leave()
            page.desk.notices.say(f"Version {made[0].head.number} is issued.")

        page.deeds.do(lambda: made.append(service.issue(plan, seen, values["why"], key=key)), done, self._failed)

    def acknowledge(self) -> None:
        """My team works by the version that is shown. Undo takes it back."""
        page, sheet = self._page, self._page.sheet
        if sheet is None or sheet.version is None:
            return
        version, service = sheet.version, page.desk.services.careplan

        def undo() -> None:
            page.deeds.do(lambda: service.take_back_acknowledgement(version.id))

        def done() -> None:
            page.desk.notices.say(f"Version {version.number} is acknowledged for your team.", undo=undo)

        def failed(error: Exception) -> bool:
            page.desk.notices.error(error)
            page.refresh()  # a newer one may have been issued
            return True

        page.deeds.do(lambda: service.acknowledge(version.id), done, failed)

    # reviews

    def ask_review(self) -> None:
        page = self._page
        if page.sheet is None:
            return
        name = page.sheet.reviews[0].with_whom if page.sheet.reviews else ""
        form = review_form(local_date(page.desk.clock.now()), name)
        self._ask("Record a review", Ask("Record the review", form, self._review, self.leave))

    def _review(self, values: dict[str, Any]) -> None:
        missing = [BadValue(name, "required") for name in ("held_on", "next_review_on") if values[name] is None]
        if missing:
            raise BadValues(tuple(missing))
        page, key = self._page, new_id()
        draft = ReviewDraft(values["held_on"], values["with_whom"], values["came_of_it"], values["next_review_on"])
        plan, service = page.deeds.plan, page.desk.services.careplan
        made: list[PlanReview] = []

        def undo() -> None:
            page.deeds.do(lambda: service.take_back_review(made[0].id))

        def done() -> None:
            self.leave()
            page.desk.notices.say(f"Review recorded. Next on {wording.day(made[0].next_review_on)}.", undo=undo)

        page.deeds.do(lambda: made.append(service.record_review(plan, draft, key=key)), done, self._failed)

    # teams

    def ask_team(self) -> None:
        page = self._page
        if page.sheet is not None:
            form = team_form(page.teams, page.sheet.teams)
            said = "For a team that has no action of its own and still has to know."
            self._ask("Put a team on", Ask("Put it on", form, self._put_on, self.leave, said))

    def _put_on(self, values: dict[str, Any]) -> None:
        if values["team"] is None:
            raise BadValues((BadValue("team", "required"),))
        page, team = self._page, values["team"]
        plan, service = page.deeds.plan, page.desk.services.careplan
        page.deeds.do(lambda: service.put_on(plan, team), self.leave, self._failed)

    def take_off(self, team: TeamId) -> None:
        """A team that was put on by hand. Undo puts it on again."""
        page = self._page
        plan, service = page.deeds.plan, page.desk.services.careplan

        def undo() -> None:
            page.deeds.do(lambda: service.put_on(plan, team))

        page.deeds.do(lambda: service.take_off(plan, team), lambda: page.desk.notices.say("Team taken off.", undo=undo))

    # earlier plans

    def show_past(self) -> None:
        """Plans of the person that have ended: each can be opened and read."""
        page = self._page
        if page.sheet is not None:
            person, service = page.sheet.plan.person, page.desk.services.careplan
            page.run(lambda: service.past(person), self._list_past, latest="past")

    def _list_past(self, plans: list[Plan]) -> None:
        page, lines = self._page, []
        for plan in plans:
            said = f"{wording.day(plan.created_at)} to {wording.day(plan.ended_at)}"
            lines.append(LinkLabel(said, partial(page.desk.go.to, "plan", plan.id)))
        words = "Read, and not changed any more." if plans else "The person has had no other plan."
        made = QWidget()
        made.setLayout(column(label(words, quiet=True, wrap=True), *lines, None, gap=1))
        self.asking, self._reading_past = None, True
        page.show_side("Earlier plans", made)
        if lines:
            lines[0].setFocus()

    # the end

    def ask_end(self) -> None:
        said = "It can be read from then on. The person can have a new one."
        self._ask("End the plan", Ask("End it", end_form(), self._end, self.leave, said))

    def _end(self, values: dict[str, Any]) -> None:
        page = self._page
        if page.saver is not None:
            seen, plan, service = page.saver.plan.revision, page.deeds.plan, page.desk.services.careplan

            def undo() -> None:
                page.deeds.do(lambda: service.reopen(plan, seen + 1))

            def done() -> None:
                self.leave()
                page.desk.notices.say("The plan has ended.", undo=undo)

            page.deeds.do(lambda: service.end(plan, seen, values["reason"]), done, self._failed)
