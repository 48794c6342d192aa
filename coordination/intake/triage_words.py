"""Words in a need: whole words whatever their case and accents, phrases with gaps, and what is denied. Pure.

``Need("No fall. Confused since Monday").says(phrase("fall"))`` is False: a denial is no reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

_GAP = "..."
_LONGEST_GAP = 3
_END = "."  # of a sentence: nothing reaches across it
_MARKS = (",", ":", "?")
_WRAPPED = re.compile(r"[ \t]*\r?\n[ \t]*(?=[a-zà-öø-ÿ])")  # a line that goes on in the next, as mail programs break it
_TOKEN = re.compile(r"[^\W_]+|[.!?;:,()\[\]\n–—]| - ")

# What denies the words after it, directly or after words that carry nothing of their own.
_DENYING = """
no not without denies denied deny denying never nor neither nil isnt wasnt arent werent hasnt hadnt havent doesnt didnt
dont aint unlikely
"""
_EMPTY = """
a an any the been being be had has have having is was were of to at all ever yet really very particularly actually known
recent recently new further other others obvious visible apparent apparently sign signs evidence history more serious
significant acute previous recorded reported reports report major current currently actual real complaint complaints
complaining symptom symptoms episode episodes suffered sustained experienced seem seems seemed appear appears appeared
look looks looked feel feels feeling felt become became showing shown got so
"""
_DENIES = frozenset(_DENYING.split())
_BETWEEN = frozenset(_EMPTY.split())
# "no longer", "not only": no denial of what follows.
_NO_DENIAL = frozenset(
    {
        ("no", "longer"),
        ("no", "change"),
        ("no", "better"),
        ("no", "improvement"),
        ("no", "one"),
        ("no", "idea"),
        ("not", "only"),
        ("not", "just"),
        ("not", "sure"),
        ("not", "better"),
        ("not", "improving"),
    }
)
_OR = frozenset({"or", "nor"})
_LONGEST_ITEM = 4  # words of one item of a list: "no falls, chest pain or confusion"
_AFTERWARDS = frozenset({"none", "nil", "no", "denied", "negative", "neg"})
_THEN = frozenset({"is", "was", "were", "are", "has", "have", "been"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other. ``*`` at the end of a word: any ending; ``...``: up to three words."""

    written: str
    words: tuple[str, ...]


def phrase(written: str) -> Phrase | None:
    """None when there are no words in it, or a ``*`` or ``...`` where none can be."""
    parts: list[str] = []
    for raw in written.split():
        if raw == _GAP:
            parts.append(raw)
            continue
        stem = raw.endswith("*")
        found = _tokens(raw.removesuffix("*"))
        if not found or "*" in raw[:-1] or any(not each[0].isalnum() for each in found):
            return None
        parts += [*found[:-1], found[-1] + "*" if stem else found[-1]]
    if not parts or _GAP in (parts[0], parts[-1]) or (_GAP, _GAP) in pairwise(parts):
        return None
    if any(part.endswith("*") and len(part) < 3 for part in parts):
        return None
    return Phrase(" ".join(written.split()), tuple(parts))


def fold(text: str) -> str:
    """No case, no accents; an apostrophe inside a word goes: ``can't`` and ``cant`` are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"(?<=\w)['’ʼ`](?=\w)", "", plain)


def _tokens(text: str) -> list[str]:
    found = []
    for word in _TOKEN.findall(fold(_WRAPPED.sub(" ", text))):
        if word[0].isalnum() or word in _MARKS:
            found.append(word)
        else:
            found.append(_END)
    return found


class Need:
    """A need, taken apart once and asked for many phrases."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for number, word in enumerate(self._tokens):
            places.setdefault(word, []).append(number)
        return places

    def spans(self, wanted: Phrase) -> list[tuple[int, int]]:
        """Where it stands, denied or not: first word and the one after the last."""
        return list(self._spans(wanted))

    def _spans(self, wanted: Phrase) -> Iterator[tuple[int, int]]:
        """One after the other: most phrases are settled by the first."""
        for start in self._starts(wanted.words[0]):
            end = self._end(wanted.words, start)
            if end is not None:
                yield start, end

    def said(self, wanted: Iterable[Phrase], not_in: Sequence[Phrase] = ()) -> list[str]:
        """Which of the phrases it says without denying them, and not as part of one of ``not_in``."""
        elsewhere: list[tuple[int, int]] | None = None
        said = []
        for each in wanted:
            for start, end in self._spans(each):
                if elsewhere is None:
                    elsewhere = [span for other in not_in for span in self._spans(other)]
                if not any(a <= start and end <= b for a, b in elsewhere) and not self._denied(start, end):
                    said.append(each.written)
                    break
        return said

    def says(self, wanted: Phrase) -> bool:
        return bool(self.said((wanted,)))

    def _starts(self, word: str) -> list[int]:
        if not word.endswith("*"):
            return self._places.get(word, [])
        stem = word[:-1]
        return sorted(place for each, places in self._places.items() if each.startswith(stem) for place in places)

    def _end(self, words: tuple[str, ...], start: int) -> int | None:
        at, gap = start, False
        for word in words:
            if word == _GAP:
                gap = True
                continue
            place = self._next(word, at, _LONGEST_GAP if gap else 0)
            if place is None:
                return None
            at, gap = place + 1, False
        return at

    def _next(self, word: str, at: int, gap: int) -> int | None:
        for place in range(at, min(at + gap + 1, len(self._tokens))):
            said = self._tokens[place]
            if said == word or (word.endswith("*") and said.startswith(word[:-1])):
                return place
            if not said[0].isalnum():
                return None
        return None

    # ---------------------------------------------------------------- denial

    def _denied(self, start: int, end: int) -> bool:
        return self._denied_before(start) or self._denied_after(end)

    def _denied_before(self, start: int) -> bool:
        """Back over words that carry nothing, and over the items of a list that ends in "or", to what denies."""
        at, item, listed = start - 1, 0, False
        while at >= 0:
            word = self._tokens[at]
            if word in _DENIES:
                after = self._tokens[at + 1] if at + 1 < len(self._tokens) else ""
                return (word, after) not in _NO_DENIAL
            if word == _END or word in (":", "?"):
                return False
            if word in _OR or (word == "," and (listed or self._list_goes_on(start))):
                listed, item = True, 0
            elif word == ",":
                return False
            elif word not in _BETWEEN:
                item += 1
                if not listed or item > _LONGEST_ITEM:
                    return False
            at -= 1
        return False

    def _list_goes_on(self, start: int) -> bool:
        """Whether a list of short items that began before ``start`` ends in "or" after it."""
        item = 0
        for word in self._tokens[start : start + 4 * _LONGEST_ITEM]:
            if word in _OR:
                return True
            item = 0 if word == "," else item + 1
            if word == _END or word in (":", "?") or item > _LONGEST_ITEM:
                return False
        return False

    def _denied_after(self, end: int) -> bool:
        """``Falls: none`` · ``fracture ruled out`` · ``injury denied``."""
        rest = self._tokens[end : end + 4]
        if rest[:1] in ([":"], ["?"]):
            return len(rest) > 1 and rest[1] in _AFTERWARDS
        while rest and rest[0] in _THEN:
            rest = rest[1:]
        return rest[:2] == ["ruled", "out"] or rest[:1] in (["excluded"], ["denied"], ["nil"])
