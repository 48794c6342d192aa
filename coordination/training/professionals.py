"""Professionals who ring the centre: each has a number of their own, so that whoever calls is found by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from coordination.reference.standing import Standing
from coordination.training.batches import Batch, Pile
from coordination.training.chance import Chance
from coordination.training.names import communities
from coordination.training.phones import of_professional
from coordination.training.practices import TrainingPractice
from coordination.training.users import users_of

_AT_A_PRACTICE = ("GP", "GP", "GP", "Practice nurse", "Care navigator")
_AT_A_HOSPITAL = ("Discharge co-ordinator", "Ward sister", "Occupational therapist")
_ELSEWHERE = (
    ("Community pharmacist", "Nelson Street Pharmacy"),
    ("Paramedic", "North West Ambulance Service"),
    ("Housing officer", "Ancoats Homes"),
    ("Care co-ordinator", "Bridgewater Home Care"),
    ("Community psychiatric nurse", "Community mental health team, Central"),
    ("Social worker", "Adult social care, Trafford"),
    ("Link worker", "Medlock Community Association"),
)
_NAMES = ("english", "pakistani", "irish", "yoruba", "indian", "polish")


def professionals(standing: Standing, practices: Sequence[TrainingPractice], chance: Chance, now: datetime) -> Batch:
    """Some thirty of practices, hospitals and elsewhere, kept by co-ordinators in the months before ``now``."""
    keepers = [user.user_name for user in users_of("care_coordinator")]
    pile = Pile("professional", "id name role organisation practice_code phone email recorded_at recorded_by")
    for place, (role, organisation, practice) in enumerate(_places(standing, practices, chance)):
        name = _name(chance, doctor=role == "GP")
        mailbox = f"{name.removeprefix('Dr ').replace(' ', '.').lower()}@example.org" if chance.happens(0.4) else ""
        mailbox = mailbox if mailbox.isascii() else ""
        at = now - timedelta(days=chance.between(5, 300), minutes=chance.between(0, 600))
        pile.add(
            chance.id(), name, role, organisation, practice, of_professional(place), mailbox, at, chance.one_of(keepers)
        )
    return pile.take()


def _places(
    standing: Standing, practices: Sequence[TrainingPractice], chance: Chance
) -> Iterator[tuple[str, str, str | None]]:
    for practice in chance.some(list(practices), 15):
        yield chance.one_of(_AT_A_PRACTICE), practice.name, practice.code
    for hospital in standing.hospitals:
        for role in _AT_A_HOSPITAL:
            yield role, hospital.name, None
    for role, organisation in _ELSEWHERE:
        yield role, organisation, None


def _name(chance: Chance, *, doctor: bool) -> str:
    known = communities()
    community = known[chance.one_of([code for code in _NAMES if code in known])]
    gender = chance.one_of(("female", "male"))
    surname = community.form_of(community.surname(chance), gender)
    given = community.given_name(chance, gender, 1980).split()[0]
    return f"{'Dr ' if doctor else ''}{given} {surname}"
