"""Which keys a number is looked up by, who belongs to it, and what may stand in the register. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from coordination.errors import BadValue, BadValues
from coordination.people.callers.model import CALLER_KINDS, Caller, FoundByNumber, ProfessionalDraft
from coordination.people.model import PersonRow
from coordination.people.text import check_text
from coordination.values import phone_key

HERE = "161"
"""The area code that Manchester leaves out when it dials Manchester."""
MOST_CALLERS = 12
_MOST_ABOUT = 4
_LONGEST = {"name": 200, "role": 100, "organisation": 200, "phone": 50, "email": 320}
# "ext. 12", "x12" and "#12" ring further inside a house; they are no part of the number.
_EXTENSION = re.compile(r"(?:(?<![a-z])ext(?:ension|n)?\.?|(?<![a-z])x|#)[\s.:]*\d{1,6}\s*$", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def number_keys(text: str) -> tuple[str, ...]:
    """The keys under which a number may be stored, likeliest first; empty while too few digits are there.

    Any way of writing it: ``+44 (0)161 496 0000``, ``0044 161…``, ``(0161) 496-0000``, ``496 0000`` as Manchester
    dials itself, with or without an extension.
    """
    plain = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    for spelling in (_EXTENSION.sub("", plain), plain):
        key = phone_key(spelling)
        if len(key) == 7:
            found += [HERE + key, key]
        elif len(key) >= 9:
            found += [key, key[3:]] if len(key) == 10 and key.startswith(HERE) else [key]
    return tuple(dict.fromkeys(found))


def arrange(found: Iterable[FoundByNumber], limit: int = MOST_CALLERS) -> list[Caller]:
    """One list of whose the number is, nobody twice: what they did from it earlier is told of them."""
    rows = list(found)
    known: dict[str, Caller] = {}
    for row in sorted(rows, key=lambda row: row.former):  # a number that they have tells more than one that they had
        if row.kind != "earlier":
            known.setdefault(_key(row), _caller(row))
    _add_those_cared_for(known)
    calls = [row for row in rows if row.kind == "earlier" and row.at is not None]
    for call in sorted(calls, key=lambda row: (row.at, row.key), reverse=True):
        key = _whose(call, known)
        known[key] = _called(known[key], call) if key in known else _called(_caller(call), call)
    return sorted(known.values(), key=_place)[:limit]


def check_professional(draft: ProfessionalDraft) -> ProfessionalDraft:
    """Ready to store. Raises BadValues with fields ``professional.<name>``."""
    problems: list[BadValue] = []
    texts: dict[str, str] = {}
    for name, longest in _LONGEST.items():
        try:
            texts[name] = check_text(f"professional.{name}", getattr(draft, name), longest)
        except BadValue as problem:
            problems.append(problem)
    if not texts.get("name", "-"):
        problems.append(BadValue("professional.name", "missing"))
    if texts.get("email") and not _EMAIL.fullmatch(texts["email"]):
        problems.append(BadValue("professional.email", "not_an_email"))
    if problems:
        raise BadValues(tuple(problems))
    return ProfessionalDraft(draft.id, practice_code=draft.practice_code.strip().upper(), **texts)


def fold(text: str) -> str:
    """One spelling to tell names apart by: no case, no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _key(row: FoundByNumber) -> str:
    for kind, link in (("person", row.person_id), ("around", row.around_id), ("professional", row.professional_id)):
        if link is not None:
            return f"{kind}:{link}"
    return f"{row.kind}:{row.key}"


def _caller(row: FoundByNumber) -> Caller:
    linked = _key(row).partition(":")[0]
    kind = next((kind for kind in CALLER_KINDS if kind == linked), row.kind)
    return Caller(
        kind, _key(row), row.name, row.relation, row.organisation, row.phone, row.is_carer, row.person_id,
        row.around_id, row.professional_id, (row.about,) if row.about is not None else (), former=row.former,
    )  # fmt: skip


def _add_those_cared_for(known: dict[str, Caller]) -> None:
    """A registered person who has the number may be the one around another who has it too."""
    around = [caller for caller in known.values() if caller.kind == "around"]
    for key, caller in known.items():
        if caller.kind == "person":
            for other in around:
                if fold(other.name) == fold(caller.name):
                    known[key] = _about(known[key], *other.about)


def _whose(call: FoundByNumber, known: dict[str, Caller]) -> str:
    """The one whom an earlier call belongs to: the one it was linked with, else the one of that name."""
    key = _key(call)
    if not key.startswith("earlier:"):
        return key
    name = fold(call.name)
    same = (one.key for one in known.values() if name and fold(one.name) == name)
    return next(same, f"earlier:{name}")


def _called(caller: Caller, call: FoundByNumber) -> Caller:
    """Calls come newest first: the first one tells when it was."""
    if caller.last_at is None:
        caller = replace(caller, last_at=call.at, last_need=call.need, last_about=call.about)
        if caller.kind == "earlier":
            caller = replace(caller, key=f"earlier:{fold(call.name)}")
    return _about(caller, call.about)


def _about(caller: Caller, *people: PersonRow | None) -> Caller:
    there = {row.id for row in caller.about}
    more = tuple(row for row in people if row is not None and row.id not in there)
    return replace(caller, about=(*caller.about, *more)[:_MOST_ABOUT])


def _place(caller: Caller) -> tuple[int, bool, float, str, str]:
    newest = -caller.last_at.timestamp() if caller.last_at else 0.0
    return CALLER_KINDS.index(caller.kind), not caller.is_carer, newest, caller.name.casefold(), caller.key
