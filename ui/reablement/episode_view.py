"""One episode as one page: its line of time, what blocks the end, hours, reviews, the package, scores (B2, B3)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from coordination.errors import Obstacle
from coordination.reablement import rules
from coordination.reablement.model import Barrier, EpisodeDetail, EpisodeRow, Offer, PackageLine, Review
from ui import wording
from ui.reablement import words
from ui.reablement.line import EpisodeLine, HoursChart
from ui.reablement.score_view import score_section
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, row
from ui.widgets.panels import Facts, Section


class EpisodeActs(Protocol):
    """What the view asks of the page; which may be done is asked when it is built."""

    @property
    def may_change(self) -> bool: ...
    def hold_review(self) -> None: ...
    def work_on(self, barrier: Barrier) -> None: ...
    def add_barrier(self) -> None: ...
    def write_package(self) -> None: ...
    def offer(self) -> None: ...
    def answer(self, offer: Offer) -> None: ...


def as_row(detail: EpisodeDetail) -> EpisodeRow:
    """The line of the worklist that this episode would have: the rules about what blocks its end are of lines."""
    e, package = detail.episode, detail.package
    line = None
    if package is not None:
        said_no = sum(o.state in ("declined", "changed", "withdrawn") for o in package.offers)
        accepted = package.accepted.provider if package.accepted else ""
        line = PackageLine(package.starts_on, len(package.waiting), said_no, accepted)
    due = detail.next_review
    return EpisodeRow(
        e.id, e.person_id, detail.surname, detail.given, detail.title, "", detail.locality, e.team_id, e.team_name,
        e.kind, e.aim, e.started_on, e.planned_end, e.ended_on, e.outcome, e.lead_name, due.due_on if due else None,
        sum(r.is_held for r in detail.reviews), 0, 0, None, None, e.start_assessment_id is not None,
        e.end_assessment_id is not None, sum(b.resolved_on is None for b in detail.barriers), line, e.revision,
    )  # fmt: skip


class EpisodeView(QWidget):
    """Built anew for each state: nothing is typed in it."""

    def __init__(self, detail: EpisodeDetail, today: date, acts: EpisodeActs) -> None:
        super().__init__()
        self.detail, self._today, self._acts = detail, today, acts
        self._may = acts.may_change and detail.episode.is_open
        left = column(self._head(), self._reviews(), self._package(), self._barriers(), self._history(), None, gap=5)
        right = column(self._hours(), *self._scores(), None, gap=5)
        both = row(left, right, gap=8)
        both.setStretch(0, 6)
        both.setStretch(1, 5)
        self.setLayout(both)

    # ---------------------------------------------------------------- how it stands

    def _head(self) -> QWidget:
        e, today = self.detail.episode, self._today
        how = rules.standing(e.started_on, e.planned_end, today, e.ended_on)
        look = words.day_look(how)
        said = f"Ended {wording.day(e.ended_on)}" if e.ended_on else words.day(e.started_on, e.planned_end, today)
        badges: list[QWidget | None] = [Badge(said, look.tone, look.mark) if look else label(said, strong=True)]
        if e.kind == "complex":
            badges.append(Badge("Complex", "plum", "star"))
        badges.append(None)
        facts: list[tuple[str, object | None]] = [
            ("Team", e.team_name),
            ("Lead", e.lead_name or "Nobody yet"),
            ("Aim", words.AIMS[e.aim]),
            ("From", f"{wording.day(e.started_on)}, planned to end by {wording.day(e.planned_end)}"),
        ]
        if e.complex_reason and e.kind == "complex":
            facts.append(("Complex because", e.complex_reason))
        if e.past_six_weeks_reason and rules.length(e.started_on, e.planned_end) > rules.SIX_WEEKS:
            facts.append(("Past six weeks because", e.past_six_weeks_reason))
        if e.outcome:
            facts.append(("Ended", words.OUTCOMES[e.outcome] + (f": {e.end_words}" if e.end_words else "")))
        made = Section("How it stands")
        made.add(_line(*badges))
        made.add(EpisodeLine(self.detail, today))
        found = rules.blocks(as_row(self.detail), today)
        if found:
            made.add(label(f"What blocks the end: {_sentence(found)}.", tone="amber", wrap=True))
        elif e.is_open:
            made.add(label("Nothing blocks the end.", quiet=True))
        made.add(Facts(facts))
        return made

    # ---------------------------------------------------------------- reviews

    def _reviews(self) -> QWidget:
        due = self.detail.next_review
        do = (
            [button("Hold the review", self._acts.hold_review, tip="Write down the review  (R)")]
            if due and self._may
            else []
        )
        made = Section("Reviews", *do)
        for review in self.detail.reviews:
            made.add(self._review(review))
        if not self.detail.reviews:
            made.add(label("It is too short for a review.", quiet=True))
        return made

    def _review(self, review: Review) -> QWidget:
        if review.held_on is None:
            late = review.due_on < self._today and self.detail.episode.is_open
            said = f"Due {words.short_day(review.due_on)}, {words.apart(review.due_on, self._today)}"
            return _line(label(said, tone="red" if late else "", quiet=not late), None)
        decided = words.DECISIONS[review.decision] if review.decision else ""
        over = (review.held_on - review.due_on).days
        said = f"{wording.day(review.held_on)}  {decided}"
        if over > 0:
            said += f", {wording.count(over, 'day')} late"
        by = f"{review.recorded_by_name}" + (f", with {review.with_whom}" if review.with_whom else "")
        made = QWidget()
        made.setLayout(
            column(label(said, strong=True), label(review.words, wrap=True, selectable=True),
                   label(by, quiet=True, size="small", wrap=True), gap=0)
        )  # fmt: skip
        return made

    # ---------------------------------------------------------------- the package

    def _package(self) -> QWidget:
        package = self.detail.package
        wanted = self.detail.episode.aim == "long_term_care" or package is not None
        buttons: list[QWidget] = []
        if self._may:
            free = package is None or not (package.accepted or package.waiting)
            if free:
                words_ = "Write it" if package is None else "Change it"
                buttons.append(button(words_, self._acts.write_package, tip=f"{words_}  (P)"))
            if package is not None and package.accepted is None:
                buttons.append(button("Offer it", self._acts.offer, kind="main", tip="Offer it to a provider  (O)"))
        made = Section("Long-term care: the package", *buttons)
        if package is None:
            said = "No package is written yet." if wanted else "Not needed, as long as the aim is to manage."
            made.add(label(said, quiet=True, wrap=True))
            return made
        made.add(label(words.package(package), strong=True, wrap=True))
        made.add(label(package.tasks, wrap=True, selectable=True))
        for offer in package.offers:
            made.add(self._offer(offer))
        if not package.offers:
            made.add(label("Offered to nobody yet.", tone="amber"))
        return made

    def _offer(self, offer: Offer) -> QWidget:
        look = words.OFFER_LOOKS[offer.state]
        parts: list[QWidget | None] = [
            label(offer.provider, strong=True),
            Badge(words.OFFERS[offer.state], look.tone, look.mark),
        ]
        parts.append(None)
        if self._may and offer.state in ("offered", "accepted"):
            said = "Their answer" if offer.state == "offered" else "Handed back"
            parts.append(button(said, partial(self._acts.answer, offer), kind="quiet"))
        lines: list[QWidget] = [_line(*parts)]
        if offer.words:
            lines.append(label(offer.words, wrap=True, selectable=True))
        lines.append(label(words.offered(offer), quiet=True, size="small", wrap=True))
        made = QWidget()
        made.setLayout(column(*lines, gap=0))
        return made

    # ---------------------------------------------------------------- what makes providers unable

    def _barriers(self) -> QWidget:
        do = [button("Add one", self._acts.add_barrier, tip="What makes providers unable  (U)")] if self._may else []
        made = Section("What makes providers unable", *do)
        for barrier in self.detail.barriers:
            made.add(self._barrier(barrier))
        if not self.detail.barriers:
            made.add(label("Nothing is written down.", quiet=True))
        return made

    def _barrier(self, barrier: Barrier) -> QWidget:
        over = barrier.resolved_on is not None
        head = f"{words.BARRIERS[barrier.kind]}: {barrier.words}"
        shown: list[QWidget | None] = [label(head, strong=not over, quiet=over, wrap=True)]
        if self._may and not over:
            shown.append(button("Work on it", partial(self._acts.work_on, barrier), kind="quiet"))
        done = barrier.done or "Nothing has been done about it yet."
        if over:
            done += f" No longer in the way since {wording.day(barrier.resolved_on)}."
        made = QWidget()
        line = row(*shown, gap=2)
        line.setStretch(0, 1)
        made.setLayout(
            column(line, label(done, wrap=True, quiet=bool(barrier.done), tone="" if barrier.done else "amber"), gap=0)
        )
        return made

    # ---------------------------------------------------------------- what happened

    def _history(self) -> QWidget:
        made = Section("What happened")
        for event in self.detail.events:
            said = f"{wording.day_time(event.at)}  {words.event(event)}, {event.by_name}"
            made.add(label(said, wrap=True, selectable=True))
            if event.words and event.what != "handed_over":
                made.add(label(f"“{event.words}”", quiet=True, wrap=True, selectable=True))
        return made

    # ---------------------------------------------------------------- hours and scores

    def _hours(self) -> QWidget:
        e, weeks = self.detail.episode, self.detail.weeks
        chart = HoursChart(weeks, e.started_on, self._today, open_=e.is_open)
        made = Section("Hours a week, from its visits", content=chart)
        if weeks:
            whole = [w for w in weeks if w.start.toordinal() + 7 <= (e.ended_on or self._today).toordinal()] or weeks
            first, last = words.hours(weeks[0].minutes), words.hours(whole[-1].minutes)
            said = f"{first} in the first week, {last} in week {whole[-1].number}"
            made.add(label(said, quiet=True, wrap=True))
        return made

    def _scores(self) -> list[QWidget]:
        if self.detail.scores:
            return [score_section(score) for score in self.detail.scores]
        e = self.detail.episode
        linked = e.start_assessment_id is not None or e.end_assessment_id is not None
        said = (
            "The person does not share their assessments with your team."
            if linked
            else "Not scored yet. Sign a “Reablement start” assessment: its scores appear here by themselves."
        )
        return [Section("Scores", content=label(said, quiet=True, wrap=True))]


def _sentence(found: tuple[Obstacle, ...]) -> str:
    said = words.blocks(found)
    return said[:1].lower() + said[1:]


def _line(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    line = row(*parts, gap=2)
    line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    made.setLayout(line)
    return made
