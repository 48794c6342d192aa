"""What can be done with an episode, by key and button; each is asked in a small form above it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Refused
from coordination.reablement.model import (
    WRITERS,
    Barrier,
    BarrierId,
    Episode,
    EpisodeDetail,
    EpisodeId,
    Offer,
    OfferId,
    PackageDraft,
    PackageId,
    ReviewDraft,
)
from coordination.values import new_id
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk
from ui.reablement import forms, words

Values = dict[str, Any]


class EpisodeShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    detail: EpisodeDetail | None

    def read(self, episode: EpisodeId) -> None: ...
    def show_detail(self, detail: EpisodeDetail) -> None: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...


class EpisodeDeeds:
    """Screens hand back the revision that was *seen*; what the database refuses is said where it belongs."""

    def __init__(self, page: EpisodeShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None

    # ---------------------------------------------------------------- commands

    @property
    def may_change(self) -> bool:
        """For the screen only; the database decides."""
        return self._desk.actor.role in WRITERS

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
            Command("episode.package", "Write the package", self.write_package, "P", self._can(_package_is_free), group,
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
            draft = ReviewDraft(_date(v["held_on"], self._today), v["decision"], v["words"], v["with_whom"])
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
            ended = _date(v["ended_on"], self._today)
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
            wanted, reason = _date(v["planned_end"], e.planned_end), v.get("past_six_weeks_reason", "")
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
            wanted = _date(v["planned_end"], e.planned_end)
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

    # ---------------------------------------------------------------- what makes providers unable

    def add_barrier(self) -> None:
        detail = self._need()
        if detail is None:
            return
        service, key = self._service, BarrierId(new_id())

        def do(v: Values) -> None:
            self._detail(
                lambda: service.add_barrier(detail.episode.id, key, v["kind"], v["words"], v["done"]), "Added.", None
            )

        self.ask(forms.barrier_form(do, self.close_asking))

    def work_on(self, barrier: Barrier) -> None:
        detail = self._need()
        if detail is None:
            return
        service = self._service

        def do(v: Values) -> None:
            over = v["resolved_on"] or None
            self._detail(lambda: service.work_on_barrier(detail.episode.id, barrier, v["done"], over), "Saved.", None)

        self.ask(forms.work_form(barrier, self._today, do, self.close_asking))

    # ---------------------------------------------------------------- the package

    def write_package(self) -> None:
        detail = self._need()
        if detail is None:
            return
        service, package = self._service, detail.package
        key = package.id if package is not None else PackageId(new_id())
        seen = package.revision if package is not None else None
        now = detail.weeks[-2 if len(detail.weeks) > 1 else -1].minutes if detail.weeks else 0

        def do(v: Values) -> None:
            try:
                draft = _package(key, v)
            except BadValues as bad:
                self.fail(bad)
                return
            self._detail(lambda: service.put_package(detail.episode.id, draft, seen), "The package is written.", None)

        self.ask(forms.package_form(package, self._today, now, do, self.close_asking))

    def offer(self) -> None:
        detail = self._need()
        if detail is None or detail.package is None:
            return
        service, package, key = self._service, detail.package, OfferId(new_id())
        asked = frozenset(int(o.provider_id) for o in package.offers)

        def do(v: Values) -> None:
            self._detail(
                lambda: service.offer(detail.episode.id, key, package.id, v["provider_id"]),
                "It is offered.",
                lambda after: lambda: service.answer(key, 1, "withdrawn", "Offered by mistake"),
            )

        def ask(providers: Any) -> None:
            near = [p for p in providers if detail.locality is None or detail.locality in p.localities]
            self.ask(forms.offer_form(near, asked, do, self.close_asking))

        self._page.run(service.providers, ask, latest="choices")

    def answer_first(self) -> None:
        """The offer that has waited longest."""
        detail = self._page.detail
        if detail is not None and detail.package is not None and detail.package.waiting:
            self.answer(detail.package.waiting[-1])

    def answer(self, offer: Offer) -> None:
        detail = self._need()
        if detail is None or detail.package is None:
            return
        service, package = self._service, detail.package

        def do(v: Values) -> None:
            said = v.get("answer", "withdrawn")
            starts = v.get("starts_on") or None
            self._detail(
                lambda: service.answer(offer.id, offer.revision, said, v["words"], starts),
                f"{offer.provider}: {words.OFFERS.get(said, '').lower()}.",
                None,
            )

        self.ask(forms.answer_form(offer, package, self._today, do, self.close_asking))

    # ---------------------------------------------------------------- how it is done

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


def _package_is_free(detail: EpisodeDetail) -> bool:
    package = detail.package
    return package is None or not (package.accepted or package.waiting)


def _date(value: Any, otherwise: date) -> date:
    return value if isinstance(value, date) else otherwise


def _package(key: PackageId, v: Values) -> PackageDraft:
    """Raises BadValues for hours or calls that are no number."""
    problems: list[BadValue] = []

    def numbered(name: str, times: int) -> int:
        try:
            return round(float(str(v[name]).replace(",", ".").removesuffix("h").strip()) * times)
        except (ValueError, OverflowError):
            problems.append(BadValue(name, "not_a_number"))
            return 0

    minutes, calls = numbered("minutes_a_week", 60), numbered("calls_a_day", 1)
    if problems:
        raise BadValues(tuple(problems))
    return PackageDraft(key, minutes, calls, v["tasks"], int(v["workers_a_call"] or 1), v["starts_on"] or None)
