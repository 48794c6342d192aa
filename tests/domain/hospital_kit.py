"""Notices from a ward about invented people, and strategies that draw any that can be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from coordination.messages.findings import Findings, line, paragraph
from coordination.messages.prsb import (
    AssessmentNotice,
    Authority,
    DischargeNotice,
    Head,
    Notice,
    NoticeReceipt,
    Referrer,
    Said,
    Stay,
    WardPerson,
    WithdrawalNotice,
)
from coordination.messages.prsb_fields import HEAD, OWN, Field, built
from coordination.reference.hospital_headings import codes, in_order, leaves, root
from coordination.values import NhsNumber, Postcode

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
COUNCIL = Authority(("306",), "Manchester City Council", ("Hospital social work",), "Duty desk", "0161 496 0999")
ALLERGY = Said(
    (
        "Allergies and adverse reactions", "Allergies and adverse reactions record entry", 0, "Causative agent",
        "Coded value",
    ),
    "No known allergies",
)  # fmt: skip


def person(**changes: Any) -> WardPerson:
    mrs = WardPerson(
        surname="Ashworth", given=("Edith", "May"), title="Mrs", preferred="Edie", birth_date=date(1941, 3, 9),
        gender="2", nhs_number="9990100004", nhs_status="01", address=("14 Lime Grove", "Moston"), postcode="M40 0AB",
        practice_code="P84004", practice_name="Moston Lane Practice",
    )  # fmt: skip
    return replace(mrs, **changes)


def head(message_id: str = "NMGH-1", referral_id: str = "NMGH-R-77", **of_person: Any) -> Head:
    return Head(
        message_id=message_id,
        referral_id=referral_id,
        sent_at=NOW - timedelta(minutes=20),
        person=person(**of_person),
        referrer=Referrer(
            name="Amina Yusuf",
            role="Discharge co-ordinator",
            team="Ward J3",
            organisation_code="R0A",
            organisation="North Manchester General Hospital",
            contact="0161 496 0123",
            answer_to="ward.j3@example.org",
        ),
        authority=Authority(
            ("306",), "Manchester City Council", ("Hospital social work",), "Duty desk", "0161 496 0999"
        ),
    )


def assessment(message_id: str = "NMGH-1", minutes_ago: int = 30, **changes: Any) -> AssessmentNotice:
    made = AssessmentNotice(
        head(message_id),
        issued_at=NOW - timedelta(minutes=minutes_ago),
        person_consulted="Y",
        carer_consulted="NKC",
        consent="Y",
        stay=Stay(
            site_code="R0A02",
            site="North Manchester General Hospital",
            ward="Ward J3",
            consultant="Dr O. Mensah",
            admitted_at=NOW - timedelta(days=6),
            expected=(date(2026, 11, 25),),
            person_informed="Y",
            carer_informed="NKC",
        ),
        reason="Fractured hip repaired; needs help to wash, dress and manage the stairs.",
        care_needs="Two people to transfer at first, one with a frame by now. Commode downstairs.",
        chc_considered="Y",
        chc_result=("Not eligible",),
        said=in_standard_order(
            ALLERGY,
            Said(("About me", "About me", "What is most important to me"), "My cat, and being home for Christmas."),
            Said(("Social context", "Household composition", "Household composition", "Free text"), "Lives alone."),
        ),
    )
    return replace(made, **changes)


def discharge(message_id: str = "NMGH-2", minutes_ago: int = 10, **changes: Any) -> DischargeNotice:
    made = DischargeNotice(
        head(message_id),
        issued_at=NOW - timedelta(minutes=minutes_ago),
        stay=Stay(
            site="North Manchester General Hospital",
            ward="Ward J3",
            moft_at=NOW - timedelta(minutes=40),
            person_informed="Y",
            carer_informed="NKC",
        ),
        discharge_at=NOW + timedelta(days=1),
        destination="14 Lime Grove, Moston",
    )
    return replace(made, **changes)


def withdrawal(
    message_id: str = "NMGH-3", type_: str = "1", reason: str = "07", minutes_ago: int = 5, **changes: Any
) -> WithdrawalNotice:
    words = ("Moved to another trust",) if reason == "13" else ()
    made = WithdrawalNotice(head(message_id), NOW - timedelta(minutes=minutes_ago), type_, reason, words)
    return replace(made, **changes)


def receipt(message_id: str = "MCC-1", response: str = "1", notice_type: str = "1", **changes: Any) -> NoticeReceipt:
    details = ("Lives in Salford",) if response == "2" else ()
    made = NoticeReceipt(head(message_id), "NMGH-1", NOW, notice_type, response, details)
    return replace(made, **changes)


def in_standard_order(*said: Said) -> tuple[Said, ...]:
    return tuple(sorted(said, key=lambda one: in_order(one.path)))


# ---------------------------------------------------------------- anything that can be written

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn"))
_POOL = ["O'Brien", "Łukasz Żółć", "نور", "李", "a — b", "5 mg", "x" * 90, "\u200fא", "🐈", "{}", "Y", "null", "0"]
_TYPED = st.sampled_from(_POOL) | st.text(_LETTERS, max_size=20)


def _line(longest: int) -> st.SearchStrategy[str]:
    return _TYPED.map(lambda words: line(words, "", Findings(), longest)).filter(bool)


def _text(longest: int = 8_000) -> st.SearchStrategy[str]:
    several = st.lists(_TYPED, max_size=4).map("\n".join)
    return several.map(lambda words: paragraph(words, "", Findings(), longest)).filter(bool)


def _valid_nhs(nine: str) -> str:
    digit = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return nine + str(digit % 11) if digit != 10 else "9434765919"


_MOMENTS = st.integers(946_684_800, 2_208_988_800).map(lambda at: datetime.fromtimestamp(at, UTC))
_POSTCODES = st.from_regex(r"M[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True).filter(
    lambda text: Postcode(text).text == text
)


def _one(one: Field) -> st.SearchStrategy[Any]:
    match one.sort:
        case "line":
            return _line(one.longest)
        case "text":
            return _text(min(one.longest, 500))
        case "moment":
            return _MOMENTS
        case "day":
            return st.dates(date(1891, 1, 1), TODAY)
        case "code":
            return st.sampled_from(list(codes(one.codes)))
        case "nhs_number":
            return st.integers(0, 99_999_999).map(lambda n: NhsNumber(_valid_nhs(f"9{n:08d}")).digits)
        case "postcode":
            return _POSTCODES


def _of(one: Field) -> st.SearchStrategy[Any]:
    if one.many:
        return st.lists(_one(one), max_size=4).map(tuple)
    empty: Any = None if one.sort in ("moment", "day") else ""
    return _one(one) if one.needed else st.just(empty) | _one(one)


_TAKEN = {
    tuple(step for step in one.path if isinstance(step, str)) for kind in OWN for one in (*HEAD, *OWN[kind])
} | {("Person demographics", "Person's address", f"Address line {n}") for n in range(1, 6)}  # fmt: skip


def _mandatory_near(path: Any) -> bool:
    """Some heading on the way to it asks for another beside it."""
    names = [step for step in path if isinstance(step, str)]
    at = root()
    for depth, name in enumerate(names):
        if depth and any(one.least and one.name != name for one in at.inner):
            return True
        at = next(one for one in at.inner if one.name == name)
    return False


FREE = [
    path
    for path in leaves()
    if tuple(step for step in path if isinstance(step, str)) not in _TAKEN
    and path[0] not in ("Message", "Assessment notice", "NHS CHC Assessment", "Discharge notice", "Withdrawal notice")
    and path[0] != "Notice receipt"
    and not _mandatory_near(path)
]
_SAID = st.lists(st.tuples(st.sampled_from(FREE), _text(300)), max_size=6, unique_by=lambda one: one[0])


_ANY = {kind: {one.name: _of(one) for one in (*HEAD, *OWN[kind])} for kind in OWN}


@st.composite
def notices(draw: st.DrawFn, kind: str, **fixed: Any) -> Notice:
    """Any notice of a kind that can be written; ``fixed`` values by dotted name with underscores as they are."""
    values = {name: draw(any_value) for name, any_value in _ANY[kind].items()} | fixed
    said = [Said(path, words) for path, words in draw(_SAID)]
    values = _whole_groups(values)
    if kind == "assessment":
        values["consent_source"] = "B" if values["consent"] == "L" else ""
        said = [one for one in said if one.path != ALLERGY.path] + [ALLERGY]  # a heading is said once
    if kind == "withdrawal" and values["reason"] == "13":
        values["words"] = values["words"] or ("For another reason",)
    if kind == "receipt" and values["response"] == "2":
        values["details"] = values["details"] or ("Not ours",)
    return built(kind, {**values, "said": in_standard_order(*said)})  # type: ignore[arg-type]


def _whole_groups(values: dict[str, Any]) -> dict[str, Any]:
    """Groups with mandatory headings, complete: what stands in one of them brings the others."""
    found = dict(values)
    found["head.person.birth_date"] = found["head.person.birth_date"] or date(1940, 1, 1)
    found["head.person.surname"] = found["head.person.surname"] or "Ashworth"
    found["head.person.postcode"] = found["head.person.postcode"] or "M40 0AB"
    for name in ("authority.name", "authority.contact_name", "authority.contact", "referrer.contact"):
        found[f"head.{name}"] = found[f"head.{name}"] or "Duty desk"
    found["head.person.practice_code"] = found["head.person.practice_code"] or "P84004"
    if "stay.person_informed" in found:
        found["stay.person_informed"] = found["stay.person_informed"] or "Y"
        found["stay.carer_informed"] = found["stay.carer_informed"] or "NKC"
    return found
