"""What is asked of the indexes to find people: one statement for any question, so that its plan is made once.

Names are asked as oblongs: surnames from and up to, given names from and up to. A prefix is a range, never LIKE, and
each oblong is read in the order of an index and only as far as its limit, so that no plan depends on how rare a name
is.
"""

# ruff: noqa: S608 (put together out of what stands here and nothing else; what is asked is a parameter)

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from coordination.people.dates import Span

END = "\U0010ffff"
"""after every text that begins as the one it is put behind"""
_JUST = "\x01"  # nothing that can be stored lies between a text and itself with this behind it
ANY = ("", END)

Range = tuple[str, str]


def starts(words: str) -> Range:
    """Everything that begins so."""
    return words, words + END


def just(words: str) -> Range:
    """That and nothing else."""
    return words, words + _JUST


def digits_from(start: str) -> Range:
    """A prefix of digits as a range, in any collation: ``943`` is from 943 up to, and without, 944."""
    nines = start.strip("9") == ""
    return start, (start + END if nines else str(int(start) + 1).zfill(len(start)))


@dataclass(frozen=True, slots=True)
class Oblong:
    """People by surname and given name; ``by_given`` reads them in order of the given name. ``narrow``: only those
    who also fit the ``spans`` and ``postcode_starts`` of the question."""

    surname: Range
    given: Range = ANY
    narrow: bool = False
    by_given: bool = False


@dataclass(slots=True)
class Probes:
    """One question. ``known_as``: an exact surname and the range of a (folded) name that somebody goes by."""

    most: int  # rows that one probe brings at most
    names: list[Oblong] = field(default_factory=list)
    known_as: list[tuple[str, Range]] = field(default_factory=list)
    spans: Sequence[Span] = ()
    postcode_starts: Sequence[str] = ()
    beside_alone: bool = False  # spans and postcode starts are asked by themselves, for there is no name
    numbers: Sequence[str] = ()
    phones: Sequence[str] = ()
    digits: Sequence[Range] = ()
    days: Sequence[date] = ()
    postcodes: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is asked."""
        others = (self.names, self.known_as, self.numbers, self.phones, self.digits, self.days, self.postcodes)
        return not any(others) and not self.beside_alone


def ask(connection: Connection, probes: Probes) -> Iterable[Row[Any]]:
    """One statement: a row a person, with ``said``: what records said that were merged into theirs and fit."""
    alone = probes.beside_alone
    asked = {
        "most": probes.most,
        "by_surname": [_oblong(one) for one in probes.names if not one.by_given],
        "by_given": [_oblong(one) for one in probes.names if one.by_given],
        "known_as": [(surname, *known) for surname, known in probes.known_as],
        "spans": [(span.first.isoformat(), span.last.isoformat()) for span in probes.spans],
        "starts": list(probes.postcode_starts),
        "spans_alone": alone,
        "starts_alone": list(probes.postcode_starts) if alone and not probes.spans else [],
        "numbers": list(probes.numbers),
        "phones": list(probes.phones),
        "digits": list(probes.digits),
        "days": [day.isoformat() for day in probes.days],
        "postcodes": list(probes.postcodes),
    }
    return connection.execute(_ASK, {"asked": json.dumps(asked)})


def _oblong(one: Oblong) -> tuple[str, str, str, str, bool]:
    return *one.surname, *one.given, one.narrow


# Whoever keeps something back is in no index of names and numbers, since what an index found is told by "explain
# analyze" (docs/decisions/who-sees-what.md). The few whom this login may see all
# the same are compared by value: ``kin``.
_KEYS = "p.id, p.surname_key, p.given_key, p.birth_date, p.postcode, p.nhs_number, p.phone_key, p.other_phone_key"
_MOST = "limit (select most from m)"
_BY_SURNAME = """p.surname_key collate "C" >= o.surname_from and p.surname_key collate "C" < o.surname_to
      and p.given_key collate "C" >= o.given_from and p.given_key collate "C" < o.given_to"""
_STARTS = """(not exists (select 1 from starts)
           or exists (select 1 from starts s
                      where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.until))"""
_NARROW = f"""(not o.narrow
           or (not exists (select 1 from spans)
               or exists (select 1 from spans s where p.birth_date between s.first and s.last))
          and {_STARTS})"""


def _probe(asked: str, fits: str, order: str = "", most: str = _MOST) -> str:
    """The first so many who fit, of everybody who may be found and of the few others; in no order, all of those."""
    among_all = f"select {_KEYS} from person p where not p.kept and {fits}"
    among_few = f"select {_KEYS} from kin p where {fits}"
    if not order:
        return f"""select h.id from {asked} cross join lateral (
    ({among_all} {most}) union all {among_few}) h"""
    return f"""select h.id from {asked} cross join lateral (
    select p.id from (
      ({among_all} order by {order} {most})
      union all {among_few}) p
    order by {order} {most}) h"""


def _each(name: str) -> str:
    return f"unnest((select list from {name})) as n(asked)"


_HITS = "\n  union\n  ".join((
    _probe("by_surname o", f"{_BY_SURNAME} and {_NARROW}", 'p.surname_key collate "C", p.given_key collate "C", p.id'),
    _probe("by_given o", f"{_BY_SURNAME} and {_NARROW}", 'p.given_key collate "C", p.surname_key collate "C", p.id'),
    """select h.id from known k cross join lateral (
    (select p.id from person p
     where not p.kept and p.surname_key collate "C" = k.surname and p.known_as <> ''
       and fold(p.known_as) collate "C" >= k.known_from and fold(p.known_as) collate "C" < k.known_to
     limit (select most from m))
    union all
    select p.id from kin p
    where p.surname_key collate "C" = k.surname and p.known_as <> ''
      and fold(p.known_as) collate "C" >= k.known_from and fold(p.known_as) collate "C" < k.known_to) h""",
    _probe("spans o", f"p.birth_date between o.first and o.last and {_STARTS}", "p.birth_date")
    + " where (select cast(q ->> 'spans_alone' as boolean) from q)",
    _probe("starts_alone o", 'p.postcode collate "C" >= o.start and p.postcode collate "C" < o.until',
           'p.postcode collate "C"'),
    _probe(_each("numbers"), "p.nhs_number = n.asked"),
    _probe(_each("phones"), "p.phone_key = n.asked"),
    _probe(_each("phones"), "p.other_phone_key = n.asked"),
    _probe(_each("days"), "p.birth_date = n.asked", most="limit (select 4 * most from m)"),
    _probe(_each("postcodes"), "p.postcode = n.asked", most="limit (select 4 * most from m)"),
    _probe("digits o", "p.nhs_number >= o.start and p.nhs_number < o.until", "p.nhs_number"),
    _probe("digits o", "p.phone_key >= o.start and p.phone_key < o.until", "p.phone_key"),
    _probe("digits o", "p.other_phone_key >= o.start and p.other_phone_key < o.until", "p.other_phone_key"),
    "select a.id from around a",
    "select w.id from was w",
))  # fmt: skip

# One value, always of one type, out of which the lists are read here: whatever is asked, the statement stays the same
# one, and the planner sees nothing by which another plan would seem better.
# The policies of each table hold in every part of it: it runs as whoever is signed in. Who was hit is an array, since
# of how many the planner has no idea: it might read everybody, but an array is looked up by key.
_ASK = text(f"""
with q as materialized (select cast(:asked as jsonb) as q),
m as materialized (select cast(q ->> 'most' as bigint) as most from q),
by_surname as materialized (
  select a ->> 0 as surname_from, a ->> 1 as surname_to, a ->> 2 as given_from, a ->> 3 as given_to,
         cast(a ->> 4 as boolean) as narrow
  from unnest(array(select jsonb_array_elements(q -> 'by_surname') from q)) as u(a)),
