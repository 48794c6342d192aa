"""A notice as JSON along the headings of the standard. Strict: what would not be read again as it stands is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from coordination.errors import BadValue, BadValues
from coordination.messages.facts import EARLIEST_BIRTH
from coordination.messages.findings import Findings, line, paragraph
from coordination.messages.prsb import AssessmentNotice, Notice, NoticeReceipt, WithdrawalNotice
from coordination.messages.prsb_fields import GROUPS, SEVERAL, Field, fields, value_of
from coordination.messages.prsb_read import LONGEST_SAID
from coordination.messages.prsb_tree import is_known, put_together, shown
from coordination.reference.hospital_headings import Path, codes, in_order, root, standard
from coordination.values import NhsNumber, Postcode


def written(notice: Notice) -> bytes:
    """UTF-8, indented, headings in the order of the standard; the same record gives the same bytes.

    Raises BadValues with the field, or the heading, of everything that is missing, not a code of its value set, or not
    plain text. An assessment notice is the whole record, so that all its mandatory headings must be there.
    """
    problems: list[BadValue] = []
    leaves: list[tuple[Path, str]] = []
    for one in fields(notice.kind):
        leaves += _of_field(one, value_of(notice, one.name), problems)
    problems += _beyond(notice)
    for said in notice.said:
        if not is_known(said):
            problems.append(BadValue(shown(said.path), "heading_unknown"))
        elif _plain_text(said.words, LONGEST_SAID):
            problems.append(BadValue(shown(said.path), _plain_text(said.words, LONGEST_SAID)))
    leaves += [(said.path, said.words) for said in notice.said]
    whole: dict[str, Any] = {}
    try:
        whole = put_together(sorted(leaves, key=lambda leaf: in_order(leaf[0])))
    except ValueError as clash:
        problems.append(BadValue(str(clash), "heading_too_often"))
    whole.setdefault(GROUPS[notice.kind], [{}] if notice.kind in SEVERAL else {})
    problems += _mandatory(whole, notice)
    if problems:
        raise BadValues(tuple(problems))
    name, version = standard()
    text = json.dumps({"Standard": name, "Version": version, **whole}, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def cleaned(words: str) -> str:
    """Words that somebody typed, as they can be sent."""
    return paragraph(words, "", Findings(), 2_000)


def _of_field(one: Field, value: Any, problems: list[BadValue]) -> list[tuple[Path, str]]:
    if value in ("", None, ()):
        if one.needed:
            problems.append(BadValue(one.name, "required"))
        return []
    many = one.many != ""
    if many and len(value) > (5 if one.many == "lines" else 1_000):
        problems.append(BadValue(one.name, "too_long"))
        return []
    found: list[tuple[Path, str]] = []
    for index, item in enumerate(value if many else (value,)):
        words, reason = _CHECKS[one.sort](item, one)
        if reason:
            problems.append(BadValue(one.name, reason))
            continue
        found.append((_path(one, index), words))
    return found


def _path(one: Field, index: int) -> Path:
    if one.many == "lines":
        return (*one.path[:-1], str(one.path[-1]).format(index + 1))
    return (*one.path, index) if one.many == "list" else one.path


def _beyond(notice: Notice) -> list[BadValue]:
    """What one field asks of another."""
    found = []
    if isinstance(notice, WithdrawalNotice) and notice.reason == "13" and not notice.words:
        found.append(BadValue("words", "required"))
    if isinstance(notice, NoticeReceipt) and notice.response == "2" and not notice.details:
        found.append(BadValue("details", "required"))
    if isinstance(notice, AssessmentNotice) and (notice.consent == "L") != (notice.consent_source in ("C", "O", "B")):
        found.append(BadValue("consent_source", "required" if notice.consent == "L" else "not_in_list"))
    return found


def _mandatory(whole: dict[str, Any], notice: Notice) -> list[BadValue]:
    """Headings without which the standard has no such record, and in each group that is there."""
    found: list[BadValue] = []
    for heading in root().inner:
        if heading.name in whole:
            found += _inside(whole[heading.name], heading, (heading.name,))
        elif heading.least and notice.kind == "assessment":
            found.append(BadValue(heading.name, "required"))
    return found


def _inside(value: Any, heading: Any, path: Path) -> list[BadValue]:
    if isinstance(value, list):
        return [bad for i, one in enumerate(value) for bad in _inside(one, heading, (*path, i))]
    if not isinstance(value, dict):
        return []
    found: list[BadValue] = []
    for inner in heading.inner:
        here = (*path, inner.name)
        if inner.name in value:
            found += _inside(value[inner.name], inner, here)
        elif inner.least:
            found.append(BadValue(shown(here), "required"))
    return found


# ---------------------------------------------------------------- one value


def _plain_text(words: str, longest: int) -> str:
    """Why words would not come back as they are; empty when they would."""
    return _why(words, paragraph(words, "", Findings(), longest), longest)


def _why(words: str, read_again: str, longest: int) -> str:
    if not words:
        return "required"
    if len(words) > longest:
        return "too_long"
    return "" if read_again == words else "not_plain_text"


def _line(value: Any, one: Field) -> tuple[str, str]:
    return value, _why(value, line(value, "", Findings(), one.longest), one.longest)


def _text(value: Any, one: Field) -> tuple[str, str]:
    return value, _plain_text(value, one.longest)


def _moment(value: datetime, _one: Field) -> tuple[str, str]:
    if value.tzinfo is None:
        return "", "not_a_time"
    return value.astimezone(UTC).isoformat(), ""


def _day(value: date, one: Field) -> tuple[str, str]:
    too_early = one.name == "head.person.birth_date" and value < EARLIEST_BIRTH
    return value.isoformat(), "out_of_range" if too_early else ""


def _code(value: str, one: Field) -> tuple[str, str]:
    return value, "" if value in codes(one.codes) else "not_in_list"


def _nhs_number(value: str, _one: Field) -> tuple[str, str]:
    try:
        return NhsNumber(value).digits, ""
    except BadValue as bad:
        return "", bad.reason


def _postcode(value: str, _one: Field) -> tuple[str, str]:
    try:
        return value, "" if Postcode(value).text == value else "not_a_postcode"
    except BadValue as bad:
        return "", bad.reason


_CHECKS: dict[str, Callable[[Any, Field], tuple[str, str]]] = {
    "line": _line,
    "text": _text,
    "moment": _moment,
    "day": _day,
    "code": _code,
    "nhs_number": _nhs_number,
    "postcode": _postcode,
}
