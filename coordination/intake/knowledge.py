"""Knowledge beside the call: scripts and information, as data, found by the words of what is asked for. Pure.

The files stand in ``resources/reference`` and are meant to be edited by people; a mistake in one raises
BadReferenceFile, which names file, entry and field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeVar

from coordination.intake.knowledge_files import Entry, entries
from coordination.intake.model import CHANNELS, GivenAdvice
from coordination.reference.standing import BadReferenceFile

LONGEST_READ = 4_000  # characters of the need that are looked at: enough, and quick at any length
_ENDINGS = ("s", "es", "ed", "d", "ing", "en", "n", "er", "ers", "ness", "y")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’`´]")

Phrase = tuple[str, ...]
T = TypeVar("T", "Script", "Topic")


@dataclass(frozen=True, slots=True)
class Question:
    """``words``: how the answer begins in the need; empty where it does not go there."""

    ask: str
    listen: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """Questions for one kind of need. ``channels`` empty: for any. ``first``: shown where no keyword is found yet."""

    code: str
    title: str
    questions: tuple[Question, ...]
    channels: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    first: bool = False
    phrases: tuple[Phrase, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """Information or advice in plain words (Care Act 2014)."""

    code: str
    title: str
    words: str
    keywords: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = field(default=(), repr=False)

    def given(self) -> GivenAdvice:
        """As it is recorded with a contact."""
        return GivenAdvice(self.code, self.title, self.words)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A script, and the keywords that brought it up: none where it is only there to be chosen."""

    script: Script
    found: tuple[str, ...] = ()


# ---------------------------------------------------------------- finding


