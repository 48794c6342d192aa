"""E3 from a FHIR request: every sign of urgency that it carries; the most urgent governs, its words are the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from coordination.messages import facts
from coordination.messages.bars_rules import use_case_code, use_case_words
from coordination.messages.codes import codes, more_urgent, use_case
from coordination.messages.facts import Reading
from coordination.messages.fhir_bundle import Bundle, words
from coordination.messages.fhir_reader import Element
from coordination.messages.findings import line
from coordination.messages.model import Urgency

REASON_LIMIT = 1_000
_WITHIN = re.compile(r"within (?:an?|(\d{1,3})) (minute|hour|day)s?", re.IGNORECASE | re.ASCII)
_HOURS = ((2, "two_hours"), (12, "same_day"), (24, "24_hours"), (72, "72_hours"))


def urgency_of(bundle: Bundle, request: Element, safeguarding: tuple[str, ...], reading: Reading) -> Urgency | None:
    """None when the message carries no sign at all."""
    signs = [
        *_use_case(request, reading),
        *_triage(bundle, reading),
        *_priority(request),
        *_window(bundle, request, reading),
    ]
    if safeguarding:
        signs.append((codes()["urgency"]["safeguarding"], "Safeguarding concern: " + "; ".join(safeguarding)))
    if not signs:
        return None
    level = signs[0][0]
    for other, _ in signs:
        level = more_urgent(level, other)
    reasons = dict.fromkeys(reason for urgency, reason in signs if urgency == level)
    return Urgency(level, line("; ".join(reasons), "urgency", reading.findings, REASON_LIMIT))


def respond_by(request: Element, reading: Reading) -> datetime | None:
    """The end of the time in which it is wanted; of an appointment, its start."""
    if request.resource == "Appointment":
        start = request.text("start")
        return facts.moment(start, "Appointment.start", reading) if start else None
    end = request.text("occurrencePeriod", "end")
    return facts.moment(end, "ServiceRequest.occurrencePeriod.end", reading) if end else None


def _use_case(request: Element, reading: Reading) -> Iterator[tuple[str, str]]:
    if use_case(use_case_code(request)).get("emergency"):
        reading.findings.warn("ServiceRequest.category", "needs_emergency_response", value=use_case_words(request))
        yield "two_hours", use_case_words(request)


def _triage(bundle: Bundle, reading: Reading) -> Iterator[tuple[str, str]]:
    """What the sender's own triage came to: ambulance priority, or a disposition that names a time."""
    for plan in bundle.every("CarePlan"):
        for outcome in plan.many("activity", "outcomeCodeableConcept"):
            for coding in outcome.many("coding"):
                yield from _outcome(coding, reading)


def _outcome(coding: Element, reading: Reading) -> Iterator[tuple[str, str]]:
    system, code, shown = coding.text("system").lower(), coding.text("code"), words(coding)
    if "arp-priority" in system:
        if code.upper() in codes()["emergency"]["arp"]:
            reading.findings.warn("CarePlan.activity", "needs_emergency_response", value=shown)
        level = codes()["urgency"]["arp"].get(code.upper())
        if level:
            yield level, f"{shown} ({code})"
    elif "dx-code" in system:
        level = _told_level(shown)
        if level:
            yield level, f"{shown} ({code})"


def _told_level(told: str) -> str | None:
    if "emergency ambulance" in told.lower() or "immediately" in told.lower():
        return "two_hours"
    match = _WITHIN.search(told)
    if match is None:
        return None
    number = int(match[1] or 1)
    return _level_of_hours(number * {"minute": 1 / 60, "hour": 1, "day": 24}[match[2].lower()])


def _level_of_hours(hours: float) -> str:
    return next((level for most, level in _HOURS if hours <= most), "routine")


def _priority(request: Element) -> Iterator[tuple[str, str]]:
    priority = request.text("priority").lower()
    level = codes()["urgency"]["priority"].get(priority)
    if level:
        yield level, f"Priority: {priority}"


def _window(bundle: Bundle, request: Element, reading: Reading) -> Iterator[tuple[str, str]]:
    """The time in which the sender wants it done, from when it was asked."""
    path = f"{request.resource}.occurrencePeriod"
    start, end = request.text("occurrencePeriod", "start"), request.text("occurrencePeriod", "end")
    asked = request.text("authoredOn") or bundle.root.text("timestamp") or start
    if not end or not asked:
        return
    first, last = facts.moment(asked, path, reading), facts.moment(end, path, reading)
    if first is None or last is None:
        return
    hours = (last - first).total_seconds() / 3600
    if hours <= 0:
        reading.findings.info(path, "window_is_empty", value=end)
        return
    yield _level_of_hours(hours), f"Wanted within {_spoken(hours)}"


def _spoken(hours: float) -> str:
    if hours < 2:
        return f"{max(1, round(hours * 60))} minutes"
    return f"{round(hours)} hours" if hours < 72 else f"{round(hours / 24)} days"
