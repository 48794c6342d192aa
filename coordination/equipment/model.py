"""Orders of community equipment (D6): for whom, for what, how far each is.

An order is for one person and one model. What several orders of a person have in common is the visit that carries them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.equipment.stock_model import ItemId
from coordination.names import listed
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, StayId, VisitId, Window

OrderId = NewType("OrderId", UUID)
OrderState = Literal["ordered", "reserved", "slot_agreed", "in_van", "delivered", "fitted", "cancelled"]
ORDER_STATES: tuple[OrderState, ...] = (
    "ordered", "reserved", "slot_agreed", "in_van", "delivered", "fitted", "cancelled",
)  # fmt: skip
OrderSource = Literal["by_hand", "plan", "assessment", "transfer", "stay", "referral"]
OrderView = Literal["open", "to_reserve", "to_agree", "to_deliver", "to_fit", "late", "over", "done", "cancelled"]
ORDER_VIEWS: tuple[OrderView, ...] = (
    "open", "to_reserve", "to_agree", "to_deliver", "to_fit", "late", "over", "done", "cancelled",
)  # fmt: skip
CollectionCause = Literal["plan_ended", "stay_ended", "died", "loan_ended", "service_failed", "asked"]
StandingKind = Literal["nothing_ordered", "ordered", "reserved", "slot_agreed", "in_van", "delivered"]


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What is needed to order. Of the ids, those of what the order came from. ``until_on``: a loan with an agreed end.
    A model of single items is ordered one at a time."""

    person_id: PersonId
    model: str
    quantity: int = 1
    wanted_by: date | None = None
    until_on: date | None = None
    note: str = ""
    source: OrderSource = "by_hand"
    plan_id: PlanId | None = None
    plan_equipment_id: UUID | None = None
    assessment_id: AssessmentId | None = None
    transfer_id: UUID | None = None
    stay_id: StayId | None = None
    referral_id: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered for somebody, and how far it is. ``place``: where it goes: the person's address, or the
    apartment of their stay. ``slot`` and ``fit_slot``: when somebody comes. ``reason``: why it was cancelled, or why
    the last attempt failed; ``tries``: attempts that failed. ``cause``: the database cancelled it, because of that.
    ``promised_from``: reserved from that day on, and not put by yet."""

    id: OrderId
    number: int
    person_id: PersonId
    surname: str
    given: str
    title: str
    place: str = field(repr=False)
    postcode: str = field(repr=False)
    locality: str
    model: str
    name: str
    single: bool
    fitting: bool
    workers: int
    visit_minutes: int
    quantity: int
    source: OrderSource
    plan_id: PlanId | None
    plan_equipment_id: UUID | None
    assessment_id: AssessmentId | None
    transfer_id: UUID | None
    stay_id: StayId | None
    referral_id: ReferralId | None
    wanted_by: date
    until_on: date | None
    note: str = field(repr=False)
    state: OrderState
    store: str
    store_name: str
    item_id: ItemId | None
    serial: str
    slot: Window | None
    fit_slot: Window | None
    ordered_by_name: str
    ordered_at: datetime
    delivered_at: datetime | None
    fitted_at: datetime | None
    reason: str = field(repr=False)
    tries: int
    revision: int
    visit_id: VisitId | None = None
    cause: CollectionCause | None = None
    promised_from: date | None = None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    @property
    def is_open(self) -> bool:
        """Something is still to be done: to bring it, or to fit it."""
        return self.state in ("ordered", "reserved", "slot_agreed", "in_van") or self.is_to_fit

    @property
    def is_to_fit(self) -> bool:
        return self.state == "delivered" and self.fitting

    def is_late(self, today: date) -> bool:
        return self.wanted_by < today and self.state in ("ordered", "reserved", "slot_agreed", "in_van")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far equipment for somebody is: the least of what is under way; ``delivered`` when nothing is. ``words``
    names each thing with its state, for the row of lights of a transfer (T2)."""

    person_id: PersonId
    kind: StandingKind
    under_way: int
    delivered: int
    slot: Window | None
    words: str

    @property
    def is_ready(self) -> bool:
        """Everything ordered is there."""
        return self.kind == "delivered"
