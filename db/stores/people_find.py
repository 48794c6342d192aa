"""Finding people among 600,000: a few index probes, then the best of what they bring.

A prefix is always a range, never LIKE, and misspelt names go through the lexicon of distinct names
(docs: STACK, "Finding people").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.visitors import replacement_traverse

from coordination.people.distance import allowed, distance, near
from coordination.people.model import PersonFields, PersonRow
from coordination.people.ranking import Candidate, rank
from coordination.people.search import Query, readings
from coordination.values import NhsNumber, Postcode, phone_key
from db.stores.people_rows import ROW_COLUMNS, ROW_FROM, row_of
from db.tables.people import person, person_around, person_former

_PROBE = 60  # rows that one probe brings at most
_ENOUGH = 8  # rows that fit well enough not to look for other spellings
_SPELLINGS = 40
_END = "\U0010ffff"
# The indexes are in order of code points, so that a range is a prefix on any server.
_surname_key: ColumnElement[str] = person.c.surname_key.collate("C")
_given_key: ColumnElement[str] = person.c.given_key.collate("C")

# One round trip for the plan mode and the keys. A generic plan would not know how rare a name is.
_PREPARE = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true),"
    " array(select coalesce(fold(n), '') from unnest(cast(:names as text[])) with ordinality u(n, i) order by i),"
    " exists (select 1 from person_former)"
)
_SPELT_LIKE = text("select name, name_key from spelt_like(cast(:names as text[]))")


def find(connection: Connection, query: Query, limit: int) -> list[PersonRow]:
    """See PeopleStore.find. At most four statements, however many people there are."""
    folded, merged = _fold(connection, query.names)
    formerly = _formerly(query, folded, {}) if merged else None
    found = _candidates(connection, query, _first(query, folded, limit), formerly)
    ranked = rank(query, folded, found, limit)
    fitting = sum(_fits(query, row) for row in ranked)
    enough = 1 if query.says_more_than_names else min(_ENOUGH, limit)
    if folded and fitting < enough:
        spellings = _spellings(connection, folded, query.before_comma)
        formerly = _formerly(query, folded, spellings) if merged else None
        more = _candidates(connection, query, _second(query, folded, spellings, limit), formerly)
        ranked = rank(query, folded, [*found, *more], limit)
    return ranked


def candidates(connection: Connection, fields: PersonFields, limit: int) -> list[tuple[PersonRow, PersonRow]]:
    """See PeopleStore.candidates. Two statements."""
    (surname, given), merged = _fold(connection, (fields.surname, fields.given))
    probes: list[ColumnElement[bool]] = []
    if fields.nhs_number:
        probes.append(person.c.nhs_number == fields.nhs_number.digits)
    for key in {phone_key(fields.phone), phone_key(fields.other_phone)} - {""}:
        probes += [person.c.phone_key == key, person.c.other_phone_key == key]
    if fields.postcode:
        probes.append(person.c.postcode == fields.postcode.text)
    if fields.birth_date:
        probes.append(person.c.birth_date == fields.birth_date)
    if surname and given:
        probes += [
            and_(_surname_key == surname, _given_key == given),
            and_(_surname_key == given, _given_key == surname),
        ]
        probes.append(and_(_surname_key == surname, _starts(_given_key, given[:2])))
    if not probes:
        return []
    was = _said_before(or_(*(replacement_traverse(probe, {}, _of_former) for probe in probes))) if merged else None
    asked = [_limited(select(person.c.id).where(probe), limit) for probe in probes]
    asked += [select(was.c.person_id.label("id"))] if was is not None else []
    said = select(func.jsonb_agg(was.c.said)).where(was.c.person_id == person.c.id) if was is not None else None
    ids = union(*asked).subquery()
    query = select(*ROW_COLUMNS, cast(null() if said is None else said.scalar_subquery(), JSONB).label("said"))
    rows = connection.execute(query.select_from(ROW_FROM).where(person.c.id.in_(select(ids.c.id))))
    found: list[tuple[PersonRow, PersonRow]] = []
    for r in rows:
        row = row_of(r)
        found += [(row, row), *((row, _former_row(row, each)) for each in r.said or ())]
    return found


def _fold(connection: Connection, names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The names as keys, and whether anybody was merged at all."""
    _, folded, merged = connection.execute(_PREPARE, {"names": list(names)}).one()
    return (tuple(folded) if len(names) != 1 or folded[0] else ()), merged