by_given as materialized (
  select a ->> 0 as surname_from, a ->> 1 as surname_to, a ->> 2 as given_from, a ->> 3 as given_to,
         cast(a ->> 4 as boolean) as narrow
  from unnest(array(select jsonb_array_elements(q -> 'by_given') from q)) as u(a)),
known as materialized (
  select a ->> 0 as surname, a ->> 1 as known_from, a ->> 2 as known_to
  from unnest(array(select jsonb_array_elements(q -> 'known_as') from q)) as u(a)),
spans as materialized (
  select cast(a ->> 0 as date) as first, cast(a ->> 1 as date) as last
  from unnest(array(select jsonb_array_elements(q -> 'spans') from q)) as u(a)),
starts as materialized (
  select start, start || U&'\\+10FFFF' as until
  from unnest(array(select jsonb_array_elements_text(q -> 'starts') from q)) as u(start)),
numbers as materialized (select array(select jsonb_array_elements_text(q -> 'numbers') from q) as list),
phones as materialized (select array(select jsonb_array_elements_text(q -> 'phones') from q) as list),
days as materialized (
  select array(select cast(d as date) from q cross join jsonb_array_elements_text(q -> 'days') as u(d)) as list),
postcodes as materialized (select array(select jsonb_array_elements_text(q -> 'postcodes') from q) as list),
digits as materialized (
  select a ->> 0 as start, a ->> 1 as until
  from unnest(array(select jsonb_array_elements(q -> 'digits') from q)) as u(a)),
