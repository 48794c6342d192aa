"""Design tokens, read from ``resources/style/tokens.toml``. Free of Qt, so that the PDFs can use it too.

>>> palette("light").colour("accent")
'#005EB8'
>>> palette("dark").tone("red").ink
'#FF9D94'
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Mode = Literal["light", "dark"]
MODES: tuple[Mode, ...] = ("light", "dark")
Size = Literal["small", "body", "title"]


@dataclass(frozen=True, slots=True)
class Tone:
    """Four hex colours of one meaning. ``ink`` stands on ``soft`` or surface, ``on_fill`` on ``fill``."""

    ink: str
    soft: str
    fill: str
    on_fill: str


@dataclass(frozen=True, slots=True)
class State:
    """How a state looks: the name of its tone and of its mark (an icon), so that colour is never alone."""

    tone: str
    mark: str


@dataclass(frozen=True)
class Palette:
    """The colours of one mode, as ``#RRGGBB``."""

    mode: Mode
    colours: dict[str, str]
    tones: dict[str, Tone]

    def colour(self, role: str) -> str:
        """The colour of a role such as ``surface`` or ``text-quiet``. KeyError for a role that is not there."""
        return self.colours[role]

    def tone(self, name: str) -> Tone:
        return self.tones[name]


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((files("resources") / "style" / "tokens.toml").read_text("utf-8"))


@cache
def palette(mode: Mode = "light") -> Palette:
    """The palette of a mode. Paper is always ``light``."""
    raw = dict(_document()[mode])
    tones = {
        name: Tone(tone["ink"], tone["soft"], tone["fill"], tone["on-fill"]) for name, tone in raw.pop("tones").items()
    }
    return Palette(mode, raw, tones)


@cache
def states() -> dict[str, State]:
    """Every state that has a look of its own, by its code."""
    return {code: State(look["tone"], look["mark"]) for code, look in _document()["states"].items()}


def state(code: str) -> State:
    """The look of a state; an unknown one is neutral with a plain mark."""
    return states().get(code) or State("neutral", "circle")


def size(name: Size) -> int:
    """Pixels of a text size at 100 %."""
    return int(_document()["type"][name])


def space(steps: float = 1) -> int:
    """Steps of the grid of 4, in pixels at 100 %."""
    return round(int(_document()["space"]["unit"]) * steps)


def measure(name: str) -> int:
    """A named measure of ``[space]``, such as ``row`` or ``control``, in pixels at 100 %."""
    return int(_document()["space"][name])


def family() -> str:
    return str(_document()["type"]["family"])


def fallbacks() -> list[str]:
    return list(_document()["type"]["fallback"])


def strong_weight() -> int:
    return int(_document()["type"]["strong"])


def _channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of ``#RRGGBB``."""
    red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
