"""Telephone numbers that Ofcom keeps for drama: they ring nowhere."""

from __future__ import annotations

from coordination.training.chance import Chance

PANKHURST = "0161 496 0903"  # hers alone


CARERS = 40  # who have a number that is nobody else's


def of_professional(place: int) -> str:
    """A number of their own for each of the first forty."""
    return f"0161 496 0{910 + place % 40:03d}"


def of_carer(place: int) -> str:
    """The same for the first carers."""
    return f"0161 496 0{950 + place % CARERS:03d}"


def landline(chance: Chance) -> str:
    """Manchester, 0161 496 0000 to 0899; those from 0900 on are kept for named people."""
    return f"0161 496 0{chance.between(0, 899):03d}"


def mobile(chance: Chance) -> str:
    return f"07700 900{chance.between(0, 999):03d}"
