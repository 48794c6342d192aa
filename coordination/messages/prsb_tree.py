"""JSON along the headings of the standard, taken apart into words at their headings, and put together again.

Taking apart forgives: other spellings, one where there may be several and several where there may be one, words in
place of a group. Each is a finding at its heading, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from coordination.messages.fhir_json import Nonsense, Repeated
from coordination.messages.fhir_reader import MAX_DEPTH, Unreadable
from coordination.messages.findings import Findings, line
from coordination.messages.prsb import Said
from coordination.reference.hospital_headings import Heading, Path, find, plain, root

MAX_LEAVES = 5_000
_CODED = frozenset({"freetext", "codedvalue", "code", "display", "value", "text", "description"})


@dataclass(slots=True)
class Tree:
    """``leaves``: words at their headings, in the order of the message. ``groups``: headings that were there at all."""

    leaves: list[tuple[Path, str]] = field(default_factory=list)
    groups: set[Path] = field(default_factory=set)


def shown(path: Path) -> str:
    """A path in one line: ``Alerts[1] > Alerts record entry[1] > Alert``, counted as people do."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] += f"[{step + 1}]"
        else:
            parts.append(step)
    return " > ".join(parts)


def taken_apart(loaded: dict[str, Any], findings: Findings) -> Tree:
    """Raises :class:`Unreadable` when it is nested too deeply or holds too much."""
    taker = _Taker(findings)
    taker.group(loaded, root(), ())
    return taker.tree


def put_together(leaves: Iterable[tuple[Path, str]]) -> dict[str, Any]:
    """The reverse, for paths that the standard has. Raises ValueError for one that does not fit beside the others."""
    whole: dict[str, Any] = {}
    for path, words in leaves:
        at: Any = whole
        for step, following in zip(path, (*path[1:], None), strict=True):
            fresh: Any = words if following is None else [] if isinstance(following, int) else {}
            if isinstance(step, int):
                if not isinstance(at, list) or step > len(at) or (following is None and step != len(at)):
                    raise ValueError(shown(path))
                if step == len(at):
                    at.append(fresh)
            elif not isinstance(at, dict) or (following is None and step in at):
                raise ValueError(shown(path))
            else:
                at.setdefault(step, fresh)
            at = at[step]
    return whole


@dataclass(slots=True)
class _Taker:
    findings: Findings
    tree: Tree = field(default_factory=Tree)

    def group(self, value: dict[str, Any], heading: Heading | None, path: Path) -> None:
        if len(path) > MAX_DEPTH:
            raise Unreadable("too_deep", limit=MAX_DEPTH)
        self.tree.groups.add(path)
        seen: set[str] = set()
        for key, inner in value.items():
            known = heading.named(key) if heading is not None else None
            name = known.name if known is not None else line(key, "", Findings(), 120) or "?"
            if not path and plain(key) in ("standard", "version", "schema"):
                continue
            here = (*path, name)
            if known is None:
                if heading is not None and inner not in (None, "", [], {}):
                    self.findings.info(shown(here), "heading_unknown")
            elif known.name in seen:
                self.findings.warn(shown(here), "heading_spelt_twice")
            seen.add(name)
            self._heading(inner, known, here)
        for one in heading.inner if heading is not None and path else ():
            if one.least and one.name not in seen:
                self.findings.warn(shown((*path, one.name)), "heading_missing")

    def _heading(self, value: Any, known: Heading | None, path: Path) -> None:
        """What stands at one heading: once, or several times."""
        many = known is not None and known.many
        if isinstance(value, Repeated):
            self.findings.warn(shown(path), "json_key_repeated", key=path[-1], count=len(value))
        if isinstance(value, list):
            if known is not None and not many and len(value) > 1:
                self.findings.warn(shown(path), "heading_too_often", count=len(value))
            single = known is not None and not many
            for index, one in enumerate(self._flat(value, path)):
                self._one(one, known, path if single and index == 0 else (*path, index))
        elif value is not None:
            self._one(value, known, (*path, 0) if many else path)

    def _flat(self, value: list[Any], path: Path) -> list[Any]:
        flat: list[Any] = []
        for one in value:
            if isinstance(one, list):
                if type(one) is list and not isinstance(value, Repeated):
                    self.findings.info(shown(path), "list_in_list")
                flat += self._flat(one, path) if len(path) < MAX_DEPTH else []
            elif one is not None:
                flat.append(one)
        return flat

    def _one(self, value: Any, known: Heading | None, path: Path) -> None:
        if isinstance(value, dict):
            if known is not None and known.is_leaf:
                self._group_at_leaf(value, path)
            else:
                self.group(value, known, path)
        elif known is not None and not known.is_leaf:
            self._words_at_group(value, known, path)
        else:
            self._leaf(value, path)

    def _group_at_leaf(self, value: dict[str, Any], path: Path) -> None:
        """Some systems write every value as a code with its words."""
        simple = all(plain(key) in _CODED and not isinstance(inner, dict | list) for key, inner in value.items())
        if simple and value:
            self.findings.info(shown(path), "heading_with_parts")
            self._leaf(" ".join(str(inner) for inner in value.values() if inner not in (None, "")), path)
        else:
            self.findings.warn(shown(path), "group_where_words")
            self.group(value, None, path)

    def _words_at_group(self, value: Any, known: Heading, path: Path) -> None:
        if value in ("", None):
            self.tree.groups.add(path)
            return
        self.findings.warn(shown(path), "words_where_group")
        inner = known.named("Free text") or known.named(known.name)
        self._leaf(value, (*path, inner.name) if inner is not None and inner.is_leaf else path)

    def _leaf(self, value: Any, path: Path) -> None:
        if isinstance(value, Nonsense):
            self.findings.refuse_field(shown(path), "json_not_a_number", value=value)
        words = ("Y" if value else "N") if isinstance(value, bool) else str(value)
        if not words.strip():
            return
        if len(self.tree.leaves) >= MAX_LEAVES:
            raise Unreadable("too_many_elements", limit=MAX_LEAVES)
        self.tree.leaves.append((path, words))


def is_known(said: Said) -> bool:
    """Whether the standard has words at that heading."""
    found = find(said.path)
    return found is not None and found.is_leaf
