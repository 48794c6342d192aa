"""Errors put into words: what happened, who or what is in the way, what to do.

The words of one area stand in ``ui/<area>/messages.py`` as ``SENTENCES: dict[str, str]``, by the code that the error
carries, with ``str.format`` fields for its facts; they are gathered here. (The package ``ui.messages`` is the area of
messages in and out, hence this module's name.)

Codes: BadValue ``reason`` or ``field.reason``; Obstacle ``code``; Refused ``refused.<action>`` (the lead-in);
IllegalMove ``<area>.<state>-><wanted>`` or ``<area>->…``; AlreadyExists and BrokenRule the constraint's name;
NotAllowed ``not_allowed.<action>``; NotFound ``not_found.<area>``; Conflict ``conflict.<area>``.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache, singledispatch
from typing import Any

import ui
from coordination import errors
from ui import wording

log = logging.getLogger(__name__)

COMMON = {
    # fields
    "required": "This is needed.",
    "missing": "This is needed.",
    "needs_ten_digits": "An NHS number has ten digits.",
    "check_digit_fails": "That NHS number has a wrong digit in it. Check it against the source.",
    "not_a_postcode": "That is not the form of a postcode, such as M9 4PA.",
    "not_a_date": "That is not a date. Write it as 14-Jul-1945, 14/7/1945 or 14071945.",
    "not_a_time": "That is not a time. Write it as 09:30 or 930.",
    "in_the_future": "That date is still to come.",
    "in_the_past": "That is in the past.",
    "ends_before_it_starts": "It ends before it starts.",
    "has_no_time_zone": "The time has no time zone.",
    "too_long": "That is too long.",
    "too_short": "That is too short.",
    "not_a_number": "That is not a number.",
    "out_of_range": "That is outside what is possible.",
    "not_an_email": "That is not an e-mail address.",
    "not_a_phone_number": "That is not a telephone number.",
    "unknown_choice": "That is not one of the choices.",
}


@cache
def sentences() -> dict[str, str]:
    """All sentences by code: the common ones, and those of every area."""
    found = dict(COMMON)
    for module in pkgutil.iter_modules(ui.__path__):
        if not module.ispkg:
            continue
        name = f"ui.{module.name}.messages"
        try:
            found.update(importlib.import_module(name).SENTENCES)
        except ModuleNotFoundError as absent:
            if absent.name != name:
                raise
    return found


def fact(value: Any) -> str:
    """A fact inside a sentence: dates, times and lengths as on every screen."""
    if isinstance(value, datetime):
        return wording.day_time(value)
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, time):
        return wording.clock_time(value)
    if isinstance(value, timedelta):
        return wording.length(value)
    if isinstance(value, list | tuple | set | frozenset):
        return wording.listing([fact(part) for part in value])
    return str(value)


def _find(codes: Iterable[str], facts: dict[str, Any] | None = None) -> str | None:
    for code in codes:
        words = sentences().get(code)
        if words is not None:
            return _fill(words, facts or {})
    return None


def _fill(words: str, facts: dict[str, Any]) -> str:
    shown = {name: fact(value) for name, value in facts.items()}
    try:
        return words.format_map(shown)
    except (KeyError, IndexError):
        log.error("a sentence lacks the facts it names: %r", words)
        return words


@singledispatch
def sentence(error: Exception) -> str:
    """The sentence for an error. One that nobody foresaw is logged by its type only, and gets a plain sentence."""
    log.error("unforeseen %s", type(error).__qualname__, extra={"where": _where(error)})
    return (
        f"Something went wrong that the program did not expect ({type(error).__name__}). "
        "What you typed is kept. Try again; if it comes back, tell support the time and this name."
    )


def _where(error: Exception) -> str:
    """File names and lines, no values: safe in a log."""
    parts = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        parts.append(f"{code.co_qualname if hasattr(code, 'co_qualname') else code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(parts)


@sentence.register
def _(error: errors.BadValue) -> str:
    words = _find((f"{error.field}.{error.reason}", error.reason))
    return words or f"{wording.words(error.field)}: {wording.words(error.reason).lower()}."


@sentence.register
def _(error: errors.BadValues) -> str:
    if len(error.problems) == 1:
        only = error.problems[0]
        return f"{wording.words(only.field)}: {sentence(only)}"
    fields = wording.listing([wording.words(problem.field).lower() for problem in error.problems])
    return f"Not saved yet. Please look again at {fields}."


@sentence.register
def _(error: errors.NotFound) -> str:
    return _find((f"not_found.{error.area}",)) or (
        "That record is not there any more, or you may not see it. The list has been read again."
    )


@sentence.register
def _(error: errors.Conflict) -> str:
    return _find((f"conflict.{error.area}",)) or (
        "Somebody saved this while you had it open. Nothing of yours is lost: compare the two, and save again."
    )


@sentence.register
def _(error: errors.AlreadyClaimed) -> str:
    since = wording.clock_time(error.since)
    return f"{error.by_name} has this referral since {since}. Ask them to hand it over, or take the next one."


@sentence.register
def _(error: errors.IllegalMove) -> str:
    codes = (f"{error.area}.{error.state}->{error.wanted}", f"{error.area}->{error.wanted}")
    state, wanted = wording.words(error.state).lower(), wording.words(error.wanted).lower()
    return _find(codes, {"state": state, "wanted": wanted}) or (
        f"It is now {state}, so it cannot become {wanted}. The list has been read again."
    )


def obstacle_words(found: errors.Obstacle) -> str:
    """The sentence for one obstacle."""
    return _find((found.code,), dict(found.facts)) or f"{wording.words(found.code)}."


@sentence.register
def _(error: errors.Refused) -> str:
    lead = _find((f"refused.{error.action}",)) or f"{wording.words(error.action)} was not possible."
    return " ".join([lead, *map(obstacle_words, error.obstacles)])


@sentence.register
def _(error: errors.NotAllowed) -> str:
    return _find((f"not_allowed.{error.action}",)) or (
        "Your role or your team does not allow that. If you need it for your work, ask your team lead or the "
        "information-governance lead."
    )


@sentence.register
def _(error: errors.AlreadyExists) -> str:
    return _find((error.constraint,)) or "That is there already. The list has been read again; look for it there."


@sentence.register
def _(error: errors.BrokenRule) -> str:
    words = _find((error.constraint,))
    if words is None:
        log.error("a rule of the database that no screen foresaw: %s", error.constraint)
    return words or (
        f"The database refused that, because it would break the rule “{wording.words(error.constraint)}”. "
        "Nothing was changed; check what you entered."
    )


@sentence.register
def _(error: errors.CannotOpen) -> str:
    return obstacle_words(error.obstacle)


@sentence.register
def _(_error: OSError) -> str:
    return "That file could not be read or written. Choose another place, or close the program that has it open."


@sentence.register
def _(_error: errors.TooBusy) -> str:
    return "The database was too busy to do that in time. Nothing was changed. Try again."


@sentence.register
def _(_error: errors.NoRoom) -> str:
    return (
        "The server has no room left to save anything. What you typed is kept here and goes when there is room again. "
        "Tell whoever looks after the server."
    )


@sentence.register
def _(_error: errors.NoPassword) -> str:
    return "A password is needed. Type it when you are asked in a terminal, or give it as one line on standard input."


@sentence.register
def _(_error: errors.SignInFailed) -> str:
    return "That user name and password do not fit. Check both; capital letters count in the password."


@sentence.register
def _(_error: errors.LoginDisabled) -> str:
    return (
        "This login is switched off. An administrator can let you in again. What was kept here for it has been removed."
    )


@sentence.register
def _(_error: errors.PasswordMustChange) -> str:
    return "That password was given to you by somebody else. Sign in at the window and choose one of your own first."


@sentence.register
def _(_error: errors.DatabaseAway) -> str:
    return "The database cannot be reached. What you typed is kept here and can be sent again when it is back."


@sentence.register
def _(_error: errors.LockedOut) -> str:
    return (
        "Too many wrong passwords were tried for this user name from this computer or its network. The server lets it "
        "in from there again after a while, usually 15 minutes; until then the right password does not help either. "
        "Wait, use another computer, or ask whoever looks after the server to let you in."
    )


@sentence.register
def _(_error: errors.StandbyOnly) -> str:
    return (
        "The server that answers is only a copy to fall back on, and takes nothing in. What you typed is kept here and "
        "goes when the main server is back, or the copy has been made the main one."
    )


@sentence.register
def _(error: errors.BackupDamaged) -> str:
    return {
        "foreign": "That file is not a backup of this program.",
        "cut_off": "That backup is not whole: its end is missing.",
        "closed": "That backup does not open: the passphrase is another one, or the file was altered.",
    }[error.why]


@sentence.register
def _(error: errors.BackupFailed) -> str:
    program = error.program.replace("_", " ")
    return f"The program {program} ended with {error.code}, so nothing was kept. See that there is room, and try again."
