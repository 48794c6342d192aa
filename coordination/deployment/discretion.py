"""What must not go on paper, taken out of words that somebody typed (D4, and the sheets of UX.md): a key-safe code
never, an NHS number never. A careful guess, on the side of leaving out too much: whoever goes can ring the centre."""

from __future__ import annotations

import re

from nhs_number.validate import is_valid as check_digit_holds

LEFT_OUT = "[ring the centre]"

_SAFE = re.compile(
    r"key\s*-?\s*(?:safe|box|pad)|lock\s*-?\s*box|\b(?:pass\s*-?)?codes?\b|\bpin\b|\bcombination\b", re.I
)
_PHONE = r"(?:\+44|(?<!\d)0)(?:[\s\-]?\d){9,10}(?!\d)"
_CLOCK = r"(?<![\d:.])(?:[01]?\d|2[0-3])[:.][0-5]\d(?![\d:.])"
_DIGITS = r"[A-Za-z#*]?\d(?:[\s\-–./,]{0,2}\d){2,}[A-Za-z#*]?"
_WORDS = r"(?:\b(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double)\b[\s,\-]{0,3}){3,}"
_NUMBERS = re.compile(rf"(?P<kept>{_PHONE}|{_CLOCK})|(?P<code>{_DIGITS}|{_WORDS})", re.I)
_AFTER, _BEFORE = 60, 24  # how far from the word that speaks of a code a code is looked for
_TEN = re.compile(r"(?<!\d)\d{3}[\s\-–.]?\d{3}[\s\-–.]?\d{4}(?!\d)")


def discreet(words: str, longest: int = 400) -> str:
    """``words`` on one line, without codes and NHS numbers, cut at ``longest`` characters with an ellipsis."""
    text = _TEN.sub(_number, " ".join(words.split()))
    found = _without_codes(text)
    return found if len(found) <= longest else found[: longest - 1].rstrip() + "…"


def _without_codes(text: str) -> str:
    """Numbers that follow a word such as "key safe" or "code" or, when none follows, the one right before it."""
    numbers = [m for m in _NUMBERS.finditer(text) if m["code"]]
    told: set[tuple[int, int]] = set()
    for word in _SAFE.finditer(text):
        after = {m.span() for m in numbers if word.end() <= m.start() <= word.end() + _AFTER}
        before = {m.span() for m in numbers if word.start() - _BEFORE <= m.end() <= word.start()}
        told |= after or before
    for start, end in sorted(told, reverse=True):
        code = text[start:end]
        text = text[:start] + LEFT_OUT + code[len(code.rstrip(" ,-")) :] + text[end:]
    return text


def _number(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return LEFT_OUT if check_digit_holds(digits) else found[0]
