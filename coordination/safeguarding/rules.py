"""What a concern must say, and which step may follow which. Pure; the database refuses the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from coordination.errors import BadValue, BadValues, IllegalMove
from coordination.people.text import check_text
from coordination.safeguarding.model import (
    DANGERS,
    HOWS,
    MOVES,
    Concern,
    ConcernDraft,
    ConcernFacts,
    DecisionKind,
    LookedInto,
    Stage,
    ToldDraft,
)

LONGEST_SAID = 20_000
LONGEST_WORDS = 4_000
_FURTHEST_AHEAD = timedelta(minutes=5)  # clocks of two machines differ a little
_EARLIEST_TOLD = timedelta(days=366)


def check_facts(facts: ConcernFacts, otherwise: str = "") -> ConcernFacts:
    """The facts, ready to store; ``otherwise`` stands in for what was seen or said (the need of the referral).

    Raises BadValues: ``seen_or_said``, ``danger``, ``made_safe``, ``consent``.
    """
    problems: list[BadValue] = []
    said = _text(problems, "seen_or_said", facts.seen_or_said.strip() or otherwise, LONGEST_SAID)
    if not said and not problems:
        problems.append(BadValue("seen_or_said", "missing"))
    _danger(problems, facts.danger)
    made_safe = _text(problems, "made_safe", facts.made_safe, LONGEST_WORDS)
    consent = _text(problems, "consent", facts.consent, LONGEST_WORDS)
    if problems:
        raise BadValues(tuple(problems))
    return ConcernFacts(said, facts.danger, made_safe, consent)


def check_draft(draft: ConcernDraft) -> ConcernDraft:
    """Raises BadValues."""
    return replace(draft, facts=check_facts(draft.facts))


def check_looked_into(now: LookedInto) -> LookedInto:
    """Raises BadValues: ``found``, ``danger``, ``made_safe``, ``consent``."""
    problems: list[BadValue] = []
    found = _text(problems, "found", now.found, LONGEST_SAID)
    _danger(problems, now.danger)
    made_safe = _text(problems, "made_safe", now.made_safe, LONGEST_WORDS)
    consent = _text(problems, "consent", now.consent, LONGEST_WORDS)
    if problems:
        raise BadValues(tuple(problems))
    return LookedInto(found, now.danger, made_safe, consent)


def check_told(draft: ToldDraft, now: datetime) -> ToldDraft:
    """Who was told, ready to store: never in the future. Raises BadValues: ``name``, ``role``, ``how``, ``told_at``."""
    problems: list[BadValue] = []
    name = _needed(problems, "name", draft.name, 200)
    role = _needed(problems, "role", draft.role, 200)
    if draft.how not in HOWS:
        problems.append(BadValue("how", "not_in_list"))
    told_at = draft.told_at or now
    if told_at > now + _FURTHEST_AHEAD:
        problems.append(BadValue("told_at", "in_the_future"))
    if told_at < now - _EARLIEST_TOLD:
        problems.append(BadValue("told_at", "too_long_ago"))
    if problems:
        raise BadValues(tuple(problems))
    return ToldDraft(draft.id, name, role, draft.how, min(told_at, now))


def check_decision(decision: str, words: str, kinds: Sequence[DecisionKind]) -> tuple[str, str]:
    """Code and words of a decision. Raises BadValues: ``decision``, ``decision_words``."""
    problems: list[BadValue] = []
    kind = next((each for each in kinds if each.code == decision), None)
    if kind is None:
        problems.append(BadValue("decision", "not_in_list" if decision else "missing"))
    said = _text(problems, "decision_words", words, LONGEST_WORDS)
    if kind is not None and kind.asks_reason and not said and not problems:
        problems.append(BadValue("decision_words", "missing"))
    if problems:
        raise BadValues(tuple(problems))
    return decision, said


def check_reason(words: str) -> str:
    """A reason that must be given. Raises BadValues."""
    problems: list[BadValue] = []
    said = _needed(problems, "reason", words, LONGEST_WORDS)
    if problems:
        raise BadValues(tuple(problems))
    return said


def check_move(concern: Concern, wanted: Stage) -> None:
    """Raises IllegalMove."""
    if wanted not in MOVES[concern.stage]:
        raise IllegalMove("safeguarding", concern.stage, wanted)


def _danger(problems: list[BadValue], danger: str) -> None:
    if danger not in DANGERS:
        problems.append(BadValue("danger", "not_in_list"))


def _text(problems: list[BadValue], field: str, text: str, longest: int) -> str:
    try:
        return check_text(field, text, longest)
    except BadValue as problem:
        problems.append(problem)
        return ""


def _needed(problems: list[BadValue], field: str, text: str, longest: int) -> str:
    before = len(problems)
    said = _text(problems, field, text, longest)
    if not said and len(problems) == before:
        problems.append(BadValue(field, "missing"))
    return said
