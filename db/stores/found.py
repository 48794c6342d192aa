"""Rows of people by what people are known by: a number, a telephone.

The indexes of these columns leave out whoever keeps something back, since what an index found is told by ``explain
analyze``, whatever a policy takes away (docs/decisions/who-sees-what.md). Those are looked at one by one, and of them
only the few who agreed with this login's team (0059).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    Text,
    any_,
    cast,
    column,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables.people import person

_TEXTS = ARRAY(Text)


def one_of(query: Any) -> ColumnElement[Any]:
    """``column == one_of(select(…))``. As an array: without statistics of these columns the planner thinks them many
    and would read the whole table, but an array is looked up by key."""
    return any_(func.array(query.scalar_subquery()))


def open_(rows: Table) -> ColumnElement[bool]:
    """Those that everybody may find: the rows that such an index holds."""
    return not_(column("kept", Boolean, _selectable=rows))


def holding(rows: Table, columns: Iterable[ColumnElement[Any]], values: Sequence[str]) -> ColumnElement[UUID]:
    """``key == holding(…)``: the keys of rows that hold one of the values in one of these columns: telephones, or the
    NHS number that a record had."""
    key = next(iter(rows.primary_key))
    asked = [select(key).where(open_(rows), column.in_(values)) for column in columns]
    return one_of(union_all(*asked, few(rows, columns, values)))


def few(rows: Table, columns: Iterable[ColumnElement[Any]], values: Sequence[str]) -> Select[Any]:
    """Of those who keep something back and agreed with this login's team: the keys of such rows."""
    if rows is person:
        known = func.agreed_known_by().table_valued(person.c.id, *columns, name="known")
        return select(known.c.id).where(or_(*(known.c[column.name].in_(values) for column in columns)))
    is_number = "nhs_number" in {column.name for column in columns}
    phones, numbers = ([], list(values)) if is_number else (list(values), [])
    theirs = func.agreed_rows(cast(phones, _TEXTS), cast(numbers, _TEXTS)).table_valued("of_table", "id", name="theirs")
    return select(theirs.c.id).where(theirs.c.of_table == rows.name)
