"""The unit of work: one transaction, one store an area, and who is asking.

A service method runs inside one ``with begin() as work:``. Leaving cleanly commits, anything else
rolls back; a service never commits by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from coordination.values import TeamId, UserName

if TYPE_CHECKING:  # a transaction needs no area but those that are used in it
    from coordination.apartments.referrals_store import PlacementStore
    from coordination.apartments.schemes_store import SchemeStore
    from coordination.apartments.store import ApartmentStore
    from coordination.apartments.tracker_store import TrackerStore
    from coordination.assessment.form_library import FormStore
    from coordination.assessment.receipts import ReceiptStore
    from coordination.assessment.store import AssessmentStore
    from coordination.assessment.trust import TrustStore
    from coordination.careplan.store import PlanStore
    from coordination.deployment.forecast_store import ForecastStore
    from coordination.deployment.maps import GroundStore
    from coordination.deployment.outcomes.store import OutcomeStore
    from coordination.deployment.patterns_store import VisitStore
    from coordination.deployment.planner.store import PlanningStore
    from coordination.deployment.published_store import PublishedStore
    from coordination.deployment.store import DeploymentStore
    from coordination.duty.store import DutyStore
    from coordination.equipment.deliveries_store import DeliveryStore
    from coordination.equipment.store import EquipmentStore
    from coordination.governance.emergency_store import EmergencyStore
    from coordination.governance.looked_store import LookedStore
    from coordination.governance.store import GovernanceStore
    from coordination.governance.users_store import UserStore
    from coordination.intake.store import IntakeStore
    from coordination.messages.hospital import HospitalStore
    from coordination.messages.inbox_store import InboxStore
    from coordination.messages.store import MessageStore
    from coordination.people.callers.store import CallerStore
    from coordination.people.sharing_store import SharingStore
    from coordination.people.store import PeopleStore
    from coordination.presence.store import PresenceStore
    from coordination.reablement.store import ReablementStore
    from coordination.safeguarding.store import SafeguardingStore
    from coordination.settings.store import SettingStore
    from coordination.transfer.store import ResideStore, TransferStore
    from coordination.workforce.ahead_store import AheadStore
    from coordination.workforce.store import AbsenceStore, RotaStore, WorkforceStore

Role = Literal[
    "care_coordinator",
    "placement_coordinator",
    "team_lead",
    "trusted_assessor",
    "manager",
    "ig_lead",
    "administrator",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in. The database decides what they may do; this is for screens."""

    user_name: UserName
    display_name: str
    role: Role
    locality: str | None
    team_id: TeamId | None
    training: bool = False


class Work(Protocol):
    """One open transaction."""

    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> datetime:
        """The server's time at the start of the transaction, aware, UTC."""
        ...

    @property
    def people(self) -> PeopleStore: ...
    @property
    def sharing(self) -> SharingStore: ...
    @property
    def emergency(self) -> EmergencyStore: ...
    @property
    def callers(self) -> CallerStore: ...
    @property
    def intake(self) -> IntakeStore: ...
    @property
    def assessment(self) -> AssessmentStore: ...
    @property
    def trust(self) -> TrustStore: ...
    @property
    def receipts(self) -> ReceiptStore: ...
    @property
    def forms(self) -> FormStore: ...
    @property
    def careplan(self) -> PlanStore: ...
    @property
    def deployment(self) -> DeploymentStore: ...
    @property
    def planning(self) -> PlanningStore: ...
    @property
    def ground(self) -> GroundStore: ...
    @property
    def published(self) -> PublishedStore: ...
    @property
    def outcomes(self) -> OutcomeStore: ...
    @property
    def visits(self) -> VisitStore: ...
    @property
    def apartments(self) -> ApartmentStore: ...
    @property
    def tracker(self) -> TrackerStore: ...
    @property
    def deliveries(self) -> DeliveryStore: ...
    @property
    def schemes(self) -> SchemeStore: ...
    @property
    def placements(self) -> PlacementStore: ...
    @property
    def transfer(self) -> TransferStore: ...
    @property
    def reside(self) -> ResideStore: ...
    @property
    def messages(self) -> MessageStore: ...
    @property
    def inbox(self) -> InboxStore: ...
    @property
    def hospital(self) -> HospitalStore: ...
    @property
    def governance(self) -> GovernanceStore: ...
    @property
    def looked(self) -> LookedStore: ...
    @property
    def users(self) -> UserStore: ...
    @property
    def presence(self) -> PresenceStore: ...
    @property
    def safeguarding(self) -> SafeguardingStore: ...
    @property
    def forecast(self) -> ForecastStore: ...
    @property
    def ahead(self) -> AheadStore: ...
    @property
    def settings(self) -> SettingStore: ...
    @property
    def reablement(self) -> ReablementStore: ...
    @property
    def duty(self) -> DutyStore: ...
    @property
    def workforce(self) -> WorkforceStore: ...
    @property
    def rotas(self) -> RotaStore: ...
    @property
    def absences(self) -> AbsenceStore: ...
    @property
    def equipment(self) -> EquipmentStore: ...


Begin = Callable[[], AbstractContextManager[Work]]
