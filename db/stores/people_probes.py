"""What is asked of the indexes to find people: one statement for any question, so that its plan is made once.

Names are asked as oblongs: surnames from and up to, given names from and up to. A prefix is a range, never LIKE, and
each oblong is read in the order of an index and only as far as its limit, so that no plan depends on how rare a name
is.
"""

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


# One value, always of one type, out of which the lists are read here: whatever is asked, the statement stays the same
# one, and the planner sees nothing by which another plan would seem better.
# The policies of each table hold in every part of it: it runs as whoever is signed in.
_ASK = text("""
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
around as materialized (
  select a.person_id as id from person_around a where a.phone_key = any ((select list from phones)::text[])),
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
  select h.id from by_surname a cross join lateral (
    select p.id from person p
    where p.surname_key collate "C" >= a.surname_from and p.surname_key collate "C" < a.surname_to
      and p.given_key collate "C" >= a.given_from and p.given_key collate "C" < a.given_to
      and (not a.narrow
           or (not exists (select 1 from spans)
               or exists (select 1 from spans s where p.birth_date between s.first and s.last))
          and (not exists (select 1 from starts)
               or exists (select 1 from starts s
                          where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.until)))
    order by p.surname_key collate "C", p.given_key collate "C", p.id limit (select most from m)) h
  union
  select h.id from by_given g cross join lateral (
    select p.id from person p
    where p.given_key collate "C" >= g.given_from and p.given_key collate "C" < g.given_to
      and p.surname_key collate "C" >= g.surname_from and p.surname_key collate "C" < g.surname_to
      and (not g.narrow
           or (not exists (select 1 from spans)
               or exists (select 1 from spans s where p.birth_date between s.first and s.last))
          and (not exists (select 1 from starts)
               or exists (select 1 from starts s
                          where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.until)))
    order by p.given_key collate "C", p.surname_key collate "C", p.id limit (select most from m)) h
  union
  select h.id from known k cross join lateral (
    select p.id from person p
    where p.surname_key collate "C" = k.surname and p.known_as <> ''
      and fold(p.known_as) collate "C" >= k.known_from and fold(p.known_as) collate "C" < k.known_to
    limit (select most from m)) h
  union
  select h.id from spans s cross join lateral (
    select p.id from person p
    where p.birth_date between s.first and s.last
      and (not exists (select 1 from starts)
           or exists (select 1 from starts s
                      where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.until))
    order by p.birth_date limit (select most from m)) h
  where (select cast(q ->> 'spans_alone' as boolean) from q)
  union
  select h.id from unnest(array(select jsonb_array_elements_text(q -> 'starts_alone') from q)) as s(start)
  cross join lateral (
    select p.id from person p
    where p.postcode collate "C" >= s.start and p.postcode collate "C" < s.start || U&'\\+10FFFF'
    order by p.postcode collate "C" limit (select most from m)) h
  union
  select h.id from unnest((select list from numbers)) as n(number)
  cross join lateral (select p.id from person p where p.nhs_number = n.number limit (select most from m)) h
  union
  select h.id from unnest((select list from phones)) as n(number)
  cross join lateral (select p.id from person p where p.phone_key = n.number limit (select most from m)) h
  union
  select h.id from unnest((select list from phones)) as n(number)
  cross join lateral (select p.id from person p where p.other_phone_key = n.number limit (select most from m)) h
  union
  select h.id from unnest((select list from days)) as d(day)
  cross join lateral (select p.id from person p where p.birth_date = d.day limit (select 4 * most from m)) h
  union
  select h.id from unnest((select list from postcodes)) as c(postcode)
  cross join lateral (select p.id from person p where p.postcode = c.postcode limit (select 4 * most from m)) h
  union
  select h.id from digits d cross join lateral (
    select p.id from person p where p.nhs_number >= d.start and p.nhs_number < d.until
    order by p.nhs_number limit (select most from m)) h
  union
  select h.id from digits d cross join lateral (
    select p.id from person p where p.phone_key >= d.start and p.phone_key < d.until
    order by p.phone_key limit (select most from m)) h
  union
  select h.id from digits d cross join lateral (
    select p.id from person p where p.other_phone_key >= d.start and p.other_phone_key < d.until
    order by p.other_phone_key limit (select most from m)) h
  union
  select a.id from around a
  union
  select w.id from was w
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
where p.id in (select h.id from hits h)
""")
