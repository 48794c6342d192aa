"""What visits of the equipment team carry, and the time that the team has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select

from coordination.clock import at_local
from coordination.deployment.model import Elsewhere, PersonBrief, Place
from coordination.equipment.deliveries import Delivery, DeliveryId, Errands
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import OrderId
from coordination.equipment.slots import TeamDays
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId
from db.stores.deployment_rows import between, ends_of, read_visits, read_workers
from db.tables.deliveries import delivery
from db.tables.deployment import allocation, visit, worker
from db.tables.equipment import (
    equipment_collection,
    equipment_item,
    equipment_loan,
    equipment_model,
    equipment_order,
    equipment_store,
)
from db.tables.people import person
from db.tables.reference import postcode, team, ward


class PgDeliveryStore:
    """See coordination.equipment.deliveries_store.DeliveryStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ the time of a team

    def teams(self, locality: str | None) -> list[TeamDays]:
        query = select(team).where(team.c.service == "equipment")
        if locality is not None:
            query = query.where(or_(team.c.locality == locality, team.c.locality.is_(None)))
        rows = self._connection.execute(query.order_by(team.c.locality.nulls_last(), team.c.name))
        return [TeamDays(TeamId(r.id), r.name, r.locality, (), ()) for r in rows]

    def team_days(self, of: TeamDays, first: date, last: date) -> TeamDays:
        whole = Window(at_local(first, 0), at_local(last, 24))
        own = (worker.c.team_id == of.team_id) & worker.c.active
        workers = read_workers(self._connection, own, whole, whole)
        on_the_days = and_(visit.c.team_id == of.team_id, visit.c.day.between(first, last), ~visit.c.dropped)
        visits = read_visits(self._connection, on_the_days)
        elsewhere = self._elsewhere([w.id for w in workers], of.team_id, first, last)
        return TeamDays(of.team_id, of.name, of.locality, workers, visits, elsewhere)

    def _elsewhere(self, workers: Sequence[WorkerId], own: TeamId, first: date, last: date) -> tuple[Elsewhere, ...]:
        """Times only: whom they visit for others is not asked."""
        a, day = allocation.c, timedelta(days=1)
        query = (
            select(a.worker_id, a.visit_id, visit.c.team_id, *ends_of(a.period))
            .join(visit, visit.c.id == a.visit_id)
            .where(a.worker_id.in_(workers), visit.c.team_id != own, visit.c.day.between(first - day, last + day))
        )
        return tuple(
            Elsewhere(WorkerId(r.worker_id), VisitId(r.visit_id), TeamId(r.team_id), "", between(r.begins, r.ends))
            for r in self._connection.execute(query)
        )

    def hold_round(self, team_id: TeamId) -> None:
        self._connection.execute(select(func.round_alone(team_id)))

    def person(self, person_id: PersonId) -> PersonBrief | None:
        p = person.c
        query = (
            select(
                p.id, p.surname, p.given, p.title, p.address, p.postcode, p.access_notes,
                func.coalesce(postcode.c.lat, ward.c.lat).label("lat"),
                func.coalesce(postcode.c.lon, ward.c.lon).label("lon"),
            )
            .outerjoin(postcode, postcode.c.postcode == p.postcode)
            .outerjoin(ward, ward.c.code == p.ward_code)
            .where(p.id == person_id)
        )  # fmt: skip
        r = self._connection.execute(query).one_or_none()
        if r is None:
            return None
        return PersonBrief(
            PersonId(r.id), r.surname, r.given, r.title, address=r.address, postcode=r.postcode or "",
            access_notes=r.access_notes, place=None if r.lat is None else Place(r.lat, r.lon),
        )  # fmt: skip

    # ------------------------------------------------------------------ what a visit carries

    def add(self, visit_id: VisitId, errands: Sequence[tuple[DeliveryId, Errands]]) -> None:
        rows = [
            {
                "id": key, "visit_id": visit_id, "errand": each.errand, "fits": each.fits,
                "order_id": None if each.errand == "collect" else each.key,
                "collection_id": each.key if each.errand == "collect" else None,
            }
            for key, each in errands
        ]  # fmt: skip
        self._connection.execute(insert(delivery), rows)

    def of_visits(self, visits: Sequence[VisitId]) -> list[Delivery]:
        d, o, c = delivery.c, equipment_order, equipment_collection
        query = (
            select(
                d.id, d.visit_id, d.errand, d.fits, d.order_id, d.collection_id, d.state, o.c.number, o.c.quantity,
                equipment_model.c.name, equipment_item.c.serial, equipment_store.c.name.label("store_name"),
            )
            .select_from(delivery)
            .outerjoin(c, c.c.id == d.collection_id)
            .outerjoin(equipment_loan, equipment_loan.c.id == c.c.loan_id)
            .join(o, o.c.id == func.coalesce(d.order_id, equipment_loan.c.order_id))
            .join(equipment_model, equipment_model.c.code == o.c.model)
            .outerjoin(equipment_item, equipment_item.c.id == o.c.item_id)
            .outerjoin(equipment_store, equipment_store.c.code == o.c.store)
            .where(d.visit_id.in_(visits))
            .order_by(d.visit_id, d.id)
        )  # fmt: skip
        return [_delivery(r) for r in self._connection.execute(query)]

    def visits_of(self, key: OrderId | CollectionId) -> list[VisitId]:
        d = delivery.c
        query = select(d.visit_id).where(d.state == "planned", or_(d.order_id == key, d.collection_id == key))
        return [VisitId(v) for v in self._connection.execute(query.order_by(d.id)).scalars()]


def _delivery(r: Any) -> Delivery:
    return Delivery(
        DeliveryId(r.id), VisitId(r.visit_id), r.errand, r.fits, r.order_id and OrderId(r.order_id),
        r.collection_id and CollectionId(r.collection_id), r.number, r.name, r.serial or "", r.quantity,
        r.store_name or "", r.state,
    )  # fmt: skip
