"""Shapes of a form definition: which keys there are, what they hold, ids and options. Each fault at its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, get_args

from coordination.assessment import conditions, external, form_rules
from coordination.assessment.faults import Faults, Place
from coordination.assessment.model import (
    Form,
    Goal,
    Option,
    PlanPlace,
    Question,
    QuestionType,
    Score,
    ScoreKind,
    ScoreRange,
    Section,
    SectionKind,
)
from coordination.values import is_storable

_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")

HIGHEST_VERSION = 9999
A_FEW = 15  # words that are named when another one was written

_FORM = {
    "id": str,
    "version": int,
    "title": str,
    "intro": str,
    "credit": str,
    "after": list,
    "section": list,
    "score": list,
}
_SECTION = {"id": str, "title": str, "kind": str, "help": str, "when": dict, "question": list}
_QUESTION = {
    "id": str,
    "type": str,
    "text": str,
    "help": str,
    "required": bool,
    "options": list,
    "unit": str,
    "minimum": (int, float),
    "maximum": (int, float),
    "when": dict,
    "carry": bool,
    "known": str,
    "plan": str,
    "service": str,
    "tools": list,
    "beside": list,
}
_OPTION = {"value": str, "label": str, "points": int, "action": str, "service": str, "alone": bool}
_SCORE = {
    "id": str,
    "title": str,
    "kind": str,
    "items": list,
    "out_of": int,
    "goals": list,
    "ranges": list,
    "change_from": str,
    "real_change": (int, float),
    "help": str,
}
_GOAL = {"words": str, "level": str, "importance": str, "difficulty": str}
_RANGE = {"from": int, "to": int, "label": str}
_TYPES: dict[Any, str] = {str: "text", int: "whole", bool: "true_or_false", list: "list", dict: "table"}
_TYPES[int, float] = "number"


class Reader:
    """Shapes: keys, types, ids, options. What the parts mean to each other is in form_rules."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def form(self, data: Mapping[str, Any]) -> Form | None:
        before = len(self._faults.found)
        self._keys(data, _FORM, (), needed=("id", "version", "title", "section"))
        version = data.get("version")
        if isinstance(version, int) and not 1 <= version <= HIGHEST_VERSION:
            self._faults.add(("version",), "version_below_one" if version < 1 else "version_too_high")
        sections = [self._section(part, place) for part, place in self._tables(data, "section", ())]
        scores = [self._score(part, place) for part, place in self._tables(data, "score", ())]
        for place, ids in (("section", [s.id for s in sections]), ("score", [s.id for s in scores])):
            self._doubles(ids, lambda i, place=place: (place, i, "id"), f"{place}_twice")
        after = self._texts(data, "after", ())
        if len(self._faults.found) > before:
            return None
        return Form(
            data["id"],
            data["version"],
            data["title"].strip(),
            tuple(sections),
            _tidy(data, "intro"),
            after,
            tuple(scores),
            _tidy(data, "credit"),
        )

    def _section(self, data: Mapping[str, Any], place: Place) -> Section:
        self._keys(data, _SECTION, place, needed=("id", "title", "question"))
        kind = self._one_of(data, "kind", get_args(SectionKind), place, "needs")
        questions = tuple(self._question(part, at) for part, at in self._tables(data, "question", place))
        return Section(
            _text(data, "id"),
            _text(data, "title"),
            kind,
            questions,
            _tidy(data, "help"),
            self._condition(data, place),
        )

    def _question(self, data: Mapping[str, Any], place: Place) -> Question:
        self._keys(data, _QUESTION, place, needed=("id", "type", "text"))
        type_ = self._one_of(data, "type", get_args(QuestionType), place, "text")
        if data.get("type") in get_args(QuestionType):
            self._suits(data, type_, place)
        return Question(
            id=_text(data, "id"),
            type=type_,
            text=_text(data, "text"),
            help=_tidy(data, "help"),
            required=data.get("required") is True,
            options=self._options(data, type_, place),
            unit=_text(data, "unit"),
            minimum=_number(data, "minimum"),
            maximum=_number(data, "maximum"),
            when=self._condition(data, place),
            carry=data.get("carry") is True,
            known=self._one_of(data, "known", form_rules.KNOWN_PLACES, place, ""),
            plan=self._one_of(data, "plan", get_args(PlanPlace), place, ""),
            service=_text(data, "service"),
            tools=self._texts(data, "tools", place),
            beside=self._texts(data, "beside", place),
        )

    def _suits(self, data: Mapping[str, Any], type_: QuestionType, place: Place) -> None:
        chooses = type_ in ("choice", "choices", "score")
        if chooses and not data.get("options"):
            self._faults.add((*place, "options"), "options_missing")
        if not chooses and "options" in data:
            self._faults.add((*place, "options"), "options_not_here", type=type_)
        for key in ("unit", "minimum", "maximum"):
            if key in data and type_ != "number":
                self._faults.add((*place, key), "only_for_numbers", key=key)
        if "tools" in data:
            self._tools(data, type_, place)
        low, high = _number(data, "minimum"), _number(data, "maximum")
        if low is not None and high is not None and low > high:
            self._faults.add((*place, "minimum"), "minimum_above_maximum")

    def _tools(self, data: Mapping[str, Any], type_: QuestionType, place: Place) -> None:
        if type_ != "external_score":
            self._faults.add((*place, "tools"), "tools_not_here")
        for tool in self._texts(data, "tools", place):
            if tool not in external.tools():
                self._faults.add((*place, "tools"), "tool_unknown", id=tool)

    def _options(self, data: Mapping[str, Any], type_: QuestionType, place: Place) -> tuple[Option, ...]:
        options = []
        for part, at in self._tables(data, "options", place):
            self._keys(part, _OPTION, at, needed=("value", "label"))
            if (type_ == "score") != ("points" in part):
                self._faults.add(at, "points_missing" if type_ == "score" else "points_not_here")
            if "alone" in part and type_ != "choices":
                self._faults.add(at, "alone_not_here")
            points = part.get("points")
            options.append(
                Option(
                    _text(part, "value"),
                    _text(part, "label"),
                    points if isinstance(points, int) and not isinstance(points, bool) else None,
                    _text(part, "action"),
                    _text(part, "service"),
                    part.get("alone") is True,
                )
            )
        self._doubles([o.value for o in options], lambda _: (*place, "options"), "option_twice")
        return tuple(options)

    def _score(self, data: Mapping[str, Any], place: Place) -> Score:
        kind: ScoreKind = self._one_of(data, "kind", get_args(ScoreKind), place, "sum")
        needed = ("items", "out_of") if kind == "sum" else ("goals",)
        self._keys(data, _SCORE, place, needed=("id", "title", *needed))
        for key in ("goals",) if kind == "sum" else ("items", "out_of"):
            if key in data:
                self._faults.add((*place, key), "key_of_other_kind", key=key, kind=kind)
        if "real_change" in data and "change_from" not in data:
            self._faults.add((*place, "real_change"), "change_from_nothing")
        out_of = data.get("out_of")
        return Score(
            id=_text(data, "id"),
            title=_text(data, "title"),
            items=self._texts(data, "items", place),
            out_of=out_of if isinstance(out_of, int) and not isinstance(out_of, bool) else 0,
            help=_tidy(data, "help"),
            kind=kind,
            goals=tuple(self._goal(part, at) for part, at in self._tables(data, "goals", place)),
            ranges=tuple(self._range(part, at) for part, at in self._tables(data, "ranges", place)),
            change_from=_text(data, "change_from"),
            real_change=_number(data, "real_change"),
        )

    def _goal(self, data: Mapping[str, Any], place: Place) -> Goal:
        self._keys(data, _GOAL, place, needed=("words", "level"))
        return Goal(_text(data, "words"), _text(data, "level"), _text(data, "importance"), _text(data, "difficulty"))

    def _range(self, data: Mapping[str, Any], place: Place) -> ScoreRange:
        self._keys(data, _RANGE, place, needed=("from", "to", "label"))
        low, high = _number(data, "from"), _number(data, "to")
        return ScoreRange(int(low or 0), int(high or 0), _text(data, "label"))

    def _condition(self, data: Mapping[str, Any], place: Place) -> conditions.Condition | None:
        if not isinstance(data.get("when"), dict):
            return None
        try:
            return conditions.read(data["when"])
        except (conditions.MalformedCondition, RecursionError):
            self._faults.add((*place, "when"), "branch_malformed")
            return None

    def _keys(self, data: Mapping[str, Any], shape: Mapping[str, Any], place: Place, needed: tuple[str, ...]) -> None:
        for key in needed:
            if key not in data:
                self._faults.add(place, "key_missing", key=key)
        for key, value in data.items():
            wanted = shape.get(key)
            if wanted is None:
                self._faults.add((*place, key), "key_unknown", key=key)
            elif not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
                self._faults.add((*place, key), "key_of_wrong_type", key=key, wanted=_TYPES[wanted])
            elif isinstance(value, int | float) and not conditions.is_sensible(value):
                self._faults.add((*place, key), "number_without_end", key=key)
            elif isinstance(value, str) and not is_storable(value):
                self._faults.add((*place, key), "has_unstorable_character", key=key)
            elif key in needed and (value == [] or (isinstance(value, str) and not value.strip())):
                self._faults.add((*place, key), "key_empty", key=key)
            elif key == "id" and not _ID.fullmatch(value):
                self._faults.add((*place, key), "id_malformed", id=value)

    def _tables(self, data: Mapping[str, Any], key: str, place: Place) -> list[tuple[Mapping[str, Any], Place]]:
        parts = data.get(key)
        if not isinstance(parts, list):
            return []
        found = []
        for index, part in enumerate(parts):
            if isinstance(part, Mapping):
                found.append((part, (*place, key, index)))
            else:
                self._faults.add((*place, key, index), "not_a_table")
        return found

    def _texts(self, data: Mapping[str, Any], key: str, place: Place) -> tuple[str, ...]:
        values = data.get(key, [])
        if not isinstance(values, list):
            return ()
        if not all(isinstance(v, str) and is_storable(v) for v in values):
            self._faults.add((*place, key), "key_of_wrong_type", key=key, wanted="texts")
        return tuple(v for v in values if isinstance(v, str))

    def _one_of(self, data: Mapping[str, Any], key: str, known: tuple[Any, ...], place: Place, default: Any) -> Any:
        value = data.get(key, default)
        if isinstance(value, str) and value not in known:
            few = ", ".join(filter(None, known)) if len(known) <= A_FEW else ""
            self._faults.add((*place, key), "word_unknown" if few else "place_unknown", key=key, value=value, known=few)
        return value if value in known else default

    def _doubles(self, ids: list[str], place: Any, code: str) -> None:
        seen: Counter[str] = Counter()
        for index, one in enumerate(ids):
            seen[one] += 1
            if one and seen[one] == 2:
                self._faults.add(place(index), code, id=one)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _tidy(data: Mapping[str, Any], key: str) -> str:
    """Long text as paragraphs: a single line break in the file is only the file's."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", _text(data, key)))


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if conditions.is_sensible(value) else None
