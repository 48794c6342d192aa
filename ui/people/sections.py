"""The sections of a person's record: what is open, planned and written, each opening where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.people.model import PersonRecord, RecordReferral, RecordVisit
from ui import wording
from ui.intake import words as intake_words
from ui.people import words
from ui.style import tokens
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, column, label, row
from ui.widgets.panels import Facts, Section

Go = Callable[[str, object], object]
MOST_VISITS = 12


class RecordSections(QWidget):
    """The left of the record. ``go(page, key)`` opens; ``add`` is called with what to add: alert or around."""

    def __init__(self, record: PersonRecord, now: datetime, go: Go, add: Callable[[str], object]) -> None:
        super().__init__()
        self._record, self._now, self._go = record, now, go
        parts = [
            self._referrals(), self._visits(), self._in_place(), self._assessments(), self._around(add),
            self._alerts(add), self._identity(),
        ]  # fmt: skip
        self.setLayout(column(*parts, None, gap=6))

    def _referrals(self) -> Section:
        section = Section("Open referrals")
        for found in self._record.referrals:
            section.add(self._referral(found))
        if not self._record.referrals:
            section.add(label("None. A new contact can refer.", quiet=True))
        return section

    def _referral(self, found: RecordReferral) -> QWidget:
        made = QWidget()
        over = found.due_at < self._now
        look = tokens.state("overdue" if over else "in_time")
        span = intake_words.short(found.due_at - self._now)
        link = LinkLabel(f"No. {found.number}", lambda: self._go("queue", found.id))
        link.setToolTip("Show it in the queue")
        who = f", {found.holder}" if found.holder else ""
        state = f"{intake_words.STATES[found.state]}{who}"
        head = row(
            label(found.service_name, strong=True), Badge(f"{span} {'over' if over else 'left'}", look.tone, look.mark),
            Badge(state, tokens.state(found.state).tone, tokens.state(found.state).mark), None, link,
        )  # fmt: skip
        need = found.need if len(found.need) <= 300 else found.need[:299] + "…"
        made.setLayout(column(head, label(need, wrap=True, selectable=True), gap=1))
        return made

    def _visits(self) -> Section:
        section = Section("Visits today and ahead")
        for visit in self._record.visits[:MOST_VISITS]:
            section.add(self._visit(visit))
        more = len(self._record.visits) - MOST_VISITS
        if more > 0:
            section.add(label(f"and {more} more", quiet=True))
        if not self._record.visits:
            section.add(label("None planned.", quiet=True))
        return section

    def _visit(self, visit: RecordVisit) -> QWidget:
        made = QWidget()
        start = visit.arrive.start
        today = local_date(start) == local_date(self._now)
        when = "Today" if today else wording.weekday(local_date(start))
        window = f"{wording.clock_time(start)}–{wording.clock_time(visit.arrive.end)}"
        who = wording.listing(list(visit.workers)) if visit.workers else "nobody allocated yet"
        state = "unplaced" if visit.state == "planned" and not visit.workers else visit.state
        look = tokens.state(state)
        badge = Badge("Nobody yet" if state == "unplaced" else wording.words(state), look.tone, look.mark)
        head = row(label(f"{when}  {window}", strong=today), label(visit.team), None, badge)
        made.setLayout(column(head, label(f"{visit.need} · {who}", quiet=True, wrap=True), gap=0))
        return made

    def _in_place(self) -> Section:
        record = self._record
        plan, stay = record.plan, record.stay
        section = Section("Plan and apartment")
        facts: list[tuple[str, object | None]] = [("Lead worker", record.lead_worker)]
        if plan is not None:
            made_of = f"{wording.count(plan.outcomes, 'outcome')}, {wording.count(plan.actions_open, 'action')} open"
            facts.append(("Care plan", f"{wording.words(plan.state)}, {made_of}"))
            facts.append(("Review", wording.day(plan.review_on) if plan.review_on else None))
        elif not record.detail_hidden:
            facts.append(("Care plan", "None yet"))
        if stay is not None:
            days = f"{wording.day(stay.start)} to {wording.day(stay.end)}"
            facts.append(("Apartment", f"{stay.scheme}, {stay.apartment}: {days}, {wording.words(stay.state).lower()}"))
        else:
            facts.append(("Apartment", "None"))
        section.add(Facts(facts))
        if plan is not None:
            section.add(_line(LinkLabel("Open the care plan", lambda: self._go("plan", plan.id))))
        if stay is not None:
            section.add(_line(LinkLabel("Show the stay", lambda: self._go("apartments", stay.id))))
        return section

    def _assessments(self) -> Section:
        section = Section("Assessments")
        for found in self._record.assessments:
            link = LinkLabel(found.title, lambda found=found: self._go("assessment", found.id))  # type: ignore[misc]
            when = wording.day(local_date(found.signed_at or found.started_at))
            who = found.signed_by_name or found.started_by_name
            look = tokens.state("signed" if found.state == "signed" else "draft")
            section.add(
                _line(
                    link,
                    label(f"{when}, {who}", quiet=True),
                    None,
                    Badge(wording.words(found.state), look.tone, look.mark),
                )
            )
        if not self._record.assessments:
            hidden = self._record.detail_hidden
            section.add(label("Not shared with this desk." if hidden else "None yet.", quiet=True))
        return section

    def _around(self, add: Callable[[str], object]) -> Section:
        section = Section("People around", button("Add", lambda: add("around"), kind="quiet", icon="plus"))
        for found in self._record.around:
            what = " · ".join(part for part in (found.relation, found.phone) if part)
            badge = Badge("Carer", "teal", "heart") if found.is_carer else None
            parts = [
                label(found.name, strong=found.is_carer),
                *([badge] if badge else []),
                label(what, quiet=True),
                None,
            ]
            section.add(_line(*parts))
        if not self._record.around:
            hidden = self._record.detail_hidden
            section.add(label("Not shared with this desk." if hidden else "Nobody is known.", quiet=True))
        return section

    def _alerts(self, add: Callable[[str], object]) -> Section:
        section = Section("Alerts", button("Add", lambda: add("alert"), kind="quiet", icon="plus"))
        for found in self._record.alerts:
            until = f" until {wording.day(found.until)}" if found.until else ""
            ended = button("No longer", lambda found=found: add(f"end:{found.id}:{found.revision}"), kind="quiet")  # type: ignore[misc]
            ended.setToolTip("This alert is no longer in force")
            said = label(words.alert(found), wrap=True)
            line = row(said, label(f"since {wording.day(found.since)}{until}", quiet=True), ended)
            line.setStretch(0, 1)
            holder = QWidget()
            holder.setLayout(line)
            section.add(holder)
        if not self._record.alerts:
            section.add(label("None in force.", quiet=True))
        return section

    def _identity(self) -> Section:
        person = self._record.person
        f = person.fields
        facts: list[tuple[str, object | None]] = [
            ("GP practice", person.practice.name if person.practice else None),
            ("Ward", person.home.ward if person.home else "Outside the city, or not known"),
            ("NHS number is", words.NHS_STATUSES[f.nhs_status].lower()),
            ("Language", f.language or "English, or not known"),
            ("Another phone", f.other_phone),
            ("E-mail", f.email),
            ("Getting in", f.access_notes),
            ("Risk", _risk(self._record)),
            ("Registered", f"{wording.day(local_date(person.registered_at))} by {person.registered_by}"),
        ]
        return Section("Also known", content=Facts(facts))


def _risk(record: PersonRecord) -> str:
    """K1: the tier, with the imported score that it stands beside."""
    score = record.person.risk_score
    tier = words.TIERS[record.person.risk_tier]
    return tier if score is None else f"{tier}, admission score {score} of 100"


def _line(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    made.setLayout(row(*parts, *([] if None in parts else [None])))
    return made
