"""Who somebody is to whom a number belongs, in words."""

from __future__ import annotations

from datetime import datetime

from coordination.clock import local_date
from coordination.intake.model import Contact
from coordination.people.callers.model import Caller
from coordination.people.model import PersonRow
from ui import wording
from ui.people import words as people_words

_SHORTEST_NEED = 48


def title(caller: Caller) -> str:
    """The first line: the name, or the house where there is none."""
    if caller.kind == "person" and caller.about:
        return people_words.name(caller.about[0])
    return caller.name or caller.organisation or "Somebody who gave no name"


def who(caller: Caller) -> str:
    """``Daughter and carer of PANKHURST, Emmeline``, ``Practice nurse, Ancoats practice``."""
    relation = caller.relation.strip()
    relation = relation[:1].upper() + relation[1:]
    if caller.kind == "person":
        return "A number that they had before" if caller.former else "Their own number"
    if caller.kind == "around":
        what = " and ".join(part for part in (relation, "carer" if caller.is_carer else "") if part) or "Around"
        what = what[:1].upper() + what[1:]
        of = people_words.name(caller.about[0]) if caller.about else ""
        return f"{what} of {of}" if of and what != "Around" else f"Somebody around {of}" if of else what
    if caller.kind == "professional":
        return ", ".join(part for part in (relation, caller.organisation) if part) or "Professional"
    if caller.kind == "practice":
        return "GP practice"
    if caller.kind == "team":
        return "A team of the centres"
    return relation


def called(caller: Caller, now: datetime) -> str:
    """``called 20-Nov about PANKHURST, Emmeline: Cannot get up``; empty when they never have."""
    if caller.last_at is None:
        return ""
    about = f" about {people_words.name(caller.last_about)}" if _worth_naming(caller) else ""
    need = " ".join(caller.last_need.split())
    need = need if len(need) <= _SHORTEST_NEED else need[: _SHORTEST_NEED - 1] + "…"
    return f"called {when(caller.last_at, now)}{about}" + (f": {need}" if need else "")


def _worth_naming(caller: Caller) -> bool:
    """Not what stands there already: the one whom they are around."""
    last = caller.last_about
    return last is not None and not (caller.kind in ("person", "around") and caller.about[:1] == (last,))


def when(at: datetime, now: datetime) -> str:
    """``today``, ``yesterday``, ``on 20-Nov-2026``."""
    apart = (local_date(now) - local_date(at)).days
    return {0: "today", 1: "yesterday"}.get(apart) or f"on {wording.day(local_date(at))}"


def why(caller: Caller, now: datetime) -> str:
    """The second line of a list: who they are, and when they last called."""
    parts = [part[:1].upper() + part[1:] for part in (who(caller), called(caller, now)) if part]
    return ". ".join(parts)


def of_contact(contact: Contact) -> str:
    """``Susan Pankhurst (daughter), around PANKHURST, Emmeline``; empty where nobody was written down."""
    relation = f"({contact.caller_relation})" if contact.caller_relation else ""
    name = " ".join(part for part in (contact.caller_name, relation) if part)
    around = f"around {contact.caller_of}" if contact.caller_of else ""
    return ", ".join(part for part in (name, contact.caller_organisation, around) if part)


def about(row: PersonRow, caller: Caller) -> str:
    """Why it may be about this person."""
    if caller.person_id == row.id:
        return "They call for themselves"
    if caller.kind == "around":
        return who(caller)
    return "They called about them before" if caller.last_at is not None else "The same number"
