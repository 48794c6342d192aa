"""Whatever bytes come to a door: taken, or refused with an error that has words. Deeper: ``python -m bench.fuzz``."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz_doors import DOORS, enter
from bench.fuzz_mutate import WORDS, edited
from coordination.assessment.forms import check, examine
from coordination.errors import BackupDamaged, BadValue
from coordination.governance.sealing import KeptSeal
from coordination.intake.queue import QueueFilter
from coordination.intake.views import from_data
from coordination.local import wire
from coordination.reference.files import read_register
from coordination.reference.model import Practice, WrongFile
from db.backup.contents import Manifest
from db.backup.sealed import MAGIC, pieces
from db.local.log import head_frames
from db.local.store import EncryptedStore
from db.local.wraps import Cost
from tests.domain.test_reference_registers import SQUARE, feature, lines, outlines, practice_line
from ui.cli.audit import verify_audit
from ui.cli.reference import read_files
from ui.intake import caller_link
from ui.intake import given as given_advice
from ui.intake.own_views import views_of_before
from ui.transfer import workbook_file
from ui.transfer.workbook_file import read_file

EDITS = st.lists(
    st.tuples(st.integers(0, 63), st.integers(0, 2**31), st.integers(0, 2**31), st.integers(0, 2**16)), min_size=1,
    max_size=4,
)  # fmt: skip
DEEP = "[" * 100_000


@pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))
def test_what_is_valid_is_taken(door) -> None:
    answers = {enter(door, example) for example in door.examples()[:6]}
    assert "taken" in answers


@pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))
def test_altered_files_and_noise(door) -> None:
    examples = door.examples()
    small = [example for example in examples if len(example) < 30_000] or list(examples)

    @settings(max_examples=12 if door.slow else 30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.builds(edited, st.sampled_from(small), EDITS), st.binary(max_size=400)))
    def at_the_door(content: bytes) -> None:
        enter(door, content)

    at_the_door()


# -------------------------------------------------------------------- registers


def practices(content: bytes) -> tuple[list[Practice], list[tuple[int, str, bool]]]:
    found = read_register(content)
    return [e for e in found.entries if isinstance(e, Practice)], [(f.row, f.code, f.refused) for f in found.findings]


def test_a_name_that_cannot_be_kept_does_not_cost_the_practice_nor_the_file() -> None:
    odd = practice_line("P84001", name="HIGH\u202e\x00 ST\u2066REET " + "x" * 4000)
    taken, findings = practices(lines(*[practice_line(f"P85{n:03}") for n in range(60)], odd))
    assert [p.code for p in taken][-2:] == ["P85059", "P84001"]
    assert taken[-1].name.startswith("HIGH STREET xxx") and len(taken[-1].name) <= 300
    assert findings == [(61, "odd_characters", False)]


def test_columns_named_beyond_the_row_are_no_register() -> None:
    heads = ["organisation_code", "name", "postcode", "open_date", "close_date", "status_code", "commissioner",
             "contact_telephone"]  # fmt: skip
    far = ",".join([*heads, *[f"x{n}" for n in range(40)], "prescribing_setting"])
    with pytest.raises(WrongFile):
        read_register(lines(far, practice_line()))


@pytest.mark.parametrize(
    "content",
    [
        b"a," * 3_000_000,  # one line of three million columns
        b"x" * 3_000_000,
        b'"' + b"x\n" * 200_000,  # a quote that nobody closes
        b"\n" * 5_000_000,
        ("a,b\n" + ",".join("x" * 300)).encode(),
    ],
    ids=["columns", "line", "quote", "empty lines", "wide"],
)
def test_shapes_that_would_fill_the_memory(content: bytes) -> None:
    with pytest.raises(WrongFile):
        read_register(content)


def test_a_map_keeps_two_numbers_a_point_and_nothing_that_hangs_on_them() -> None:
    ring = [[*point, "\x00", {"a": float("nan")}] for point in SQUARE["coordinates"][0]]
    kept = read_register(outlines(feature(geometry={"type": "Polygon", "coordinates": [ring], "x": 1}))).entries[0]
    assert kept.geometry == SQUARE  # type: ignore[union-attr]
    for wrong in (float("nan"), 10**400, "1e999", None, True, [1]):
        bad = [[wrong, 53.4], *SQUARE["coordinates"][0][1:]]
        register = read_register(outlines(feature(), feature("E05000705", {"type": "Polygon", "coordinates": [bad]})))
        assert [(e.code, f.refused) for e, f in zip(register.entries, register.findings, strict=True)] == [  # type: ignore[union-attr]
            ("E05000704", True)
        ]


# -------------------------------------------------------------------- forms, drafts, settings, seals, backups


@pytest.mark.parametrize("number", ["9" * 400, "0x" + "f" * 5000, "1e999999999", "-inf", "nan", "9" * 5000])
@pytest.mark.parametrize("key", ["minimum", "real_change", "out_of", "version", "points", "from"])
def test_numbers_without_sense_in_a_form_are_faults(key: str, number: str) -> None:
    text = DOORS["form"].examples()[0].decode()
    own = {"version": "version = 1", "minimum": "minimum = 1", "out_of": "out_of = 2", "points": "points = 1",
           "from": "from = 0", "real_change": "out_of = 2"}  # fmt: skip
    end = {"points": " }", "from": ","}.get(key, "")
    changed = text.replace(own[key] + end, f"{key} = {number}{end}", 1)
    assert changed != text
    _form, faults = examine(changed, "form.toml")
    assert faults
    enter(DOORS["form"], changed.encode())


def test_what_is_nested_without_end_is_nothing() -> None:
    assert views_of_before(DEEP) == [] and given_advice.of_text(DEEP) == ()
    assert caller_link.link_of(DEEP) is None and caller_link.keep_of('{"id": 7, "organisation": ""}') is None
    assert caller_link.link_of('{"name":"a","said":"","organisation":"","person_id":[1]}') is None
    with pytest.raises(ValueError):
        KeptSeal.from_json(DEEP)
    with pytest.raises(ValueError):
        Manifest.from_json(DEEP.encode())
    for head in (DEEP.encode()[:900], b'{"n": 1e999, "r": 8, "p": 1, "salt": ""}', b'{"n": 4194304, "r": 1e9}', b"{}"):
        with pytest.raises(BackupDamaged):
            list(pieces(io.BytesIO(MAGIC + head + b"\n"), "x"))
    nested: object = "x"
    for _ in range(5_000):
        nested = [nested]
    with pytest.raises(wire.Unreadable):
        wire.decode(nested)
    assert wire.decode_what_can_be({"a": nested}) == {}


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(WORDS[:60]),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
                        ["states", "holder", "due_within", "neighbourhoods", "order", "services", "urgencies"]), inner),
                    max_leaves=12))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_saved_view_is_always_a_filter_that_the_queue_understands(kept: object) -> None:
    found = from_data(kept)
    assert isinstance(found, QueueFilter) and from_data(kept) == found
    assert all(1 <= place <= 12 for place in found.neighbourhoods)


# -------------------------------------------------------------------- workbooks


def book_with(sheet: str, folder: Path, **parts: str) -> Path:
    """A sound workbook with another first sheet, and other parts where they are named (dots for slashes)."""
    path, whole = folder / "book.xlsx", DOORS["workbook"].examples()[0]
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def test_entities_in_a_workbook_are_refused_not_expanded(tmp_path: Path) -> None:
    assert openpyxl.DEFUSEDXML
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>' + SHEET.format(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>'
    )
    outside = bomb.replace('"ha"', 'SYSTEM "file:///etc/passwd"')
    for text in (bomb, outside):
        with pytest.raises(BadValue):
            read_file(book_with(text, tmp_path))


def test_a_sheet_says_it_is_endless_and_only_so_much_is_read(tmp_path: Path) -> None:
    cells = SHEET.format(
        '<row r="1"><c r="A1"><v>1e999999999</v></c><c r="XFD1"><v>7</v></c></row>'
        '<row r="99999999999999999999"><c><v>1</v></c></row>'
    ).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    rows = read_file(book_with(cells, tmp_path)).popitem()[1]
    assert len(rows) <= workbook_file.MOST_ROWS and all(len(row) <= workbook_file.MOST_COLUMNS for row in rows)


def test_what_would_unpack_to_too_much_is_refused_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book_with(SHEET.format("<row/>" * 1000), tmp_path, **{"../../../evil.txt": "x", "/etc/cron.d/x": "x"})
    read_file(path)
    assert not (tmp_path.parent / "evil.txt").exists()  # nothing of an archive is ever written
    monkeypatch.setattr(workbook_file, "MOST_UNPACKED", 5000)
    with pytest.raises(BadValue, match="book_too_large"):
        read_file(path)
    with pytest.raises(BadValue, match="book_not_readable"):
        read_file(tmp_path)


# -------------------------------------------------------------------- no door takes longer than its file is long


def steps(call: Callable[[], object]) -> int:
    """Calls of Python functions on the way."""
    count = 0

    def step(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


def table(rows: int) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["P8" + str(n), *["x"] * 26] for n in range(rows)])
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("door", "of_size"),
    [
        ("register", lambda n: lines(*[practice_line(f"P{n:05}") for n in range(n)])),
        ("register", lambda n: outlines(*[feature(f"E{n:08}") for n in range(n)])),
        ("register", table),
        ("form", lambda n: DOORS["form"].examples()[0] + b'[[section.question]]\nid = "a"\n' * n),
        ("form", lambda n: b'id = "a"\nversion = 1\n' + b"a.b.c = 1\n" * n),
        (
            "message",
            lambda n: b"From: a@b.example\r\nSubject: x\r\n\r\n" + b"943 476 5919 born 1/2/1945 M13 9WP\r\n" * n,
        ),
        ("message", lambda n: json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"a": 1}}] * n}).encode()),
        ("outbox_entry", lambda n: json.dumps({"a": [{"$": "tuple", "v": [1, 2]}] * n}).encode()),
        ("saved_view", lambda n: json.dumps({"states": ["a"] * n, "services": ["b"] * n}).encode()),
    ],
)
def test_twice_the_file_takes_twice_the_steps(door: str, of_size: Callable[[int], bytes]) -> None:
    enter(DOORS[door], of_size(20))
    once, twice = (steps(lambda n=n: enter(DOORS[door], of_size(n))) for n in (60, 120))
    assert twice <= 2.6 * once + 2000


# -------------------------------------------------------------------- heads of drafts, files of the command line

WRAP = {"by": "password", "salt": "AAAA", "n": 2, "r": 1, "p": 1, "sealed": "AAAA"}


HEADS: list[object] = [
    [], "x", {}, {"version": 1}, {"version": 1, "wraps": 7}, *({"version": 1, "wraps": [wrap]} for wrap in (
        "x", 7, {**WRAP, "n": 1e999}, {**WRAP, "r": -1}, {**WRAP, "n": 2**22, "p": 16}, {**WRAP, "sealed": 7},
        {**WRAP, "n": None})),
    {"version": 1, "wraps": [WRAP] * 5}, {"version": 10**400, "wraps": [WRAP]},
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_a_head_of_a_drafts_file_that_somebody_made_up_keeps_nobody_out(head: object, tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef.log").write_bytes(head_frames(head))  # type: ignore[arg-type]
    store = EncryptedStore(tmp_path, "a passphrase of several words", None, Cost(2, 1, 1))
    store.take_in()
    assert [path for path in tmp_path.iterdir() if path.stem == "0123456789abcdef" and path.suffix != ".lock"]
    store.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_or_a_folder_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe, odd = tmp_path / "pipe", tmp_path / "odd"
    os.mkfifo(pipe)
    odd.write_bytes(b"\xff\xfe\x00")
    for path in (pipe, tmp_path, odd, tmp_path / "gone"):
        assert [fault.code for fault in check([path])] == ["unreadable"]
        with pytest.raises(BadValue):
            read_file(path)
        assert read_files([path], lambda _line: None)[1] == 1
    options = SimpleNamespace(seal=pipe)
    assert verify_audit(options, None) == 2  # type: ignore[arg-type]
