"""Reading a file of entries that people edit: what is wrong is said with file, entry and field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coordination.errors import BadValue
from coordination.people.text import check_text
from coordination.reference.standing import BadReferenceFile

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of the file. ``row`` counts from 1; ``within`` names it more closely: ``fall: question 2``."""

    file: str
    table: str
    row: int
    values: Mapping[str, Any]
    within: str = ""

    def bad(self, name: str) -> BadReferenceFile:
        """The error for a field of this entry."""
        return BadReferenceFile(self.file, self.table, self.row, f"{self.within}: {name}" if self.within else name)

    def code(self) -> str:
        found = self.values.get("code")
        if not isinstance(found, str) or not _CODE.fullmatch(found):
            raise self.bad("code")
        return found

    def text(self, name: str, longest: int, needed: bool = True) -> str:
        found = self.values.get(name, "")
        if not isinstance(found, str):
            raise self.bad(name)
        try:
            found = check_text(name, found, longest)
        except BadValue:
            raise self.bad(name) from None
        if needed and not found:
            raise self.bad(name)
        return found

    def flag(self, name: str) -> bool:
        found = self.values.get(name, False)
        if not isinstance(found, bool):
            raise self.bad(name)
        return found

    def words(self, name: str, *, known: Collection[str] | None = None, needed: bool = False) -> tuple[str, ...]:
        """A list of words or phrases, each once."""
        found = self.values.get(name, [])
        if not isinstance(found, list) or (needed and not found) or len(found) != len(set(map(str, found))):
            raise self.bad(name)
        for each in found:
            if not isinstance(each, str) or not each.strip() or (known is not None and each not in known):
                raise self.bad(name)
        return tuple(found)

    def parts(self, name: str, fields: Collection[str]) -> Iterator[Entry]:
        """The tables inside it: one at least."""
        found = self.values.get(name)
        if not isinstance(found, list) or not found:
            raise self.bad(name)
        for number, each in enumerate(found, start=1):
            within = f"{self.within}: {name} {number}"
            if not isinstance(each, dict) or set(each) - set(fields):
                raise BadReferenceFile(self.file, self.table, self.row, within)
            yield Entry(self.file, self.table, self.row, each, within)


def entries(text: str, file: str, table: str, fields: Collection[str]) -> Iterator[Entry]:
    """The entries of a file, in order. Raises BadReferenceFile: no TOML, another table or field, one code twice."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadReferenceFile(file, str(error), 0, "") from None
    found = document.get(table)
    if set(document) != {table} or not isinstance(found, list):
        raise BadReferenceFile(file, table, 0, ", ".join(sorted(set(document) - {table})))
    seen: set[str] = set()
    for row, values in enumerate(found, start=1):
        if not isinstance(values, dict):
            raise BadReferenceFile(file, table, row, "")
        entry = Entry(file, table, row, values, str(values.get("code", "")))
        unknown = sorted(set(values) - set(fields))
        if unknown:
            raise entry.bad(unknown[0])
        if entry.code() in seen:
            raise entry.bad("code")
        seen.add(entry.code())
        yield entry
