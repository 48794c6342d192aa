"""Words for paper: any script, right to left too, nothing lost without a trace. Makes ReportLab's paragraph markup.

ReportLab shapes word by word, and a word that needs shaping must be of one font. It reorders nothing: so words that run
from right to left are put in their visual order here, and a run of several gets lines of its own, broken here too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from ui.sheets.fonts import RIGHT_TO_LEFT, SHAPED, Fonts, Script, script_of

_UNSEEN = {0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF, 0x2060, *range(0xFE00, 0xFE10), *range(0x202A, 0x202F)}
_SKIN = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True)
class Word:
    """Letters of one font, without spaces. ``joined`` to the one before: nothing stood between them."""

    text: str
    script: Script
    joined: bool = False

    @property
    def is_rtl(self) -> bool:
        return self.script in RIGHT_TO_LEFT


def words_of(text: str) -> list[Word]:
    """The words of a text in the order they are read, each of one font."""
    found: list[Word] = []
    for chunk in legible(text).split():
        for number, (script, part) in enumerate(_by_font(chunk)):
            found.append(Word(part, script, joined=number > 0))
    return found


def _by_font(chunk: str) -> Iterator[tuple[Script, str]]:
    """A chunk in pieces of one font each. A mark takes the letter it stands on with it."""
    scripts: list[Script] = [script_of(c) or "plain" for c in chunk]
    if "marked" in scripts:
        scripts = ["marked" if s == "plain" else s for s in scripts]
    for script, pairs in groupby(zip(scripts, chunk, strict=True), key=lambda pair: pair[0]):
        yield script, "".join(c for _, c in pairs)


def legible(text: str) -> str:
    """What no font here has, by name in brackets: ``[waving hand sign]``, ``[3 Bengali characters]``. Control
    characters become spaces."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(_named(kind, list(run)) for kind, run in groupby(plain, key=_kind))


def _kind(character: str) -> str:
    point = ord(character)
    if point in _UNSEEN or point in _SKIN:
        return "unseen"
    if unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co"):
        return "space"
    if character.isspace() or script_of(character) is not None:
        return "known"
    if unicodedata.category(character)[0] in "LM":
        return "letters " + unicodedata.name(character, "unknown").split(" ")[0].split("-")[0].capitalize()
    return "sign"


def _named(kind: str, run: list[str]) -> str:
    if kind == "known":
        return "".join(run)
    if kind == "unseen":
        return ""
    if kind == "space":
        return " "
    if kind == "sign":
        return "".join(f"[{unicodedata.name(c, f'U+{ord(c):04X}').lower()}]" for c in run)
    script = {"Cjk": "Chinese"}.get(kind.split(" ")[1], kind.split(" ")[1])
    return f"[{len(run)} {script} character{'s' if len(run) > 1 else ''}]"


@dataclass(frozen=True)
class Marked:
    """Markup of a paragraph, and whether it needs shaping."""

    text: str
    shaped: bool


def markup(
    text: str, fonts: Fonts, *, bold: bool = False, room: float = 1e9, width: Callable[[str, str], float] | None = None
) -> Marked:
    """Markup for a paragraph that is ``room`` points wide. ``width`` measures a text in a font by name."""
    words = words_of(text)
    shaped = any(word.script in SHAPED for word in words)
    parts: list[str] = []
    for is_rtl, run in groupby(_with_inner_numbers(words), key=lambda pair: pair[0]):
        group = [word for _, word in run]
        if not is_rtl:
            parts.append(_line(group, fonts, bold, apart=shaped))
            continue
        lines = _broken(group, fonts, bold, room, width)
        said = "<br/>".join(_line(list(reversed(line)), fonts, bold, apart=True) for line in lines)
        parts.append(said if len(group) == 1 else f"<br/>{said}<br/>")
    joined = re.sub(r"\s*<br/>\s*", "<br/>", " ".join(parts))
    joined = re.sub(r"^(<br/>)+|(<br/>)+$", "", re.sub(r"(<br/>)+", "<br/>", joined))
    return Marked(joined, shaped)


def _with_inner_numbers(words: list[Word]) -> list[tuple[bool, Word]]:
    """Each word with its direction; numbers and signs between two words from the right belong to their run."""
    rtl = [word.is_rtl for word in words]
    for at, word in enumerate(words):
        if not rtl[at] and not any(c.isalpha() for c in word.text):
            before, after = at > 0 and rtl[at - 1], any(w.is_rtl for w in words[at + 1 : at + 2])
            rtl[at] = before and (after or word.joined)
    return list(zip(rtl, words, strict=True))


def _broken(
    words: list[Word], fonts: Fonts, bold: bool, room: float, width: Callable[[str, str], float] | None
) -> list[list[Word]]:
    """Lines that fit, in reading order."""
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in words:
        takes = width(word.text + " ", fonts.name(word.script, bold)) if width else 0.0
        if lines[-1] and used + takes > room:
            lines.append([])
            used = 0.0
        lines[-1].append(word)
        used += takes
    return lines


def _line(words: list[Word], fonts: Fonts, bold: bool, *, apart: bool) -> str:
    """``apart``: pieces of different fonts need a space between them, or they would be shaped as one."""
    out = ""
    for number, word in enumerate(words):
        gap = "" if number == 0 or (word.joined and not apart) else " "
        name = fonts.name(word.script, bold)
        out += f'{gap}<font name="{name}">{escape(word.text)}</font>'
    return out
