"""Which of the people found come first, and why each was found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from coordination.people.model import Match, MatchField, MatchHow, PersonRow
from coordination.people.resemblance import how_names_agree
from coordination.people.search import Query, readings

_POINTS: Mapping[tuple[MatchField, MatchHow], int] = {
    ("nhs_number", "exact"): 100,
    ("nhs_number", "prefix"): 40,
    ("phone", "exact"): 45,
    ("phone", "prefix"): 25,
    ("around_phone", "exact"): 30,
    ("birth_date", "exact"): 40,
    ("birth_date", "part"): 15,
    ("birth_date", "swapped"): 20,
    ("birth_date", "differs"): -10,
    ("postcode", "exact"): 30,
    ("postcode", "part"): 12,
    ("surname", "exact"): 30,
    ("surname", "prefix"): 20,
    ("surname", "misspelt"): 12,
    ("given", "exact"): 18,
    ("given", "prefix"): 12,
    ("given", "misspelt"): 7,
    ("known_as", "exact"): 14,
    ("known_as", "prefix"): 9,
}
_WORTH_SHOWING = 0.4  # of the best row's points: less is noise beside it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with the keys that the database compares by (folded names, ``phone_key``)."""

    row: PersonRow
    surname_key: str
    given_key: str
    known_key: str
    phone_keys: frozenset[str]
    around_phone: bool = False  # somebody around the person has a telephone that was asked for
    former: PersonRow | None = None  # what a record said that was merged into theirs: found by that


def rank(query: Query, folded: tuple[str, ...], found: Iterable[Candidate], limit: int) -> list[PersonRow]:
    """The best ``limit`` rows, each with why it is there. ``folded`` are the names of the query as keys."""
    names = _NamesOf(readings(folded, query.before_comma))
    weighed = [one for one in _best_of_each(query, names, found) if one[0] > 0]
    best = max((points for points, _, _ in weighed), default=0)
    weighed.sort(key=lambda w: (-w[0], w[1].row.deceased_on is not None, *_alphabet(w[1])))
    return [
        replace(candidate.row, matched=matches)
        for points, candidate, matches in weighed[:limit]
        if points >= best * _WORTH_SHOWING
    ]


def _best_of_each(
    query: Query, names: _NamesOf, found: Iterable[Candidate]
) -> list[tuple[int, Candidate, tuple[Match, ...]]]:
    """One candidate a person, with its points and why: what they are called now before what a merged record said, if
    it says as much."""
    best: dict[object, tuple[int, Candidate, tuple[Match, ...]]] = {}
    for candidate in found:
        matches = _explain(query, names, candidate)
        points, known = _sum(matches), best.get(candidate.row.id)
        if known is None or (points, candidate.former is None) > (known[0], known[1].former is None):
            best[candidate.row.id] = points, candidate, matches
    return list(best.values())


def _explain(query: Query, names: _NamesOf, candidate: Candidate) -> tuple[Match, ...]:
    """Everything in the query that this person agrees with; a day of birth that differs is told as well."""
    row, found = candidate.former or candidate.row, list[Match]()
    if row.nhs_number and query.nhs_number == row.nhs_number:
        found.append(Match("nhs_number", "exact"))
    elif row.nhs_number and any(row.nhs_number.digits.startswith(digits) for digits in query.digits):
        found.append(Match("nhs_number", "prefix"))
    found += names.agree(candidate)
    found += _birth(query, row)
    if row.postcode and query.postcodes:
        found += [Match("postcode", "exact")] * (row.postcode in query.postcodes)
    if row.postcode and any(row.postcode.text.startswith(start) for start in query.postcode_starts):
        found.append(Match("postcode", "part"))
    found += _phone(query, candidate)
    if candidate.former is not None and found:
        found.append(Match("merged_record", "exact"))
    return tuple(found)


class _NamesOf:
    """How the names of one query agree with those of people. Many people bear one name: each pair is compared once."""

    def __init__(self, asked: Sequence[tuple[str, str]]) -> None:
        self._asked = asked
        self._told: dict[tuple[str, str, str], list[Match]] = {}
        self._how = cache(how_names_agree)

    def agree(self, candidate: Candidate) -> list[Match]:
        """The best that any reading of the query says of this person."""
        borne = candidate.surname_key, candidate.given_key, candidate.known_key
        if borne not in self._told:
            self._told[borne] = max((self._read(*asked, *borne) for asked in self._asked), key=_sum, default=[])
        return self._told[borne]

    def _read(self, surname: str, given: str, their: str, their_given: str, known: str) -> list[Match]:
        how = self._how(surname, their)
        found = [Match("surname", how)] if how else []
        if given or not how:
            found += self._given(given or surname, their_given, known)
        return found

    def _given(self, given: str, theirs: str, known_as: str) -> list[Match]:
        how = self._how(given, theirs)
        if how and how != "misspelt":
            return [Match("given", how)]
        known = self._how(given, known_as)
        if known and known != "misspelt":
            return [Match("known_as", known)]
        return [Match("given", how)] if how else []


def _birth(query: Query, row: PersonRow) -> list[Match]:
    born = row.birth_date
    if born is None or not query.births:
        return []
    for span in query.births:
        if born in span:
            return [Match("birth_date", "exact" if span.is_day else "part")]
    days = [span.first for span in query.births if span.is_day]
    if any((day.year, day.month, day.day) == (born.year, born.day, born.month) for day in days):
        return [Match("birth_date", "swapped")]
    return [Match("birth_date", "differs")]


def _phone(query: Query, candidate: Candidate) -> list[Match]:
    if not query.phones and not query.digits:
        return []
    if any(key in candidate.phone_keys for key in query.phones):
        return [Match("phone", "exact")]
    starts = [*query.phones, *(digits.lstrip("0") for digits in query.digits)]
    if any(key.startswith(start) for key in candidate.phone_keys for start in starts if start):
        return [Match("phone", "prefix")]
    return [Match("around_phone", "exact")] if candidate.around_phone else []


def _sum(matches: Iterable[Match]) -> int:
    return sum(_POINTS.get((match.field, match.how), 0) for match in matches)


def _alphabet(candidate: Candidate) -> tuple[str, str, int]:
    return candidate.surname_key, candidate.given_key, candidate.row.id.int
