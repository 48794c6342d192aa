"""When a referral is due, what a contact must say, which move may follow which. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from coordination.clock import at_local, local_date
from coordination.errors import BadValue, BadValues, IllegalMove
from coordination.intake.channels import check_details
from coordination.intake.model import (
    CHANNEL_DETAILS,
    CHANNELS,
    MOVES,
    Advice,
    ContactDraft,
    Ending,
    GivenAdvice,
    Link,
    NoAction,
    Refer,
    Referral,
    ReferralDraft,
    State,
)
from coordination.intake.reference import URGENCIES, Band, bands
from coordination.people.text import check_text
from coordination.safeguarding.model import ConcernFacts
from coordination.safeguarding.rules import check_facts

STALE_CLAIM = timedelta(minutes=30)  # claimed and not accepted for so long: shown in amber, never taken away
LONGEST_NEED = 20_000
LONGEST_REASON = 2_000
LONGEST_WORDS = 4_000
_FURTHEST_AHEAD = timedelta(minutes=10)  # clocks of two machines differ a little


def due_at(urgency: str, received_at: datetime, table: dict[str, Band] | None = None) -> datetime:
    """E3. When the response is due, counted from when the contact was received. Aware, UTC.

    Raises BadValue('urgency', 'not_in_list').
    """
    band = (table or bands()).get(urgency)
    if band is None:
        raise BadValue("urgency", "not_in_list")
    received_at = received_at.astimezone(UTC)  # in another zone Python would count hours on the wall
    if band.hours is not None:
        return received_at + timedelta(hours=band.hours)
    day = local_date(received_at) + timedelta(days=band.days)
    return max(at_local(day, *band.until), received_at + timedelta(hours=band.least_hours))


def check_urgency(urgency: str) -> None:
    """Raises BadValues('urgency', ``missing`` or ``not_in_list``)."""
    if urgency not in bands():
        raise BadValues((BadValue("urgency", "not_in_list" if urgency else "missing"),))


def is_stale(claimed_at: datetime | None, state: str, now: datetime) -> bool:
    """A claim that nobody has accepted for half an hour."""
    return state == "claimed" and claimed_at is not None and now - claimed_at >= STALE_CLAIM


def check_contact(draft: ContactDraft, now: datetime) -> ContactDraft:
    """The draft, ready to store. Raises BadValues with a problem a field; text is never cut short."""
    problems: list[BadValue] = []
    if draft.channel not in CHANNELS:
        problems.append(BadValue("channel", "not_in_list"))
    received = draft.received_at or now
    if received > now + _FURTHEST_AHEAD:
        problems.append(BadValue("received_at", "in_the_future"))
    words = {
        name: _text(problems, name, getattr(draft, name), longest)
        for name, longest in (
            ("caller_name", 200),
            ("caller_relation", 100),
            ("caller_phone", 50),
            ("need", LONGEST_NEED),
        )
    }
    details = check_details(draft.channel, draft.details, now, problems)
    concern = None
    if draft.concern is not None:
        try:
            concern = check_facts(draft.concern, words["need"])
        except BadValues as bad:
            # Beside a contact what was seen or said is its need.
            names = {"seen_or_said": "need"}
            problems += [BadValue(names.get(each.field, each.field), each.reason) for each in bad.problems]
    named = (draft.caller_person_id, draft.caller_around_id, draft.caller_professional_id, draft.new_professional)
    if sum(one is not None for one in named) > 1:
        problems.append(BadValue("caller_name", "one_caller"))
    if problems:
        raise BadValues(tuple(problems))
    return ContactDraft(
        channel=draft.channel,
        person_id=draft.person_id,
        details=details,
        received_at=min(received, now),
        locality=draft.locality,
        caller_person_id=draft.caller_person_id,
        caller_around_id=draft.caller_around_id,
        caller_professional_id=draft.caller_professional_id,
        new_professional=draft.new_professional,
        advice=check_advice(draft.advice),
        concern=concern,
        concern_id=draft.concern_id,
        **words,
    )


def check_advice(advice: Iterable[GivenAdvice]) -> tuple[GivenAdvice, ...]:
    """What was given, once a topic, in the order of giving. Raises BadValues('advice', …)."""
    problems: list[BadValue] = []
    found: dict[str, GivenAdvice] = {}
    for one in advice:
        title = _needed(problems, "advice", one.title, 200)
        found.setdefault(one.code, replace(one, title=title, words=_text(problems, "advice", one.words, LONGEST_WORDS)))
    if problems:
        raise BadValues(tuple(problems))
    return tuple(found.values())


def detail_fields(channel: str) -> tuple[str, ...]:
    """What a channel adds to the form."""
    return CHANNEL_DETAILS.get(channel, ())


def check_ending(ending: Ending, need: str) -> Ending:
    """E2. The ending, ready to store. ``need`` is the contact's. Raises BadValues with a problem a field.

    Fields of a referral are called ``service``, ``urgency``, ``urgency_reason``, ``referral_need``.
    """
    problems: list[BadValue] = []
    checked = _ending(ending, need, problems)
    if problems:
        raise BadValues(tuple(problems))
    return checked


def _ending(ending: Ending, need: str, problems: list[BadValue]) -> Ending:
    match ending:
        case Advice(words):
            return Advice(_needed(problems, "advice", words, LONGEST_WORDS))
        case NoAction(reason):
            return NoAction(_needed(problems, "no_action_reason", reason, LONGEST_WORDS))
        case Link(referral_id, words):
            return Link(referral_id, _text(problems, "link_words", words, LONGEST_WORDS))
        case Refer(referrals):
            if not referrals:
                problems.append(BadValue("service", "missing"))
            return Refer(tuple(_referral(one, need, problems) for one in referrals))


def _referral(draft: ReferralDraft, need: str, problems: list[BadValue]) -> ReferralDraft:
    if not draft.service:
        problems.append(BadValue("service", "missing"))
    if draft.urgency not in URGENCIES:
        problems.append(BadValue("urgency", "missing" if not draft.urgency else "not_in_list"))
    reason = _needed(problems, "urgency_reason", draft.urgency_reason, LONGEST_REASON)
    words = _needed(
        problems, "referral_need" if draft.need.strip() else "need", draft.need.strip() or need, LONGEST_NEED
    )
    source = _text(problems, "source", draft.source, 500)
    given = _given(problems, draft)
    outside = _text(problems, "outside_reason", draft.outside_reason, LONGEST_REASON)
    return replace(
        draft,
        urgency_reason=reason,
        need=words,
        source=source,
        give_reason=given,
        concern=_concern(problems, draft, words),
        outside_reason=outside,
        outside_whom=draft.outside_whom[:500],
    )


def _given(problems: list[BadValue], draft: ReferralDraft) -> str:
    """Given to a colleague it has a reason."""
    if draft.give_to is None:
        return ""
    if draft.hold:
        problems.append(BadValue("give_to", "not_in_list"))
    return _needed(problems, "give_reason", draft.give_reason, LONGEST_REASON)


def _concern(problems: list[BadValue], draft: ReferralDraft, need: str) -> ConcernFacts | None:
    """What is said of a concern; what was seen or said is the need, unless it is put into words of its own."""
    if not draft.safeguarding:
        return None
    try:
        return check_facts(draft.concern or ConcernFacts(), need or "-")
    except BadValues as bad:
        problems.extend(bad.problems)
        return None


def check_reason(field: str, words: str) -> str:
    """A reason that must be given. Raises BadValues."""
    problems: list[BadValue] = []
    words = _needed(problems, field, words, LONGEST_WORDS)
    if problems:
        raise BadValues(tuple(problems))
    return words


def check_move(referral: Referral, wanted: State) -> None:
    """Raises IllegalMove when that state cannot follow the present one."""
    if wanted not in MOVES[referral.state]:
        raise IllegalMove("intake", referral.state, wanted)


def _text(problems: list[BadValue], field: str, text: str, longest: int) -> str:
    try:
        return check_text(field, text, longest)
    except BadValue as problem:
        problems.append(problem)
        return ""


def _needed(problems: list[BadValue], field: str, text: str, longest: int) -> str:
    before = len(problems)
    text = _text(problems, field, text, longest)
    if not text and len(problems) == before:
        problems.append(BadValue(field, "missing"))
    return text
