"""The teams of the training city."""

from __future__ import annotations

from dataclasses import dataclass

LOCALITIES = ("north", "central", "south")


@dataclass(frozen=True, slots=True)
class TrainingTeam:
    """``workers`` is how many work in it; ``extra`` how many of them are among the sixty of rule B4."""

    name: str
    service: str
    locality: str | None
    phone: str
    workers: int = 0
    extra: int = 0


def _of_locality(locality: str, place: int) -> tuple[TrainingTeam, ...]:
    name = locality.capitalize()
    return (
        TrainingTeam(f"{name} reablement", "reablement", locality, f"0161 496 0{place}10", 30, 20),
        TrainingTeam(f"{name} district nursing", "district_nursing", locality, f"0161 496 0{place}20", 16),
        TrainingTeam(f"{name} social work", "social_work", locality, f"0161 496 0{place}30"),
    )


COMPLEX_REABLEMENT = "City complex reablement"
EQUIPMENT = "City equipment"

# B3: one team of twelve enhanced officers for the city. B4: sixty extra reablement workers, twenty a locality.
TEAMS: tuple[TrainingTeam, ...] = (
    *_of_locality("north", 1),
    *_of_locality("central", 2),
    *_of_locality("south", 3),
    TrainingTeam(COMPLEX_REABLEMENT, "complex_reablement", None, "0161 496 0410", 12),
    # D6: drivers and fitters of the city's store. Their visits come from orders of equipment.
    TrainingTeam(EQUIPMENT, "equipment", None, "0161 496 0420", 10),
)
