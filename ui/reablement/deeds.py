"""What can be done with an episode, by key and button; each is asked in a small form above it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coordination.deployment.model import Team
from coordination.reablement.model import EpisodeDetail, ReviewDraft
from ui.commands import Command
from ui.reablement import forms, words
from ui.reablement.doing import EpisodeShown, Values, date_or
from ui.reablement.package_deeds import PackageDeeds, package_is_free

__all__ = ["EpisodeDeeds", "EpisodeShown", "Values"]


class EpisodeDeeds(PackageDeeds):
    """The commands, and those about the episode itself."""

    # ---------------------------------------------------------------- commands

    def _can(self, *more: Callable[[EpisodeDetail], object]) -> Callable[[], bool]:
        def now() -> bool:
            detail = self._page.detail
            open_ = detail is not None and detail.episode.is_open and self.may_change
            return open_ and detail is not None and all(bool(each(detail)) for each in more)

        return now

    def commands(self) -> list[Command]:
        group = "Episode"
        return [
            Command("episode.review", "Hold the review", self.hold_review, "R", self._can(lambda d: d.next_review),
                    group, "check-circle"),
            Command("episode.package", "Write the package", self.write_package, "P", self._can(package_is_free), group,
                    "list-bullets", also="long-term care provider"),
            Command("episode.offer", "Offer it to a provider", self.offer, "O",
                    self._can(lambda d: d.package is not None and d.package.accepted is None), group, "handshake"),
            Command("episode.answer", "A provider’s answer", self.answer_first, "A",
                    self._can(lambda d: d.package is not None and d.package.waiting), group, "chat-circle-text"),
            Command("episode.barrier", "What makes providers unable", self.add_barrier, "U", self._can(), group,
                    "prohibit"),
            Command("episode.move_end", "Another planned end", self.move_end, "M", self._can(), group,
                    "calendar-check"),
            Command("episode.complex", "To complex reablement", self.make_complex, "X",
                    self._can(lambda d: d.episode.kind == "standard"), group, "star"),
            Command("episode.lead", "Who leads it", self.set_lead, "L", self._can(), group, "user"),
            Command("episode.aim", "What it works towards", self.set_aim, "W", self._can(), group, "target"),
            Command("episode.end", "End it", self.end, "E", self._can(), group, "flag"),
            Command("episode.record", "Open the person’s record", self.record, "Ctrl+R",
                    lambda: self._page.detail is not None, group, "user"),
            Command("episode.assess", "Score it", self.assess, "S", lambda: self._page.detail is not None, group,
                    "clipboard-text", also="assessment reablement start end barthel"),
            Command("episode.finish", "Finish what is asked", self.finish, "Ctrl+Return", lambda: self.form is not None,
                    group, "check"),
        ]  # fmt: skip

    def finish(self) -> None:
        if self.form is not None:
            self.form.go()

    def record(self) -> None:
        if self._page.detail is not None:
            self._desk.go.to("person", self._page.detail.episode.person_id)

    def assess(self) -> None:
        """From the record: which forms may be signed now is known there."""
        self.record()
        self._desk.notices.say("Start the assessment from the record: “Reablement start” or “Reablement end”.")

    # ---------------------------------------------------------------- the episode

    def hold_review(self) -> None:
        detail = self._need()
        if detail is None or detail.next_review is None:
            return
        review, service = detail.next_review, self._service

        def do(v: Values) -> None:
            draft = ReviewDraft(date_or(v["held_on"], self._today), v["decision"], v["words"], v["with_whom"])
            self._detail(
                lambda: service.hold_review(detail.episode.id, review, draft),
                f"The review is written down: {words.DECISIONS.get(v['decision'], '').lower()}.",
                lambda after: (
                    lambda: service.take_back_review(
                        detail.episode.id, next(r for r in after.reviews if r.id == review.id)
                    )
                ),
            )

        self.ask(forms.review_form(review, self._today, do, self.close_asking))

    def end(self) -> None:
        detail = self._need()
        if detail is None:
            return
        e, service = detail.episode, self._service

        def do(v: Values) -> None:
            ended = date_or(v["ended_on"], self._today)
            self._change(
                lambda: service.end(e.id, e.revision, ended, v["outcome"], v["words"]),
                "The episode has ended.",
                lambda after: service.reopen(after.id, after.revision),
            )

        self.ask(forms.end_form(e, self._today, do, self.close_asking))

    def move_end(self) -> None:
        detail = self._need()
        if detail is None:
            return
        e, service = detail.episode, self._service

        def do(v: Values) -> None:
            wanted, reason = date_or(v["planned_end"], e.planned_end), v.get("past_six_weeks_reason", "")
            self._change(
                lambda: service.move_end(e.id, e.revision, wanted, reason),
                "The planned end is moved, with its reviews.",
                lambda after: service.move_end(after.id, after.revision, e.planned_end, e.past_six_weeks_reason),
            )

        self.ask(forms.move_end_form(e, self._today, do, self.close_asking))

    def make_complex(self) -> None:
        detail = self._need()
        if detail is None:
            return
        e, service = detail.episode, self._service

        def do(v: Values) -> None:
            wanted = date_or(v["planned_end"], e.planned_end)
            past = v["past_six_weeks_reason"]
            self._change(
                lambda: service.make_complex(e.id, e.revision, v["team_id"], v["complex_reason"], wanted, past),
                "It is with the complex team now.",
                lambda after: service.make_standard(after.id, after.revision, e),
            )

        def ask(teams: list[Team]) -> None:
            enhanced = [t for t in teams if t.service == "complex_reablement"]
            self.ask(forms.complex_form(e, enhanced, self._today, do, self.close_asking))

        self._page.run(self._desk.services.deployment.teams, ask, latest="choices")

    def set_lead(self) -> None:
        detail = self._need()
        if detail is None:
            return
        e, service = detail.episode, self._service

        def do(v: Values) -> None:
            self._change(
                lambda: service.set_lead(e.id, e.revision, v["lead_id"] or None),
                "Set.",
                lambda after: service.set_lead(after.id, after.revision, e.lead_id),
            )

        def ask(leads: Any) -> None:
            self.ask(forms.lead_form(e, leads, do, self.close_asking))

        self._page.run(lambda: service.leads(e.team_id), ask, latest="choices")

    def set_aim(self) -> None:
        detail = self._need()
        if detail is None:
            return
        e, service = detail.episode, self._service

        def do(v: Values) -> None:
            self._change(
                lambda: service.set_aim(e.id, e.revision, v["aim"]),
                "Set.",
                lambda after: service.set_aim(after.id, after.revision, e.aim),
            )

        self.ask(forms.aim_form(e, do, self.close_asking))
