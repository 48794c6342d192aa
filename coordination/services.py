"""Every use case of the centre, one service an area. Built once a sign-in, by the composition root.

A service, and all that it stands on, is imported when it is first asked for: a desk begins with the few that its first
page needs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.apartments.calendar_service import Calendar
    from coordination.apartments.referrals_service import Placements
    from coordination.apartments.schemes_service import Schemes
    from coordination.apartments.service import Apartments
    from coordination.apartments.tracker_service import MoveOn
    from coordination.assessment.away_service import AwayAssessments
    from coordination.assessment.form_service import Forms
    from coordination.assessment.receipt_service import Reliance
    from coordination.assessment.service import Assessments
    from coordination.assessment.trust_service import Trust
    from coordination.careplan.service import CarePlans
    from coordination.deployment.forecast_service import Forecasts
    from coordination.deployment.map_service import Maps
    from coordination.deployment.outcomes.case_service import NoAccess
    from coordination.deployment.outcomes.service import Outcomes
    from coordination.deployment.patterns_service import Visits
    from coordination.deployment.planner.service import Planning
    from coordination.deployment.published_service import PublishedPlans
    from coordination.deployment.service import Deployment
    from coordination.duty.service import Duty
    from coordination.equipment.deliveries_service import Deliveries
    from coordination.equipment.service import Equipment
    from coordination.governance.emergency_service import Emergencies
    from coordination.governance.looked_service import Looks
    from coordination.governance.service import Governance
    from coordination.governance.users_service import Users
    from coordination.intake.service import Intake
    from coordination.messages.hospital_service import Hospital
    from coordination.messages.inbox_service import Inbox
    from coordination.messages.service import Messages
    from coordination.people.callers.service import Callers
    from coordination.people.service import People
    from coordination.people.sharing_service import SharingAgreements
    from coordination.presence.service import Presences
    from coordination.reablement.service import Reablement
    from coordination.safeguarding.service import Safeguarding
    from coordination.settings.service import Settings
    from coordination.transfer.recovery_service import Recoveries
    from coordination.transfer.reside_service import Reside
    from coordination.transfer.service import Transfers
    from coordination.work import Begin
    from coordination.workforce.absence_service import Absences
    from coordination.workforce.ahead import Ahead
    from coordination.workforce.rota_service import Rotas
    from coordination.workforce.service import Workforce


class Services:
    """All services over one way of beginning a transaction."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    @cached_property
    def people(self) -> People:
        from coordination.people.service import People

        return People(self._begin)

    @cached_property
    def sharing(self) -> SharingAgreements:
        from coordination.people.sharing_service import SharingAgreements

        return SharingAgreements(self._begin)

    @cached_property
    def emergency(self) -> Emergencies:
        from coordination.governance.emergency_service import Emergencies

        return Emergencies(self._begin)

    @cached_property
    def callers(self) -> Callers:
        from coordination.people.callers.service import Callers

        return Callers(self._begin)

    @cached_property
    def intake(self) -> Intake:
        from coordination.intake.service import Intake

        return Intake(self._begin)

    @cached_property
    def assessment(self) -> Assessments:
        from coordination.assessment.service import Assessments

        return Assessments(self._begin)

    @cached_property
    def trust(self) -> Trust:
        from coordination.assessment.trust_service import Trust

        return Trust(self._begin)

    @cached_property
    def reliance(self) -> Reliance:
        from coordination.assessment.receipt_service import Reliance

        return Reliance(self._begin)

    @cached_property
    def forms(self) -> Forms:
        from coordination.assessment.form_service import Forms

        return Forms(self._begin)

    @cached_property
    def away(self) -> AwayAssessments:
        from coordination.assessment.away_service import AwayAssessments

        return AwayAssessments(self._begin)

    @cached_property
    def careplan(self) -> CarePlans:
        from coordination.careplan.service import CarePlans

        return CarePlans(self._begin)

    @cached_property
    def deployment(self) -> Deployment:
        from coordination.deployment.service import Deployment

        return Deployment(self._begin)

    @cached_property
    def planning(self) -> Planning:
        from coordination.deployment.planner.service import Planning

        return Planning(self._begin)

    @cached_property
    def maps(self) -> Maps:
        from coordination.deployment.map_service import Maps

        return Maps(self._begin)

    @cached_property
    def published(self) -> PublishedPlans:
        from coordination.deployment.published_service import PublishedPlans

        return PublishedPlans(self._begin)

    @cached_property
    def outcomes(self) -> Outcomes:
        from coordination.deployment.outcomes.service import Outcomes

        return Outcomes(self._begin)

    @cached_property
    def no_access(self) -> NoAccess:
        from coordination.deployment.outcomes.case_service import NoAccess

        return NoAccess(self._begin)

    @cached_property
    def visits(self) -> Visits:
        from coordination.deployment.patterns_service import Visits

        return Visits(self._begin)

    @cached_property
    def calendar(self) -> Calendar:
        from coordination.apartments.calendar_service import Calendar

        return Calendar(self._begin)

    @cached_property
    def apartments(self) -> Apartments:
        from coordination.apartments.service import Apartments

        return Apartments(self._begin)

    @cached_property
    def ahead(self) -> Ahead:
        from coordination.workforce.ahead import Ahead

        return Ahead(self._begin)

    @cached_property
    def settings(self) -> Settings:
        from coordination.settings.service import Settings

        return Settings(self._begin)

    @cached_property
    def deliveries(self) -> Deliveries:
        from coordination.equipment.deliveries_service import Deliveries

        return Deliveries(self._begin)

    @cached_property
    def schemes(self) -> Schemes:
        from coordination.apartments.schemes_service import Schemes

        return Schemes(self._begin)

    @cached_property
    def placements(self) -> Placements:
        from coordination.apartments.referrals_service import Placements

        return Placements(self._begin)

    @cached_property
    def transfer(self) -> Transfers:
        from coordination.transfer.service import Transfers

        return Transfers(self._begin)

    @cached_property
    def reside(self) -> Reside:
        from coordination.transfer.reside_service import Reside

        return Reside(self._begin)

    @cached_property
    def recovery(self) -> Recoveries:
        from coordination.transfer.recovery_service import Recoveries

        return Recoveries(self._begin)

    @cached_property
    def moveon(self) -> MoveOn:
        from coordination.apartments.tracker_service import MoveOn

        return MoveOn(self._begin)

    @cached_property
    def messages(self) -> Messages:
        from coordination.messages.service import Messages

        return Messages(self._begin)

    @cached_property
    def inbox(self) -> Inbox:
        from coordination.messages.inbox_service import Inbox

        return Inbox(self._begin)

    @cached_property
    def hospital(self) -> Hospital:
        from coordination.messages.hospital_service import Hospital

        return Hospital(self._begin)

    @cached_property
    def governance(self) -> Governance:
        from coordination.governance.service import Governance

        return Governance(self._begin)

    @cached_property
    def looks(self) -> Looks:
        from coordination.governance.looked_service import Looks

        return Looks(self._begin)

    @cached_property
    def users(self) -> Users:
        from coordination.governance.users_service import Users

        return Users(self._begin)

    @cached_property
    def presence(self) -> Presences:
        from coordination.presence.service import Presences

        return Presences(self._begin)

    @cached_property
    def safeguarding(self) -> Safeguarding:
        from coordination.safeguarding.service import Safeguarding

        return Safeguarding(self._begin)

    @cached_property
    def forecast(self) -> Forecasts:
        from coordination.deployment.forecast_service import Forecasts

        return Forecasts(self._begin)

    @cached_property
    def reablement(self) -> Reablement:
        from coordination.reablement.service import Reablement

        return Reablement(self._begin)

    @cached_property
    def duty(self) -> Duty:
        from coordination.duty.service import Duty

        return Duty(self._begin)

    @cached_property
    def workforce(self) -> Workforce:
        from coordination.workforce.service import Workforce

        return Workforce(self._begin)

    @cached_property
    def rotas(self) -> Rotas:
        from coordination.workforce.rota_service import Rotas

        return Rotas(self._begin)

    @cached_property
    def absences(self) -> Absences:
        from coordination.workforce.absence_service import Absences

        return Absences(self._begin)

    @cached_property
    def equipment(self) -> Equipment:
        from coordination.equipment.service import Equipment

        return Equipment(self._begin)