starts_alone as materialized (
  select start, start || U&'\\+10FFFF' as until
  from unnest(array(select jsonb_array_elements_text(q -> 'starts_alone') from q)) as u(start)),
wide as materialized (
  select o.* from by_surname o
  where o.surname_to <> o.surname_from || U&'\\0001' and o.given_to <> o.given_from || U&'\\0001'
  union all
  select o.* from by_given o
  where o.surname_to <> o.surname_from || U&'\\0001' and o.given_to <> o.given_from || U&'\\0001'),
exact as materialized (
  select array(select o.surname_from from by_surname o where o.surname_to = o.surname_from || U&'\\0001'
               union select o.surname_from from by_given o where o.surname_to = o.surname_from || U&'\\0001'
               union select k.surname from known k) as surnames,
         array(select o.given_from from by_surname o where o.given_to = o.given_from || U&'\\0001'
               union select o.given_from from by_given o where o.given_to = o.given_from || U&'\\0001') as givens),
kin as materialized (
  select p.* from agreed_known_by() p
  where p.surname_key = any ((select surnames from exact)::text[])
     or p.given_key = any ((select givens from exact)::text[])
     or exists (select 1 from wide o where {_BY_SURNAME})
     or (select cast(q ->> 'spans_alone' as boolean) from q)
        and exists (select 1 from spans s where p.birth_date between s.first and s.last)
     or exists (select 1 from starts_alone s
                where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.until)
     or p.nhs_number = any ((select list from numbers)::text[])
     or p.phone_key = any ((select list from phones)::text[])
     or p.other_phone_key = any ((select list from phones)::text[])
     or p.birth_date = any ((select list from days)::date[])
     or p.postcode = any ((select list from postcodes)::text[])
     or exists (select 1 from digits d
                where p.nhs_number >= d.start and p.nhs_number < d.until
                   or p.phone_key >= d.start and p.phone_key < d.until
                   or p.other_phone_key >= d.start and p.other_phone_key < d.until)),
around as materialized (
  select a.person_id as id from person_around a
  where not a.kept and a.phone_key = any ((select list from phones)::text[])
  union all
  select a.person_id from person_around a
  where a.id = any (case when (select list from phones) <> '{{}}' then
    array(select r.id from agreed_rows((select list from phones)) r where r.of_table = 'person_around') end)),
was as materialized (
  select f.person_id as id, jsonb_build_object(
           'surname', f.surname, 'given', f.given, 'known_as', f.known_as, 'birth_date', f.birth_date,
           'nhs_number', f.nhs_number, 'postcode', f.postcode, 'phone', f.phone, 'other_phone', f.other_phone,
           'surname_key', f.surname_key, 'given_key', f.given_key, 'phone_key', f.phone_key,
           'other_phone_key', f.other_phone_key, 'known_key', fold(f.known_as)) as said
  from person_former f
  where exists (select 1 from by_surname a
                where f.surname_key collate "C" >= a.surname_from and f.surname_key collate "C" < a.surname_to
                  and f.given_key collate "C" >= a.given_from and f.given_key collate "C" < a.given_to)
     or exists (select 1 from by_given g
                where f.given_key collate "C" >= g.given_from and f.given_key collate "C" < g.given_to
                  and f.surname_key collate "C" >= g.surname_from and f.surname_key collate "C" < g.surname_to)
     or f.nhs_number = any ((select list from numbers)::text[])
     or f.phone_key = any ((select list from phones)::text[])
     or f.other_phone_key = any ((select list from phones)::text[])
     or f.birth_date = any ((select list from days)::date[])
     or f.postcode = any ((select list from postcodes)::text[])
     or exists (select 1 from digits d
                where f.nhs_number >= d.start and f.nhs_number < d.until
                   or f.phone_key >= d.start and f.phone_key < d.until
                   or f.other_phone_key >= d.start and f.other_phone_key < d.until)),
hits as (
  {_HITS}
)
select p.id, p.title, p.surname, p.given, p.known_as, p.birth_date, p.deceased_on, p.gender, p.nhs_number, p.address,
       p.postcode, p.phone, p.other_phone, n.name as neighbourhood, n.locality,
       p.surname_key, p.given_key, p.phone_key, p.other_phone_key,
       case p.known_as when '' then '' else fold(p.known_as) end as known_key,
       p.id in (select a.id from around a) as around_phone,
       (select jsonb_agg(w.said) from was w where w.id = p.id) as said
from person p
  left join ward w on w.code = p.ward_code
  left join neighbourhood n on n.id = w.neighbourhood_id
where p.id = any (array(select h.id from hits h))
""")
