"""An online form (JSON) as a :class:`ParsedMessage`, checked against ``resources/schemas/online-form.schema.json``.

Every breach of the schema is a finding at its field; that field is not used, and the rest is. A field that the schema
does not name is kept as a note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coordination.messages import facts
from coordination.messages.codes import codes
from coordination.messages.facts import NEED_LIMIT, Reading
from coordination.messages.fhir_json import Nonsense, Numeral, Repeated
from coordination.messages.fhir_reader import MAX_DEPTH, Unreadable
from coordination.messages.findings import line, paragraph
from coordination.messages.model import (
    Around,
    Attachment,
    ConsentSent,
    Kind,
    Note,
    ParsedMessage,
    PersonFacts,
    Phone,
    Sender,
    Urgency,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FORM = "coordination-centre-contact"
MAX_NOTES = 500


def is_form(loaded: Any) -> bool:
    """It says so, or it has the two things that no other file of ours has together."""
    return isinstance(loaded, dict) and (loaded.get("form") == FORM or {"need", "person"} <= loaded.keys())


@cache
def schema() -> dict[str, Any]:
    text = files("resources").joinpath("schemas", "online-form.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def read(loaded: dict[str, Any], base: ParsedMessage, reading: Reading) -> ParsedMessage:
    """Raises :class:`Unreadable` when it is nested too deeply."""
    form = _Form(_plain(loaded, "", reading, 0), reading)
    form.validate()
    need = form.paragraph("need", limit=NEED_LIMIT)
    answers, attachments = form.answers(), form.attachments()
    if not need:
        reading.findings.fatal("need", "form_without_need")
    sender = form.sender()
    return replace(
        base,
        kind=Kind.ONLINE_FORM,
        channel="online_form",
        message_key=_message_key(form.line("submission_id"), sender),
        content_key=hashlib.sha256(json.dumps(form.data, sort_keys=True).encode()).hexdigest(),
        sender=sender,
        person=form.person(),
        need=need,
        urgency=form.urgency(),
        service_wanted=form.line("service_wanted"),
        sent_at=form.moment("submitted_at"),
        safeguarding=form.safeguarding(),
        adjustments=form.lines("person", "adjustments", limit=300),
        consent=form.consent(),
        attachments=attachments,
        notes=(*answers, *form.unknown()),
        suggestions=facts.suggestions(need, reading.today),
    )


def attached_bytes(loaded: dict[str, Any], index: int) -> bytes:
    """The content of one attachment. Raises IndexError, KeyError or ValueError."""
    return base64.b64decode("".join(str(loaded["attachments"][index]["content"]).split()), validate=True)


def _message_key(own: str, sender: Sender) -> str | None:
    if not own:
        return None
    return "form:" + hashlib.sha256(f"{own}\x1f{sender.organisation_code}".encode()).hexdigest()[:40]


def _plain(value: Any, path: str, reading: Reading, depth: int) -> Any:
    """Ordinary JSON again: the first of repeated keys, real numbers, no NaN; each oddity a finding."""
    if depth > MAX_DEPTH:
        raise Unreadable("too_deep", limit=MAX_DEPTH)
    match value:
        case Repeated():
            reading.findings.warn(path, "json_key_repeated", key=path.rpartition(".")[2], count=len(value))
            return _plain(value[0], path, reading, depth + 1)
        case Nonsense():
            reading.findings.refuse_field(path, "json_not_a_number", value=value)
            return None
        case Numeral():
            return _number(value)
        case dict():
            return {k: _plain(v, f"{path}.{k}".lstrip("."), reading, depth + 1) for k, v in value.items()}
        case list():
            return [_plain(v, f"{path}[{i}]", reading, depth + 1) for i, v in enumerate(value)]
    return value


def _number(text: str) -> int | float | str:
    if len(text) > 18:
        return str(text)
    return int(text) if text.lstrip("-").isdigit() else float(text)


@dataclass(slots=True)
class _Form:
    data: dict[str, Any]
    reading: Reading
    _bad: frozenset[tuple[str | int, ...]] = frozenset()

    def validate(self) -> None:
        from jsonschema import Draft202012Validator  # a tenth of the program's start, wanted for forms only

        bad = set()
        for error in Draft202012Validator(schema()).iter_errors(self.data):
            place = tuple(error.absolute_path)
            code, facts_ = _reason(error)
            self.reading.findings.refuse_field(_dotted(place, facts_.pop("field", "")), code, **facts_)
            if error.validator not in ("required", "const", "maxLength"):
                bad.add(place)
        self._bad = frozenset(bad)

    # ---- one field

    def get(self, *path: str | int) -> Any:
        """The value at ``path`` when it, and all around it, is as the schema has it; else None."""
        value: Any = self.data
        for depth, key in enumerate(path, 1):
            if path[:depth] in self._bad:
                return None
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def string(self, *path: str | int) -> str:
        value = self.get(*path)
        return value if isinstance(value, str) else ""

    def line(self, *path: str | int, limit: int = 200) -> str:
        return line(self.string(*path), _dotted(path), self.reading.findings, limit)

    def paragraph(self, *path: str | int, limit: int) -> str:
        return paragraph(self.string(*path), _dotted(path), self.reading.findings, limit)

    def lines(self, *path: str | int, limit: int = 200) -> tuple[str, ...]:
        count = len(self.get(*path) or ()) if isinstance(self.get(*path), list) else 0
        found = (self.line(*path, index, limit=limit) for index in range(min(count, 50)))
        return tuple(one for one in found if one)

    def moment(self, *path: str | int) -> datetime | None:
        text = self.line(*path)
        return facts.moment(text, _dotted(path), self.reading) if text else None

    def phone(self, *path: str | int) -> str:
        return facts.phone(self.line(*path, limit=60), _dotted(path), self.reading)

    # ---- what it says

    def person(self) -> PersonFacts | None:
        if not isinstance(self.get("person"), dict):
            self.reading.findings.warn("person", "person_missing")
            return None
        number, birth = self.line("person", "nhs_number"), self.line("person", "birth_date")
        postcode = self.line("person", "postcode")
        surname = self.line("person", "surname")
        if not surname:
            self.reading.findings.warn("person.surname", "name_missing")
        phones = ((self.phone("person", "phone"), ""), (self.phone("person", "other_phone"), "other"))
        gender = self.string("person", "gender")
        return PersonFacts(
            nhs_number=facts.nhs_number(number, "person.nhs_number", self.reading) if number else None,
            nhs_number_sent=number,
            title=self.line("person", "title"),
            surname=surname,
            given=self.line("person", "given"),
            known_as=self.line("person", "known_as"),
            birth_date=facts.birth_date(birth, "person.birth_date", self.reading) if birth else None,
            gender=gender if gender in ("female", "male", "other") else "not_known",
            address=line(", ".join(self.lines("person", "address")), "person.address", self.reading.findings, 500),
            postcode=facts.postcode(postcode, "person.postcode", self.reading) if postcode else None,
            phones=tuple(Phone(value, use) for value, use in phones if value),
            email=self.line("person", "email"),
            language=self.line("person", "language"),
            interpreter=self.get("person", "interpreter") is True,
            communication=self.lines("person", "communication"),
            practice_code=self.line("person", "practice_code", limit=20).upper(),
            practice_name=self.line("person", "practice_name"),
            around=self._around(),
        )

    def _around(self) -> tuple[Around, ...]:
        listed = self.get("around")
        found = []
        for index in range(len(listed) if isinstance(listed, list) else 0):
            name, relation = self.line("around", index, "name"), self.line("around", index, "relation")
            if name:
                found.append(Around(name, relation, self.phone("around", index, "phone")))
        return tuple(found[:50])

    def sender(self) -> Sender:
        return Sender(
            organisation=self.line("sender", "organisation"),
            organisation_code=self.line("sender", "organisation_code", limit=20).upper(),
            name=self.line("sender", "name"),
            role=self.line("sender", "relation"),
            phone=self.phone("sender", "phone"),
            email=self.line("sender", "email"),
        )

    def urgency(self) -> Urgency | None:
        if self.safeguarding():
            told = "; ".join(self.safeguarding())
            return Urgency(codes()["urgency"]["safeguarding"], f"Safeguarding concern: {told}"[:1000])
        level = codes()["urgency"]["form"].get(self.string("how_soon"))
        said = {"today": "today", "this_week": "this week", "can_wait": "it can wait"}.get(self.string("how_soon"), "")
        return Urgency(level, f"On the form: {said}") if level else None

    def safeguarding(self) -> tuple[str, ...]:
        told = self.line("safeguarding_words", limit=2000)
        if self.get("safeguarding") is not True and not told:
            return ()
        self.reading.findings.warn("safeguarding", "safeguarding_concern", count=1)  # E3
        return (told or "Said on the form",)

    def consent(self) -> ConsentSent | None:
        agreed, share = self.get("consent", "to_contact"), self.string("consent", "to_share")
        if agreed is None and not share:
            return None
        if agreed is False:
            self.reading.findings.warn("consent.to_contact", "consent_refused")
        when = self.line("consent", "on")
        day = facts.calendar_day(when, "consent.on", self.reading) if when else None
        return ConsentSent(
            agreed if isinstance(agreed, bool) else None, f"share {share}" if share else "", "explicit", day
        )

    def answers(self) -> tuple[Note, ...]:
        listed = self.get("answers")
        found = []
        for index in range(min(len(listed), MAX_NOTES) if isinstance(listed, list) else 0):
            question, answer = self.line("answers", index, "question", limit=1000), self.get("answers", index, "answer")
            if question:
                told = answer if isinstance(answer, str) else _said(answer)
                found.append(Note(question, paragraph(told, f"answers[{index}].answer", self.reading.findings, 6000)))
        return tuple(found)

    def attachments(self) -> tuple[Attachment, ...]:
        listed = self.get("attachments")
        found = []
        for index in range(min(len(listed), 50) if isinstance(listed, list) else 0):
            path = f"attachments[{index}]"
            try:
                content = base64.b64decode("".join(self.string("attachments", index, "content").split()), validate=True)
            except (binascii.Error, ValueError):
                self.reading.findings.refuse_field(f"{path}.content", "attachment_not_base64")
                continue
            name = self.line("attachments", index, "name").replace("\\", "/").rpartition("/")[2]
            media_type = self.line("attachments", index, "media_type", limit=100) or "application/octet-stream"
            digest = hashlib.sha256(content).hexdigest()
            found.append(Attachment(index, name or f"attachment-{index + 1}", media_type, len(content), digest))
        return tuple(found)

    def unknown(self) -> tuple[Note, ...]:
        """Fields that the schema does not name, and those that it refused: kept in words, none lost."""
        found = []
        for place, value in _unnamed(self.data, schema(), ()):
            path = line(_dotted(place), "", self.reading.findings)
            self.reading.findings.info(path, "field_unknown")
            found.append(Note(path, paragraph(_said(value), path, self.reading.findings, 2000)))
        for place in sorted(self._bad, key=str):
            path = line(_dotted(place), "", self.reading.findings)
            found.append(Note(path, paragraph(_said(_at(self.data, place)), path, self.reading.findings, 2000)))
        return tuple(found[:MAX_NOTES])


def _unnamed(value: Any, rule: dict[str, Any], place: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    found: list[tuple[tuple[str | int, ...], Any]] = []
    if isinstance(value, dict) and "properties" in rule:
        for key, inner in value.items():
            if key not in rule["properties"]:
                if key != "$schema":
                    found.append(((*place, key), inner))
            else:
                found += _unnamed(inner, rule["properties"][key], (*place, key))
    elif isinstance(value, list) and isinstance(rule.get("items"), dict):
        for index, inner in enumerate(value[:MAX_NOTES]):
            found += _unnamed(inner, rule["items"], (*place, index))
    return found[:MAX_NOTES]


def _at(data: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        data = data[key]
    return data


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:10_000]


def _dotted(place: tuple[str | int, ...], last: str = "") -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in (*place, *((last,) if last else ())))
    return text.lstrip(".")


def _reason(error: ValidationError) -> tuple[str, dict[str, Any]]:
    """The code of a breach, and what its sentence needs: jsonschema's own sentence would repeat what was sent."""
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            held: Any = error.instance
            missing = [name for name in wanted if name not in held]
            return "field_missing", {"field": missing[0] if missing else ""}
        case "type":
            return "field_of_wrong_type", {"wanted": wanted if isinstance(wanted, str) else ", ".join(wanted)}
        case "enum":
            return "field_not_a_choice", {
                "value": error.instance,
                "choices": ", ".join(map(str, wanted)),
            }
        case "const":
            return "field_not_a_choice", {"value": error.instance, "choices": str(wanted)}
        case "maxLength" | "maxItems":
            return "field_too_long", {"limit": wanted}
        case "minLength":
            return "field_empty", {}
    return "field_wrong", {"rule": str(error.validator)}
