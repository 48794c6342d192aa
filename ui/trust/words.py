"""What the codes of trust and of relying on it are called, and how they look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from coordination.assessment.receipts import Point, ReaskRow, Receipt, ReceiptRow
from coordination.assessment.trust import EVERY, Agreement, Assessor, Held, Standing, TrustScope, Validity
from ui import wording
from ui.style.tokens import State

STATES = {
    "waiting": "Waiting",
    "accepted": "Accepted",
    "asked": "More asked",
    "challenged": "Challenged",
    "upheld": "To correct",
}
LOOKS = {
    "waiting": State("neutral", "hourglass"),
    "accepted": State("ok", "check"),
    "asked": State("amber", "question"),
    "challenged": State("red", "flag"),
    "upheld": State("plum", "pencil-simple"),
    "answered": State("accent", "chat-circle-text"),
    "superseded": State("neutral", "arrow-right"),
}
STANDINGS: Mapping[Standing, str] = {
    "not_begun": "Not begun",
    "in_force": "In force",
    "due_for_review": "Due for review",
    "ended": "Ended",
}
STANDING_LOOKS: Mapping[Standing, State] = {
    "not_begun": State("neutral", "hourglass"),
    "in_force": State("ok", "check"),
    "due_for_review": State("amber", "timer"),
    "ended": State("neutral", "prohibit"),
}
OUTCOMES = {
    "answered": "Answered",
    "taken_back": "Taken back",
    "upheld": "Upheld: a correction follows",
    "withdrawn": "Withdrawn",
    "corrected": "A correction was signed instead",
}


def state(r: Receipt | ReceiptRow) -> str:
    """``Answered`` is a receipt that waits again."""
    if isinstance(r, Receipt) and r.superseded_by is not None:
        return f"{STATES[r.state]}; corrected since"
    return "Answered" if r.answered else STATES[r.state]


def look(r: Receipt | ReceiptRow) -> State:
    if isinstance(r, Receipt) and r.superseded_by is not None:
        return LOOKS["superseded"]
    return LOOKS["answered" if r.answered else r.state]


def since(r: Receipt, now: datetime) -> str:
    """``by Moira Lomax, Yesterday 14:05``."""
    at = wording.near_time(r.since, now)
    return f"by {r.by_name}, {at}" if r.by_name else f"since {at}"


def came(r: Receipt, now: datetime) -> str:
    """How it got there."""
    at = wording.near_time(r.sent_at, now)
    how = {
        "referral": "Sent with the signature, because of a referral",
        "by_hand": f"Sent by {r.sent_by_name}",
        "correction": "Sent because this corrects what the team had"
        + (f" ({STATES[r.follows_state].lower()})" if r.follows_state else ""),
    }[r.how]
    return f"{how}, {at}" + (f": “{r.note}”" if r.note else "")


def raised(p: Point, now: datetime, questions: Mapping[str, str]) -> str:
    """Who asked or challenged, and what about."""
    verb = "asks for one thing more" if p.kind == "more" else "challenges it"
    about = f" about “{questions[p.question]}”" if p.question in questions else ""
    return f"{p.raised_by_name} {verb}{about}, {wording.near_time(p.raised_at, now)}"


def due(p_due: date | None, today: date) -> str:
    if p_due is None:
        return ""
    return f"overdue since {wording.day(p_due)}" if p_due < today else f"by {wording.day(p_due)}"


def person(r: ReceiptRow) -> str:
    return wording.name(r.surname, r.given, r.title)


def rate(row: ReaskRow) -> str:
    """With its counts, so that a small number is seen to be one: ``33 % (1 of 3)``."""
    return "–" if row.rate is None else f"{row.rate * 100:.0f} % ({row.reasked} of {row.decided})"


# ---------------------------------------------------------------- agreements and assessors


def named(scope: TrustScope | None, kind: str, codes: Sequence[str]) -> str:
    """``All forms``, ``Reablement, District nursing``."""
    if EVERY in codes:
        return f"All {kind}"
    if scope is None:
        return ", ".join(codes)
    return ", ".join(scope.names("forms" if kind == "forms" else "services", codes))


def scope_of(a: Assessor, scope: TrustScope | None) -> str:
    """The forms of a recognition; all of them are never more than those of its agreement."""
    return "All that the agreement covers" if EVERY in a.forms else named(scope, "forms", a.forms)


def standing(a: Agreement, today: date) -> str:
    return STANDINGS[a.standing(today)]


def can_sign(a: Assessor, today: date) -> str:
    """In one or two words: may this assessor sign today?"""
    if not a.active:
        return "No longer here"
    validity = a.validity(today)
    if validity == "expired":
        return "Ended"
    if a.agreement_ends is not None and a.agreement_ends < today:
        return "Agreement ended"
    if validity == "not_begun" or a.agreement_starts > today:
        return "Not begun"
    if not a.seen:
        return "Recognised"
    if a.lacking(today):
        return "Cannot sign"
    return "Ends soon" if a.soon(today) else "Can sign"


def sign_look(a: Assessor, today: date) -> State:
    return {
        "Can sign": State("ok", "check"),
        "Recognised": State("neutral", "circle-wavy-check"),
        "Ends soon": State("amber", "timer"),
        "Cannot sign": State("red", "prohibit"),
    }.get(can_sign(a, today), State("neutral", "circle"))


def nearest(a: Assessor, today: date, names: Mapping[str, str]) -> str:
    """What must be seen to next, the day first: ``Ran out on 13-Nov-2026: Moving and handling``."""
    if a.validity(today) in ("expired", "not_begun") or not a.seen:
        return ""
    lacking = a.lacking(today)
    if lacking:
        best = a.best(lacking[0])
        return f"{'Not on record' if best is None else held(best, today)}: {names.get(lacking[0], lacking[0])}"
    end = a.next_end(today)
    if end is None:
        return ""
    if end == a.last:
        return f"Until {wording.day(end)}: the recognition"
    if end == a.agreement_ends:
        return f"Until {wording.day(end)}: the agreement"
    of = next((c for c in a.required if (h := a.best(c)) is not None and h.last == end), "")
    return f"Until {wording.day(end)}: {names.get(of, of)}"


def held(h: Held, today: date) -> str:
    """``In date until 03-Feb-2027``."""
    validity: Validity = h.validity(today)
    if validity == "not_begun":
        return f"From {wording.day(h.gained_on)}"
    if h.last is None:
        return "Does not run out"
    return f"Ran out on {wording.day(h.last)}" if validity == "expired" else f"Until {wording.day(h.last)}"


def held_look(h: Held, today: date) -> State:
    return {
        "expired": State("red", "prohibit"),
        "expires_soon": State("amber", "timer"),
        "not_begun": State("neutral", "hourglass"),
        "in_date": State("ok", "check"),
    }[h.validity(today)]
