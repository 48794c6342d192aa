"""Transfers to recovery: rows with their lights and delays; what is looked up where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.dialects.postgresql import insert as upsert

from coordination.clock import local_date
from coordination.errors import NotFound
from coordination.names import listed
from coordination.transfer.caseload import USUAL_LENGTH, InRecovery, Load, Unseen, Waiting
from coordination.transfer.model import (
    Delay,
    LightKind,
    LightState,
    Recovery,
    Told,
    Transfer,
    TransferDraft,
    TransferId,
)
from coordination.values import PersonId, ReferralId, UserName
from db.stores.transfer_rows import OPEN, day_of, transfer_of, transfer_query
from db.tables.governance import user_account
from db.tables.hospital import hospital_notice
from db.tables.intake import contact, referral
from db.tables.people import person, person_around
from db.tables.reablement import reablement_episode
from db.tables.reference import hospital, neighbourhood, setting, ward
from db.tables.transfer import transfer, transfer_delay, transfer_light
from db.today import TODAY


def _setting(name: str) -> Any:
    return select(setting.c.value).where(setting.c.name == name).scalar_subquery()


def _admitted(draft: TransferDraft) -> Any:
    """What the ward's last notice says, unless it is after they were ready."""
    n = hospital_notice.c
    said = day_of(n.admitted_at)
    return (
        select(said)
        .where(n.referral_id == draft.referral_id, n.kind != "withdrawal", said <= local_date(draft.ready_at))
        .order_by(n.received_at.desc())
        .limit(1)
        .scalar_subquery()
    )


