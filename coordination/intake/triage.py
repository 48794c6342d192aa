"""E3. What the rules suggest for a need: service, urgency and why. Pure; runs while one types and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from coordination.clock import LONDON
from coordination.intake.model import Suggestion
from coordination.intake.reference import URGENCIES
from coordination.intake.triage_file import Rule, Rules
from coordination.intake.triage_words import Need

_ORDER: dict[str, int] = {urgency: place for place, urgency in enumerate(URGENCIES)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a contact while it is written down. ``age`` in years and ``tier`` of the person, None when not
    known; ``at`` aware: when it was received."""

    need: str
    at: datetime
    channel: str = "telephone"
    age: int | None = None
    tier: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def suggest(asked: Asked, rules: Rules) -> tuple[Suggestion, ...]:
    """Every rule that fits, the first to be looked at first: by rank, then urgency, then the order of the file.

    Two rules that suggest the same service and urgency are two suggestions: each has its own reason.
    """
    need = Need(asked.need)
    found: list[tuple[int, int, int, Suggestion]] = []
    for place, rule in enumerate(rules.rules):
        made = _apply(rule, asked, need, rules.version)
        if made is not None:
            found.append((rule.rank, _ORDER.get(made.urgency, -1), place, made))
    return tuple(made for *_, made in sorted(found, key=lambda entry: entry[:3]))


def _apply(rule: Rule, asked: Asked, need: Need, version: str) -> Suggestion | None:
    if not _fits(rule, asked):
        return None
    words = need.said(rule.any, rule.not_in)
    if rule.any and not words:
        return None
    if rule.with_:
        more = need.said(rule.with_, rule.not_in)
        if not more:
            return None
        words += more
    if rule.unless and need.said(rule.unless):
        return None
    service, urgency, reason = rule.service, rule.urgency, rule.reason
    if rule.hours is not None and not _within(asked.at.astimezone(LONDON).time(), *rule.hours):
        if not rule.closed_service:
            return None
        service, urgency, reason = rule.closed_service, rule.closed_urgency, rule.closed_reason
    elif rule.hours is not None:
        reason = f"{reason}, {rule.hours[0]:%H:%M}–{rule.hours[1]:%H:%M}"
    return Suggestion(
        rule.id, version, service, urgency, reason, rule.ask, rule.safeguarding, tuple(dict.fromkeys(words))
    )


def _fits(rule: Rule, asked: Asked) -> bool:
    """Everything but the words and the hour."""
    if rule.channels and asked.channel not in rule.channels:
        return False
    if any(not asked.details.get(name) for name in rule.details):
        return False
    if rule.tiers and asked.tier not in rule.tiers:
        return False
    if asked.age is None:
        return True
    return (rule.min_age is None or asked.age >= rule.min_age) and (rule.max_age is None or asked.age <= rule.max_age)


def _within(at: time, begin: time, end: time) -> bool:
    """Begin in, end out; over midnight when the end comes first."""
    return begin <= at < end if begin < end else at >= begin or at < end


def routes(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Those that name a service: what can be taken."""
    return tuple(made for made in suggestions if made.service)
