"""The unit of work over PostgreSQL: one connection, one transaction, one store an area.

A store is imported when a transaction first asks for it: the first window waits for few of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from coordination.errors import CoordinationError
from coordination.work import Actor, Begin, Work
from db.engine import BEGAN
from db.errors import domain_errors
from db.refusals import note_refusal

if TYPE_CHECKING:
    from db.stores.ahead import PgAheadStore
    from db.stores.answers import PgAnsweringStore
    from db.stores.apartments import PgApartmentStore
    from db.stores.callers import PgCallerStore
    from db.stores.careplan import PgPlanStore
    from db.stores.deliveries import PgDeliveryStore
    from db.stores.deployment import PgDeploymentStore
    from db.stores.duty import PgDutyStore
    from db.stores.emergency import PgEmergencyStore
    from db.stores.equipment import PgEquipmentStore
    from db.stores.forecast import PgForecastStore
    from db.stores.forms import PgFormStore
    from db.stores.governance import PgGovernanceStore
    from db.stores.ground import PgGroundStore
    from db.stores.intake import PgIntakeStore
    from db.stores.looked import PgLookedStore
    from db.stores.messages import PgMessageStore
    from db.stores.messages_hospital import PgHospitalStore
    from db.stores.messages_inbox import PgInboxStore
    from db.stores.outcomes import PgOutcomeStore
    from db.stores.people import PgPeopleStore
    from db.stores.placements import PgPlacementStore
    from db.stores.planning import PgPlanningStore
    from db.stores.presence import PgPresenceStore
    from db.stores.published import PgPublishedStore
    from db.stores.reablement import PgReablementStore
    from db.stores.receipts import PgReceiptStore
    from db.stores.reside import PgResideStore
    from db.stores.safeguarding import PgSafeguardingStore
    from db.stores.schemes import PgSchemeStore
    from db.stores.settings import PgSettingStore
    from db.stores.sharing import PgSharingStore
    from db.stores.tracker import PgTrackerStore
    from db.stores.transfer import PgTransferStore
    from db.stores.trust import PgTrustStore
    from db.stores.users import PgUserStore
    from db.stores.visits import PgVisitStore
    from db.stores.workforce import PgWorkforceStore
    from db.stores.workforce_absence import PgAbsenceStore
    from db.stores.workforce_rotas import PgRotaStore


class PgWork:
    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._connection = connection
        self._actor = actor

    @property
    def actor(self) -> Actor:
        return self._actor

    @cached_property
    def now(self) -> datetime:
        moment: datetime = self._connection.info[BEGAN]
        return moment

    @cached_property
    def people(self) -> PgPeopleStore:
        from db.stores.people import PgPeopleStore

        return PgPeopleStore(self._connection)

    @cached_property
    def sharing(self) -> PgSharingStore:
        from db.stores.sharing import PgSharingStore

        return PgSharingStore(self._connection)

    @cached_property
    def emergency(self) -> PgEmergencyStore:
        from db.stores.emergency import PgEmergencyStore

        return PgEmergencyStore(self._connection)

    @cached_property
    def callers(self) -> PgCallerStore:
        from db.stores.callers import PgCallerStore

        return PgCallerStore(self._connection)

    @cached_property
    def intake(self) -> PgIntakeStore:
        from db.stores.intake import PgIntakeStore

        return PgIntakeStore(self._connection)

    @cached_property
    def assessment(self) -> PgAnsweringStore:
        from db.stores.answers import PgAnsweringStore

        return PgAnsweringStore(self._connection)

    @cached_property
    def trust(self) -> PgTrustStore:
        from db.stores.trust import PgTrustStore

        return PgTrustStore(self._connection)

    @cached_property
    def receipts(self) -> PgReceiptStore:
        from db.stores.receipts import PgReceiptStore

        return PgReceiptStore(self._connection)

    @cached_property
    def forms(self) -> PgFormStore:
        from db.stores.forms import PgFormStore

        return PgFormStore(self._connection)

    @cached_property
    def careplan(self) -> PgPlanStore:
        from db.stores.careplan import PgPlanStore

        return PgPlanStore(self._connection)

    @cached_property
    def deployment(self) -> PgDeploymentStore:
        from db.stores.deployment import PgDeploymentStore

        return PgDeploymentStore(self._connection)

    @cached_property
    def planning(self) -> PgPlanningStore:
        from db.stores.planning import PgPlanningStore

        return PgPlanningStore(self._connection)

    @cached_property
    def ground(self) -> PgGroundStore:
        from db.stores.ground import PgGroundStore

        return PgGroundStore(self._connection)

    @cached_property
    def published(self) -> PgPublishedStore:
        from db.stores.published import PgPublishedStore

        return PgPublishedStore(self._connection)

    @cached_property
    def outcomes(self) -> PgOutcomeStore:
        from db.stores.outcomes import PgOutcomeStore

        return PgOutcomeStore(self._connection)

    @cached_property
    def visits(self) -> PgVisitStore:
        from db.stores.visits import PgVisitStore

        return PgVisitStore(self._connection)

    @cached_property
    def apartments(self) -> PgApartmentStore:
        from db.stores.apartments import PgApartmentStore

        return PgApartmentStore(self._connection)

    @cached_property
    def tracker(self) -> PgTrackerStore:
        from db.stores.tracker import PgTrackerStore

        return PgTrackerStore(self._connection)

    @cached_property
    def deliveries(self) -> PgDeliveryStore:
        from db.stores.deliveries import PgDeliveryStore

        return PgDeliveryStore(self._connection)

    @cached_property
    def schemes(self) -> PgSchemeStore:
        from db.stores.schemes import PgSchemeStore

        return PgSchemeStore(self._connection)

    @cached_property
    def placements(self) -> PgPlacementStore:
        from db.stores.placements import PgPlacementStore

        return PgPlacementStore(self._connection)

    @cached_property
    def transfer(self) -> PgTransferStore:
        from db.stores.transfer import PgTransferStore

        return PgTransferStore(self._connection)

    @cached_property
    def reside(self) -> PgResideStore:
        from db.stores.reside import PgResideStore

        return PgResideStore(self._connection)

    @cached_property
    def messages(self) -> PgMessageStore:
        from db.stores.messages import PgMessageStore

        return PgMessageStore(self._connection)

    @cached_property
    def inbox(self) -> PgInboxStore:
        from db.stores.messages_inbox import PgInboxStore

        return PgInboxStore(self._connection)

    @cached_property
    def hospital(self) -> PgHospitalStore:
        from db.stores.messages_hospital import PgHospitalStore

        return PgHospitalStore(self._connection)

    @cached_property
    def governance(self) -> PgGovernanceStore:
        from db.stores.governance import PgGovernanceStore

        return PgGovernanceStore(self._connection)

    @cached_property
    def looked(self) -> PgLookedStore:
        from db.stores.looked import PgLookedStore

        return PgLookedStore(self._connection)

    @cached_property
    def users(self) -> PgUserStore:
        from db.stores.users import PgUserStore

        return PgUserStore(self._connection)

    @cached_property
    def presence(self) -> PgPresenceStore:
        from db.stores.presence import PgPresenceStore

        return PgPresenceStore(self._connection)

    @cached_property
    def safeguarding(self) -> PgSafeguardingStore:
        from db.stores.safeguarding import PgSafeguardingStore

        return PgSafeguardingStore(self._connection)

    @cached_property
    def forecast(self) -> PgForecastStore:
        from db.stores.forecast import PgForecastStore

        return PgForecastStore(self._connection)

    @cached_property
    def ahead(self) -> PgAheadStore:
        from db.stores.ahead import PgAheadStore

        return PgAheadStore(self._connection)

    @cached_property
    def settings(self) -> PgSettingStore:
        from db.stores.settings import PgSettingStore

        return PgSettingStore(self._connection)

    @cached_property
    def reablement(self) -> PgReablementStore:
        from db.stores.reablement import PgReablementStore

        return PgReablementStore(self._connection)

    @cached_property
    def duty(self) -> PgDutyStore:
        from db.stores.duty import PgDutyStore

        return PgDutyStore(self._connection)

    @cached_property
    def workforce(self) -> PgWorkforceStore:
        from db.stores.workforce import PgWorkforceStore

        return PgWorkforceStore(self._connection)

    @cached_property
    def rotas(self) -> PgRotaStore:
        from db.stores.workforce_rotas import PgRotaStore

        return PgRotaStore(self._connection)

    @cached_property
    def absences(self) -> PgAbsenceStore:
        from db.stores.workforce_absence import PgAbsenceStore

        return PgAbsenceStore(self._connection)

    @cached_property
    def equipment(self) -> PgEquipmentStore:
        from db.stores.equipment import PgEquipmentStore

        return PgEquipmentStore(self._connection)


def beginner(engine: Engine, actor: Actor) -> Begin:
    """``begin`` for every service of one signed-in user."""

    @contextmanager
    def transaction() -> Iterator[Work]:
        try:
            # The outer guard also sees what a commit raises: deferred constraints, or a connection that died.
            with domain_errors(), engine.begin() as connection:
                yield PgWork(connection, actor)
        except CoordinationError as error:
            note_refusal(engine, error)
            raise

    def begin() -> AbstractContextManager[Work]:
        return transaction()

    return begin
