"""The small forms of an episode: a question or two above it, Ctrl+Enter does it, Esc leaves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.deployment.model import Team
from coordination.reablement.model import Barrier, Episode, Offer, Package, Provider, Review
from coordination.reablement.rules import SIX_WEEKS, latest_standard_end
from coordination.values import WorkerId
from ui import wording
from ui.intake.move_forms import MoveForm
from ui.reablement import words
from ui.widgets.basics import Choice, TextArea, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

Do = Callable[[dict[str, Any]], object]
Leave = Callable[[], object]


class SmallForm(MoveForm):
    """Its fields stand beside each other, so that the episode stays in sight."""

    def __init__(self, title: str, verb: str, do: Do, leave: Leave) -> None:
        super().__init__(title, verb, do, leave)
        before, self.form = self.form, Form(columns=4)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(before, self.form)
        before.deleteLater()


def _day(value: date | None, today: date) -> DateEdit:
    return DateEdit(value, today=lambda: today)


def begin_form(teams: Sequence[Team], mine: int | None, who: str, today: date, do: Do, leave: Leave) -> MoveForm:
    """B2, B3. A new episode."""
    made = SmallForm(f"Begin reablement{f' for {who}' if who else ''}", "Begin", do, leave)
    team = Choice([(t.id, t.name) for t in teams])
    own = next((t.id for t in teams if t.id == mine), teams[0].id if teams else None)
    team.set_value(own)
    made.form.add("team_id", "Team", team, required=True)
    made.form.add("started_on", "From", _day(today, today), required=True)
    made.form.add("planned_end", "Planned to end by", _day(latest_standard_end(today), today), required=True,
                  help=f"{SIX_WEEKS} days at most; longer only with the complex team, and a reason")  # fmt: skip
    aim = Choice(list(words.AIMS.items()))
    aim.set_value("independent")
    made.form.add("aim", "Aim", aim)
    made.form.add("complex_reason", "With the complex team: why providers feel unable", TextArea(2), span=2)
    made.form.add("past_six_weeks_reason", "Past six weeks: why", TextArea(2), span=2)
    return made


def review_form(review: Review, today: date, do: Do, leave: Leave) -> MoveForm:
    made = SmallForm(f"The review due {words.short_day(review.due_on)}", "Write it down", do, leave)
    made.form.add("decision", "What was decided", Choice(list(words.DECISIONS.items()), prompt="Choose"), required=True)
    made.form.add("words", "What came of it", TextArea(2), required=True, span=2)
    made.form.add("with_whom", "With whom", QLineEdit())
    made.form.add("held_on", "On", _day(today, today), required=True)
    return made


def end_form(episode: Episode, today: date, do: Do, leave: Leave) -> MoveForm:
    made = SmallForm("End the episode", "End it", do, leave)
    outcome = Choice(list(words.OUTCOMES.items()), prompt="Choose")
    made.form.add("outcome", "How it ended", outcome, required=True)
    made.form.add("ended_on", "First day without it", _day(today, today), required=True)
    made.form.add(
        "words", "In words", TextArea(2), help="Needed where the person could not be asked how it went", span=2
    )
    if episode.end_assessment_id is None:
        made.form.add_widget(label("The end is not scored yet: whoever manages, or is handed over, needs end scores.",
                                   tone="amber", wrap=True))  # fmt: skip
    return made


def move_end_form(episode: Episode, today: date, do: Do, leave: Leave) -> MoveForm:
    made = SmallForm("Another planned end", "Move it", do, leave)
    made.form.add("planned_end", "Planned to end by", _day(episode.planned_end, today), required=True,
                  help=f"Six weeks are up on {wording.day(latest_standard_end(episode.started_on))}")  # fmt: skip
    if episode.kind == "complex":
        reason = TextArea(2)
        reason.set_value(episode.past_six_weeks_reason)
        made.form.add("past_six_weeks_reason", "Past six weeks: why it goes on", reason, span=2)
    return made


def complex_form(episode: Episode, teams: Sequence[Team], today: date, do: Do, leave: Leave) -> MoveForm:
    """B3. To the enhanced officers."""
    made = SmallForm("To complex reablement", "Give it to them", do, leave)
    team = Choice([(t.id, t.name) for t in teams])
    if teams:
        team.set_value(teams[0].id)
    made.form.add("team_id", "Team", team, required=True)
    made.form.add("complex_reason", "Why providers feel unable to take them on", TextArea(2), required=True, span=2)
    later = max(episode.planned_end, today + timedelta(days=14))
    made.form.add("planned_end", "Planned to end by", _day(later, today), required=True)
    made.form.add("past_six_weeks_reason", "Past six weeks: why it goes on", TextArea(2), span=2)
    return made


def lead_form(episode: Episode, leads: Sequence[tuple[WorkerId, str]], do: Do, leave: Leave) -> MoveForm:
    made = SmallForm("Who leads it", "Set", do, leave)
    lead = Choice([(None, "Nobody yet"), *leads])
    lead.set_value(episode.lead_id)
    made.form.add("lead_id", "Lead", lead)
    return made


def aim_form(episode: Episode, do: Do, leave: Leave) -> MoveForm:
    made = SmallForm("What it works towards", "Set", do, leave)
    aim = Choice(list(words.AIMS.items()))
    aim.set_value(episode.aim)
    made.form.add("aim", "Aim", aim, required=True)
    return made


def barrier_form(do: Do, leave: Leave) -> MoveForm:
    made = SmallForm("What makes providers unable", "Add", do, leave)
    made.form.add("kind", "About", Choice(list(words.BARRIERS.items()), prompt="Choose"), required=True)
    made.form.add("words", "In words", TextArea(2), required=True, span=2)
    made.form.add("done", "What has been done about it", TextArea(2), span=2)
    return made


def work_form(barrier: Barrier, today: date, do: Do, leave: Leave) -> MoveForm:
    made = SmallForm(f"{words.BARRIERS[barrier.kind]}: {barrier.words}", "Save", do, leave)
    done = TextArea(2)
    done.set_value(barrier.done)
    made.form.add("done", "What has been done about it", done, required=True, span=2)
    made.form.add("resolved_on", "No longer in the way since", _day(None, today))
    return made


def package_form(package: Package | None, today: date, minutes: int, do: Do, leave: Leave) -> MoveForm:
    """What is wanted of a provider. A new one begins with the hours that the person has now."""
    made = SmallForm("The package of long-term care", "Save", do, leave)
    hours = QLineEdit(f"{(package.minutes_a_week if package else minutes) / 60:g}")
    calls = QLineEdit(str(package.calls_a_day if package else ""))
    workers = Choice([(1, "One"), (2, "Two")])
    workers.set_value(package.workers_a_call if package else 1)
    tasks = TextArea(2)
    tasks.set_value(package.tasks if package else "")
    made.form.add("minutes_a_week", "Hours a week", hours, required=True, help="As 14 or 10.5")
    made.form.add("calls_a_day", "Calls a day", calls, required=True)
    made.form.add("workers_a_call", "Workers at a call", workers)
    made.form.add("tasks", "What they are to do", tasks, required=True, span=2)
    made.form.add("starts_on", "From", _day(package.starts_on if package else None, today))
    return made


def offer_form(providers: Sequence[Provider], asked: frozenset[int], do: Do, leave: Leave) -> MoveForm:
    """Those who have not been asked yet first."""
    made = SmallForm("Offer the package to a provider", "Offer it", do, leave)
    fresh = [(p.id, _named(p)) for p in providers if p.id not in asked]
    again = [(p.id, f"{_named(p)}, asked before") for p in providers if p.id in asked]
    made.form.add("provider_id", "Provider", Choice([*fresh, *again], prompt="Choose"), required=True)
    return made


def _named(provider: Provider) -> str:
    return f"{provider.name}, {provider.phone}" if provider.phone else provider.name


def answer_form(offer: Offer, package: Package, today: date, do: Do, leave: Leave) -> MoveForm:
    """What a provider said, or that they hand it back."""
    if offer.state == "accepted":
        made = SmallForm(f"{offer.provider} hands it back", "Hand it back", do, leave)
        made.form.add("words", "Why", TextArea(2), required=True, span=2)
        return made
    made = SmallForm(f"What {offer.provider} said", "Write it down", do, leave)
    answers = {"accepted": "They accept", "changed": "They would, if it is changed", "declined": "They decline",
               "withdrawn": "We ask them no longer"}  # fmt: skip
    made.form.add("answer", "Answer", Choice(list(answers.items()), prompt="Choose"), required=True)
    made.form.add("words", "Why not, or what would have to change", TextArea(2), span=2)
    made.form.add("starts_on", "Accepted: from", _day(package.starts_on, today))
    return made
