"""The inbox in words: what is wrong with a source or an item, and what to do. Pure; no Qt."""

from __future__ import annotations

from datetime import datetime

from coordination.messages.inbox import DEFAULT_FOLDER, InboxItem, PassResult, Source, SourceRow
from coordination.messages.model import Finding, Severity
from ui import wording as plain
from ui.messages.wording import finding_words


def place(source: Source) -> str:
    """Where it is, in a line."""
    if source.kind == "folder":
        return "inbox, in the data folder" if source.folder == DEFAULT_FOLDER else source.folder
    return f"{source.user_name} on {source.host}, {source.folder}"


def problem(code: str, facts: dict[str, object]) -> str:
    return finding_words(Finding("", Severity.FATAL, code, tuple(facts.items())))


def item_words(item: InboxItem) -> str:
    """Why it waits for somebody."""
    return finding_words(item.finding) if item.problem else ""


def standing(row: SourceRow) -> str:
    """How it stands with a source, in a few words."""
    state = row.state
    if not row.source.active:
        return "Switched off"
    if state.problem:
        return problem(state.problem, dict(state.facts))
    if state.looked_at is None:
        return "Not looked at yet"
    waiting = f"; {state.waiting:,} tried again later" if state.waiting else ""
    return f"All read{waiting}"


def next_look(row: SourceRow, now: datetime) -> str:
    state = row.state
    if not row.source.active:
        return "–"
    if state.given_up:
        return "When somebody asks"
    if state.next_at is None or state.next_at <= row.as_of:
        return "Due" if state.held_until is None else "Now"
    return plain.near_time(state.next_at, now)


def outcome(result: PassResult) -> str:
    """What a look came to, in a line."""
    if result.held:
        return "Another reader is at it and has been asked to look, or it is switched off."
    counted = [
        (result.new, "taken in"),
        (result.linked, "linked to a referral"),
        (result.again, "here already"),
        (result.refused, "refused"),
        (result.waiting, "tried again later"),
    ]
    said = plain.listing([f"{number:,} {words}" for number, words in counted if number])
    if result.problem:
        why = problem(result.problem, dict(result.facts))
        return f"{said}; then: {why}" if said else why
    return f"{said[:1].upper()}{said[1:]}." if said else "Nothing new."
