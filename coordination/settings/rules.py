"""What a setting may be. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from coordination.errors import BadValue, BadValues
from coordination.settings.model import Kind, Value


def check(kind: Kind, value: Value) -> Value:
    """The value, when every number is within its limits. Raises BadValues, by the name of the part, or ``value`` where
    it has none: ``missing``, ``setting_unknown``, ``setting_not_whole``, ``setting_beyond`` its limits."""
    if not kind.parts:
        problem = _number("value", value, kind)
        if problem is not None:
            raise BadValues((problem,))
        return value
    if not isinstance(value, Mapping):
        raise BadValues(tuple(BadValue(part, "missing") for part in kind.parts))
    problems = [BadValue(part, "setting_unknown") for part in value if part not in kind.parts]
    problems += [BadValue(part, "missing") for part in kind.parts if part not in value]
    found = (_number(part, value[part], kind) for part in kind.parts if part in value)
    problems += [problem for problem in found if problem is not None]
    if problems:
        raise BadValues(tuple(problems))
    return {part: value[part] for part in kind.parts}


def _number(field: str, value: object, kind: Kind) -> BadValue | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return BadValue(field, "setting_not_whole")
    return None if kind.least <= value <= kind.most else BadValue(field, "setting_beyond")
