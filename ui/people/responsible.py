"""P2 in words: who is responsible for what, and whom to contact when it is not this city."""

from __future__ import annotations

from coordination.people.model import Place
from coordination.people.responsibility import Side, Whose
from ui import wording
from ui.intake import words as intake_words

LOOK_UP = "number: look up"


def place(where: Place) -> str:
    """``Ardwick and Longsight, Central``."""
    return f"{where.neighbourhood}, {intake_words.locality(where.locality)}"


def side_words(side: Side, of: str) -> str:
    """One side; ``of`` is health or social_care. ``lives in Salford``, ``Gorton and Levenshulme, Central (no GP)``."""
    if side.place is not None:
        return f"{place(side.place)} (no GP: by residence)" if side.why == "no_practice" else place(side.place)
    no_gp = "no GP; " if of == "health" else ""
    neighbour = side.neighbour
    match side.why:
        case "practice_elsewhere":
            name = side.practice.name if side.practice else wording.NOT_KNOWN
            return f"practice outside the city ({name})"
        case "lives_elsewhere":
            return no_gp + (
                f"lives in {neighbour.lives_in}" if neighbour else f"lives outside the city ({side.outward})"
            )
        case "perhaps_elsewhere":
            where = neighbour.lives_in if neighbour else "another city"
            return f"{no_gp}lives in {where}, probably ({side.outward} is shared)"
        case "not_in_table":
            return f"{no_gp}in this city, where is not known ({side.outward}, postcode not in the table)"
        case "no_fixed_abode":
            return "no GP; no fixed abode" if of == "health" else "no fixed abode: this city, while they are here"
        case _:
            return f"{no_gp}address not known"


def whom(side: Side, of: str) -> str:
    """Whom to contact about that side, where nobody in the city is responsible; empty where somebody is."""
    neighbour, practice = side.neighbour, side.practice
    if side.why == "practice_elsewhere" and practice is not None:
        return f"{practice.name}, {practice.phone or LOOK_UP}"
    if side.why not in ("lives_elsewhere", "perhaps_elsewhere"):
        return ""
    if neighbour is None:
        ask = "the health service" if of == "health" else "the council"
        return f"{ask} where they live ({side.outward}), {LOOK_UP}"
    return f"{neighbour.health if of == 'health' else neighbour.council}, {neighbour.phone or LOOK_UP}"


def lines(found: Whose) -> list[tuple[str, str]]:
    """Label and value for banner and glance: one place, or both sides where they differ or need saying."""
    if found.plain and found.health.place is not None:
        return [("Neighbourhood", place(found.health.place))]
    return [
        ("Health", side_words(found.health, "health")),
        ("Social care", side_words(found.social_care, "social_care")),
    ]


def sentence(found: Whose) -> str:
    """``Health: Ancoats and Clayton, North. Social care: lives in Salford.``"""
    return " ".join(f"{name}: {value}." for name, value in lines(found))


def side_of(service_side: str, found: Whose) -> tuple[Side, str]:
    """Who answers for a service, and by which of the two."""
    side = found.of(service_side)
    return side, "health" if side is found.health and service_side != "social_care" else "social_care"


def field_words(service_side: str, found: Whose) -> tuple[str, str]:
    """At the field of a service: where it goes, and whom to contact when nobody in the city is responsible."""
    side, of = side_of(service_side, found)
    if side.place is not None:
        return f"Goes to {place(side.place)}", ""
    return _capital(side_words(side, of)), whom(side, of)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
