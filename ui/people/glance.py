"""What is already in place around a person, visible before the second question is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.people.record import PersonRecord, RecordReferral
from coordination.people.responsibility import whose
from ui import wording
from ui.intake import words as intake_words
from ui.people import responsible, words
from ui.shell.banner import ALERT_MARKS, STRONG_ALERTS
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, column, label, row
from ui.widgets.chips import FlowBox
from ui.widgets.panels import Facts, Section

RECENT = 4


class Glance(QWidget):
    """``link`` is called with an open referral that the call belongs to, ``open_concern`` with the id of a concern."""

    def __init__(
        self, record: PersonRecord, now: datetime, link: Callable[[RecordReferral], object] | None,
        open_concern: Callable[[UUID], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._record, self._now = record, now
        parts: list[QWidget] = [*self._concerns(open_concern), self._who()]
        badges = self._badges()
        if badges:
            parts.append(FlowBox(*badges))
        if record.detail_hidden:
            parts.append(label("Shares a summary only: carers, assessments and plan are not shown here.", wrap=True))
        parts += [self._referrals(link), self._today(), self._plan()]
        parts += [part for part in (self._around(), self._contacts()) if part is not None]
        self.setLayout(column(*parts, None, gap=4))

    def _concerns(self, open_concern: Callable[[UUID], object] | None) -> list[QWidget]:
        """E3. Before all else: whoever takes the call must know that one is open, and with whom."""
        made: list[QWidget] = []
        for found in self._record.concerns:
            said = label(words.concern(found, self._now), strong=True, wrap=True)
            mark = Badge("Safeguarding", "plum", ALERT_MARKS["safeguarding"], solid=True)
            head: list[QWidget | None] = [mark]
            if open_concern is not None:
                head.append(LinkLabel("Open the concern", lambda found=found: open_concern(found.id)))  # type: ignore[misc]
            held = QWidget()
            held.setLayout(column(row(*head, None), said, gap=1))
            made.append(held)
        return made

    def _who(self) -> QWidget:
        f = self._record.person.fields
        today = local_date(self._now)
        facts: list[tuple[str, object | None]] = [
            ("Born", wording.born(f.birth_date, today, f.deceased_on)),
            ("NHS No.", f.nhs_number),
            ("Address", ", ".join(part for part in (*f.address.splitlines(), str(f.postcode or "")) if part)),
            ("Phone", f.phone or f.other_phone),
        ]
        if f.deceased_on:
            facts.insert(1, ("Died", wording.died(f.deceased_on, f.birth_date)))
        interpreter = words.interpreter(self._record.person)
        if interpreter:
            facts.append(("Interpreter", interpreter))
        if f.communication:
            facts.append(("Communication", f.communication))
        facts += responsible.lines(whose(self._record.person))
        return Facts(facts)

    def _badges(self) -> list[QWidget]:
        made: list[QWidget] = []
        record = self._record
        if record.person.fields.deceased_on:
            made.append(Badge("Deceased", "neutral", "circle", solid=True))
        for alert in record.alerts:
            mark = ALERT_MARKS.get(alert.kind, "warning-circle")
            made.append(Badge(words.alert(alert), "plum", mark, solid=alert.kind in STRONG_ALERTS))
        if record.person.sharing_level != "everything":
            made.append(Badge(words.SHARING[record.person.sharing_level], "plum", "eye-slash"))
        return made

    def _referrals(self, link: Callable[[RecordReferral], object] | None) -> QWidget:
        section = Section("Open referrals")
        for found in self._record.referrals:
            section.add(self._referral(found, link))
        if not self._record.referrals:
            section.add(label("None", quiet=True))
        return section

    def _referral(self, found: RecordReferral, link: Callable[[RecordReferral], object] | None) -> QWidget:
        over = found.due_at < self._now
        late = wording.length(self._now - found.due_at) if over else ""
        left = f"overdue {late}" if over else f"due {wording.time_left(found.due_at, self._now)}"
        who = f", {found.holder}" if found.holder else ""
        made = QWidget()
        said = label(f"{found.service_name} · {intake_words.STATES[found.state].lower()}{who}", wrap=True)
        due = label(f"No. {found.number}, {left}", quiet=not over, tone="red" if over else "", size="small")
        head = row(said, LinkLabel("It is about this", lambda: link(found)) if link else None)
        head.setStretch(0, 1)
        made.setLayout(column(head, due, gap=0))
        return made

    def _today(self) -> QWidget:
        record, today = self._record, local_date(self._now)
        section = Section("Visits today")
        visits = [v for v in record.visits if local_date(v.arrive.start) == today]
        for visit in visits:
            window = f"{wording.clock_time(visit.arrive.start)}–{wording.clock_time(visit.arrive.end)}"
            who = wording.listing(list(visit.workers)) if visit.workers else "nobody allocated"
            state = "" if visit.state == "planned" else f" · {wording.words(visit.state).lower()}"
            section.add(label(f"{window}  {visit.team}, {who}{state}", wrap=True))
        ahead = next((v for v in record.visits if local_date(v.arrive.start) > today), None)
        if not visits:
            section.add(label("None today", quiet=True))
        if ahead is not None:
            section.add(label(f"Next {intake_words.when(ahead.arrive.start, self._now)}, {ahead.team}", quiet=True))
        return section

    def _plan(self) -> QWidget:
        record = self._record
        facts: list[tuple[str, object | None]] = [("Lead worker", words.lead_worker(record))]
        if record.plan is not None:
            review = f", review {wording.day(record.plan.review_on)}" if record.plan.review_on else ""
            facts.append(("Care plan", f"{wording.words(record.plan.state)}{review}"))
        stay = record.stay
        if stay is not None:
            facts.append(("Apartment", f"{stay.scheme}, {stay.apartment}, until {wording.day(stay.end)}"))
        if record.equipment:
            names = [words.equipment_name(found) for found in record.equipment if found.is_there]
            coming = len(record.equipment) - len(names)
            said = [*names[:4], *([f"{len(names) - 4} more"] if len(names) > 4 else [])]
            facts.append(("Equipment", ", ".join([*said, *([f"{coming} on order"] if coming else [])])))
        if record.assessments:
            last = record.assessments[0]
            when = wording.day(local_date(last.signed_at or last.started_at))
            facts.append(("Assessment", f"{last.title}, {last.state} {when}"))
        return Section("Already in place", content=Facts(facts))

    def _around(self) -> QWidget | None:
        if not self._record.around:
            return None
        section = Section("People around")
        for found in self._record.around:
            what = " · ".join(part for part in (found.relation, "carer" if found.is_carer else "", found.phone) if part)
            section.add(label(f"{found.name}   {what}".rstrip(), wrap=True, selectable=True))
        return section

    def _contacts(self) -> QWidget | None:
        if not self._record.contacts:
            return None
        section = Section("Last contacts")
        for found in self._record.contacts[:RECENT]:
            when = wording.near_time(found.received_at, self._now)
            ending = intake_words.ENDINGS.get(found.ending or "", "not ended")
            line = label(f"{when}  {intake_words.CHANNELS[found.channel]}, {ending.lower()}", quiet=True, wrap=True)
            section.add(line)
            section.add(label(words.soft(words.beginning(found.need, 140)), wrap=True))
        return section
