"""What was said of the criteria to reside: the last of each person, and whom wards asked about."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import Connection, and_, delete, extract, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.transfer.reside import RESIDE_LIST, Expected, Said, SaidDraft, SaidId
from coordination.values import PersonId, ReferralId
from db.stores.transfer_rows import OPEN
from db.tables.governance import user_account
from db.tables.hospital import hospital_notice
from db.tables.intake import referral
from db.tables.people import person
from db.tables.reference import hospital
from db.tables.transfer import reside_said, transfer

DAYS_KEPT = 90
"""what was said longer ago is history, and stands on no list"""


class PgResideStore:
    """See coordination.transfer.store.ResideStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self) -> list[Said]:
        s = reside_said.c
        recent = s.said_at > func.now() - func.make_interval(0, 0, 0, DAYS_KEPT)
        last = (
            select(reside_said)
            .ext(distinct_on(s.person_id))
            .where(recent)
            .order_by(s.person_id, s.said_at.desc(), s.id.desc())
        ).subquery("last_said")
        t = transfer.c
        left = select(t.id).where(t.person_id == last.c.person_id, t.state == "left", t.left_at > last.c.said_at)
        return [_of(row) for row in self._connection.execute(_query(last).where(~left.exists()))]

    def expected(self) -> list[Expected]:
        r, n, p, t, s = referral.c, hospital_notice.c, person.c, transfer.c, reside_said.c
        site, name = func.lower(n.site), func.lower(hospital.c.name)
        at_site = and_(  # a ward writes the code, the name, or the name with more around it
            n.site != "",
            or_(func.lower(hospital.c.code) == site, func.strpos(site, name) > 0, func.strpos(name, site) > 0),
        )
        on_list = select(t.id).where(t.person_id == r.person_id, t.state == "in_hospital").exists()
        said = select(s.id).where(s.person_id == r.person_id, s.said_at >= n.received_at).exists()
        query = (
            select(
                r.id, r.person_id, p.surname, p.given, extract("year", p.birth_date).label("year"),
                hospital.c.code, n.ward, n.received_at, n.expected_on,
            )
            .ext(distinct_on(r.id))
            .select_from(referral)
            .join(person, p.id == r.person_id)
            .join(hospital_notice, and_(n.referral_id == r.id, n.kind == "assessment", n.withdrawn_by.is_(None)))
            .join(hospital, at_site)
            .where(r.state.in_(OPEN), r.moft_at.is_(None), ~on_list, ~said)
            .order_by(r.id, n.received_at.desc())
            .limit(500)
        )  # fmt: skip
        return [
            Expected(
                ReferralId(row.id), PersonId(row.person_id), row.surname, row.given,
                None if row.year is None else int(row.year), row.code, row.ward, row.received_at.astimezone(UTC),
                row.expected_on,
            )
            for row in self._connection.execute(query)
        ]  # fmt: skip

    def say(self, key: SaidId, draft: SaidDraft) -> None:
        row = {
            "id": key, "person_id": draft.person_id, "hospital": draft.hospital, "ward": draft.ward.strip(),
            "verdict": draft.verdict, "list": RESIDE_LIST, "reason": draft.reason or None, "note": draft.note.strip(),
            "told_by": draft.told_by.strip(),
        }  # fmt: skip
        self._connection.execute(upsert(reside_said).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def take_back(self, key: SaidId) -> None:
        self._connection.execute(delete(reside_said).where(reside_said.c.id == key))


def _query(source: Any) -> Any:
    said, who = source.c, user_account.alias("said_account")
    return (
        select(
            source, person.c.surname, person.c.given, extract("year", person.c.birth_date).label("year"),
            func.coalesce(who.c.display_name, said.said_by).label("said_by_name"),
        )
        .select_from(source)
        .join(person, person.c.id == said.person_id)
        .outerjoin(who, who.c.user_name == said.said_by)
    )  # fmt: skip


def _of(r: Any) -> Said:
    return Said(
        SaidId(r.id), PersonId(r.person_id), r.surname, r.given, None if r.year is None else int(r.year), r.hospital,
        r.ward, r.verdict, r.list, r.reason or "", r.note, r.told_by, r.said_by_name, r.said_at.astimezone(UTC),
    )  # fmt: skip