def words_of(text: str) -> list[str]:
    """The words of a text to compare by: no case, no accents, no apostrophes."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:LONGEST_READ])).casefold()
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def suggest(channel: str, need: str, scripts: Sequence[Script] | None = None) -> list[Suggestion]:
    """All scripts for a channel: those whose keywords stand in the need, best first; then what is shown first on this
    channel and on any; then the rest as in the file."""
    text = _Text(need)
    weighed: list[tuple[float, int, Suggestion]] = []
    for place, script in enumerate(read_scripts() if scripts is None else scripts):
        if script.channels and channel not in script.channels:
            continue
        found = _found(script.keywords, script.phrases, text)
        weight = _weight(found) + 0.5 * bool(script.channels) if found else 0.0
        if not found and script.first:
            weight = -1.0 if script.channels else -2.0
        elif not found:
            weight = -3.0
        weighed.append((-weight, place, Suggestion(script, found)))
    return [suggestion for _weight, _place, suggestion in sorted(weighed, key=lambda w: w[:2])]


def find_topics(text: str, topics: Sequence[Topic] | None = None) -> list[Topic]:
    """Topics by keyword, title and words, best first; a word that is still being typed counts as its beginning.

    Nothing typed: all of them, as in the file.
    """
    every = list(read_topics() if topics is None else topics)
    asked = words_of(text)
    if not asked:
        return every
    weighed = [(_topic_weight(topic, asked, text), place, topic) for place, topic in enumerate(every)]
    return [topic for weight, _place, topic in sorted(weighed, key=lambda w: (-w[0], w[1])) if weight > 0]


def topics_for(need: str, limit: int = 4, topics: Sequence[Topic] | None = None) -> list[Topic]:
    """Topics whose keywords stand in what is asked for, best first."""
    text = _Text(need)
    every = read_topics() if topics is None else topics
    weighed = [(_weight(_found(t.keywords, t.phrases, text)), place, t) for place, t in enumerate(every)]
    return [topic for weight, _place, topic in sorted(weighed, key=lambda w: (-w[0], w[1])) if weight > 0][:limit]


class _Text:
    """A text made ready: where each word stands, and what each word may be a longer form of."""

    def __init__(self, text: str) -> None:
        self.words = words_of(text)
        self.at: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            for stem in _stems(word):
                self.at.setdefault(stem, []).append(place)

    def holds(self, phrase: Phrase) -> bool:
        """All words of the phrase in a row; each may stand in a longer form."""
        if not phrase:
            return False
        return any(
            all(start + n in self._places(word) for n, word in enumerate(phrase[1:], start=1))
            for start in self.at.get(phrase[0], ())
        )

    def _places(self, word: str) -> frozenset[int]:
        return frozenset(self.at.get(word, ()))


def _stems(word: str) -> Iterable[str]:
    yield word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else 4):
            yield word[: -len(ending)]


def _found(keywords: Sequence[str], phrases: Sequence[Phrase], text: _Text) -> tuple[str, ...]:
    return tuple(keyword for keyword, phrase in zip(keywords, phrases, strict=True) if text.holds(phrase))


def _weight(found: Iterable[str]) -> float:
    """A phrase says more than a word."""
    return sum(1.0 + 0.75 * keyword.count(" ") for keyword in found)


def _topic_weight(topic: Topic, asked: Sequence[str], text: str) -> float:
    weight = 3.0 * _weight(_found(topic.keywords, topic.phrases, _Text(text)))
    title = words_of(topic.title)
    named = [word for phrase in topic.phrases for word in phrase]
    said = set(words_of(topic.words))
    for word in asked:
        stems = set(_stems(word))
        weight += 2.0 * any(each.startswith(word) for each in title)
        weight += 1.0 * (len(word) >= 2 and any(each.startswith(word) for each in named))
        weight += 0.25 * (len(word) >= 3 and bool(stems & said))
    return weight


# ---------------------------------------------------------------- reading


@cache
def read_scripts() -> tuple[Script, ...]:
    """The scripts as they are. Raises BadReferenceFile."""
    return scripts_in(_file("scripts.toml"))


@cache
def read_topics() -> tuple[Topic, ...]:
    """Information and advice as it is. Raises BadReferenceFile."""
    return topics_in(_file("advice.toml"))


def scripts_in(text: str, file: str = "scripts.toml") -> tuple[Script, ...]:
    """The scripts of a file's text. Raises BadReferenceFile naming file, entry and field."""
    found: list[Script] = []
    shown_first: set[str] = set()
    for entry in entries(text, file, "script", {"code", "title", "channels", "keywords", "first", "question"}):
        channels = entry.words("channels", known=CHANNELS)
        first = entry.flag("first")
        keywords = entry.words("keywords", needed=not first)
        for place in (channels or ("",)) if first else ():
            if place in shown_first:
                raise entry.bad("first")
            shown_first.add(place)
        found.append(
            Script(entry.code(), entry.text("title", 200), tuple(_questions(entry)), frozenset(channels),
                   keywords, first, _phrases(entry, keywords))
        )  # fmt: skip
    if "" not in shown_first:
        raise BadReferenceFile(file, "script", 0, "first")
    return tuple(found)


def topics_in(text: str, file: str = "advice.toml") -> tuple[Topic, ...]:
    """The topics of a file's text. Raises BadReferenceFile naming file, entry and field."""
    found: list[Topic] = []
    for entry in entries(text, file, "topic", {"code", "title", "keywords", "words"}):
        keywords = entry.words("keywords", needed=True)
        found.append(
            Topic(entry.code(), entry.text("title", 200), entry.text("words", 4000), keywords,
                  _phrases(entry, keywords))
        )  # fmt: skip
    return tuple(found)


def _questions(entry: Entry) -> Iterable[Question]:
    for each in entry.parts("question", {"ask", "listen", "words"}):
        yield Question(each.text("ask", 300), each.text("listen", 400, needed=False), each.text("words", 100, False))


def _phrases(entry: Entry, keywords: Sequence[str]) -> tuple[Phrase, ...]:
    phrases = tuple(tuple(words_of(keyword)) for keyword in keywords)
    if not all(phrases):
        raise entry.bad("keywords")
    return phrases


def _file(name: str) -> str:
    return (files("resources") / "reference" / name).read_text(encoding="utf-8")


def by_code(all_of: Iterable[T]) -> Mapping[str, T]:
    """Entries by their code."""
    return {each.code: each for each in all_of}