class PgTransferStore:
    """See coordination.transfer.store.TransferStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, locality: str | None) -> list[Transfer]:
        query = transfer_query().where(transfer.c.state == "in_hospital")
        if locality is not None:
            query = query.where(or_(neighbourhood.c.locality == locality, neighbourhood.c.locality.is_(None)))
        return [transfer_of(row) for row in self._connection.execute(query)]

    def between(self, first: date, last: date) -> list[Transfer]:
        ready = day_of(transfer.c.ready_at) <= last
        still = or_(transfer.c.left_at.is_(None), day_of(transfer.c.left_at) >= first)
        query = transfer_query().where(ready, still, transfer.c.state != "not_ready")
        return [transfer_of(row) for row in self._connection.execute(query)]

    def one(self, key: TransferId) -> Transfer:
        row = self._connection.execute(transfer_query().where(transfer.c.id == key)).one_or_none()
        if row is None:
            raise NotFound("transfer", str(key))
        return transfer_of(row)

    def told(self, limit: int) -> list[Told]:
        return [
            Told(
                ReferralId(row.id), row.number, None if row.person_id is None else PersonId(row.person_id),
                row.surname or "", row.given or "", row.site or "",
                row.ward or "", row.moft_at.astimezone(UTC),
            )
            for row in self._connection.execute(self._told().limit(limit))
        ]  # fmt: skip

    def _told(self) -> Any:
        r, p, n = referral.c, person.c, hospital_notice
        on_it = (
            select(transfer.c.id)
            .where(or_(transfer.c.referral_id == r.id, and_(transfer.c.person_id == r.person_id,
                                                           transfer.c.state == "in_hospital")))
            .exists()
        )  # fmt: skip
        said = (
            select(n.c.site, n.c.ward)
            .where(n.c.referral_id == r.id, n.c.kind != "withdrawal")
            .order_by(n.c.received_at.desc())
            .limit(1)
            .lateral("said")
        )
        return (
            select(
                r.id,
                r.number,
                r.person_id,
                p.surname,
                p.given,
                r.moft_at,
                func.coalesce(said.c.site, contact.c.details["site"].astext).label("site"),
                func.coalesce(said.c.ward, contact.c.details["ward"].astext).label("ward"),
            )
            .select_from(referral)
            .join(contact, contact.c.id == r.contact_id)
            .outerjoin(person, p.id == r.person_id)
            .outerjoin(said, true())
            .where(r.moft_at.is_not(None), r.state.in_(OPEN), ~on_it)
            .order_by(r.moft_at)
        )

    def load(self) -> Load:
        """One query: who has left and is in the caseload, who is in hospital and ready, and what is set."""
        t, e = transfer.c, reablement_episode.c
        left = day_of(t.left_at)
        episode = (
            select(e.planned_end, e.ended_on)
            .where(e.person_id == t.person_id, t.recovery == "reablement", e.started_on.between(left - 3, left + 14))
            .order_by(e.started_on)
            .limit(1)
            .lateral("episode")
        )
        unseen = func.caseload_unseen().table_valued("state", "recovery", "day", "many")
        each = func.jsonb_build_array(unseen.c.state, unseen.c.recovery, unseen.c.day, unseen.c.many)
        there = select(
            _setting("transfer.caseload").label("most"), _setting("transfer.recovery_days").label("usual"),
            select(func.count()).select_from(self._told().subquery()).scalar_subquery().label("told"),
            select(func.jsonb_agg(each)).select_from(unseen).scalar_subquery().label("unseen"),
        ).subquery()  # fmt: skip
        in_it = and_(t.state == "left", t.recovery != "", t.recovery_ended_on.is_(None), episode.c.ended_on.is_(None))
        query = (
            select(
                there.c.most, there.c.usual, there.c.told, there.c.unseen,
                t.id, t.person_id, t.state, t.recovery, t.recovery_until, t.expected_on, t.ready_at,
                t.revision, left.label("left_on"), episode.c.planned_end, person.c.surname, person.c.given,
                person.c.title, func.coalesce(neighbourhood.c.locality, "").label("locality"),
                ward.c.neighbourhood_id,
            )
            .select_from(there)
            .outerjoin(transfer, or_(t.state == "in_hospital", and_(t.state == "left", t.recovery != "",
                                                                   t.recovery_ended_on.is_(None))))
            .outerjoin(episode, true())
            .outerjoin(person, person.c.id == t.person_id)
            .outerjoin(ward, ward.c.code == person.c.ward_code)
            .outerjoin(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
            .where(or_(t.id.is_(None), t.state == "in_hospital", in_it))
            .order_by(t.ready_at)
        )  # fmt: skip
        inside, waiting = [], []
        rows = self._connection.execute(query).all()
        days = {kind: int(n) for kind, n in (rows[0].usual or {}).items()}
        for r in rows:
            if r.id is None:
                continue
            who, kind = listed(r.surname, r.given, r.title), cast("Recovery", r.recovery or "reablement")
            if r.state == "in_hospital":
                waiting.append(
                    Waiting(TransferId(r.id), PersonId(r.person_id), who, kind, r.expected_on,
                            r.ready_at.astimezone(UTC), r.neighbourhood_id)
                )  # fmt: skip
                continue
            until = r.planned_end or r.recovery_until or r.left_on + timedelta(days=days.get(kind, USUAL_LENGTH))
            inside.append(
                InRecovery(TransferId(r.id), PersonId(r.person_id), who, kind, r.left_on, until,
                           r.planned_end is not None, r.locality, r.revision)
            )  # fmt: skip
        hidden = [
            Unseen(state, kind, date.fromisoformat(day) if day else None, many)
            for state, kind, day, many in rows[0].unseen or ()
        ]
        most = 100 if rows[0].most is None else int(rows[0].most)
        return Load(tuple(inside), tuple(waiting), tuple(hidden), most, rows[0].told, days)

    def in_episodes(self) -> int:
        """How many people are in reablement now, whatever they came from."""
        e = reablement_episode.c
        query = select(func.count()).select_from(reablement_episode).where(e.ended_on.is_(None), e.started_on <= TODAY)
        found: int = self._connection.execute(query).scalar_one()
        return found

    def small_number(self) -> int:
        """Counts below this do not leave the centre (O3)."""
        query = select(setting.c.value).where(setting.c.name == "transfer.small_numbers")
        return int(self._connection.execute(query).scalar_one_or_none() or 5)

    def carers(self, person_id: PersonId) -> list[str]:
        """Whom to tell: name, relation and telephone of each carer."""
        a = person_around.c
        query = select(a.name, a.relation, a.phone).where(a.person_id == person_id, a.is_carer, a.until.is_(None))
        return [", ".join(filter(None, row)) for row in self._connection.execute(query.order_by(a.name))]

    def hospital_referral(self, person_id: PersonId) -> ReferralId | None:
        """The open referral of this person that came from a ward or an emergency department, the newest."""
        r = referral.c
        query = (
            select(r.id)
            .join(contact, contact.c.id == r.contact_id)  # the source of a notice is the name of its hospital
            .where(r.person_id == person_id, r.state.in_(OPEN), contact.c.channel.in_(("ward", "emergency_department")))
        )
        found = self._connection.execute(query.order_by(r.received_at.desc()).limit(1)).scalar_one_or_none()
        return None if found is None else ReferralId(found)

    def told_since(self, referral_id: ReferralId, key: TransferId) -> bool:
        r = referral.c
        begun = select(transfer.c.begun_at).where(transfer.c.id == key).scalar_subquery()
        query = select(r.id).where(r.id == referral_id, r.moft_told_at >= begun)
        return self._connection.execute(query).first() is not None

    def of_person(self, person_id: PersonId) -> Transfer | None:
        query = transfer_query().where(transfer.c.person_id == person_id, transfer.c.state == "in_hospital")
        row = self._connection.execute(query).one_or_none()
        return None if row is None else transfer_of(row)

    def add(self, key: TransferId, draft: TransferDraft, list_: str) -> None:
        row = {
            "id": key, "person_id": draft.person_id, "referral_id": draft.referral_id, "hospital": draft.hospital,
            "ward": draft.ward.strip(), "list": list_, "ready_at": draft.ready_at, "expected_on": draft.expected_on,
            "admitted_on": draft.admitted_on if draft.admitted_on is not None else _admitted(draft),
        }  # fmt: skip
        self._connection.execute(upsert(transfer).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def change(self, key: TransferId, seen: int, changes: Mapping[str, object]) -> bool:
        done = self._connection.execute(
            update(transfer)
            .where(transfer.c.id == key, transfer.c.revision == seen)
            .values(**changes, revision=transfer.c.revision + 1)
        )
        return done.rowcount == 1

    def set_light(self, key: TransferId, kind: LightKind, state: LightState | None, note: str) -> None:
        t = transfer_light
        row = {"transfer_id": key, "kind": kind, "state": state or "to_do", "note": note}
        change = {"state": row["state"], "note": note, "revision": t.c.revision + 1}
        self._connection.execute(
            upsert(t).values(row).on_conflict_do_update(index_elements=["transfer_id", "kind"], set_=change)
        )

    def begin_delay(self, key: UUID, transfer_id: TransferId, list_: str, reason: str, since: date, note: str) -> None:
        d = transfer_delay
        again = self._connection.execute(select(d.c.id).where(d.c.id == key)).first()
        if again is not None:
            return
        self._connection.execute(delete(d).where(d.c.transfer_id == transfer_id, func.lower(d.c.nights) >= since))
        until = func.daterange(func.lower(d.c.nights), since, type_=DATERANGE)
        later = or_(func.upper_inf(d.c.nights), func.upper(d.c.nights) > since)
        self._connection.execute(
            update(d).where(d.c.transfer_id == transfer_id, later).values(nights=until, revision=d.c.revision + 1)
        )
        self._put(key, transfer_id, list_, reason, since, None, note)

    def put_delays_back(self, key: TransferId, delays: tuple[Delay, ...]) -> None:
        list_ = self._connection.execute(select(transfer.c.list).where(transfer.c.id == key)).scalar_one()
        self._connection.execute(delete(transfer_delay).where(transfer_delay.c.transfer_id == key))
        for d in delays:
            self._put(d.id, key, list_, d.reason, d.since, d.until, d.note)

    def _put(
        self, key: UUID, transfer_id: TransferId, list_: str, reason: str, since: date, until: date | None, note: str
    ) -> None:
        row = {
            "id": key, "transfer_id": transfer_id, "list": list_, "reason": reason, "note": note,
            "nights": func.daterange(since, until, type_=DATERANGE),
        }  # fmt: skip
        self._connection.execute(upsert(transfer_delay).values(row))

    def owners(self) -> list[tuple[UserName, str]]:
        u = user_account.c
        roles = ("care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor")
        query = select(u.user_name, u.display_name).where(u.active, u.role.in_(roles)).order_by(u.display_name)
        return [(UserName(row.user_name), row.display_name) for row in self._connection.execute(query)]

    def hospitals(self) -> dict[str, str]:
        query = select(hospital.c.code, hospital.c.name).order_by(hospital.c.name)
        return {row.code: row.name for row in self._connection.execute(query)}

    def now(self) -> datetime:
        moment: datetime = self._connection.execute(select(func.now())).scalar_one()
        return moment.astimezone(UTC)
