"""Valid files made hostile: the same edits for hypothesis, for atheris and for a plain loop.

An edit is four whole numbers (what is done, where, with what, how much). Whatever the numbers, the edit is one that
can be done, so that hypothesis can make them smaller and atheris can make them up.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Edit = tuple[int, int, int, int]
MOST = 400_000  # bytes of what comes out

WORDS: tuple[str, ...] = (
    "1e999999999", "-1e999", "NaN", "Infinity", "-Infinity", "null", "true", "0", "-0", "-1", "1.5", "0x" + "f" * 9000,
    "9" * 5000, "9" * 400, "1" + "0" * 30, "99999999999", "2147483648", "0000-00-00", "0000-01-01", "99999-12-31",
    "10000-01-01", "1-1-1", "2026-02-30", "2026-06-30T23:59:60Z", "2026-01-01T00:00:00+99:99",
    "2026-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "24:00", "30/02/2026",
    "\\u0000", "\x00", "\\ud800", "\ud800", "\u202e", "\u2066", "\ufeff", "\x85", "\u2028", "\x1c", "\r", "\r\n",
    "\n\n", "\t", "=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "../../../../etc/passwd", "..\\..\\x",
    "/etc/passwd", "C:\\x", "CON", "nul.txt", "x\x00.txt", "<img src=file:///etc/passwd>", "<a href='http://x.invalid'>x</a>",
    "<b>", "&lt;", "]]>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "'; drop table person; --", "%s%n{0}{x}",
    "{" * 1500, "[" * 1500, "(" * 1500,
    '{"a":' * 1500, "<a>" * 1500, '"', "'", '"""', ",", ";", "|", ":", "\\", "`", "$(x)", "a" * 70_000, "é" * 3000,
    "👩🏽‍⚕️",
    "﷽" * 500, "z\u0301" * 500, "١٢٣", "²", "½", "Ⅷ", "𝟙", "\U000e0001", "", " ", "\x7f",
)  # fmt: skip
"""What breaks programs: numbers and times without sense, characters that cannot be kept, markup, paths, formulas."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 1.5, -0.0, float("nan"), float("inf"), 1e308, "", " ", [], {},
    [[]], [None], {"": None}, [{}], {"a": {"a": {"a": []}}}, *WORDS,
)  # fmt: skip
_JSON = ("{", "[")


def edited(content: bytes, edits: Sequence[Edit]) -> bytes:
    """The content with each edit done to it in turn; never longer than MOST."""
    for what, where, with_, much in edits:
        content = _HOW[what % len(_HOW)](content, abs(where), abs(with_), abs(much))[:MOST]
    return content


def random_edits(dice: random.Random, most: int = 4) -> list[Edit]:
    return [
        (dice.randrange(64), dice.randrange(2**31), dice.randrange(2**31), dice.randrange(2**16))
        for _ in range(dice.randint(1, most))
    ]


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _at(content: bytes, where: int) -> int:
    return where % (len(content) + 1)


def _flip(content: bytes, where: int, with_: int, _much: int) -> bytes:
    at = _at(content, where)
    return content[:at] + bytes([with_ % 256]) + content[at + 1 :]


def _cut(content: bytes, where: int, _with: int, _much: int) -> bytes:
    return content[: _at(content, where)]


def _drop(content: bytes, where: int, _with: int, much: int) -> bytes:
    at = _at(content, where)
    return content[:at] + content[at + 1 + much % 400 :]


def _insert(content: bytes, where: int, with_: int, _much: int) -> bytes:
    at = _at(content, where)
    return content[:at] + _bytes(WORDS[with_ % len(WORDS)]) + content[at:]


def _repeat(content: bytes, where: int, with_: int, much: int) -> bytes:
    at = _at(content, where)
    piece = content[at : at + 1 + with_ % 300]
    return content[:at] + piece * (1 + min(much % 2000, MOST // max(1, len(piece)))) + content[at:]


def _swap(content: bytes, where: int, with_: int, much: int) -> bytes:
    """Two lines change places."""
    lines = content.split(b"\n")
    a, b = where % len(lines), with_ % len(lines)
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _word(content: bytes, where: int, with_: int, _much: int) -> bytes:
    """One of its words, numbers or quoted texts becomes a hostile one."""
    places = [m.span() for m in re.finditer(rb'"[^"\n]{0,200}"|[\w.+:-]+', content[:60_000])]
    if not places:
        return _insert(content, where, with_, 0)
    start, end = places[where % len(places)]
    new = _bytes(WORDS[with_ % len(WORDS)])
    quoted = content[start : start + 1] == b'"' and with_ % 3
    return content[:start] + (b'"' + new + b'"' if quoted else new) + content[end:]


def _cell(content: bytes, where: int, with_: int, much: int) -> bytes:
    """One cell of a table becomes a hostile one, or goes, or comes twice."""
    lines = content.split(b"\n")
    at = where % len(lines)
    cells = lines[at].split(b",")
    cell = with_ % len(cells)
    match much % 3:
        case 0:
            cells[cell] = _bytes(WORDS[much % len(WORDS)])
        case 1:
            del cells[cell]
        case _:
            cells[cell : cell + 1] = [cells[cell]] * (2 + much % 40)
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _branch(content: bytes, where: int, with_: int, much: int) -> bytes:
    """One branch of JSON becomes another value, goes, is nested, or comes many times."""
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return _word(content, where, with_, much)
    places = list(_places(tree))
    if not places:
        return _insert(content, where, with_, much)
    holder, key = places[where % len(places)]
    match much % 8:
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key]] * (1 + with_ % 50)
        case 2:
            holder[key] = {"a": holder[key], "": holder[key]}
        case 3 if isinstance(holder, dict):
            holder[WORDS[with_ % len(WORDS)]] = holder.pop(key)
        case 4:
            value: Any = holder[key]
            for _ in range(with_ % 300):
                value = [value]
            holder[key] = value
        case _:
            holder[key] = VALUES[with_ % len(VALUES)]
    try:
        return json.dumps(tree, ensure_ascii=bool(with_ % 2)).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return content


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


_HOW: tuple[Callable[[bytes, int, int, int], bytes], ...] = (
    _flip, _cut, _drop, _insert, _repeat, _swap, _word, _word, _cell, _cell, _branch, _branch, _branch,
)  # fmt: skip
