"""Notices from wards in words: as they were sent, and what became of them. Pure; no Qt."""

from __future__ import annotations

from datetime import datetime

from coordination.intake.ward import KeptNotice, KeptReceipt, WardStory
from coordination.messages.prsb import (
    AssessmentNotice,
    DischargeNotice,
    Notice,
    NoticeReceipt,
    Stay,
    WithdrawalNotice,
)
from coordination.reference.hospital_headings import codes
from ui import wording

Facts = list[tuple[str, object | None]]

TITLES = {
    "assessment": "Assessment notice",
    "discharge": "Discharge notice",
    "withdrawal": "Withdrawal notice",
    "receipt": "Notice receipt",
}


def meaning(name: str, code: str) -> str:
    """The words of a code; those of an unknown one are the code."""
    return codes(name).get(code, code)


def notice_facts(notice: Notice) -> Facts:
    """What a notice says, field by field; what was not said is left out where that is usual."""
    facts: Facts = [("Issued", _time(notice.issued_at))]
    match notice:
        case AssessmentNotice():
            facts += _stay(notice.stay)
            facts += [
                ("Person consulted", meaning("yes_no", notice.person_consulted)),
                ("Carer consulted", meaning("carer", notice.carer_consulted)),
                ("Consent", _consent(notice.consent, notice.consent_source)),
            ]
            if notice.chc_considered or notice.chc_result:
                considered = meaning("yes_no", notice.chc_considered)
                told = [part for part in (considered, *notice.chc_result) if part]
                facts.append(("Continuing care considered", "; ".join(told)))
        case DischargeNotice():
            facts += _stay(notice.stay)
            if notice.discharge_at:
                facts.append(("Leaves hospital", _time(notice.discharge_at)))
            if notice.destination:
                facts.append(("Goes to", notice.destination))
        case WithdrawalNotice():
            facts += [
                ("Withdraws", meaning("withdrawal_type", notice.type)),
                ("Because", reason(notice.reason, "; ".join(notice.words))),
            ]
        case NoticeReceipt():
            facts += [
                ("Answers", meaning("notice_type", notice.notice_type)),
                ("Answer", meaning("response", notice.response)),
            ]
            if notice.details:
                facts.append(("Details", "\n".join(notice.details)))
    if notice.head.referral_id:
        facts.append(("Ward's reference", notice.head.referral_id))
    return facts


def reason(code: str, words: str = "") -> str:
    """``07 Patient's condition has deteriorated; in their words``."""
    named = f"{code} {meaning('withdrawal_reason', code)}" if code else ""
    return "; ".join(part for part in (named, words) if part)


def _stay(stay: Stay) -> Facts:
    facts: Facts = [
        ("Hospital", stay.site or stay.site_code),
        ("Ward", stay.ward),
        ("Consultant", stay.consultant),
        ("Expected home", ", ".join(wording.day(day) for day in stay.expected)),
    ]
    if stay.admitted_at:
        facts.append(("Admitted", _time(stay.admitted_at)))
    if stay.moft_at:
        facts.append(("Medically optimised", _time(stay.moft_at)))
    if stay.person_informed or stay.carer_informed:
        told = [f"person {meaning('yes_no', stay.person_informed).lower()}" if stay.person_informed else ""]
        told.append(f"carer {meaning('carer', stay.carer_informed).lower()}" if stay.carer_informed else "")
        facts.append(("Told of the date", ", ".join(part for part in told if part)))
    return facts


def _consent(code: str, source: str) -> str:
    said = meaning("consent", code)
    return f"{said}: {meaning('consent_source', source)}" if source and source != "N/A" else said


def _time(moment: datetime | None) -> str | None:
    return wording.day_time(moment) if moment else None


# ---------------------------------------------------------------- beside a referral


def kept_words(notice: KeptNotice, now: datetime) -> str:
    """A notice that is kept, in a sentence or two."""
    where = ", ".join(part for part in (notice.ward, notice.site) if part)
    came = wording.near_time(notice.received_at, now)
    said = [f"{TITLES[notice.kind]} {_lower(came)}" + (f" from {where}" if where else "")]
    if notice.kind == "withdrawal":
        what = meaning("withdrawal_type", notice.withdrawal_type).lower()
        why = reason(notice.withdrawal_reason, notice.withdrawal_words)
        said.append(f"Withdraws {f'the {what}' if what else 'something'}: {why or 'no reason given'}")
    else:
        facts = []
        if notice.expected_on:
            facts.append(f"expected home {wording.day(notice.expected_on)}")
        if notice.discharge_at:
            facts.append(f"leaves {_lower(wording.near_time(notice.discharge_at, now))}")
        if notice.moft_at:
            facts.append(f"medically optimised {_lower(wording.near_time(notice.moft_at, now))}")
        if notice.consent:
            facts.append(f"consent {_lower(_consent(notice.consent, notice.consent_source))}")
        if facts:
            said.append(_capital(", ".join(facts)))
    if notice.withdrawn_by is not None:
        said.append("Withdrawn by the ward")
    if notice.state == "overtaken":
        said.append("The ward has asked again since, so it changes nothing")
    return ". ".join(said) + "."


def answer_words(story: WardStory, notice: KeptNotice, now: datetime, holder: str = "") -> tuple[str, str]:
    """What the ward was answered, or is owed; and a tone. ``holder``: who else works on the referral, if anybody."""
    receipt = story.receipt_of(notice)
    if receipt is not None:
        return receipt_words(receipt, now), ""
    if notice.state == "asked":
        if holder:
            return f"The ward waits for {holder}'s answer: to agree, or to keep it on with a reason.", "amber"
        return "The ward waits for your answer: agree, or keep it on with a reason.", "amber"
    if not story.is_owed(notice):
        return "", ""
    if notice.kind == "withdrawal":
        return "Not answered yet.", ""
    return "Not answered yet. Accepting or declining sends the ward its receipt; a reason goes with it.", ""


def receipt_words(receipt: KeptReceipt, now: datetime) -> str:
    """``Accepted, receipt sent today 10:12 (receipt-….json).``"""
    answer = {"1": "Accepted", "2": "Rejected"}[receipt.response]
    why = f" (“{receipt.details}”)" if receipt.details else ""
    if receipt.state == "sent" and receipt.settled_at is not None:
        how = "saved by" if receipt.how == "saved" else "sent by"
        when = _lower(wording.near_time(receipt.settled_at, now))
        return f"{answer}{why}; receipt {how} {receipt.settled_by_name}, {when}."
    return f"{answer}{why} by {receipt.made_by_name}; the receipt goes out with the next look at the inbox."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
