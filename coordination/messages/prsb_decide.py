"""What a ward's notice does to the referral that it is about, and what there is to say of it (T1, T2). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from coordination.intake.ward import KeptKind, KeptNotice, NoticeState
from coordination.messages import prsb_said
from coordination.messages.model import Finding, Severity
from coordination.messages.prsb import DischargeNotice, Notice, WithdrawalNotice

Deed = Literal["", "moft", "moft_off", "close"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a notice, now or kept, what decides on what it does."""

    kind: KeptKind
    issued_at: datetime | None
    moft_at: datetime | None = None
    type: str = ""
    reason: str = ""
    words: str = ""


@dataclass(slots=True)
class Standing:
    """How a referral stands while notices are applied to it, one after the other."""

    number: int
    is_open: bool
    holder_name: str | None  # who works on it
    moft_at: datetime | None
    noticed_at: datetime | None = None  # when the assessment notice was issued that stands
    by_mail: bool = False  # anybody may have written it: what it withdraws, somebody decides
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, severity: Severity = Severity.WARNING, **facts: object) -> None:
        self.findings.append(about_referral(code, severity, **facts))


def facts_of(notice: Notice) -> Facts:
    """Of one that comes now."""
    match notice:
        case WithdrawalNotice():
            return Facts(
                "withdrawal", notice.issued_at, None, notice.type, notice.reason, "\n".join(notice.words)[:8_000]
            )
        case DischargeNotice():
            return Facts("discharge", notice.issued_at, notice.stay.moft_at)
    return Facts("assessment", notice.issued_at, prsb_said.stay_of(notice).moft_at)


def facts_of_kept(kept: KeptNotice) -> Facts:
    """Of one that was kept."""
    return Facts(
        kept.kind, kept.issued_at, kept.moft_at, kept.withdrawal_type, kept.withdrawal_reason, kept.withdrawal_words
    )


def about_referral(code: str, severity: Severity = Severity.WARNING, **facts: object) -> Finding:
    """What was met with when the referral was looked for, and what is done to it."""
    return Finding("Message > Referral identifier", severity, code, tuple(facts.items()))


def decide(facts: Facts, standing: Standing | None, *, fresh: bool) -> tuple[NoticeState, Deed]:
    """The state in which a notice is kept and what it moves; ``standing`` follows."""
    if standing is None:
        return "pending", ""
    if facts.kind == "assessment":
        moft: Deed = "moft" if facts.moft_at and standing.moft_at is None and standing.is_open and not fresh else ""
        standing.noticed_at = facts.issued_at
        standing.moft_at = standing.moft_at or facts.moft_at
        return "applied", moft
    if facts.kind == "discharge":
        return "applied", _discharge(facts, standing)
    return _withdraw(facts, standing)


def _discharge(facts: Facts, standing: Standing) -> Deed:
    """T2. The four hours run from this notice, unless they run already."""
    if not standing.is_open:
        standing.say("earlier_closed", number=standing.number)
        return ""
    if standing.moft_at is not None:
        return ""
    standing.moft_at = facts.moft_at or facts.issued_at
    standing.say("moft_told", Severity.INFO, number=standing.number)
    return "moft"


def _withdraw(facts: Facts, standing: Standing) -> tuple[NoticeState, Deed]:
    if facts.issued_at is not None and standing.noticed_at is not None and facts.issued_at < standing.noticed_at:
        standing.say("withdrawal_overtaken", Severity.INFO)
        return "overtaken", ""
    if facts.reason == "08":
        standing.say("withdrawal_because_died")
    if not facts.type or not facts.reason:
        standing.say("withdrawal_unclear")
        return "asked", ""
    if standing.by_mail and standing.is_open:
        standing.say("withdrawal_to_settle", holder=standing.holder_name or "nobody")
        return "asked", ""
    if facts.type == "2":
        if standing.is_open and standing.moft_at is not None:
            standing.moft_at = None
            standing.say("discharge_taken_back", Severity.INFO, number=standing.number)
            return "applied", "moft_off"
        return "applied", ""
    if not standing.is_open:
        standing.say("withdrawal_nothing_left", Severity.INFO, number=standing.number)
        return "applied", ""
    if standing.holder_name is not None:
        standing.say("withdrawal_to_settle", holder=standing.holder_name)
        return "asked", ""
    standing.is_open = False
    standing.say("referral_withdrawn", Severity.INFO, number=standing.number)
    return "applied", "close"
