"""What a draft and a registered person have in common. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date

from coordination.people.distance import near
from coordination.people.model import Match, MatchField, MatchHow, PersonFields, PersonRow
from coordination.values import phone_key

_LETTERS = str.maketrans("łøđðħıŧ", "lodohit")


def fold(name: str) -> str:
    """A name without case, accents and punctuation. The database's ``fold`` decides what is found; this one only
    words why, so where the two differ on a rare letter a reason is missing and nothing else."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(c for c in plain if c.isalnum())
    return kept.translate(_LETTERS)


def resemblance(fields: PersonFields, row: PersonRow) -> tuple[Match, ...]:
    """Every field that both have, with how it agrees; ``differs`` for a birth date or number that does not."""
    found: list[Match] = []

    def note(field: MatchField, how: MatchHow | None) -> None:
        if how is not None:
            found.append(Match(field, how))

    if fields.nhs_number and row.nhs_number:
        note("nhs_number", "exact" if fields.nhs_number == row.nhs_number else "differs")
    surname, given = fold(fields.surname), fold(fields.given)
    their_surname, their_given = fold(row.surname), fold(row.given)
    if surname and given and (surname, given) == (their_given, their_surname) and surname != given:
        note("surname", "swapped")
        note("given", "swapped")
    else:
        note("surname", how_names_agree(surname, their_surname, prefix=False))
        note("given", how_names_agree(given, their_given) or how_names_agree(given, fold(row.known_as)))
    if fields.birth_date and row.birth_date:
        note("birth_date", _how_days_agree(fields.birth_date, row.birth_date))
    if fields.postcode and row.postcode:
        if fields.postcode == row.postcode:
            note("postcode", "exact")
        elif fields.postcode.outward == row.postcode.outward:
            note("postcode", "part")
    phones = {key for text in (fields.phone, fields.other_phone) if (key := phone_key(text))}
    if phones & {phone_key(row.phone), phone_key(row.other_phone)}:
        note("phone", "exact")
    return tuple(found)


def how_names_agree(asked: str, theirs: str, *, prefix: bool = True) -> MatchHow | None:
    """Of two folded names; None when they have nothing to do with each other."""
    if not asked or not theirs:
        return None
    if asked == theirs:
        return "exact"
    if prefix and theirs.startswith(asked):
        return "prefix"
    return "misspelt" if near(asked, theirs) else None


def _how_days_agree(one: date, other: date) -> MatchHow:
    if one == other:
        return "exact"
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return "swapped"
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return "part" if same == 2 else "differs"