def _fits(query: Query, row: PersonRow) -> bool:
    """Nothing that was asked is missing or spelt otherwise."""
    asked = bool(query.births) + bool(query.postcodes or query.postcode_starts) + bool(query.phones) + bool(query.names)
    agree = {match.field for match in row.matched if match.how not in ("misspelt", "differs")}
    kinds = len(agree & {"birth_date", "postcode", "phone"}) + bool({"surname", "given", "known_as"} & agree)
    both_names = len(query.names) < 2 or len(agree & {"surname", "given", "known_as"}) >= 2
    return kinds >= asked and both_names


def _first(query: Query, folded: tuple[str, ...], limit: int) -> list[Select[Any]]:
    """Each asks one index (or two together) for a few people: names as they are spelt, and all the rest."""
    named = [_reads_as(surname, given) for surname, given in readings(folded, query.before_comma)]
    if len(folded) == 1:
        named.append(_starts(_given_key, folded[0]))
    beside = _beside(query)
    probes = [_by_name(and_(name, *beside), limit) for name in named]
    if beside:  # the name alone as well, for the caller who misremembers the birth date
        probes += [_by_name(name, limit) for name in named]
    return probes + [_limited(select(person.c.id).where(one), max(_PROBE, limit)) for one in _alone(query)]


def _second(query: Query, folded: tuple[str, ...], spellings: dict[str, list[str]], limit: int) -> list[Select[Any]]:
    """What the first probes leave out: other spellings, and the name that somebody is known as."""
    beside = _beside(query)
    named: list[ColumnElement[bool]] = []
    for surname, given in readings(folded, query.before_comma):
        if given:
            named.append(and_(_like(_surname_key, surname, spellings), _like(_given_key, given, spellings)))
            known_as = func.fold(person.c.known_as)
            named.append(and_(_surname_key == surname, person.c.known_as != "", _starts(known_as, given)))
        # One misspelt name is enough when a birth date or a postcode stands beside it, or when it is all there is.
        if spellings.get(surname) and (beside or not given):
            named.append(_like(_surname_key, surname, spellings))
    if len(folded) == 1 and spellings.get(folded[0]):
        named.append(_like(_given_key, folded[0], spellings))
    return [_by_name(and_(name, *beside), limit) for name in named]


def _reads_as(surname: str, given: str) -> ColumnElement[bool]:
    starts = _starts(_surname_key, surname)
    return and_(starts, _starts(_given_key, given)) if given else starts


def _by_name(condition: ColumnElement[bool], limit: int) -> Select[Any]:
    query = select(person.c.id).where(condition).order_by(_surname_key, _given_key, person.c.id)
    return _limited(query, max(_PROBE, limit))


def _like(column: ColumnElement[str], name: str, spellings: dict[str, list[str]]) -> ColumnElement[bool]:
    others = spellings.get(name)
    return or_(column.in_(others), _starts(column, name)) if others else _starts(column, name)


def _beside(query: Query) -> list[ColumnElement[bool]]:
    """What was asked besides the name, all of it together."""
    asked: list[ColumnElement[bool]] = []
    if query.births:
        asked.append(or_(*(person.c.birth_date.between(span.first, span.last) for span in query.births)))
    if query.postcodes:
        asked.append(person.c.postcode.in_([p.text for p in query.postcodes]))
    elif query.postcode_starts:
        asked.append(or_(*(_starts(person.c.postcode.collate("C"), start) for start in query.postcode_starts)))
    return asked


def _alone(query: Query) -> Iterable[ColumnElement[bool]]:
    """What finds somebody without a name."""
    if query.nhs_number:
        yield person.c.nhs_number == query.nhs_number.digits
    for digits in query.digits:
        yield _digits(person.c.nhs_number, digits)
    for start in {*query.phones, *(digits.lstrip("0") for digits in query.digits)} - {""}:
        for column in (person.c.phone_key, person.c.other_phone_key):
            yield column == start if len(start) == 10 else _digits(column, start)
    if query.phones:
        around = select(person_around.c.person_id).where(person_around.c.phone_key.in_(query.phones))
        yield person.c.id.in_(around)
    days = [span.first for span in query.births if span.is_day]
    if days:
        yield person.c.birth_date.in_(days)
    if query.postcodes:
        yield person.c.postcode.in_([p.text for p in query.postcodes])
    if not query.names and not query.postcodes and (beside := _beside(query)):
        yield and_(*beside)


