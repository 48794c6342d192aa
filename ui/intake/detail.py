"""The panel beside the queue: one referral in full, and the small forms of its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.intake.detail import ReferralDetail
from coordination.intake.model import Contact
from coordination.intake.queue import ReferralRow
from ui import wording
from ui.intake import caller_words, channel_words, words
from ui.intake.beside import responsibility_facts, suggestion_facts
from ui.intake.deadlines import deadlines_section
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, column, label, row, rule
from ui.widgets.chips import FlowBox
from ui.widgets.panels import Facts, Section


class ReferralView(QWidget):
    """What is known of one referral. ``open_person`` and ``open_original`` take their ids. ``away``: what its holder
    does instead of sitting at the desk, as ``on a break until 10:15``."""

    def __init__(
        self, detail: ReferralDetail, name: str, now: datetime, me: str,
        open_person: Callable[[Any], object], open_original: Callable[[Any], object],
        open_concern: Callable[[], object] | None = None, away: str = "", ward: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        referral = detail.referral
        parts: list[QWidget] = [self._person(detail, name, open_person), self._badges(detail, now, me, away)]
        if words.is_stale(referral, now):
            parts.append(label(words.stale_words(referral, now), tone="amber", wrap=True))
        if referral.safeguarding and open_concern is not None:
            parts.append(_concern_line(open_concern))
        if referral.state_reason and referral.state in ("declined", "closed", "waiting"):
            parts.append(label(referral.state_reason, wrap=True, selectable=True))
        if ward is not None:
            parts.append(ward)
        need = label(referral.need, wrap=True, selectable=True)
        parts.append(Section("What is asked for", content=need))
        parts.append(deadlines_section(referral, detail.clocks, now))
        parts.append(
            Section(
                "Triage",
                content=Facts(
                    [
                        ("For", referral.service_name),
                        ("Urgency", words.URGENCIES[referral.urgency]),
                        ("Because", referral.urgency_reason),
                        ("Goes to", _goes_to(detail)),
                        *responsibility_facts(detail),
                        *suggestion_facts(detail),
                    ]
                ),
            )
        )
        parts.append(self._contact(detail, now, open_original))
        parts.append(self._history(detail, now))
        self.setLayout(column(*parts, None, gap=4))

    @staticmethod
    def _person(detail: ReferralDetail, name: str, open_person: Callable[[Any], object]) -> QWidget:
        person_id = detail.referral.person_id
        if person_id is None:
            return label("Nobody knows yet whom it is about", strong=True, wrap=True)
        link = LinkLabel("Open record", lambda: open_person(person_id))
        link.setToolTip("Open the record  (Enter)")
        holder = QWidget()
        who = label(name, strong=True, wrap=True, selectable=True)
        line = row(who, link)
        line.setStretch(0, 1)
        holder.setLayout(line)
        return holder

    @staticmethod
    def _badges(detail: ReferralDetail, now: datetime, me: str, away: str) -> QWidget:
        referral = detail.referral
        look, left = words.state_look(referral, me, now), words.time_state(referral, now)
        state = words.STATES[referral.state]
        holder = words.holder(referral, me)
        made = [Badge(f"{state}, {holder}" if holder else state, look.tone, look.mark)]
        if left is not None:
            made.insert(0, Badge(words.time_left(referral, now), left.tone, left.mark))
        if away and referral.is_open:
            made.append(Badge(away[:1].upper() + away[1:], "neutral", "coffee"))
        if referral.asked_at is not None and referral.is_open:
            made.append(Badge("Information asked for", "plum", "question"))
        if referral.safeguarding:
            made.append(Badge("Safeguarding", "plum", "shield-warning", solid=True))
        return FlowBox(*made)

    def _contact(self, detail: ReferralDetail, now: datetime, open_original: Callable[[Any], object]) -> QWidget:
        contact = detail.contact
        section = Section("The contact", content=Facts(contact_facts(contact, now)))
        original = detail.original
        if original is not None:
            link = LinkLabel("Open the message as it was sent", lambda: open_original(original.original_id))
            line = QWidget()
            line.setLayout(row(link, None))
            section.add(line)
        return section

    @staticmethod
    def _history(detail: ReferralDetail, now: datetime) -> QWidget:
        section = Section("What happened")
        before = None
        for entry in detail.events:
            said = words.event(entry, before)
            before = entry
            if not said:
                continue
            section.add(label(f"{wording.near_time(entry.at, now)}  {said}", wrap=True, selectable=True))
            if entry.reason and entry.from_state is not None:
                section.add(label(f"“{entry.reason}”", quiet=True, wrap=True, selectable=True))
        return section


def _concern_line(open_concern: Callable[[], object]) -> QWidget:
    """E3. Its concern goes a way of its own."""
    made = QWidget()
    made.setLayout(row(LinkLabel("Open its safeguarding concern", open_concern), None))
    return made


def _goes_to(detail: ReferralDetail) -> str:
    referral = detail.referral
    where = [part for part in (referral.neighbourhood, words.LOCALITIES.get(referral.locality or "")) if part]
    return ", ".join(where)


def contact_facts(contact: Contact, now: datetime) -> list[tuple[str, object | None]]:
    """Label and value of everything that was written down, with what its channel added."""
    facts: list[tuple[str, object | None]] = [
        ("By", words.CHANNELS[contact.channel]),
        ("Received", wording.near_time(contact.received_at, now)),
        ("Taken by", contact.recorded_by_name),
    ]
    facts += [("Caller", caller_words.of_contact(contact)), ("Caller's phone", contact.caller_phone)]
    facts += channel_words.facts(contact.channel, contact.details)
    if contact.advice:
        facts.append(("Advice given", wording.listing([one.title for one in contact.advice])))
    return facts


class HeldNote(QWidget):
    """E5, in place: who has it and since when, and what can be done instead."""

    def __init__(self, by: str, since: str, take_over: Callable[[], object], next_one: Callable[[], object]) -> None:
        super().__init__()
        said = label(f"{by} has this referral, claimed {since}.", strong=True, tone="amber", wrap=True)
        actions = row(button("Take over…", take_over), button("Take the next one", next_one, kind="quiet"), None)
        self.setLayout(column(said, actions, rule(), gap=2))


def row_name(found: ReferralRow) -> str:
    return wording.name(found.surname, found.given, found.title)


__all__ = ["HeldNote", "ReferralView", "contact_facts", "row_name"]
