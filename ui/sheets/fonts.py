"""Fonts for paper: static cuts of the variable typefaces, of just the characters that one document holds.

ReportLab takes no variable fonts, and its built-in ones lose letters (Ł, ễ). A cut of a whole Noto Sans takes 7 s; of
the characters that are printed 0.3 s, kept in memory, so nothing is written anywhere (docs/decisions/pdf.md).
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Literal

Script = Literal["plain", "marked", "devanagari", "arabic", "hebrew"]
_NOTO, _ARABIC, _HEBREW = "fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "fontpkg_open_sans"
_PACKAGES: dict[Script, str] = {
    "plain": _NOTO,
    "marked": _NOTO,  # letters with combining marks that have no composed form
    "devanagari": _NOTO,
    "arabic": _ARABIC,
    "hebrew": _HEBREW,
}
SHAPED: frozenset[Script] = frozenset({"marked", "devanagari", "arabic", "hebrew"})
RIGHT_TO_LEFT: frozenset[Script] = frozenset({"arabic", "hebrew"})
ALWAYS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180)))) + "–—…•‘’“”€"
_WEIGHTS = {False: 400, True: 700}
_numbers = itertools.count(1)


def _file(package: str) -> Path | None:
    """The upright variable font of a package, or None when it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "files"
    return next((f for f in sorted(folder.glob("*.ttf")) if "Italic" not in f.name), None)


@cache
def _covered(package: str) -> frozenset[int]:
    """Code points that a package's font has."""
    from fontTools.ttLib import TTFont

    path = _file(package)
    if path is None:
        return frozenset()
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def script_of(character: str) -> Script | None:
    """Which cut has a character; None when no font here has it."""
    point = ord(character)
    if 0x0590 <= point <= 0x05FF or 0xFB1D <= point <= 0xFB4F:
        return "hebrew" if point in _covered(_HEBREW) else None
    if point >= 0x0600 and point in _covered(_ARABIC) and not (0x2000 <= point <= 0x2BFF or point in _covered(_NOTO)):
        return "arabic"
    if point not in _covered(_NOTO):
        return None
    if 0x0900 <= point <= 0x097F or 0xA8E0 <= point <= 0xA8FF:
        return "devanagari"
    return "marked" if unicodedata.combining(character) else "plain"


@cache
def _joined_forms() -> dict[str, frozenset[str]]:
    """The presentation forms that the Arabic font has, and of which letters each is."""
    points = (p for p in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFF)) if p in _covered(_ARABIC))
    return {chr(p): frozenset(unicodedata.normalize("NFKC", chr(p))) for p in points}


@dataclass(frozen=True)
class Fonts:
    """Names under which ReportLab knows the cuts of one document: by script and boldness."""

    names: dict[tuple[Script, bool], str]

    def name(self, script: Script, bold: bool = False) -> str:
        return self.names.get((script, bold)) or self.names["plain", bold]


@contextmanager
def fonts_for(texts: Iterable[str]) -> Iterator[Fonts]:
    """Cuts of the characters of ``texts``, registered with ReportLab for as long as the context lasts."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    number, made = next(_numbers), {}
    faces: list[TTFont] = []
    try:
        for script, characters in _by_script(texts).items():
            for bold, weight in _WEIGHTS.items():
                name = f"Sheet{number}-{script}{'-bold' if bold else ''}"
                face = TTFont(name, BytesIO(_cut_for(script, characters, weight)))
                pdfmetrics.registerFont(face)
                faces.append(face)
                made[script, bold] = name
        yield Fonts(made)
    finally:
        for face in faces:
            face.unregister()


def warm() -> None:
    """Make the cuts of the usual letters, so that the first sheet of a sitting need not wait for them (0.7 s). On a
    worker thread."""
    for weight in _WEIGHTS.values():
        _cut_for("plain", set(ALWAYS), weight)


def _by_script(texts: Iterable[str]) -> dict[Script, set[str]]:
    found: dict[Script, set[str]] = {"plain": set(ALWAYS)}
    characters: set[str] = set()
    for text in texts:
        characters.update(text if text.isascii() else unicodedata.normalize("NFC", text))
    for character in characters - found["plain"]:
        script = script_of(character)
        if script is not None:
            found.setdefault(script, set()).add(character)
    if "marked" in found:  # the letters that the marks stand on
        found["marked"] |= found["plain"]
    if "arabic" in found:  # their joined forms, so that what is drawn can be searched and read aloud
        found["arabic"] |= {f for f, letters in _joined_forms().items() if letters <= found["arabic"]}
    for script in SHAPED & found.keys():
        found[script] |= set(" ()-.,:/0123456789")
    return found


_lock = Lock()
_cuts: dict[tuple[Script, int], tuple[frozenset[str], bytes]] = {}


def _cut_for(script: Script, characters: set[str], weight: int) -> bytes:
    """A cut that has these characters: the one made before, if it has them all, else one that has both."""
    with _lock:
        had, made = _cuts.get((script, weight), (frozenset(), b""))
        if not characters <= had:
            had = had | characters
            made = _cut(script, had, weight)
            _cuts[script, weight] = (had, made)
        return made


def _cut(script: Script, characters: frozenset[str], weight: int) -> bytes:
    """One static font of those characters; with the shaping tables for the scripts that need them."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    path = _file(_PACKAGES[script])
    assert path is not None  # script_of has found the character in it
    options = subset.Options()
    if script not in SHAPED:
        options.layout_features = []
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    elif script == "marked":
        options.layout_features = ["ccmp", "mark", "mkmk"]
    options.notdef_outline = True
    options.hinting = False
    options.glyph_names = False
    options.drop_tables += ["STAT", "MVAR"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in characters])
    out = BytesIO()
    with TTFont(path, lazy=True) as font:
        cutter.subset(font)
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
        instancer.instantiateVariableFont(font, axes, inplace=True)
        name = f"Sheet{script.capitalize()}{weight}"  # ReportLab tells embedded fonts apart by this name only
        for record in font["name"].names:
            if record.nameID in (3, 4, 6):
                record.string = name
        font.save(out)
    return out.getvalue()