def _starts(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + _END)


def _digits(column: ColumnElement[Any], start: str) -> ColumnElement[bool]:
    """A prefix of digits as a range, in any collation: ``943`` is from 943 up to, and without, 944."""
    nines = start.strip("9") == ""
    return column >= start if nines else and_(column >= start, column < str(int(start) + 1).zfill(len(start)))


def _limited(query: Select[Any], most: int) -> Select[Any]:
    inner = query.limit(most).subquery()
    return select(inner.c.id)


def _formerly(query: Query, folded: tuple[str, ...], spellings: dict[str, list[str]]) -> ColumnElement[bool] | None:
    """The same questions asked of what merged records said before: few rows, one condition."""
    asked = [*_alone(query)]
    for surname, given in readings(folded, query.before_comma):
        reads = _like(_surname_key, surname, spellings)
        asked.append(and_(reads, _like(_given_key, given, spellings)) if given else reads)
    if len(folded) == 1:
        asked.append(_like(_given_key, folded[0], spellings))
    former = [replacement_traverse(one, {}, _of_former) for one in asked]
    return or_(*former) if former else None


def _of_former(element: Any, **_how: Any) -> Any:
    """A column of ``person``, as the column of that name of ``person_former``."""
    if isinstance(element, Column) and element.table is person:
        return person_former.c.get("person_id" if element.name == "id" else element.name)
    return None


_FORMER = ("surname", "given", "known_as", "birth_date", "nhs_number", "postcode", "phone", "other_phone")
_KEYS = ("surname_key", "given_key", "phone_key", "other_phone_key")


def _candidates(
    connection: Connection, query: Query, probes: list[Select[Any]], formerly: ColumnElement[bool] | None
) -> list[Candidate]:
    """One statement. ``formerly``: which former records to look through as well; None when there are none at all."""
    was = None if formerly is None else _said_before(formerly)
    if was is not None:
        probes = [*probes, select(was.c.person_id.label("id"))]
    if not probes:
        return []
    around = select(person_around.c.person_id).where(person_around.c.phone_key.in_(query.phones or ("",)))
    said = null() if was is None else select(func.jsonb_agg(was.c.said)).where(was.c.person_id == person.c.id)
    asked = select(
        *ROW_COLUMNS,
        *(person.c[name] for name in _KEYS),
        func.fold(person.c.known_as).label("known_key"),
        person.c.id.in_(around).label("around_phone"),
        cast(said if was is None else said.scalar_subquery(), JSONB).label("said"),
    )
    ids = union(*probes).subquery()
    rows = connection.execute(asked.select_from(ROW_FROM).where(person.c.id.in_(select(ids.c.id))))
    return [candidate for r in rows for candidate in _weighed(r)]


def _said_before(condition: ColumnElement[bool]) -> CTE:
    t = person_former
    said = func.jsonb_build_object(
        *_named(t, (*_FORMER, *_KEYS)), literal_column("'known_key'"), func.fold(t.c.known_as)
    )
    return select(t.c.person_id, said.label("said")).where(condition).cte("was")


def _weighed(r: Any) -> Iterable[Candidate]:
    """A person as they are now, and once for each record that was merged into theirs and fits."""
    row = row_of(r)
    phones = frozenset(key for key in (r.phone_key, r.other_phone_key) if key)
    yield Candidate(row, r.surname_key, r.given_key, r.known_key, phones, r.around_phone)
    for was in r.said or ():
        phones = frozenset(key for key in (was["phone_key"], was["other_phone_key"]) if key)
        former = _former_row(row, was)
        yield Candidate(row, was["surname_key"], was["given_key"], was["known_key"], phones, former=former)


def _named(table: Table, names: Sequence[str]) -> Iterable[Any]:
    for name in names:
        yield literal_column(f"'{name}'")
        yield table.c[name]


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
