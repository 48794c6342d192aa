"""A notice from a ward, read: each field that can be believed, a finding for each that cannot, the rest kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from coordination.messages import facts, mail, prsb_said
from coordination.messages.encoding import decoded
from coordination.messages.facts import Reading
from coordination.messages.fhir_json import load_json
from coordination.messages.fhir_reader import Unreadable
from coordination.messages.findings import Findings, line, paragraph
from coordination.messages.model import Kind, Note, ParsedMessage
from coordination.messages.prsb import KINDS, AssessmentNotice, Notice, NoticeKind, NoticeReceipt, Said
from coordination.messages.prsb_fields import GROUPS, SEVERAL, Field, built, fields
from coordination.messages.prsb_tree import Tree, shown, taken_apart
from coordination.reference.hospital_headings import Path, codes, in_order, plain, root

MESSAGE_KINDS: dict[NoticeKind, Kind] = {
    "assessment": Kind.HOSPITAL_ASSESSMENT,
    "discharge": Kind.HOSPITAL_DISCHARGE,
    "withdrawal": Kind.HOSPITAL_WITHDRAWAL,
    "receipt": Kind.HOSPITAL_RECEIPT,
}
LONGEST_SAID = 8_000
_MOST = 20  # notices of one kind in one message; more are kept as words
_LARGEST = 2_000_000  # bytes of an attached notice
_GROUPS = frozenset(plain(name) for name in GROUPS.values())
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})


def is_notice(loaded: Any) -> bool:
    """It has one of the four groups, or says that it is of the standard."""
    if not isinstance(loaded, dict):
        return False
    whole = _unwrapped(loaded)
    names = {plain(key) for key in whole}
    return bool(names & _GROUPS) or "hospitalreferral" in plain(str(loaded.get("Standard", loaded.get("standard", ""))))


def read(loaded: dict[str, Any], base: ParsedMessage, reading: Reading) -> ParsedMessage:
    """Raises :class:`Unreadable` for what is nested too deeply or too much."""
    tree = taken_apart(_unwrapped(loaded), reading.findings)
    notices = notices_of(tree, reading)
    content = hashlib.sha256(repr(sorted((shown(p), w) for p, w in tree.leaves)).encode("utf-8", "replace")).hexdigest()
    if not notices:
        reading.findings.fatal("", "notice_missing")
        return replace(base, kind=Kind.UNKNOWN, content_key=content)
    kind = MESSAGE_KINDS[notices[0].kind]
    return prsb_said.message(replace(base, kind=kind, content_key=content), tuple(notices), tree, reading)


def in_mail(message: ParsedMessage, data: bytes, reading: Reading) -> ParsedMessage:
    """A mail with a notice attached is that notice, with the words of the mail beside it; any other stays as it is.

    Anybody can write a mail: what the notice may do by itself is less (see ``prsb_settle``)."""
    if message.kind is not Kind.EMAIL:
        return message
    for file in message.attachments:
        if not (file.name.lower().endswith(".json") or file.media_type.endswith("json")) or file.size > _LARGEST:
            continue
        try:
            loaded = load_json(decoded(mail.attached_bytes(data, file.index), Findings()))
        except Unreadable:
            continue
        if is_notice(loaded):
            reading.findings.forget("attachment_may_be_message")
            reading.findings.info("attachment", "notice_in_mail", value=file.name, sender=message.sender.email)
            whole = read(loaded, replace(message, kind=Kind.UNKNOWN), reading)
            words = (Note("E-mail it came with", message.need),) if message.need else ()
            return replace(whole, attachments=message.attachments, notes=(*words, *whole.notes), suggestions=())
    return message


def notices_of(tree: Tree, reading: Reading) -> list[Notice]:
    """Every notice in it: the assessment notice first, then the others as they were issued."""
    _missing_groups(tree, reading.findings)
    found: list[Notice] = []
    used: set[int] = set()
    for kind in KINDS:
        places = _places(tree, kind)
        if len(places) > _MOST:
            reading.findings.warn(GROUPS[kind], "notices_left_out", count=len(places) - _MOST)
        for place in places[:_MOST]:
            taken = _Taken(tree, reading, used)
            values = {one.name: taken.value(one) for one in fields(kind, place)}
            found.append(built(kind, values))
            _needed(kind, place, values, taken, reading.findings)
    if not found:
        return []
    rest = sorted(((p, w) for i, (p, w) in enumerate(tree.leaves) if i not in used), key=lambda leaf: in_order(leaf[0]))
    said = [Said(p, paragraph(w, shown(p), reading.findings, LONGEST_SAID)) for p, w in rest]
    first, *others = sorted(found, key=_when)
    return [replace(first, said=tuple(one for one in said if one.words)), *others]


def _when(notice: Notice) -> tuple[bool, bool, float, int]:
    at = notice.issued_at
    return notice.kind != "assessment", at is None, at.timestamp() if at else 0.0, KINDS.index(notice.kind)


def _places(tree: Tree, kind: NoticeKind) -> list[int]:
    """Where a notice of that kind stands; [0] for the one that can stand there only once."""
    name = GROUPS[kind]
    here = {path for path in (*tree.groups, *(p for p, _ in tree.leaves)) if path and path[0] == name}
    if not here:
        return []
    return sorted({p[1] for p in here if len(p) > 1 and isinstance(p[1], int)}) if kind in SEVERAL else [0]


def _unwrapped(loaded: dict[str, Any]) -> dict[str, Any]:
    """Some write the name of the standard around it."""
    own = [value for key, value in loaded.items() if plain(key) not in ("standard", "version", "schema")]
    if len(own) == 1 and isinstance(own[0], dict) and any(root().named(key) for key in own[0]):
        [key] = [key for key in loaded if plain(key) not in ("standard", "version", "schema")]
        if root().named(key) is None:
            return own[0]
    return loaded


def _missing_groups(tree: Tree, findings: Findings) -> None:
    """An assessment notice is the whole record; the other notices repeat only what they need."""
    top = {path[0] for path in (*tree.groups, *(p for p, _ in tree.leaves)) if path}
    if GROUPS["assessment"] not in top:
        return
    for heading in root().inner:
        if heading.least and heading.name not in top:
            findings.warn(heading.name, "heading_missing")


def _needed(kind: NoticeKind, place: int, values: dict[str, Any], taken: _Taken, findings: Findings) -> None:
    for one in fields(kind, place):
        told = kind == "assessment" and one.path[:1] not in taken.tree.groups  # its whole group is missing
        if one.needed and values[one.name] in ("", None, ()) and one.path not in taken.refused and not told:
            findings.warn(shown(one.path), "heading_missing")
    if kind == "withdrawal" and values["reason"] == "13" and not values["words"]:
        findings.warn(shown((GROUPS[kind], place, "Reason for withdrawal - other")), "heading_missing")
    if kind == "receipt" and values["response"] == "2" and not values["details"]:
        findings.warn(shown((GROUPS[kind], place, "Response details")), "heading_missing")


@dataclass(slots=True)
class _Taken:
    """Values out of a tree. ``used``: which leaves became a field; what was refused stays among the rest."""

    tree: Tree
    reading: Reading
    used: set[int]
    refused: set[Path] = field(default_factory=set)

    def value(self, one: Field) -> Any:
        read_one = self._reader(one)
        if one.many == "lines":
            paths: list[Path] = [(*one.path[:-1], str(one.path[-1]).format(n)) for n in range(1, 6)]
            return tuple(found for path in paths if (found := self._at(path, read_one, one)))
        if one.many == "list":
            places = [(i, p) for i, (p, _) in enumerate(self.tree.leaves) if p[:-1] == one.path and _is_place(p[-1])]
            return tuple(found for _, path in places if (found := self._at(path, read_one, one)))
        found = self._at(one.path, read_one, one)
        return found if found is not None else None if one.sort in ("moment", "day") else ""

    def _at(self, path: Path, read_one: Callable[[str, str], Any], one: Field) -> Any:
        for index, (here, words) in enumerate(self.tree.leaves):
            if here == path:
                found = read_one(words, shown(path))
                if found in (None, ""):
                    self.refused.add(one.path)
                    return None
                self.used.add(index)
                return found
        return None

    def _reader(self, one: Field) -> Callable[[str, str], Any]:
        reading, found = self.reading, self.reading.findings
        match one.sort:
            case "text":
                return lambda words, path: paragraph(words, path, found, one.longest)
            case "moment":
                return lambda words, path: facts.moment(words, path, reading)
            case "day" if one.name == "head.person.birth_date":
                return lambda words, path: facts.birth_date(words, path, reading)
            case "day":
                return lambda words, path: facts.calendar_day(words, path, reading)
            case "code":
                return lambda words, path: _code(words, one.codes, path, found)
            case "nhs_number":
                return lambda words, path: getattr(facts.nhs_number(words, path, reading), "digits", None)
            case "postcode":
                return lambda words, path: getattr(facts.postcode(words, path, reading), "text", None)
            case "line":
                return lambda words, path: line(words, path, found, one.longest)


def _is_place(step: str | int) -> bool:
    return isinstance(step, int)


def _code(words: str, name: str, path: str, findings: Findings) -> str | None:
    """A code of a value set, also without its zero, with its words, or as its words alone."""
    known, said = codes(name), words.strip()
    exact = next((code for code in known if code == said), None)
    if exact is not None:
        return exact
    start = said.partition(":")[0].strip()
    for code, meaning in known.items():
        same = start.upper() == code or (start.isdigit() and start.lstrip("0") == code.lstrip("0"))
        as_words = plain(said) == plain(meaning) or (plain(said) in _YES and code == "Y")
        if same or as_words or (plain(said) in _NO and code == "N"):
            findings.info(path, "code_otherwise", value=said, read_as=code)
            return code
    findings.refuse_field(
        path, "field_not_a_choice", value=said, choices=", ".join(f"{c} {w}" for c, w in known.items())
    )
    return None


def answers(notice: Notice) -> str:
    """The message that a receipt answers; empty for the others."""
    return notice.answers if isinstance(notice, NoticeReceipt) else ""


def leading(notices: tuple[Notice, ...]) -> AssessmentNotice | None:
    """The assessment notice of a message, if it has one."""
    return next((one for one in notices if isinstance(one, AssessmentNotice)), None)
