"""Episodes of reablement in every state: just begun, near the end, past it, complex, being handed over (B2, B3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from coordination.clock import at_local, local_date
from coordination.reablement.rules import SIX_WEEKS, latest_standard_end, review_days
from coordination.training.assessments import Assessments
from coordination.training.batches import Batch, Pile, later, period
from coordination.training.boards import PAST
from coordination.training.chance import Chance
from coordination.training.people import Resident
from coordination.training.rounds import Call
from coordination.training.sources import source
from coordination.training.teams import TrainingTeam
from coordination.training.users import users_of

_SEEDED = (3, 20, 38, 42, 45)  # days gone of the first few of each team, so that every state is there
_DECISIONS = ("continue", "continue", "reduce", "reduce", "end")


class Episodes:
    """Makes the episode of everybody whom a reablement team visits, and some that have ended."""

    def __init__(self, chance: Chance, now: datetime, teams: Mapping[str, int]) -> None:
        self._chance, self._now, self._teams = chance, now, teams
        self._today, self._words = local_date(now), source("reablement")
        self._of_team: dict[str, int] = {}
        self._heads = Pile(
            "reablement_episode",
            "id person_id team_id kind aim complex_reason past_six_weeks_reason started_on planned_end lead_id"
            " start_assessment_id end_assessment_id ended_on outcome end_words opened_at opened_by closed_at closed_by",
        )
        self._reviews = Pile(
            "reablement_review", "id episode_id due_on held_on decision with_whom words recorded_by recorded_at"
        )
        self._barriers = Pile("reablement_barrier", "id episode_id kind words done added_by added_at")
        self._packages = Pile(
            "care_package", "id episode_id minutes_a_week calls_a_day workers_a_call tasks starts_on added_by added_at"
        )
        self._offers = Pile(
            "care_package_offer",
            "id package_id provider_id state words offered_at offered_by answered_at answered_by",
        )
        self._events = Pile("reablement_event", "id episode_id at by_user what planned_end words")
        self._visits = Pile("visit", "id person_id team_id plan_action_id day arrive minutes workers_needed need state")
        self._providers = self._words["provider"]

    def began(self, team: TrainingTeam) -> int:
        """How many days ago the next episode of a team began: the first few so that every state is there."""
        number = self._of_team.get(team.name, 0)
        self._of_team[team.name] = number + 1
        if number < len(_SEEDED):
            return _SEEDED[number] + (26 if team.service == "complex_reablement" and number > 2 else 0)
        if team.service == "complex_reablement":
            return self._chance.between(4, 80)
        return self._chance.between(43, 46) if self._chance.happens(0.03) else self._chance.between(1, 41)

    def of(
        self,
        resident: Resident,
        team: TrainingTeam,
        days_ago: int,
        calls: Sequence[Call],
        workers: Sequence[Any],
        assessments: Assessments,
    ) -> None:
        """An open episode, with visits of its earlier weeks."""
        chance, start = self._chance, self._today - timedelta(days=days_ago)
        complex_ = team.service == "complex_reablement"
        end = latest_standard_end(start)
        if complex_ and days_ago > 28:
            end = max(end, self._today + timedelta(days=chance.between(2, 24)))
        past = chance.one_of(self._words["past_six_weeks_reason"]) if (end - start).days > SIX_WEEKS else ""
        aim = "long_term_care" if complex_ or (days_ago > 20 and chance.happens(0.3)) else "independent"
        if aim == "independent" and chance.happens(0.25):
            aim = "less_care"
        lead = next(u.user_name for u in users_of("team_lead") if u.team == team.name)
        at = self._moment(start)
        first = assessments.signed(resident, "reablement-start", at) if chance.happens(0.88) else None
        last = None
        scored = (end - self._today).days <= 4 and chance.happens(0.45)
        if scored and first is not None:  # the goals are those of the start
            last = assessments.signed(resident, "reablement-end", self._moment(self._today - timedelta(days=1)))
        episode = chance.id()
        self._heads.add(
            episode, resident.id, self._teams[team.name], "complex" if complex_ else "standard", aim,
            chance.one_of(self._words["complex_reason"]) if complex_ else "", past, start, end,
            chance.one_of(workers).id if workers and chance.happens(0.9) else None, first, last, None, None, "", at,
            lead, None, None,
        )  # fmt: skip
        self._events.add(chance.id(), episode, at, lead, "opened", latest_standard_end(start), "")
        if end != latest_standard_end(start):
            moved = self._moment(start + timedelta(days=29))
            self._events.add(chance.id(), episode, moved, lead, "end_moved", end, past)
        self._review(episode, start, end, lead)
        if complex_:
            for kind, words, done in chance.some(self._words["barrier"], chance.between(1, 2)):
                self._barriers.add(chance.id(), episode, kind, words, done, lead, later(at, 2000))
        if aim == "long_term_care":
            self._package(episode, team, calls, end, lead, at)
        self._earlier(resident, self._teams[team.name], calls, start)

    def ended(self, resident: Resident, team: TrainingTeam, began: datetime, ended: datetime, scores: Any) -> None:
        """One that is over; ``scores`` are the ids of both assessments."""
        chance, start = self._chance, local_date(began)
        lead = next(u.user_name for u in users_of("team_lead") if u.team == team.name)
        outcome = chance.one_of(("independent", "independent", "independent", "less_care", "hospital"))
        over = min(max(local_date(ended), start + timedelta(days=2)), self._today)
        closed = min(later(ended, 90), self._now)
        episode = chance.id()
        said = chance.one_of(self._words["end_words"]) if outcome != "hospital" else "Fell at night; on the ward."
        end = latest_standard_end(start)
        self._heads.add(
            episode, resident.id, self._teams[team.name], "standard", "independent", "", "", start, end, None, *scores,
            over, outcome, said, began, lead, closed, lead,
        )  # fmt: skip
        self._events.add(chance.id(), episode, began, lead, "opened", end, "")
        self._events.add(chance.id(), episode, closed, lead, "ended", over, said)
        self._review(episode, start, over, lead)

    def batches(self) -> Iterator[Batch]:
        """In the order in which they rest on each other."""
        rows = [
            (number, p["name"], p["phone"], "{" + ",".join(p["localities"]) + "}", True)
            for number, p in enumerate(self._providers, start=1)
        ]
        yield Batch("care_provider", ("id", "name", "phone", "localities", "invented"), rows)
        for pile in (
            self._heads, self._reviews, self._barriers, self._packages, self._offers, self._events, self._visits,
        ):  # fmt: skip
            yield pile.take()

    # ---------------------------------------------------------------- inside

    def _moment(self, day: date) -> datetime:
        return min(at_local(day, 9 + self._chance.between(0, 6), self._chance.between(0, 11) * 5), self._now)

    def _review(self, episode: str, start: date, end: date, lead: str) -> None:
        """Those of the past were held, mostly in time; a few are overdue."""
        chance = self._chance
        for due in review_days(start, end):
            held = due + timedelta(days=chance.one_of((0, 0, 0, 1, 2)))
            if held > self._today or (held > self._today - timedelta(days=5) and chance.happens(0.25)):
                self._reviews.add(chance.id(), episode, due, None, None, "", "", None, None)
                continue
            self._reviews.add(
                chance.id(), episode, due, held, chance.one_of(_DECISIONS), "", chance.one_of(self._words["review"]),
                lead, min(self._moment(held), self._now),
            )  # fmt: skip

    def _package(
        self, episode: str, team: TrainingTeam, calls: Sequence[Call], end: date, lead: str, began: datetime
    ) -> None:
        """None, only written, waiting, declined, or accepted with a start."""
        chance = self._chance
        state = chance.one_of(("none", "written", "waiting", "declined", "declined_waiting", "accepted", "accepted"))
        if state == "none":
            return
        package = chance.id()
        starts = end if state == "accepted" else None
        minutes = max(210, sum(call.minutes for call in calls) * 7)
        self._packages.add(
            package, episode, minutes, max(1, len(calls)), 2 if team.locality is None else 1,
            chance.one_of(self._words["tasks"]), starts, lead, self._ago(6),
        )  # fmt: skip
        near = [
            number
            for number, p in enumerate(self._providers, start=1)
            if team.locality is None or team.locality in p["localities"]
        ]
        asked = chance.shuffled(near)
        if state in ("declined", "declined_waiting", "accepted"):
            self._answered(package, asked.pop(), chance.one_of(("declined", "declined", "changed")), lead, 5)
        if state in ("waiting", "declined_waiting"):
            self._offers.add(chance.id(), package, asked.pop(), "offered", "", self._ago(2), lead, None, None)
        if state == "accepted":
            self._answered(package, asked.pop(), "accepted", lead, 2)

    def _answered(self, package: str, provider: int, state: str, lead: str, days: int) -> None:
        said = self._chance.one_of(self._words[state]) if state != "accepted" else ""
        at = self._ago(days)
        self._offers.add(self._chance.id(), package, provider, state, said, at, lead, later(at, 1500), lead)

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days, minutes=self._chance.between(0, 400))

    def _earlier(self, resident: Resident, team: int, calls: Sequence[Call], start: date) -> None:
        """Visits of the weeks that the boards do not show: longer at the start, as people need less by and by."""
        days = (self._today - start).days
        for back in range(days, PAST, -1):
            day = self._today - timedelta(days=back)
            longer = 1 + self._growth(resident) * back / 42
            for call in calls:
                if (day.toordinal() + call.phase) % call.every:
                    continue
                opens = at_local(day, call.start // 60, call.start % 60)
                minutes = min(120, round(call.minutes * longer / 5) * 5)
                self._visits.add(
                    self._chance.id(), resident.id, team, call.action, day, period(opens, later(opens, call.window)),
                    minutes, call.kind.workers, call.kind.need, "done",
                )  # fmt: skip

    @staticmethod
    def _growth(resident: Resident) -> float:
        """From 0.2 to 1: how much more help somebody had six weeks ago."""
        return 0.2 + int(resident.id[-2:], 16) / 255 * 0.8
