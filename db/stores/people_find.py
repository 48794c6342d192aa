"""Finding people among 600,000: a few index probes, then the best of what they bring.

What is asked stands in ``people_probes``; misspelt names go through the lexicon of distinct names
(docs: STACK, "Finding people").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from coordination.people.distance import allowed, distance, near
from coordination.people.model import PersonFields, PersonRow
from coordination.people.ranking import Candidate, rank
from coordination.people.search import Query, readings
from coordination.values import NhsNumber, Postcode, phone_key
from db.stores.people_probes import ANY, Oblong, Probes, ask, digits_from, just, starts
from db.stores.people_rows import row_from, row_of

_PROBE = 40  # rows that one probe brings at least, if there are so many: more than a list shows as one types
_ENOUGH = 8  # rows that fit well enough not to look for other spellings
_SPELLINGS = 40
_BOTH = 10  # spellings of each name, where both names may be misspelt

_LETTERS = str.maketrans("łøđðħıŧ", "lodohit")  # as the database has it, and no further
_FOLD = text(
    "select array(select coalesce(fold(n), '') from unnest(cast(:names as text[])) with ordinality u(n, i) order by i)"
)
_SPELT_LIKE = text("select name, name_key from spelt_like(cast(:names as text[]))")


def find(connection: Connection, query: Query, limit: int) -> list[PersonRow]:
    """See PeopleStore.find. One statement; three where a name may be misspelt; one more for a name that is written in
    letters which only the database can fold."""
    folded = fold_names(connection, query.names)
    if not query.before_comma:
        folded = tuple(name for name in folded if name)
    found = _candidates(connection, _first(query, folded, limit))
    ranked = rank(query, folded, found, limit)
    enough = 1 if query.says_more_than_names else min(_ENOUGH, limit)
    if folded and not _brings_everybody(query) and sum(_fits(query, row) for row in ranked) < enough:
        spellings = _spellings(connection, folded, query.before_comma)
        more = _candidates(connection, _second(query, folded, spellings, limit))
        ranked = rank(query, folded, [*found, *more], limit)
    return ranked


def candidates(connection: Connection, fields: PersonFields, limit: int) -> list[tuple[PersonRow, PersonRow]]:
    """See PeopleStore.candidates. One statement, or two (see ``find``)."""
    surname, given = fold_names(connection, (fields.surname, fields.given)) or ("", "")
    names: list[Oblong] = []
    if surname and given:
        names = [
            Oblong(just(surname), starts(given[:2])),
            Oblong(just(surname), just(given)),
            Oblong(just(given), just(surname)),
        ]
    probes = Probes(
        limit,
        names=names,
        numbers=[fields.nhs_number.digits] if fields.nhs_number else (),
        phones=sorted({phone_key(fields.phone), phone_key(fields.other_phone)} - {""}),
        days=[fields.birth_date] if fields.birth_date else (),
        postcodes=[fields.postcode.text] if fields.postcode else (),
    )
    if probes.is_empty:
        return []
    found: list[tuple[PersonRow, PersonRow]] = []
    for r in ask(connection, probes):
        row = row_of(r)
        found += [(row, row), *((row, _former_row(row, each)) for each in r.said or ())]
    return found


def fold_names(connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The names as keys; empty when there is nothing in a single one."""
    folded = [folded_here(name) for name in names]
    if None in folded:
        folded = connection.execute(_FOLD, {"names": list(names)}).scalar_one()
    return tuple(key or "" for key in folded) if len(names) != 1 or folded[0] else ()


def folded_here(name: str) -> str | None:
    """``fold`` of the database for letters that every computer folds alike: Latin ones, with or without accents. None
    for any other, which are the database's to decide."""
    plain = unicodedata.normalize("NFKD", name)
    if not plain.isascii():
        plain = "".join(c for c in plain if not "\u0300" <= c <= "\u0344").lower().translate(_LETTERS)
        if not plain.isascii():
            return None
    return "".join(c for c in plain.lower() if c.isalnum())


def _brings_everybody(query: Query) -> bool:
    """A whole day or postcode brings everybody who has it, however their name is spelt."""
    return bool(query.postcodes) or any(span.is_day for span in query.births)


def _fits(query: Query, row: PersonRow) -> bool:
    """Nothing that was asked is missing or spelt otherwise."""
    asked = bool(query.births) + bool(query.postcodes or query.postcode_starts) + bool(query.phones) + bool(query.names)
    agree = {match.field for match in row.matched if match.how not in ("misspelt", "differs")}
    kinds = len(agree & {"birth_date", "postcode", "phone"}) + bool({"surname", "given", "known_as"} & agree)
    both_names = len(query.names) < 2 or len(agree & {"surname", "given", "known_as"}) >= 2
    return kinds >= asked and both_names


