"""The sections of a person's record: what is open, planned and written, each opening where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from PySide6.QtWidgets import QLayout, QWidget

from coordination.clock import local_date
from coordination.people.model import Alert, Around
from coordination.people.record import Merge, PersonRecord, RecordAssessment, RecordReferral, RecordVisit
from coordination.values import PersonId
from ui import wording
from ui.intake import words as intake_words
from ui.people import words
from ui.style import tokens
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, column, label, row
from ui.widgets.chips import FlowBox
from ui.widgets.panels import Facts, Section

Go = Callable[[str, object], object]
Act = Callable[[str], object]
MOST_VISITS = 12
MOST_EQUIPMENT = 8


class RecordSections(QWidget):
    """What is so now. ``go(page, key)`` opens; ``add`` is called with what to do (see the sections below)."""

    def __init__(self, record: PersonRecord, now: datetime, go: Go, add: Callable[[str], object]) -> None:
        super().__init__()
        self._record, self._now, self._go = record, now, go
        today = local_date(now)
        parts = [
            *self._concerns(), *self._not_found(), self._referrals(), self._visits(), self._in_place(),
            *self._equipment(),
            assessments_section(record.assessments, go, hidden=record.detail_hidden),
            around_section(record.around, today, add, hidden=record.detail_hidden),
            alerts_section(record.alerts, today, add), self._identity(),
        ]  # fmt: skip
        self.setLayout(column(*parts, None, gap=6))

    def _concerns(self) -> list[QWidget]:
        """Undecided ones, before all else; nothing where there is none."""
        if not self._record.concerns:
            return []
        section = Section("Safeguarding")
        for found in self._record.concerns:
            link = LinkLabel(f"Concern no. {found.number}", lambda found=found: self._go("safeguarding", found.id))  # type: ignore[misc]
            link.setToolTip("Open the concern")
            section.add(_line(label(words.concern(found, self._now), strong=True), link))
        return [section]

    def _not_found(self) -> list[QWidget]:
        """Nobody opened the door, and nobody has said yet where the person is."""
        if not self._record.not_found:
            return []
        section = Section("No access")
        for found in self._record.not_found:
            who = f"{found.owner_name} has it" if found.owner_name else "nobody has taken it"
            said = f"Nobody found {wording.near_time(found.since, self._now)}, {found.team}; {who}"
            link = LinkLabel("What is being done", lambda found=found: self._go("no_access", found.id))  # type: ignore[misc]
            section.add(_line(label(said, strong=True), link))
        return [section]

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
        head = FlowBox(
            label(found.service_name, strong=True), Badge(f"{span} {'over' if over else 'left'}", look.tone, look.mark),
            Badge(state, tokens.state(found.state).tone, tokens.state(found.state).mark), link,
        )  # fmt: skip
        made.setLayout(column(head, label(words.soft(found.need), wrap=True, selectable=True), gap=1))
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
        made.setLayout(column(head, label(words.soft(f"{visit.need} · {who}"), quiet=True, wrap=True), gap=0))
        return made

    def _in_place(self) -> Section:
        record = self._record
        plan, stay = record.plan, record.stay
        section = Section("Plan and apartment")
        facts: list[tuple[str, object | None]] = [("Lead worker", words.lead_worker(record))]
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

    def _equipment(self) -> list[Section]:
        """D6. None where there is none: few people have any."""
        if not self._record.equipment:
            return []
        section = Section("Equipment")
        for found in self._record.equipment[:MOST_EQUIPMENT]:
            link = LinkLabel(words.equipment_name(found), lambda found=found: self._go("equipment", found.id))  # type: ignore[misc]
            section.add(_line(link, label(words.equipment_state(found), quiet=True)))
        more = len(self._record.equipment) - MOST_EQUIPMENT
        if more > 0:
            section.add(label(f"and {more} more", quiet=True))
        return [section]

    def _identity(self) -> Section:
        person = self._record.person
        f = person.fields
        facts: list[tuple[str, object | None]] = [
            ("GP practice", person.practice.name if person.practice else None),
            ("Ward", person.home.ward if person.home else "Outside the city, or not known"),
            ("NHS number is", words.NHS_STATUSES[f.nhs_status].lower()),
            ("Language", f.language or "English, or not known"),
            ("Another phone", f.other_phone),
            ("E-mail", words.soft(f.email)),
            ("Getting in", words.soft(f.access_notes)),
            ("Risk", _risk(self._record)),
            ("Registered", f"{wording.day(local_date(person.registered_at))} by {person.registered_by}"),
        ]
        return Section("Also known", content=Facts(facts))


def _risk(record: PersonRecord) -> str:
    """K1: the tier, with the imported score that it stands beside."""
    score = record.person.risk_score
    tier = words.TIERS[record.person.risk_tier]
    return tier if score is None else f"{tier}, admission score {score} of 100"


def assessments_section(found: Sequence[RecordAssessment], go: Go, *, hidden: bool) -> Section:
    section = Section("Assessments")
    for each in found:
        link = LinkLabel(each.title, lambda each=each: go("assessment", each.id))  # type: ignore[misc]
        when = wording.day(local_date(each.signed_at or each.started_at))
        who = each.signed_by_name or each.started_by_name
        look = tokens.state("signed" if each.state == "signed" else "draft")
        said = label(f"{when}, {who}", quiet=True)
        section.add(_line(link, said, None, Badge(wording.words(each.state), look.tone, look.mark)))
    if not found:
        section.add(label("Not shared with this desk." if hidden else "None yet.", quiet=True))
    return section


def around_section(found: Sequence[Around], today: date, act: Act, *, hidden: bool) -> Section:
    """``act`` is called with ``around``, or ``gone:<id>:<revision>`` and ``back:<id>:<revision>`` of one of them."""
    section = Section("People around", button("Add", lambda: act("around"), kind="quiet", icon="plus"))
    for each in found:
        gone = each.until is not None and each.until < today
        said = " · ".join(part for part in (each.relation, each.phone) if part)
        said += f" · until {wording.day(each.until)}" if gone else ""
        code = f"{'back' if gone else 'gone'}:{each.id}:{each.revision}"
        change = button("Around again" if gone else "No longer", lambda code=code: act(code), kind="quiet")  # type: ignore[misc]
        name = label(words.soft(each.name), strong=each.is_carer and not gone, quiet=gone, wrap=True)
        badge = [Badge("Carer", "teal", "heart")] if each.is_carer and not gone else []
        line = row(name, label(words.soft(said), quiet=True, wrap=True, selectable=True), *badge, change)
        line.setStretch(0, 2)
        line.setStretch(1, 3)
        section.add(_held(line))
    if not found:
        section.add(label("Not shared with this desk." if hidden else "Nobody is known.", quiet=True))
    return section


def alerts_section(found: Sequence[Alert], today: date, act: Act) -> Section:
    """``act`` is called with ``alert``, or ``end:<id>:<revision>`` of one of them."""
    section = Section("Alerts", button("Add", lambda: act("alert"), kind="quiet", icon="plus"))
    for each in found:
        over = each.until is not None and each.until < today
        until = f" until {wording.day(each.until)}" if each.until else ""
        said = label(words.soft(words.alert(each)), wrap=True, quiet=over)
        parts: list[QWidget] = [said, label(f"since {wording.day(each.since)}{until}", quiet=True)]
        if not over:
            code = f"end:{each.id}:{each.revision}"
            ended = button("No longer", lambda code=code: act(code), kind="quiet")  # type: ignore[misc]
            ended.setToolTip("This alert is no longer in force")
            parts.append(ended)
        line = row(*parts)
        line.setStretch(0, 1)
        section.add(_held(line))
    if not found:
        section.add(label("None in force.", quiet=True))
    return section


def merges_section(found: Sequence[Merge], person: PersonId, act: Act) -> Section:
    """What was merged, and parted again. ``act`` is called with ``part:<id>`` of one that stands."""
    section = Section("Merged records")
    for each in found:
        when = f"{wording.day_time(each.at)} by {each.by_name}: {each.reason}"
        lines = [label(words.soft(words.merge(each)), strong=each.stands, wrap=True, selectable=True)]
        lines.append(label(words.soft(f"Merged {when}"), quiet=True, wrap=True))
        if each.undone_at is not None:
            said = f"Parted {wording.day_time(each.undone_at)} by {each.undone_by_name}: {each.undone_reason}"
            lines.append(label(words.soft(said), quiet=True, wrap=True))
        elif each.moved:
            lines.append(label(f"Brought along {words.moved(each.moved)}.", quiet=True, wrap=True))
        text = QWidget()
        text.setLayout(column(*lines, gap=0))
        part = button("Part them again", lambda each=each: act(f"part:{each.id}")) if each.stands else None  # type: ignore[misc]
        line = row(text, *([part] if part else []))
        line.setStretch(0, 1)
        section.add(_held(line))
    return section


def _held(layout: QLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made


def _line(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    made.setLayout(row(*parts, *([] if None in parts else [None])))
    return made
