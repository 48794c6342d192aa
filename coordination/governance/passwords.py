"""What a password may be, by the advice of the National Cyber Security Centre: long, and nothing guessed first.

No forced mixture of characters and no expiry. The database sees a verifier only, so this can be held by the client
alone; what the database holds is that a password which somebody else gave is good for nothing but being changed.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from coordination.errors import BadValue

LEAST, MOST = 12, 128
LEAST_OF_WORDS, WORDS = 11, 3
GUESSES = 8.0
"""powers of ten: what a guesser who knows the commonest passwords and words has to try, at the least"""
CENTRE_WORDS = (
    "manchester", "coordination", "coordinator", "centre", "center", "locality", "reablement", "nursing", "council",
    "password", "passwort", "welcome", "training",
)  # fmt: skip
_REST = 8
_NAME = 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

Strength = Literal["refused", "fair", "good", "strong"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``problem``: a code of the sentences, or None when it may be taken."""

    strength: Strength
    problem: str | None = None


def judge(password: str, own: Iterable[str] = (), before: str | None = None) -> Verdict:
    """``own``: names of the user (and of the user name), which a guesser tries first. ``before``: the present password.

    Codes: ``password_unprintable``, ``password_too_long``, ``password_too_short``, ``password_same``,
    ``password_has_name``, ``password_of_centre``, ``password_guessable``.
    """
    problem = _problem(password, tuple(own), before)
    if problem is not None:
        return Verdict("refused", problem)
    power = _guesses(password, own)
    if power < GUESSES:
        return Verdict("refused", "password_guessable")
    return Verdict("fair" if power < 10 else "good" if power < 14 else "strong")


def check(password: str, again: str, own: Iterable[str] = (), before: str | None = None) -> str:
    """The password, when it may be one. Raises BadValue, ``new`` or ``again``."""
    problem = judge(password, own, before).problem
    if problem is not None:
        raise BadValue("new", problem)
    if password != again:
        raise BadValue("again", "password_differs")
    return password


def one_time() -> str:
    """A first password, to be read out or written down once: 79 random bits in four groups, no signs that look
    alike."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _problem(password: str, own: Sequence[str], before: str | None) -> str | None:
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in password):
        return "password_unprintable"
    if len(password) > MOST:
        return "password_too_long"
    if len(password) < LEAST and not _three_words(password):
        return "password_too_short"
    if before is not None and password == before:
        return "password_same"
    folded = _fold(password)
    if any(name in folded for name in _names(own)):
        return "password_has_name"
    rest = folded
    for word in sorted(CENTRE_WORDS, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest != folded and len(rest) < _REST:
        return "password_of_centre"
    return None


def _three_words(password: str) -> bool:
    words = [word for word in re.split(r"[^\w]+|_", password) if len(word) >= 3]
    return len(words) >= WORDS and len(password) >= LEAST_OF_WORDS


def _names(own: Iterable[str]) -> set[str]:
    """Parts of names that are long enough not to stand in other words by chance; and whole ones."""
    found: set[str] = set()
    for name in own:
        parts = re.split(r"[\W_]+", name)
        found |= {_fold(part) for part in parts} | {_fold(name)}
    return {name for name in found if len(name) >= _NAME}


def _fold(text: str) -> str:
    """No case, no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _guesses(password: str, own: Iterable[str]) -> float:
    """The power of ten of the guesses it takes. What is longer than 72 is not looked at further: it costs time."""
    from zxcvbn import zxcvbn  # thirty thousand common words, read in when somebody chooses a password

    known: list[str | int] = [*_names(own), *CENTRE_WORDS]
    return float(zxcvbn(password[:72], user_inputs=known)["guesses_log10"])