def _first(query: Query, folded: tuple[str, ...], limit: int) -> Probes:
    """Names as they are spelt, and all the rest."""
    probes = _beside(query, max(_PROBE, limit))
    names = [_reads_as(surname, given) for surname, given in readings(folded, query.before_comma)]
    if len(folded) == 1:
        names.append(Oblong(ANY, starts(folded[0]), by_given=True))
    probes.names = names
    if probes.spans or probes.postcode_starts:  # the name alone as well, for the caller who misremembers the year
        probes.names = [*names, *(replace(one, narrow=True) for one in names)]
    probes.beside_alone = not folded and not query.postcodes and bool(probes.spans or probes.postcode_starts)
    if query.nhs_number:
        probes.numbers = [query.nhs_number.digits]
    probes.phones = query.phones
    starting = {*query.digits, *(digits.lstrip("0") for digits in query.digits)}
    starting |= {phone for phone in query.phones if len(phone) < 10}
    probes.digits = [digits_from(start) for start in sorted(starting - {""})]
    probes.days = [span.first for span in query.births if span.is_day]
    probes.postcodes = [postcode.text for postcode in query.postcodes]
    return probes


def _reads_as(surname: str, given: str) -> Oblong:
    """Read in order of the name of which more was said: there are fewer to look through."""
    return Oblong(starts(surname), starts(given), by_given=len(given) > len(surname))


def _second(query: Query, folded: tuple[str, ...], spellings: dict[str, list[str]], limit: int) -> Probes:
    """What the first probes leave out: other spellings, and the name that somebody is known as."""
    probes = _beside(query, max(_PROBE, limit))
    narrow = bool(probes.spans or probes.postcode_starts)
    for surname, given in readings(folded, query.before_comma):
        others = spellings.get(surname, [])
        if given:
            probes.names += [replace(one, narrow=narrow) for one in _misspelt(surname, given, spellings)]
            probes.known_as.append((surname, starts(given)))
        # One misspelt name is enough when a year or a part of a postcode stands beside it, or when it is all there is.
        if narrow or not given:
            probes.names += [Oblong(just(other), narrow=narrow) for other in others]
    if len(folded) == 1:
        probes.names += [Oblong(ANY, just(other), by_given=True) for other in spellings.get(folded[0], ())]
    return probes


def _misspelt(surname: str, given: str, spellings: dict[str, list[str]]) -> Iterable[Oblong]:
    """One of the two spelt otherwise, or both."""
    surnames, givens = spellings.get(surname, []), spellings.get(given, [])
    yield from (Oblong(just(other), starts(given)) for other in surnames)
    yield from (Oblong(starts(surname), just(other)) for other in givens)
    yield from (Oblong(just(one), just(other)) for one in surnames[:_BOTH] for other in givens[:_BOTH])


def _beside(query: Query, most: int) -> Probes:
    """What narrows a name down without being enough by itself: a month or a year, the start of a postcode."""
    spans = [span for span in query.births if not span.is_day]
    return Probes(most, spans=spans, postcode_starts=() if query.postcodes else query.postcode_starts)


def _candidates(connection: Connection, probes: Probes) -> list[Candidate]:
    return [] if probes.is_empty else [candidate for r in ask(connection, probes) for candidate in _weighed(r)]


def _weighed(r: Any) -> Iterable[Candidate]:
    """A person as they are now, and once for each record that was merged into theirs and fits."""
    # Unpacked in the order of the statement: there are a hundred rows to a key that is pressed.
    *shown, surname_key, given_key, phone_key_, other_phone_key, known_key, around_phone, said = r
    row = row_from(shown)
    phones = frozenset(key for key in (phone_key_, other_phone_key) if key)
    yield Candidate(row, surname_key, given_key, known_key, phones, around_phone)
    for was in said or ():
        phones = frozenset(key for key in (was["phone_key"], was["other_phone_key"]) if key)
        former = _former_row(row, was)
        yield Candidate(row, was["surname_key"], was["given_key"], was["known_key"], phones, former=former)


def _former_row(row: PersonRow, was: dict[str, Any]) -> PersonRow:
    """What a merged record said, as a row: to tell why it was found."""
    return replace(
        row,
        surname=was["surname"],
        given=was["given"],
        known_as=was["known_as"],
        birth_date=date.fromisoformat(was["birth_date"]) if was["birth_date"] else None,
        nhs_number=NhsNumber(was["nhs_number"]) if was["nhs_number"] else None,
        postcode=Postcode(was["postcode"]) if was["postcode"] else None,
        phone=was["phone"],
        other_phone=was["other_phone"],
    )


def _spellings(connection: Connection, folded: tuple[str, ...], before_comma: int) -> dict[str, list[str]]:
    """For each name the registered names that it may be meant to be, nearest first."""
    whole = ("".join(folded[:before_comma]), "".join(folded[before_comma:])) if before_comma else folded
    names = {name for name in whole if len(name) >= 2}
    if not names:
        return {}
    found: dict[str, list[str]] = {name: [] for name in names}
    for name, key in connection.execute(_SPELT_LIKE, {"names": sorted(names)}):
        if key != name and near(name, key):
            found[name].append(key)
    return {
        name: sorted(keys, key=lambda key: (distance(name, key, allowed(name) or 1), key))[:_SPELLINGS]
        for name, keys in found.items()
        if keys
    }
