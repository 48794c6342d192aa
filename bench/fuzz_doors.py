"""Every door by which bytes come in, with valid examples to begin from.

A door takes bytes. It may refuse them with an error of ``coordination.errors`` (or what its docstring names); any other
exception is a finding, and so is a result that PostgreSQL cannot keep or that turns the reading direction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from bench.fuzz_disk import DISK
from bench.fuzz_door import TODAY, Door, must_be_keepable
from coordination.errors import CoordinationError
from coordination.values import new_id

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
_LONGEST_SEED = 200_000


def _shared(*patterns: str) -> tuple[bytes, ...]:
    found = [path for pattern in patterns for path in sorted(SHARED.glob(pattern))] if SHARED.is_dir() else []
    return tuple(path.read_bytes()[:_LONGEST_SEED] for path in found)


# -------------------------------------------------------------------- registers

_SQUARE = {"type": "Polygon", "coordinates": [[[-2.3, 53.4], [-2.1, 53.4], [-2.1, 53.6], [-2.3, 53.6], [-2.3, 53.4]]]}


@cache
def _registers() -> tuple[bytes, ...]:
    practice = "P84999,NEW PRACTICE,Y62,Q83,1 HIGH STREET,,,MANCHESTER,,M9 4PA,19740401,,A,B,14L,20170401,,"
    practice += "0161 4960000,,,,0,,14L,,4,"
    point = '"M9  4PA",10,385000,402000,"E92000001","E19000001","E18000004","","E08000003","E05000704"'
    header = "postcode,latitude,longitude,ward_code\r\nM9 4PA,53.5,-2.2,E05000704\r\nM9 4PB,53.51,-2.21,E05000704\r\n"
    named = [{"WD13CD": f"E0500070{n}", "WD13NM": "Harpurhey"} for n in (4, 5)]
    features = [{"type": "Feature", "properties": properties, "geometry": _SQUARE} for properties in named]
    wards = {"type": "FeatureCollection", "features": features}
    own = (
        "\r\n".join([practice, practice.replace("P84999", "P84998")]).encode(),
        "\r\n".join([point, point.replace("4PA", "4PB")]).encode(), header.encode(), json.dumps(wards).encode(),
    )  # fmt: skip
    return (*own, *_shared("geography/manchester_ccg*.csv"))


def register(content: bytes) -> None:
    """ODS practices, postcodes, ward outlines: what would be written must be writable."""
    from coordination.reference.changes import StoredOutline, outline_changes, postcode_changes, practice_changes
    from coordination.reference.files import read_register
    from coordination.reference.outlines import Locator

    found = read_register(content)
    match found.kind:
        case "practices":
            changes = practice_changes(found, {}, {}, TODAY)
        case "postcodes":
            changes = postcode_changes(found, {}, frozenset({"E05000704"}), Locator({"E05000705": _SQUARE}), TODAY)
        case _:
            changes = outline_changes(found, {f"E0500070{n}": StoredOutline(f"E0500070{n}", None) for n in (4, 5)})
            for outline in changes.changed:
                assert isinstance(outline, StoredOutline) and outline.geometry is not None
                json.dumps(outline.geometry, allow_nan=False)  # jsonb takes no NaN
                Locator({outline.code: outline.geometry}).ward_at(53.5, -2.2)
    must_be_keepable((changes.added, changes.changed))


# -------------------------------------------------------------------- messages


@cache
def _messages() -> tuple[bytes, ...]:
    schemas = [path.read_bytes() for path in sorted((ROOT / "resources" / "schemas").glob("*.example.json"))]
    return (*schemas, *_mails(schemas[0]), *_shared("bars/examples/*.xml", "prsb/**/*.json", "ukcore/**/*.json")[:24])


def _mails(notice: bytes) -> tuple[bytes, ...]:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ann Ward <ann@ward.example>", "centre@example.org", "Mrs Okafor fell"
    mail["Date"], mail["Message-ID"] = "Sun, 22 Nov 2026 08:00:00 +0000", "<1@ward.example>"
    mail.set_content("Mrs Okafor, born 14/07/1945, NHS 943 476 5919, M13 9WP, fell again. 0161 496 0000")
    mail.add_alternative("<p>Mrs Okafor <b>fell</b> again. <img src='http://x.invalid/a.gif'></p>", subtype="html")
    mail.add_attachment(notice, maintype="application", subtype="json", filename="../../notice.json")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="letter.pdf")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "gp@surgery.example", "Fwd: Mrs Okafor"
    outer.set_content("See below.")
    outer.add_attachment(mail)
    return mail.as_bytes(), outer.as_bytes()


def message(content: bytes) -> None:
    """BaRS and FHIR, ward notices, mails with their files, the online form. Never raises, for any bytes."""
    from coordination.messages.attachments import attachment
    from coordination.messages.reading import read_message

    found = read_message("message", content, today=TODAY, postcode_known=lambda _postcode: True)
    assert "unforeseen" not in {f.code for f in found.findings}, found.findings
    assert found.taken_in or found.reasons
    assert len(found.findings) <= 301 and len(found.need) <= 20_000
    must_be_keepable(found)
    json.dumps([f.facts for f in found.findings], allow_nan=False, default=str)
    for number in range(min(len(found.attachments), 3)):
        taken = attachment(found.kind, found.media_type, content, number)
        assert taken is None or isinstance(taken, bytes)
        name = found.attachments[number].name
        assert not any(mark in name for mark in "/\\\0") and name not in (".", ".."), "a name that leads elsewhere"


# -------------------------------------------------------------------- forms, views, notes of drafts


@cache
def _forms() -> tuple[bytes, ...]:
    folders = (ROOT / "resources" / "forms", ROOT / "tests" / "forms")
    whole = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.toml"))]
    small = b"""id = "a"\nversion = 1\ntitle = "A"\n[[section]]\nid = "s"\ntitle = "S"\n[[section.question]]\nid = "q"
