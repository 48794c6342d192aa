"""What the service of deliveries needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from coordination.deployment.model import PersonBrief
from coordination.equipment.deliveries import Delivery, DeliveryId, Errands
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import OrderId
from coordination.equipment.slots import TeamDays
from coordination.values import PersonId, TeamId, VisitId


class DeliveryStore(Protocol):
    """What visits carry, and the time that equipment teams have."""

    def teams(self, locality: str | None) -> list[TeamDays]:
        """Teams that serve a locality, its own before the city's; None: all. Without workers and visits."""
        ...

    def team_days(self, team: TeamDays, first: date, last: date) -> TeamDays:
        """The team with its workers, their shifts and visits of these days, both in. A constant number of queries."""
        ...

    def hold_round(self, team: TeamId) -> None:
        """Whoever promises time of this team waits until this transaction is over; TooBusy after ten seconds."""
        ...

    def person(self, person: PersonId) -> PersonBrief | None:
        """As a board knows them: address, access, where on the map. None: none, or not shared with this login."""
        ...

    def add(self, visit: VisitId, errands: Sequence[tuple[DeliveryId, Errands]]) -> None:
        """Raises BrokenRule: ``delivery_time_is_agreed``, ``delivery_person_is_shared``."""
        ...

    def of_visits(self, visits: Sequence[VisitId]) -> list[Delivery]:
        """Of every state, as they were planned."""
        ...

    def visits_of(self, key: OrderId | CollectionId) -> list[VisitId]:
        """The visits that are to bring, fit or collect it."""
        ...
