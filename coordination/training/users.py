"""Who signs in to the training city, and with which password."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.training.teams import COMPLEX_REABLEMENT, EQUIPMENT
from coordination.work import Role


@dataclass(frozen=True, slots=True)
class TrainingUser:
    """One login. ``locality`` and ``team`` (a name of teams.TEAMS) are None for the city and for no team."""

    user_name: str
    display_name: str
    role: Role
    locality: str | None = None
    team: str | None = None


TRAINING_USERS: tuple[TrainingUser, ...] = (
    TrainingUser("nadia.coordinator", "Nadia Hussain", "care_coordinator", "north"),
    TrainingUser("declan.coordinator", "Declan O'Rourke", "care_coordinator", "north"),
    TrainingUser("grace.placement", "Grace Adeyemi", "placement_coordinator", "north"),
    TrainingUser("moira.reablement", "Moira Lomax", "team_lead", "north", "North reablement"),
    TrainingUser("samina.nursing", "Samina Akhtar", "team_lead", "north", "North district nursing"),
    TrainingUser("piotr.assessor", "Piotr Wiśniewski", "trusted_assessor", "north", "North social work"),
    TrainingUser("yusuf.coordinator", "Yusuf Warsame", "care_coordinator", "central"),
    TrainingUser("siobhan.coordinator", "Siobhán Keane", "care_coordinator", "central"),
    TrainingUser("kwame.placement", "Kwame Boateng", "placement_coordinator", "central"),
    TrainingUser("leanne.reablement", "Leanne Hartley", "team_lead", "central", "Central reablement"),
    TrainingUser("ngozi.nursing", "Ngozi Okafor", "team_lead", "central", "Central district nursing"),
    TrainingUser("farah.assessor", "Farah Siddiqui", "trusted_assessor", "central", "Central social work"),
    TrainingUser("wei.coordinator", "Wei-Ling Cheung", "care_coordinator", "south"),
    TrainingUser("bethan.coordinator", "Bethan Prys-Jones", "care_coordinator", "south"),
    TrainingUser("marta.placement", "Marta Ferreira", "placement_coordinator", "south"),
    TrainingUser("delroy.reablement", "Delroy Campbell", "team_lead", "south", "South reablement"),
    TrainingUser("joanne.nursing", "Joanne Schofield", "team_lead", "south", "South district nursing"),
    TrainingUser("hassan.assessor", "Hassan Karimi", "trusted_assessor", "south", "South social work"),
    TrainingUser("carl.complex", "Carl Ogden", "team_lead", None, COMPLEX_REABLEMENT),
    TrainingUser("omar.equipment", "Omar Farouk", "team_lead", None, EQUIPMENT),
    TrainingUser("helen.manager", "Helen Whitworth", "manager"),
    TrainingUser("imran.governance", "Imran Mahmood", "ig_lead"),
    TrainingUser("ruth.admin", "Ruth Pemberton", "administrator"),
)


def training_password(user_name: str) -> str:
    """The published rule: ``training-`` and the user name.

    It is no secret and need not be: the city behind it is invented. These logins are made only where the training
    city is loaded, never in a database that holds people.
    """
    return f"training-{user_name}"


def users_of(role: Role, locality: str | None = None) -> tuple[TrainingUser, ...]:
    """Those with a role; of one locality, or everywhere."""
    return tuple(u for u in TRAINING_USERS if u.role == role and locality in (None, u.locality))