type = "number"\ntext = "Q"\nminimum = 1\nmaximum = 9.5\n[[section.question]]\nid = "c"\ntype = "choice"\ntext = "C"
options = [{ value = "x", label = "X", points = 1 }, { value = "y", label = "Y", points = 2 }]
when = { any = [{ question = "q", equals = 3 }, { question = "q", answered = true }] }
[[score]]\nid = "t"\ntitle = "T"\nitems = ["c"]\nout_of = 2\nranges = [{ from = 0, to = 2, label = "all" }]\n"""
    return (small, small, *whole)


def form(content: bytes) -> None:
    """A form file, as an administrator reads it in: a form, or its faults in words."""
    from coordination.assessment.forms import examine
    from ui.assessment.messages import fault_words
    from ui.forms.as_text import as_text

    found, faults = examine(content.decode("utf-8", "replace"), "form.toml")
    for fault in faults[:20]:
        must_be_keepable(fault_words(fault), may_turn=True)
    if found is not None and not faults:
        must_be_keepable(found, may_turn=True)
        as_text(found)


def _views() -> tuple[bytes, ...]:
    from coordination.intake.views import VIEWS, as_data

    return tuple(json.dumps(as_data(view)).encode() for view in VIEWS.values())


def saved_view(content: bytes) -> None:
    """A view of the queue as the database or an older program kept it. Always a filter, never an error."""
    from coordination.intake.views import as_data, from_data
    from ui.intake.own_views import views_of_before

    text = content.decode("utf-8", "surrogatepass" if b"\xed" in content else "replace") if _is_utf8(content) else ""
    for view in views_of_before(text):
        as_data(view.filter)
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return
    once = from_data(kept)
    assert from_data(as_data(once)) == once
    with suppress(RecursionError):  # ours
        text = json.dumps({"a": kept, "b": kept})
    views_of_before(text)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _notes() -> tuple[bytes, ...]:
    from coordination.intake.model import GivenAdvice
    from ui.intake import caller_link, given
    from ui.intake.lists import of_the_program

    known = of_the_program()
    lists = {"services": [[s.code, s.name, s.side] for s in known.services], "hospitals": list(known.hospitals)}
    return (
        caller_link.as_text(caller_link.CallerLink("Ann", "daughter", new_id())).encode(),
        caller_link.as_text(caller_link.Keep.begin("Surgery")).encode(),
        given.as_text([GivenAdvice("heat", "Warmth", "Words")]).encode(), json.dumps(lists).encode(),
    )  # fmt: skip


class _Kept:
    """What stands in the settings file, under every name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, _name: str, *_default: object) -> str:
        return self._text


def draft_note(content: bytes) -> None:
    """What a draft or the settings hold as text: read, or nothing. Never an error."""
    from ui.intake import caller_link, given, lists

    text = content.decode("utf-8", "replace")
    caller_link.link_of(text)
    caller_link.keep_of(text)
    given.of_text(text)
    assert lists.last_known(_Kept(text)).services  # type: ignore[arg-type]


DOORS: Mapping[str, Door] = {
    door.name: door
    for door in (
        Door("register", _registers, register),
        Door("message", _messages, message),
        Door("form", _forms, form),
        Door("saved_view", _views, saved_view),
        Door("draft_note", _notes, draft_note),
        *DISK,
    )
}


def enter(door: Door, content: bytes) -> str:
    """``taken`` or the type of the foreseen error; raises what nobody foresaw."""
    try:
        door.enter(content)
    except CoordinationError as foreseen:
        str(foreseen)
        return type(foreseen).__name__
    return "taken"
