"""What leaves for a spreadsheet: words stay words there, whatever they begin with. No Qt."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from coordination.clock import LONDON

# The wide ones where Excel is Japanese.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LARGEST = 1e300
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula. Plain numbers stay numbers."""
    looks_so = cell.lstrip(" \u00a0\ufeff\u200b").startswith(_FORMULA_STARTS)
    return f"'{cell}" if looks_so and _NUMBER.fullmatch(cell) is None else cell


def fill(cell: Any, value: Any) -> None:
    """A value into a cell of a workbook; words never become a formula or a link."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, datetime):
        cell.value = value.astimezone(LONDON).replace(tzinfo=None, second=0, microsecond=0)
        cell.number_format = "dd-mmm-yyyy hh:mm"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "dd-mmm-yyyy"
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST:
        cell.value = value
    else:
        words = "" if value is None else str(value)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
        cell.data_type = "s"
        if words.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
