"""Criteria to reside: who still meets them, who does not any more, and who said so (T6). One list a site for the
morning call. What was said holds until something else is said; a line of an earlier day says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.clock import local_date
from coordination.names import listed
from coordination.transfer.model import Transfer, TransferId
from coordination.values import PersonId, ReferralId

SaidId = NewType("SaidId", UUID)
Verdict = Literal["meets", "no_longer", "gone"]
RESIDE_LIST = "reside-2024-07"
"""The national list in force: why somebody still meets the criteria (resources/reference/discharge.toml)."""


@dataclass(frozen=True, slots=True)
class SaidDraft:
    """What is said of somebody. ``reason`` of RESIDE_LIST, for ``meets``; ``told_by``: who on the ward said so."""

    person_id: PersonId
    hospital: str
    verdict: Verdict
    reason: str = ""
    ward: str = ""
    told_by: str = ""
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said last of somebody, with whom it is about."""

    id: SaidId
    person_id: PersonId
    surname: str
    given: str
    birth_year: int | None
    hospital: str
    ward: str
    verdict: Verdict
    list: str
    reason: str
    note: str = field(repr=False)
    told_by: str
    said_by_name: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """A ward asked for an assessment, and nobody has said yet whether they meet the criteria."""

    referral_id: ReferralId
    person_id: PersonId
    surname: str
    given: str
    birth_year: int | None
    hospital: str
    ward: str
    asked_at: datetime
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a site's list. ``verdict`` empty: nobody has said. ``transfer`` of whoever no longer meets them;
    ``said_at`` when it was said, by whom; ``carried``: on an earlier day than this."""

    person_id: PersonId
    who: str
    hospital: str
    ward: str
    verdict: Verdict | Literal[""]
    reason_list: str
    reason: str
    since: datetime | None
    nights: int
    told_by: str
    said_by_name: str
    said_at: datetime | None
    carried: bool
    note: str = field(default="", repr=False)
    expected_on: date | None = None
    transfer: Transfer | None = field(default=None, repr=False)
    referral_id: ReferralId | None = None

    @property
    def transfer_id(self) -> TransferId | None:
        return self.transfer.id if self.transfer is not None else None


@dataclass(frozen=True, slots=True)
class SiteList:
    """One hospital on one morning: who need not be there first, the longest wait on top."""

    hospital: str
    name: str
    day: date
    lines: tuple[Line, ...]
    as_of: datetime

    def of(self, verdict: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict == verdict)


_ORDER = {"no_longer": 0, "": 1, "meets": 2}


def site_lists(
    transfers: Iterable[Transfer], said: Iterable[Said], expected: Iterable[Expected], sites: Mapping[str, str],
    now: datetime,
) -> list[SiteList]:  # fmt: skip
    """``said``: the last of each person; ``sites``: code to name. Each person stands on one list, once."""
    today = local_date(now)
    last = {each.person_id: each for each in said}
    ready = list(transfers)
    known = {t.person_id for t in ready}
    meeting = [s for s in last.values() if s.verdict == "meets" and s.person_id not in known]
    known |= {s.person_id for s in last.values()}
    asked: dict[PersonId, Expected] = {}
    for each in expected:
        if each.person_id not in known:
            asked.setdefault(each.person_id, each)
    years = {s.person_id: s.birth_year for s in last.values()} | {a.person_id: a.birth_year for a in asked.values()}
    lines = [_ready(t, last.get(t.person_id), today) for t in ready]
    lines += [_meets(s, today) for s in meeting]
    lines += [_asked(e, today) for e in asked.values()]
    found = []
    for code, name in sites.items():
        own = [line for line in lines if line.hospital == code]
        own.sort(key=lambda line: (_ORDER[line.verdict], -line.nights, line.ward, line.who))
        found.append(SiteList(code, name, today, _told_apart(own, years), now))
    return found


def _ready(one: Transfer, said: Said | None, today: date) -> Line:
    again = said if said is not None and said.verdict == "no_longer" and said.said_at >= one.ready_at else None
    at = again.said_at if again is not None else one.begun_at
    return Line(
        one.person_id, one.who, one.hospital, one.ward, "no_longer", one.list,
        one.delay.reason if one.delay is not None else "", one.ready_at, one.nights_waited(today),
        again.told_by if again is not None else "", again.said_by_name if again is not None else one.begun_by_name,
        at, at is not None and local_date(at) < today, again.note if again is not None else "", one.expected_on, one,
        one.referral_id,
    )  # fmt: skip


def _meets(said: Said, today: date) -> Line:
    return Line(
        said.person_id, listed(said.surname, said.given), said.hospital, said.ward, "meets", said.list, said.reason,
        None, 0, said.told_by, said.said_by_name, said.said_at, local_date(said.said_at) < today, said.note,
    )  # fmt: skip


def _asked(asked: Expected, today: date) -> Line:
    return Line(
        asked.person_id, listed(asked.surname, asked.given), asked.hospital, asked.ward, "", "", "", None, 0, "", "",
        None, False, "", asked.expected_on, None, asked.referral_id,
    )  # fmt: skip


def _told_apart(lines: list[Line], years: Mapping[PersonId, int | None]) -> tuple[Line, ...]:
    """Two of one name on one list get their year of birth, where it is known: no more than is needed."""
    from dataclasses import replace

    names = [line.who for line in lines]
    return tuple(
        replace(line, who=f"{line.who} (born {years[line.person_id]})")
        if names.count(line.who) > 1 and years.get(line.person_id)
        else line
        for line in lines
    )
