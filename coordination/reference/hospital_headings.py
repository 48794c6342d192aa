"""The headings of the PRSB hospital referral and its codes, read once from ``resources/reference/hospital-*.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

Path = tuple["str | int", ...]
"""Headings from the outermost in; a number is the place in a heading that may stand there several times, from 0."""

_LINE = re.compile(r"( *)(.+?)  (\d)\.\.([1*]) ([MRO-])(?:  (\w+))?(?:  = (\w+))?$")
_HYPHENS = re.compile(r"[^a-z0-9]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading. ``holds``: string, text, date, datetime, boolean, code, … or nothing for a group of others.

    ``duty``: M mandatory, R required, O optional, - where the standard says nothing.
    """

    name: str
    least: int
    many: bool
    duty: str
    holds: str
    inner: tuple[Heading, ...] = ()
    place: int = 0  # in the order of the standard
    _named: dict[str, Heading] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._named.update({plain(one.name): one for one in self.inner})

    @property
    def is_leaf(self) -> bool:
        """It holds words. A group of which the standard lists nothing is one too."""
        return not self.inner

    def named(self, name: str) -> Heading | None:
        """The heading beneath this one, however its name is spelt: case, spaces, hyphens and underscores aside."""
        return self._named.get(plain(name))


def plain(name: str) -> str:
    """What a name comes to when its spelling is let go of."""
    return _HYPHENS.sub("", _CAPITAL.sub(" ", name).casefold())


@cache
def root() -> Heading:
    """All headings, beneath one without a name. Those of our own come first."""
    data = _data("hospital-headings.toml")
    shared: Mapping[str, str] = data["shared"]
    count = iter(range(1, 1_000_000))
    whole = [*_parse(data["local"], shared, count), *_parse(data["headings"], shared, count)]
    return Heading("", 1, False, "M", "", tuple(whole))


@cache
def standard() -> tuple[str, str]:
    """Its name and version, as a message says them."""
    data = _data("hospital-headings.toml")
    return str(data["standard"]), str(data["version"])


@cache
def codes(name: str) -> Mapping[str, str]:
    """Code and words of one value set, in the order of the standard."""
    found: dict[str, str] = _data("hospital-notices.toml")[name]
    return found


def find(path: Path) -> Heading | None:
    """The heading at ``path``; None when the standard has none there, or not so often."""
    at: Heading | None = root()
    needs_place = False
    for step in path:
        if at is None:
            return None
        if isinstance(step, int):
            if not needs_place or step < 0:
                return None
            needs_place = False
            continue
        if needs_place:
            return None
        at = next((one for one in at.inner if one.name == step), None)
        needs_place = at is not None and at.many
    return None if needs_place else at


def in_order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts paths as the standard has them; headings that it has not come after those beside them."""
    at: Heading | None = root()
    key: list[tuple[int, int, str]] = []
    for step in path:
        if isinstance(step, int):
            key.append((0, step, ""))
            continue
        at = next((one for one in at.inner if one.name == step), None) if at is not None else None
        key.append((at.place, 0, "") if at is not None else (1_000_000, 0, step))
    return tuple(key)


def leaves() -> Iterator[Path]:
    """Every heading that holds words, with 0 where it may stand several times."""
    yield from _leaves(root(), ())


def _leaves(heading: Heading, path: Path) -> Iterator[Path]:
    for one in heading.inner:
        here = (*path, one.name, 0) if one.many else (*path, one.name)
        if one.is_leaf:
            yield here
        else:
            yield from _leaves(one, here)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("resources").joinpath("reference", name).read_text(encoding="utf-8"))


def _parse(outline: str, shared: Mapping[str, str], count: Iterator[int]) -> list[Heading]:
    """The headings of an outline. A line that cannot be read raises ValueError with it."""
    return _level([line for line in outline.splitlines() if line.strip()], 0, shared, count)


def _level(lines: list[str], depth: int, shared: Mapping[str, str], count: Iterator[int]) -> list[Heading]:
    found: list[Heading] = []
    index = 0
    while index < len(lines):
        match = _LINE.fullmatch(lines[index])
        if match is None or len(match[1]) != depth:
            raise ValueError(lines[index])
        place, last = next(count), index + 1
        while last < len(lines) and not re.match(rf" {{0,{depth}}}\S", lines[last]):
            last += 1
        inner = _level(lines[index + 1 : last], depth + 2, shared, count)
        if match[7]:
            inner = _parse(shared[match[7]], shared, count)
        found.append(Heading(match[2], int(match[3]), match[4] == "*", match[5], match[6] or "", tuple(inner), place))
        index = last
    return found
